"""Slips of the hand - Chinese punctuation, per cent, commas in numbers, several at once - are each told as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import Fault, ScenarioError
from sim.scenario.load import load
from sim.scenario.study import load_study

LEVERS = "extends: baseline.yaml\nlevers:\n  - kind: "

SLIPS = {
    "a full-width colon": ("extends: baseline.yaml\nname：a\ndays: 9\n", 2, "full-width ：", "half-width :"),
    "curly quotes": ("extends: baseline.yaml\nname: “甲”\n", 2, 'name is "“甲”"', "letters, digits"),
    "full-width digits": ("extends: baseline.yaml\ndays: ３０\n", 2, 'days is "３０"', "write 30"),
    "a full-width space": ("extends: baseline.yaml\n　days: 9\n", 2, "is unknown", "write days"),
    "full-width commas": (
        LEVERS + "joint_distribution\n    members: [post，express-1]\n",
        4,
        "no operator post，express-1",
        "write post, express-1",
    ),
    "per cent": (LEVERS + "village_stations\n    share: 50%\n", 4, 'share is "50%"', "as a share: 0.5"),
    "per cent without the sign": (LEVERS + "village_stations\n    share: 50\n", 4, "share is 50", "as a share: 0.5"),
    "a slash in a name": ("extends: baseline.yaml\nname: a/b\n", 2, 'name is "a/b"', "letters, digits, _ - and ."),
    "commas in a number": (
        "extends: baseline.yaml\nprogrammes:\n  p: {budget: {central: 1,200}}\n",
        3,
        "budget.200 is unknown",
        "without commas",
    ),
    "a programme without a budget": ("extends: baseline.yaml\nprogrammes:\n  p: {per: year}\n", 3, "programme p has no budget", "in yuan"),
    "a section at the top": ("extends: baseline.yaml\ndemand:\n  p_missort: 0.1\n", 2, "demand is unknown", "nearest: parameters.demand"),
}


def faults(path: Path, text: str) -> list[Fault]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        (load_study if text.startswith("study") else load)(path)
    return raised.value.faults


@pytest.mark.parametrize("slip", sorted(SLIPS))
def test_a_slip_is_told_with_line_and_what_to_write(slip: str, tmp_path: Path) -> None:
    text, line, what, allowed = SLIPS[slip]
    told = [fault for fault in faults(tmp_path / "a.yaml", text) if what in fault.what]
    assert [fault.where.rpartition(":")[2] for fault in told] == [str(line)]
    assert allowed in told[0].allowed
    assert told[0].what_zh != told[0].what
    assert "^" not in told[0].allowed_zh


def test_a_wrong_name_or_date_hides_no_other_fault(tmp_path: Path) -> None:
    text = (
        "extends: baseline.yaml\nname: a/b\nstart: soon\ndays: -1\ncounty: [1]\n"
        "parameters:\n  timetable: {line_departs: '25:00'}\nlevers:\n"
        "  - kind: joint_distribution\n    from: 2030-01-01\n    members: [post, express-9]\n  - kind: per_parcel_subsidy\n"
    )
    lines = [int(fault.where.rpartition(":")[2]) for fault in faults(tmp_path / "a.yaml", text)]
    assert lines == [2, 3, 4, 5, 7, 11, 12]


def test_a_study_that_lacks_something_is_still_read_to_its_end(tmp_path: Path) -> None:
    text = (
        "study: s\nbaseline: baseline.yaml\nalternatives: [pooled-lines.yaml, pooled-lines.yaml]\nreplications: 1\n"
        "outcomes: [cost_per_parcel]\nwindow: {from: 2025-01-01, until: 2024-01-01}\n"
    )
    told = faults(tmp_path / "s.yaml", text)
    assert [int(fault.where.rpartition(":")[2]) for fault in told] == [3, 4, 5, 6]
    assert "1 count" not in told[1].allowed
    assert "empty" in faults(tmp_path / "s.yaml", "study: s\nbaseline: baseline.yaml\nalternatives: []\noutcomes: [vehicle_km]\n")[0].what


def test_setting_a_lever_that_is_not_there_says_so() -> None:
    with pytest.raises(ScenarioError) as raised:
        load("baseline", ["levers.village_stations.share=0.5"])
    assert raised.value.faults[0].what == "there is no lever with the id village_stations"
