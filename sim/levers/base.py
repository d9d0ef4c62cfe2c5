"""What every lever has: an id, dates, a place, and pure edits of the world and the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from pydantic import ConfigDict, Field

from sim import text
from sim.errors import Fault, ScenarioError
from sim.levers.where import Where
from sim.schema.param import Section, param
from sim.text import Words

if TYPE_CHECKING:
    from sim.ledger.capital import Capital
    from sim.rules import Rules, Support
    from sim.world.world import World


def say(key: str, /, **values: object) -> Words:
    """Return the string ``lever.<key>`` in both languages; values that are ``Words`` are written in each."""
    told = {name: f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value for name, value in values.items()}
    return text.say(f"lever.{key}", **told)


def programme_words(name: str) -> Words:
    """Return the name of a programme; the user's own are called what they call them."""
    return text.both(lambda lang: text.value_text("programme", name, lang))


def listed(items: Iterable[Words]) -> Words:
    """Return several words as one list in both languages."""
    several = list(items)
    return text.both(lambda lang: text.t("verdict.joiner", lang).join(words.text(lang) for words in several))


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a lever beyond single values: the place in it, what, and what is allowed."""

    loc: tuple[str | int, ...]
    what: Words
    allowed: Words


def mistake(loc: tuple[str | int, ...], key: str, /, **values: object) -> Mistake:
    """Return the mistake whose texts are ``lever.<key>`` and ``lever.<key>.do``."""
    return Mistake(loc, say(key, **values), say(f"{key}.do", **values))


def unfit(id: str, mistake: Mistake) -> ScenarioError:
    """Return the error of a lever that cannot be applied to this county."""
    where = ".".join(str(part) for part in ("levers", id, *mistake.loc))
    return ScenarioError([Fault(where, mistake.what.en, mistake.allowed.en, mistake.what.zh, mistake.allowed.zh)])


class Lever(Section):
    """A measure that edits the world (what exists) and the rules (how it is decided), from a date."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True, defer_build=True)

    title: ClassVar[Words]
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "remoteness", "terrain", "region", "population", "operators")
    """The conditions of ``where`` that the lever understands."""
    of_produce: ClassVar[bool] = False
    """Whether it acts on farm produce and needs a county in which that is simulated."""

    id: str = Field("", min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")
    """Name of the lever in the scenario; its kind unless given."""
    since: date | None = Field(None, alias="from")
    """First day in force; the scenario's start unless given. Counts in the transition window only."""
    until: date | None = None
    """Last day in force; none unless given."""
    phase_in_days: int = param(0, unit="days", ge=0, le=3650, source="assumption", zh="渐进天数")
    """Days from the first day in force to full strength, in equal steps."""
    where: Where = Where()
    """Where the lever acts."""

    def active(self, day: date, start: date) -> float:
        """Return the strength (0..1) on a day, in a run that starts at ``start``."""
        since = self.since or start
        if day < since or (self.until is not None and day > self.until):
            return 0.0
        return min(1.0, ((day - since).days + 1) / (self.phase_in_days + 1))

    def turns(self, first: date, last: date, start: date) -> Iterator[date]:
        """Yield the days in ``first .. last`` on which the strength changes, in a run that starts at ``start``."""
        before = 0.0
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            now = self.active(day, start)
            if now != before:
                yield day
            before = now

    def rules(self, rules: Rules, world: World, strength: float) -> Rules:
        """Return the rules with the lever in force at a strength (0..1]; the same object where it changes nothing."""
        return rules

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with the lever in force under ``rules``; the same object where it changes nothing."""
        return world

    def capital(self) -> tuple[Capital, ...]:
        """Return what the stations, lockers or other things that the lever buys cost; the ledger posts their annuities."""
        return ()

    def mistakes(self) -> Iterator[Mistake]:
        """Yield what is wrong with the lever beyond single values, before a county is read."""
        for name in self.where.given():
            if name not in self.filters:
                yield mistake(("where", name), "no_filter", name=name, title=self.title, filters=", ".join(self.filters) or "-")
        if self.since is not None and self.until is not None and self.until < self.since:
            yield mistake(("until",), "until_before", until=self.until, since=self.since)
        if self.where.population is not None and self.where.population[0] > self.where.population[1]:
            yield mistake(("where", "population"), "low_high", low=self.where.population[0], high=self.where.population[1])

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return in words and numbers what the lever changes in a world, at full strength."""
        raise NotImplementedError


class Spending(Lever):
    """A measure by which a public programme pays somebody; it edits nothing but ``Rules.support``."""

    programme: str = Field(min_length=1, max_length=60)
    """Name of the programme whose money is spent."""

    def support(self, strength: float) -> Support | None:
        """Return what the lever pays at a strength (0..1]; None where it pays nothing."""
        raise NotImplementedError

    def rules(self, rules: Rules, world: World, strength: float) -> Rules:
        """Return the rules with what the lever pays behind what those before it pay."""
        paid = self.support(strength)
        return rules if paid is None else replace(rules, support=(*rules.support, paid))
