"""Faults come in the order in which somebody meets them who reads the files."""

from __future__ import annotations

from sim.errors import Fault, ScenarioError


def test_faults_come_by_file_as_first_named_and_in_it_by_line() -> None:
    wheres = ["b.yaml:12", "a.yaml:3", "b.yaml", "b.yaml:2", "a.yaml:3", "compare", "b.yaml:100"]
    faults = [Fault(where, str(number)) for number, where in enumerate(wheres)]
    raised = ScenarioError(faults)
    assert [f.where for f in raised.faults] == ["b.yaml", "b.yaml:2", "b.yaml:12", "b.yaml:100", "a.yaml:3", "a.yaml:3", "compare"]
    assert str(raised) == "\n".join(str(f) for f in raised.faults)
    assert [f.what for f in raised.faults if f.where == "a.yaml:3"] == ["1", "4"]
