from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.yaml import parse, plain_scalar


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        parse(text.encode(), "f.yaml")
    return [str(fault) for fault in error.value.faults]


def test_numbers_dates_and_switches_read_as_people_write_them() -> None:
    tree, wrong = parse(b"{a: 1_000_000, b: 1e6, c: -2.5, d: 2021-07-01, e: true, f: ~, g: '17:30', h: 1.0e+6}", "f.yaml")
    read = {"a": 1_000_000, "b": 1e6, "c": -2.5, "d": date(2021, 7, 1), "e": True, "f": None, "g": "17:30", "h": 1e6}
    assert tree.plain() == read
    assert isinstance(tree.plain()["a"], int)
    assert not wrong


def test_every_node_knows_its_line() -> None:
    tree, _ = parse(b"a: 1\nb:\n  c:\n    - x\n    - y\n", "f.yaml")
    inner = tree.value["b"].value["c"]
    assert (tree.value["a"].line, tree.value["b"].line, inner.line, inner.value[1].line) == (1, 2, 3, 5)


def test_all_wrong_entries_of_a_file_are_told_at_once() -> None:
    _, wrong = parse(b"a: 17:30\na: 2\nb: .inf\nc: yes\nd: 010\n", "f.yaml")
    assert [fault.where for fault in wrong] == ["f.yaml:1", "f.yaml:2", "f.yaml:3", "f.yaml:4", "f.yaml:5"]


def test_aliases_are_counted_as_often_as_they_are_used() -> None:
    tree, _ = parse(b"a: &a [1, 2]\nb: *a\n", "f.yaml")
    assert tree.plain()["b"] == (1, 2)
    assert "too many nodes" in faults("a: &a [" + "x," * 200 + "]\nb: &b [" + "*a," * 200 + "]\n")[0]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("- 1\n", "not a mapping"),
        ("a: 1\n---\nb: 2\n...\n---\n", "second YAML document"),
        ("a: [1, 2\n", "not proper YAML"),
        ("a: " + "[" * 200, "nested too deeply"),
        ("a: " + "x" * 300_000, "too large"),
        ("a: \x07", "not proper YAML"),
        ("", "empty"),
        ("# nothing\n", "empty"),
    ],
)
def test_what_is_no_mapping_is_refused(text: str, part: str) -> None:
    try:
        _, wrong = parse(text.encode(), "f.yaml")
    except ScenarioError as error:
        wrong = error.faults
    assert part in str(wrong[0])


def test_merge_keys_tags_and_unknown_aliases_are_refused() -> None:
    _, wrong = parse(b"a: &a {x: 1}\nb:\n  <<: *a\nc: !!str 5\nd: *nobody\n? [k]\n: 1\n", "f.yaml")
    assert ["merge key" in str(wrong[0]), "tag" in str(wrong[1]), "alias" in str(wrong[2]), "plain name" in str(wrong[3])] == [True] * 4


@given(st.text(max_size=40))
def test_a_scalar_never_crashes(text: str) -> None:
    plain_scalar(text)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_a_tree_or_a_fault(raw: bytes) -> None:
    try:
        _, found = parse(raw, "f.yaml")
    except ScenarioError as error:
        found = error.faults
    assert all(fault.where and fault.what for fault in found)
