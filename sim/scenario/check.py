"""What can be wrong with a scenario beyond single values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sim.errors import Fault, closest
from sim.levers.base import Spending, mistake
from sim.levers.joint_distribution import JointDistribution
from sim.levers.parcel_lockers import ParcelLockers
from sim.levers.platform_carrier_deals import PlatformCarrierDeals
from sim.levers.village_stations import VillageStations
from sim.scenario.check_produce import produce_faults, produce_mistakes
from sim.scenario.faults import Loc, dotted, locate
from sim.scenario.model import Scenario
from sim.scenario.node import Node, fault, names, near
from sim.schema.listing import valued
from sim.schema.parameters import Parameters
from sim.schema.programme import SOURCES
from sim.text import Words
from sim.text.width import narrow
from sim.units import DAY, MINUTE
from sim.world.hours import clock_us

ON_NO_SPACE = ("back_to_township", "overflow")
DEPARTURES = (
    ("timetable", "line_departs"), ("timetable", "town_line_departs"), ("timetable", "round_departs"),
    ("timetable", "town_round_departs"), ("centre", "trunk_out"),
)  # fmt: skip
WAVES = (("centre", "first_trunk"), ("centre", "second_trunk"))


def crossed(scenario: Scenario, root: Node, *, dated: bool = True) -> list[tuple[Loc, Fault]]:
    """Return what is wrong between values: clocks, orders of times, levers, operators; each with its place.

    Without ``dated`` the run's own dates are not known, and nothing is said to lie outside them.
    """
    found = [
        *_clocks(scenario.parameters, root),
        *_orders(scenario.parameters, root),
        *produce_faults(scenario.parameters, root),
        *_programmes(scenario, root),
        *_levers(scenario, root, dated),
    ]
    if scenario.operators:
        found.extend(_operators(scenario, root))
    return found


def _at(root: Node, *loc: str | int) -> tuple[Loc, Node]:
    node, path = locate(root, loc)
    return path, node


def _clocks(parameters: Parameters, root: Node) -> Iterator[tuple[Loc, Fault]]:
    for name, info, value in valued(parameters, "parameters"):
        extra = info.json_schema_extra
        if isinstance(extra, dict) and extra["unit"] == "clock" and clock_us(value) is None:
            path, node = _at(root, *name.split("."))
            yield path, fault(node, "clock", name=name, value=value)


def _orders(parameters: Parameters, root: Node) -> Iterator[tuple[Loc, Fault]]:
    station, service, demand = parameters.station, parameters.service, parameters.demand
    if station.reminder_days >= station.holding_days:
        path, node = _first(root, ("station", "reminder_days"), ("station", "holding_days"))
        yield path, fault(node, "reminder", reminder=f"{station.reminder_days:g}", holding=f"{station.holding_days:g}")
    if demand.trunk_hours_mean <= demand.trunk_hours_min:
        path, node = _first(root, ("demand", "trunk_hours_mean"), ("demand", "trunk_hours_min"))
        yield path, fault(node, "trunk_hours", mean=f"{demand.trunk_hours_mean:g}", least=f"{demand.trunk_hours_min:g}")
    together = service.to_post_share + service.refused_share + service.village_share
    if together > 1 + 1e-9:
        path, node = _first(root, ("service", "village_share"), ("service", "to_post_share"), ("service", "refused_share"))
        yield path, fault(node, "shares", names="service.village_share, to_post_share, refused_share", sum=f"{together:g}")
    if station.on_no_space not in ON_NO_SPACE:
        path, node = _at(root, "parameters", "station", "on_no_space")
        near = closest(station.on_no_space, ON_NO_SPACE, 0.0) or ON_NO_SPACE[0]
        yield (
            path,
            fault(node, "rule", name="parameters.station.on_no_space", value=station.on_no_space, names=names(ON_NO_SPACE), near=near),
        )
    for section in ("township", "station"):
        opens, closes = (getattr(getattr(parameters, section), name) for name in ("opens", "closes"))
        first, last = clock_us(opens), clock_us(closes)
        if first is not None and last is not None and first >= last:
            path, node = _first(root, (section, "closes"), (section, "opens"))
            told = {"opens": f"{section}.opens", "closes": f"{section}.closes", "opens_at": opens, "closes_at": closes}
            yield path, fault(node, "hours", **told)
    yield from _trips(parameters, root)


def _trips(parameters: Parameters, root: Node) -> Iterator[tuple[Loc, Fault]]:
    plan = clock_us(parameters.timetable.plan_time)
    if plan is None:
        return
    window = round(parameters.fleet.load_window_minutes * MINUTE)
    for (section, name), earliest in [*((d, plan + window) for d in DEPARTURES), *((w, plan + MINUTE) for w in WAVES)]:
        text = getattr(getattr(parameters, section), name)
        moment = clock_us(text)
        if moment is not None and moment < earliest:
            path, node = _first(root, (section, name), ("timetable", "plan_time"), ("fleet", "load_window_minutes"))
            allowed = f"{earliest % DAY // MINUTE // 60:02d}:{earliest // MINUTE % 60:02d}"
            told = {"name": f"parameters.{section}.{name}", "time": text, "plan": parameters.timetable.plan_time, "earliest": allowed}
            yield path, fault(node, "too_early", **told)


def _first(root: Node, *options: tuple[str, str]) -> tuple[Loc, Node]:
    """Return the first of the parameters that is written in the file, else what comes nearest."""
    for section, name in options:
        path, node = _at(root, "parameters", section, name)
        if len(path) == 3:
            return path, node
    return _at(root, "parameters", *options[0])


def _programmes(scenario: Scenario, root: Node) -> Iterator[tuple[Loc, Fault]]:
    for name, programme in scenario.programmes.items():
        if programme.per == "once" and programme.carry_over:
            path, node = _at(root, "programmes", name, "carry_over")
            yield path, fault(node, "carried_once", name=name)
        if "budget" not in programme.model_fields_set:
            path, node = _at(root, "programmes", name)
            yield path, fault(node, "no_budget", name=name, sources=names(SOURCES))


def unused(scenario: Scenario) -> tuple[str, ...]:
    """Return the programmes that no lever spends."""
    used = {lever.programme for lever in scenario.levers if isinstance(lever, Spending)}
    return tuple(name for name in scenario.programmes if name not in used)


def _levers(scenario: Scenario, root: Node, dated: bool) -> Iterator[tuple[Loc, Fault]]:
    first, last = scenario.start - timedelta(days=scenario.warm_up_days), scenario.end
    known = operator_keys(scenario)
    volumes = [lever.door_l for lever in scenario.levers if isinstance(lever, ParcelLockers)]
    for index, lever in enumerate(scenario.levers):
        wrongs = [*lever.mistakes(), *produce_mistakes(scenario, lever)]
        if isinstance(lever, Spending) and lever.programme not in scenario.programmes:
            words = near(lever.programme, list(scenario.programmes))
            told = {"name": lever.programme, "known": ", ".join(scenario.programmes) or "-", "near": Words(**words)}
            wrongs.append(mistake(("programme",), "no_programme", **told))
        if isinstance(lever, ParcelLockers) and lever.door_l != volumes[0]:
            wrongs.append(mistake(("door_l",), "two_volumes", volumes=", ".join(f"{litres:g}" for litres in volumes[0].volumes)))
        if isinstance(lever, VillageStations) and lever.carried_by == "post" and scenario.operators and not _has_post(scenario):
            wrongs.append(mistake(("carried_by",), "no_post"))
        for wrong in wrongs:
            path, node = _at(root, "levers", index, *wrong.loc)
            what, allowed = ({"zh": words.zh, "en": words.en} for words in (wrong.what, wrong.allowed))
            yield path, fault(node, "lever", id=lever.id, what=what, allowed=allowed)
        for name, day in (("from", lever.since), ("until", lever.until)):
            if dated and day is not None and not first <= day <= last:
                path, node = _at(root, "levers", index, name)
                yield path, fault(node, "outside", id=lever.id, name=name, day=day, start=first, end=last)
        named: list[tuple[Loc, tuple[str, ...]]] = [(("where", "operators"), lever.where.operators or ())]
        if isinstance(lever, JointDistribution) and lever.members != "all":
            named.append((("members",), lever.members))
        if isinstance(lever, PlatformCarrierDeals) and lever.carrier:
            named.append((("carrier",), (lever.carrier,)))
        for loc, keys in named:
            for place, key in enumerate(keys):
                if key not in known:
                    path, node = _at(root, "levers", index, *loc, place)
                    plain = narrow(key).replace(",", ", ")
                    full = {"en": f"full-width characters: write {plain}", "zh": f"有全角字符，应写：{plain}"}
                    hint = near(key, known) if plain == key else full
                    yield path, fault(node, "no_operator", name=key, near=hint, known=names(known))


def _has_post(scenario: Scenario) -> bool:
    from sim.errors import ScenarioError
    from sim.world.operators import firms

    try:
        return any(firm.kind == "post" for firm in firms(scenario.parameters, scenario.operators))
    except ScenarioError:
        return True


def operator_keys(scenario: Scenario) -> tuple[str, ...]:
    """Return the keys of the operators that the county will have."""
    named = [
        lever.where.operators or getattr(lever, "carrier", "") or getattr(lever, "members", "all") != "all" for lever in scenario.levers
    ]
    if not any(named):
        return ()
    from sim.errors import ScenarioError
    from sim.world.operators import firms

    try:
        return tuple(firm.key for firm in firms(scenario.parameters, scenario.operators))
    except ScenarioError:
        return tuple(operator.key for operator in scenario.operators)


def _operators(scenario: Scenario, root: Node) -> Iterator[tuple[Loc, Fault]]:
    from sim.world.operators import operator_faults

    for wrong in operator_faults(scenario.operators):
        inside = wrong.where.partition("[")[2].rstrip("]")
        path, node = _at(root, "operators", *([int(inside)] if inside else []))
        yield path, Fault(node.where, f"{dotted(root, path)}: {wrong.what}", wrong.allowed, wrong.what_zh, wrong.allowed_zh)
