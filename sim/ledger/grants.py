"""Grants for assets: applications, decisions and what was paid, by the rules of support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sim.ledger.book import MICRO, Book, Key
from sim.ledger.capital import annuity_day
from sim.ledger.payer import COUNTY, treasury_actor
from sim.ledger.treasury import Treasury
from sim.rules import Rules
from sim.units import FEN_PER_YUAN, fen
from sim.world.world import World

PAID, QUEUED, NO_BUDGET, OVERLAP, NOT_ELIGIBLE = "paid", "queued", "no_budget", "overlap", "not_eligible"


class Application(NamedTuple):
    """One row of the table ``grants``: an application, or what one source paid of it."""

    programme: str
    lever: str
    applicant: str
    place: str
    asset: str
    applied_day: int
    decided_day: int | None
    paid_day: int | None
    asked_fen: int
    paid_fen: int
    source: str
    private_fen: int
    decision: str


@dataclass(frozen=True)
class _Waiting:
    application: Application
    price: int
    life_years: float


@dataclass
class _Part:
    """What one source still owes of a grant that is posted as an annuity, micro-fen, in daily parts while the asset is in service."""

    asset: str
    key: Key
    daily: int
    rest: int


class Grants:
    """One application per lever and asset, on the day the asset is first seen; what stood before the start applies on day 0.

    ``spread``: the book gets a grant as an annuity over the asset's life, as it gets the asset's own cost (settled runs), and not as cash
    on the day it is paid. The programme's account is charged in whole on that day either way.
    """

    def __init__(self, treasury: Treasury, *, spread: bool = False) -> None:
        self.treasury, self.spread = treasury, spread
        self.rows: list[Application] = []
        self._parts: list[_Part] = []
        self._queue: list[_Waiting] = []
        self._asked: set[tuple[str, str]] = set()
        self._granted: set[str] = set()

    @property
    def waiting(self) -> bool:
        """Return whether an application waits, or a grant is not posted in whole yet."""
        return bool(self._queue or self._parts)

    def table(self) -> list[Application]:
        """Return all applications, those that still wait last."""
        return [*self.rows, *(waiting.application for waiting in self._queue)]

    def day(self, book: Book, world: World, rules: Rules, assets: Mapping[str, tuple[Any, ...]], day: int) -> None:
        """Serve the queue and decide on the assets that have no decision yet; ``assets`` as ``sim.ledger.assets`` returns them."""
        if day < 0:
            return
        rate = rules.parameters.money.discount_rate
        queue, self._queue = self._queue, []
        giving = {support.lever for support in rules.support if support.grants()}
        for waiting in queue:
            one = waiting.application
            if one.lever not in giving:
                self.rows.append(one._replace(decided_day=day, decision=NO_BUDGET))
            elif one.asset not in assets:
                self.rows.append(one._replace(decided_day=day, decision=NOT_ELIGIBLE))
            else:
                self._decide(book, waiting, day, rate)
        row = {key: i for i, key in enumerate(world.places.key)}
        for support in rules.support:
            kinds = support.grants()
            for asset, (kind, owner, place, brought, price, life, *_) in sorted(assets.items()) if kinds else ():
                if kind not in kinds or (support.lever, asset) in self._asked:
                    continue
                self._asked.add((support.lever, asset))
                yuan = support.grant_yuan(world, kind, owner, row.get(place, -1), brought, price / FEN_PER_YUAN)
                asked = 0 if yuan is None else min(fen(yuan), price)
                new = Application(support.programme, support.lever, owner, place, asset, day, day, None, asked, 0, "", price, NOT_ELIGIBLE)
                if asked <= 0:
                    self.rows.append(new)
                else:
                    self._decide(book, _Waiting(new, price, life), day, rate)
        self._post_parts(book, assets)

    def _post_parts(self, book: Book, assets: Mapping[str, tuple[Any, ...]]) -> None:
        for part in self._parts:
            if part.asset in assets and part.rest:
                now = min(part.daily, part.rest)
                part.rest -= now
                book.add(part.key, 1.0, now)

    def _decide(self, book: Book, waiting: _Waiting, day: int, rate: float) -> None:
        one, treasury = waiting.application, self.treasury
        if one.asset in self._granted:
            self.rows.append(one._replace(decided_day=day, decision=OVERLAP))
            return
        if treasury.left(one.programme, day) < one.asked_fen or any(w.application.programme == one.programme for w in self._queue):
            if treasury.programmes[one.programme].per == "year":
                self._queue.append(replace(waiting, application=one._replace(decided_day=None, decision=QUEUED)))
            else:
                self.rows.append(one._replace(decided_day=day, decision=NO_BUDGET))
            return
        self._granted.add(one.asset)
        drawn = treasury.draw(one.programme, day, one.asked_fen)
        for i, (source, part) in enumerate(drawn):
            key = Key(
                treasury_actor(source), one.applicant, "capital grant", "transfer", "", "", "", one.place, one.programme, source, one.lever,
                "asset",
            )  # fmt: skip
            if self.spread:
                daily = round(annuity_day(part, 0.0, rate, waiting.life_years) * MICRO)
                self._parts.append(_Part(one.asset, key._replace(unit="asset-day"), daily, part * MICRO))
            else:
                book.add(key, 1 if i == 0 else 0, part * MICRO)
            private = waiting.price - one.asked_fen if i == 0 and one.applicant != COUNTY else 0
            paid = one._replace(decided_day=day, paid_day=day, asked_fen=part, paid_fen=part, source=source, private_fen=private)
            self.rows.append(paid._replace(decision=PAID))
