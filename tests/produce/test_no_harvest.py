"""Where nothing is picked, farms change nothing: every table is that of parcels going down alone, but for what tells of farms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.run import run
from sim.world.world import Fields
from tests.produce.orchard import NOTHING, PEARS, Lived, lived, orchard
from tests.run.small import POOL_ALL, digests

OWN = {"agents_farmer", "metrics"}
"""Tables that tell of farms: their states, and more rows of metrics."""
OF_FARMS = {"produce_kg", "produce_up_kg", "parcels_up", "farmer_income_yuan", "farm_cost_yuan"}
"""Metrics that must be zero; the others are those of the way home, which are told where produce can go up."""
BUSY: Any = {"station": {"shelf_l": 30, "holding_days": 2, "reminder_days": 1}, "fleet": {"p_breakdown": 0.2, "van_l": 300}}


def bare(fields: Fields) -> Fields:
    """Return fields without land."""
    crops, farms = fields.crops, fields.farms
    return replace(
        fields,
        crops=replace(crops, area_mu=np.zeros_like(crops.area_mu)),
        farms=replace(farms, area_mu=np.zeros_like(farms.area_mu)),
    )


@pytest.fixture(scope="module", params=["out of season", "no land", "pooled"])
def pair(request: pytest.FixtureRequest) -> tuple[Lived, dict[str, str]]:
    """Return a run with farms and no harvest, and the digests of the same without farms."""
    start = PEARS if request.param == "no land" else NOTHING
    levers = [POOL_ALL] if request.param == "pooled" else []
    with_farms = orchard(start=start, days=8, levers=levers, **BUSY)
    without = orchard(start=start, days=8, levers=levers, active=False, **BUSY)
    made = lived(with_farms, 4, edit=bare if request.param == "no land" else None)
    return made, digests(run(without, 4))


def test_every_table_but_those_of_farms_has_the_same_bytes(pair: tuple[Lived, dict[str, str]]) -> None:
    made, without = pair
    ours = digests(made.made)
    assert {name for name in ours if ours[name] != without.get(name)} == OWN
    assert ours.keys() == without.keys()
    assert len(made.table("parcels")) > 1_000


def test_the_metrics_without_those_of_produce_are_the_same(pair: tuple[Lived, dict[str, str]]) -> None:
    made, _ = pair
    other = run(orchard(start=str(made.scenario.start), days=8, levers=_levers(made), active=False, **BUSY), 4).metrics
    key = ["metric", "group", "value_of_group", "period"]
    ours, theirs = (table.set_index(key).sort_index() for table in (made.made.metrics, other))
    farms = ours.index.difference(theirs.index)
    assert theirs.index.difference(ours.index).empty
    assert ours.loc[theirs.index].equals(theirs)
    told = ours.loc[farms].reset_index()
    assert OF_FARMS | {"produce_loss_share", "online_share", "farms_online_share"} <= set(told["metric"])
    assert not told[told["metric"].isin(OF_FARMS)]["value"].any()


def test_nothing_is_picked_sold_or_sent(pair: tuple[Lived, dict[str, str]]) -> None:
    made, _ = pair
    assert len(made.lots()) == 0
    assert sum(s.n for s in made.sent) == 0
    assert all(len(day.dues) == 0 and not day.picked.any() for day in made.days)
    assert len(made.table("decisions").query("kind == 'farmer'")) == 0


def test_the_same_farms_in_their_season_change_the_tables() -> None:
    made = lived(orchard(start=PEARS, days=8, **BUSY), 4)
    without = digests(run(orchard(start=PEARS, days=8, active=False, **BUSY), 4))
    ours = digests(made.made)
    assert {"parcels", "legs", "trips", "stops", "money", "lots", "lot_stages"} <= {name for name in ours if ours[name] != without[name]}


def _levers(made: Lived) -> list[dict[str, Any]]:
    return [dict[str, Any](POOL_ALL)] if made.scenario.levers else []
