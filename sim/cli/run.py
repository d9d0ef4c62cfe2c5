"""``guantong run``: one scenario, one replication, all tables, of all households or a sample of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import h
from sim.cli.options import Days, Json, LangOption, Quiet, Seed, Settings, Window, language
from sim.cli.output import as_json, guarded, note, span
from sim.text import quantity, t

RUNS = Path("results/run")

File = Annotated[Path, typer.Argument(help=h("run.file"))]
Sample = Annotated[float, typer.Option("--sample", help=h("run.sample"), min=0, max=1)]
When = Annotated[Window, typer.Option("--window", help=h("window"))]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=h("run.out"))]


@guarded
def run(
    file: File,
    seed: Seed = 1,
    days: Days = None,
    out: Out = None,
    settings: Settings = None,
    window: When = Window.settled,
    sample: Sample = 1.0,
    quiet: Quiet = False,
    json_: Json = False,
    lang: LangOption = None,
) -> None:
    from sim.scenario.load import load

    tongue = language(lang)
    scenario = load(file, settings or [], days)
    for warning in scenario.warnings:
        note(t("cli.warning", tongue, text=warning.text(tongue)), quiet)
    name = scenario.name if window is Window.settled else f"{scenario.name}@{window.value}"
    folder = (out if out is not None else RUNS / name / str(seed)).absolute()

    from sim.allocator import keep_freed
    from sim.cli.progress import days_bar
    from sim.metrics.catalogue import METRICS
    from sim.run import run as run_once

    keep_freed()
    with days_bar(quiet or json_) as tell:
        made = run_once(scenario, seed, settled=window is Window.settled, out=folder, sample=sample, progress=tell)
    totals = made.table("metrics")
    totals = totals[(totals["group"].fillna("") == "") & (totals["period"] == "all")].set_index("metric")
    values = {str(name): float(value) for name, value in totals["value"].astype(float).items()}
    if json_:
        from sim.study.compare import plain

        about = {"scenario": scenario.name, "seed": seed, "folder": str(folder), "seconds": made.seconds}
        as_json({**about, "metrics": plain(values)})
        return
    from sim.cli.table import print_rows

    shown = [m for m in METRICS if m.name in values]
    rows = [(m.zh if tongue == "zh" else m.en, quantity(values[m.name], m.unit, tongue)) for m in shown]
    print_rows([t("cli.outcome", tongue), t("cli.value", tongue)], rows, scenario.words.text(tongue))
    note(t("cli.ran", tongue, name=scenario.name, seed=seed, time=span(made.seconds, tongue)), quiet)
    typer.echo(t("cli.results", tongue, path=folder))
