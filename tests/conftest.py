"""Show after the tests what some of them have to say (``record_property("shown", ...)``), also when they ran in other processes; one
browser for all tests of a process; kernels that are compiled once for all processes."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.compiled import compile_once

CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium") or "")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless browser that finds nobody but this machine; two at once cannot be driven in one process."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let files with long tests begin first, then those with many: at the end no process waits long for another one's last file."""
    many = Counter(item.path for item in items)
    long = {item.path for item in items if any(item.get_closest_marker(mark) for mark in ("slow", "browser"))}
    items.sort(key=lambda item: (item.path not in long, -many[item.path], item.path))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile before there are several processes of tests."""
    if session.config.getoption("numprocesses", None):
        compile_once()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was to be shown, test by test."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "call":
                continue
            for name, text in report.user_properties:
                if name == "shown":
                    terminalreporter.section(report.nodeid.partition("::")[2].replace("_", " "), sep="-")
                    terminalreporter.write_line(str(text))
