"""One made-up study, told once in both languages for all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up_study import make

from sim.report.html import write_report
from sim.report.input import ReportInput
from sim.text import Lang


@pytest.fixture(scope="session")
def study() -> ReportInput:
    return make()


@pytest.fixture(scope="session")
def pages(study: ReportInput, tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, Path]:
    return write_report(study, tmp_path_factory.mktemp("report"))
