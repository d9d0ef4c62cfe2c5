"""What the members of alliances bear, as rows and as a table with words: stand-alone, allocated, gain, objection, in the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from sim.report.table import Grid
from sim.text import DASH, Lang, Words, number, t
from sim.units import FEN_PER_YUAN


class Tabled(Protocol):
    """Anything that has tables: a run, or a run on disk."""

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by name."""


@dataclass(frozen=True)
class AllocationRow:
    """One member of one pool over all months, yuan; ``objection`` None and ``in_core`` "" where coalitions were not planned;
    ``half_width`` that of the 95% interval of ``allocated`` where shares were sampled."""

    pool: str
    member: str
    rule: str
    months: int
    volume: float
    standalone: float
    allocated: float
    gain: float
    more_fees: float
    objection: float | None
    objection_by: str
    in_core: str
    half_width: float | None = None


def allocation_rows(run: Tabled) -> list[AllocationRow]:
    """Return the rows of ``allocations`` of a run by pool and member, months added up; empty without a pool.

    The objection is the pool's largest in any month, with those who raise it; a pool is in the core when it is in every month.
    """
    table = run.table("allocations")
    rows: list[AllocationRow] = []
    for (pool, member), own in table.groupby(["pool", "member"], sort=False):
        of_pool = table[table["pool"] == pool]
        known = of_pool.dropna(subset=["in_core"])
        told = known["in_core"].tolist()
        worst = known.sort_values("objection_fen", ascending=False, kind="stable").iloc[0] if len(known) else None
        total = {name: float(own[f"{name}_fen"].sum()) / FEN_PER_YUAN for name in ("standalone", "allocated", "gain", "more_fees")}
        rows.append(
            AllocationRow(
                str(pool),
                str(member),
                str(own["rule"].iloc[0]),
                len(own),
                float(own["volume"].sum()),
                **total,
                objection=None if worst is None else float(worst["objection_fen"]) / FEN_PER_YUAN,
                objection_by="" if worst is None or pd.isna(worst["objection_by"]) else str(worst["objection_by"]),
                half_width=float(own["half_width_fen"].sum()) / FEN_PER_YUAN if own["half_width_fen"].notna().any() else None,
                in_core="" if not told else "no" if "no" in told else "undecided" if "undecided" in told else "yes",
            )
        )
    return rows


def allocation_grid(rows: list[AllocationRow], names: Mapping[str, Words], lang: Lang) -> Grid:
    """Return the rows as a table: pool, member, rule, stand-alone, allocated, gain, further fees, largest objection, in the core."""
    heads = ("pool", "member", "rule", "standalone", "allocated", "gain", "more_fees", "objection", "in_core")

    def named(key: str) -> str:
        return names[key].text(lang) if key in names else key

    def told(row: AllocationRow) -> list[str]:
        comma = "、" if lang == "zh" else ", "
        by = t("report.allocation_by", lang, names=comma.join(named(key) for key in row.objection_by.split(", ")))
        objection = DASH if row.objection is None else number(row.objection) + (by if row.objection_by else "")
        figures = [number(value) for value in (row.standalone, row.allocated, row.gain, row.more_fees)]
        if row.half_width is not None:
            figures[1] = f"{figures[1]} ± {number(row.half_width)}"
        core = t(f"report.in_core_{row.in_core or 'unknown'}", lang)
        return [named(row.pool), named(row.member), t(f"report.shared_by_{row.rule}", lang), *figures, objection, core]

    return Grid([t(f"report.allocation_{head}", lang) for head in heads], [told(row) for row in rows])
