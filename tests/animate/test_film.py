"""The films play: so many frames of that size, with what the tables hold on them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.text import Text
from PIL import Image

from sim.animate import film
from sim.animate.animate import MOST, SIZES, animate, moments
from sim.animate.scene import Scene, scene
from sim.animate.stage import LETTERS, SIGNS, Stage, said
from sim.animate.waiting import DAY_S
from sim.errors import ScenarioError
from sim.fonts import missing
from sim.store import StoredRun
from sim.text import LANGUAGES, keys, template
from sim.tracks import positions

imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
SMALL = (480, 270)
TIMES = [DAY_S + 8.0 * 3600 + 600 * step for step in range(60)]


@pytest.fixture(scope="module")
def stage(shown: Scene) -> Stage:
    return Stage(shown, "zh", SMALL)


def busy(shown: Scene) -> float:
    """Return a time at which most vehicles drive."""
    return max(TIMES, key=lambda t: int(positions(shown.track, shown.lon, shown.lat, t).drives.sum()))


def test_every_dot_is_where_the_tables_put_its_vehicle(stage: Stage, shown: Scene) -> None:
    seen = 0
    for time in TIMES:
        stage.at(time)
        at = positions(shown.track, shown.lon, shown.lat, time)
        out = ~np.isnan(at.lon)
        assert stage.dots().tolist() == np.stack([at.lon[out], at.lat[out]], axis=1).tolist()
        seen += int(at.drives.sum())
    assert seen > 10


def test_another_time_of_a_stop_in_the_table_moves_the_dot_on_the_picture(run: StoredRun, shown: Scene) -> None:
    time = busy(shown)
    first = Stage(shown, "en", SMALL)
    picture = first.at(time)
    tables = {name: run.table(name) for name in ("trips", "stops", "events", "places", "paths", "stock", "parcels")}
    tables["stops"]["arrive_s"] += 60

    class Changed:
        folder, manifest = run.folder, run.manifest

        def table(self, name: str, columns: object = None) -> object:
            return tables[name]

    later = Stage(scene(Changed()), "en", SMALL)  # type: ignore[arg-type]
    moved = later.at(time)
    assert later.dots().shape == first.dots().shape
    assert (later.dots() != first.dots()).any()
    assert (picture != moved).any()


def test_the_same_instant_twice_gives_the_same_picture_and_another_one_another(stage: Stage, shown: Scene) -> None:
    time = busy(shown)
    once, other, again = stage.at(time), stage.at(time + 1200), stage.at(time)
    assert (once == again).all()
    assert (once != other).any()


def test_the_map_is_darker_at_night(stage: Stage) -> None:
    wide = int(SMALL[0] * 0.6)
    assert stage.at(DAY_S + 2 * 3600)[:, :wide].mean() < 0.8 * stage.at(DAY_S + 12 * 3600)[:, :wide].mean()


def test_a_gif_has_every_frame_in_its_size_and_keeps_the_colours_of_its_signs(stage: Stage, tmp_path: Path) -> None:
    frames = [stage.at(time) for time in TIMES[:20]]
    out = film.write_gif(iter(frames), tmp_path / "map.gif", frames[:3], SIGNS)
    with Image.open(out) as image:
        assert (image.n_frames, image.size, image.format, image.info["loop"]) == (20, SMALL, "GIF", 0)
        for place in (0, 19):
            image.seek(place)
            assert np.abs(np.asarray(image.convert("RGB"), int) - frames[place]).mean() < 4.0
    assert list(tmp_path.iterdir()) == [out]


def test_an_mp4_has_every_frame_in_its_size(stage: Stage, tmp_path: Path) -> None:
    frames = [stage.at(time) for time in TIMES[:20]]
    out = film.write_mp4(frames, tmp_path / "map.mp4", SMALL)
    assert imageio_ffmpeg.count_frames_and_secs(str(out))[0] == 20
    reader = imageio_ffmpeg.read_frames(str(out))
    assert next(reader)["size"] == SMALL
    read = [np.frombuffer(data, np.uint8).reshape(SMALL[1], SMALL[0], 3) for data in reader]
    assert np.abs(read[7].astype(int) - frames[7]).mean() < 4.0
    assert list(tmp_path.iterdir()) == [out]


def test_a_film_that_breaks_off_leaves_nothing(stage: Stage, tmp_path: Path) -> None:
    def breaks() -> Iterator[film.Frame]:
        yield stage.at(TIMES[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film.write_mp4(breaks(), tmp_path / "map.mp4", SMALL)
    with pytest.raises(KeyboardInterrupt):
        film.write_gif(breaks(), tmp_path / "map.gif", [stage.at(TIMES[0])], SIGNS)
    assert list(tmp_path.iterdir()) == []


def test_what_ffmpeg_says_is_told_and_leaves_no_file(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(film.FilmError, match="failed"):
        film.write_mp4([stage.at(TIMES[0])], tmp_path / "map.mp4", (481, 271))
    assert list(tmp_path.iterdir()) == []


def test_the_systems_ffmpeg_is_taken_before_that_of_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    assert film.ffmpeg() == "/somewhere/ffmpeg"
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert film.ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe()
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(film.FilmError):
        film.ffmpeg()


def test_both_films_hold_the_hours_asked_for(run: StoredRun, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    begin = datetime(2021, 3, 2, 8)
    paths = animate(run, tmp_path, ["mp4", "gif"], "zh", begin, hours=2.0, minutes=10, tell=lambda *news: told.append(news))
    assert [path.name for path in paths] == ["strained.zh.mp4", "strained.zh.gif"]
    assert imageio_ffmpeg.count_frames_and_secs(str(paths[0]))[0] == 12
    assert next(imageio_ffmpeg.read_frames(str(paths[0])))["size"] == SIZES["mp4"]
    with Image.open(paths[1]) as image:
        assert (image.n_frames, image.size) == (12, SIZES["gif"])
    assert told[-1] == (24, 24)


def test_the_first_frame_is_at_the_time_asked_for(shown: Scene) -> None:
    assert moments(shown, datetime(2021, 3, 2, 8, 30), 1.0, 20) == [DAY_S + 8.5 * 3600 + 1200 * step for step in range(3)]
    assert moments(shown, None, 18.0, 60)[0] == 6 * 3600


@pytest.mark.parametrize(
    ("begin", "hours"), [(datetime(2021, 2, 28, 23), 5.0), (datetime(2021, 3, 4, 20), 5.0), (datetime(2022, 1, 1), 1.0)]
)
def test_hours_that_the_run_does_not_count_are_refused_with_those_that_it_does(shown: Scene, begin: datetime, hours: float) -> None:
    with pytest.raises(ScenarioError, match="2021-03-01T00:00 to 2021-03-05T00:00"):
        moments(shown, begin, hours, 3)


def test_too_many_frames_are_refused(shown: Scene) -> None:
    with pytest.raises(ScenarioError, match=f"at most {MOST}"):
        moments(shown, datetime(2021, 3, 1), 90.0, 1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_character_on_the_map_has_a_glyph(shown: Scene, lang: str) -> None:
    texts = [template(key, lang) for key in keys() if key.startswith("animate.")]  # type: ignore[arg-type]
    assert missing("".join([*texts, *shown.names(lang), shown.county.zh, shown.county.en])) == set()


def test_a_date_is_said_in_the_habit_of_each_language() -> None:
    assert said(date(2021, 3, 4), "zh") == "2021年3月4日 周四"
    assert said(date(2021, 3, 4), "en") == "Thursday 4 March 2021"


def test_letters_of_a_small_film_stand_as_close_as_those_of_a_large_one(shown: Scene) -> None:
    small, large = (_widths(Stage(shown, "en", size)) for size in ((960, 540), (3840, 2160)))
    assert set(small) == set(large)
    for text, wide in small.items():
        if len(text) > 20:
            assert 4 * wide == pytest.approx(large[text], rel=0.03), text


def _widths(stage: Stage) -> dict[str, float]:
    """Return how many dots every line on a stage takes."""
    with rc_context(LETTERS):
        return {text.get_text(): text.get_window_extent().width for text in stage._figure.findobj(Text) if text.get_text()}


def test_a_county_without_any_vehicle_is_drawn(shown: Scene) -> None:
    track = shown.track
    none = replace(track, trip=track.trip[:0], row=track.row[:0], first=track.first[:1])
    still = Stage(replace(shown, operator=shown.operator[:0], kind=shown.kind[:0], operators={}, track=none), "en", SMALL)
    assert still.at(TIMES[0]).shape == (SMALL[1], SMALL[0], 3)
    assert still.dots().shape == (0, 2)
