"""Everything a user reads exists in both languages, and numbers are written for people."""

from __future__ import annotations

import ast
import math
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from sim.fonts import missing
from sim.metrics.catalogue import METRICS
from sim.plan.plan import LEGS
from sim.schema import parameters
from sim.text import LANGUAGES, Lang, Words, change, group_text, keys, number, quantity, t, template, unit_text, value_text, written
from sim.text.catalogue import FOLDER
from sim.world.world import REMOTENESS, TIERS

PACKAGE = FOLDER.parents[1]


def fields(text: str) -> set[str]:
    """Return the names of a template's fields."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_every_string_has_both_languages_and_nothing_else(path: Path) -> None:
    for key, words in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        assert isinstance(key, str), f"{path.name}: {key!r} must be quoted"
        assert set(words) == set(LANGUAGES), key
        assert all(isinstance(text, str) for text in words.values()), key
        assert bool(words["zh"].strip()) == bool(words["en"].strip()), key


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_no_key_is_written_twice(path: Path) -> None:
    found = re.findall(r"^(['\"]?[^\s'\"#][^:]*?['\"]?):\s", path.read_text(encoding="utf-8"), flags=re.M)
    plain = [key.strip("'\"") for key in found]
    assert len(plain) == len(set(plain))


@pytest.mark.parametrize("key", keys())
def test_both_languages_have_the_same_fields(key: str) -> None:
    assert fields(template(key, "zh")) == fields(template(key, "en"))


def test_the_shipped_font_draws_every_string() -> None:
    assert missing("".join(template(key, lang) for key in keys() for lang in LANGUAGES)) == set()


def used_keys() -> Iterator[tuple[str, str]]:
    """Yield every literal first argument of a call of t() in the package, with its file."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and node.args
            if called and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant):
                yield path.name, str(node.args[0].value)


def test_every_key_that_the_program_names_is_in_the_catalogue() -> None:
    assert [(file, key) for file, key in used_keys() if key not in keys()] == []


def test_every_key_that_the_page_names_is_in_the_catalogue() -> None:
    page = (PACKAGE / "report" / "page" / "report.html.j2").read_text(encoding="utf-8")
    named = {f"report.{key}" for key in re.findall(r"\bt\([\"'](\w+)[\"'][,)]", page)}
    assert len(named) > 20
    assert named <= set(keys())


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        t("report.nothing_of_the_kind", "zh")


def parameter_units(section: type[BaseModel]) -> Iterator[str]:
    """Yield the unit of every parameter below a section."""
    for field in section.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from parameter_units(field.annotation)
        elif isinstance(field.json_schema_extra, dict):
            yield str(field.json_schema_extra["unit"])


def test_every_parameters_unit_is_translated() -> None:
    sections = [kind for kind in vars(parameters).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    units = {unit for section in sections for unit in parameter_units(section)}
    assert len(units) > 20
    for unit in units:
        assert all(isinstance(unit_text(unit, lang), str) for lang in LANGUAGES)


def test_every_metrics_unit_is_translated() -> None:
    from sim.metrics.catalogue import METRICS

    for metric in METRICS:
        assert all(isinstance(unit_text(metric.unit, lang), str) for lang in LANGUAGES), metric.name


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("leg", (*LEGS, "county", "township", "station")),
        ("resource", ("sites", "vehicles", "staff", "operations", "management")),
        ("activity", ("warehousing", "collection", "sorting", "transport", "delivery")),
        ("remoteness", REMOTENESS),
        ("tier", TIERS),
        ("handover_kind", ("door", "station", "locker", "mobile", "township", "county")),
        ("service_mode", ("village", "township", "post", "refused")),
    ],
)
def test_every_value_of_a_group_has_a_chinese_name(group: str, values: tuple[str, ...]) -> None:
    assert [value for value in values if value_text(group, value, "zh") == value] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1234567.0, "1,234,567"),
        (2.314, "2.31"),
        (0.0123456, "0.0123"),
        (-3.0, "−3.00"),
        (9.999, "10.0"),
        (math.nan, "—"),
        (None, "—"),
    ],
)
def test_numbers_have_three_digits_and_thousands(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "lang", "text"),
    [
        (0.4123, "share", "zh", "41.2%"),
        (2_140_000.0, "yuan", "zh", "214 万元"),
        (2_140_000.0, "yuan", "en", "2.14 million yuan"),
        (950.0, "yuan", "en", "950 yuan"),
        (2.31, "yuan/parcel", "zh", "2.31 元/件"),
        (1_204_311.0, "parcels", "en", "1,204,000 parcels"),
        (1.6, "ratio", "en", "1.60"),
        (math.nan, "h", "en", "—"),
    ],
)
def test_a_quantity_carries_its_unit(value: float, unit: str, lang: Lang, text: str) -> None:
    assert quantity(value, unit, lang) == text


@pytest.mark.parametrize(
    ("value", "unit", "lang", "text"),
    [
        (1.0, "days/year", "en", "1 day/year"),
        (1.0, "months", "en", "1 month"),
        (3.0, "brands", "en", "3 brands"),
        (1.0, "months", "zh", "1 个月"),
        (60.0, "s/parcel", "en", "60 s/parcel"),
        (0.002, "share", "en", "0.2%"),
        (1.0, "switch", "en", "on"),
        (0.0, "switch", "zh", "关"),
    ],
)
def test_a_number_as_it_was_written_has_one_of_several_in_the_singular(value: float, unit: str, lang: Lang, text: str) -> None:
    assert written(value, unit, lang) == text


@pytest.mark.parametrize(
    ("numbers", "unit", "lang", "told"),
    [
        ((-0.31, -0.338, -0.282), "yuan/parcel", "en", ("−0.310 yuan/parcel", "[−0.338, −0.282]")),
        ((0.9, 0.76, 1.04), "h", "zh", ("+0.90 小时", "[+0.76, +1.04]")),
        ((0.388, 0.36, 0.41), "share", "zh", ("+38.8 百分点", "[+36.0, +41.0]")),
        ((41_000.0, 36_892.0, 45_108.0), "km", "en", ("+41,000 km", "[+36,900, +45,100]")),
        ((0.0, 0.0, 0.0), "parcels", "en", ("0 parcels", "[0, 0]")),
        ((1.0, None, None), "h", "en", ("+1.00 h", "—")),
        ((-17.0, -17.0, -17.0), "", "en", ("−17", "[−17, −17]")),
        ((-17.2, -18.0, -16.0), "", "en", ("−17.2", "[−18.0, −16.0]")),
        ((None, None, None), "h", "en", ("—", "—")),
    ],
)
def test_a_difference_and_its_interval_have_the_same_decimals(
    numbers: tuple[float | None, float | None, float | None], unit: str, lang: Lang, told: tuple[str, str]
) -> None:
    assert change(*numbers, unit, lang) == told


def test_a_difference_is_never_written_as_nothing_and_its_interval_keeps_two_ends() -> None:
    assert change(-2.2e-6, -3.2e-6, -1.2e-6, "share", "en") == ("−0.00022 pp", "[−0.00032, −0.00012]")
    assert change(-103312.0, -103409.0, -103216.0, "km", "en") == ("−103,300 km", "[−103,400, −103,200]")
    assert change(0.0, 0.0, 0.0, "share", "en")[0] == "0.0 pp"
    assert change(-1.8e-6, -4.3e-6, 6.8e-7, "h", "en") == ("≈0 h", "[≈0, ≈0]")


def test_a_share_by_something_else_is_no_per_cent() -> None:
    assert unit_text("probability/vehicle-day", "en") == "probability/vehicle-day"
    assert unit_text("probability", "en") == "%"


def test_an_alliance_is_named_by_what_it_pools() -> None:
    names = {"joint_distribution": Words("共同配送", "Joint distribution")}
    assert value_text("actor", "alliance:joint_distribution", "zh", names) == "联盟（共同配送）"
    assert value_text("actor", "alliance:joint_distribution", "en", names) == "alliance (Joint distribution)"
    assert value_text("actor", "alliance:ours", "zh") == "联盟（ours）"
    assert value_text("actor", "workers", "zh") == "劳动者"


def test_a_number_and_its_unit_read_as_one_quantity() -> None:
    assert (written(0.05, "1/year", "zh"), written(0.05, "1/year", "en")) == ("0.05 每年", "0.05 per year")
    assert (written(2.5, "degrees C", "zh"), written(2.5, "degrees C", "en")) == ("2.5 摄氏度", "2.5 °C")
    assert quantity(361.0, "count", "en") == quantity(361.0, "count", "zh") == "361"
    assert (written(1.05, "of list price", "zh"), written(0.1, "of wage", "zh")) == ("1.05 倍标价", "0.1 倍工资")


def test_whatever_metrics_are_grouped_by_has_a_name_in_both_languages() -> None:
    groups = {group for metric in METRICS for group in metric.groups}
    assert all(group_text(group, lang) for group in groups for lang in LANGUAGES)
    assert group_text("leg|resource", "zh") == "环节、资源"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_a_table_of_differences_is_grouped_by_has_a_name(lang: Lang) -> None:
    from sim.metrics.catalogue import METRICS, PAIRS
    from sim.study.added import AGAINST
    from sim.study.lasting import GROUP

    groups = {group for metric in (*METRICS, *PAIRS) for group in metric.groups} | {AGAINST, GROUP}
    assert all(group_text(group, lang) for group in groups)
