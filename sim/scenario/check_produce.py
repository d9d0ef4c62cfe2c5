"""What can be wrong with farm produce in a scenario beyond single values."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Fault, closest
from sim.levers.base import Lever, Mistake, mistake
from sim.levers.cold_chain import ColdChain
from sim.levers.origin_warehouse import OriginWarehouse
from sim.scenario.faults import Loc, locate
from sim.scenario.model import Scenario
from sim.scenario.node import Node, fault, names
from sim.schema.parameters import Parameters
from sim.world.hours import clock_us

RULES = {("channels", "rule"): ("threshold", "logit"), ("collecting", "rule"): ("recorded", "never")}
SHARES = (("sending", "zone_near", "zone_far"), ("grading", "first", "second"))
SHARED: dict[type[Lever], tuple[str, ...]] = {
    ColdChain: ("owner",),
    OriginWarehouse: ("cover_days", "hold_days", "packing_minutes", "packing", "fee", "store_kg_day", "batch"),
}
"""Settings that all levers of a kind have in common, since the county has one of each."""


def produce_faults(parameters: Parameters, root: Node) -> Iterator[tuple[Loc, Fault]]:
    """Yield what is wrong between the parameters of produce."""
    p = parameters.produce
    for (section, name), known in RULES.items():
        value = getattr(getattr(p, section), name)
        if value not in known:
            told = {"name": f"parameters.produce.{section}.{name}", "value": value, "names": names(known)}
            path, node = _at(root, section, name)
            yield path, fault(node, "rule", **told, near=closest(value, known, 0.0) or known[0])
    for section, one, other in SHARES:
        group = getattr(p, section)
        total = getattr(group, one) + getattr(group, other)
        if total > 1 + 1e-9:
            path, node = _at(root, section, one, other)
            yield path, fault(node, "two_shares", one=f"produce.{section}.{one}", other=other, sum=f"{total:g}")
    s = p.sending
    if s.spoiled > s.threshold:
        path, node = _at(root, "sending", "spoiled", "threshold")
        yield path, fault(node, "spoiled", spoiled=f"{s.spoiled:g}", threshold=f"{s.threshold:g}")
    first, last = clock_us(s.drop_from), clock_us(s.drop_until)
    if first is not None and last is not None and last < first:
        path, node = _at(root, "sending", "drop_until", "drop_from")
        told = {"opens": "produce.sending.drop_from", "closes": "produce.sending.drop_until"}
        yield path, fault(node, "hours", **told, opens_at=s.drop_from, closes_at=s.drop_until)


def _at(root: Node, section: str, *options: str) -> tuple[Loc, Node]:
    """Return the first of a section's parameters that is written in the file, else what comes nearest."""
    for name in options:
        node, path = locate(root, ("parameters", "produce", section, name))
        if len(path) == 4:
            return path, node
    node, path = locate(root, ("parameters", "produce", section))
    return path, node


def produce_mistakes(scenario: Scenario, lever: Lever) -> Iterator[Mistake]:
    """Yield what is wrong with a lever of produce beside the others and the parameters of its scenario."""
    if lever.of_produce and not scenario.parameters.produce.active:
        yield mistake((), "no_produce")
    for kind, shared in SHARED.items():
        if not isinstance(lever, kind):
            continue
        first = next(other for other in scenario.levers if isinstance(other, kind))
        for name in shared:
            if getattr(lever, name) != getattr(first, name):
                yield mistake((name,), "shared", name=name, value=str(getattr(first, name)), other=first.id)
