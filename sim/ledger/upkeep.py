"""Post what measures cost every day: annuities of what they bought, and running cost."""

from __future__ import annotations

from collections.abc import Iterator

from sim.ledger.book import Key
from sim.ledger.capital import annuity_day
from sim.ledger.price import MILLI
from sim.ledger.standing import ALL_DAYS, Charge
from sim.rules import Rules
from sim.world.world import World


def upkeep_charges(world: World, rules: Rules) -> Iterator[Charge]:
    """Yield the daily charges of the measures of a world."""
    rate = rules.parameters.money.discount_rate
    for u in world.upkeep:
        key = Key(u.payer, u.payee, u.category, "resource", u.activity, u.resource, u.leg, u.place, lever=u.lever, unit=u.unit)
        capital = annuity_day(u.price, 0.0, rate, u.life_years) if u.price else 0.0
        yield Charge(key, ALL_DAYS, u.quantity, round(u.quantity * (capital + u.year / 365) * MILLI) * 1000)
