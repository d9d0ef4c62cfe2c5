"""Packers send nothing that no buyer would take as it lies before them: it is sold otherwise, and every gram stays in the books."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt
import pytest

from sim.agents.farm_parcels import Packer
from sim.agents.farm_stock import Stock
from sim.produce.sent import Sent
from sim.schema.raw import FIELD, ONLINE
from sim.units import DAY
from tests.produce.orchard import STRAWBERRIES, Lived, lived, orchard

WARM: list[dict[str, Any]] = [{"kind": "origin_warehouse", "share": 1.0, "hold_days": 7}]
"""A warehouse in each township, as warm as the air: strawberries do not keep there until they are ordered."""
MANY = {"learning": {"online_household": 0.5, "considers": 0.0, "leave_after": 24}}
"""Half of the growers sell online, whatever comes of it."""
SCARCE: dict[str, dict[str, Any]] = {
    "channels": {"middleman_kg_day": 20, "market_hours": 24, "labour_hour": 100, "orders_day_household": 5.0},
    "sending": {"trunk_hours_near": 5, "trunk_hours_middle": 5, "trunk_hours_far": 5},
} | MANY  # fmt: skip
"""Much of what is picked waits in the field for days, and buyers are near."""


class Seen:
    """What was sent, what came back from warehouses, what lay there when a day's orders had been packed, and what farms remembered then."""

    def __init__(self) -> None:
        self.sent: list[npt.NDArray[Any]] = []
        self.back: list[npt.NDArray[Any]] = []
        self.brought = self.packed = 0
        self.told = 0

    def lived(self, levers: list[dict[str, Any]], produce: dict[str, dict[str, Any]]) -> Lived:
        """Return a run of strawberries in a warm spring, watched."""
        add, back, bring, send = Sent.add, Stock.back, Stock.bring, Packer.send

        def adds(sent: Sent, rows: npt.NDArray[Any]) -> None:
            self.sent.append(rows.copy())
            add(sent, rows)

        def goes_back(stock: Stock, day: int) -> npt.NDArray[Any]:
            before = len(stock.of.sales._told)
            rows = back(stock, day)
            self.told += len(stock.of.sales._told) - before
            self.back.append(rows.copy())
            return rows

        def brings(stock: Stock, market: Any, grams: Any) -> None:
            self.brought += int(grams.sum())
            bring(stock, market, grams)

        def sends(packer: Packer, market: Any, grams: Any) -> Any:
            if market.from_stock:
                self.packed += int(grams.sum())
            return send(packer, market, grams)

        with (
            mock.patch.object(Sent, "add", adds),
            mock.patch.object(Stock, "back", goes_back),
            mock.patch.object(Stock, "bring", brings),
            mock.patch.object(Packer, "send", sends),
        ):
            return lived(orchard("worth", start=STRAWBERRIES, days=12, levers=levers, produce=produce))


@pytest.fixture(scope="module")
def warm() -> tuple[Seen, Lived]:
    seen = Seen()
    return seen, seen.lived(WARM, MANY)


def test_a_warehouse_sends_nothing_that_no_buyer_would_take(warm: tuple[Seen, Lived]) -> None:
    seen, made = warm
    sent, threshold = np.concatenate(seen.sent), made.scenario.parameters.produce.sending.threshold
    assert len(sent) > 50
    assert (sent["quality"] >= threshold).all()
    online = made.lots()[made.lots()["channel"] == ONLINE]
    assert online["at_stage"][:, FIELD].sum() == 0


def test_what_became_too_old_in_a_warehouse_goes_back_and_is_sold_at_its_quality_or_spoils(warm: tuple[Seen, Lived]) -> None:
    seen, made = warm
    back, sending = np.concatenate(seen.back), made.scenario.parameters.produce.sending
    old = back[back["quality"] < sending.threshold]
    assert old["grams"][old["since"] - old["picked"] < 6 * DAY].sum() > 10_000
    held = int(made.farming.stock.rows["grams"].sum())
    assert seen.brought == seen.packed + int(back["grams"].sum()) + held
    # each gram of it is found again among what its farm sold elsewhere or lost from that picking
    lots = made.lots()
    others = lots[lots["channel"] != ONLINE]
    for row in old:
        own = others[(others["farm"] == row["farm"]) & (others["picked"] == row["picked"])]
        assert own["grams"].sum() >= row["grams"]


def test_a_farm_remembers_stock_that_became_too_old_as_not_paid_for(warm: tuple[Seen, Lived]) -> None:
    seen, made = warm
    assert seen.told > 0
    back, threshold = np.concatenate(seen.back), made.scenario.parameters.produce.sending.threshold
    farms = np.unique(back["farm"][back["quality"] < threshold])
    nothing_sold = np.setdiff1d(farms, np.concatenate(seen.sent)["farm"])
    assert len(nothing_sold)
    told = made.farming.memory.paid[nothing_sold]
    assert (np.nanmin(told.reshape(len(told), -1), axis=1) == 0).all()


def test_a_farm_that_packs_itself_sends_nothing_that_no_buyer_would_take() -> None:
    seen = Seen()
    made = seen.lived([], SCARCE)
    sent, threshold = np.concatenate(seen.sent), made.scenario.parameters.produce.sending.threshold
    lots = made.lots()
    online = lots[lots["channel"] == ONLINE]
    assert (online["offered"] - online["picked"] > DAY).sum() > 5
    assert (sent["quality"] >= threshold).all()
    assert online["at_stage"][:, FIELD].sum() == 0
