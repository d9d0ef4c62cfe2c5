"""Take apart what a row of the produce tables rests on: ``columns: source and figure; ...; rest: assumption``."""

from __future__ import annotations

from collections.abc import Sequence

ASSUMPTION = "assumption"
REST = "rest"


def parts(basis: str) -> list[tuple[tuple[str, ...], str]]:
    """Return (columns, what they rest on) in the order written; a text without columns stands for the rest."""
    found: list[tuple[tuple[str, ...], str]] = []
    for part in basis.split("; "):
        names, colon, source = part.partition(": ")
        found.append((tuple(names.split(", ")), source) if colon else ((REST,), part))
    return found


def sourced(basis: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``columns`` that have a source."""
    said = {name: source for names, source in parts(basis) for name in names}
    rest = said.get(REST, ASSUMPTION)
    return tuple(name for name in columns if not said.get(name, rest).startswith(ASSUMPTION))
