"""The levers: pure edits of the world and the rules, one file each; ``Kind`` is the one list of them."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from sim.levers.base import Lever, Mistake
from sim.levers.joint_distribution import JointDistribution
from sim.levers.parcel_lockers import ParcelLockers
from sim.levers.stack import apply, explained, turns
from sim.levers.village_stations import VillageStations
from sim.levers.where import Where

Kind = JointDistribution | VillageStations | ParcelLockers

KINDS: tuple[type[Lever], ...] = get_args(Kind)
AnyLever = Annotated[Kind, Field(discriminator="kind")]

__all__ = [
    "KINDS",
    "AnyLever",
    "JointDistribution",
    "Lever",
    "Mistake",
    "ParcelLockers",
    "VillageStations",
    "Where",
    "apply",
    "explained",
    "turns",
]
