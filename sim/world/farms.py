"""The farms of a county: who grows what for sale, where, on how much land."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import luck
from sim.schema.produce import Farming
from sim.world.crops import Crops
from sim.world.households import household_keys
from sim.world.world import VILLAGE, Bools, Floats, Int8s, Int32s, Ints, Keys, Places

HOUSEHOLD, FAMILY_FARM, COOPERATIVE = range(3)
KINDS = ("household", "family_farm", "cooperative")


@dataclass(frozen=True)
class Farms:
    """f rows sorted by place, crop and ordinal; ``first[p]:first[p+1]`` are the rows of place p.

    ``crop`` is a row of ``Crops``, ``kind`` of KINDS; a household that grows two crops is two farms.
    """

    key: Keys
    place: Int32s
    crop: Int8s
    kind: Int8s
    area_mu: Floats
    first: Ints

    @property
    def n(self) -> int:
        return len(self.key)

    @property
    def small(self) -> Bools:
        """Which are households, (f,)."""
        small: Bools = self.kind == HOUSEHOLD
        return small


def make_farms(places: Places, crops: Crops, farming: Farming) -> Farms:
    """Return the farms of all villages; no run's seed enters.

    A village has households x growers_share farms of a crop, the fraction settled by its key. Areas are lognormal by the farm's key
    and size of its kind, and add up to the county's ``area_mu`` of the crop.
    """
    village = np.flatnonzero(places.tier == VILLAGE)
    keys = luck.keys_of(places.key)
    parts: list[tuple[Keys, Int32s, Int8s]] = []
    for c, name in enumerate(crops.key):
        own = luck.mix(keys[village] ^ luck.key_of(f"crop {name}"))
        count = np.floor(places.households[village] * crops.growers_share[c] + luck.uniform(0, "growers", 0, own)).astype(np.int64)
        ordinal = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        key = household_keys(np.repeat(own, count), ordinal.astype(np.uint64))
        parts.append((key, np.repeat(village, count).astype(np.int32), np.full(len(key), c, np.int8)))
    key, place, crop = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(place, kind="stable")
    key, place, crop = key[order], place[order], crop[order]
    kind, area = _sizes(key, crop, crops, farming)
    first = np.searchsorted(place, np.arange(places.n + 1)).astype(np.int64)
    return Farms(key, place, crop, kind, area, first)


def _sizes(key: Keys, crop: Int8s, crops: Crops, farming: Farming) -> tuple[Int8s, Floats]:
    u = luck.uniform(0, "farm kind", 0, key)
    kind = np.where(u < farming.cooperative_share, COOPERATIVE, HOUSEHOLD)
    kind = np.where((u >= farming.cooperative_share) & (u < farming.cooperative_share + farming.family_farm_share), FAMILY_FARM, kind)
    size = np.array([1.0, farming.family_farm_size, farming.cooperative_size])[kind]
    weight = size * np.exp(farming.area_spread * _normal(0, "farm area", 0, key))
    total = np.bincount(crop, weight, minlength=crops.n)
    area: Floats = np.round(weight / np.maximum(total[crop], 1e-300) * crops.area_mu[crop], 4)
    return kind.astype(np.int8), area


def _normal(seed: int, purpose: str, day: int, key: Keys) -> Floats:
    u, v = (luck.uniform(seed, purpose, day, key, k) for k in (0, 1))
    normal: Floats = np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
    return normal
