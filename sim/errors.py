"""Errors that help: every error the package raises on purpose is a ``SimError``."""

from __future__ import annotations

from dataclasses import dataclass


class SimError(Exception):
    """Base of all errors that Guantong raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, as a help message of three lines.

    ``where`` names file (and line), ``what`` says what is wrong with which value, ``allowed`` what is
    allowed (range, unit, nearest right name).
    """

    where: str
    what: str
    allowed: str = ""

    def __str__(self) -> str:
        lines = [self.where, f"  {self.what}"]
        if self.allowed:
            lines.append(f"  {self.allowed}")
        return "\n".join(lines)


class FaultyInput(SimError):
    """Carries all faults of an input at once."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(f) for f in faults))


class ScenarioError(FaultyInput):
    """A scenario or study file is wrong; ``faults`` lists everything that is."""


class CountyError(FaultyInput):
    """A county folder is wrong; ``faults`` lists everything that is."""


class ResultsError(SimError):
    """A results folder is missing, incomplete or not what it says it is."""
