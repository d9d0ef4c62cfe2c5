"""Ice in the box: how warm a parcel is inside while its ice melts and when it warms up, and what that costs its quality, exactly.

Heat comes in through the box in proportion to the difference to the ambient temperature (``leak`` W/K). The ice first cools the produce to
``inside_c``, as far as it reaches; while any is left the inside stays there (or at the ambient temperature, where that is lower). Behind
that the inside approaches the ambient temperature with the time constant ``heat / leak``, ``heat`` J/K being that of the produce. The
ambient temperature is one a day and stage. f(T) being log-linear between nodes, its integral over such a path is a difference of
exponential integrals: there are no steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expi

from sim.produce.climb import Arrived, Climb
from sim.produce.decay import rate
from sim.schema.produce import Packaging, Perishing
from sim.schema.raw import NEVER
from sim.units import DAY
from sim.world.world import Floats, Ints

NODES = (-np.inf, 10.0, 20.0, 30.0, np.inf)
SECOND_US = 1_000_000


def box_kg(steps: Ints | int, p: Packaging) -> Floats:
    """Return what a box with so many steps of ice weighs beyond a carton; without ice there is no such box."""
    kg: Floats = np.where(np.asarray(steps) > 0, p.box_kg + steps * p.ice_kg, 0.0)
    return kg


def box_yuan(steps: Ints | int, p: Packaging) -> Floats:
    """Return what a box with so many steps of ice costs beyond a carton."""
    yuan: Floats = np.where(np.asarray(steps) > 0, p.box + steps * p.ice_kg * p.ice, 0.0)
    return yuan


@dataclass(frozen=True)
class Load:
    """Boxes (n,) as they are closed: ``celsius`` inside, ``joules`` of ice that are left then, ``heat`` J/K inside, ``leak`` W/K."""

    celsius: Floats
    joules: Floats
    heat: Floats
    leak: Floats


def closed(ice_kg: Floats, produce_kg: Floats, litres: Floats, celsius: Floats, p: Packaging) -> Load:
    """Return boxes (n,) with so much ice on produce that is ``celsius`` warm: the ice has cooled it as far as it reaches."""
    heat = 1000 * p.produce_kj_kg_k * produce_kg
    joules = 1000 * p.melt_kj_kg * ice_kg
    spent = np.minimum(heat * np.maximum(celsius - p.inside_c, 0.0), joules)
    return Load(celsius - spent / heat, joules - spent, heat, p.leak_w_k * (litres / 10.0) ** (2 / 3))


def keep(arrived: Arrived, rows: Ints, load: Load, inside_c: float, climb: Climb) -> None:
    """Replace what the ways of parcels ``rows`` of those that arrived cost their quality by what they cost in boxes with ice."""
    box = _Boxes(load, inside_c, climb)
    for j in range(arrived.begin.shape[1]):
        begin, end, since, celsius = (column[rows, j] for column in (arrived.begin, arrived.end, arrived.cold, arrived.celsius))
        went = begin != NEVER
        start, stop = np.where(went, begin, 0), np.where(went, end, 0)
        turn = np.where(went & (since != NEVER), since, stop)
        spent = box.stand(start, turn, np.full(len(rows), np.inf)) + box.stand(turn, stop, np.where(np.isnan(celsius), np.inf, celsius))
        arrived.decay[rows, j] = np.where(went, spent, 0.0)


class _Boxes:
    """Boxes on their way: how warm they are inside, and how much ice is left."""

    def __init__(self, load: Load, inside_c: float, climb: Climb) -> None:
        self.celsius, self.joules = load.celsius.copy(), load.joules.copy()
        self.leak, self.constant = load.leak, load.heat / load.leak
        self.inside_c, self.climb, self.perishing = inside_c, climb, climb.perishing
        self.inside_rate = float(rate(np.array([inside_c]), climb.perishing)[0])

    def stand(self, start: Ints, end: Ints, most: Floats) -> Floats:
        """Let boxes (n,) stand from ``start`` to ``end`` in the air, or in ``most`` degrees where the air is warmer; return the integral
        of f, days at 0 degrees."""
        spent = np.zeros(len(start))
        days = self.climb.celsius
        first, last = start // DAY, np.where(end > start, (end - 1) // DAY, start // DAY - 1)
        for i in range(int((last - first).max(initial=-1)) + 1):
            own = np.flatnonzero(first + i <= last)
            day = first[own] + i
            begin, stop = np.maximum(start[own], day * DAY), np.minimum(end[own], (day + 1) * DAY)
            air = days[np.clip(day - self.climb.first_day, 0, len(days) - 1)]
            spent[own] += self._day(own, (stop - begin) / SECOND_US, np.minimum(air, most[own]))
        return spent

    def _day(self, own: Ints, seconds: Floats, ambient: Floats) -> Floats:
        """Let boxes ``own`` stand so long in one temperature each; return the integral."""
        held = np.minimum(self.inside_c, ambient)
        watts = self.leak[own] * (ambient - held)
        left = self.joules[own]
        iced = left > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            lasts = np.where(iced, np.where(watts > 0, left / watts, np.inf), 0.0)
        cold, holds = np.minimum(lasts, seconds), lasts > seconds
        self.joules[own] = np.where(holds, left - watts * cold, 0.0)
        day, out = DAY / SECOND_US, np.zeros(len(own))
        some = np.flatnonzero(cold)
        f, colder = np.full(len(some), self.inside_rate), np.flatnonzero(held[some] < self.inside_c)
        f[colder] = rate(held[some[colder]], self.perishing)
        out[some] = f * cold[some] / day
        # ice that is left holds the inside; one that stood colder than the ice warms up to it at once
        self.celsius[own[holds]], rows = held[holds], np.flatnonzero(~holds)
        if len(rows):
            rest, constant, around = (seconds - cold)[rows], self.constant[own[rows]], ambient[rows]
            gap = np.where(iced[rows], held[rows], self.celsius[own[rows]]) - around
            after = gap * np.exp(-rest / constant)
            out[rows] += _approach(gap, after, around, rest / day, constant / day, self.perishing)
            self.celsius[own[rows]] = around + after
        return out


def _approach(gap: Floats, after: Floats, ambient: Floats, days: Floats, constant: Floats, p: Perishing) -> Floats:
    """Return the integral of f over ``days`` in which the inside comes from ``gap`` to ``after`` above the ambient temperature."""
    logs = np.log([p.q10_0_10, p.q10_10_20, p.q10_20_30, p.q10_30_40]) / 10
    out, level = np.zeros(len(gap)), np.flatnonzero(gap == 0)
    out[level] = rate(ambient[level], p) * days[level]
    at_node = np.concatenate([[0.0], np.cumsum(logs * 10)])
    lowest, highest, changes = np.minimum(gap, after), np.maximum(gap, after), gap != after
    for k, slope in enumerate(logs.tolist()):
        low, high = NODES[k] - ambient, NODES[k + 1] - ambient
        moves = np.flatnonzero(changes & (highest > low) & (lowest < high))
        if len(moves):
            u, v = (np.minimum(np.maximum(x[moves], low[moves]), high[moves]) for x in (gap, after))
            # f = exp(at_node[k] + slope (T - 10 k)); T = ambient + x, dt = -constant dx / x
            scale = np.exp(at_node[k] + slope * (ambient[moves] - 10.0 * k))
            out[moves] += constant[moves] * scale * (expi(slope * u) - expi(slope * v))
    return out
