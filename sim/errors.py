"""Errors that help: every error the package raises on purpose is a ``SimError``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class SimError(Exception):
    """Base of all errors that Guantong raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, as a help message of three lines.

    ``where`` names file (and line), ``what`` says what is wrong with which value, ``allowed`` what is
    allowed (range, unit, nearest right name); the fields with ``_zh`` say the same in Chinese.
    """

    where: str
    what: str
    allowed: str = ""
    what_zh: str = ""
    allowed_zh: str = ""

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: str) -> str:
        """Return the message in a language (``zh`` or ``en``; English where there is no Chinese)."""
        what, allowed = (self.what_zh, self.allowed_zh) if lang == "zh" and self.what_zh else (self.what, self.allowed)
        return "\n".join([self.where, *(f"  {line}" for line in (what, allowed) if line)])


def in_order(faults: list[Fault]) -> list[Fault]:
    """Return faults as somebody meets who reads the files: by file as first named, in it by line; those without a line come first."""
    files = list(dict.fromkeys(_spot(fault)[0] for fault in faults))
    return sorted(faults, key=lambda fault: (files.index(_spot(fault)[0]), _spot(fault)[1]))


def _spot(fault: Fault) -> tuple[str, int]:
    file, _, line = fault.where.rpartition(":")
    return (file, int(line)) if line.isdigit() and file else (fault.where, 0)


class FaultyInput(SimError):
    """Carries all faults of an input at once, in the order of the files' lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(str(f) for f in self.faults))

    def __reduce__(self) -> tuple[type[FaultyInput], tuple[list[Fault]]]:
        return type(self), (self.faults,)


class ScenarioError(FaultyInput):
    """A scenario or study file is wrong; ``faults`` lists everything that is."""


class CountyError(FaultyInput):
    """A county folder is wrong; ``faults`` lists everything that is."""


class MessageError(SimError):
    """An error of one message, which is also there in Chinese."""

    def __init__(self, message: str, zh: str = "") -> None:
        self.message, self.zh = message, zh or message
        super().__init__(message)

    def __reduce__(self) -> tuple[type[MessageError], tuple[str, str]]:
        return type(self), (self.message, self.zh)

    def text(self, lang: str) -> str:
        """Return the message in a language (``zh`` or ``en``)."""
        return self.zh if lang == "zh" else self.message


class ResultsError(MessageError):
    """A results folder is missing, incomplete or not what it says it is."""


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the known name that is nearest to another, "" where none is as near as ``cutoff`` (0-1)."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")
