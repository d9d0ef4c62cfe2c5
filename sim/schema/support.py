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

    def grants(self) -> tuple[str, ...]:
        """Return the kinds of asset for which grants are given; none where the lever gives no grants."""
        return ()

    def grant_yuan(self, world: World, kind: str, owner: str, place: int, lever: str, price: float) -> float | None:
        """Return the grant that an owner may ask for an asset, yuan; None where it cannot apply.

        ``place`` is the asset's row (-1: a vehicle), ``lever`` the id of the lever that brought the asset, ``price`` in yuan.
        """
        return None
