"""Solve one vehicle-routing instance with PyVRP, and remember it by its hash: the only caller of PyVRP."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import SimError
from sim.kept import home
from sim.world.world import Ints

SEARCH = 2
"""Number of the way `_search` searches; another one may find other tours."""
VEHICLE_COST_M = 1_000_000
"""A further vehicle costs as much as so many metres: fewest vehicles first, then the shortest way."""

FEW, ENOUGH = 12, 8
"""So few stops need no more than so many iterations a stop: in all of 1,139 instances that were tried the tours were those of 200."""

WORTH_KEEPING = 50
"""Iterations from which tours are kept on the disk: a shorter search is about as quick as a file."""

Tours = tuple[tuple[int, ...], ...]
"""Tours as client numbers 0.. in the order of the stops."""

_known: dict[str, Tours] = {}


@dataclass(frozen=True)
class Instance:
    """Clients 1..c around depot 0. ``metres``, ``seconds`` (c+1, c+1); ``grams``, ``millilitres``, ``service_s`` (c,);
    limits of one vehicle; ``max_s`` bounds travel and service of a tour."""

    metres: Ints
    seconds: Ints
    grams: Ints
    millilitres: Ints
    service_s: Ints
    capacity_g: int
    capacity_ml: int
    max_s: int
    iterations: int

    @property
    def clients(self) -> int:
        return len(self.grams)

    def hash(self) -> str:
        """Return the hash of everything the solution depends on."""
        digest = blake2b(digest_size=16)
        numbers = (self.clients, self.capacity_g, self.capacity_ml, self.max_s, self.iterations, VEHICLE_COST_M)
        digest.update(f"{SEARCH}|{solver_version()}|{numbers}".encode())
        for column in (self.metres, self.seconds, self.grams, self.millilitres, self.service_s):
            digest.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
        return digest.hexdigest()


@lru_cache(maxsize=1)
def solver_version() -> str:
    """Return PyVRP's version: another one may find other tours."""
    return version("pyvrp")


def cache_folder() -> Path:
    """Return the folder in which solved instances are kept."""
    given = os.environ.get("GUANTONG_CACHE")
    return Path(given) if given else home() / ".cache" / "guantong" / "routes"


def solve(instance: Instance) -> Tours:
    """Return the tours of an instance, sorted by their smallest client; raise where there is no feasible solution."""
    if instance.clients == 0:
        return ()
    name = instance.hash()
    if name not in _known:
        kept = instance.iterations >= WORTH_KEEPING
        _known[name] = (_read(name, instance.clients) if kept else None) or _search(instance, name, kept)
    return _known[name]


def _search(instance: Instance, name: str, kept: bool) -> Tours:
    """Search with penalties so high that no overload or late tour is worth a vehicle; if even so nothing feasible turns up, search on
    from one tour for each client."""
    from pyvrp import Client, Depot, Location, PenaltyParams, ProblemData, Solution, SolveParams, VehicleType
    from pyvrp import solve as search
    from pyvrp.stop import MaxIterations

    c = instance.clients
    vehicle = VehicleType(
        num_available=c,
        capacity=[instance.capacity_g, instance.capacity_ml],
        fixed_cost=VEHICLE_COST_M,
        shift_duration=instance.max_s,
    )
    rows = zip(instance.grams.tolist(), instance.millilitres.tolist(), instance.service_s.tolist(), strict=True)
    clients = [Client(i + 1, delivery=[g, ml], service_duration=s) for i, (g, ml, s) in enumerate(rows)]
    locations = [Location(0, 0) for _ in range(c + 1)]
    matrices: tuple[Any, Any] = (instance.metres, instance.seconds)
    data = ProblemData(locations, clients, [Depot(0)], [vehicle], [matrices[0]], [matrices[1]])
    parameters = SolveParams(penalty=PenaltyParams(min_penalty=2.0 * VEHICLE_COST_M, max_penalty=2.0 * VEHICLE_COST_M))
    alone: Any = [[i] for i in range(c)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for start in (None, Solution(data, alone)):
            stop = MaxIterations(min(instance.iterations, ENOUGH * c) if c <= FEW else instance.iterations)
            result = search(data, stop, int(name[:8], 16), False, False, parameters, start)
            if result.is_feasible():
                break
        else:
            raise SimError(f"no feasible tours were found for {c} stops: a stop alone is too much for a vehicle\n  未找到可行路线")
    tours = [tuple(stop.idx for stop in route if stop.is_client()) for route in result.best.routes()]
    found = tuple(sorted(tours, key=min))
    if sorted(i for tour in found for i in tour) != list(range(c)):
        raise SimError(f"the solver's tours do not visit each of {c} stops once")
    if kept:
        _write(name, found)
    return found


def _read(name: str, clients: int) -> Tours | None:
    """Return what the disk knows, or nothing where it knows nothing or rubbish."""
    try:
        tours = tuple(tuple(int(i) for i in tour) for tour in json.loads((cache_folder() / f"{name}.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return tours if sorted(i for tour in tours for i in tour) == list(range(clients)) else None


def _write(name: str, tours: Tours) -> None:
    """Write whole or not at all; a folder that cannot be written only costs time."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}")
        with os.fdopen(handle, "w") as file:
            json.dump(tours, file)
        os.replace(temporary, folder / f"{name}.json")
    except OSError:
        return
