"""Who takes how much of what farms offer on a day, offer by offer in plain numbers: what the compiled filling must find."""

from __future__ import annotations

from collections import Counter

from sim.agents.farm_market import CHOICES, COLD_, CONTRACT_, GATE_, ONLINE_, STORED_, Market

NAMES = {GATE_: "middleman's lorry", ONLINE_: "orders", CONTRACT_: "contract", STORED_: "cold room", COLD_: "cold market's trucks"}
"""What can bind in each channel; the wholesale market takes everything."""


def filled(market: Market) -> tuple[list[list[int]], Counter[str]]:
    """Return the grams of each offer that go into each channel by the threshold rule, and how often each limit cut what was wanted.

    Everybody's best channel is filled first, in order of the offers, then everybody's next one.
    """
    rooms = _rooms(market)
    left = [int(g) for g in market.offers["grams"]]
    take, bound = [[0] * len(CHOICES) for _ in left], Counter[str]()
    for rank in range(len(CHOICES)):
        for i, net in enumerate(market.net.tolist()):
            channel = sorted(range(len(CHOICES)), key=lambda j: (-net[j], j))[rank]
            if net[channel] <= 0 or not left[i]:
                continue
            more = left[i]
            if channel == ONLINE_:
                more = min(more, int(market.ordered_g[i]))
                more -= more % int(market.parcel_g[i])
                if market.stocked[i]:
                    more = _take(rooms, "warehouse", int(market.parent[i]), more, bound)
            elif channel in NAMES:
                more = _take(rooms, NAMES[channel], _group(market, channel, i), more, bound)
            take[i][channel] += more
            left[i] -= more
    return take, bound


Rooms = dict[tuple[str, int], int]


def _take(rooms: Rooms, name: str, group: int, wanted: int, bound: Counter[str]) -> int:
    """Take at most what is left of a group's room, and say if that was less than wanted."""
    more = min(wanted, max(rooms[name, group], 0))
    rooms[name, group] -= more
    bound[name] += more < wanted
    return more


def _group(market: Market, channel: int, i: int) -> int:
    """Return the place or crop whose limit an offer meets in a channel."""
    of = {GATE_: market.place, CONTRACT_: market.crop, STORED_: market.room, COLD_: market.parent}
    return int(of[channel][i])


def _rooms(market: Market) -> Rooms:
    """Return the grams that each limit leaves at the beginning of the day."""
    of, rooms = market.of, Rooms()
    stored, stocked = of.store.rows, of.stock.rows
    for p in range(market.world.places.n):
        rooms[NAMES[GATE_], p] = round(1000 * of.p.channels.middleman_kg_day)
        rooms[NAMES[STORED_], p] = int(of.fields.cold.store_g[p]) - sum(int(x["grams"]) for x in stored if x["room"] == p)
        rooms["warehouse", p] = int(of.fields.warehouses.room_g[p]) - sum(int(x["grams"]) for x in stocked if x["room"] == p)
        rooms[NAMES[COLD_], p] = int(of.fields.cold_market.truck_g[p]) if of.fields.cold_market is not None else 0
    for c, grams in enumerate(of.fields.outreach.deal_g_day.tolist()):
        rooms[NAMES[CONTRACT_], c] = grams
    return rooms
