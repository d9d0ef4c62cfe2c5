"""A metric over a window: dates may be written, and what is no pair of dates is said to be none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from sim.errors import ResultsError
from sim.metrics.look import Look

FIRST, LAST = date(2021, 3, 1), date(2021, 3, 31)
ROW = {"metric": "cost_per_parcel_yuan", "group": "", "value_of_group": "", "value": 2.5, "numerator": 5.0, "denominator": 2.0}
LOOK = Look(pd.DataFrame([ROW | {"period": "all"}, ROW | {"period": "2021-03", "value": 2.4}]), FIRST, LAST)


@pytest.mark.parametrize("window", [(FIRST, LAST), ("2021-03-01", "2021-03-31"), ["2021-03-01", LAST]])
def test_dates_of_a_window_may_be_written(window: Any) -> None:
    assert LOOK.metric("cost_per_parcel_yuan", window) == 2.5


@pytest.mark.parametrize("window", [("2021-03-05", "nonsense"), 7, ("2021-03-01",), (None, None)])
def test_what_is_no_pair_of_dates_is_said_to_be_none(window: Any) -> None:
    with pytest.raises(ResultsError, match="is no pair of dates"):
        LOOK.metric("cost_per_parcel_yuan", window)


@pytest.mark.parametrize(
    ("name", "said"), [("leverage", "study.differences()"), ("parcels_up", "no produce is simulated"), ("parcels_down", "no parcels_down")]
)
def test_what_a_run_has_not_is_said_with_the_reason(name: str, said: str) -> None:
    with pytest.raises(ResultsError) as raised:
        LOOK.metric(name)
    assert said in str(raised.value)
