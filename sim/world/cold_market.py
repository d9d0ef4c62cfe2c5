"""A second, cold way to market: trucks that collect in townships at a low temperature, and a market hall that sells what they bring."""

from __future__ import annotations

from dataclasses import dataclass

from sim.world.world import Ints


@dataclass(frozen=True)
class ColdMarket:
    """``truck_g`` (n,): grams that its trucks take in a township on a day, 0 where none comes.

    It pays ``ratio`` of the county's wholesale price by quality, less ``fee`` of it. Trucks hold ``celsius``, carry ``load_g`` each and
    cost ``km_yuan`` a km and ``hour_yuan`` an hour; ``payer`` bears that, ``by`` is the lever's id."""

    truck_g: Ints
    load_g: int
    ratio: float
    fee: float
    celsius: float
    km_yuan: float
    hour_yuan: float
    payer: str
    by: str
