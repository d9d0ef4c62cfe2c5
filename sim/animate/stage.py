"""Draw a scene at any time: what stands still once, then only what moves (matplotlib's blitting)."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.animate.daylight import darkness
from sim.animate.scene import Scene
from sim.figures.label import Box, free_spot, wrapped
from sim.figures.style import GRID, INK, MUTED, RC, load_font
from sim.livery import COLOURS
from sim.text import Lang, t
from sim.tracks import Floats, Ints, Positions, positions

SHAPES = {"truck": "s", "van": "o", "trunk_truck": "D"}
OTHER_SHAPE = "^"
NIGHT, DEEPEST_NIGHT = "#101c3c", 0.42
STOCK, CLOSED, BROKEN = "#c9a227", "#b3261e", "#b3261e"
SEAT = "#b9480e"
SIGNS = (*COLOURS, STOCK, CLOSED, SEAT, INK, "#ffffff")
"""Colours that a film must keep apart, however small."""
PANEL = 0.34
"""Part of the width that words and signs take."""
EDGE = 0.01
"""Part of the width, and of the height, that stays free below words."""
NOTE = 7.5
"""Points of the smallest words."""
FOOT_LINES = 4
"""So many lines of whom the county's data are of; what is longer is cut, and it says where the whole stands."""
DOTS = 100
"""Dots per inch of the drawing; text sizes are for 1280 x 720."""
DAY_S, HOUR_S = 86_400, 3600
STOCK_AREA = 520.0
"""Square points of the circle where most parcels wait; the others in proportion."""
LOOKS = 48
"""So many times of the run are looked at for that."""
LETTERS = {**RC, "text.hinting": "none"}
"""The letters of a small film stand where the font says: moved to whole dots they stood apart."""
Frame = npt.NDArray[np.uint8]


class Stage:
    """A scene on a canvas of so many pixels; ``at`` gives frames, ``places`` says where the dots of the last frame were."""

    def __init__(self, scene: Scene, lang: Lang, size: tuple[int, int] = (1280, 720)) -> None:
        self.scene, self.lang, self.size = scene, lang, size
        self._scale = size[1] / 720.0
        load_font()
        with rc_context(LETTERS):
            self._figure = Figure(figsize=(size[0] / DOTS, size[1] / DOTS), dpi=DOTS)
            self._canvas = FigureCanvasAgg(self._figure)
            self._foot = self._credit()
            self._axes = self._figure.add_axes((0.0, self._foot, 1.0 - PANEL, 1.0 - self._foot))
            self._map()
            self._words()
            self._moving()
            self._canvas.draw()
        times = np.linspace(scene.first_day, scene.last_day + 1, LOOKS) * DAY_S
        self._most = max(1, *(int(scene.waiting(time).max(initial=0)) for time in times.tolist()))
        self._still = self._canvas.copy_from_bbox(self._figure.bbox)
        self.shown: Positions | None = None

    def at(self, t: float) -> Frame:
        """Return the frame (height, width, 3) at ``t`` seconds since 00:00 of the start."""
        with rc_context(LETTERS):
            self._canvas.restore_region(self._still)
            self._set(t)
            for artist in self._artists:
                self._figure.draw_artist(artist)
        return np.array(self._canvas.buffer_rgba())[:, :, :3].copy()

    def dots(self) -> Floats:
        """Return where the vehicles of the last frame were drawn (k, 2), degrees, in the order of the tracks that were out."""
        drawn = [np.asarray(artist.get_offsets()) for artist in self._vehicles.values()]
        rows = [self._rows[kind] for kind in self._vehicles]
        return np.concatenate([np.zeros((0, 2)), *drawn])[np.argsort(np.concatenate([np.zeros(0), *rows]), kind="stable")]

    def _points(self, size: float) -> float:
        return size * self._scale

    def _credit(self) -> float:
        """Write below everything else whom the county's data are of; return the part of the height that it takes."""
        text = " ".join(self.scene.credit.text(self.lang).split())
        letters = (1.0 - 2 * EDGE) * self.size[0] / (self._points(NOTE) * DOTS / 72.0)
        lines = wrapped(text, letters).split("\n")
        if len(lines) > FOOT_LINES:
            lines = [*lines[: FOOT_LINES - 1], t("animate.credit_cut", self.lang)]
        written = self._text(EDGE, EDGE, "\n".join(lines), NOTE, MUTED, va="bottom")
        return float(written.get_window_extent(self._canvas.get_renderer()).y1 / self.size[1]) + EDGE

    def _map(self) -> None:
        scene, axes = self.scene, self._axes
        lon, lat = scene.lon, scene.lat
        axes.set_axis_off()
        stretch = 1.0 / math.cos(math.radians(float(lat.mean())))
        middle, half = (lon.min() + lon.max()) / 2, (lon.max() - lon.min()) / 2
        centre, tall = (lat.min() + lat.max()) / 2, (lat.max() - lat.min()) / 2
        high = self.size[1] * (1.0 - self._foot)
        shape = self.size[0] * (1.0 - PANEL) / high
        tall = 1.08 * max(tall, half / stretch / shape, 0.01)
        axes.set_ylim(centre - tall, centre + tall)
        axes.set_xlim(middle - tall * shape * stretch, middle + tall * shape * stretch)
        ends: Any = np.stack([lon[scene.roads], lat[scene.roads]], axis=2)
        axes.add_collection(LineCollection(ends, colors=GRID, linewidths=self._points(0.6), zorder=1))
        village, town = np.isin(scene.tier, ("village", "town")), scene.tier == "township"
        axes.scatter(lon[village], lat[village], s=self._points(2.0) ** 2, c="#aab4bc", linewidths=0, zorder=2)
        axes.scatter(lon[town], lat[town], s=self._points(4.6) ** 2, marker="s", c=INK, linewidths=0, zorder=5)
        seat = scene.tier == "county"
        axes.scatter(lon[seat], lat[seat], s=self._points(11.0) ** 2, marker="*", c=SEAT, edgecolors="white", zorder=6)
        self._labels(np.flatnonzero(town), 2 * tall / (high / DOTS * 72.0) * stretch, 1.0 / stretch)

    def _labels(self, rows: Ints, degrees: float, squeeze: float) -> None:
        """Name the townships; ``degrees`` of longitude are as long as a point."""
        size, names, taken = self._points(7.5), self.scene.names(self.lang), list[Box]()
        for row in rows.tolist():
            lon, lat = float(self.scene.lon[row]), float(self.scene.lat[row])
            spot, taken = free_spot(lon, lat, names[row], size * degrees, squeeze, taken)
            box: Any = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.7}
            self._axes.text(spot.x, spot.y, names[row], fontsize=size, ha="center", va="center", color=MUTED, zorder=4, bbox=box)

    def _words(self) -> None:
        """Write what stays: title, what the signs mean, what is synthetic."""
        left, scene = 1.0 - PANEL + 0.01, self.scene
        place = scene.county.text(self.lang)
        title = wrapped(scene.title.text(self.lang), 21.0)
        self._text(left, 0.955, title, 14.0, INK, va="top")
        self._text(left, 0.955 - 0.045 * (title.count("\n") + 1), place, 10.0, MUTED, va="top")
        handles = [self._sign("o", one.name.text(self.lang), one.colour) for one in scene.operators.values()]
        kinds = sorted(set(scene.kind.tolist()))
        handles += [self._sign(SHAPES.get(kind, OTHER_SHAPE), self._kind(kind), INK) for kind in kinds]
        waits = t("animate.waiting_exact" if scene.exact else "animate.waiting_midnight", self.lang)
        handles += [
            self._sign("o", t("animate.empty", self.lang), INK, face="white"),
            self._sign("o", waits, STOCK, size=10.0, alpha=0.5),
            self._sign("x", t("animate.closed", self.lang), CLOSED),
            self._sign("o", t("animate.broken", self.lang), BROKEN, face="none", size=10.0),
            self._sign("s", t("figure.township", self.lang), INK, size=4.0),
            self._sign("*", t("figure.seat", self.lang), SEAT, size=9.0),
        ]
        style: Any = {"loc": "upper left", "bbox_to_anchor": (left - 0.012, 0.60), "fontsize": self._points(9.0), "labelspacing": 0.55}
        self._figure.legend(handles=handles, handletextpad=0.3, borderaxespad=0.0, **style)
        notes = [t("animate.roads", self.lang)] + ([t("animate.synthetic", self.lang)] if scene.synthetic.any() else [])
        self._text(left, self._foot + EDGE, "\n".join(wrapped(note, 39.0) for note in notes), NOTE, MUTED, va="bottom")

    def _kind(self, kind: str) -> str:
        return t(f"animate.kind_{kind}" if kind in SHAPES else "animate.kind_other", self.lang, kind=kind)

    def _sign(self, marker: str, label: str, colour: str, face: str | None = None, size: float = 6.0, alpha: float = 1.0) -> Line2D:
        return Line2D(
            [], [], marker=marker, linestyle="none", markersize=self._points(size), markeredgecolor=colour,
            markerfacecolor=colour if face is None else face, alpha=alpha, label=label,
        )  # fmt: skip

    def _text(self, left: float, top: float, text: str, size: float, colour: str, va: str, animated: bool = False) -> Any:
        style: Any = {"fontsize": self._points(size), "color": colour, "va": va, "linespacing": 1.35}
        return self._figure.text(left, top, text, animated=animated, parse_math=False, **style)

    def _moving(self) -> None:
        """Make what each frame sets anew, from the lowest to the highest."""
        axes, left = self._axes, 1.0 - PANEL + 0.01
        box = Rectangle((0, 0), 1, 1, transform=axes.transAxes, facecolor=NIGHT, edgecolor="none", alpha=0.0, zorder=7, animated=True)
        self._night = axes.add_patch(box)
        style: Any = {"animated": True, "zorder": 8}
        self._stock = axes.scatter([], [], c=STOCK, alpha=0.4, edgecolors=STOCK, linewidths=self._points(0.8), **style)
        self._closed = axes.scatter([], [], c=CLOSED, marker="x", s=self._points(5.0) ** 2, linewidths=self._points(1.2), **style)
        wide: Any = {"s": self._points(11.0) ** 2, "linewidths": self._points(1.6)}
        self._broken = axes.scatter([], [], facecolors="none", edgecolors=BROKEN, **wide, **style)
        self._vehicles = {
            kind: axes.scatter([], [], marker=SHAPES.get(kind, OTHER_SHAPE), **style) for kind in sorted(set(self.scene.kind))
        }
        self._rows: dict[str, Ints] = {kind: np.zeros(0, np.int64) for kind in self._vehicles}
        self._date = self._text(left, 0.775, "", 13.0, INK, "baseline", animated=True)
        self._clock = self._text(left, 0.70, "", 30.0, INK, "baseline", animated=True)
        self._counts = self._text(left, 0.675, "", 9.0, MUTED, "top", animated=True)
        self._artists = (
            self._night, self._stock, self._closed, self._broken, *self._vehicles.values(), self._date, self._clock, self._counts,
        )  # fmt: skip
        order = list(self.scene.operators)
        rgba = np.array([to_rgba(one.colour) for one in self.scene.operators.values()] or [to_rgba(INK)])
        self._colour = rgba[[order.index(key) for key in self.scene.operator.tolist()]] if len(self.scene.operator) else rgba[:0]

    def _set(self, time: float) -> None:
        """Set everything that moves to a time."""
        self._set_vehicles(time)
        waits = self.scene.waiting(time)
        some = np.flatnonzero(waits)
        self._stock.set_offsets(self._spots(some))
        self._stock.set_sizes(np.maximum(STOCK_AREA * waits[some] / self._most, 1.0) * self._scale**2)
        self._closed.set_offsets(self._spots(self.scene.closures.at(time)))
        self._broken.set_offsets(self._spots(self.scene.breakdowns.at(time)))
        self._set_clock(time, int(waits.sum()))

    def _spots(self, places: Ints) -> Floats:
        return np.stack([self.scene.lon[places], self.scene.lat[places]], axis=1)

    def _set_vehicles(self, time: float) -> None:
        at = self.shown = positions(self.scene.track, self.scene.lon, self.scene.lat, time)
        out = ~np.isnan(at.lon)
        for kind, artist in self._vehicles.items():
            rows = self._rows[kind] = np.flatnonzero(out & (self.scene.kind == kind))
            colour: Any = self._colour[rows]
            artist.set_offsets(np.stack([at.lon[rows], at.lat[rows]], axis=1))
            artist.set_edgecolor(colour)
            filled: Any = np.where((at.aboard[rows] > 0)[:, None], colour, to_rgba("white"))
            artist.set_facecolor(filled)
            artist.set_sizes(np.where(at.drives[rows], self._points(6.6), self._points(4.6)) ** 2)
        self._drive, self._stand = int(at.drives.sum()), int((out & ~at.drives).sum())

    def _set_clock(self, time: float, waits: int) -> None:
        """Set the date, the clock, how dark it is, and how many drive, stand and wait."""
        scene = self.scene
        day, second = divmod(math.floor(time), DAY_S)
        when = scene.start + timedelta(days=day)
        self._night.set_alpha(DEEPEST_NIGHT * darkness(when, second / HOUR_S, float(scene.lon.mean()), float(scene.lat.mean())))
        self._date.set_text(said(when, self.lang))
        self._clock.set_text(f"{second // HOUR_S:02d}:{second % HOUR_S // 60:02d}")
        told = {"drives": self._drive, "stands": self._stand, "waits": waits}
        self._counts.set_text(t("animate.counts", self.lang, **{name: f"{number:,}" for name, number in told.items()}))


def said(day: date, lang: Lang) -> str:
    """Return a date as people say it in a language."""
    weekday = t(f"animate.weekday_{day.isoweekday()}", lang)
    month = t(f"animate.month_{day.month}", lang)
    return t("animate.date", lang, year=day.year, month=month, day=day.day, weekday=weekday)
