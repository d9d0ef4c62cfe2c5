"""Runs and a server for the tests of the page."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

import sim
from sim.store import StoredRun, open_run
from sim.text import Lang
from sim.web.app import make_app
from tests.conftest import CHROMIUM, FLAGS
from tests.once import once

__all__ = ["CHROMIUM", "FLAGS", "Served", "serving", "small"]

SMALL = Path(__file__).parents[1] / "counties" / "small"


def small(days: int = 2, *settings: str, base: str = "baseline") -> Any:
    """Return a shipped scenario in the small county."""
    return sim.load(base, (f"county={SMALL}", "warm_up_days=2", *settings), days)


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """A run with every parcel, in which vehicles break down."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    sim.run(small(3, "parameters.fleet.p_breakdown=0.3"), seed=1, out=folder)
    return open_run(folder)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder with a study of two scenarios in the small county, and a single run."""

    def make(root: Path) -> None:
        sim.compare([small(), small(base="joint-and-subsidy")], replications=5, workers=1, out=root / "small")
        sim.run(small(), seed=3, out=root / "run" / "baseline" / "3")

    # servers add to what they serve
    return Path(shutil.copytree(once(tmp_path_factory, "results", make), tmp_path_factory.mktemp("served") / "results"))


@dataclass(frozen=True)
class Served:
    """A server under test."""

    port: int
    app: Starlette
    root: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return str(self.app.state.shop.token)


@contextmanager
def serving(root: Path, workers: int = 2, scenarios: Path | None = None) -> Iterator[Served]:
    """Serve the page over a results folder, in a thread of this process."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = make_app(root, workers, warm=False, scenarios=scenarios)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    yield Served(listening.getsockname()[1], app, root)
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def served(results: Path) -> Iterator[Served]:
    """The server over the results."""
    with serving(results) as made:
        yield made


@pytest.fixture
def opened(browser: Any, served: Served) -> Iterator[Any]:
    """What opens pages; they are closed, and what they said and asked is looked at, when the test is over."""
    from tests.web.browse import Page

    made: list[Page] = []

    def open_one(lang: Lang = "en", **more: Any) -> Page:
        made.append(Page(browser, served, lang, **more))
        return made[-1]

    yield open_one
    for page in made:
        page.close()
