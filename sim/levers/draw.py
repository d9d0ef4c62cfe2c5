"""Choose places by their keys: the same order in every run, and a larger share adds to a smaller one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.world import Bools, Ints, Keys


def order(names: Sequence[str], purpose: str) -> Keys:
    """Return a scrambled word for each key, shape (n,); no seed enters."""
    from sim.luck import keys_of, mix

    return mix(keys_of([f"{purpose}|{name}" for name in names]))


def chosen(keys: Sequence[str], able: Bools, share: float, strength: float) -> Ints:
    """Return the rows of ``share * strength`` of the places that are able, ascending; nested in the share."""
    import numpy as np

    rows: Ints = np.flatnonzero(able)
    ranks = np.lexsort((rows, order([keys[row] for row in rows.tolist()], "place")))
    return np.sort(rows[ranks[: round(share * strength * len(rows))]])
