"""The answer begins with a table of what a planner asks for first, the same cells as in the table of all outcomes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_study import make

from sim.figures.style import pitch
from sim.metrics.catalogue import BY_NAME
from sim.report.glance import COLUMNS, glance
from sim.report.html import page
from sim.report.table import outcome_rows
from sim.text import LANGUAGES, Lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_line_for_each_policy_with_the_cells_of_the_large_table(lang: Lang) -> None:
    study = make()
    seen, rows = glance(study, lang), {row.metric: row for row in outcome_rows(study, "settled", lang)}
    shown = [metric for metric in COLUMNS if metric in rows]
    assert shown
    assert [title for title, _ in seen.alternatives] == [words.text(lang) for words in study.alternatives.values()]
    for at, (_, cells) in enumerate(seen.alternatives):
        for metric in shown:
            assert cells[seen.head.index(rows[metric].title)] == rows[metric].cells[at]
    text = page((study, lang, LANGUAGES))
    assert text.index('class="glance"') < text.index('class="answer"')


def test_columns_are_metrics_and_those_that_a_study_lacks_are_left_out() -> None:
    assert set(COLUMNS) <= set(BY_NAME)
    study = make()
    few = replace(study, catalogue={**study.catalogue}, differences=study.differences[study.differences["metric"] != COLUMNS[0]])
    assert len(glance(few, "en").head) == len(glance(study, "en").head) - 1


def test_rows_of_a_figure_stand_further_apart_where_a_name_takes_two_lines() -> None:
    short, long = ["Pooled"], ["Pooled", "The same money as station support"]
    assert pitch(short, 0.22) == 0.22 < pitch(long, 0.22)
