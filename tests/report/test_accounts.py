"""Public money, both accounts, ranges over assumptions and turning assumptions stand on the page in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up_study import make
from markupsafe import Markup

from sim.batch import Pool
from sim.figures.select import TOTAL
from sim.metrics.catalogue import BY_NAME
from sim.report.accounts import grids
from sim.report.html import write_report
from sim.report.input import ReportInput
from sim.report.picture import pictures
from sim.report.table import cell, outcome_rows, split_rows
from sim.report.xlsx import write_study_xlsx
from sim.text import LANGUAGES, Lang, MetricText, Words, t, value_text

NAMES = ("pooled-lines", "pooled-to-village", "stations-lockers", "pooled-stations")
ADDED = (
    "public_spending_yuan", "balance_yuan", "consumer_surplus_yuan", "net_benefit_county_yuan", "net_benefit_nation_yuan",
    "cost_per_new_village_yuan", "deadweight_share", "leverage", "left_out_people", "agents_changed",
)  # fmt: skip
ROWS = {
    ("balance_yuan", "account", "operators"): 1000.0,
    ("balance_yuan", "account", "hosts"): 200.0,
    ("balance_yuan", "account", "treasury:central"): -900.0,
    ("balance_yuan", "account", "workers"): -300.0,
    ("balance_yuan", "account", "farmers"): 60.0,
    ("balance_yuan", "account", "penalties"): -40.0,
    ("balance_yuan", "account", "buyers"): 5.0,
    ("consumer_surplus_yuan", "", ""): 500.0,
    ("net_benefit_county_yuan", "", ""): 1700.0,
    ("net_benefit_nation_yuan", "", ""): 800.0,
    ("net_benefit_nation_yuan", "funds_cost", "0"): 800.0,
    ("net_benefit_nation_yuan", "funds_cost", "0.2"): 620.0,
    ("net_benefit_nation_yuan", "carrier", "zto"): 1000.0,
    ("net_benefit_nation_yuan", "carrier", "households"): 500.0,
    ("net_benefit_nation_yuan", "carrier", "hosts"): 200.0,
    ("net_benefit_nation_yuan", "carrier", "public"): -900.0,
    ("cost_per_new_village_yuan", "", ""): 30.0,
    ("deadweight_share", "", ""): 0.4,
    ("leverage", "", ""): float("nan"),
    ("left_out_people", "", ""): -1200.0,
    ("agents_changed", "agent_kind", "host"): 2.0,
}


@pytest.fixture(scope="module")
def told() -> ReportInput:
    study = make()
    extra = [
        {
            "alternative": name, "metric": metric, "unit": BY_NAME[metric].unit, "group": group, "value_of_group": value,
            "window": "settled",
            "baseline": 0.0, "value": mean, "mean": mean, "low": mean - 1, "high": mean + 1, "n": 10, "same_sign_share": 1.0,
            "parameter_low": np.nan, "parameter_high": np.nan, "better": "neutral",
        }
        for name in NAMES
        for (metric, group, value), mean in ROWS.items()
    ]  # fmt: skip
    differences = pd.concat([study.differences, pd.DataFrame(extra)], ignore_index=True)
    cost = (differences["metric"] == "cost_per_parcel_yuan") & (differences["group"].fillna("") == "")
    differences.loc[cost, ["parameter_low", "parameter_high"]] = [-0.9, 0.25]
    metrics = [
        {
            "scenario": name, "seed": 1, "window": "settled", "metric": metric, "unit": "yuan", "group": group, "value_of_group": value,
            "period": "all", "value": number, "n": 1, "numerator": number, "denominator": 1.0,
        }
        for name in NAMES
        for metric, group, value, number in (
            ("public_spending_yuan", "", "", 900.0),
            ("public_spending_yuan", "source", "central", 900.0),
            ("public_spending_yuan", "programme", "village-network", 900.0),
            ("agents_changed", "agent_kind", "host", 3.0),
        )
    ]  # fmt: skip
    catalogue = {**study.catalogue}
    for name in ADDED:
        line = BY_NAME[name]
        catalogue[name] = MetricText(Words(line.zh, line.en), line.unit, line.better)  # type: ignore[arg-type]
    return replace(
        study,
        outcomes=(*study.outcomes, "cost_per_new_village_yuan"),
        differences=differences,
        metrics=pd.concat([study.metrics, pd.DataFrame(metrics)], ignore_index=True),
        catalogue=catalogue,
        assumed=(Words("结论取决于派费。", "The verdict hangs on the dispatch fee."),),
    )


@pytest.fixture(scope="module")
def pages(told: ReportInput, tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, str]:
    written = write_report(told, tmp_path_factory.mktemp("accounts"), pool=Pool(1))
    return {lang: path.read_text(encoding="utf-8") for lang, path in written.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_ranges_stand_side_by_side_and_what_was_not_computed_is_said(pages: dict[Lang, str], lang: Lang) -> None:
    assert t("report.varied", lang) + " [−0.900, +0.250]" in pages[lang]
    assert t("report.varied", lang) + " " + t("report.not_computed", lang) not in pages[lang]
    assert str(Markup.escape(t("report.parameters_computed", lang))) in pages[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_turning_assumption_has_its_own_section(pages: dict[Lang, str], told: ReportInput, lang: Lang) -> None:
    assert f'<h2 id="hinge">{t("report.hinge", lang)}</h2>' in pages[lang]
    assert told.assumed[0].text(lang) in pages[lang]


def test_a_study_without_the_range_says_so(tmp_path: Path) -> None:
    page = write_report(make(), tmp_path, ["zh"])["zh"].read_text(encoding="utf-8")
    assert t("report.hinge_not_computed", "zh") in page
    assert 'class="varied"' not in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_difference_without_an_interval_has_the_mark_of_what_is_unclear_in_every_table(told: ReportInput, lang: Lang) -> None:
    few = replace(told, differences=told.differences.assign(n=3, low=np.nan, high=np.nan))
    for report, marks in ((told, False), (few, True)):
        shown = [grid for section in grids(report, lang).values() for _, _, grid in section] + [
            picture.numbers for picture in pictures(report, lang) if picture.key in ("operators", "winners_carrier") and picture.numbers
        ]
        moved = [cell for grid in shown for row in grid.rows for cell in row[1:] if cell[:1] in "+−●"]
        assert moved
        assert all(("●" in cell) is marks and ("[" in cell) is not marks and not cell.endswith("—") for cell in moved)
    spent = split_rows(few, [("net_benefit_county_yuan", TOTAL, "")], "settled", lang)[0].cells[0]
    assert spent is not None
    assert spent.sign == "●"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_spending_stands_by_source_and_programme(told: ReportInput, lang: Lang) -> None:
    spending = grids(told, lang)["public"][0][2]
    heads = [row[0] for row in spending.rows]
    assert any(value_text("programme", "village-network", lang) in head and "village-network" not in head for head in heads)
    assert heads[-1] == t("report.in_all", lang)
    assert spending.rows[-1][1].startswith("0")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_undefined_ratio_is_called_undefined(told: ReportInput, lang: Lang) -> None:
    bought = {row[0]: row[1:] for row in grids(told, lang)["public"][1][2].rows}
    assert bought[told.catalogue["leverage"].title.text(lang)] == [t("report.undefined", lang)] * 4
    assert bought[told.catalogue["cost_per_new_village_yuan"].title.text(lang)][0].startswith("30.0")


def test_the_accounts_say_who_counts_where(told: ReportInput) -> None:
    rows = {row[0]: row[1] for row in grids(told, "en")["winners"][0][2].rows}
    assert rows["central budget"] == "nation"
    assert rows["workers"] == "neither"
    assert rows["station hosts"] == "county, nation"
    assert "Nation's net benefit (marginal cost of public funds 0.2)" in rows


def test_a_value_of_pairs_is_shown_without_a_sign_and_without_a_side(told: ReportInput) -> None:
    row = next(r for r in outcome_rows(told, "settled", "en") if r.metric == "cost_per_new_village_yuan")
    shown = row.cells[0]
    assert shown is not None
    assert (shown.change, shown.interval, shown.mark) == ("30.0 yuan/village", "[29.0, 31.0]", "neutral")


def test_an_undefined_cell_says_so_in_the_console_and_on_the_page() -> None:
    nan = float("nan")
    row = {
        "metric": "leverage",
        "mean": nan,
        "low": nan,
        "high": nan,
        "parameter_low": nan,
        "parameter_high": nan,
        "n": 10,
        "same_sign_share": nan,
        "better": "neutral",
    }
    assert cell(row, "yuan/yuan", "en").change == "undefined"
    assert cell(row, "yuan/yuan", "zh").change == "无法确定"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_heading_of_the_new_sections_is_left_untranslated(pages: dict[Lang, str], lang: Lang) -> None:
    for key in ("public", "winners", "hinge", "accounts", "decided", "bought"):
        assert t(f"report.{key}", lang).replace("'", "&#39;") in pages[lang]


def test_the_workbook_holds_the_ranges(told: ReportInput, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(write_study_xlsx(told, tmp_path / "r.xlsx", "en"), read_only=True)
    heads, *rows = list(book[t("report.sheet_differences", "en")].iter_rows(values_only=True))
    below = {row[0] for row in book[t("report.sheet_assumptions", "en")].iter_rows(values_only=True)}
    assert told.assumed
    assert {words.en for words in told.assumed} <= below, "what would turn a verdict stands there, too"
    low = heads.index(t("report.parameter_low", "en"))
    assert -0.9 in {row[low] for row in rows}


def test_what_agents_decided_stands_beside_what_they_decide_in_the_baseline_too(told: ReportInput) -> None:
    grid = next(grid for title, _, grid in grids(told, "en")["who"] if title == t("report.decided", "en"))
    assert [row[0] for row in grid.rows] == ["village stations closed by their hosts", t("report.to_baseline", "en")]
    assert grid.rows[0][2] == "3"
    assert grid.rows[1][1:3] == ["\u2014", "+2 [+1, +3]"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_money_buys_beside_a_scenario_without_it_has_rows_of_its_own(told: ReportInput, tmp_path: Path, lang: Lang) -> None:
    table = told.differences
    own = table[(table["metric"] == "cost_per_new_village_yuan") & (table["alternative"] == NAMES[1])]
    beside = own.assign(group="against", value_of_group=NAMES[0], value=77.0, mean=77.0, low=70.0, high=80.0)
    more = replace(told, differences=pd.concat([table, beside], ignore_index=True))
    bought = {row[0]: row[1:] for row in grids(more, lang)["public"][1][2].rows}
    label = t("report.against", lang, scenario=told.titles[NAMES[0]].text(lang))
    cells = bought[told.catalogue["cost_per_new_village_yuan"].title.text(lang) + t("report.of_value", lang, name=label)]
    assert cells[1].startswith("77.0")
    assert [cells[i] for i in (0, 2, 3)] == ["\u2014"] * 3
    assert label in write_report(more, tmp_path, [lang])[lang].read_text(encoding="utf-8").replace("&#34;", '"')
    write_study_xlsx(more, tmp_path / "study.xlsx", lang)


def test_scenarios_whose_members_bear_the_same_share_a_table(told: ReportInput) -> None:
    member = {
        "month": "2021-03", "pool": "joint_distribution", "member": "zto", "volume": 10, "standalone_fen": 900, "allocated_fen": 600,
        "gain_fen": 300, "more_fees_fen": 0, "rule": "volume", "objection_fen": None, "objection_by": None, "in_core": None,
        "half_width_fen": None,
    }  # fmt: skip
    alike, other = pd.DataFrame([member]), pd.DataFrame([{**member, "gain_fen": 200}])
    shown = replace(told, alliances=dict(zip(NAMES, (alike, alike, other), strict=False)))
    titles = [title for title, _, _ in grids(shown, "en")["who"] if title.startswith(t("report.allocations", "en"))]
    first, second, third = (told.titles[name].en for name in NAMES[:3])
    assert titles == [f"{t('report.allocations', 'en')}: {names}" for names in (f"{first}, {second}", third)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_account_of_the_books_has_a_row_and_says_where_it_counts(told: ReportInput, lang: Lang) -> None:
    _, _, table = grids(told, lang)["winners"][0]
    counted = {row[0]: row[1] for row in table.rows}
    for metric, group, value in ROWS:
        if group == "account":
            assert value_text(group, value, lang) in counted, (metric, value)
    assert counted[value_text("account", "penalties", lang)] == t("report.nation_account", lang)
    assert counted[value_text("account", "farmers", lang)] == t("report.both_accounts", lang)
    assert counted[value_text("account", "buyers", lang)] == t("report.no_account", lang)
