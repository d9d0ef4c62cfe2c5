"""The manifest: which program, scenario, seed and inputs made a run, and when."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "numba", "simpy", "mesa", "pyvrp", "scipy", "pandas", "pyarrow", "pydantic")


def program_version() -> str:
    """Return the program's version, or "unknown" where it runs from a folder without being installed."""
    try:
        return version("guantong")
    except PackageNotFoundError:
        return "unknown"


@cache
def package_versions() -> dict[str, str]:
    """Return the versions of the packages that results depend on."""
    out = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            continue
    return out


def describe(
    scenario: str, seed: int, inputs: Iterable[Path] = (), overrides: Mapping[str, tuple[Any, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    """Return a manifest: ``scenario`` is the resolved text, ``inputs`` are files to hash, ``overrides`` name -> (old, new)."""
    return {
        "program": program_version(),
        "scenario_hash": sha256(scenario.encode()).hexdigest(),
        "seed": seed,
        "inputs": {str(path): sha256(path.read_bytes()).hexdigest() for path in sorted(inputs)},
        "packages": package_versions(),
        "overrides": [{"what": what, "old": old, "new": new} for what, (old, new) in sorted((overrides or {}).items())],
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        **more,
    }
