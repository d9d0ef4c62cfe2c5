"""Post what measures cost every day to run; what they bought is charged with the facilities."""

from __future__ import annotations

from collections.abc import Iterator

from sim.ledger.book import Key
from sim.ledger.price import MILLI
from sim.ledger.standing import ALL_DAYS, Charge
from sim.world.world import World


def upkeep_charges(world: World) -> Iterator[Charge]:
    """Yield the daily running cost of the measures of a world."""
    for u in world.upkeep:
        if not u.year:
            continue
        category = (u.running or f"{u.category} running") if u.price else u.category
        key = Key(u.payer, u.payee, category, "resource", u.activity, u.resource, u.leg, u.place, lever=u.lever, unit=u.unit)
        yield Charge(key, ALL_DAYS, u.quantity, round(u.quantity * u.year / 365 * MILLI) * 1000)
