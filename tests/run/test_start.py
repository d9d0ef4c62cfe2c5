"""A run that begins from its stored start state leaves the same tables as one that warms up itself, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import start
from sim.agents.county import County
from sim.flow.flow import Flow
from sim.flow.resume import Left, Resumed, is_quiet, leave
from sim.rules import Rules
from sim.run import run
from sim.scenario.model import Scenario
from sim.schema.raw import DayRecord
from sim.store.starts import SUFFIX, Start, Starts, key_of
from tests.agents.test_alliances import BRITTLE
from tests.produce.orchard import LEVERS, orchard
from tests.run.small import ORCHARD, POOL_ALL, STILL, STRAINED, Kept, digests, given, scenario

MONEY = {
    "network": {"budget": {"central": 3000, "county": 2000}, "per": "year", "carry_over": False},
    "building": {"budget": {"provincial": 400_000}, "per": "once", "carry_over": False},
}
SUPPORT: list[dict[str, Any]] = [
    {"kind": "village_stations", "share": 0.5, "carried_by": "each"},
    {"kind": "parcel_lockers", "share": 0.5},
    {"kind": "per_parcel_subsidy", "rate": 0.5, "programme": "network"},
    {"kind": "station_support", "per_month": 300, "programme": "network"},
    {"kind": "capital_grant", "assets": ["station", "locker"], "share": 0.5, "cap": 10_000, "programme": "building"},
]
RESTLESS: dict[str, dict[str, Any]] = {"decisions": {"review_every_days": 7, "loss_months": 1, "retry_months": 1, "settle_rounds": 1}}
"""One round before the run and a review every week, so that agents change their world in the warm-up."""
WEARY: dict[str, dict[str, Any]] = {"fleet": {"rest_minutes": 600, "p_breakdown": 0.5, "repair_minutes": 300}}
VOLUNTARY = POOL_ALL | {"membership": "voluntary", "share_costs_by": "shapley", "notice_days": 2}
SALES: list[dict[str, Any]] = [
    {"kind": kind} for kind in ("produce_to_city", "wholesale_market", "traceability", "platform_carrier_deals", "sunk_supply_chain")
]
GRANT: dict[str, Any] = {
    "kind": "capital_grant", "assets": ["cold room", "cold box", "market truck"], "share": 0.3, "cap": 50_000, "programme": "building",
}  # fmt: skip
EARLY = {"from": "2021-02-13"}
TURNING: list[dict[str, Any]] = [
    POOL_ALL | {"from": "2021-02-26"},
    {"kind": "village_stations", "share": 0.5, "from": "2021-03-02", "phase_in_days": 2},
]


@dataclass(frozen=True)
class Case:
    """A scenario by its days, how it is run, and for how many days."""

    made: Callable[[int], Scenario]
    how: dict[str, Any] = field(default_factory=dict)
    days: int = 4


def named(levers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return levers with their kinds as ids, as a file gives them: what no lever brought is granted nothing."""
    return [lever | {"id": lever["kind"]} for lever in levers]


def small(**more: Any) -> Callable[[int], Scenario]:
    """Return what makes a scenario of the small county by its days."""
    return lambda days: scenario(days=days, **({"warm_up": 5} | more))


CASES = {
    "plain": Case(small()),
    "nobody answers": Case(small(**STILL)),
    "strained": Case(small(**STRAINED)),
    "pooled": Case(small(levers=[POOL_ALL], **STRAINED)),
    "drivers that rest until the morning": Case(small(**WEARY)),
    "a sample of a study": Case(small(levers=[POOL_ALL]), {"sample": 0.01}),
    "agents that decide before the start": Case(small(warm_up=17, **(STRAINED | RESTLESS)), days=19),
    "a voluntary alliance": Case(small(warm_up=17, levers=[VOLUNTARY], **RESTLESS)),
    "an alliance that members leave before the start": Case(
        small(warm_up=17, levers=[BRITTLE | EARLY | {"notice_days": 2}], **RESTLESS), {"settled": False}
    ),
    "an alliance with notices that run at the start": Case(
        small(warm_up=17, levers=[BRITTLE | EARLY | {"notice_days": 12}], **RESTLESS), {"settled": False}
    ),
    "public money": Case(small(levers=named(SUPPORT), programmes=MONEY)),
    "levers from their dates": Case(small(levers=TURNING), {"settled": False}),
    "produce": Case(lambda days: orchard(days=days, warm_up=6, levers=LEVERS)),
    "every lever of produce and a county stock": Case(lambda days: orchard(days=days, warm_up=6, levers=[*LEVERS, *SALES])),
    "grants for what produce owns": Case(
        small(
            levers=named([*LEVERS, *SALES, GRANT]),
            programmes=MONEY,
            county=ORCHARD,
            start="2021-08-25",
            produce={"active": True, "learning": {"season_before": False}},
        )
    ),
    "farms that review before the start": Case(
        lambda days: orchard(days=days, warm_up=17, levers=LEVERS, produce={"learning": {"review_every_days": 7}})
    ),
}


STATIONS: dict[str, Any] = {"kind": "village_stations", "share": 0.5}
NEEDED = {
    ("county", "opened"): Case(small(warm_up=17, levers=[STATIONS | {"from": "2021-02-27"}], **RESTLESS), {"settled": False}, 9),
    ("county", "hosts"): Case(small(warm_up=17, levers=[STATIONS | {"from": "2021-02-21"}], **RESTLESS), {"settled": False}, 9),
    ("writer", "_open_events"): Case(
        small(levers=[POOL_ALL | {"from": "2021-02-28"}], fleet={"p_breakdown": 0.12, "repair_minutes": 900}), {"settled": False}, 2
    ),
}
"""Cases in which one thing that a state holds matters, by who holds it: stations opened after the last review before the start, hosts who
have seen losses before it, a breakdown of a trip that was under way when the day before the start was planned."""
SEED_WITH_EVENT = 3


class Days:
    """Hears how far a run is."""

    def __init__(self) -> None:
        self.done: list[int] = []

    def __call__(self, done: int, total: int) -> None:
        self.done.append(done)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own for the secret."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "guantong" / "starts.key"


def forget() -> None:
    """Forget what this process knows of the scenarios it has met."""
    sys.modules["sim.run"]._settings.clear()


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("agents that decide before the start", "service"),
        ("an alliance that members leave before the start", "leave"),
        ("an alliance with notices that run at the start", "leave"),
        ("farms that review before the start", "online"),
    ],
)
def test_the_cases_decide_what_their_names_say(name: str, decision: str) -> None:
    made = run(CASES[name].made(2), 1, **CASES[name].how).table("decisions")
    own = made[made["decision"].str.startswith(decision)]
    assert ((own["day"] > -CASES[name].made(2).warm_up_days) & (own["day"] < 0)).any()


@pytest.mark.parametrize("name", CASES)
def test_a_run_from_its_start_state_is_the_uninterrupted_run(name: str, tmp_path: Path) -> None:
    case, starts = CASES[name], tmp_path / "starts"
    days = case.days
    run(case.made(days), 1, out=tmp_path / "whole", **case.how)
    run(case.made(days + 3), 1, out=tmp_path / "longer", starts=starts, **case.how)
    assert len(list(starts.glob(f"*{SUFFIX}"))) == 1
    forget()
    heard = Days()
    run(case.made(days), 1, out=tmp_path / "resumed", starts=starts, progress=heard, **case.how)
    assert heard.done[0] == case.made(days).warm_up_days + 1, "the warm-up was not run again"
    assert digests(tmp_path / "resumed") == digests(tmp_path / "whole")
    forget()
    run(case.made(days + 3), 1, out=tmp_path / "again", **case.how)
    assert digests(tmp_path / "longer") == digests(tmp_path / "again"), "leaving a state changes nothing"


@pytest.mark.parametrize("owner_and_name", NEEDED, ids=lambda one: one[1])
def test_a_state_without_it_gives_another_run_and_with_it_the_same(
    owner_and_name: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name = owner_and_name
    case, seed = NEEDED[owner_and_name], SEED_WITH_EVENT if owner == "writer" else 1
    run(case.made(case.days), seed, out=tmp_path / "whole", starts=tmp_path / "starts", **case.how)
    with monkeypatch.context() as patch:
        patch.setitem(start.FRESH, owner, start.FRESH[owner] | {name})
        forget()
        run(case.made(case.days), seed, out=tmp_path / "lacking", starts=tmp_path / "lack", **case.how)
    for states, out in (("starts", "resumed"), ("lack", "other")):
        assert len(list((tmp_path / states).iterdir())) == 1
        forget()
        run(case.made(case.days), seed, out=tmp_path / out, starts=tmp_path / states, **case.how)
    assert digests(tmp_path / "resumed") == digests(tmp_path / "whole")
    assert digests(tmp_path / "other") != digests(tmp_path / "whole")


def test_operators_know_after_the_start_which_services_they_gave_up_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[int, int] = {}

    def reviewed(self: County, rules: Rules, day: int) -> None:
        seen[day] = int((day < self.barred_until).sum())
        if day < 0:
            self.barred_until = np.where(np.arange(self.barred_until.size).reshape(self.barred_until.shape) % 3 == 0, 99, self.barred_until)

    monkeypatch.setattr(County, "_review", reviewed)
    made = small(warm_up=17, **RESTLESS)(9)
    run(made, 1, out=tmp_path / "whole", starts=tmp_path / "starts")
    whole, _ = dict(seen), seen.clear()
    forget()
    run(made, 1, out=tmp_path / "resumed", starts=tmp_path / "starts")
    assert min(seen) > 0
    assert seen.items() <= whole.items()
    assert min(seen.values()) > 0


AGAIN = """
import sys
from pathlib import Path
from sim import start
from sim.agents.county import County
from sim.flow.flow import Flow
from sim.flow.resume import Left, Resumed, is_quiet, leave
from sim.run import run
from tests.run.test_start import CASES
run(CASES[sys.argv[1]].made(4), 1, out=Path(sys.argv[2]), starts=Path(sys.argv[3]), progress=lambda done, total: print(done))
"""


@pytest.mark.parametrize("name", ["pooled", "produce"])
def test_another_process_begins_from_it_too(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    run(case.made(4), 1, out=tmp_path / "whole", starts=tmp_path / "starts")
    command = [sys.executable, "-c", AGAIN, name, str(tmp_path / "resumed"), str(tmp_path / "starts")]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout.split()
    assert int(said[0]) == case.made(4).warm_up_days + 1
    assert digests(tmp_path / "resumed") == digests(tmp_path / "whole")


def test_a_flow_that_goes_on_knows_when_vehicles_and_drivers_are_free_and_whose_breakdown_was_drawn() -> None:
    whole, left = given(scenario(days=2, warm_up=4, **WEARY)), list[Left]()

    class Watch(Kept):
        def record(self, record: DayRecord) -> None:
            if record.day == -1:
                assert is_quiet(flow, 0)
                left.append(leave(flow))

    flow = Flow(whole, Watch())
    flow.run()
    (state,) = left
    again = Resumed(replace(whole, first_day=0), Kept(), state)
    for name in ("vehicles", "drivers"):
        turns = {key: (turn.free_at, turn.checked_day) for key, turn in getattr(again, name).items()}
        assert turns == state.turns[name]
        assert len(turns) > 5
    assert max(free_at for free_at, _ in state.turns["drivers"].values()) > 0, "some still rest at midnight"
    assert any(day == -1 for _, day in state.turns["vehicles"].values())


def test_the_drain_is_the_runs_own_whatever_the_state_was_left_by(tmp_path: Path) -> None:
    def made(drain: int) -> Scenario:
        return scenario(days=4, warm_up=5, levers=[POOL_ALL], **(STRAINED | {"counting": {"drain_days": drain}}))

    run(made(1), 1, out=tmp_path / "short", starts=tmp_path / "starts")
    forget()
    run(made(15), 1, out=tmp_path / "whole")
    forget()
    heard = Days()
    run(made(15), 1, out=tmp_path / "resumed", starts=tmp_path / "starts", progress=heard)
    assert heard.done[0] == 6
    assert digests(tmp_path / "resumed") == digests(tmp_path / "whole")


def test_where_a_trip_is_under_way_at_midnight_there_is_no_state(tmp_path: Path) -> None:
    slow = scenario(days=3, warm_up=5, fleet={"p_breakdown": 0.5, "repair_minutes": 1200})
    run(slow, 1, out=tmp_path / "run", starts=tmp_path / "starts")
    forget()
    run(slow, 1, out=tmp_path / "plain")
    assert not list((tmp_path / "starts").glob("*"))
    assert digests(tmp_path / "run") == digests(tmp_path / "plain")


def test_a_state_is_of_one_scenario_but_for_its_days_one_seed_and_what_is_written() -> None:
    plain = scenario(days=4)
    key = key_of(plain, 1, True, 1.0)
    assert key_of(scenario(days=9, counting={"drain_days": 3}), 1, True, 1.0) == key
    others = [
        key_of(plain, 2, True, 1.0),
        key_of(plain, 1, False, 1.0),
        key_of(plain, 1, True, 0.01),
        key_of(scenario(days=4, warm_up=6), 1, True, 1.0),
        key_of(scenario(days=4, start="2021-03-02"), 1, True, 1.0),
        key_of(scenario(days=4, levers=[POOL_ALL]), 1, True, 1.0),
        key_of(scenario(days=4, fleet={"p_breakdown": 0.003}), 1, True, 1.0),
        key_of(orchard(days=4), 1, True, 1.0),
    ]
    assert len({key, *others}) == 9


def test_a_damaged_state_is_passed_over(tmp_path: Path) -> None:
    chosen = scenario(days=2, warm_up=3)
    run(chosen, 1, out=tmp_path / "whole", starts=tmp_path / "starts")
    (file,) = (tmp_path / "starts").glob("*")
    file.write_bytes(file.read_bytes()[:1000])
    heard = Days()
    run(chosen, 1, out=tmp_path / "again", starts=tmp_path / "starts", progress=heard)
    assert heard.done[0] == 1
    assert digests(tmp_path / "again") == digests(tmp_path / "whole")


class Harm:
    """What runs code where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path(os.environ["HARM"]),)


def test_a_state_that_another_user_wrote_is_not_read(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARM", str(tmp_path / "harm"))
    kept = Starts(tmp_path)
    kept.keep("a", Start(Harm(), b"", {}, {}, [], b""))
    assert kept.find("a") is not None
    assert (tmp_path / "harm").exists(), "reading runs what is in it"
    (tmp_path / "harm").unlink()
    cache.unlink()
    assert kept.find("a") is None
    assert not (tmp_path / "harm").exists()
    assert cache.stat().st_mode & 0o077 == 0


def test_the_states_not_used_for_longest_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Starts(tmp_path)
    for row, name in enumerate("abc"):
        kept.keep(name, Start((), b"", {}, {}, [], name.encode()))
        os.utime(tmp_path / f"{name}{SUFFIX}", (row, row))
    monkeypatch.setattr("sim.store.starts.ROOM", 7 * (tmp_path / f"a{SUFFIX}").stat().st_size // 2)
    kept.keep("d", Start((), b"", {}, {}, [], b"d"))
    assert [name for name in "abcd" if kept.has(name)] == ["b", "c", "d"]
    assert kept.find("a") is None
    found = kept.find("b")
    assert found is not None
    assert found.body == b"b"
    monkeypatch.setattr("sim.store.starts.ROOM", 1)
    kept.keep("e", Start((), b"", {}, {}, [], b"e"))
    assert [name for name in "abcde" if kept.has(name)] == ["e"], "the newest stays whatever its size"
