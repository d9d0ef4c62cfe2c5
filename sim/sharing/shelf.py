"""Coalition values kept on disk beside the solved routes, by everything they depend on."""

from __future__ import annotations

import json
import os
import tempfile
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import sim
from sim.plan.routes import cache_folder, solver_version
from sim.sharing.bill import Bill

MADE_BY = ("plan", "ledger", "world", "schema", "sharing", "levers")
"""Packages whose code decides what a coalition costs."""


@lru_cache(maxsize=1)
def code() -> str:
    """Return a hash of the code that values come from: values of other code are not read."""
    digest = blake2b(solver_version().encode(), digest_size=16)
    root = Path(sim.__file__).parent
    for file in sorted([root / "rules.py", root / "units.py", *(f for name in MADE_BY for f in (root / name).glob("*.py"))]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read(name: str) -> dict[tuple[int, ...], Bill]:
    """Return what is known of a table of values; nothing where the disk knows nothing or rubbish."""
    try:
        rows = json.loads(_file(name).read_text())
        return {tuple(rows_): Bill(pool, fees, tuple(own), tuple(paid)) for rows_, pool, fees, own, paid in rows}
    except (OSError, ValueError, TypeError):
        return {}


def write(name: str, bills: dict[tuple[int, ...], Bill]) -> None:
    """Write a table whole or not at all, with what others have added meanwhile; a folder that cannot be written only costs time."""
    rows = [(rows, b.pool, b.pool_fees, b.own, b.fees) for rows, b in sorted((read(name) | bills).items())]
    file = _file(name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{name}")
        with os.fdopen(handle, "w") as out:
            json.dump(rows, out)
        os.replace(temporary, file)
    except OSError:
        return


def _file(name: str) -> Path:
    return cache_folder() / f"coalitions-{name}.json"
