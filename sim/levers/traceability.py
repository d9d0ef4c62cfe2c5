"""Traceability and supervision of produce: labels, inspection before it is sent, a premium (二(二): 溯源、质量监管).

Mechanism
    What farms in a share of the matching villages sell online is traced, lot by lot. Some lots are inspected before they are sent, each by
    its own luck; one below the least quality is rejected and brings nothing. Buyers pay a premium for traced produce. Farms count with
    the premium, the cost of a label and the chance of being rejected when they weigh online against their other channels.

Changes
    ``World.fields.tracing``. The ledger posts labels and records, which farms pay for, inspections, and the system that keeps the records.

Leaves out
    Residues and other faults that time and temperature do not bring, false labels, selling a rejected lot elsewhere, a premium that wears
    out. Lots sold in other ways are not traced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, mistake, say, unfit
from sim.levers.draw import chosen
from sim.levers.fields import fields_of, with_fields, with_upkeep
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Ints, World


class Traceability(Lever):
    """Traces and inspects what is sold online."""

    title: ClassVar[Words] = Words(zh="溯源与质量监管", en="Traceability and supervision")
    of_produce: ClassVar[bool] = True
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "remoteness", "terrain", "region", "population")

    kind: Literal["traceability"] = "traceability"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="覆盖村占比")
    """Share of the matching villages whose lots are traced."""
    lot_yuan: float = param(1.0, unit="yuan/lot", ge=0, le=100, low=0.3, high=3, source="assumption", zh="每批溯源成本")
    """Labels and records of a lot, paid by the farm."""
    inspected: float = param(0.1, unit="share", ge=0, le=1, low=0.02, high=0.3, source="assumption", zh="抽检比例")
    """Share of the traced lots that are inspected."""
    inspection_yuan: float = param(15.0, unit="yuan/lot", ge=0, le=1000, low=8, high=50, source="assumption", zh="每批抽检成本")
    """Rapid test and the inspector's time."""
    quality: float = param(0.85, unit="share", ge=0, le=1, low=0.75, high=0.9, source="assumption", zh="抽检品质门槛")
    """Below this quality an inspected lot is rejected."""
    premium: float = param(0.05, unit="share", ge=0, le=1, low=0, high=0.15, source="assumption", zh="溯源溢价")
    """What buyers pay more for traced produce."""
    system_year: float = param(50_000.0, unit="yuan/year", ge=0, le=1e7, low=20_000, high=150_000, source="assumption", zh="系统年费用")
    """What the system that keeps the records costs a year, whatever it holds."""
    payer: Literal["county", "platform"] = "county"
    """Who pays for inspections and the system."""

    def villages(self, world: World, strength: float) -> Ints:
        """Return the rows of the villages whose lots are traced at a strength."""
        from sim.world.world import VILLAGE

        return chosen(world.places.key, (world.places.tier == VILLAGE) & self.where.mask(world), self.share, strength)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world in which lots of some villages are traced."""
        import numpy as np

        from sim.world.tracing import Tracing
        from sim.world.upkeep import Upkeep

        rows = self.villages(world, strength)
        if not len(rows):
            return world
        fields = fields_of(self.id, world)
        if fields.tracing is not None:
            raise unfit(self.id, mistake((), "one_tracing", other=fields.tracing.by))
        here = np.zeros(world.places.n, np.bool_)
        here[rows] = True
        new = Tracing(here, self.lot_yuan, self.inspected, self.inspection_yuan, self.quality, self.premium, self.payer, self.id)
        system = Upkeep(self.id, self.payer, "market", "tracing system", strength, "system-day", year=self.system_year)
        return with_upkeep(with_fields(world, tracing=new), system)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return where lots are traced, what buyers pay for it, and what it costs."""
        n = len(self.villages(world, 1.0))
        return [
            say("tracing.lots", villages=n, premium=f"{100 * self.premium:g}%", lot=f"{self.lot_yuan:g}"),
            say("tracing.checks", share=f"{100 * self.inspected:g}%", quality=f"{self.quality:g}", yuan=f"{self.inspection_yuan:g}"),
            say("tracing.system", yuan=f"{self.system_year:,.0f}", payer=say(f"payer.{self.payer}")),
        ]
