"""What the page begins with: texts in both languages, counties, scenarios, studies and the form of levers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

import sim
from sim.scenario.assemble import assemble
from sim.scenario.files import CountyRow, FileRow, counties, scenarios
from sim.text import LANGUAGES, keys, template
from sim.text.catalogue import LOADER
from sim.web.draft import BASE, MOST_DAYS, MOST_LETTERS, drawn, own_counties
from sim.web.form import form
from sim.web.job import MOST_REPLICATIONS
from sim.web.tracks import PART_DAYS

TEXTS = ("web.", "group.")


def offered(beside: Path | None) -> dict[str, Any]:
    """Return what the page begins with, the counties in the user's scenarios folder among the others as they lie there now."""
    own = [_county(CountyRow(folder, ())) for folder in own_counties(beside).values()]
    return catalogue() | {"counties": [*catalogue()["counties"], *own]}


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Any]:
    """Return what does not change while the server runs."""
    files, places = scenarios(), [_county(row) for row in counties()]
    return {
        "version": sim.__version__,
        "text": {lang: texts(lang) for lang in LANGUAGES},
        "counties": places,
        "scenarios": [_scenario(f, files, {entry["folder"]: entry for entry in places}) for f in files if not f.study and short(f)],
        "studies": [{"name": f.file.stem, "title": _both(f.title)} for f in files if f.study],
        "form": form(),
        "base": BASE,
        "limits": {"days": MOST_DAYS, "part_days": PART_DAYS, "replications": MOST_REPLICATIONS, "file": MOST_LETTERS},
    }


def texts(lang: Any) -> dict[str, str]:
    """Return the strings that the page uses in one language."""
    return {key: template(key, lang) for key in keys() if key.startswith(TEXTS)}


def short(row: FileRow) -> bool:
    """Return whether a scenario's run is one that the page offers; longer ones are for the command line."""
    return bool(drawn(row.file.stem)["days"] <= MOST_DAYS)


def _scenario(row: FileRow, files: list[FileRow], places: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return a scenario with its draft; one without a title of its own is called by what it extends first and its county."""
    draft, title = drawn(row.file.stem), _both(row.title)
    parents = assemble(row.file).parents
    if title["zh"] == row.name and parents:
        county, first = places[draft["county"]], {file.file.stem: file.title for file in files}[parents[0]]
        title = {"zh": f"{first.zh}（{county['zh']}）", "en": f"{first.en} ({county['en']})"}
        draft = draft | {"title": title}
    return {"name": row.file.stem, "title": title, "draft": draft}


def _county(row: CountyRow) -> dict[str, Any]:
    try:
        name = yaml.load((row.folder / "county.yaml").read_text(encoding="utf-8"), Loader=LOADER)["name"]
        return {"folder": row.folder.name, "zh": str(name["zh"]), "en": str(name["en"])}
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError):
        # A county of the user's that does not read is called by its folder; choosing it tells its faults.
        return {"folder": row.folder.name, "zh": row.folder.name, "en": row.folder.name}


def _both(words: Any) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
