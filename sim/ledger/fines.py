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
def _liable(
    direction: Any, outcome: Any, kind: Any, surcharge: Any, county_in: Any, village_in: Any, ready: Any, in_village: Any, causes: Any
) -> None:
    for i in range(len(direction)):
        if direction[i] != DOWN or outcome[i] == IN_TRANSIT:
            continue
        if outcome[i] == REFUSED_OUT:
            causes[i] = REFUSED
            continue
        if ready[i] == NEVER or county_in[i] == NEVER:
            continue
        expired = outcome[i] == RETURNED and village_in[i] == NEVER
        if in_village[i] and ((outcome[i] == COLLECTED and kind[i] == AT_TOWNSHIP) or expired):
            causes[i] |= LEFT
        if surcharge[i] > 0:
            causes[i] |= FEE
        if ready[i] - county_in[i] > LATE_US:
            causes[i] |= LATE


@numba.njit(cache=True, nogil=True)
def _upheld(key: Any, causes: Any, bits: Any, addresses: Any, p: Any, upheld: Any) -> None:
    """Draw as ``luck.uniform`` does, one number for each parcel and row of ``bits`` that it is liable for."""
    for i in range(len(key)):
        for j in range(len(bits)):
            may = causes[i] & bits[j]
            if may and uniform(key[i], addresses[j]) < p[j]:
                upheld[i] |= may


def liable(world: World, parcels: npt.NDArray[Any]) -> Int8s:
    """Return for which causes each parcel that ended (n,) may be complained about, as bits.

    A village's parcel that lay ready at the township is left outside, whether it was collected there or went back; refused by its
    operator; charged a second fee; ready more than 72 h after it came to the county.
    """
    causes = np.zeros(len(parcels), np.int8)
    p = parcels
    _liable(
        p["direction"], p["outcome"], p["kind"], p["surcharge_fen"], p["county_in"], p["village_in"], p["ready"],
        world.places.tier[p["place"]] == VILLAGE, causes,
    )  # fmt: skip
    return causes


def fined(world: World, rules: Rules, parcels: npt.NDArray[Any], seed: int) -> Int8s:
    """Return for which causes a complaint about each parcel (n,) was upheld, as bits, by the parcel's own luck."""
    d, causes = rules.parameters.decisions, liable(world, parcels)
    found = d.p_left_out_found, d.p_fee_found, rules.parameters.counting.p_complaint_when_late
    addresses = np.array([luck.address(seed, purpose) for purpose in PURPOSES.values()], np.uint64)
    upheld = np.zeros_like(causes)
    _upheld(parcels["key"], causes, np.array(list(PURPOSES), np.int8), addresses, np.array(found), upheld)
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
