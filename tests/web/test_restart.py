"""The server itself is killed in the middle of a comparison; another one over the same results goes on from there."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.web.draft import drawn

REPLICATIONS = 4


@contextmanager
def serving(results: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start ``guantong serve`` as a process of its own and give its address."""
    command = [sys.executable, "-m", "sim", "serve", "--port", "0", "--workers", "1", "--out", str(results)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    try:
        assert process.stdout is not None
        yield re.search(r"http://[\d.:]+", process.stdout.readline())[0], process  # type: ignore[index]
    finally:
        process.kill()
        process.wait()


def begun(address: str, drafts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Begin a comparison as the page does and give its events as they come."""
    page = urllib.request.urlopen(address, timeout=120).read().decode()
    token = re.search(r'name="token" content="([^"]+)"', page)
    assert token
    body = json.dumps({"drafts": drafts, "replications": REPLICATIONS}).encode()
    asked = urllib.request.Request(f"{address}/api/jobs", body, {"Content-Type": "application/json", "X-Guantong-Token": token[1]})
    job = json.load(urllib.request.urlopen(asked, timeout=120))["job"]
    with urllib.request.urlopen(f"{address}/api/jobs/{job}/events", timeout=300) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))


@pytest.mark.slow
def test_what_was_done_before_the_server_was_killed_is_not_run_again(tmp_path: Path) -> None:
    shared = {"county": "540627_baingoin", "days": 3, "warm_up_days": 2}
    drafts = [drawn(name) | shared for name in ("baseline", "joint-and-subsidy")]
    results = tmp_path / "results"
    with serving(results) as (address, process):
        done = 0
        for event in begun(address, drafts):
            done = max(done, event.get("done", 0))
            if done >= 3:
                process.send_signal(signal.SIGKILL)
                break
        process.wait()
    assert 3 <= done < 2 * REPLICATIONS
    with serving(results) as (address, _):
        events = list(begun(address, drafts))
    assert events[0]["reused"] >= done
    assert events[-1]["type"] == "study"
    (folder,) = (path for path in (results / "workshop").iterdir() if (path / "study.json").exists())
    again = sim.compare(str(folder / "study.yaml"), replications=REPLICATIONS, workers=1, out=tmp_path / "again")
    pd.testing.assert_frame_equal(sim.open(folder).differences(), again.differences())
