"""The county of a scenario: where its folder is, and which places it knows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.errors import CountyError, Fault
from sim.levers.produce_to_city import ProduceToCity
from sim.scenario.faults import Loc, locate
from sim.scenario.model import Scenario
from sim.scenario.node import Node, fault, near
from sim.world.find import find_county
from sim.world.text import read_text


def county_of(scenario: Scenario, root: Node, beside: Path) -> tuple[Path | None, list[tuple[Loc, Fault]]]:
    """Return the county's folder and what is wrong about it: there is none, or it lacks a place that a lever names."""
    node, path = locate(root, ("county",))
    base = Path(node.file).resolve().parent if node.line and Path(node.file).is_file() else beside
    try:
        folder = find_county(scenario.county, base)
    except CountyError as error:
        told = error.faults[0]
        return None, [(path, Fault(node.where, told.what, told.allowed, told.what_zh, told.allowed_zh))]
    return folder, [*_places(scenario, root, folder), *_crops(scenario, root, folder)]


def _places(scenario: Scenario, root: Node, folder: Path) -> list[tuple[Loc, Fault]]:
    found: list[tuple[Loc, Fault]] = []
    if not any(lever.where.places for lever in scenario.levers):
        return found
    known = place_names(folder)
    for index, lever in enumerate(scenario.levers):
        for item, name in enumerate(lever.where.places or ()):
            if name not in known:
                node, path = locate(root, ("levers", index, "where", "places", item))
                found.append((path, fault(node, "no_place", name=name, near=near(name, sorted(known)))))
    return found


def _crops(scenario: Scenario, root: Node, folder: Path) -> list[tuple[Loc, Fault]]:
    """Return what is wrong about crops: the county has none where they are asked for, or not those that a lever names."""
    if not scenario.parameters.produce.active:
        return []
    text = read_text(folder / "crops.csv", []) if (folder / "crops.csv").is_file() else None
    if text is None or not (folder / "climate.csv").is_file():
        node, path = locate(root, ("parameters", "produce", "active"))
        return [(path, fault(node, "no_crops", county=scenario.county))]
    known, found = [row["crop"] for row in csv.DictReader(io.StringIO(text)) if row.get("crop")], list[tuple[Loc, Fault]]()
    for index, lever in enumerate(scenario.levers):
        for item, name in enumerate(lever.crops if isinstance(lever, ProduceToCity) else ()):
            if name not in known:
                node, path = locate(root, ("levers", index, "crops", item))
                found.append((path, fault(node, "no_crop", name=name, near=near(name, known), known=", ".join(sorted(known)))))
    return found


def place_names(folder: Path) -> set[str]:
    """Return the codes and names of a county's townships and villages, as its tables write them."""
    known: set[str] = set()
    for table in ("townships.csv", "villages.csv"):
        text = read_text(folder / table, [])
        for row in csv.DictReader(io.StringIO(text or "")):
            known.update(value for key, value in row.items() if key in ("code", "name_zh", "name_en") and value)
    return known
