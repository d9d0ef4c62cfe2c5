"""Read the source of a parameter: an item of the evidence, or an assumption with or without a basis there."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from sim.text import Lang, t

_SOURCE = re.compile(r"(?P<kind>evidence|assumption)(:(?P<id>\w+))?")
TABLES = {"parameters.csv": "name", "gaps.csv": "id"}
"""Tables of docs/evidence and the columns of their ids."""


@dataclass(frozen=True)
class Source:
    """``id`` is a row of docs/evidence, "" for an assumption without a basis."""

    assumption: bool
    id: str


def source_of(text: str) -> Source:
    """Return the source a parameter declares; anything but ``evidence:<id>``, ``assumption`` or ``assumption:<id>`` is a ValueError."""
    found = _SOURCE.fullmatch(text)
    if found is None or (found["kind"] == "evidence" and not found["id"]):
        raise ValueError(f"{text!r} is no source: write evidence:<id>, assumption or assumption:<id>")
    return Source(found["kind"] == "assumption", found["id"] or "")


def source_text(text: str, lang: Lang) -> str:
    """Return the source that a parameter declares as a reader sees it."""
    source = source_of(text)
    if not source.assumption:
        return text
    return t("cli.assumption_of", lang, id=source.id) if source.id else t("cli.assumption", lang)


def ids(folder: Path) -> dict[str, dict[str, str]]:
    """Return the rows of the evidence tables in ``folder`` by their ids."""
    found: dict[str, dict[str, str]] = {}
    for table, column in TABLES.items():
        with (folder / table).open(encoding="utf-8", newline="") as file:
            found.update({row[column]: row for row in csv.DictReader(file)})
    return found
