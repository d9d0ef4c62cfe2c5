"""Every figure draws in both languages with the package's own font, and missing glyphs are errors."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from made_up_season import COLD, PICKED, ROOM, SALES, SENT, with_produce
from made_up_study import make
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.figures import adoption, cost, county_map, delivery, forest, harvest, income, losses, operators, style
from sim.report.input import ReportInput
from sim.schema.raw import CHANNELS, STAGES
from sim.text import LANGUAGES, Lang, Words

STUDY = with_produce(make())
PAIR = {name: STUDY.titles[name] for name in ("baseline", "pooled-stations")}
DRAW: dict[str, Callable[[ReportInput, Lang], Figure]] = {
    "forest": lambda study, lang: forest.draw(study.differences, study.outcomes, study.catalogue, study.alternatives, lang),
    "cost": lambda study, lang: cost.draw(study.metrics, study.titles, lang),
    "delivery": lambda study, lang: delivery.draw(study.metrics, study.titles, lang),
    "operators": lambda study, lang: operators.draw(
        study.differences, "carrier_profit_yuan", "carrier", study.catalogue, study.alternatives, lang, study.operators
    ),
    "losses": lambda study, lang: losses.draw(study.metrics, study.titles, lang),
    "harvest": lambda study, lang: harvest.draw(study.periods, study.titles, study.crops, lang),
    "adoption": lambda study, lang: adoption.draw(study.periods, study.titles, lang),
    "income": lambda study, lang: income.draw(study.metrics, study.titles, lang),
    "map": lambda study, lang: county_map.draw(study.places, study.services, PAIR, lang),
}


def texts(figure: Figure) -> list[str]:
    """Return every text of a figure."""
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", DRAW)
def test_every_figure_draws_with_the_shipped_font_alone(name: str, lang: Lang) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = DRAW[name](STUDY, lang)
        assert style.svg(figure).startswith("<?xml")
        assert style.png(figure, dpi=60).startswith(b"\x89PNG")


def test_a_figure_leaves_the_readers_settings_alone_and_opens_no_window() -> None:
    before = dict(matplotlib.rcParams)
    DRAW["cost"](STUDY, "zh")
    assert dict(matplotlib.rcParams) == before


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert style.svg(DRAW["operators"](STUDY, "zh")) == style.svg(DRAW["operators"](STUDY, "zh"))


@pytest.mark.parametrize(("lang", "words"), [("zh", "模型生成"), ("en", "synthetic")])
def test_the_map_says_that_village_positions_are_synthetic(lang: Lang, words: str) -> None:
    assert any(words in text for text in texts(DRAW["map"](STUDY, lang)))


def test_a_map_of_known_positions_does_not_call_them_synthetic() -> None:
    places = STUDY.places.assign(synthetic=False)
    figure = county_map.draw(places, STUDY.services, PAIR, "en")
    assert not any("synthetic" in text for text in texts(figure))


def test_every_township_is_named_on_the_map() -> None:
    names = set(STUDY.places.loc[STUDY.places["tier"] == "township", "name_zh"])
    assert names <= set(texts(DRAW["map"](STUDY, "zh")))


def test_the_forest_plot_names_every_outcome_and_every_alternative() -> None:
    shown = " ".join(texts(DRAW["forest"](STUDY, "en"))).replace("\n", " ")
    assert all(STUDY.catalogue[metric].title.en in shown for metric in STUDY.outcomes)
    assert all(title.en in shown for title in STUDY.alternatives.values())


def test_the_bars_of_a_scenario_end_at_its_cost_per_parcel() -> None:
    legs = STUDY.metrics[(STUDY.metrics["scenario"] == "baseline") & (STUDY.metrics["group"] == "leg")]
    total = legs.groupby("seed")["value"].sum().mean()
    assert any(text.strip() == f"{total:.2f}" for text in texts(DRAW["cost"](STUDY, "zh")))


def test_an_outcome_without_an_interval_or_a_mean_is_still_drawn() -> None:
    few = STUDY.differences.assign(low=np.nan, high=np.nan)
    none = few.assign(mean=np.nan)
    for table in (few, none):
        figure = forest.draw(table, STUDY.outcomes, STUDY.catalogue, STUDY.alternatives, "zh")
        shown = "".join(texts(figure)).replace("\n", "")
        assert all(STUDY.catalogue[metric].title.zh in shown for metric in STUDY.outcomes)
        assert "nan" not in style.svg(figure).lower()


def test_a_long_title_is_broken_into_lines_and_stays_whole() -> None:
    title = Words("共同配送加村级综合服务站再加智能快件箱的完整方案", "Pooling with village stations and parcel lockers in every village")
    study = replace(STUDY, scenarios=(STUDY.scenarios[0], replace(STUDY.scenarios[1], title=title), *STUDY.scenarios[2:]))
    for lang in LANGUAGES:
        broken = [
            text
            for text in texts(DRAW["forest"](study, lang))
            if text.replace("\n", "") == title.text(lang).replace(" ", "") or "\n" in text
        ]
        assert broken


def test_the_bars_of_a_waterfall_run_on_from_stage_to_stage_and_end_at_what_is_lost_in_all() -> None:
    axes = losses.draw(STUDY.metrics, STUDY.titles, "en").axes[len(STUDY.titles)]
    *stages, whole = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]
    assert whole == pytest.approx((0.0, 100 * sum(SENT.values())))
    drawn = [(begin, end) for begin, end in stages if end > begin]
    assert len(drawn) == len(SENT)
    assert [begin for begin, _ in drawn] == pytest.approx([0.0, *(end for _, end in drawn[:-1])])
    assert drawn[-1][1] == pytest.approx(whole[1])


@pytest.mark.parametrize(("lost", "sold"), [(0.148, "85.2%"), (0.00033, "99.9670%"), (0.0, "100.0%")])
def test_what_is_sold_is_told_as_exactly_as_what_is_lost(lost: float, sold: str) -> None:
    table = pd.DataFrame({"all": [lost]})
    assert losses.told(1 - lost, losses.decimals(table)) == sold


def test_only_scenarios_with_cold_rooms_are_drawn_below_the_harvest() -> None:
    figure = DRAW["harvest"](STUDY, "en")
    above, below = figure.axes
    heights = np.array([bar.get_height() for bar in above.patches]).reshape(len(PICKED), -1)
    assert heights.sum(axis=0) == pytest.approx(np.array(list(PICKED.values())).sum(axis=0) / 7000)
    lines = [line.get_ydata() for line in below.lines if len(line.get_ydata())]
    assert len(lines) == 2
    assert max(lines[0]) == pytest.approx(ROOM / 1000)
    bare = replace(STUDY, periods=STUDY.periods[STUDY.periods["scenario"] != COLD])
    assert len(DRAW["harvest"](bare, "en").axes) == 1


def test_every_scenario_has_a_line_in_every_panel_of_adoption() -> None:
    panels = DRAW["adoption"](STUDY, "zh").axes
    assert [len(axes.lines) for axes in panels] == [len(STUDY.titles)] * 3
    tops = [max(float(np.max(line.get_ydata())) for line in axes.lines) for axes in panels]
    assert tops == pytest.approx([9.0, 7.0, 5.0])
    assert all(axes.get_ylim()[1] > max(tops) for axes in panels)


def test_the_stacked_channels_end_at_all_sales() -> None:
    stacked, alone, _ = DRAW["income"](STUDY, "en").axes
    ends = max(bar.get_x() + bar.get_width() for bar in stacked.patches)
    assert ends == pytest.approx(sum(SALES.values()) / 1e6)
    assert max(bar.get_width() for bar in alone.patches) == pytest.approx(SALES["online"] / 1e6)


def test_every_channel_and_every_stage_of_the_tables_has_its_place_in_the_figures() -> None:
    assert set(income.CHANNELS) == set(CHANNELS) == set(income.COLOURS)
    assert set(losses.STAGES) == {*STAGES, "unsold"}


def test_a_channel_that_some_replications_lack_counts_as_nothing_there_so_that_channels_add_up_to_the_whole() -> None:
    names = ["scenario", "seed", "window", "metric", "group", "value_of_group", "period", "value", "n"]
    sold = {1: {"middleman": 6.0, "contract": 4.0}, 2: {"middleman": 8.0}}
    rows = [("base", seed, "settled", "produce_sales_yuan", "channel", k, "all", v, 1) for seed, by in sold.items() for k, v in by.items()]
    rows += [("base", seed, "settled", "produce_sales_yuan", "", "", "all", sum(by.values()), 1) for seed, by in sold.items()]
    parts = income.sales(pd.DataFrame(rows, columns=names), {"base": Words("基线", "Baseline")})
    assert parts.loc["base"].to_dict() == {"middleman": 7.0, "contract": 2.0}
