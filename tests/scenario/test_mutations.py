"""Whatever is done to a scenario file, the answer is a scenario or a list of faults, never a crash."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import Fault, ScenarioError
from sim.scenario.load import load
from sim.scenario.model import Scenario

TEXT = """\
format: 1
name: mutated
title: {zh: 变, en: Mutated}
extends: pooled-lines.yaml
county: counties/621225_xihe
start: 2021-03-01
days: 30
operators:
  - {key: express-1, share: 0.3, name: {zh: 甲, en: A}}
parameters:
  demand: {p_missort: 0.01, regional_factor: 0.8}
  station: {opens: "08:00", on_no_space: overflow}
without: [joint_distribution]
levers:
  - kind: joint_distribution
    id: some
    members: [express-1, post]
    pool: {sorting: [sites], delivery: [vehicles]}
  - kind: village_stations
    from: 2021-03-05
    hosts: [shop]
    where: {tier: village, remoteness: [far], population: [0, 500], operators: [post], places: [汉源镇]}
  - kind: parcel_lockers
    doors: {small: 3}
"""
LINES = TEXT.splitlines()
WORDS = st.sampled_from(
    [
        "[]",
        "{}",
        "~",
        "1",
        "-1",
        "1e400",
        '"x"',
        "[1, [2]]",
        "{a: {b: c}}",
        "2021-01-01",
        "17:30",
        "all",
        "*a",
        "&a 1",
        "!!x y",
        "|",
        "\t",
        "-",
    ]
)


def attempt(path: Path, overrides: list[str]) -> tuple[Scenario | None, list[Fault]]:
    try:
        return load(path, overrides), []
    except ScenarioError as error:
        return None, error.faults


@st.composite
def mutated(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[at].partition(":")
        lines[at] = draw(
            st.sampled_from([f"{key}{colon} ", "", f"  {lines[at]}", lines[at].lstrip()])
            | WORDS.map(lambda word, key=key: f"{key}: {word}")
            | WORDS.map(lambda word, at=at, lines=lines: lines[at].replace("1", word, 1))
        )
        if draw(st.booleans()):
            lines.insert(at, draw(st.sampled_from(LINES)))
    return "\n".join(lines)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated())
def test_a_mutated_scenario_loads_or_tells_its_faults(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mutated.yaml"
    path.write_text(text, encoding="utf-8")
    scenario, faults = attempt(path, [])
    assert (scenario is None) == bool(faults)
    for fault in faults:
        assert fault.where
        assert "\n" in fault.text("zh")
    if scenario is not None:
        assert scenario.resolved()["days"] == scenario.days


@settings(max_examples=60, deadline=None)
@given(
    setting=st.text(max_size=30)
    | st.tuples(st.sampled_from(["days", "levers.village_stations", "levers.x.y", "title", "parameters.demand"]), WORDS).map("=".join)
)
def test_any_override_loads_or_tells_its_faults(setting: str) -> None:
    scenario, faults = attempt(Path("stations-lockers"), [setting])
    assert (scenario is None) == bool(faults)
