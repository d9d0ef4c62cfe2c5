"""Load a study: a baseline against alternatives, all read and compared with one another before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal

from sim.errors import Fault, ScenarioError
from sim.metrics.catalogue import BY_NAME
from sim.scenario import shipped, yaml
from sim.scenario.faults import Loc, locate
from sim.scenario.load import load, together, validated
from sim.scenario.model import LONGEST, Scenario, Study, Window
from sim.scenario.node import Node, fault, near
from sim.text import LANGUAGES, t
from sim.world.find import county_called

PAIRED = ("county", "start", "days", "warm_up_days")
"""What scenarios share to be compared in pairs."""
SHIPPED = "integration-and-subsidy"
"""The study that runs when none is named."""
OUTCOMES = (
    "cost_per_parcel_yuan", "delivery_hours_mean", "delivery_hours_p90", "village_coverage", "served_villages_share", "stations_share",
    "pickup_km", "public_spending_yuan", "carrier_profit_yuan", "host_income_yuan", "vehicle_km", "co2_kg_per_parcel", "parcels_down",
    "farmer_income_yuan", "produce_up_kg", "produce_loss_share",
)  # fmt: skip
"""What is compared where nobody names outcomes, on the page, too; those of produce where there is any."""


def load_study(path: str | Path = SHIPPED, overrides: Sequence[str] = (), days: int | None = None) -> Study:
    """Return the study of a file (or the shipped one of that name) with its scenarios loaded; raise ScenarioError with all faults.

    ``overrides`` and ``days`` act on every scenario.
    """
    file = shipped.find(path, Path())
    root, written = yaml.read(file, shipped.shown(file))
    if root.get("study") is None:
        raise ScenarioError([fault(root, "not_study")])
    study, wrong = validated(Study, root)
    faults = [told for _, told in wrong]
    scenarios = _scenarios(root, file, overrides, days, faults)
    faults.extend(_outcomes(root))
    named = [root.get("baseline"), *_items(root.get("alternatives"))]
    if len(scenarios) == len(named) > 0:
        window = root.get("window")
        faults.extend(unlike(scenarios, root, validated(Window, window)[0] if window is not None else None))
    if written or faults or study is None:
        raise ScenarioError(together(written, faults))
    return study.at(file, tuple(scenarios))


def study_of(
    scenarios: Sequence[Scenario],
    *,
    name: str = "",
    replications: int = 10,
    windows: Sequence[Literal["settled", "transition"]] = ("settled",),
    window: Window | None = None,
    outcomes: Sequence[str] = OUTCOMES,
) -> Study:
    """Return a study of loaded scenarios, the baseline first; raise ScenarioError where they cannot be compared."""
    title = name or "-".join(scenario.name for scenario in scenarios)[:80]
    content: dict[str, object] = {
        "study": title,
        "baseline": str(scenarios[0].file or scenarios[0].name) if scenarios else "",
        "alternatives": tuple(str(scenario.file or scenario.name) for scenario in scenarios[1:]),
        "replications": replications,
        "windows": tuple(windows),
        "window": {"from": window.since, "until": window.until} if window else None,
        "outcomes": tuple(outcomes),
    } | _asked(scenarios)
    root = _tree(content)
    study, wrong = validated(Study, root)
    faults = [told for _, told in wrong]
    if study is not None:
        faults.extend([*_outcomes(root), *unlike(scenarios, root, window)])
    if faults or study is None:
        raise ScenarioError(faults)
    return study.at(None, tuple(scenarios))


BETWEEN = {"zh": "、", "en": ", "}


def _asked(scenarios: Sequence[Scenario]) -> dict[str, object]:
    """Return the question of a comparison that no file asks, in both languages; none where it would be too long to be read."""
    if len(scenarios) < 2:
        return {}
    title, question = dict[str, str](), dict[str, str]()
    for lang in LANGUAGES:
        base, *others = (scenario.words.text(lang) for scenario in scenarios)
        own = {"base": base, "others": BETWEEN[lang].join(others)}
        title[lang], question[lang] = t("study.of_scenarios", lang, **own), t("study.of_scenarios.question", lang, **own)
    return {} if max(map(len, question.values())) > LONGEST else {"title": title, "question": question}


def _tree(value: object) -> Node:
    if isinstance(value, dict):
        return Node({key: _tree(entry) for key, entry in value.items()}, "study", 0)
    if isinstance(value, tuple):
        return Node([_tree(entry) for entry in value], "study", 0)
    return Node(value, "study", 0)  # type: ignore[arg-type]


def _scenarios(root: Node, file: Path, overrides: Sequence[str], days: int | None, faults: list[Fault]) -> list[Scenario]:
    """Return the scenarios that load, the baseline first; faults of files that do not are added."""
    named = [root.get("baseline"), *(_items(root.get("alternatives")))]
    loaded: list[Scenario] = []
    for node in named:
        if node is None or not isinstance(node.value, str):
            continue
        target = shipped.find(node.value, file.parent)
        if not target.is_file():
            known = [path.name for path in (*file.parent.glob("*.yaml"), *shipped.files())]
            faults.append(fault(node, "no_scenario", name=node.value, near=near(target.name, known)))
            continue
        try:
            loaded.append(load(target, overrides, days))
        except ScenarioError as error:
            faults.extend(error.faults)
    return loaded


def _items(node: Node | None) -> list[Node]:
    return node.value if node is not None and isinstance(node.value, list) else []


def _outcomes(root: Node) -> list[Fault]:
    known = list(BY_NAME)
    wrong = [node for node in _items(root.get("outcomes")) if isinstance(node.value, str) and node.value not in known]
    return [fault(node, "no_metric", name=node.value, near=near(str(node.value), known)) for node in wrong]


def unlike(scenarios: Sequence[Scenario], root: Node, window: Window | None) -> list[Fault]:
    """Return why scenarios cannot be compared in pairs: names that are the same, settings that are not, a window outside."""
    faults: list[Fault] = []
    base, seen = scenarios[0], set[str]()
    for index, scenario in enumerate(scenarios):
        loc: Loc = ("alternatives", index - 1) if index else ("baseline",)
        node, _ = locate(root, loc)
        if scenario.name in seen:
            faults.append(fault(node, "same_name", name=scenario.name))
        seen.add(scenario.name)
        for name in PAIRED:
            own, common = (s.county_folder.resolve() if name == "county" else getattr(s, name) for s in (scenario, base))
            if own != common:
                told = _counties(own, common) if name == "county" else {"value": own, "base": common}
                faults.append(fault(node, "unlike", scenario=scenario.name, name=name, **told))
    if window is not None and not base.start <= window.since <= window.until <= base.start + timedelta(days=base.days - 1):
        node, _ = locate(root, ("window",))
        faults.append(fault(node, "window", since=window.since, until=window.until, start=base.start, end=base.end))
    return faults


def _counties(own: Path, common: Path) -> dict[str, object]:
    """Return two counties by their names, by their folders where both are called the same."""
    value, base = county_called(own), county_called(common)
    return {"value": value, "base": base} if value != base else {"value": own, "base": common}
