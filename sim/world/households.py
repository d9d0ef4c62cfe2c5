"""The households of a county: key, place and propensity to order."""

from __future__ import annotations

import numpy as np

from sim import luck
from sim.world.world import Floats, Households, Keys, Places

STEP = np.uint64(0xD1342543DE82EF95)


def make_households(places: Places, spread: float) -> Households:
    """Return all households; persons of a place are shared equally, the propensity is lognormal with mean 1 by key.

    Nothing here depends on a run's seed: two replications meet the same households. Weights are rounded to 1e-6.
    """
    count = places.households
    first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    place = np.repeat(np.arange(places.n, dtype=np.int32), count)
    ordinal = np.arange(len(place), dtype=np.int64) - first[place]
    key = household_keys(luck.keys_of(places.key)[place], ordinal.astype(np.uint64))
    persons = places.population / np.maximum(count, 1)
    weight = np.round(persons[place] * propensity(key, spread), 6)
    return Households(place, first, key, weight)


def household_keys(place: Keys, ordinal: Keys) -> Keys:
    """Return the keys of households from their place's key and their ordinal in it."""
    with np.errstate(over="ignore"):
        return luck.mix(place ^ ((ordinal + np.uint64(1)) * STEP))


def propensity(key: Keys, spread: float) -> Floats:
    """Return lognormal factors of mean 1 and log-sd ``spread`` (Box and Muller's transform of two uniforms of the key)."""
    u, v = (luck.uniform(0, "household propensity", 0, key, k) for k in (0, 1))
    normal = np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
    factor: Floats = np.exp(spread * normal - spread * spread / 2.0)
    return factor
