"""What villages under a contract have promised to send: counted, and what is missing is paid for at the farms' next review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.produce.dues import micro_fen
from sim.schema.raw import CONTRACT_SHORTFALL
from sim.world.world import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.agents.farming import Farming


class Promised:
    """Parcels that each place has promised and handed in since the last settling."""

    def __init__(self, farming: Farming) -> None:
        self.of = farming
        places = len(farming.fields.outreach.contract)
        self._promised: Floats = np.zeros(places)
        self._handed: Ints = np.zeros(places, np.int64)

    def morning(self) -> None:
        """Count what is promised for a day under the contracts in force on it."""
        reach = self.of.fields.outreach
        self._promised += np.where(reach.contract, reach.least_day, 0.0)

    def handed(self, place: Ints, parcels: Ints) -> None:
        """Count parcels (n,) handed in at places (n,)."""
        np.add.at(self._handed, place, parcels)

    def settle(self, inside: Bools) -> None:
        """Post what is missing since the last time; ``inside`` (f,): farms whose crop is in season.

        A village owes only while somebody in it sells a crop in season online: those are the contract's signers.
        """
        of, reach = self.of, self.of.fields.outreach
        signers = np.zeros(len(self._handed), np.bool_)
        signers[of.farms.place[inside & of.online]] = True
        missing = self._promised - self._handed
        rows = np.flatnonzero(reach.contract & signers & (reach.collector >= 0) & (missing > 0))
        self._promised, self._handed = np.zeros_like(self._promised), np.zeros_like(self._handed)
        if len(rows):
            fee = micro_fen(missing[rows] * reach.contract_fee[rows])
            of.dues.add(CONTRACT_SHORTFALL, rows, missing[rows], fee, reach.collector[rows].astype(np.int16))
