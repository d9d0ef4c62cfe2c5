"""The calls of a notebook: load, run, compare, open, and the lists."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from sim.errors import ScenarioError
from sim.scenario.load import is_study
from sim.scenario.load import load as load_scenario
from sim.scenario.model import Scenario
from sim.scenario.model import Study as Design
from sim.scenario.node import fault
from sim.scenario.study import load_study
from sim.study import compare as comparison
from sim.study import result
from sim.study.stage import Tell
from sim.study.task import read_manifest, work
from sim.text import LANGUAGES, Lang

if TYPE_CHECKING:
    from sim.batch import Pool
    from sim.report.input import ReportInput
    from sim.run import Run
    from sim.store import StoredRun

__all__ = ["Design", "Scenario", "Study", "compare", "load", "open", "run"]


class Study(result.Study):
    """A finished study that can also write its report."""

    def report(
        self,
        languages: Sequence[Lang] = LANGUAGES,
        told: ReportInput | None = None,
        pool: Pool | None = None,
        *,
        out: str | Path | None = None,
    ) -> dict[Lang, Path]:
        """Write the report into ``out``, each file whole or not at all; return the paths by language.

        Unless given ``out`` is the folder ``report`` of the study, here and below. ``told`` spares gathering again what the report says,
        ``pool`` starting processes anew.
        """
        from sim.report.html import write_report
        from sim.telling import report_input

        chosen = _languages(languages)
        return write_report(told or report_input(self), self._into(out), chosen, pool)

    def printed(self, languages: Sequence[Lang] = LANGUAGES, *, out: str | Path | None = None) -> dict[Lang, Path]:
        """Write the report as a PDF for printing into ``out``; return the paths by language."""
        from sim.report.pdf import write_pdf
        from sim.telling import report_input

        chosen = _languages(languages)
        return write_pdf(report_input(self), self._into(out), chosen)

    def figures(self, languages: Sequence[Lang] = LANGUAGES, *, out: str | Path | None = None) -> list[Path]:
        """Write every figure as SVG and PNG into the folder ``figures`` of ``out``; return the paths."""
        from sim.report.html import write_figures
        from sim.telling import report_input

        chosen = _languages(languages)
        return write_figures(report_input(self), self._into(out) / "figures", chosen)

    def workbook(self, languages: Sequence[Lang] = LANGUAGES, *, out: str | Path | None = None) -> dict[Lang, Path]:
        """Write the study's workbook for a spreadsheet into ``out``; return the paths by language."""
        from sim.report.xlsx import write_workbooks
        from sim.telling import report_input

        chosen = _languages(languages)
        return write_workbooks(report_input(self), self._into(out), chosen)

    def _into(self, out: str | Path | None) -> Path:
        """Return where reports are written."""
        return self.folder / "report" if out is None else _folder("out", out)


def load(path: str | Path, overrides: Sequence[str] = (), days: int | None = None) -> Scenario | Design:
    """Return the scenario or the study of a file, or of the shipped one of that name; ScenarioError lists all its faults.

    ``overrides`` are settings as on the command line, such as ``["days=30", "parameters.demand.p_missort=0.01"]``; ``days`` cuts the run.
    """
    _named(path)
    if isinstance(overrides, str) or not isinstance(overrides, Iterable) or not all(isinstance(one, str) for one in overrides):
        raise ScenarioError([fault("overrides", "overrides", value=repr(overrides))])
    return load_study(path, overrides, days) if is_study(path) else load_scenario(path, overrides, days)


def run(
    scenario: Scenario | str | Path,
    seed: int = 1,
    days: int | None = None,
    *,
    settled: bool = True,
    out: str | Path | None = None,
    sample: float = 1.0,
    progress: Callable[..., None] | None = None,
) -> Run:
    """Run one replication of a scenario; with ``out`` it leaves its tables there, else they go with the object.

    ``seed`` is a whole number from 0 on: scenarios with one seed meet the same luck. ``days`` cuts the run. ``settled``: levers are in
    force from before the warm-up, otherwise from their dates. ``sample``: share of the households whose parcels, legs and visits are
    written. ``progress`` is called as days pass. Wrong input raises ScenarioError or CountyError, an ``out`` that holds other files
    ResultsError.
    """
    from sim.run import run as run_once

    _whole(seed)
    folder = _folder("out", out) if out is not None else None
    chosen = scenario if isinstance(scenario, Scenario) else load_scenario(_named(scenario))
    if days is not None:
        chosen = shortened(chosen, days)
    return run_once(chosen, seed, settled=settled, out=folder, sample=sample, progress=progress)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _whole(seed: object) -> None:
    """Refuse a seed that is no whole number from 0 on."""
    if not _is_whole(seed) or not 0 <= int(seed) < 2**63:
        raise ScenarioError([fault("seed", "seed", value=repr(seed))])


def _count(name: str, value: object) -> None:
    """Refuse a number of replications or processes that is no whole number from 1 on."""
    if not _is_whole(value) or int(value) < 1:
        raise ScenarioError([fault(name, "count", name=name, value=repr(value))])


def _named(asked: str | Path) -> str | Path:
    """Refuse what is neither the name of a scenario or study nor a file."""
    if not isinstance(asked, str | Path):
        raise ScenarioError([fault(type(asked).__name__, "not_named", value=repr(asked))])
    return asked


def _folder(name: str, asked: object) -> Path:
    """Refuse what names no folder."""
    if not isinstance(asked, str | os.PathLike):
        raise ScenarioError([fault(name, "no_folder_named", value=repr(asked))])
    return Path(asked)


def _languages(asked: object) -> list[Lang]:
    """Return the languages asked for, each once; refuse what is no list of them."""
    if isinstance(asked, str) or not isinstance(asked, Iterable):
        raise ScenarioError([fault("languages", "no_list", name="languages", value=repr(asked), example='["zh", "en"]')])
    several = list(asked)
    wrong = [one for one in several if one not in LANGUAGES] or ([] if several else [several])
    if wrong:
        raise ScenarioError([fault("languages", "language", value=repr(one), known=", ".join(LANGUAGES)) for one in wrong])
    return [lang for lang in LANGUAGES if lang in several]


def shortened(scenario: Scenario, days: int) -> Scenario:
    """Return a scenario cut to ``days``; warn of levers that this leaves out."""
    if scenario.file is not None:
        again = [f"{change.path}={_written(change.new)}" for change in scenario.changes if change.path != "days"]
        made = load_scenario(scenario.file, again, days)
        for words in made.warnings:
            warnings.warn(words.en, stacklevel=3)
        return made
    end = scenario.start + timedelta(days=days - 1)
    left_out = [lever.id for lever in scenario.levers if lever.since is not None and lever.since > end]
    if left_out:
        warnings.warn(f"left out, as they begin after {end}: {', '.join(left_out)}", stacklevel=3)
    content = {**scenario.resolved(), "days": days}
    content["levers"] = [lever for lever in content["levers"] if lever["id"] not in left_out]
    return Scenario.model_validate(content).at(scenario._origin)


def _written(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)


def compare(
    scenarios: Design | Sequence[Scenario | str | Path] | str | Path,
    replications: int | None = None,
    workers: int | None = None,
    *,
    seed: int = 1,
    out: str | Path | None = None,
    windows: Sequence[str] | None = None,
    progress: Tell | None = None,
    work: comparison.Work = work,
    pool: Pool | None = None,
) -> Study:
    """Compare scenarios, the first being the baseline, or run a study, over paired replications.

    ``scenarios`` are a study (its file, name or object) or scenarios. Every scenario meets the seeds ``seed``, ``seed`` + 1, ...:
    ``replications`` of them (the study's own number, 10 for scenarios). ``workers`` is the number of processes, all cores by default.
    ``out`` is the study's folder, ``results/<study>`` by default: runs of the same scenario, county, program and packages that it holds
    are used again. ``windows`` are ``settled``, ``transition`` or both. ``progress``, ``work`` and ``pool`` are for programs that show,
    replace or share what runs. Wrong input raises ScenarioError or CountyError.
    """
    _whole(seed)
    if workers is not None:
        _count("workers", workers)
    if replications is not None and not _is_whole(replications):
        raise ScenarioError([fault("replications", "count", name="replications", value=repr(replications))])
    if isinstance(scenarios, str | Path):
        asked: Design | list[Scenario] = load_study(scenarios)
    elif isinstance(scenarios, Design):
        asked = scenarios
    else:
        if not isinstance(scenarios, Iterable):
            _named(scenarios)
        asked = [s if isinstance(s, Scenario) else load_scenario(_named(s)) for s in scenarios]
    folder = _folder("out", out) if out is not None else None
    if windows is not None and (isinstance(windows, str) or not isinstance(windows, Iterable)):
        raise ScenarioError([fault("windows", "no_list", name="windows", value=repr(windows), example='["settled", "transition"]')])
    found = comparison.compare(asked, replications, workers, seed, folder, windows, progress, work, pool)
    return Study(found.folder, found.record, found.reused)


def open(path: str | Path) -> StoredRun | Study:
    """Return the run or the study that a results folder holds."""
    folder = _folder("open", path)
    if read_manifest(folder) is not None:
        from sim.store import open_run

        return open_run(folder)
    found = result.read(folder)
    return Study(found.folder, found.record)


def list_levers() -> list[Any]:
    """Return every kind of lever with its parameters."""
    from sim.scenario.listing import levers

    return list(levers())


def list_parameters() -> list[Any]:
    """Return every parameter with unit, range and source."""
    from sim.schema.listing import parameters

    return list(parameters())


def list_metrics() -> list[Any]:
    """Return the catalogue of metrics."""
    from sim.metrics.catalogue import BY_NAME

    return list(BY_NAME.values())


def list_scenarios() -> list[Any]:
    """Return the shipped scenarios and studies."""
    from sim.scenario.files import scenarios

    return list(scenarios())


def list_counties() -> list[Any]:
    """Return the shipped counties."""
    from sim.scenario.files import counties

    return list(counties())
