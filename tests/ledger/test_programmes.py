"""Random programmes over two New Years: levers pay what a plain walk from parcel to parcel pays, and no account ends below 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ledger import Ledger
from sim.levers import PerParcelSubsidy, Where
from sim.schema.programme import SOURCES, Programme
from sim.schema.raw import AT_DOOR, AT_LOCKER, AT_STATION, AT_TOWNSHIP
from sim.units import HOUR
from tests.ledger.county import Q1, V1, V2, V3, county, parcel
from tests.ledger.test_treasury import books, payments

BEGIN = date(2020, 12, 30)
DAYS = (-1, 0, 1, 2, 3, 366, 367)
"""A day of the warm-up, the last two of 2020, the first two of 2021, its last and the first of 2022."""
KINDS = (AT_DOOR, AT_STATION, AT_LOCKER, AT_TOWNSHIP)
OPERATORS, VILLAGES = ("a", "b", "post"), {V1: ("v1", "t1"), V2: ("v2", "t1"), V3: ("v3", "t2")}

filters = st.fixed_dictionaries(
    {},
    optional={
        "tier": st.sampled_from(["village", "town"]),
        "places": st.sets(st.sampled_from(["v1", "v2", "v3", "t1"]), min_size=1).map(lambda names: tuple(sorted(names))),
        "operators": st.sets(st.sampled_from(OPERATORS), min_size=1).map(lambda keys: tuple(sorted(keys))),
    },
)
levers = st.lists(st.tuples(st.sampled_from("pq"), st.integers(1, 900), filters), min_size=1, max_size=4)
"""Out of which programme, how many thousandths of a yuan a parcel, where and to whom."""
programmes = st.builds(
    lambda fen, per, carry: Programme.model_validate(
        {"budget": {s: x / 100 for s, x in zip(SOURCES, fen, strict=True)}, "per": per, "carry_over": carry and per == "year"}
    ),
    st.lists(st.integers(0, 90), min_size=5, max_size=5), st.sampled_from(["year", "once"]), st.booleans(),
)  # fmt: skip
hand_overs = st.lists(
    st.tuples(st.sampled_from([V1, V2, V3, Q1]), st.integers(0, 2), st.sampled_from(KINDS), st.integers(0, 3)),
    max_size=7,
)  # fmt: skip
"""Where, by whom, how and at which hour; several fall on the same one."""


@dataclass
class Purse:
    """A programme's money as a plain list of accounts: what each source has left in a period."""

    programme: Programme
    accounts: dict[str, dict[str, int]] = field(default_factory=dict)

    def of(self, day: int) -> dict[str, int]:
        """Return the account of a day's period, opened with its budget and, where that is the rule, with what the year before left."""
        year = (BEGIN + timedelta(days=day)).year
        period = "before" if day < 0 else "once" if self.programme.per == "once" else str(year)
        if period not in self.accounts:
            given_ = dict(zip(SOURCES, self.programme.budget.fen, strict=True))
            if self.programme.carry_over and day >= 0 and year > BEGIN.year:
                before = self.of((date(year - 1, 12, 31) - BEGIN).days)
                given_ = {source: fen + before[source] for source, fen in given_.items()}
            self.accounts[period] = given_
        return self.accounts[period]

    def spend(self, day: int, fen: int) -> Iterator[tuple[str, int]]:
        """Take what is asked, as far as it is there, from the sources in order."""
        account = self.of(day)
        for source in SOURCES:
            part = min(fen, account[source])
            account[source] -= part
            fen -= part
            if part:
                yield source, part


def matches(where: dict[str, Any], place: int, operator: int) -> bool:
    """Say whether a filter holds for a parcel handed over in a place by an operator."""
    tier = "village" if place in VILLAGES else "town"
    names = VILLAGES.get(place, ("q1", "t1"))
    in_place = "places" not in where or bool(set(where["places"]) & set(names))
    return where.get("tier", tier) == tier and in_place and OPERATORS[operator] in where.get("operators", OPERATORS)


Paid = Counter[tuple[str, str]]
"""Fen by lever and payee, and by lever and source; which source pays which operator of a day is nobody's rule."""


def walked(
    purses: dict[str, Purse], given_: list[tuple[str, int, dict[str, Any]]], owed: list[Fraction], day: int, handed: list[tuple[int, ...]]
) -> Paid:
    """Return what a day's parcels are paid, one after the other, lever by lever; ``owed`` keeps each lever's parts of a fen."""
    out: Paid = Counter()
    for i, (name, rate, where) in enumerate(given_):
        short = False
        for place, operator, kind, _, _ in sorted(handed, key=lambda row: row[3:]):
            if kind != AT_TOWNSHIP and matches(where, place, operator):
                owed[i] += Fraction(rate, 10)
                whole = int(owed[i])
                owed[i] -= whole
                got = 0
                for source, fen in purses[name].spend(day, whole):
                    out[f"lever{i}", source] += fen
                    out[f"lever{i}", OPERATORS[operator]] += fen
                    got += fen
                short |= got < whole
        if short:
            owed[i] = Fraction(0)
    return out


@settings(deadline=None, max_examples=120)
@given(levers, programmes, programmes, st.lists(hand_overs, min_size=len(DAYS), max_size=len(DAYS)))
def test_every_fen_goes_to_the_parcel_whose_turn_it_is_and_no_source_is_overspent_in_any_year(
    given_: list[tuple[str, int, dict[str, Any]]], p: Programme, q: Programme, handed: list[list[tuple[int, ...]]]
) -> None:
    offers = [
        PerParcelSubsidy(id=f"lever{i}", programme=name, rate=rate / 1000, where=Where(**where))
        for i, (name, rate, where) in enumerate(given_)
    ]
    support = tuple(made for made in (offer.support(1.0) for offer in offers) if made is not None)
    ledger: Ledger = books(support, BEGIN, p=p, q=q)
    purses, owed, number = {"p": Purse(p), "q": Purse(q)}, [Fraction(0)] * len(given_), 0
    for day, rows in zip(DAYS, handed, strict=True):
        keyed = [(*row, number := number + 1) for row in rows]
        parcels = [
            parcel(key, place=place, operator=operator, kind=kind, finished=(24 * day + 10 + hour) * HOUR)
            for place, operator, kind, hour, key in keyed
        ]
        said: Paid = Counter()
        for key, fen in payments(ledger, day, parcels):
            said[key.lever, key.source] += fen
            said[key.lever, key.payee] += fen
        assert said == walked(purses, given_, owed, day, keyed)
        for name, purse in purses.items():
            account = purse.of(day)
            assert min(account.values()) >= 0
            assert ledger.books.left(name, day) == sum(account.values())


def test_the_county_s_filters_are_those_of_the_lever() -> None:
    world = county()
    for where in ({}, {"tier": "village"}, {"places": ("t1",)}, {"tier": "town", "places": ("t1", "v3")}, {"operators": ("post",)}):
        lever = Where.model_validate(where)
        for place in (V1, V2, V3, Q1):
            for row in range(3):
                assert matches(where, place, row) == bool(lever.mask(world)[place] and row in lever.rows(world))
