"""What a public programme pays for, as data: levers write it, the ledger pays by it, agents ask it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.world import Floats, World


@dataclass(frozen=True)
class Support:
    """What one lever pays out of one programme; a lever's own class says what that is, here it is nothing.

    The ledger pays by these rules while the programme has money; agents may ask them what they would get. The plan never sees them.
    """

    lever: str
    programme: str

    def per_parcel_yuan(self, world: World) -> Floats:
        """Return what each operator gets for a parcel that it hands over inside each place, (k, n) yuan."""
        import numpy as np

        return np.zeros((world.operators.n, world.places.n))

    def station_month_yuan(self, world: World) -> Floats:
        """Return what the host of each place gets a month while it keeps a station, (n,) yuan."""
        import numpy as np

        return np.zeros(world.places.n)
