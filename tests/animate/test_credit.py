"""Those who made a county's data are named wherever its places are shown, also after its folder is gone."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import yaml
from matplotlib import rc_context
from matplotlib.text import Text

from sim.animate.animate import SIZES
from sim.animate.scene import Scene
from sim.animate.stage import LETTERS, Stage
from sim.animate.waiting import DAY_S
from sim.scenario.files import counties
from sim.store import StoredRun, attribution, credit
from sim.telling import run_input
from sim.text import LANGUAGES, Lang, Words, t

OURS = Words("为贯通的测试虚构", "Invented for the tests of Guantong")


def test_a_run_keeps_whom_its_county_names(run: StoredRun) -> None:
    assert attribution(run.manifest) == credit(run.manifest) == OURS
    gone = StoredRun(run.folder, run.manifest | {"inputs": {"/nowhere/county.yaml": ""}})
    assert run_input(gone).attribution == (OURS,)


@pytest.mark.parametrize("kept", [None, "text", [], {}, {"zh": "文"}, {"zh": 1, "en": 2}])
def test_a_run_that_has_not_kept_it_says_where_it_stands(run: StoredRun, kept: object) -> None:
    old = run.manifest | {"attribution": kept}
    assert attribution(old) is None
    assert [credit(old).text(lang) for lang in LANGUAGES] == [t("report.county_gone", lang) for lang in LANGUAGES]
    assert run_input(StoredRun(run.folder, old)).attribution == (OURS,)


def drawn(stage: Stage) -> dict[str, tuple[float, float, float, float]]:
    """Return left, lower, right and upper end of every text that stands beside the map, dots."""
    with rc_context(LETTERS):
        on_map = set(stage._axes.findobj(Text))
        texts = [text for text in stage._figure.findobj(Text) if text.get_text() and text not in on_map]
        return {text.get_text(): text.get_window_extent().extents for text in texts}


def shipped() -> Words:
    return Words(**yaml.safe_load((counties()[0].folder / "county.yaml").read_text(encoding="utf-8"))["attribution"])


@pytest.mark.parametrize("size", SIZES.values())
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("times", [1, 3, 30])
def test_a_film_names_them_at_the_foot_of_every_frame(shown: Scene, lang: Lang, size: tuple[int, int], times: int) -> None:
    said = " ".join([shipped().text(lang)] * times)
    stage = Stage(replace(shown, credit=Words(said, said)), lang, size)
    day, night = stage.at(DAY_S + 12 * 3600.0), stage.at(DAY_S + 2 * 3600.0)
    texts = drawn(stage)
    foot = min(texts, key=lambda text: texts[text][3])
    if times < 30:
        assert foot.replace("\n", "").replace(" ", "") == said.replace(" ", "")
    else:
        assert foot.replace("\n", " ").startswith(said[:100])
        assert foot.endswith(t("animate.credit_cut", lang))
    left, lower, right, upper = texts[foot]
    assert 0 < left < right < size[0]
    assert 0 < lower < upper < stage._axes.get_window_extent().y0
    for one, other in combinations(texts, 2):
        (a, b, c, d), (e, f, g, h) = texts[one], texts[other]
        assert c <= e or g <= a or d <= f or h <= b, (one, other)
    strip = slice(size[1] - int(upper), size[1])
    assert (day[strip] == night[strip]).all()
    assert np.ptp(day[strip, : int(right)]) > 100


def test_the_scene_of_a_run_names_them(shown: Scene) -> None:
    assert shown.credit == OURS
