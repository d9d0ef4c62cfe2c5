"""One short run of the small county for all tests of the animation."""

from __future__ import annotations

import pytest

import sim
from sim.animate.scene import Scene, scene
from sim.store import StoredRun, open_run
from tests.run.small import STRAINED, scenario


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    folder = tmp_path_factory.mktemp("animated") / "run"
    sim.run(scenario("strained", days=4, warm_up=3, **STRAINED), seed=1, out=folder)
    return open_run(folder)


@pytest.fixture(scope="session")
def shown(run: StoredRun) -> Scene:
    return scene(run)
