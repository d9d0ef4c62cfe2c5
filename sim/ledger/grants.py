"""Grants for assets: applications, decisions and what was paid, by the rules of support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.ledger.book import MICRO, Book, Key
from sim.ledger.payer import treasury_actor
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


class Grants:
    """One application per lever and asset, on the day the asset is first seen; what stood before the start applies on day 0."""

    def __init__(self, treasury: Treasury) -> None:
        self.treasury = treasury
        self.rows: list[Application] = []
        self._queue: list[_Waiting] = []
        self._asked: set[tuple[str, str]] = set()
        self._granted: set[str] = set()

    def table(self) -> list[Application]:
        """Return all applications, those that still wait last."""
        return [*self.rows, *(waiting.application for waiting in self._queue)]

    def day(self, book: Book, world: World, rules: Rules, assets: Mapping[str, tuple[Any, ...]], day: int) -> None:
        """Serve the queue and decide on the assets that have no decision yet; ``assets`` as ``sim.ledger.assets`` returns them."""
        if day < 0:
            return
        queue, self._queue = self._queue, []
        for waiting in queue:
            self._decide(book, waiting, day)
        row = {key: i for i, key in enumerate(world.places.key)}
        for support in rules.support:
            kinds = support.grants()
            for asset, (kind, owner, place, brought, price, *_) in sorted(assets.items()) if kinds else ():
                if kind not in kinds or (support.lever, asset) in self._asked:
                    continue
                self._asked.add((support.lever, asset))
                yuan = support.grant_yuan(world, kind, owner, row.get(place, -1), brought, price / FEN_PER_YUAN)
                asked = 0 if yuan is None else min(fen(yuan), price)
                new = Application(support.programme, support.lever, owner, place, asset, day, day, None, asked, 0, "", price, NOT_ELIGIBLE)
                if asked <= 0:
                    self.rows.append(new)
                else:
                    self._decide(book, _Waiting(new, price), day)

    def _decide(self, book: Book, waiting: _Waiting, day: int) -> None:
        one, treasury = waiting.application, self.treasury
        if one.asset in self._granted:
            self.rows.append(one._replace(decided_day=day, decision=OVERLAP))
            return
        if treasury.left(one.programme, day) < one.asked_fen or any(w.application.programme == one.programme for w in self._queue):
            if treasury.programmes[one.programme].per == "year":
                self._queue.append(_Waiting(one._replace(decided_day=None, decision=QUEUED), waiting.price))
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
            book.add(key, 1 if i == 0 else 0, part * MICRO)
            private = waiting.price - one.asked_fen if i == 0 else 0
            paid = one._replace(decided_day=day, paid_day=day, asked_fen=part, paid_fen=part, source=source, private_fen=private)
            self.rows.append(paid._replace(decision=PAID))
