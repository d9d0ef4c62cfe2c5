"""A manifest tells programs apart by their text: the same version number may stand over other rules."""

from __future__ import annotations

from pathlib import Path

from sim.program import program, program_text, text_of


def test_every_byte_and_name_of_a_module_changes_the_program_s_name(tmp_path: Path) -> None:
    (tmp_path / "flow").mkdir()
    module = tmp_path / "flow" / "rules.py"
    module.write_text("WAIT = 1\n")
    said = {text_of(tmp_path)}
    module.write_text("WAIT = 2\n")
    said.add(text_of(tmp_path))
    module.rename(tmp_path / "rules.py")
    said.add(text_of(tmp_path))
    (tmp_path / "more.py").write_text("")
    said.add(text_of(tmp_path))
    assert len(said) == 4


def test_what_a_run_leaves_beside_the_modules_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text("WAIT = 1\n")
    before = text_of(tmp_path)
    (tmp_path / "rules.cpython-311.pyc").write_bytes(b"compiled")
    assert text_of(tmp_path) == before


def test_a_program_is_named_by_its_version_and_its_text() -> None:
    number, _, text = program().partition("+")
    assert number
    assert len(text) == 12
    assert program_text().startswith(text)
