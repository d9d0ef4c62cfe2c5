"""List the shipped scenarios, studies and counties, from their files alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from sim.scenario import shipped
from sim.text import Words
from sim.text.catalogue import LOADER
from sim.world.find import county_names, list_counties


@dataclass(frozen=True)
class FileRow:
    """One shipped scenario or study."""

    name: str
    title: Words
    study: bool
    file: Path


@dataclass(frozen=True)
class CountyRow:
    """One county: its folder's name and the names it answers to."""

    folder: Path
    names: tuple[str, ...]


def scenarios() -> list[FileRow]:
    """Return the shipped scenarios and studies."""
    rows = []
    for path in shipped.files():
        root = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
        title = root.get("title") or {}
        name = str(root.get("study") or root.get("name") or path.stem)
        rows.append(FileRow(name, Words(title.get("zh", name), title.get("en", name)), "study" in root, path))
    return rows


def counties(beside: Path | None = None) -> list[CountyRow]:
    """Return the shipped counties and those beside a folder."""
    return [CountyRow(folder, county_names(folder)) for folder in list_counties(beside)]
