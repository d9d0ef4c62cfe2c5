"""Public programmes: a budget by source, for each calendar year or once."""

from __future__ import annotations

from typing import Literal

from sim.schema.param import Section, param

SOURCES = ("central", "provincial", "county", "bank", "social")
"""Where public money comes from; sources are written in this order in all tables."""


class Budget(Section):
    """Yuan by source."""

    central: float = param(0, unit="yuan", ge=0, le=1e10, source="assumption", choice=True, zh="中央资金")
    """Money of the central government."""
    provincial: float = param(0, unit="yuan", ge=0, le=1e10, source="assumption", choice=True, zh="省级资金")
    """Money of the province."""
    county: float = param(0, unit="yuan", ge=0, le=1e10, source="assumption", choice=True, zh="县级资金")
    """Money of the county."""
    bank: float = param(0, unit="yuan", ge=0, le=1e10, source="assumption", choice=True, zh="银行资金")
    """Money of banks."""
    social: float = param(0, unit="yuan", ge=0, le=1e10, source="assumption", choice=True, zh="社会资本")
    """Money of companies and other private givers."""

    @property
    def fen(self) -> tuple[int, ...]:
        """Return the budget in whole fen, in the order of SOURCES."""
        from sim.units import fen

        return tuple(fen(getattr(self, source)) for source in SOURCES)


class Programme(Section):
    """Public money that levers spend by their rules until it is gone."""

    budget: Budget = Budget()
    """What each source gives, a year or once."""
    per: Literal["year", "once"] = "year"
    """Whether the budget comes every calendar year or once for the whole run."""
    carry_over: bool = False
    """Whether what is left at the end of a year may be spent in the next."""
