"""Count what waits for its receivers at each place: at any instant where a run holds every parcel, else as of the last midnight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from sim.store import StoredRun

DAY_S = 86_400
Ints = npt.NDArray[np.int64]
Count = Callable[[float], Ints]
"""The parcels that wait at each place at a time (n,)."""


def whole(run: StoredRun) -> bool:
    """Return whether a run holds every parcel."""
    return float(run.manifest["sample"]) >= 1.0


def waiting(run: StoredRun, places: Mapping[str, int]) -> Count:
    """Return what counts the parcels; ``places`` are the rows of the table ``places`` by key."""
    if not whole(run):
        return at_midnight(run.table("stock"), places)
    return at_any_time(run.table("parcels", ("direction", "village", "township", "village_in_s", "ready_s", "finished_s")), places)


def at_any_time(parcels: pd.DataFrame, places: Mapping[str, int]) -> Count:
    """Count the parcels going down that are ready and not ended, in their village where they got there, else at their township."""
    own = parcels[(parcels["direction"] == "down") & parcels["ready_s"].notna()]
    row_of = own["village"].where(own["village_in_s"].notna(), own["township"]).map(places).to_numpy(np.int64)
    over = own["finished_s"].notna().to_numpy()
    time = np.concatenate([own["ready_s"].to_numpy(np.int64), own["finished_s"].to_numpy(float, na_value=np.nan)[over].astype(np.int64)])
    place, change = np.concatenate([row_of, row_of[over]]), np.ones(len(time), np.int64)
    change[len(row_of) :] = -1
    by = np.argsort(time, kind="stable")
    time, place, change = time[by], place[by], change[by]

    def count(t: float) -> Ints:
        until = int(np.searchsorted(time, t, side="right"))
        return np.bincount(place[:until], change[:until], len(places)).astype(np.int64)

    return count


def at_midnight(stock: pd.DataFrame, places: Mapping[str, int]) -> Count:
    """Count what ``stock`` holds as of the last midnight."""
    own = stock[stock["unit"] == "parcel"]
    time, place = own["time_s"].to_numpy(np.int64), own["place"].map(places).to_numpy(np.int64)
    amount = own["amount"].to_numpy(np.float64)

    def count(t: float) -> Ints:
        now = time == t // DAY_S * DAY_S
        return np.bincount(place[now], amount[now], len(places)).astype(np.int64)

    return count
