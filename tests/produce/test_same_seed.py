"""One seed, one harvest: the same bytes whoever runs it, and the same picks whatever the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.run import run
from tests.produce.orchard import PEARS, WINTER, Lived, lived, orchard, with_cold, with_help
from tests.run.small import POOL_ALL, digests, same_bytes_in_one_process_and_two

STRAINED: dict[str, Any] = {
    "produce": {"learning": {"online_household": 0.4}, "channels": {"rule": "logit"}, "packaging": {"ice_steps": 0}},
    "fleet": {"p_breakdown": 0.2, "van_l": 500},
}


@pytest.fixture(scope="module")
def plain() -> Lived:
    return lived(orchard(days=8, **STRAINED), 3)


def test_the_same_seed_gives_the_same_bytes_of_every_table_and_another_seed_does_not(plain: Lived) -> None:
    again, other = run(orchard(days=8, **STRAINED), 3), run(orchard(days=8, **STRAINED), 4)
    assert digests(plain.made) == digests(again)
    moved = {name for name, code in digests(other).items() if code != digests(again)[name]}
    assert {"lots", "lot_stages", "parcels", "money", "trips"} <= moved


def test_one_process_and_two_write_the_same_bytes_of_what_goes_up(tmp_path: Path) -> None:
    asked = [orchard(days=4, warm_up=2, **STRAINED), orchard("pooled", days=4, warm_up=2, levers=[POOL_ALL], **STRAINED)]
    same_bytes_in_one_process_and_two(asked, tmp_path)


def test_a_cold_lot_wakes_nobody_who_sold_before_it(plain: Lived) -> None:
    """What a cold chain changes begins with what was sold under it: the first day's picks and sales are the same."""
    cold = lived(orchard("cold", days=8, **STRAINED), 3, edit=with_cold(room_g=200_000, room_c=1.0, built_by=("room",) * 25))
    first = [made.days[0].lots for made in (plain, cold)]
    np.testing.assert_array_equal(first[0]["grams"], first[1]["grams"])
    assert digests(plain.made)["lots"] != digests(cold.made)["lots"]


def picked(made: Lived) -> dict[tuple[int, int], int]:
    """Return the grams of lots by farm and time of picking."""
    out: dict[tuple[int, int], int] = {}
    for farm, time, grams in zip(*(made.lots()[name].tolist() for name in ("farm", "picked", "grams")), strict=True):
        out[farm, time] = out.get((farm, time), 0) + grams
    return out


OTHERWISE: dict[str, dict[str, Any]] = {
    "pooled": {"levers": [POOL_ALL]},
    "threshold": {"produce": {"channels": {"rule": "threshold"}}},
    "everybody online": {"produce": {"learning": {"online_household": 1.0}, "channels": {"rule": "logit"}}},
}


@pytest.mark.parametrize("policy", OTHERWISE)
def test_two_policies_meet_the_same_harvest_farm_by_farm_and_day_by_day(policy: str, plain: Lived) -> None:
    settings = {**STRAINED, **OTHERWISE[policy]}
    other = lived(orchard(policy.replace(" ", "-"), days=8, **settings), 3)
    assert picked(plain) == picked(other)
    assert digests(plain.made)["lots"] != digests(other.made)["lots"] or policy == "pooled"
    assert digests(plain.made)["parcels"] != digests(other.made)["parcels"]


def test_cold_rooms_and_help_leave_the_harvest_as_it_was() -> None:
    edits = (None, with_cold(room_g=100_000, room_c=1.0, store_g=10**7, built_by=("room",) * 25), with_help(premium=5.0, damage_left=0.0))
    runs = [lived(orchard(f"way-{i}", start=WINTER, days=8, **STRAINED), 2, edit=edit) for i, edit in enumerate(edits)]
    assert picked(runs[0]) == picked(runs[1]) == picked(runs[2])
    online = [made.table("lots").query("channel == 'online'")["kg"].sum() for made in runs]
    assert len(set(online)) == 3


def test_another_seed_has_another_harvest_of_the_same_farms(plain: Lived) -> None:
    other = lived(orchard(days=8, start=PEARS, **STRAINED), 4)
    assert picked(plain).keys() & picked(other).keys()
    assert picked(plain) != picked(other)
    np.testing.assert_array_equal(plain.farming.farms.key, other.farming.farms.key)
    np.testing.assert_array_equal(plain.farming.farms.area_mu, other.farming.farms.area_mu)
