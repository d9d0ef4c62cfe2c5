"""The page is one file that loads nothing, and says what the tables say."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import ResultsError
from sim.fonts import missing
from sim.report.html import write_figures, write_report
from sim.report.inline import inline
from sim.report.input import Answer, Assumption, ReportInput
from sim.report.table import long_rows, outcome_rows
from sim.text import LANGUAGES, Lang, Words, quantity, t

LOADING = {"src", "href", "xlink:href", "action", "data", "poster", "srcset", "background", "formaction"}


class Reader(HTMLParser):
    """Collects what a page would load, its ids, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.drawings: list[dict[str, str | None]] = []
        self.rows: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.loads += [value or "" for name, value in attrs if name in LOADING]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag == "svg":
            self.drawings.append(found)
        if "data-metric" in found:
            self.rows.append(found["data-metric"] or "")


def read(path: Path) -> Reader:
    """Read a page."""
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_loads_nothing_from_outside(pages: dict[Lang, Path], lang: Lang) -> None:
    page = pages[lang].read_text(encoding="utf-8")
    other = "en" if lang == "zh" else "zh"
    allowed = ("#", "data:", f"report.{other}.html")
    assert [load for load in read(pages[lang]).loads if not load.startswith(allowed)] == []
    assert re.findall(r"(?:url\(|@import|src=)[\"']?(?:https?:)?//", page) == []
    assert "default-src 'none'" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_holds_every_outcome_and_every_alternative(pages: dict[Lang, Path], study: ReportInput, lang: Lang) -> None:
    assert set(read(pages[lang]).rows) == set(study.outcomes)
    text = unescape(pages[lang].read_text(encoding="utf-8"))
    assert all(study.catalogue[metric].title.text(lang) in text for metric in study.outcomes)
    assert all(title.text(lang) in text for title in study.titles.values())
    assert all(verdict.text(lang) in text for verdict in study.verdicts)
    assert study.stamp.study_hash in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_drawing_is_described_and_no_id_is_used_twice(pages: dict[Lang, Path], lang: Lang) -> None:
    reader = read(pages[lang])
    assert len(reader.drawings) >= 8
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in reader.drawings)
    assert len(reader.ids) == len(set(reader.ids))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reference_inside_a_page_has_its_target(pages: dict[Lang, Path], lang: Lang) -> None:
    page, reader = pages[lang].read_text(encoding="utf-8"), read(pages[lang])
    inner = {load[1:] for load in reader.loads if load.startswith("#")} | set(re.findall(r"url\(#([^)]+)\)", page))
    assert inner <= set(reader.ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_stays_below_three_megabytes_and_its_script_is_the_one_it_allows(pages: dict[Lang, Path], lang: Lang) -> None:
    page = pages[lang].read_text(encoding="utf-8")
    assert pages[lang].stat().st_size < 3_000_000
    script = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(script) == 1
    assert base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode() in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_font_inside_draws_every_letter_of_the_page(pages: dict[Lang, Path], lang: Lang) -> None:
    body = re.sub(r"<style>.*?</style>", "", pages[lang].read_text(encoding="utf-8"), flags=re.DOTALL)
    assert missing(body) == set()


def test_every_figure_can_be_had_as_files_in_both_languages(study: ReportInput, tmp_path: Path) -> None:
    names = {path.name for path in write_figures(study, tmp_path)}
    keys = {name.split(".")[0] for name in names}
    assert {"forest", "cost", "delivery", "operators", "map"} <= keys
    assert names == {f"{key}.{lang}.{kind}" for key in keys for lang in LANGUAGES for kind in ("svg", "png")}
    assert names == {path.name for path in tmp_path.iterdir()}


def test_the_letters_of_a_figure_are_text_in_the_pages_own_font(pages: dict[Lang, Path]) -> None:
    page = pages["zh"].read_text(encoding="utf-8")
    assert page.count("'Guantong Report'") > 100
    assert "<text" in page
    assert "'Noto Sans SC'" not in page


def test_what_no_replication_changes_is_called_no_change_and_not_unclear(study: ReportInput) -> None:
    none = study.differences.assign(mean=0.0, low=0.0, high=0.0, same_sign_share=1.0, better="unclear")
    cell = outcome_rows(replace(study, differences=none), "settled", "zh")[0].cells[0]
    assert cell is not None
    assert (cell.mark, cell.change, cell.interval) == ("same", "没有变化", "")


@pytest.mark.parametrize(("lang", "words"), [("en", "nothing to compare"), ("zh", "无法比较")])
def test_what_has_no_value_on_one_side_is_nothing_to_compare_and_not_unclear(study: ReportInput, lang: Lang, words: str) -> None:
    nan = float("nan")
    gone = replace(study, differences=study.differences.assign(baseline=nan, mean=nan, low=nan, high=nan, n=0, same_sign_share=nan))
    cell = outcome_rows(gone, "settled", lang)[0].cells[0]
    assert cell is not None
    assert (cell.mark, cell.change, cell.interval, cell.judged) == ("none", words, "", "")
    assert {row.cells[9][0] for row in long_rows(gone, lang)[0]} == {f"– {words}"}


def test_an_operator_that_pays_and_one_whose_parcels_they_are_are_told_apart(study: ReportInput) -> None:
    own = study.differences[study.differences["group"] == "carrier"].iloc[:1]
    both = replace(study, differences=pd.concat([own, own.assign(group="actor")]))
    name = study.operators[own.iloc[0]["value_of_group"]]
    assert [row.cells[1][0] for row in long_rows(both, "en")[0]] == [f"{name.en} (by operator)", f"{name.en} (by actor)"]
    pool = replace(study, differences=own.assign(group="actor", value_of_group="alliance:joint_distribution"))
    assert {row.cells[1][0] for row in long_rows(pool, "zh")[0]} == {"联盟（共同配送）（按主体）"}
    assert [row.cells[1][0] for row in long_rows(both, "zh")[0]] == [f"{name.zh}（按企业）", f"{name.zh}（按主体）"]


def test_the_answer_stands_before_the_sentences_of_each_outcome(study: ReportInput, tmp_path: Path) -> None:
    answered = replace(
        study, answers=(Answer(Words("方案", "Plan"), (Words("一行。", "One line."),)),), equal_service=(Words("同等。", "Equal."),)
    )
    page = write_report(answered, tmp_path, ["en"])["en"].read_text(encoding="utf-8")
    assert page.index("One line.") < page.index("Equal.") < page.index(study.verdicts[0].en)


def test_better_and_worse_are_told_by_word_and_sign_and_not_by_colour_alone(study: ReportInput) -> None:
    cells = [cell for row in outcome_rows(study, "settled", "en") for cell in row.cells if cell is not None]
    assert {(cell.mark, cell.sign, cell.verdict) for cell in cells} == {
        ("yes", "▲", "better"),
        ("no", "▼", "worse"),
        ("unclear", "●", "unclear"),
        ("neutral", "■", "no better side"),
    }


def test_the_table_shows_the_baseline_that_the_differences_hold(study: ReportInput) -> None:
    rows = {row.metric: row for row in outcome_rows(study, "settled", "zh")}
    for metric, row in rows.items():
        held = study.differences[(study.differences["metric"] == metric) & (study.differences["group"] == "")]["baseline"].iloc[0]
        assert row.baseline == quantity(float(held), study.catalogue[metric].unit, "zh")


def test_too_few_replications_are_said_in_words(study: ReportInput) -> None:
    four = replace(study, differences=study.differences.assign(low=np.nan, high=np.nan, better="unclear"))
    one = replace(study, differences=four.differences.assign(mean=np.nan, same_sign_share=np.nan))
    cell_of_four, cell_of_one = (outcome_rows(some, "settled", "en")[0].cells[0] for some in (four, one))
    assert cell_of_four is not None
    assert cell_of_one is not None
    assert cell_of_four.interval == t("report.no_interval", "en")
    assert cell_of_one.change == t("report.no_mean", "en")


def test_a_study_without_operators_or_maps_says_that_it_has_none(study: ReportInput, tmp_path: Path) -> None:
    bare = replace(
        study,
        differences=study.differences[study.differences["group"] == ""],
        metrics=study.metrics[study.metrics["group"] == ""],
        services={},
        outcomes=study.outcomes[:2],
    )
    page = write_report(bare, tmp_path, ["en"])["en"].read_text(encoding="utf-8")
    assert page.count(t("report.no_figure", "en")) == 6
    assert "report.zh.html" not in page


def test_a_missing_column_is_named(study: ReportInput) -> None:
    with pytest.raises(ResultsError, match="differences: no column same_sign_share"):
        replace(study, differences=study.differences.drop(columns="same_sign_share"))
    with pytest.raises(ResultsError, match="outcome joy is not in the catalogue"):
        replace(study, outcomes=("joy",))


def test_an_inlined_drawing_keeps_its_scale_factors_whole() -> None:
    drawing = '<svg viewBox="0 0 1 1"><g id="a" transform="scale(0.015625)"><path d="M 1.234567 2"/></g><use xlink:href="#a"/></svg>'
    assert inline(drawing, "x", 'one "two"') == (
        '<svg viewBox="0 0 1 1" role="img" aria-label="one &quot;two&quot;" class="plot"><title>one &quot;two&quot;</title>'
        '<g id="x-a" transform="scale(0.015625)"><path d="M 1.23 2"/></g><use href="#x-a"/></svg>'
    )


def test_a_rule_among_the_assumptions_is_told_in_words() -> None:
    rule = Assumption(Words("满架处理", "when no space"), "back_to_township", "rule")
    assert {lang: rule.value_text(lang) for lang in LANGUAGES} == {"zh": "带回乡镇网点", "en": "back to the township"}
    assert Assumption(Words("时刻", "time"), "14:00", "time").value_text("zh") == "14:00"
