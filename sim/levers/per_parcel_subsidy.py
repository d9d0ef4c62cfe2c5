"""Per-parcel subsidy: the treasury pays operators for parcels handed over inside named places (三(九)).

Mechanism
    Each parcel handed over at a door, a station or a locker inside a matching place earns the operator that hands it over ``rate``,
    in order of hand-over, until the programme's money of the year is gone; the last one gets what is left.

Changes
    ``Rules.support`` only. Operators respond because their monthly review of each village counts the payment for as long as the
    programme has money.

Leaves out
    Delays between claim and payment, checks and false claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Spending, programme_words, say
from sim.levers.where import Where
from sim.schema.param import param
from sim.schema.support import Support
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Floats, World


@dataclass(frozen=True)
class ParcelPay(Support):
    """So many yuan for a parcel handed over inside the matching places by the matching operators."""

    rate: float
    where: Where

    def per_parcel_yuan(self, world: World) -> Floats:
        """Return what each operator gets for a parcel that it hands over inside each place, (k, n) yuan."""
        import numpy as np

        pay = np.zeros((world.operators.n, world.places.n))
        pay[list(self.where.rows(world))] = np.where(self.where.mask(world), self.rate, 0.0)
        return pay


class PerParcelSubsidy(Spending):
    """Pays operators for parcels handed over inside places."""

    title: ClassVar[Words] = Words(zh="按件补贴", en="Per-parcel subsidy")

    kind: Literal["per_parcel_subsidy"] = "per_parcel_subsidy"

    rate: float = param(0.3, unit="yuan/parcel", ge=0, le=10, low=0.1, high=0.5, source="assumption:per_parcel_subsidy", zh="每件补贴")
    """Paid for one parcel handed over inside a matching place."""
    where: Where = Where(tier="village")
    """Places whose parcels are paid for, and operators that are paid; all villages unless given."""

    def support(self, strength: float) -> Support | None:
        """Return the payment at a strength: a phase-in raises the rate."""
        return ParcelPay(self.id, self.programme, self.rate * strength, self.where) if self.rate else None

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return the rate and in how many villages which share of operators' services would earn it today."""
        from sim.world.world import TO_VILLAGE, VILLAGE

        here = self.where.mask(world) & (world.places.tier == VILLAGE)
        modes = world.operators.mode[list(self.where.rows(world))][:, here]
        return [
            say("parcel_pay.rate", rate=f"{self.rate:g}", programme=programme_words(self.programme)),
            say("parcel_pay.places", villages=int(here.sum()), own=int((modes == TO_VILLAGE).sum()), services=modes.size),
        ]
