"""Channels are filled in one compiled loop: it puts every gram where the plain rule puts it, whatever binds."""

from __future__ import annotations

from collections import Counter
from typing import Any
from unittest import mock

import pytest

from sim.agents import farming
from sim.agents.farm_fill import allocate
from sim.agents.farm_market import STORED_, Market
from sim.world.world import Ints
from tests.produce.orchard import LEVERS, PEARS, Edit, lived, orchard
from tests.produce.plain_fill import filled
from tests.produce.test_channels import TIGHT, helped

COLD_MARKET: list[dict[str, Any]] = [{"kind": "wholesale_market", "truck_kg": 100, "trucks": 1, "share": 1.0}]
CASES: dict[str, tuple[list[dict[str, Any]], Edit | None, set[str]]] = {
    "stores and contracts": ([], helped, {"middleman's lorry", "contract", "cold room"}),
    "warehouses": ([LEVERS[1] | {"room_kg": 200}], None, {"middleman's lorry", "warehouse"}),
    "a cold market": (COLD_MARKET, None, {"middleman's lorry", "cold market's trucks"}),
}


@pytest.mark.parametrize("name", CASES)
def test_every_gram_goes_where_the_plain_rule_puts_it_whatever_binds(name: str) -> None:
    levers, edit, binding = CASES[name]
    bound, stored, offers = Counter[str](), 0, 0

    def watch(market: Market) -> tuple[Ints, Ints]:
        nonlocal stored, offers
        plain, cut = filled(market)
        take, left = allocate(market)
        assert take.tolist() == plain
        bound.update(cut)
        stored += int(take[:, STORED_].sum())
        offers += len(take)
        return take, left

    with mock.patch.object(farming, "allocate", watch):
        lived(orchard("fill", start=PEARS, days=6, levers=levers, produce=TIGHT), edit=edit)
    assert offers > 500
    for what in binding:
        assert bound[what] > 0, (what, bound)
    assert (stored > 0) == ("cold room" in binding)
