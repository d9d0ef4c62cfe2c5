"""An operator has the same name and the same colour wherever its vehicles are shown."""

from __future__ import annotations

from sim.animate.scene import Scene
from sim.livery import COLOURS, liveries
from sim.store import StoredRun
from sim.web import scene as page


def test_the_films_and_the_page_paint_every_operator_alike(run: StoredRun, shown: Scene) -> None:
    told = page.scene(run)["operators"]
    assert shown.operators
    for key, one in shown.operators.items():
        assert told[key] == {"zh": one.name.zh, "en": one.name.en, "colour": one.colour}


def test_a_scenario_renames_an_operator_and_adds_one() -> None:
    plain = liveries([])
    changed = liveries([{"key": "post", "name": {"zh": "邮局", "en": "Mail"}}, {"key": "zz"}, {"key": "express-1", "share": 0.5}], ["yy"])
    assert changed["post"].name.en == "Mail"
    assert changed["express-1"] == plain["express-1"]
    assert [changed[key].name.zh for key in ("yy", "zz")] == ["yy", "zz"]
    assert list(changed) == sorted(changed)


def test_operators_have_colours_of_their_own_as_long_as_there_are_any() -> None:
    painted = list(liveries([], [f"z{n}" for n in range(10)]).values())
    assert [one.colour for one in painted[:8]] == list(COLOURS)
    assert painted[8].colour == COLOURS[0]
