"""What levers of produce need of a county: its fields, or a clear refusal where none are simulated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.levers.base import mistake, unfit

if TYPE_CHECKING:
    from sim.world.upkeep import Upkeep
    from sim.world.world import Fields, World


def fields_of(id: str, world: World) -> Fields:
    """Return the county's fields; ScenarioError where no produce is simulated."""
    if world.fields is None:
        raise unfit(id, mistake((), "no_produce"))
    return world.fields


def with_fields(world: World, **changed: Any) -> World:
    """Return the world with parts of its fields replaced."""
    assert world.fields is not None
    return replace(world, fields=replace(world.fields, **changed))


def with_upkeep(world: World, *upkeep: Upkeep) -> World:
    """Return the world with more that is paid for every day; what costs nothing is left out."""
    return replace(world, upkeep=(*world.upkeep, *(u for u in upkeep if u.quantity and (u.price or u.year))))
