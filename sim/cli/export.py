"""``guantong export``: the tables of a run for a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import h
from sim.cli.options import Json, LangOption, Quiet, language, refusal, words
from sim.cli.output import as_json, guarded
from sim.errors import ScenarioError
from sim.text import t

Folder = Annotated[Path, typer.Argument(help=h("export.run"))]
Formats = Annotated[str, typer.Option("--format", help=h("export.format"))]
Tables = Annotated[str | None, typer.Option("--tables", help=h("export.tables"))]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=h("export.out"))]


@guarded
def export(
    run: Folder,
    format_: Formats = "csv",
    tables: Tables = None,
    out: Out = None,
    quiet: Quiet = False,
    json_: Json = False,
    lang: LangOption = None,
) -> None:
    from sim.schema.tables import TABLES
    from sim.store import export as write
    from sim.study.result import RECORD

    formats = words("--format", format_, ("csv", "xlsx"))
    chosen = tuple(words("--tables", tables, tuple(TABLES))) if tables is not None else ()
    if (run / RECORD).is_file():
        example = next(iter(sorted((run / "runs").glob("*/*"))), run / "runs")
        raise ScenarioError([refusal(run, "not_run_export", example=example)])
    headers = "name" if lang is None else language(lang)
    target = out if out is not None else run / "export"
    written = [path for name in formats for path in write(run, name, target, headers, chosen)]
    if json_:
        as_json({"written": [str(path) for path in written]})
        return
    for path in written:
        typer.echo(str(path) if quiet else t("cli.written", language(lang), path=path))
