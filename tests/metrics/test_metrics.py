"""Metrics of hand-made days, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.levers import PerParcelSubsidy, StationSupport
from sim.metrics.catalogue import METRICS, OF_PRODUCE
from sim.metrics.complaint import complained
from sim.metrics.page import page
from sim.metrics.recorder import MetricsRecorder
from sim.metrics.rows import COLUMNS
from sim.metrics.villages import gini
from sim.plan.plan import ROUND, Resources
from sim.rules import Rules
from sim.schema.programme import Programme
from sim.schema.raw import (
    AT_DOOR,
    AT_LOCKER,
    AT_STATION,
    AT_TOWNSHIP,
    IN_TRANSIT,
    NEVER,
    REFUSED_OUT,
    RETURNED,
)
from sim.units import DAY, HOUR, MINUTE
from tests.ledger.county import POST, Q1, START, V1, V2, V3, B, alone, county, day_record, parcel, plan, pooled, trip


def recorder(
    days: int = 14, window: tuple[int, int] | None = None, rules: Rules | None = None, kept: Resources | None = None, **more: Any
) -> MetricsRecorder:
    """Return a recorder with a plan in force from two days before the start."""
    out = MetricsRecorder(county(), rules or alone(), START, days, window or (0, days), seed=3, **more)
    out.plan(-2, plan(kept))
    return out


def value(frame: pd.DataFrame, metric: str, group: str = "", of: str = "", period: str = "all") -> float:
    """Return one value of the metrics table."""
    at = (frame["metric"] == metric) & (frame["group"] == group) & (frame["value_of_group"] == of) & (frame["period"] == period)
    assert at.sum() == 1, (metric, group, of, period)
    return float(frame.loc[at, "value"].iloc[0])


def test_every_metric_of_the_catalogue_is_computed_by_every_group_it_names() -> None:
    levers = PerParcelSubsidy(id="subsidy", programme="p"), StationSupport(id="support", programme="p")
    support = tuple(paid for lever in levers if (paid := lever.support(1.0)) is not None)
    money = {"p": Programme.model_validate({"budget": {"central": 99}})}
    made = recorder(rules=replace(alone(), support=support), programmes=money)
    made.record(day_record(0, [parcel(1), parcel(2, operator=B, kind=AT_TOWNSHIP)], [trip(1), trip(2, leg=ROUND, type=1)]))
    still = np.ones(made.world.households.n)
    made.surplus.record(0, still, 1.0, np.arange(len(still)), still, still, still, made.rules.parameters.decisions)
    frame = made.metrics()
    assert list(frame.columns) == list(COLUMNS)
    for metric in METRICS:
        if metric.name in OF_PRODUCE:
            assert not (frame["metric"] == metric.name).any(), metric.name
            continue
        own = frame[frame["metric"] == metric.name]
        groups = set(own["group"]) - {""}
        assert groups == set(metric.groups) - {"direction"}, metric.name
        assert "" in set(own["group"]) or metric.groups in (("service_mode",), ("account",))
        assert set(own["unit"]) == {metric.unit}
        assert {"all", "2021-03"} <= set(own["period"])
    assert not frame.duplicated(["metric", "group", "value_of_group", "period"]).any()


def test_service_metrics_count_the_cohort_and_never_drop_an_open_parcel() -> None:
    made = recorder()
    late = {"ready": 8 * HOUR + 80 * HOUR, "finished": 8 * HOUR + 90 * HOUR}
    made.record(day_record(0, [parcel(1)]))
    rows = [
        parcel(2, place=V2, kind=AT_TOWNSHIP, surcharge_fen=200, **late),
        parcel(3, place=V3, township=1, operator=POST, kind=0, outcome=RETURNED, attempts=1, ready=8 * HOUR + 50 * HOUR, finished=4 * DAY),
        parcel(4, place=Q1, kind=AT_DOOR),
        parcel(5, kind=0, outcome=REFUSED_OUT, ready=NEVER, finished=8 * HOUR),
    ]
    made.record(day_record(4, rows))
    open_one = parcel(6, kind=0, outcome=IN_TRANSIT, ready=NEVER, finished=NEVER, county_in=8 * HOUR)
    before = parcel(7, created=-5 * HOUR)
    made.record(day_record(9, [open_one, before]))
    frame = made.metrics()
    open_hours = 10 * 24 - 8
    hours = [6, 80, 50, 6, open_hours]
    assert value(frame, "delivery_hours_mean") == pytest.approx(np.mean(hours))
    assert value(frame, "delivery_hours_median") == 50
    assert value(frame, "delivery_hours_p90") == open_hours
    assert value(frame, "within_48h_share") == pytest.approx(2 / 6)
    assert value(frame, "within_72h_share") == pytest.approx(3 / 6)
    assert value(frame, "order_to_hand_hours") == pytest.approx(np.mean([19, 8 + 90 - 1, 19, 239]))
    assert value(frame, "village_coverage") == pytest.approx(1 / 5)
    assert value(frame, "village_coverage", "carrier", "a") == pytest.approx(1 / 4)
    assert value(frame, "surcharged_share") == pytest.approx(1 / 3)
    assert value(frame, "failed_share") == value(frame, "return_share") == pytest.approx(1 / 6)
    assert value(frame, "return_share", "carrier", "post") == 1
    assert value(frame, "pickup_km") == pytest.approx((0.4 + 12 + 0) / 3)
    assert value(frame, "pickup_km", "remoteness", "middle") == 12
    assert value(frame, "parcels_down") == 4
    assert value(frame, "parcels_down", "tier", "town") == 1
    assert value(frame, "delivery_hours_median", "tier", "town") == 6
    assert value(frame, "delivery_hours_mean", "township", "t2") == 50
    assert value(frame, "delivery_hours_mean", "handover_kind", "township") == 80


def test_money_and_kilometres_of_warm_up_and_drain_are_left_out() -> None:
    made = recorder(days=3)
    for day in range(-2, 6):
        made.record(day_record(day, [parcel(10 + day, created=day * DAY)], [trip(day + 2, day)]))
    frame = made.metrics()
    assert value(frame, "vehicle_km") == 60
    assert value(frame, "vehicle_km", "leg", "line") == 60
    assert value(frame, "parcels_down") == 3
    assert value(frame, "energy_mj") == pytest.approx(60 * 0.135 * 35.8)
    assert value(frame, "co2_kg_per_parcel") == pytest.approx(60 * 0.135 * 2.68 / 3)
    assert value(frame, "load_factor") == pytest.approx(7.5 / 15)
    assert value(frame, "cost_per_parcel_yuan") == pytest.approx(value(frame, "resource_cost_yuan") / 3)


def test_costs_by_leg_actor_resource_and_activity_each_add_up_to_the_whole() -> None:
    made = recorder(rules=pooled(("sorting", "sites"), ("sorting", "staff")))
    for day in range(5):
        made.record(
            day_record(day, [parcel(day + 1, created=day * DAY), parcel(day + 50, operator=B, created=day * DAY)], [trip(day, day)])
        )
    frame = made.metrics()
    total = value(frame, "resource_cost_yuan")
    rows = frame[(frame["metric"] == "resource_cost_yuan") & (frame["period"] == "all")]
    for group in ("leg", "actor", "resource", "activity"):
        assert rows.loc[rows["group"] == group, "value"].sum() == pytest.approx(total, abs=0.01)
    hosts = value(frame, "resource_cost_yuan", "actor", "hosts")
    assert rows.loc[rows["group"] == "carrier", "value"].sum() + hosts == pytest.approx(total, abs=0.01)


def test_transfers_inside_the_county_move_profit_and_not_cost() -> None:
    made = recorder(kept=Resources())
    made.record(day_record(0, [parcel(1, operator=B, kind=AT_TOWNSHIP, surcharge_fen=200), parcel(2)]))
    frame = made.metrics()
    vehicle = sum(p.fen.sum() for p in [made.postings] if p is not None)
    assert vehicle > 0
    assert value(frame, "surcharge_yuan") == 2
    assert value(frame, "surcharge_yuan", "township", "t1") == 2
    book, posted = made.ledger.book, made.postings
    assert posted is not None
    b = [(k.nature, int(f) * (1 if k.payee == "b" else -1)) for k, f in zip((book.keys[r] for r in posted.key.tolist()), posted.fen.tolist(), strict=True) if "b" in (k.payer, k.payee)]  # fmt: skip  # noqa: E501
    assert value(frame, "carrier_profit_yuan", "carrier", "b") == pytest.approx(sum(f for _, f in b) / 100)
    cost = -sum(f for nature, f in b if nature == "resource") / 100
    assert value(frame, "resource_cost_yuan", "carrier", "b") == pytest.approx(cost)


def test_hosts_earn_commissions_and_their_own_work_is_not_deducted() -> None:
    made = recorder(days=1, kept=Resources())
    made.record(day_record(0, [parcel(i) for i in range(1, 11)]))
    frame = made.metrics()
    fixed = sum(int(f) for r, f in zip(made.postings.key.tolist(), made.postings.fen.tolist(), strict=True) if made.ledger.book.keys[r].category in ("fit-out", "running") and made.ledger.book.keys[r].payer == "host:v1")  # type: ignore[union-attr]  # fmt: skip  # noqa: E501
    assert value(frame, "host_income_yuan", "remoteness", "near") == pytest.approx(5 - fixed / 100)


def test_a_village_is_served_when_its_parcels_come_in_often_enough() -> None:
    for bits, expected in ((0b0001111, 1.0), (0b0000011, 0.0)):
        made = MetricsRecorder(county(), alone(), START, 14, (0, 14))
        given_plan = plan(Resources())
        days = given_plan.trips.days.copy()
        days[1] = bits
        made.plan(0, replace(given_plan, trips=replace(given_plan.trips, days=days)))
        for day in range(14):
            made.record(
                day_record(day, [parcel(day + 1, created=day * DAY), parcel(day + 90, place=V2, kind=AT_TOWNSHIP, created=day * DAY)])
            )
        frame = made.metrics()
        assert value(frame, "served_villages_share", "village", "v1") == expected
        assert value(frame, "served_villages_share", "village", "v2") == 0
        assert value(frame, "village_service_days_per_week", "village", "v1") == pytest.approx(bits.bit_count())
        assert value(frame, "village_service_days_per_week", "village", "v3") == 0


def test_stations_modes_and_station_parcels_come_from_days_in_the_window() -> None:
    made = recorder(days=2)
    rows = [parcel(1), parcel(2), parcel(3, kind=AT_LOCKER), parcel(4, place=V3, township=1), parcel(5, place=Q1)]
    made.record(day_record(0, rows))
    made.record(day_record(1))
    frame = made.metrics()
    assert value(frame, "stations_share") == pytest.approx(2 / 3)
    assert value(frame, "station_parcels_per_day") == pytest.approx(4 / 4)
    assert value(frame, "service_mode_share", "service_mode", "township") == pytest.approx(1 / 9)
    assert value(frame, "service_mode_share", "service_mode", "village") == pytest.approx(8 / 9)


def test_hours_and_jobs_count_all_paid_work() -> None:
    made = recorder(days=7)
    for day in range(7):
        made.record(day_record(day, trips=[trip(day, day)]))
    frame = made.metrics()
    hours = 7 * (36 + 9 + 4) + 5 * 18
    assert value(frame, "staff_hours") == pytest.approx(hours)
    assert value(frame, "jobs_fte") == pytest.approx(hours / (208 * 12 / 365 * 7))


def test_months_are_periods_of_their_own_and_quantiles_are_not_averaged() -> None:
    made = recorder(days=61)
    made.record(day_record(10, [parcel(1, created=0, ready=9 * HOUR)]))
    many = [parcel(i, created=31 * DAY, county_in=31 * DAY, ready=31 * DAY + 20 * HOUR, finished=33 * DAY) for i in range(2, 12)]
    made.record(day_record(33, many))
    frame = made.metrics()
    assert value(frame, "delivery_hours_median", period="2021-03") == 1
    assert value(frame, "delivery_hours_median", period="2021-04") == 20
    assert value(frame, "delivery_hours_median") == 20
    assert value(frame, "parcels_down", period="2021-04") == 10


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 20 * DAY), st.integers(0, 2), st.sampled_from([V1, V2, V3, Q1]), st.integers(1, 4)),
        min_size=1,
        max_size=40,
    )
)
def test_quantiles_equal_those_of_the_raw_times_to_the_minute(drawn: list[tuple[int, int, int, int]]) -> None:
    made = recorder(days=30, kept=Resources())
    rows = [
        parcel(i, operator=o, place=p, township=int(p == V3), kind=k, county_in=HOUR, ready=HOUR + t, finished=HOUR + t)
        for i, (t, o, p, k) in enumerate(drawn, 1)
    ]
    made.record(day_record(22, rows))
    frame = made.metrics()
    groups = {("", ""): drawn, ("carrier", "b"): [d for d in drawn if d[1] == B], ("remoteness", "far"): [d for d in drawn if d[2] == V3]}
    groups |= {("handover_kind", "station"): [d for d in drawn if d[3] == AT_STATION], ("township", "t1"): [d for d in drawn if d[2] != V3]}
    for group, own in groups.items():
        for metric, q in (("delivery_hours_median", 0.5), ("delivery_hours_p90", 0.9), ("delivery_hours_p95", 0.95)):
            got = value(frame, metric, *group)
            if not own:
                assert np.isnan(got)
                continue
            raw = np.quantile([t / MINUTE for t, *_ in own], q, method="inverted_cdf")
            assert 0 <= raw - got * 60 < 1 + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20 * DAY), st.sampled_from([V1, V2, V3, Q1])), min_size=1, max_size=40))
def test_a_villages_delivery_time_is_the_mean_of_its_own_parcels(drawn: list[tuple[int, int]]) -> None:
    made = recorder(days=30, kept=Resources())
    rows = [
        parcel(i, place=p, township=int(p == V3), county_in=HOUR, ready=HOUR + t, finished=HOUR + t) for i, (t, p) in enumerate(drawn, 1)
    ]
    made.record(day_record(22, rows))
    frame = made.metrics()
    for place, key in ((V1, "v1"), (V2, "v2"), (V3, "v3")):
        own = [t / HOUR for t, p in drawn if p == place]
        got = value(frame, "delivery_hours_mean", "village", key)
        assert got == pytest.approx(np.mean(own)) if own else np.isnan(got)


def test_a_complaint_is_the_parcels_own_luck_and_comes_only_from_late_or_returned_ones() -> None:
    late = [parcel(i, ready=8 * HOUR + 73 * HOUR) for i in range(1, 2001)]
    rows = np.concatenate([*late, parcel(5000), parcel(5001, outcome=RETURNED)])
    upset = complained(rows, 10 * DAY, 3, 0.2)
    assert 300 < upset.sum() < 500
    assert not complained(rows, 10 * DAY, 3, 0.0).any()
    sure = complained(rows, 10 * DAY, 3, 1.0)
    assert sure[:2000].all()
    assert not sure[2000]
    assert sure[2001]
    assert (complained(rows[::-1], 10 * DAY, 3, 0.2)[::-1] == upset).all()


def test_the_gini_index_is_zero_for_equals_and_grows_with_inequality() -> None:
    even, weight = np.full(4, 3.0), np.array([1.0, 2.0, 3.0, 4.0])
    assert gini(even, weight) == pytest.approx(0)
    assert gini(np.array([0.0, 0.0, 0.0, 1.0]), np.ones(4)) == pytest.approx(0.75)


def test_the_page_of_metrics_is_current() -> None:
    written = Path(__file__).parents[2] / "docs" / "metrics.md"
    assert written.read_text(encoding="utf-8") == page(), "run: python -m sim.metrics.page > docs/metrics.md"


def test_memory_does_not_grow_with_the_parcels() -> None:
    made = recorder(days=5)
    sizes = set()
    for day in range(5):
        made.record(day_record(day, [parcel(day * 50 + i, created=day * DAY) for i in range(50)]))
        sizes.add((made.cohort._flat.nbytes, made.cohort._by_class.array.nbytes, made.purse.fen.nbytes))
    assert len(sizes) == 1


def test_quantiles_of_a_long_run_are_those_of_all_its_parcels_though_past_months_are_kept_compressed() -> None:
    made, hours = recorder(days=200), {}
    for day in range(210):
        # every tenth parcel ends weeks after its month: counted in a month that is folded already
        late = (
            [parcel(9_000 + day, created=(day - 100) * DAY, county_in=day * DAY - HOUR, ready=day * DAY)]
            if day >= 100 and day % 10 == 0
            else []
        )
        now = (
            [parcel(day, created=day * DAY, county_in=day * DAY, ready=day * DAY + (1 + day % 50) * HOUR, finished=(day + 3) * DAY)]
            if day < 200
            else []
        )
        for p in (*late, *now):
            hours[int(p["key"][0])] = int(p["created"][0] // DAY), (int(p["ready"][0]) - int(p["county_in"][0])) / HOUR
        made.record(day_record(day, [*late, *now]))
    assert sorted(made.cohort._by_class.folded) == [0, 1, 2, 3, 4]
    frame = made.metrics()
    month_of = [(START + timedelta(days=day)).isoformat()[:7] for day in range(200)]
    for period in ("all", "2021-03", "2021-04", "2021-09"):
        own = np.array(sorted(took for day, took in hours.values() if day < 200 and period in ("all", month_of[day])))
        for metric, q in (("delivery_hours_median", 0.5), ("delivery_hours_p90", 0.9)):
            assert value(frame, metric, period=period) == own[int(np.ceil(q * len(own))) - 1], (metric, period)
            assert value(frame, metric, "township", "t1", period=period) == own[int(np.ceil(q * len(own))) - 1]
