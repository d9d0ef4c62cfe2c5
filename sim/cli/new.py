"""``guantong new``: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import h
from sim.cli.options import Json, LangOption, Quiet, language, refusal
from sim.cli.output import as_json, guarded
from sim.errors import ScenarioError
from sim.text import t

Name = Annotated[str, typer.Argument(help=h("new.name"))]
From = Annotated[str, typer.Option("--from", help=h("new.from"))]
County = Annotated[str | None, typer.Option("--county", help=h("new.county"))]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=h("new.out"))]


@guarded
def new(
    name: Name,
    from_: From = "baseline",
    county: County = None,
    out: Out = None,
    quiet: Quiet = False,
    json_: Json = False,
    lang: LangOption = None,
) -> None:
    from sim.scenario.new import new as text_of

    name = name.removesuffix(".yaml")
    text = text_of(name, from_, county, language(lang))
    path = (out if out is not None else Path()) / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ScenarioError([refusal(path, "exists", path=path)]) from None
    if json_:
        as_json({"written": str(path)})
    elif not quiet:
        typer.echo(t("cli.written", language(lang), path=path))
