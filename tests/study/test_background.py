"""A study says whether produce is simulated in it, and what its crops are called."""

from __future__ import annotations

import pytest

from sim.study.background import background
from sim.study.design import designed
from sim.text import t
from tests.run.small import ORCHARD, scenario


@pytest.mark.parametrize("active", [False, True])
def test_a_study_says_whether_produce_is_in_it(active: bool) -> None:
    both = [
        scenario(county=ORCHARD),
        scenario("other", county=ORCHARD, produce={"active": active}),
    ]
    told = background(designed(both, 1, ["settled"]))
    said = [words["en"] for words in told["unknowns"]]
    assert (t("study.unknown.produce_on", "en") in said, t("study.unknown.produce_off", "en") in said) == (active, not active)
    assert told["crops"].get("pear", {}).get("zh", "").endswith("梨") == active
