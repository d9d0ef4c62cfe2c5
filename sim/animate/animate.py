"""Animate a stretch of a run: one frame for so many simulated minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.animate.film import Frame, write_gif, write_mp4
from sim.animate.scene import Scene, scene
from sim.animate.stage import SIGNS, Stage
from sim.errors import Fault, ScenarioError
from sim.text import Lang, t

if TYPE_CHECKING:
    from sim.store import StoredRun

Format = Literal["mp4", "gif"]
SIZES: dict[Format, tuple[int, int]] = {"mp4": (1280, 720), "gif": (960, 540)}
HOURS, MINUTES, MOST = 18.0, 3, 1500
"""Hours shown and minutes between frames unless told; most frames of a film."""
SAMPLES = 8
"""So many frames decide on the colours of a GIF."""
FIRST_HOUR = 6
"""Unless told, a film begins at this hour of the first day that counts."""
Tell = Callable[[int, int], None]


def animate(
    run: StoredRun,
    folder: Path,
    formats: Sequence[Format],
    lang: Lang,
    begin: datetime | None = None,
    hours: float = HOURS,
    minutes: int = MINUTES,
    tell: Tell | None = None,
) -> list[Path]:
    """Write ``<scenario>.<lang>.<format>`` into a folder and return the paths; the stretch must lie in the days that count.

    ``tell`` is called with the frames done and all of them.
    """
    shown = scene(run)
    times = moments(shown, begin, hours, minutes)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for place, name in enumerate(formats):
        stage, out = Stage(shown, lang, SIZES[name]), folder / f"{run.manifest['scenario']}.{lang}.{name}"
        frames = _frames(stage, times, place * len(times), len(formats) * len(times), tell)
        if name == "mp4":
            written.append(write_mp4(frames, out, SIZES[name]))
        else:
            written.append(write_gif(frames, out, [stage.at(time) for time in times[:: max(1, len(times) // SAMPLES)]], SIGNS))
    return written


def moments(shown: Scene, begin: datetime | None, hours: float, minutes: int) -> list[float]:
    """Return the times of the frames, seconds since 00:00 of the start; refuse a stretch outside the days that count, or too many."""
    start = datetime.combine(shown.start, datetime.min.time())
    first, end = start + timedelta(days=shown.first_day), start + timedelta(days=shown.last_day + 1)
    since = begin if begin is not None else first + timedelta(hours=FIRST_HOUR)
    until = since + timedelta(hours=hours)
    if not first <= since < until <= end:
        told = {"since": since, "until": until, "first": first, "end": end}
        raise ScenarioError([_fault("--from", "outside", **{name: f"{time:%Y-%m-%dT%H:%M}" for name, time in told.items()})])
    frames = max(round(hours * 60 / minutes), 1)
    if frames > MOST:
        raise ScenarioError([_fault("--hours", "too_many", frames=frames, most=MOST)])
    return [(since - start).total_seconds() + 60.0 * minutes * frame for frame in range(frames)]


def _fault(where: str, key: str, **values: object) -> Fault:
    what, allowed = f"animate.{key}", f"animate.{key}.do"
    return Fault(where, t(what, "en", **values), t(allowed, "en", **values), t(what, "zh", **values), t(allowed, "zh", **values))


def _frames(stage: Stage, times: Sequence[float], before: int, all_of_them: int, tell: Tell | None) -> Iterator[Frame]:
    for done, time in enumerate(times, before + 1):
        yield stage.at(time)
        if tell is not None:
            tell(done, all_of_them)
