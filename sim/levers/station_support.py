"""Station support: the treasury pays hosts of village stations by the month, as long as the support lasts (三(九)).

Mechanism
    Each host of a station in a matching place gets ``per_month`` in daily parts (a twelfth of a year's 365 days), until the
    programme's money of the year is gone.

Changes
    ``Rules.support`` only. Hosts respond because their monthly review counts the support beside commissions and other services;
    when it ends, a station that does not earn its outside option closes.

Leaves out
    Conditions on opening hours or parcels, checks and false claims.
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
class StationPay(Support):
    """So many yuan a month for each host of a station in the matching places."""

    per_month: float
    where: Where

    def station_month_yuan(self, world: World) -> Floats:
        """Return what the host of each place gets a month while it keeps a station, (n,) yuan."""
        import numpy as np

        pay: Floats = np.where(self.where.mask(world), self.per_month, 0.0)
        return pay


class StationSupport(Spending):
    """Pays hosts of village stations by the month."""

    title: ClassVar[Words] = Words(zh="村站运营补助", en="Station support")
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "remoteness", "terrain", "region", "population")

    kind: Literal["station_support"] = "station_support"

    per_month: float = param(200, unit="yuan/month", ge=0, le=5000, low=50, high=500, source="assumption", zh="每站月补助")
    """Paid to the host of one station."""
    where: Where = Where(tier="village")
    """Places whose stations are supported; all villages unless given."""

    def support(self, strength: float) -> Support | None:
        """Return the payment at a strength: a phase-in raises the amount."""
        return StationPay(self.id, self.programme, self.per_month * strength, self.where) if self.per_month else None

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return the amount and how many stations there are to support today."""
        stations = int((self.where.mask(world) & (world.stations.host > 0)).sum())
        return [say("station_pay.amount", amount=f"{self.per_month:g}", stations=stations, programme=programme_words(self.programme))]
