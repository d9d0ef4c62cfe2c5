"""Fines: what upheld complaints about parcels cost whoever left them outside, refused them, charged for them or was late."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from sim import luck
from sim.draw import uniform
from sim.ledger.book import Book, Key
from sim.ledger.payer import PENALTIES, Payers
from sim.ledger.price import Price
from sim.rules import Rules
from sim.schema.raw import AT_TOWNSHIP, COLLECTED, DOWN, IN_TRANSIT, NEVER, REFUSED_OUT, RETURNED
from sim.units import HOUR
from sim.world.world import VILLAGE, Int8s, Ints, World

LEFT, REFUSED, FEE, LATE = 1, 2, 4, 8
"""Causes of a fine, as bits; a parcel may be fined for several."""
CATEGORIES = {
    LEFT: "fine for leaving outside",
    REFUSED: "fine for refusing",
    FEE: "fine for a second fee",
    LATE: "fine for lateness",
}
PURPOSES = {LEFT | REFUSED: "complaint left outside", FEE: "complaint second fee", LATE: "complaint"}
"""The luck that decides, by the causes it decides on; late parcels draw as they do for the metric ``complaints``."""
LATE_US = 72 * HOUR
"""A parcel that took longer from the county's gate is late: for complaints and for fines."""


@numba.njit(cache=True, nogil=True)
def _uphold(parcels: Any, is_village: Any, bits: Any, addresses: Any, p: Any, upheld: Any) -> None:
    """Find the causes for which each parcel that ended may be complained about and draw as ``luck.uniform`` does, one number for each row
    of ``bits`` that it is liable for."""
    for i in range(len(parcels)):
        row = parcels[i]
        if row["direction"] != DOWN or row["outcome"] == IN_TRANSIT:
            continue
        causes = 0
        if row["outcome"] == REFUSED_OUT:
            causes = REFUSED
        elif row["ready"] == NEVER or row["county_in"] == NEVER:
            continue
        else:
            if is_village[row["place"]]:
                outside = row["outcome"] == COLLECTED and row["kind"] == AT_TOWNSHIP
                if outside or (row["outcome"] == RETURNED and row["village_in"] == NEVER):
                    causes |= LEFT
            if row["surcharge_fen"] > 0:
                causes |= FEE
            if row["ready"] - row["county_in"] > LATE_US:
                causes |= LATE
        if causes == 0:
            continue
        for j in range(len(bits)):
            may = causes & bits[j]
            if may and uniform(row["key"], addresses[j]) < p[j]:
                upheld[i] |= may


def fined(world: World, rules: Rules, parcels: npt.NDArray[Any], seed: int) -> Int8s:
    """Return for which causes a complaint about each parcel that ended (n,) was upheld, as bits, by the parcel's own luck.

    A village's parcel that lay ready at the township is left outside, whether it was collected there or went back; refused by its
    operator; charged a second fee; ready more than 72 h after it came to the county.
    """
    d = rules.parameters.decisions
    found = d.p_left_out_found, d.p_fee_found, rules.parameters.counting.p_complaint_when_late
    addresses = np.array([luck.address(seed, purpose) for purpose in PURPOSES.values()], np.uint64)
    upheld = np.zeros(len(parcels), np.int8)
    bits = np.array(list(PURPOSES), np.int8)
    _uphold(np.ascontiguousarray(parcels), world.places.tier == VILLAGE, bits, addresses, np.array(found), upheld)
    return upheld


def fines(world: World, rules: Rules, parcels: npt.NDArray[Any], seed: int) -> Ints:
    """Return how many fines each parcel (n,) led to."""
    upheld = fined(world, rules, parcels, seed)
    many: Ints = np.array([(upheld & bit) > 0 for bit in CATEGORIES]).sum(axis=0)
    return many


def post_fines(
    book: Book, world: World, rules: Rules, price: dict[str, Price], payers: Payers, parcels: npt.NDArray[Any], seed: int
) -> None:
    """Add the fines for the parcels that ended on a day."""
    upheld = fined(world, rules, parcels, seed)
    amount = price["fine"].amount * 1000
    for i in np.flatnonzero(upheld).tolist():
        one = parcels[i]
        for bit, category in CATEGORIES.items():
            if upheld[i] & bit:
                payer, lever = charged(world, payers, bit, int(one["operator"]), int(one["last_mile"]), int(one["township"]))
                book.add(fine_key(category, payer, lever), 1.0, amount)


def charged(world: World, payers: Payers, bit: int, operator: int, last_mile: int, township: int) -> tuple[str, str]:
    """Return (actor, lever) that a fine is charged to: who took the second fee, who refused, else who had to bring the parcel home."""
    if bit == FEE:
        return payers.of("delivery", "sites", int(world.operators.outlet[operator, township]))
    return world.operators.key[operator if bit == REFUSED else last_mile], ""


def fine_key(category: str, payer: str, lever: str) -> Key:
    """Return the key under which a fine is posted."""
    return Key(payer, PENALTIES, category, "transfer", "delivery", "management", lever=lever, unit="complaint")
