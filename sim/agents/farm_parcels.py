"""Pack what farms have sold online and hand it in: parcels, fees, the pre-cooler, the trunk's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import luck
from sim.agents.farm_market import Market
from sim.agents.inspect import inspect
from sim.agents.kernel import slots
from sim.agents.parcel_kernel import Packed, set_out
from sim.agents.zones import borders, hours_to
from sim.plan.orders import Shipments, no_shipments
from sim.produce.dues import micro_fen
from sim.produce.ice import box_kg
from sim.produce.sent import SENT
from sim.schema.raw import (
    COLD_TRUNK_FEE,
    FARM_LABOUR,
    NETWORK_FEE,
    NEVER,
    ONLINE,
    PACKING,
    PRECOOLING,
    SENDING_COMMISSION,
    SENDING_FEE,
    ZONES,
)
from sim.units import DAY, HOUR, SECOND
from sim.world.world import Floats, Ints, Keys

if TYPE_CHECKING:
    from sim.agents.farming import Farming

TRUNK_STAGES = 4
"""Half of the mean trunk time is fixed, the other half Erlang with so many stages (assumption; the way down is measured)."""


class Packer:
    """Sends parcels up for the farms of a county; remembers when each pre-cooler is free."""

    def __init__(self, farming: Farming) -> None:
        self.of = farming
        self._free: dict[int, int] = {}
        """When the pre-cooler of a place is free."""
        self._trunk = np.array([luck.address(farming.seed, "trunk up", stage) for stage in range(TRUNK_STAGES)])
        """Where the luck of the time from the evening trunk to the buyer is drawn."""

    def send(self, market: Market, grams: Ints) -> Shipments:
        """Return the parcels of offers (n,) of which ``grams`` are sold online, whole parcels; note them, their lots and what they cost."""
        rows = np.flatnonzero(grams)
        if not len(rows):
            return no_shipments()
        of, each = self.of, market.parcel_g[rows]
        many = grams[rows] // each
        lots = of.seller.new_lots(market, rows, ONLINE, grams[rows])
        lots["zones"] = 1 + market.zones[rows] + len(ZONES) - len(of.reached)
        lots["parcels"], lots["ice_g"] = many, np.rint(1000 * market.ice_kg[rows])
        passed = inspect(of, market, rows, lots)
        if not passed.all():
            rows, each, many, lots = rows[passed], each[passed], many[passed], lots[passed]
            if not len(rows):
                return no_shipments()
        of.lots.begin(lots)
        self._pay(market, rows, many)
        at, key = slots(np.ascontiguousarray(lots["lot"]), luck.address(of.seed, "sent", market.day), many)
        by = np.argsort(key)
        key, at = key[by], at[by]
        cooled, before = self._precool(market, rows, grams[rows], lots["lot"])
        packed, ice, s = of.p.packaging, market.ice[rows], of.p.sending
        volume = each * of.crops.litres_per_kg[market.crop[rows]]
        volume = np.rint(np.where(ice > 0, packed.box_volume * volume + 1000 * market.ice_kg[rows], volume))
        weight = each + round(1000 * of.p.channels.packing_kg)
        weight = weight + np.rint(1000 * box_kg(ice, packed)).astype(np.int64)
        columns = Packed(
            lots["lot"], market.farm[rows], market.quality[rows], market.listed[rows], each, before, ice, self._celsius(market, rows),
            market.reached[rows], market.operator[rows], np.where(market.counter[rows], market.place[rows], market.drop[rows]),
            market.offered[rows], cooled, market.counter[rows], weight, volume,
        )  # fmt: skip
        sent = np.empty(len(at), SENT)
        shipped, zone, product = set_out(key, at, columns, borders(s), luck.address(of.seed, "zone"), self._trunk, sent)
        of.sent.add(sent)
        mean = hours_to(zone, s)
        out: Ints = np.maximum(SECOND, (mean / 2 - np.log(product) * mean / (2 * TRUNK_STAGES)) * HOUR).astype(np.int64)
        operator, place, farm, created, ready, counter, weight_g, volume_ml = shipped
        return Shipments(key, operator, place, farm, created, ready, counter, weight_g, volume_ml, out)

    def _celsius(self, market: Market, rows: Ints) -> Floats:
        """Return how warm the produce of lots (rows,) is when boxes are closed: as the air, a warehouse or a pre-cooler has it."""
        of, cold = self.of, self.of.fields.cold
        at = market.drop[rows]
        air = of.climb.celsius[np.clip(market.offered[rows] // DAY - of.climb.first_day, 0, len(of.climb.celsius) - 1)]
        kept = of.fields.warehouses.celsius[market.parent[rows]] if market.from_stock else np.full(len(rows), np.nan)
        warm = np.where(np.isnan(kept), air, np.minimum(air, kept))
        return np.where(cold.precool_g_h[at] > 0, np.minimum(warm, cold.room_c[at]), warm)

    def _pay(self, market: Market, rows: Ints, many: Ints) -> None:
        of, c, s = self.of, self.of.p.channels, self.of.p.sending
        place, operator, counter = market.place[rows], market.operator[rows], market.counter[rows]
        fee = micro_fen(market.fee(rows))
        of.promised.handed(place, many)
        of.dues.add(SENDING_FEE, place, many, fee * many, operator)
        of.dues.add(NETWORK_FEE, place, many, np.rint(fee * s.network_share).astype(np.int64) * many, operator)
        of.dues.add(COLD_TRUNK_FEE, place, many, micro_fen(market.cold_fee[rows]) * many, operator)
        drop = market.drop[rows]
        host = ~counter & (market.world.stations.host[drop] > 0)
        commission = int(micro_fen(np.array(s.host_commission)))
        of.dues.add(SENDING_COMMISSION, drop[host], many[host], many[host] * commission, operator[host])
        of.dues.add(PACKING, place, many, many * micro_fen(market.packing[rows]))
        hours = many * market.minutes[rows] / 60
        of.dues.add(FARM_LABOUR, place, hours, micro_fen(hours * c.labour_hour))
        away = (drop != place) & (not market.from_stock)
        if away.any():
            of.seller.bring(market, rows[away], (many * market.parcel_g[rows])[away], market.drop_km, market.drop_h)

    def _precool(self, market: Market, rows: Ints, grams: Ints, lot: Keys) -> tuple[Ints, Floats]:
        """Return when lots (rows,) are ready, and what waiting for the pre-cooler and cooling cost them, days at 0 degrees.

        One lot after the other at the cooler's rate, in order of (handed in, key); nothing where there is none. While it is cooled a lot
        is half-way between the air and the room.
        """
        of, t = self.of, market.offered[rows]
        cold, climb = of.fields.cold, of.climb
        ready, before = t.copy(), np.zeros(len(t))
        at = market.drop[rows]
        own = np.flatnonzero(cold.precool_g_h[at] > 0)
        if not len(own):
            return ready, before
        rate, begin = cold.precool_g_h[at].tolist(), t.copy()
        for i in own[np.lexsort((lot[own], t[own]))].tolist():
            p = int(at[i])
            begin[i] = max(int(t[i]), self._free.get(p, NEVER))
            self._free[p] = ready[i] = int(begin[i]) + int(grams[i]) * HOUR // int(rate[i])
        before[own] = climb.path().between(t[own], begin[own])
        for c in np.unique(cold.room_c[at[own]]).tolist():
            same = own[cold.room_c[at[own]] == c]
            before[same] += climb.half(c).between(begin[same], ready[same])
        kwh = of.p.cold.kwh_cool_kg * grams[own] / 1000
        of.dues.add(PRECOOLING, at[own], kwh, micro_fen(kwh * of.p.cold.power_price))
        return ready, before
