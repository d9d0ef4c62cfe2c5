"""What lies in the results folder: studies and runs, found by their relative path and never outside of it."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.study.task import read_manifest

if TYPE_CHECKING:
    from sim.api import Study
    from sim.store import StoredRun

MOST = 200
"""Studies and runs that the page lists, the newest first."""
DEEP = 3


class Shelf:
    """The results folder ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def listed(self) -> list[dict[str, Any]]:
        """Return studies and single runs with their titles."""
        records = sorted(_near(self.root, "study.json"), key=lambda file: -file.stat().st_mtime)[:MOST]
        found = [entry for record in records if (entry := self._study(record)) is not None]
        runs = sorted(_near(self.root, "manifest.json"), key=lambda file: -file.stat().st_mtime)
        inside = {record.parent for record in records}
        single = [file.parent for file in runs if not inside & set(file.parents)]
        return found + [entry for folder in single[:MOST] if (entry := self._run(folder)) is not None]

    def _study(self, record: Path) -> dict[str, Any] | None:
        try:
            said = json.loads(record.read_text(encoding="utf-8"))
            titles = [entry["title"] for entry in said["scenarios"].values()]
            first = {"runs": self._name(record.parent / "runs"), "seed": said["seeds"][0]}
            about = {name: said["background"][name] for name in ("county", "start", "days")}
            about |= {"replications": len(said["seeds"]), "window": said["windows"][0], "made": int(record.stat().st_mtime)}
            return {"kind": "study", "id": self._name(record.parent), "title": said["title"], "scenarios": titles, **first, **about}
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _run(self, folder: Path) -> dict[str, Any] | None:
        manifest = read_manifest(folder)
        if manifest is None or "scenario" not in manifest:
            return None
        about = {name: manifest.get(name) for name in ("scenario", "seed", "days", "start")}
        return {"kind": "run", "id": self._name(folder), **about}

    def run(self, name: str) -> StoredRun:
        """Return the run of a relative path; ResultsError where there is none inside the folder."""
        folder = self._inside(name)
        manifest = folder / "manifest.json"
        return _opened(folder, manifest.stat().st_mtime_ns if manifest.is_file() else 0)

    def study(self, name: str) -> Study:
        """Return the study of a relative path."""
        from sim.api import Study
        from sim.study.result import read

        found = read(self._inside(name))
        return Study(found.folder, found.record)

    def _inside(self, name: str) -> Path:
        with suppress(OSError, ValueError):
            folder = (self.root / name).resolve(strict=True)
            if name and folder.is_relative_to(self.root.resolve()):
                return folder
        raise ResultsError(f"{name[:80]!r}\n  is not inside the results folder")

    def _name(self, folder: Path) -> str:
        return folder.relative_to(self.root).as_posix()


def _near(root: Path, name: str) -> list[Path]:
    """Return the files of a name, down to the depth at which studies and runs lie."""
    return [file for depth in range(1, DEEP + 1) for file in root.glob("/".join(["*"] * depth + [name]))]


@lru_cache(maxsize=8)
def _opened(folder: Path, _changed: int) -> StoredRun:
    from sim.store import open_run

    return open_run(folder)
