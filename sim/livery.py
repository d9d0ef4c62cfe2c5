"""What the operators of a run are called and which colour their vehicles have, wherever vehicles are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.text import Words
from sim.world.operators import default_operators

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#5b4b8a", "#333333")
"""After Okabe and Ito, told apart by colour-blind eyes, dark enough on white; beyond eight operators they come again."""


@dataclass(frozen=True)
class Livery:
    """Name and colour ("#rrggbb") of an operator."""

    name: Words
    colour: str


def liveries(changes: Sequence[Mapping[str, Any]], others: Sequence[str] = ()) -> dict[str, Livery]:
    """Return the liveries of operators in the order of their keys; the colour goes by that order.

    ``changes`` are the operators that a resolved scenario names, which changes or adds some; ``others`` are keys that only a table holds.
    """
    named = {one.key: Words(one.name.zh, one.name.en) if one.name else None for one in default_operators()}
    for change in changes:
        name = change.get("name")
        named[change["key"]] = Words(**name) if name else named.get(change["key"])
    named |= {key: None for key in others if key not in named}
    return {key: Livery(named[key] or Words(key, key), COLOURS[row % len(COLOURS)]) for row, key in enumerate(sorted(named))}
