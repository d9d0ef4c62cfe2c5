"""``guantong compare``: the main job."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.language import h
from sim.cli.options import Days, FirstSeed, Json, LangOption, Quiet, Replications, Settings, Verbose, Workers, language, refusal, words
from sim.cli.output import as_json, guarded, note
from sim.text import LANGUAGES, Lang, t

if TYPE_CHECKING:
    from sim.api import Study
    from sim.report.input import ReportInput
    from sim.scenario.model import Study as Design
    from sim.study.stage import Progress

Files = Annotated[list[Path] | None, typer.Argument(help=h("compare.files"), show_default=False)]
County = Annotated[str | None, typer.Option("--county", help=h("county"))]
NoRanges = Annotated[bool, typer.Option("--no-ranges", help=h("no_ranges"))]
Windows = Annotated[str | None, typer.Option("--windows", help=h("windows"))]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=h("compare.out"))]


@guarded
def compare(
    files: Files = None,
    replications: Replications = None,
    seed: FirstSeed = 1,
    workers: Workers = None,
    out: Out = None,
    windows: Windows = None,
    days: Days = None,
    county: County = None,
    settings: Settings = None,
    no_ranges: NoRanges = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    json_: Json = False,
    lang: LangOption = None,
) -> None:
    from sim.batch import Pool

    tongue = language(lang)
    with contextlib.closing(Pool(workers, ready="sim.study.foreseen")) as pool:
        pool.start(2)
        from sim.api import compare as run_study
        from sim.cli.progress import Bar
        from sim.study.compare import RESULTS
        from sim.study.design import designed

        asked = words("--windows", windows, ("settled", "transition")) if windows is not None else None
        elsewhere = [f"county={county}"] if county is not None else []
        design = designed(_design(files or [], [*elsewhere, *(settings or [])], days), replications, asked)
        if no_ranges:
            design = design.model_copy(update={"assumptions": None})
        if elsewhere and out is None:
            out = RESULTS / f"{design.study}-{design.scenarios[0].county_folder.name}"
        for scenario in design.scenarios:
            for warning in scenario.warnings:
                note(t("cli.warning", tongue, text=warning.text(tongue)), quiet)
        with Bar(len(design.scenarios), design.replications, tongue, quiet or json_) as bar:
            study = run_study(design, seed=seed, out=out, progress=partial(_news, bar), pool=pool)
        from sim.telling import report_input

        told = report_input(study)
        paths = study.report((tongue,) if lang is not None else LANGUAGES, told, pool)
    if json_:
        as_json(summary(study, paths))
        return
    _print(study, told, tongue, quiet, verbose)
    typer.echo(t("cli.results", tongue, path=study.folder))
    typer.echo(t("cli.report_at", tongue, path=paths[tongue]))


def _news(bar: Callable[[Progress], None], now: Progress) -> None:
    """Pass news on; while processes work, import what tells of the study at its end."""
    bar(now)
    if now.task:
        import sim.telling  # noqa: F401


def _design(files: list[Path], settings: list[str], days: int | None) -> Design | list[Any]:
    """Return what is to be compared: a study file, the shipped study, or scenarios."""
    from sim.errors import ScenarioError
    from sim.scenario.load import is_study, load
    from sim.scenario.study import SHIPPED, load_study

    if not files:
        return load_study(SHIPPED, settings, days)
    studies = [file for file in files if is_study(file)]
    if len(files) == 1 and studies:
        return load_study(files[0], settings, days)
    if studies:
        raise ScenarioError([refusal(file, "one_study") for file in studies])
    faults, found = [], []
    for file in files:
        try:
            found.append(load(file, settings, days))
        except ScenarioError as error:
            faults.extend(error.faults)
    if faults:
        raise ScenarioError(list(dict.fromkeys(faults)))
    return found


def _print(study: Study, told: ReportInput, lang: Lang, quiet: bool, verbose: bool) -> None:
    """Print the table, what each alternative does in a few lines, what it costs at equal service, and what that leaves out."""
    from sim.cli.table import print_answers, print_groups, print_outcomes
    from sim.telling import pairing_notes

    print_outcomes(told, lang)
    if quiet:
        return
    if verbose:
        print_groups(told, lang)
    print_answers(told.answers, lang)
    for line in (*told.equal_service, *told.assumed, *study.caveats):
        typer.echo(line.text(lang))
    for line in (*told.verdicts, *pairing_notes(study)) if verbose else ():
        typer.echo(line.text(lang))


def summary(study: Study, paths: dict[Lang, Path]) -> dict[str, Any]:
    """Return what ``--json`` prints: totals of the differences, verdicts, where everything is."""
    from sim.study.compare import plain

    differences = study.differences()
    return {
        "study": study.name,
        "folder": str(study.folder),
        "report": {name: str(path) for name, path in paths.items()},
        "runs": len(study.record["runs"]),
        "reused": study.reused,
        "differences": plain(differences[differences["group"] == ""].to_dict("records")),
        "verdicts": study.record["verdicts"],
        "caveats": study.record["caveats"],
        "assumptions": study.assumptions,
        "pairing": study.record["pairing"],
    }
