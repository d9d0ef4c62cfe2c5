"""Explain a scenario: what its levers change, who its operators are, which parameters are not the default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.levers import explained
from sim.levers.base import Spending
from sim.scenario.allowed import unit_of
from sim.scenario.model import Scenario
from sim.schema.english import english
from sim.schema.evidence import source_text
from sim.schema.listing import span, valued
from sim.text import DASH, Lang, keys, number, quantity, share, t, value_text


@dataclass(frozen=True)
class Part:
    """A heading and the lines below it."""

    heading: str
    lines: tuple[str, ...]


def explain(scenario: Scenario, lang: Lang) -> list[Part]:
    """Return the scenario in words and numbers: what it is, overrides, levers, operators, parameters."""
    from sim.rules import separate
    from sim.world.build import build

    world = build(scenario.county_folder, scenario.parameters, scenario.operators)
    rules = separate(scenario.parameters, world.operators.n)
    parts = [Part(scenario.words.text(lang), _what(scenario, world, lang))]
    if scenario.warnings:
        parts.append(Part(t("explain.warnings", lang), tuple(words.text(lang) for words in scenario.warnings)))
    if scenario.changes:
        changes = (t("explain.change", lang, path=c.path, old=_plain(c.old), new=_plain(c.new)) for c in scenario.changes)
        parts.append(Part(t("explain.changes", lang), tuple(changes)))
    parts.append(Part(t("explain.operators", lang), _operators(world, lang)))
    if scenario.programmes:
        parts.append(Part(t("explain.programmes", lang), tuple(_programmes(scenario, lang))))
    told = explained(scenario.levers, world, rules)
    inherited = {lever.id: lever for lever in scenario.inherited.levers} if scenario.inherited else {}
    for lever, lines in told:
        state = "same" if inherited.get(lever.id) == lever else "changed" if lever.id in inherited else "new"
        heading = t(f"explain.lever.{state}", lang, title=lever.title.text(lang), id=lever.id)
        parts.append(Part(heading, (_dates(lever, scenario, world, lang), *(words.text(lang) for words in lines))))
    if not told:
        parts.append(Part(t("explain.no_levers", lang), ()))
    if scenario.inherited is not None:
        old, new = scenario.inherited.resolved(), scenario.resolved()
        if scenario.inherited.county_folder.resolve() == scenario.county_folder.resolve():
            new = {**new, "county": old["county"]}  # the same county, only named from elsewhere
        changed = differing(old, new, "")
        parts.append(Part(t("explain.against", lang, name=_parents(scenario, lang)), tuple(changed) or (t("explain.nothing", lang),)))
        for id in inherited.keys() - {lever.id for lever in scenario.levers}:
            parts.append(Part(t("explain.lever.gone", lang, id=id), ()))
    parts.append(Part(t("explain.parameters", lang), _parameters(scenario, lang) or (t("explain.all_default", lang),)))
    return parts


def _what(scenario: Scenario, world: Any, lang: Lang) -> tuple[str, ...]:
    asks = (scenario.asks.text(lang),) if scenario.asks.text(lang) else ()
    name = world.name_zh if lang == "zh" else world.name_en
    run = t(
        "explain.run",
        lang,
        county=name,
        code=world.code,
        start=scenario.start,
        end=scenario.end,
        days=f"{scenario.days:,}",
        warm_up=scenario.warm_up_days,
    )
    places = world.places
    size = t(
        "explain.size",
        lang,
        people=f"{int(places.population.sum()):,}",
        townships=places.n_townships,
        villages=int((places.tier == 2).sum()),
        households=f"{world.households.n:,}",
    )
    extends = (t("explain.extends", lang, name=_parents(scenario, lang)),) if scenario.extends else ()
    from sim.world.cited import otherwise
    from sim.world.read import read_sheets

    cited = (words.text(lang) for words in otherwise(read_sheets(scenario.county_folder)))
    return (*asks, run, size, *cited, *extends)


def _dates(lever: Any, scenario: Scenario, world: Any, lang: Lang) -> str:
    since, until = lever.since or scenario.start, lever.until
    parts = [t("explain.from", lang, day=since) if lever.since else t("explain.always", lang)]
    if until is not None:
        parts.append(t("explain.until", lang, day=until))
    if lever.phase_in_days:
        parts.append(t("explain.phase_in", lang, days=lever.phase_in_days))
    if given := lever.where.given():
        parts.append(t("explain.where", lang, where=_where(given, world, lang)))
    return t("explain.joiner", lang).join(parts)


def _where(given: dict[str, Any], world: Any, lang: Lang) -> str:
    """Return the conditions of a lever's places and operators, those that the catalogue knows in words."""
    told = []
    for key, value in given.items():
        if key == "population":
            shown = f"{value[0]:,g}–{value[1]:,g}"
        else:
            several = value if isinstance(value, tuple | list) else (value,)
            shown = t("verdict.joiner", lang).join(_choice(key, str(one), world, lang) for one in several)
        told.append(t("explain.condition", lang, what=t(f"explain.where.{key}", lang), value=shown))
    return t("explain.joiner", lang).join(told)


def _choice(key: str, value: str, world: Any, lang: Lang) -> str:
    if key == "operators":
        names = world.operators.name_zh if lang == "zh" else world.operators.name_en
        return str(dict(zip(world.operators.key, names, strict=True)).get(value, value))
    known = (name for name in (f"web.choice.{key}.{value}", f"web.choice.{value}") if name in keys())
    return next((t(name, lang) for name in known), value_text(key, value, lang))


def _operators(world: Any, lang: Lang) -> tuple[str, ...]:
    from sim.units import HOUR, MINUTE
    from sim.world.world import MODES, VILLAGE

    operators, village = world.operators, world.places.tier == VILLAGE
    lines = []
    for row, key in enumerate(operators.key):
        clocks = [f"{us // HOUR:02d}:{us % HOUR // MINUTE:02d}" for us in operators.trunk_us[row].tolist()]
        modes = operators.mode[row, village]
        counts = {name: int((modes == code).sum()) for code, name in enumerate(MODES)}
        served = t("verdict.joiner", lang).join(f"{t(f'group.service_mode.{name}', lang)} {n}" for name, n in counts.items() if n)
        own = int((operators.outlet[row] == row).sum())
        lines.append(
            t(
                "explain.operator",
                lang,
                name=operators.name_zh[row] if lang == "zh" else operators.name_en[row],
                id=key,
                share=share(float(operators.share[row])),
                trunk=t("verdict.joiner", lang).join(clocks),
                modes=served or "-",
                days=int(operators.days[row]).bit_count(),
                outlets=own,
                townships=operators.outlet.shape[1],
            )
        )
    return tuple(lines)


def _programmes(scenario: Scenario, lang: Lang) -> Iterator[str]:
    for name, programme in scenario.programmes.items():
        budget = {source: yuan for source, yuan in programme.budget.model_dump().items() if yuan}
        sources = t("verdict.joiner", lang).join(f"{t(f'group.source.{source}', lang)} {yuan:,.0f}" for source, yuan in budget.items())
        ids = [lever.id for lever in scenario.levers if isinstance(lever, Spending) and lever.programme == name]
        told = {"name": _programme(name, lang), "total": f"{sum(budget.values()):,.0f}", "sources": sources or "-"}
        told |= {"spent": t("verdict.joiner", lang).join(ids) or t("explain.programme.nobody", lang)}
        told |= {"carry": t("explain.programme.carry", lang) if programme.carry_over else ""}
        yield t(f"explain.programme.{programme.per}", lang, **told)


def _programme(name: str, lang: Lang) -> str:
    """Return what a programme is called, and its key where that is another."""
    words = value_text("programme", name, lang)
    return words if words == name else t("explain.keyed", lang, name=words, id=name)


def _parameters(scenario: Scenario, lang: Lang) -> tuple[str, ...]:
    lines = []
    for path, info, value in valued(scenario.parameters, "parameters"):
        default = info.get_default(call_default_factory=True)
        if value != default:
            extra: Any = info.json_schema_extra
            unit = unit_of(info)
            told = {"path": path, "name": extra["zh"] if lang == "zh" else english(path)}
            told |= {"old": _measure(default, unit, lang), "new": _measure(value, unit, lang)}
            lines.append(t("explain.parameter", lang, **told, span=span(info) or DASH, source=source_text(extra["source"], lang)))
    return tuple(lines)


def _parents(scenario: Scenario, lang: Lang) -> str:
    return t("verdict.joiner", lang).join(scenario.extends)


def differing(old: Any, new: Any, path: str) -> list[str]:
    """Return the entries that differ from those inherited, levers aside."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = [name for name in {**old, **new} if path or name not in ("name", "title", "question", "levers", "programmes")]
        return [line for name in names for line in differing(old.get(name), new.get(name), f"{path}.{name}".lstrip("."))]
    return [] if old == new else [f"{path}: {_plain(old)} → {_plain(new)}"]


def _measure(value: object, unit: str, lang: Lang) -> str:
    if isinstance(value, bool):
        return t("unit.on" if value else "unit.off", lang)
    if isinstance(value, int | float):
        return quantity(float(value), unit, lang)
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, float):
        return number(value, 4)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    return "-" if value is None else str(value)
