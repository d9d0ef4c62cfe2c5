"""One made-up study, told once in both languages for all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up_study import make

from sim.report.html import write_report
from sim.report.input import ReportInput
from sim.text import LANGUAGES, Lang
from tests.once import once


@pytest.fixture(scope="session")
def study() -> ReportInput:
    return make()


@pytest.fixture(scope="session")
def pages(study: ReportInput, tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, Path]:
    folder = once(tmp_path_factory, "report", lambda folder: write_report(study, folder))
    return {lang: folder / f"report.{lang}.html" for lang in LANGUAGES}
