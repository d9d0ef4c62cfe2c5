"""The tool that breaks the flow breaks what it says, and only when its switch is on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numba

from .mutants import mutants, switched
from .switch import SWITCH, asked, chosen

SOURCE = '''
from __future__ import annotations

LIMIT = 2 + 1


def inside(a, b):
    """Say whether."""
    return 0 <= a < LIMIT and b == 1


def total(values):
    """Return a sum of what is at least 0."""
    n = 0
    for value in values:
        n += max(value, 0)
    return n + 1
'''
KERNELS = Path(__file__).resolve().parents[2] / "sim/flow/kernels.py"


def both(compiled: bool) -> dict[str, Any]:
    """Return the functions of the source with every mutant behind its switch."""
    names: dict[str, Any] = {"chosen": chosen if compiled else asked}
    exec(switched(SOURCE, dict(enumerate(mutants(SOURCE))), "pass"), names)
    return {name: numba.njit(names[name]) if compiled else names[name] for name in ("inside", "total")}


def test_every_kind_of_place_is_found_in_functions_and_nowhere_else() -> None:
    found = [(m.function, m.was, m.became) for m in mutants(SOURCE)]
    assert sorted(found) == sorted(
        [
            ("inside", "and", "or"), ("inside", "<=", "<"), ("inside", "<", "<="), ("inside", "==", "!="),
            ("total", "+=", "-="), ("total", "max", "min"), ("total", "+", "-"),
        ]
    )  # fmt: skip
    assert {m.function for m in mutants(SOURCE, frozenset({"total"}))} == {"total"}


def test_a_source_does_what_it_did_until_a_switch_is_on_and_then_only_that_place_is_broken() -> None:
    found = mutants(SOURCE)
    unharmed = (True, True, False, False, 6)
    broken = {
        "and": (True, True, True, True, 6), "<=": (False, True, False, False, 6), "<": (True, True, True, False, 6),
        "==": (False, False, False, True, 6), "+=": (True, True, False, False, -4), "max": (True, True, False, False, 1),
        "+": (True, True, False, False, 4),
    }  # fmt: skip
    for compiled in (False, True):
        functions = both(compiled)
        inside, total = functions["inside"], functions["total"]
        for k in (-1, *range(len(found))):
            SWITCH[0] = k
            said = (*(bool(inside(a, b)) for a, b in ((0, 1), (1, 1), (3, 1), (0, 2))), total((2, 3)))
            assert said == (broken[found[k].was] if k >= 0 else unharmed), (compiled, k)
    SWITCH[0] = -1


def test_the_kernels_have_hundreds_of_places_and_can_be_written_with_all_their_switches() -> None:
    source = KERNELS.read_text(encoding="utf-8")
    found = mutants(source)
    assert len(found) > 300
    text = switched(source, {k: m for k, m in enumerate(found) if k % 7 == 0}, "from tests.reference.switch import chosen")
    assert text.count("chosen() == ") >= len(found) // 7
    compile(text, "kernels", "exec")
