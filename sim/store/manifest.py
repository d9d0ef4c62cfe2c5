"""The manifest: which program, scenario, seed and inputs made a run, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.program import package_versions, program
from sim.text import Words, both, t


def describe(
    scenario: str, seed: int, inputs: Iterable[Path] = (), overrides: Mapping[str, tuple[Any, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    """Return a manifest: ``scenario`` is the resolved text, ``inputs`` are files to hash, ``overrides`` name -> (old, new)."""
    return {
        "program": program(),
        "scenario_hash": sha256(scenario.encode()).hexdigest(),
        "seed": seed,
        "inputs": {str(path): sha256(path.read_bytes()).hexdigest() for path in sorted(inputs)},
        "packages": package_versions(),
        "overrides": [{"what": what, "old": old, "new": new} for what, (old, new) in sorted((overrides or {}).items())],
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        **more,
    }


def attribution(manifest: Mapping[str, Any]) -> Words | None:
    """Return how those who made the county's data are to be named; None where an older version has not kept it."""
    match manifest.get("attribution"):
        case {"zh": str(zh), "en": str(en)}:
            return Words(zh, en)
    return None


def credit(manifest: Mapping[str, Any]) -> Words:
    """Return the attribution, else where it stands."""
    return attribution(manifest) or both(lambda lang: t("report.county_gone", lang))
