"""The form knows every field of every lever, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sim.levers import KINDS
from sim.scenario.allowed import fields_of, kind_of
from sim.scenario.listing import json_schema
from sim.schema.matrix import ACTIVITIES, REFUSED_CELLS, RESOURCES
from sim.text import keys
from sim.web.form import _help, _name, form


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return form()


def fields(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield fields and the fields in them."""
    for entry in entries:
        yield entry
        yield from fields(entry.get("fields", []))


def test_every_field_of_every_kind_is_there(made: dict[str, Any]) -> None:
    assert {lever["kind"]: {f["key"] for f in lever["fields"]} for lever in made["levers"]} == {
        kind_of(kind): set(fields_of(kind)) - {"id", "kind"} for kind in KINDS
    }


def test_every_name_and_choice_has_chinese_words(made: dict[str, Any]) -> None:
    groups = [*(lever["fields"] for lever in made["levers"]), made["where"], made["budget"]]
    whole = [field for group in groups for field in fields(group)]
    words = [field["name"]["zh"] for field in whole] + [choice["zh"] for field in whole for choice in field["choices"]]
    words += [entry["zh"] for key in ("activities", "resources", "refused") for entry in made["matrix"][key]]
    assert [word for word in words if not re.search(r"[\u4e00-\u9fff]", word)] == []


def test_every_name_in_english_is_words_and_not_a_key(made: dict[str, Any]) -> None:
    groups = [*(lever["fields"] for lever in made["levers"]), made["where"], made["budget"]]
    names = {field["name"]["en"] for group in groups for field in fields(group)}
    assert [name for name in names if not re.fullmatch(r"[A-Z][a-z'-]*( [a-z'-]+)*", name)] == []


def test_shares_are_typed_from_0_to_1_and_say_so(made: dict[str, Any]) -> None:
    whole = [field for lever in made["levers"] for field in fields(lever["fields"]) if field.get("unit") == "share"]
    assert len(whole) > 5
    assert {field["unit_text"]["en"] for field in whole} == {"1 is 100%"}


def test_a_field_without_a_name_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"field\.village_stations\.colour"):
        _name("village_stations", "colour", "en")


def test_every_field_says_what_it_is_in_both_languages(made: dict[str, Any]) -> None:
    groups = [*(lever["fields"] for lever in made["levers"]), made["where"], made["budget"]]
    whole = [field for group in groups for field in fields(group)]
    assert [field["key"] for field in whole if not re.search(r"[\u4e00-\u9fff]", field["about"]["zh"])] == []
    assert [field["key"] for field in whole if re.search(r"[A-Za-z]", field["about"]["zh"])] == []
    assert [field["key"] for field in whole if not field["about"]["en"]] == []
    assert len(whole) > 150


def test_what_a_field_says_in_english_is_what_the_schema_says(made: dict[str, Any]) -> None:
    defs = json_schema()["$defs"]
    owners = {kind_of(kind): (kind.__name__, kind) for kind in KINDS}
    for lever in made["levers"]:
        said = defs[owners[lever["kind"]][0]]["properties"]
        for field in lever["fields"]:
            assert field["about"]["en"] == said[field["key"]]["description"].replace("``", ""), (lever["kind"], field["key"])
            for inner in field.get("fields", ()):
                of = defs[{"doors": "Doors", "door_l": "Litres"}[field["key"]]]["properties"]
                assert inner["about"]["en"] == of[inner["key"]]["description"].replace("``", "")
    for name, group in (("Where", "where"), ("Budget", "budget")):
        for field in made[group]:
            assert field["about"]["en"] == defs[name]["properties"][field["key"]]["description"].replace("``", "")


def test_no_help_is_left_of_a_field_that_is_gone(made: dict[str, Any]) -> None:
    owned = {(lever["kind"], field["key"]) for lever in made["levers"] for field in lever["fields"]}
    owned |= {(group, field["key"]) for group in ("where", "budget") for field in made[group]}
    owned |= {(f["key"], inner["key"]) for lever in made["levers"] for f in lever["fields"] for inner in f.get("fields", ())}
    known = {f"help.{owner}.{key}" for owner, key in owned} | {f"help.{key}" for _, key in owned}
    assert [key for key in keys() if key.startswith("help.") and key not in known] == []


def test_a_field_without_help_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"help\.village_stations\.colour"):
        _help("village_stations", "colour")


def test_a_field_is_of_a_type_that_the_page_draws(made: dict[str, Any]) -> None:
    drawn = {"number", "integer", "boolean", "text", "date", "choice", "choices", "list", "pair", "object", "matrix", "where"}
    assert {field["type"] for lever in made["levers"] for field in fields(lever["fields"])} <= drawn


def test_ranges_units_and_sources_are_those_of_the_parameters(made: dict[str, Any]) -> None:
    subsidy = next(lever for lever in made["levers"] if lever["kind"] == "per_parcel_subsidy")
    rate = next(field for field in subsidy["fields"] if field["key"] == "rate")
    assert (rate["least"], rate["most"], rate["unit"], rate["default"]) == (0, 10, "yuan/parcel", 0.3)
    assert rate["source"].startswith("assumption")


def test_the_matrix_has_every_cell_and_a_reason_for_each_refused_one(made: dict[str, Any]) -> None:
    matrix = made["matrix"]
    assert [a["key"] for a in matrix["activities"]] == list(ACTIVITIES)
    assert [r["key"] for r in matrix["resources"]] == list(RESOURCES)
    assert {(cell["activity"], cell["resource"]): cell["en"] for cell in matrix["refused"]} == REFUSED_CELLS
