"""The table of who bears an alliance's cost, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.report.allocations import allocation_grid, allocation_rows
from sim.text import LANGUAGES, Words, t


class _Run:
    def __init__(self, rows: list[tuple[object, ...]]) -> None:
        names = ["month", "pool", "member", "volume", "standalone_fen", "allocated_fen", "gain_fen", "more_fees_fen", "rule"]
        self.frame = pd.DataFrame(rows, columns=[*names, "objection_fen", "objection_by", "in_core", "half_width_fen"])

    def table(self, name: str) -> pd.DataFrame:
        assert name == "allocations"
        return self.frame


def _run(core: str | None = "undecided", half: int | None = None) -> _Run:
    objection, by = (None, None) if core is None else (500, "a, b")
    return _Run(
        [
            ("2021-03", "pool", "a", 10.0, 1000, 700, 300, 10, "equal", objection and 0, None, core and "yes", half),
            ("2021-03", "pool", "b", 20.0, 900, 700, 200, -10, "equal", objection and 0, None, core and "yes", half),
            ("2021-04", "pool", "a", 10.0, 1000, 800, 200, 10, "equal", objection, by, core, half),
            ("2021-04", "pool", "b", 20.0, 900, 800, 100, -10, "equal", objection, by, core, half),
        ]
    )


def test_months_add_up_and_the_worst_objection_is_told() -> None:
    a, b = allocation_rows(_run())
    assert (a.pool, a.member, a.months, a.standalone, a.allocated, a.gain) == ("pool", "a", 2, 20.0, 15.0, 5.0)
    assert (b.volume, b.more_fees, b.objection, b.objection_by, b.in_core) == (40.0, -0.2, 5.0, "a, b", "undecided")


def test_what_was_not_computed_is_said_to_be_so() -> None:
    a, _ = allocation_rows(_run(None))
    assert (a.objection, a.objection_by, a.in_core) == (None, "", "")
    assert "not computed" in allocation_grid([a], {}, "en").rows[0]


def test_a_run_without_a_pool_has_no_rows() -> None:
    assert allocation_rows(_Run([])) == []


def test_the_interval_of_sampled_shares_stands_beside_them_and_exact_ones_have_none() -> None:
    sampled, exact = (allocation_rows(_run(half=half)) for half in (50, None))
    assert [row.half_width for row in sampled] == [1.0, 1.0]
    assert allocation_grid(sampled, {}, "en").rows[0][4] == "15.0 ± 1.00"
    assert [row.half_width for row in exact] == [None, None]
    assert "±" not in allocation_grid(exact, {}, "en").rows[0][4]


def test_the_note_says_that_the_objection_is_of_one_month_and_the_rest_of_all() -> None:
    assert "in the month in which that is most; the other columns are sums over the months" in t("report.allocations_note", "en")
    assert "取各月中最大的；其余各列为各月合计" in t("report.allocations_note", "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_has_a_cell_for_every_head(lang: str) -> None:
    grid = allocation_grid(allocation_rows(_run()), {"a": Words("甲", "A"), "b": Words("乙", "B")}, lang)  # type: ignore[arg-type]
    assert len(grid.rows) == 2
    assert all(len(row) == len(grid.head) for row in grid.rows)
    assert ("甲、乙" if lang == "zh" else "A, B") in grid.rows[0][-2]
