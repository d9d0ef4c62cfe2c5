"""Show after the tests what some of them have to say (``record_property("shown", ...)``), also when they ran in other processes."""

from __future__ import annotations

from typing import Any


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
