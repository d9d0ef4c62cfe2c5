"""The report of a study with produce tells it in a section of its own; a study without has none."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from made_up_season import COLD, CROPS, PICKED, ROOM, SALES, SENT, TOTALS, with_produce
from made_up_study import OPERATORS

from sim.batch import Pool
from sim.report.html import write_figures, write_report
from sim.report.input import ReportInput
from sim.report.one_run import RunInput, write_run_report
from sim.report.picture import season_of
from sim.report.said import harvest_said, losses_said
from sim.report.season import OUTCOMES, SECTION, season_pictures
from sim.report.table import long_rows, split_rows
from sim.report.xlsx import write_study_xlsx
from sim.text import LANGUAGES, Lang, Words, quantity, t

KEYS = ("losses", "harvest", "adoption", "income")


@pytest.fixture(scope="module")
def grown(study: ReportInput) -> ReportInput:
    return with_produce(study)


@pytest.fixture(scope="module")
def told(grown: ReportInput, tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, str]:
    written = write_report(grown, tmp_path_factory.mktemp("season"), pool=Pool(1))
    return {lang: unescape(path.read_text(encoding="utf-8")) for lang, path in written.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_study_with_produce_has_a_section_with_four_figures_and_a_sentence_above_each(
    told: dict[Lang, str], grown: ReportInput, lang: Lang
) -> None:
    page = told[lang]
    section = page[page.index('<h2 id="produce">') : page.index('<h2 id="who">')]
    assert re.findall(r'<figure id="figure-(\w+)">', section) == list(KEYS)
    for picture in season_pictures(season_of(grown), lang):
        assert section.index(f"<p>{picture.said}</p>") < section.index(f'<figure id="figure-{picture.key}">')
    assert '<li><a href="#produce">' in page


@pytest.mark.parametrize(("lang", "rule"), [("en", "lines and rounds by litres carried"), ("zh", "班车和乡村班次按运载体积")])
def test_the_rule_by_which_down_and_up_share_the_joint_cost_stands_beside_the_table(told: dict[Lang, str], lang: Lang, rule: str) -> None:
    page = told[lang]
    assert rule in page[page.index('<h2 id="produce">') : page.index('<h2 id="who">')]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_study_without_produce_has_neither_the_section_nor_a_link_to_it(pages: dict[Lang, Path], lang: Lang) -> None:
    assert "#produce" not in pages[lang].read_text(encoding="utf-8")


def test_produce_that_nobody_harvests_is_no_section(grown: ReportInput) -> None:
    none = grown.metrics.assign(value=grown.metrics["value"].where(grown.metrics["metric"] != "produce_kg", 0.0))
    assert list(season_pictures(season_of(replace(grown, metrics=none)), "en")) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_the_baseline_grows_nothing_the_figures_are_of_those_that_do(grown: ReportInput, lang: Lang) -> None:
    base = next(iter(grown.titles))
    metrics, periods = (
        table[(table["scenario"] != base) | ~table["metric"].str.contains("produce|farm|picked|cold|online")]
        for table in (grown.metrics, grown.periods)
    )
    pictures = {picture.key: picture for picture in season_pictures(season_of(replace(grown, metrics=metrics, periods=periods)), lang)}
    assert list(pictures) == list(KEYS)
    assert not any(grown.titles[base].text(lang) in picture.said for picture in pictures.values())


def test_the_table_tells_parcels_down_and_up_apart(grown: ReportInput) -> None:
    rows = {row.title: row for row in split_rows(grown, OUTCOMES, "settled", "en")}
    title = grown.catalogue["cost_per_parcel_yuan"].title.en
    assert [rows[f"{title} ({way})"].baseline for way in ("down", "up")] == ["2.30 yuan/parcel", "1.90 yuan/parcel"]
    cell = rows[f"{title} (up)"].cells[0]
    assert cell is not None
    assert (cell.change, cell.interval) == ("\u22120.190 yuan/parcel", "[\u22120.228, \u22120.152]")


def test_an_outcome_by_group_is_no_county_total(grown: ReportInput) -> None:
    only = grown.differences[grown.differences["group"] == "direction"]
    assert len(split_rows(replace(grown, differences=only), [("cost_per_parcel_yuan", "", "")], "settled", "en")) == 0


def test_of_a_crop_only_stages_are_told_in_which_something_is_lost(grown: ReportInput) -> None:
    def told(told: ReportInput) -> list[list[str]]:
        return next(p.numbers.rows for p in season_pictures(season_of(told), "en") if p.key == "losses")

    trunk = (grown.metrics["group"] == "crop|stage") & grown.metrics["value_of_group"].str.endswith("|trunk")
    assert trunk.any()
    less = told(replace(grown, metrics=grown.metrics.assign(value=grown.metrics["value"].mask(trunk, 0.0))))
    every = told(grown)
    assert len(every) - len(less) == grown.metrics.loc[trunk, "value_of_group"].nunique()
    assert not any(cell.strip("0.%") == "" and len(cell) > 1 for row in less for cell in row[1:])


def test_the_sentence_on_loss_names_the_stage_that_loses_most_and_the_others_share(grown: ReportInput) -> None:
    said = losses_said(grown.metrics, grown.titles, "en", "settled")
    assert f'most of it by "trunk" ({SENT["trunk"]:.1%})' in said
    assert f"Pooling with stations {0.6 * sum(SENT.values()):.1%}" in said.replace(grown.titles[COLD].en, "Pooling with stations")


def test_the_sentence_on_the_harvest_weighs_the_peak_week_against_the_cold_rooms(grown: ReportInput) -> None:
    said = harvest_said(grown.periods, grown.titles, grown.crops, "en", "settled")
    peak = (PICKED["bayberry"][1] + PICKED["pear"][1]) / 7000
    assert f"week from 2021-01-11: {peak:.1f} t a day, most of it bayberry" in said
    assert f"room for {ROOM / 1000:.1f} t" in said
    assert f"in {ROOM / 1000 / peak:.1f} days" in said
    assert "80.0% of it was used" in said


def test_where_no_scenario_has_a_cold_room_the_sentence_says_so(grown: ReportInput) -> None:
    bare = grown.periods[grown.periods["scenario"] != COLD]
    titles = {name: words for name, words in grown.titles.items() if name != COLD}
    assert harvest_said(bare, titles, grown.crops, "zh", "settled").endswith(t("report.no_rooms_said", "zh"))


def test_a_crop_has_its_name_on_the_page_and_in_the_workbook(grown: ReportInput, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    rows, _ = long_rows(grown, "zh")
    assert "梨 | 网上（按作物、销售渠道）" in {row.cells[1][0] for row in rows}
    book = openpyxl.load_workbook(write_study_xlsx(grown, tmp_path / "r.xlsx", "zh"), read_only=True)
    cells = {cell for row in book[t("report.sheet_differences", "zh")].iter_rows(values_only=True) for cell in row}
    assert {"梨 | 网上", "户均净收入", "元/户"} <= cells
    listed = {cell for row in book[t("report.sheet_metrics", "zh")].iter_rows(values_only=True) for cell in row}
    assert set(TOTALS) <= listed


def test_every_figure_of_produce_can_be_had_as_a_file(grown: ReportInput, tmp_path: Path) -> None:
    names = {path.name for path in write_figures(grown, tmp_path, ["zh"])}
    assert {f"{key}.zh.svg" for key in KEYS} <= names


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_behind_the_money_add_up(grown: ReportInput, lang: Lang) -> None:
    picture = next(picture for picture in season_pictures(season_of(grown), lang) if picture.key == "income")
    assert picture.numbers is not None
    shown = {row[0]: row[1] for row in picture.numbers.rows}
    assert shown[t("report.in_all", lang)] == quantity(sum(SALES.values()), "yuan", lang)
    assert picture.section == SECTION


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_single_run_tells_its_produce_without_comparing(grown: ReportInput, tmp_path: Path, lang: Lang) -> None:
    name = grown.baseline.id
    metrics, periods = (table[(table["scenario"] == name) & (table["seed"] == 1)] for table in (grown.metrics, grown.periods))
    run = RunInput(
        name=name, title=grown.baseline.title, seed=1, start="2021-01-01", days=60, warm_up_days=20, program="0", scenario_hash="0",
        metrics=metrics, places=grown.places, service=grown.services[name], catalogue=grown.catalogue,
        attribution=(Words("甲", "a"),), periods=periods, crops=CROPS,
    )  # fmt: skip
    page = unescape(write_run_report(run, tmp_path, [lang])[lang].read_text(encoding="utf-8"))
    section = page[page.index('<h2 id="produce">') :]
    assert [key for key in KEYS if f'id="figure-{key}"' in section] == list(KEYS)
    title = grown.catalogue["farmer_income_per_farm_yuan"].title.text(lang)
    assert title in section
    assert t("report.beside", lang, items="").strip() not in section
    bare = replace(run, metrics=metrics[metrics["metric"] != "produce_kg"])
    without = write_run_report(bare, tmp_path, [lang])[lang].read_text(encoding="utf-8")
    assert "produce" not in re.findall(r'id="([\w-]+)"', without)


def test_operators_keep_their_names_beside_those_of_crops(grown: ReportInput) -> None:
    rows, _ = long_rows(grown, "en")
    assert f"{OPERATORS['zto'].en} (by operator)" in {row.cells[1][0] for row in rows}
