"""What others wrote lies in the package with its version, licence and checksum, and nothing else does."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import sim.web

VENDOR = Path(sim.web.__file__).parent / "vendor"
ROWS = list(csv.DictReader((VENDOR / "vendor.csv").open(encoding="utf-8")))


def test_every_file_is_the_one_that_was_taken() -> None:
    for row in ROWS:
        assert hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]


def test_every_file_is_in_the_table_and_has_its_licence() -> None:
    listed = {row["file"] for row in ROWS}
    licences = {row["licence_file"] for row in ROWS}
    assert {path.name for path in VENDOR.iterdir() if path.suffix in (".js", ".css")} == listed
    assert all((VENDOR / name).stat().st_size > 500 for name in licences)


def test_nothing_of_it_asks_another_host() -> None:
    page = Path(sim.web.__file__).parent / "page"
    for path in page.iterdir():
        assert "https://" not in path.read_text(encoding="utf-8"), path.name
