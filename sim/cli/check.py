"""``guantong check``: all that is wrong with files, without running them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import h
from sim.cli.options import Json, LangOption, Quiet, Settings, language
from sim.cli.output import as_json, guarded, note
from sim.errors import CountyError, Fault, FaultyInput, ScenarioError
from sim.text import Lang, t

Files = Annotated[list[Path], typer.Argument(help=h("check.files"))]


@guarded
def check(files: Files, settings: Settings = None, quiet: Quiet = False, json_: Json = False, lang: LangOption = None) -> None:
    tongue = language(lang)
    faults: list[Fault] = []
    wrong: list[FaultyInput] = []
    for file in files:
        try:
            warnings = _checked(file, settings or [], tongue)
        except FaultyInput as error:
            wrong.append(error)
            faults.extend(error.faults)
            continue
        for text in warnings:
            note(t("cli.warning", tongue, text=text), quiet)
        if not json_ and not quiet:
            typer.echo(t("cli.fine", tongue, file=file))
    if wrong:
        kind = CountyError if all(isinstance(error, CountyError) for error in wrong) else ScenarioError
        raise kind(list(dict.fromkeys(faults)))
    if json_:
        as_json({"files": [str(file) for file in files], "faults": []})


def _checked(file: Path, settings: list[str], lang: Lang) -> list[str]:
    """Return a file's warnings; raise all its faults, those of its county with them."""
    from sim.scenario.load import is_study, load
    from sim.world.cited import otherwise
    from sim.world.read import read_sheets

    if file.is_dir():
        return [words.text(lang) for words in otherwise(read_sheets(file))]
    if is_study(file):
        from sim.scenario.study import load_study

        scenarios = load_study(file, settings).scenarios
    else:
        scenarios = (load(file, settings),)
    cited = [words for folder in {scenario.county_folder for scenario in scenarios} for words in otherwise(read_sheets(folder))]
    return [words.text(lang) for words in (*cited, *(words for scenario in scenarios for words in scenario.warnings))]
