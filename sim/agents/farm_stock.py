"""Stock that farms keep in origin warehouses: brought in advance, sent as it is ordered, taken back when it is too old for buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim import luck
from sim.agents.channels import worth_sending
from sim.agents.farm_market import OFFER, Market
from sim.agents.shoppers import count_orders
from sim.produce.dues import micro_fen
from sim.schema.raw import STORAGE_FEE
from sim.schema.rows import picked
from sim.units import DAY
from sim.world.world import Bools, Ints, World

if TYPE_CHECKING:
    from sim.agents.farming import Farming

STOCK = np.dtype([*OFFER.descr, ("until", "i4"), ("room", "i4"), ("celsius", "f8"), ("ice", "i1"), ("listed", "f8")])
"""Grams of a farm in the warehouse of a place until a day, at the temperature that it was kept at then (inf: the air's); with how much ice
and at which yuan/kg it was meant to be sold when brought."""


class Stock:
    """What lies in the warehouses of a county, by farm and age."""

    def __init__(self, farming: Farming) -> None:
        self.of = farming
        self.rows: npt.NDArray[Any] = np.empty(0, STOCK)
        self.sent: Ints = np.empty(0, np.int64)
        """Farms that send from stock today."""

    def without(self, farm: Ints) -> Bools:
        """Return which farms (n,) have nothing in stock and sent nothing from it today."""
        none: Bools = (self.held(farm) == 0) & ~np.isin(farm, self.sent)
        return none

    def room_left(self) -> Ints:
        """Return the grams (n,) that warehouses still have room for."""
        left = self.of.fields.warehouses.room_g.copy()
        np.subtract.at(left, self.rows["room"], self.rows["grams"])
        return left

    def held(self, farm: Ints) -> Ints:
        """Return the grams that farms (n,) have in stock."""
        mine = np.zeros(self.of.farms.n, np.int64)
        np.add.at(mine, self.rows["farm"], self.rows["grams"])
        return mine[farm]

    def bring(self, market: Market, grams: Ints) -> None:
        """Take what farms bring today: one drive to the township, and the fee for the days they mean to keep it."""
        rows = np.flatnonzero(grams)
        if not len(rows):
            return
        house, of = self.of.fields.warehouses, self.of
        new = np.zeros(len(rows), STOCK)
        for name in OFFER.names or ():
            new[name] = market.offers[name][rows]
        new["grams"], new["quality"], new["since"] = grams[rows], market.quality[rows], market.offered[rows]
        new["until"], new["room"] = market.day + house.hold_days, market.parent[rows]
        new["celsius"] = np.nan_to_num(house.celsius[new["room"]], nan=np.inf)
        new["ice"], new["listed"] = market.ice[rows], market.listed[rows]
        self.rows = np.concatenate([self.rows, new])
        self.rows = self.rows[np.lexsort((self.rows["grade"], self.rows["picked"], self.rows["farm"]))]
        kg = grams[rows] / 1000
        of.seller.bring(market, rows, grams[rows], market.town_km, market.town_h)
        of.dues.add(STORAGE_FEE, market.place[rows], kg, micro_fen(kg * house.cover_days * house.store_kg_day))

    def back(self, day: int) -> npt.NDArray[Any]:
        """Return what goes back on a day: what no buyer would take any more, what was kept too long, the stock of a warehouse that has
        closed, and what is less than a parcel.

        A farm remembers what was too old as stock for which buyers in the nearest zone paid nothing, as it would had it been sent.
        """
        if not len(self.rows):
            return np.empty(0, OFFER)
        of, farm = self.of, self.rows["farm"].astype(np.int64)
        aged = self._aged(self.rows, day * DAY, tries=1)
        late = ~worth_sending(aged["quality"], of.p.sending)
        shut, less = ~of.fields.warehouses.stands[self.rows["room"]], self.rows["grams"] < of.parcel_g(farm)
        gone = late | shut | less | (self.rows["until"] <= day)
        if late.any():
            rows, none = self.rows[late], np.zeros(int(late.sum()))
            zone, value = none.astype(np.int64), rows["grams"] / 1000 * rows["listed"]
            of.learn(np.full(len(rows), day * DAY), farm[late], rows["ice"].astype(np.int64), zone, none, value)
        self.rows = self.rows[~gone]
        return picked(aged, gone)

    def _aged(self, rows: npt.NDArray[Any], t: int, tries: int) -> npt.NDArray[Any]:
        """Return stock rows as offers at ``t``: their quality went at the warehouse's temperature."""
        out = np.zeros(len(rows), OFFER)
        for name in OFFER.names or ():
            out[name] = rows[name]
        for c in np.unique(rows["celsius"]).tolist():
            own = np.flatnonzero(rows["celsius"] == c)
            since = rows["since"][own].astype(np.int64)
            spent = self.of.climb.path(c).between(since, np.full(len(since), t))
            out["quality"][own] *= np.exp(-self.of.rate0[rows["farm"][own]] * spent)
        out["since"], out["tries"] = t, tries
        return out

    def orders(self, day: int, world: World) -> tuple[Market, Ints] | None:
        """Return what is sent from stock today: the offers as a market sees them, and grams of each, oldest first of every farm among
        what buyers would take."""
        self.sent = self.sent[:0]
        if not len(self.rows):
            return None
        of, farm = self.of, self.rows["farm"].astype(np.int64)
        who, first = np.unique(farm, return_index=True)
        rate = of.orders_day(who) * of.reached[of.zones[who]]
        many = count_orders(rate, luck.uniform(of.seed, "orders from stock", day, of.farms.key[who]))
        each = of.parcel_g(farm)
        offers = self._aged(self.rows, day * DAY + of.fields.warehouses.batch_us, tries=0)
        fit = worth_sending(offers["quality"], of.p.sending) & of.fields.warehouses.stands[self.rows["room"]]
        have = np.where(fit, self.rows["grams"] // each, 0)
        before = np.cumsum(have) - have
        wanted = np.repeat(many, np.diff(np.append(first, len(farm)))) - (
            before - np.repeat(before[first], np.diff(np.append(first, len(farm))))
        )
        grams = np.clip(wanted, 0, have) * each
        if not grams.any():
            return None
        self.rows["grams"] -= grams
        self.sent = np.unique(farm[grams > 0])
        return Market(of, day, world, offers, from_stock=True), grams
