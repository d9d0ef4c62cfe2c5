"""How the processes of the tests share their work."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import pytest_collection_modifyitems
from tests.once import once


def test_what_several_processes_need_is_made_by_the_first_that_asks(tmp_path_factory: pytest.TempPathFactory) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "file").write_text("whole")
        made.append(folder)

    first, second = (once(tmp_path_factory, "asked-for-twice", make) for _ in range(2))
    assert first == second
    assert (first / "file").read_text() == "whole"
    assert len(made) == 1


def test_what_could_not_be_made_is_made_by_the_next_that_asks(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(ZeroDivisionError):
        once(tmp_path_factory, "fails-at-first", lambda folder: 1 // 0)
    assert once(tmp_path_factory, "fails-at-first", Path.mkdir).is_dir()


def test_files_with_long_tests_begin_first_then_those_with_many() -> None:
    def item(path: str, *marks: str) -> Any:
        return SimpleNamespace(path=Path(path), get_closest_marker=lambda mark: mark in marks)

    items = [item("a"), item("b"), item("b"), item("c"), item("d"), item("d", "slow"), item("e", "browser")]
    pytest_collection_modifyitems(items)
    assert [str(one.path) for one in items] == ["d", "d", "e", "b", "b", "a", "c"]
