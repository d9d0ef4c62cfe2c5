"""What a study found: its tables and its record, written whole, read back by ``sim.open``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.study.task import folder_of
from sim.text import Words, in_both

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.verdict import Verdict

RECORD = "study.json"
DIFFERENCES, METRICS = "differences.parquet", "metrics.parquet"


@dataclass(frozen=True)
class Study:
    """A finished study: ``folder`` holds everything, ``record`` is what ``study.json`` says."""

    folder: Path
    record: Mapping[str, Any]
    reused: int = field(default=0, compare=False)
    """Runs that were there already when this comparison was asked for."""

    def __repr__(self) -> str:
        seeds = ", ".join(map(str, self.seeds))
        return f"<Study {self.name}: {self.baseline} against {', '.join(self.alternatives)}; seeds {seeds}; in {self.folder}>"

    @property
    def name(self) -> str:
        return str(self.record["study"]["study"])

    @property
    def baseline(self) -> str:
        """Return the name of the scenario that the others are compared with."""
        return str(self.record["baseline"])

    @property
    def alternatives(self) -> tuple[str, ...]:
        return tuple(self.record["alternatives"])

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return the names of the metrics to show first."""
        return tuple(self.record["outcomes"])

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(self.record["seeds"])

    @property
    def windows(self) -> tuple[str, ...]:
        return tuple(self.record["windows"])

    @property
    def titles(self) -> dict[str, Words]:
        """Return the titles of the scenarios by name, the baseline first."""
        return {name: Words(**entry["title"]) for name, entry in self.record["scenarios"].items()}

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Return one sentence for each outcome and alternative."""
        from sim.study.verdict import Verdict

        return tuple(Verdict(**{**entry, "words": Words(**entry["words"])}) for entry in self.record["verdicts"])

    @property
    def caveats(self) -> tuple[Words, ...]:
        """Return what must stand beside the verdicts."""
        return tuple(Words(**entry) for entry in self.record["caveats"])

    @property
    def assumptions(self) -> Mapping[str, Any] | None:
        """Return what the runs over the assumptions say, None where there were none."""
        found: Mapping[str, Any] | None = self.record.get("assumptions")
        return found

    def differences(self) -> pd.DataFrame:
        """Return the paired differences to the baseline."""
        return _table(self.folder / DIFFERENCES)

    def metrics(self) -> pd.DataFrame:
        """Return the metrics of every run, with columns scenario, seed and window in front."""
        return _table(self.folder / METRICS)

    def pairing(self) -> pd.DataFrame:
        """Return by how much pairing cut the variance of each difference."""
        import pandas as pd

        return pd.DataFrame(self.record["pairing"])

    def run_folder(self, scenario: str, seed: int, window: str = "settled") -> Path:
        """Return the folder of one of the study's runs; ResultsError where it has no such run."""
        if not any((run["scenario"], run["seed"], run["window"]) == (scenario, seed, window) for run in self.record["runs"]):
            names, seeds = ", ".join(self.titles), ", ".join(map(str, self.seeds))
            asked = {
                "scenario": scenario,
                "seed": seed,
                "window": window,
                "names": names,
                "seeds": seeds,
                "windows": ", ".join(self.windows),
            }
            raise ResultsError(*in_both("results_fault.not_in_study", **asked))
        return folder_of(self.folder, scenario, seed, window)


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path)


def write(folder: Path, record: Mapping[str, Any], differences: pd.DataFrame, metrics: pd.DataFrame) -> Study:
    """Write a study's files beside their places and move them there, the record last: it says that the study is whole."""
    parts = {name: folder / f".{name}.{os.getpid()}.part" for name in (DIFFERENCES, METRICS, RECORD)}
    try:
        differences.to_parquet(parts[DIFFERENCES], index=False)
        metrics.to_parquet(parts[METRICS], index=False)
        parts[RECORD].write_text(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        (folder / RECORD).unlink(missing_ok=True)
        for name, part in parts.items():
            part.replace(folder / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return Study(folder, record)


def read(folder: Path) -> Study:
    """Return the study in a folder; raise ResultsError where there is none that is whole."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(*_missing(folder)) from None
    except (OSError, ValueError) as error:
        raise ResultsError(*in_both("results_fault.unreadable", file=folder / RECORD, error=error)) from None
    if not isinstance(record, dict) or record.get("format") != 1:
        raise ResultsError(*in_both("results_fault.no_record", file=folder / RECORD))
    for name in (DIFFERENCES, METRICS):
        if not (folder / name).is_file():
            raise ResultsError(*in_both("results_fault.file_missing", file=folder / name))
    return Study(folder, record)


def _missing(folder: Path) -> tuple[str, str]:
    if not folder.is_dir():
        return in_both("results_fault.no_folder", folder=folder)
    if (folder / "runs").is_dir():
        return in_both("results_fault.unfinished", folder=folder)
    return in_both("results_fault.neither", folder=folder, record=RECORD)
