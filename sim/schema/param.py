"""Declare a parameter once: value, unit, range, source and its Chinese name on one line."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A frozen group of parameters; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


def param(
    default: Any,
    *,
    unit: str,
    source: str,
    zh: str,
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
    lt: float | None = None,
    low: float | None = None,
    high: float | None = None,
    choice: bool = False,
) -> Any:
    """Return a pydantic field that carries unit, range, source and Chinese name.

    ``source`` is "assumption" or "evidence:<id>" where <id> is a row of docs/evidence/parameters.csv or
    an item (G1..G49) of docs/evidence/parameter-gaps.md; "assumption:<id>" is an assumption with a basis there.
    ``low`` and ``high`` are the ends of what is plausible (``ge`` and ``le`` of what is possible); a study varies assumptions between
    them. ``choice`` marks what is no fact to be known - a threshold of counting, a setting of the solver - and is never varied.
    """
    extra: dict[str, Any] = {"unit": unit, "source": source, "zh": zh}
    extra |= {name: value for name, value in (("low", low), ("high", high), ("choice", choice or None)) if value is not None}
    return Field(
        default,
        ge=ge,
        le=le,
        gt=gt,
        lt=lt,
        json_schema_extra=extra,
    )
