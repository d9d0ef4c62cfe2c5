"""The operators of a county: who they are, whose outlet serves them, how they serve each village."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import luck
from sim.errors import Fault, ScenarioError
from sim.schema.operators import OperatorSpec, OperatorsSpec
from sim.schema.parameters import Parameters, Service
from sim.units import MINUTE
from sim.world.hours import clock_us, time_of_day
from sim.world.world import (
    REFUSED,
    TO_POST,
    TO_TOWNSHIP,
    TO_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    Bools,
    Floats,
    Int8s,
    Int16s,
    Keys,
    Operators,
    Places,
)  # fmt: skip

EXPRESS_SHARES = (0.195, 0.15, 0.14, 0.13, 0.11)
"""Shares of the five express networks, leader first (evidence: parameter-gaps G5; all but the first assumed)."""
POST_SHARE = 0.15
"""Share of the post (assumption; G5 gives 0.10-0.25 in villages)."""
EXPRESS_ZH = "甲乙丙丁戊"
EXPRESS_EN = "ABCDE"


@dataclass(frozen=True)
class Firm:
    """One operator with everything filled in; times are microseconds, ``place`` is its turn at the trunk."""

    key: str
    zh: str
    en: str
    kind: str
    share: float
    village_share: float
    days_per_week: int
    trunk_us: tuple[int, int]


def firms(parameters: Parameters, spec: OperatorsSpec | None = None) -> tuple[Firm, ...]:
    """Return the operators sorted by key; raise ScenarioError where the overrides leave no valid set."""
    faults = operator_faults(spec or ())
    if faults:
        raise ScenarioError(faults)
    merged = {o.key: o for o in default_operators()}
    turn = {key: i for i, key in enumerate(merged)}
    for change in sorted(spec or (), key=lambda o: o.key):
        turn.setdefault(change.key, len(turn))
        old = merged.get(change.key, OperatorSpec(key=change.key, kind="express"))
        merged[change.key] = old.model_copy(update={k: v for k, v in change if v is not None})
    kept = sorted((o for o in merged.values() if o.share), key=lambda o: o.key)
    total = sum(o.share or 0.0 for o in kept)
    return tuple(_firm(o, turn[o.key], total, parameters) for o in kept)


def default_operators() -> OperatorsSpec:
    """Return five express networks and the post."""
    express = [
        OperatorSpec.model_validate(
            {
                "key": f"express-{i + 1}",
                "name": {"zh": f"快递{EXPRESS_ZH[i]}", "en": f"Express {EXPRESS_EN[i]}"},
                "kind": "express",
                "share": share,
            }
        )
        for i, share in enumerate(EXPRESS_SHARES)
    ]
    post = OperatorSpec.model_validate({"key": "post", "name": {"zh": "邮政", "en": "Post"}, "kind": "post", "share": POST_SHARE})
    return (*express, post)


def operator_faults(spec: OperatorsSpec, where: str = "operators") -> list[Fault]:
    """Return what is wrong with the overrides as a set."""
    faults = []
    merged = {o.key: o for o in default_operators()}
    seen: set[str] = set()
    for i, change in enumerate(spec):
        here = f"{where}[{i}]"
        if change.key in seen:
            faults.append(
                Fault(
                    here, f"operator {change.key!r} stands twice", "one entry for each key", f"经营者 {change.key!r} 重复", "每个 key 一条"
                )
            )
        seen.add(change.key)
        if change.key not in merged and change.share is None:
            names = ", ".join(o.key for o in default_operators())
            what, what_zh = f"the new operator {change.key!r} has no share", f"新经营者 {change.key!r} 没有 share"
            faults.append(Fault(here, what, f"give share, or change one of: {names}", what_zh, f"请给出 share，或修改：{names}"))
        for name in ("first_trunk", "second_trunk"):
            value = getattr(change, name)
            if value is not None and clock_us(value) is None:
                faults.append(
                    Fault(here, f"{name} is {value!r}", 'allowed: "00:00" .. "23:59"', f"{name} 为 {value!r}", '允许："00:00" .. "23:59"')
                )
        old = merged.get(change.key, OperatorSpec(key=change.key, kind="express"))
        merged[change.key] = old.model_copy(update={k: v for k, v in change if v is not None})
    kept = [o for o in merged.values() if o.share]
    posts = [o.key for o in kept if o.kind == "post"]
    if len(posts) > 1:
        faults.append(
            Fault(where, f"there are {len(posts)} posts: {', '.join(posts)}", "allowed: one of kind post", "有多家邮政", "只允许一家 post")
        )
    if not kept:
        faults.append(Fault(where, "no operator is left", "at least one with share > 0", "没有剩下任何经营者", "至少一家 share > 0"))
    return faults


def _firm(spec: OperatorSpec, turn: int, total: float, parameters: Parameters) -> Firm:
    service, centre = parameters.service, parameters.centre
    post = spec.kind == "post"
    spacing = turn * centre.trunk_spacing_minutes * MINUTE
    given = (("first_trunk", spec.first_trunk, centre.first_trunk), ("second_trunk", spec.second_trunk, centre.second_trunk))
    first, second = (time_of_day(own or common, name) + (0 if own else spacing) for name, own, common in given)
    village_share = 1.0 if post else service.village_share
    days = service.post_days_per_week if post else service.express_days_per_week
    return Firm(
        spec.key,
        spec.name.zh if spec.name else spec.key,
        spec.name.en if spec.name else spec.key,
        spec.kind or "express",
        (spec.share or 0.0) / total,
        village_share if spec.village_share is None else spec.village_share,
        days if spec.days_per_week is None else spec.days_per_week,
        (first, second),
    )


def make_operators(places: Places, parameters: Parameters, spec: OperatorsSpec | None = None) -> Operators:
    """Return the operators of a county with outlets, service modes, days and second fees, drawn by key."""
    all_firms = firms(parameters, spec)
    k, m = len(all_firms), places.n_townships
    keys = tuple(f.key for f in all_firms)
    pair = _pair_keys(keys, places)
    post = np.array([f.kind == "post" for f in all_firms])
    outlet = _outlets(pair, post, parameters.township.brands_per_outlet)
    fee = luck.uniform(0, "second fee", 0, pair) < parameters.township.secondary_fee_share
    mode = np.full((k, places.n), TO_VILLAGE, dtype=np.int8)
    village = places.tier == VILLAGE
    share = np.array([f.village_share for f in all_firms])
    by_pair = _modes(pair, share, post, parameters.service)
    mode[:, village] = by_pair[:, places.township[village]]
    out = time_of_day(parameters.centre.trunk_out, "centre.trunk_out")
    return Operators(
        key=keys,
        name_zh=tuple(f.zh for f in all_firms),
        name_en=tuple(f.en for f in all_firms),
        kind=tuple(f.kind for f in all_firms),
        share=np.array([f.share for f in all_firms]),
        trunk_us=np.array([f.trunk_us for f in all_firms], dtype=np.int64).reshape(k, 2),
        out_us=np.full(k, out, dtype=np.int64),
        outlet=outlet,
        mode=mode,
        days=np.array([days_mask(f.days_per_week) for f in all_firms], dtype=np.uint8),
        surcharge=fee[outlet, np.arange(m)[None, :]] & ~post[outlet],
    )


def _pair_keys(operators: tuple[str, ...], places: Places) -> Keys:
    """Return one 64-bit key for each (operator, township), shape (k, m)."""
    mine = luck.keys_of(operators)
    townships = luck.keys_of([places.key[i] for i in np.flatnonzero(places.tier == TOWNSHIP)])
    pairs: Keys = luck.mix(mine)[:, None] ^ townships[None, :]
    return pairs


def _outlets(pair: Keys, post: Bools, brands: int) -> Int16s:
    """Return the lead of the outlet that serves each operator in each township: brands are dealt out by key, ``brands`` to an outlet."""
    k, m = pair.shape
    lead = np.tile(np.arange(k, dtype=np.int16)[:, None], (1, m))
    express = np.flatnonzero(~post)
    if len(express) == 0:
        return lead
    turn = np.argsort(luck.uniform(0, "outlet", 0, pair[express]), axis=0, kind="stable")
    for start in range(0, len(express), brands):
        group = express[turn[start : start + brands]]
        lead[group, np.arange(m)[None, :]] = group.min(axis=0)[None, :]
    return lead


def _modes(pair: Keys, village_share: Floats, post: Bools, service: Service) -> Int8s:
    """Return the mode of each (operator, township): one uniform is cut from below for the villages and from above for refusal and
    hand-over to the post, so that a larger village share only adds villages."""
    u = luck.uniform(0, "service mode", 0, pair)
    mode = np.full(pair.shape, TO_TOWNSHIP, dtype=np.int8)
    if post.any():
        mode[u > 1.0 - service.refused_share - service.to_post_share] = TO_POST
    mode[u > 1.0 - service.refused_share] = REFUSED
    mode[post] = TO_TOWNSHIP
    mode[u < village_share[:, None]] = TO_VILLAGE
    return mode


def days_mask(days: int) -> int:
    """Return ``days`` service days spread evenly over the week from Monday on as bits (Monday = 1)."""
    return sum(1 << (i * 7 // days) for i in range(days))
