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
from sim.produce.ice_kernel import SECOND_US, melt, spend, stays, warm_up
from sim.schema.produce import Packaging, Perishing
from sim.units import DAY
from sim.world.world import Floats, Ints

NODES = (-np.inf, 10.0, 20.0, 30.0, np.inf)


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
    ways, perishing, day = (arrived.begin, arrived.end, arrived.cold, arrived.celsius), climb.perishing, DAY / SECOND_US
    box, stage, kept, seconds, ambient = stays(rows, *ways, climb.celsius, climb.first_day)
    held, constant = np.minimum(inside_c, ambient), (load.heat / load.leak)[box]
    cold, iced, holds = melt(box, seconds, held, ambient, load.joules, load.leak)
    rest = seconds - cold
    gap, after = warm_up(box, held, ambient, iced, holds, np.exp(-rest / constant), load.celsius)
    f, colder = np.full(len(box), rate(np.array([inside_c]), perishing)[0]), np.flatnonzero(held < inside_c)
    f[colder] = rate(held[colder], perishing)
    spent, warms = f * cold / day, np.flatnonzero(~holds)
    gap, after, ambient, rest, constant = (column[warms] for column in (gap, after, ambient, rest, constant))
    spent[warms] += _approach(gap, after, ambient, rest / day, constant / day, perishing)
    arrived.decay[rows] = spend(box, stage, kept, spent, len(rows), arrived.begin.shape[1])


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
