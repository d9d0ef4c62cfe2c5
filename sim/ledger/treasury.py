"""The treasury: what each public programme still has, by budget period and source, in whole fen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sim.schema.programme import SOURCES, Programme

BEFORE = "before"
"""The warm-up has an account of its own, as large as a period's: what it spends takes nothing from the days that count."""
ONCE = "once"
YEAR_DAYS = 365
"""Days for which money that comes once is meant to last, where agents ask how long it will."""


class Treasury:
    """Accounts by programme, period (a calendar year, or the whole run where the budget comes once) and source.

    A year's whole budget can be spent from the first day of the run that lies in it. Sources are drawn on in the order of
    ``SOURCES``: central money first, county money after it.
    """

    def __init__(self, programmes: Mapping[str, Programme], start: date) -> None:
        self.programmes, self.start = dict(programmes), start
        self._left: dict[tuple[str, str], list[int]] = {}
        self._paid: dict[tuple[str, str], int] = {}

    def period(self, programme: str, day: int) -> str:
        """Return the budget period of a day: "before", "once" or the year."""
        if day < 0:
            return BEFORE
        if self.programmes[programme].per == "once":
            return ONCE
        return str((self.start + timedelta(days=day)).year)

    def _account(self, programme: str, period: str) -> list[int]:
        account = self._left.get((programme, period))
        if account is None:
            rule = self.programmes[programme]
            account = list(rule.budget.fen)
            if rule.carry_over and period not in (BEFORE, ONCE) and int(period) > self.start.year:
                before = self._account(programme, str(int(period) - 1))
                account = [new + old for new, old in zip(account, before, strict=True)]
            self._left[programme, period] = account
        return account

    def left(self, programme: str, day: int) -> int:
        """Return what a programme may still spend on a day, fen."""
        return sum(self._account(programme, self.period(programme, day)))

    def days_left(self, programme: str, day: int) -> int:
        """Return for how many days from ``day`` on what is left is meant: to the end of the calendar year, a year where it comes once.

        The warm-up's account is as large as a period's and stands for the period in which the run begins.
        """
        if self.programmes[programme].per == "once":
            return YEAR_DAYS
        today = self.start + timedelta(days=max(day, 0))
        return (date(today.year + 1, 1, 1) - today).days

    def paid(self, programme: str, period: str) -> int:
        """Return what a programme has spent in a period, fen."""
        return self._paid.get((programme, period), 0)

    def draw(self, programme: str, day: int, fen: int) -> list[tuple[str, int]]:
        """Take an amount that is left; return (source, fen) of what was taken, sources with nothing left out.

        Raise ValueError where more is asked than is left.
        """
        period = self.period(programme, day)
        account = self._account(programme, period)
        if not 0 <= fen <= sum(account):
            raise ValueError(f"{programme} has {sum(account)} fen left in {period}, not {fen}")
        self._paid[programme, period] = self.paid(programme, period) + fen
        drawn = []
        for i, source in enumerate(SOURCES):
            part = min(fen, account[i])
            if part:
                account[i] -= part
                fen -= part
                drawn.append((source, part))
        return drawn
