"""Whole-number totals of two runs on the small county; ``python -m tests.golden.totals`` writes them anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.run import run
from tests.run.small import POOL_ALL, STRAINED, scenario

FILE = Path(__file__).with_name("small.json")


def totals() -> dict[str, dict[str, Any]]:
    """Return parcels by outcome, trips by leg and status, fen by category, for the baseline and the pooled county under strain."""
    out = {}
    for name, levers in (("baseline", []), ("pooled", [POOL_ALL])):
        made = run(scenario(name, days=7, warm_up=4, levers=levers, **STRAINED), seed=1)
        parcels, trips, money = made.table("parcels"), made.table("trips"), made.table("money")
        out[name] = {
            "parcels": {"/".join(key): int(n) for key, n in parcels.groupby(["direction", "outcome"]).size().items()},
            "trips": {"/".join(key): int(n) for key, n in trips.groupby(["leg", "status"]).size().items()},
            "fen": {str(key): int(fen) for key, fen in money.groupby("category")["amount_fen"].sum().items()},
        }
    return out


def written() -> dict[str, dict[str, Any]]:
    """Return the totals as they were written last."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(totals(), indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
