"""Luck by name and slot: a counter-based generator over columns, the same in every scenario with the same seed.

``bits(seed, purpose, day, entity, k)``: the address (seed, purpose, day) is hashed once by blake2b to 64 bits; each
entity's slot is two rounds of a 64-bit finalizer (Stafford's variant 13 of MurmurHash3's, as in SplitMix64) over
entity ^ address and k. No generator is shared, stored or passed around. docs/decisions says why.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
ODD = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31, _S12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)


@lru_cache(maxsize=4096)
def address(seed: int, purpose: str, day: int = 0) -> np.uint64:
    """Return the 64-bit address of one (seed, purpose, day)."""
    digest = blake2b(f"{seed}|{purpose}|{day}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def key_of(name: str) -> np.uint64:
    """Return the 64-bit key of a named thing (a place, a vehicle, a road)."""
    return np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little"))


def keys_of(names: tuple[str, ...] | list[str]) -> Keys:
    """Return the 64-bit keys of named things, shape (n,)."""
    return np.array([key_of(n) for n in names], dtype=np.uint64)


def mix(x: Keys) -> Keys:
    """Return a bijective scramble of 64-bit words, shape kept."""
    with np.errstate(over="ignore"):
        x = (x ^ (x >> _S30)) * MIX_1
        x = (x ^ (x >> _S27)) * MIX_2
    return x ^ (x >> _S31)


def bits(seed: int, purpose: str, day: int, entity: Keys, k: int | Keys = 0) -> Keys:
    """Return 64 random bits for each (entity, k), shape of ``entity``."""
    with np.errstate(over="ignore"):
        step = (np.asarray(k, dtype=np.uint64) + np.uint64(1)) * ODD
        return mix(mix(entity ^ address(seed, purpose, day)) + step)


def unit(words: Keys) -> Floats:
    """Return uniforms in the open interval (0, 1) from 64-bit words."""
    return ((words >> _S12).astype(np.float64) + 0.5) * 2.0**-52


def sampled(entity: Keys, share: float) -> npt.NDArray[np.bool_]:
    """Return whether each entity is in the sample of a ``share`` of them: the same ones in every run, more of them with a larger share."""
    return np.ones(len(entity), np.bool_) if share >= 1 else uniform(0, "sample", 0, entity) < share


def uniform(seed: int, purpose: str, day: int, entity: Keys, k: int | Keys = 0) -> Floats:
    """Return uniforms in (0, 1) for each (entity, k)."""
    return unit(bits(seed, purpose, day, entity, k))
