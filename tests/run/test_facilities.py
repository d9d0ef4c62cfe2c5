"""What measures of produce own, over whole runs: the books follow from the table of assets, grants from the table of grants."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.run import Run, run
from sim.scenario.model import Scenario
from sim.study.pairs import capital_of
from sim.study.task import Task
from tests.run.small import ORCHARD, digests, scenario

KINDS = ("cold room", "pre-cooler", "cold box", "reefer", "origin warehouse", "market hall", "market truck", "collection point")
CATEGORY = {"cold box": "reefer", "market truck": "reefer"}
BUILT: list[dict[str, Any]] = [
    {"kind": "cold_chain", "id": "cold", "county_m3": 30, "township_m3": 5, "store_m3": 60, "boxes": True, "reefers": True},
    {"kind": "origin_warehouse", "id": "warehouse", "share": 0.5, "cold": True},
    {"kind": "wholesale_market", "id": "market", "trucks": 2},
    {"kind": "produce_to_city", "id": "city"},
]
GRANT: dict[str, Any] = {
    "kind": "capital_grant", "id": "grant", "assets": list(KINDS), "share": 0.3, "cap": 30_000, "programme": "building",
}  # fmt: skip
BUDGET = {"building": {"budget": {"central": 150_000, "county": 150_000}}}
SMALL_VANS = {"van_l": 100, "van_kg": 50}
"""Lines need trucks."""
COUNTY = {"cold": {"owner": "county"}, "market": {"payer": "county"}, "city": {"payer": "county"}}
Keyed = dict[tuple[str, str, str], Fraction]
"""Fen by category, payer and place."""


def grown(levers: list[dict[str, Any]]) -> Scenario:
    """Return a scenario of some days in the orchard, with a programme."""
    produce = {"active": True, "grading": {"active": False}, "learning": {"season_before": False}, "cold": {"precool_price": 60.0}}
    return scenario(
        days=12, warm_up=3, levers=levers, programmes=BUDGET, county=ORCHARD, start="2021-08-25", produce=produce, fleet=SMALL_VANS
    )


@dataclass(frozen=True)
class Case:
    """A run, whether it is settled, and the days of it."""

    made: Run
    settled: bool

    @property
    def days(self) -> range:
        """The days that were posted."""
        day = self.made.table("money")["day"]
        return range(int(day.min()), int(day.max()) + 1)

    def owned(self) -> pd.DataFrame:
        """Return the assets of produce with ``end``, the first day no longer in service, and their days."""
        assets = self.made.table("assets")
        own: pd.DataFrame = assets[assets["kind"].isin(KINDS)].fillna({"place": ""})
        own["end"] = own["disposed_day"].astype("Int64").fillna(self.days.stop).astype(int)
        own["days"] = own["end"] - own["from_day"]
        return own

    def posted(self) -> dict[tuple[str, str, str], int]:
        """Return the fen of the money table."""
        money = self.made.table("money").fillna({"place": ""})
        return {tuple(key): int(fen) for key, fen in money.groupby(["category", "payer", "place"])["amount_fen"].sum().items()}  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["settled", "county", "transition"])
def case(request: pytest.FixtureRequest) -> Case:
    levers = [*BUILT, GRANT]
    if request.param == "county":
        levers = [lever | COUNTY.get(lever["id"], {}) for lever in levers]
    if request.param == "transition":
        dates = {"cold": {"from": "2021-08-27", "phase_in_days": 3}, "city": {"until": "2021-08-31"}, "market": {"from": "2021-08-29"}}
        levers = [lever | dates.get(lever["id"], {}) for lever in levers]
    return Case(run(grown(levers), settled=request.param != "transition"), request.param != "transition")


def daily(yuan: float) -> Fraction:
    """Return yuan a day in fen, whole thousandths."""
    return Fraction(round(yuan * 100_000), 1000)


def rebuilt(case: Case) -> Keyed:
    """Return what every asset of produce costs its owner: the annuity of its price, and to run it by its size."""
    out: Keyed = defaultdict(Fraction)
    for a in case.owned().itertuples():
        price, salvage = a.price_fen / 100, a.salvage_fen / 100
        year = (price - salvage * 1.05**-a.life_years) * 0.05 / (1 - 1.05**-a.life_years)
        out[CATEGORY.get(a.kind, a.kind), a.owner, a.place] += a.days * daily(year / 365)
        m3 = price / 540
        if a.kind == "cold room":
            out["cold room upkeep", a.owner, a.place] += a.days * daily(m3 * 60 / 365)
            out["cold power", a.owner, a.place] += a.days * daily(m3 * 0.25 * 0.8)
        elif a.kind == "market hall":
            out["market hall running", a.owner, a.place] += a.days * daily(m3 * 60 / 365)
            out["market hall power", a.owner, a.place] += a.days * daily(m3 * 0.25 * 0.8)
        elif a.kind == "origin warehouse":
            out["origin warehouse running", a.owner, a.place] += a.days * daily(220)
        elif a.kind == "collection point":
            out["collection point running", a.owner, a.place] += a.days * daily(6_000 / 365)
    return out


def test_the_books_of_all_that_produce_owns_are_rebuilt_from_the_table_of_assets(case: Case) -> None:
    said, wanted = case.posted(), rebuilt(case)
    categories = {category for category, _, _ in wanted}
    assert categories >= {"cold room", "pre-cooler", "reefer", "origin warehouse", "market hall", "collection point"}
    assert {key for key in said if key[0] in categories} == {key for key, fen in wanted.items() if fen >= 1}
    for key, fen in wanted.items():
        # volumes are read off whole fen of a price: a thousandth of a fen a day
        assert fen - 3 < said.get(key, 0) < fen + 1, key


def test_every_kind_has_an_owner_a_lever_a_price_and_the_day_it_was_built(case: Case) -> None:
    own = case.owned()
    assert set(own["kind"]) == set(KINDS)
    assert (own["price_fen"] > 0).all()
    assert own["lever"].isin(["cold", "warehouse", "market", "city"]).all()
    county = set(own["owner"]) == {"county"}
    assert county or set(own["owner"]) == {"cold rooms", "cold market", "organiser"}
    vehicles = own["kind"].isin(["cold box", "reefer"])
    assert ((own["place"] == "") == vehicles).all(), "what is aboard a vehicle has no place, as vehicles have none"
    assert own["bought_day"].isna().all() == case.settled
    if not case.settled:
        day = own.groupby("lever")["from_day"].min()
        assert (day["market"], day["cold"]) == (4, 2)
        assert own[own["lever"] == "city"]["disposed_day"].eq(7).all()


def test_each_yuan_granted_belongs_to_an_asset_and_none_is_paid_beyond_the_budget(case: Case) -> None:
    grants, assets = case.made.table("grants"), case.made.table("assets")
    first = case.owned().drop_duplicates("asset").set_index("asset")
    assert set(grants["asset"]) >= set(first.index) & set(assets[assets["from_day"] >= 0]["asset"])
    paid = grants[grants["decision"] == "paid"]
    assert 0 < paid["paid_fen"].sum() <= 30_000_000
    assert paid.groupby("source")["paid_fen"].sum().max() <= 15_000_000
    assert {"paid", "queued"} <= set(grants["decision"])
    whole = paid.groupby("asset").agg(fen=("paid_fen", "sum"), own=("private_fen", "sum"), owner=("applicant", "first"))
    for asset, row in whole.iterrows():
        price = first.loc[asset, "price_fen"]
        assert row["fen"] == min(round(0.3 * price), 3_000_000)
        assert row["owner"] == first.loc[asset, "owner"]
        assert row["own"] == (0 if row["owner"] == "county" else price - row["fen"])
    last = assets.drop_duplicates("asset", keep="last").set_index("asset")["granted_fen"]
    assert last[last > 0].to_dict() == whole["fen"].to_dict(), "a grant stays with its asset when that grows"
    grown_later = assets[assets["asset"].isin(whole.index)]["asset"].duplicated().any()
    assert grown_later or case.settled


def test_grants_are_annuities_in_a_settled_run_and_cash_in_a_transition(case: Case) -> None:
    grants, said = case.made.table("grants"), case.posted()
    paid = grants[grants["decision"] == "paid"].fillna({"place": ""})
    own = case.owned()
    life_of = own.drop_duplicates("asset").set_index("asset")["life_years"]
    due: Keyed = defaultdict(Fraction)
    for g in paid.itertuples():
        key = "capital grant", f"treasury:{g.source}", g.place
        year = g.paid_fen * 0.05 / (1 - 1.05 ** -life_of[g.asset])
        spans = own[own["asset"] == g.asset]
        days = int(np.maximum(spans["end"] - np.maximum(spans["from_day"], g.paid_day), 0).sum())
        due[key] += days * Fraction(round(year / 365 * 1e6), 10**6) if case.settled else g.paid_fen
    booked = {key: fen for key, fen in said.items() if key[0] == "capital grant"}
    accounts = len(paid)
    assert set(booked) == {key for key, fen in due.items() if fen >= 1}
    for key, fen in due.items():
        # an account for each owner and source at a place; what is out of use for a season is not paid for meanwhile
        assert fen - accounts < booked[key] <= fen, key


def test_a_grant_of_nothing_is_no_grant_byte_for_byte() -> None:
    without, nothing = (digests(run(grown([*BUILT, *more]))) for more in ([], [GRANT | {"share": 0.0}]))
    assert without == nothing


def test_leverage_counts_what_produce_owns_and_what_was_granted_for_it(tmp_path: Path) -> None:
    def capital(made: Run) -> tuple[float, float]:
        return capital_of(Task(None, 1, "settled", made.folder))  # type: ignore[arg-type]

    bare, built, granted = (run(grown(levers)) for levers in ([], BUILT, [*BUILT, GRANT]))
    (public, private), (none, before), (given, after) = capital(bare), capital(built), capital(granted)
    assert public == none == 0
    assets = built.table("assets")
    own = assets[assets["kind"].isin(KINDS) & assets["disposed_day"].isna()]["price_fen"].sum() / 100
    assert own > 1_000_000
    assert before - private == pytest.approx(own + vehicles(built) - vehicles(bare))
    assert given == granted.table("grants")["paid_fen"].sum() / 100 > 0
    assert after == pytest.approx(before - given), "the owner pays what is not granted"


def vehicles(made: Run) -> float:
    """Return the price of the trucks and vans at the end of a run, yuan."""
    assets = made.table("assets")
    own = assets[assets["kind"].isin(["truck", "van"]) & assets["disposed_day"].isna()]
    return float(np.sum(own["price_fen"])) / 100
