"""``guantong explain``: what a scenario changes, in words and numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import h
from sim.cli.options import Json, LangOption, Quiet, Settings, language
from sim.cli.output import as_json, guarded

File = Annotated[Path, typer.Argument(help=h("run.file"))]


@guarded
def explain(file: File, settings: Settings = None, quiet: Quiet = False, json_: Json = False, lang: LangOption = None) -> None:
    from sim.scenario.explain import explain as told
    from sim.scenario.load import load

    parts = told(load(file, settings or []), language(lang))
    if json_:
        as_json([{"heading": part.heading, "lines": list(part.lines)} for part in parts])
        return
    for part in parts:
        typer.secho(part.heading, bold=True)
        for line in part.lines:
            typer.echo(f"  {line}")
