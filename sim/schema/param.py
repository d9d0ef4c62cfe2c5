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
) -> Any:
    """Return a pydantic field that carries unit, range, source and Chinese name.

    ``source`` is "assumption" or "evidence:<id>" where <id> is a row of docs/evidence/parameters.csv or
    an item (G1..G49) of docs/evidence/parameter-gaps.md; "assumption:<id>" is an assumption with a basis there.
    """
    return Field(
        default,
        ge=ge,
        le=le,
        gt=gt,
        lt=lt,
        json_schema_extra={"unit": unit, "source": source, "zh": zh},
    )
