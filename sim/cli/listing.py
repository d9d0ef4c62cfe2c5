"""``guantong list``: what there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer

from sim.cli.language import h
from sim.cli.options import Json, LangOption, Quiet, language
from sim.cli.output import as_json, guarded
from sim.schema.english import english
from sim.schema.evidence import source_text
from sim.text import Lang, is_share, meaning, t, unit_text


class What(StrEnum):
    """What can be listed."""

    levers = "levers"
    metrics = "metrics"
    parameters = "parameters"
    scenarios = "scenarios"
    counties = "counties"


Kind = Annotated[What, typer.Argument(help=h("list.what"))]


@guarded
def listing(what: Kind, quiet: Quiet = False, json_: Json = False, lang: LangOption = None) -> None:
    rows = _rows(what)
    if json_:
        as_json([{**asdict(row)} for row in rows])
        return
    from sim.cli.table import print_rows

    tongue = language(lang)
    for title, head, cells in SHOWN[what](rows, tongue):
        print_rows([t(f"cli.{name}", tongue) for name in head], cells, title)


def _rows(what: What) -> Sequence[Any]:
    if what is What.metrics:
        from sim.metrics.catalogue import METRICS, PAIRS

        return (*METRICS, *PAIRS)
    if what is What.parameters:
        from sim.schema.listing import parameters

        return parameters()
    if what is What.levers:
        from sim.scenario.listing import levers

        return levers()
    from sim.scenario import files

    return files.scenarios() if what is What.scenarios else files.counties()


Shown = list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]
PARAMETER = ("name", "title", "default", "unit", "range", "source")


def _parameter(row: Any, lang: Lang) -> tuple[str, ...]:
    name = row.zh if lang == "zh" else english(row.path)
    unit = t("cli.fraction", lang) if is_share(row.unit) else unit_text(row.unit, lang)
    return (row.path, name, row.default, unit, row.span, source_text(row.source, lang))


def _parameters(rows: Sequence[Any], lang: Lang) -> Shown:
    return [("", PARAMETER, [_parameter(row, lang) for row in rows])]


def _levers(rows: Sequence[Any], lang: Lang) -> Shown:
    return [(f"{row.kind}: {row.title.text(lang)}", PARAMETER, [_parameter(entry, lang) for entry in row.parameters]) for row in rows]


def _metrics(rows: Sequence[Any], lang: Lang) -> Shown:
    def cells(row: Any) -> tuple[str, ...]:
        title = row.zh if lang == "zh" else row.en
        exactly = row.numerator if row.denominator == "1" else f"{row.numerator} / {row.denominator}"
        definition = meaning(row.name, lang) if lang == "zh" else exactly
        return (row.name, title, unit_text(row.unit, lang), t(f"cli.{row.better}", lang), definition)

    return [("", ("name", "title", "unit", "better", "definition"), [cells(row) for row in rows])]


def _scenarios(rows: Sequence[Any], lang: Lang) -> Shown:
    def cells(row: Any) -> tuple[str, ...]:
        return (row.name, row.title.text(lang), t("cli.study" if row.study else "cli.scenario", lang), str(row.file))

    return [("", ("name", "title", "kind", "file"), [cells(row) for row in rows])]


def _counties(rows: Sequence[Any], lang: Lang) -> Shown:
    return [("", ("folder", "also"), [(row.folder.name, ", ".join(row.names[1:])) for row in rows])]


SHOWN: dict[What, Callable[[Sequence[Any], Lang], Shown]] = {
    What.levers: _levers,
    What.metrics: _metrics,
    What.parameters: _parameters,
    What.scenarios: _scenarios,
    What.counties: _counties,
}
