"""Overrides of the operators that a county gets by default."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.schema.param import Section, param


class OperatorName(Section):
    """An operator's name in both languages."""

    zh: str = Field(min_length=1, max_length=40)
    en: str = Field(min_length=1, max_length=40)


class OperatorSpec(Section):
    """One operator: a key of a default one (express-1 .. express-5, post) changes it, a new key adds one; what is left out stays."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    """Stands for the operator in all tables; its luck hangs on it, never on its name."""
    name: OperatorName | None = None
    """Names; a new operator without one is called by its key."""
    kind: Literal["express", "post"] | None = None
    """A franchise of an express network, or the post (at most one)."""
    share: float | None = param(None, unit="weight", ge=0, le=100, source="assumption:G5", zh="件量占比")
    """Weight of its share of the parcels (all are scaled to 1); 0 takes it out of the county."""
    village_share: float | None = param(None, unit="share", ge=0, le=1, source="assumption:G17", zh="进村占比")
    """Share of the townships in whose villages it delivers."""
    days_per_week: int | None = param(None, unit="days/week", ge=1, le=7, source="assumption:G18", zh="每周班次")
    """Days a week on which it runs rounds to the villages."""
    first_trunk: str | None = param(None, unit="clock", source="assumption:G14", zh="首班干线到达")
    """Arrival of its morning trunk truck."""
    second_trunk: str | None = param(None, unit="clock", source="assumption:G14", zh="二班干线到达")
    """Arrival of its afternoon trunk truck."""


OperatorsSpec = tuple[OperatorSpec, ...]
"""The overrides of a scenario, in any order."""
