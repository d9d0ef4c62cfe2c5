"""Compiled kernels have a place even where somebody else installed the program and the user's folder cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.kept import NAME, home, keep_kernels, users_cache


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that this user may not write and no other place for kernels; ``os.access`` is made to say so to root, too."""
    monkeypatch.setenv(NAME, "before")
    monkeypatch.delenv(NAME)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    for name in ("package", "home", "temporary"):
        (tmp_path / name).mkdir()
    closed = {tmp_path / "package", tmp_path / "home"}
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) not in closed)
    return tmp_path


def given() -> str | None:
    return os.environ.get(NAME)


def test_kernels_go_to_a_folder_of_this_user_s_own(installed: Path) -> None:
    keep_kernels(installed / "package", installed / "temporary")
    folder = Path(given() or "")
    assert folder.parent == installed / "temporary"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_write_is_not_taken(installed: Path) -> None:
    open_to_all = installed / "temporary" / f"guantong-{os.getuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    keep_kernels(installed / "package", installed / "temporary")
    assert given() not in (None, str(open_to_all))
    assert Path(given() or "").stat().st_mode & 0o777 == 0o700


def test_a_link_is_not_taken_for_the_folder(installed: Path) -> None:
    (installed / "elsewhere").mkdir()
    (installed / "temporary" / f"guantong-{os.getuid()}").symlink_to(installed / "elsewhere")
    keep_kernels(installed / "package", installed / "temporary")
    assert Path(given() or "").resolve() != installed / "elsewhere"


def test_nothing_is_set_where_the_compiler_has_a_place_or_the_user_named_one(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_kernels(installed / "temporary", installed / "temporary")
    assert given() is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(installed / "temporary" / "below" / "cache"))
    keep_kernels(installed / "package", installed / "temporary")
    assert given() is None
    monkeypatch.setenv(NAME, "mine")
    monkeypatch.setenv("XDG_CACHE_HOME", str(installed / "home"))
    keep_kernels(installed / "package", installed / "temporary")
    assert given() == "mine"


def test_without_any_place_nothing_is_set(installed: Path) -> None:
    keep_kernels(installed / "package", installed / "nowhere" / "at all")
    assert given() is None


def test_a_user_without_a_home_has_one_folder_for_everything(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("tempfile.tempdir", str(installed / "temporary"))
    keep_kernels(installed / "package")
    assert home() == Path(given() or "") == users_cache().parent
    assert home().parent == installed / "temporary"
