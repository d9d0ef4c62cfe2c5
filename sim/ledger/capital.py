"""Capital as a cost per day: annuities of vehicles, floors, outlets, stations and lockers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Capital:
    """What a lever's stations or lockers cost. Prices in yuan; ``payer`` "" means the host of the place.

    ``kind`` is "station" or "locker"; a thing costs ``price`` plus ``price_door`` for each door, and ``running_month`` to run.
    """

    kind: str
    lever: str
    price: float
    life_years: float
    price_door: float = 0.0
    running_month: float = 0.0
    salvage_share: float = 0.0
    payer: str = ""


def annuity_year(price: float, salvage: float, rate: float, life_years: float) -> float:
    """Return the yearly cost of capital: (price - discounted salvage) * r / (1 - (1 + r)^-life)."""
    if rate == 0:
        return (price - salvage) / life_years
    left: float = (1 + rate) ** -life_years
    return (price - salvage * left) * rate / (1 - left)


def annuity_day(price: float, salvage: float, rate: float, life_years: float) -> float:
    """Return the annuity of one day, a 365th of a year's."""
    return annuity_year(price, salvage, rate, life_years) / 365
