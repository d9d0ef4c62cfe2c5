"""A run folder is whole or not there, reads back what was written, and goes into a spreadsheet."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest

from sim.errors import ResultsError
from sim.metrics.recorder import MetricsRecorder
from sim.plan.plan import ROUND
from sim.schema.raw import AT_TOWNSHIP, BACK, BACK_AT_SENDER, EVENT, IN_TRANSIT, NEVER, RETURNED, STOP
from sim.schema.tables import TABLES
from sim.store import RunWriter, describe, export, open_run
from sim.units import DAY, HOUR
from tests.ledger.county import POST, START, T1, V1, V2, V3, B, alone, county, day_record, parcel, plan, pooled, resources, trip

SCENARIO = "format: 1\nname: hand-made\n"


def write(folder: Path, sample: float = 1.0, days: int = 40) -> RunWriter:
    """Return a writer that has recorded some days."""
    recorder = MetricsRecorder(county(), alone(), START, days, (0, days), seed=3)
    writer = RunWriter(folder, SCENARIO, describe(SCENARIO, 3, overrides={"levers.x.share": (0.1, 0.2)}), recorder, sample)
    writer.plan(-2, plan())
    stops = np.array([(2, 0, V1, 13 * HOUR, 14 * HOUR, 3, 0, 1, 1500, 8000)], STOP)
    events = np.array([(5 * HOUR, 7 * HOUR, 0, -1, 0, 1), (5 * HOUR, NEVER, 1, V2, -1, -1)], EVENT)
    for day in range(-1, days + 2):
        rows = []
        if 0 <= day < days:
            rows = [parcel(day * 100 + i + 1, created=day * DAY, household=i % 12, ready=day * DAY + 14 * HOUR, finished=day * DAY + 20 * HOUR) for i in range(24)]  # fmt: skip  # noqa: E501
        if day == 5:
            rows.append(
                parcel(9001, kind=0, outcome=RETURNED, operator=B, to_post=1, last_mile=POST, created=0, visit=0, finished=5 * DAY + HOUR)
            )
            rows.append(parcel(9002, direction=BACK, parent=9001, outcome=BACK_AT_SENDER, kind=0, place=V3, township=1, visit=0))
        if day == days + 1:
            rows.append(parcel(9003, kind=0, outcome=IN_TRANSIT, ready=NEVER, finished=NEVER, visit=0))
        trips = [trip(day * 2 + 4, day), trip(day * 2 + 5, day, leg=ROUND, vehicle=-1, driver=-1, type=1, from_place=T1, to_place=-1)]
        writer.record(day_record(day, rows, trips, [(day, 3, 8 * HOUR, 17 * HOUR, HOUR, 4)], stops=stops if day == 0 else stops[:0], events=events if day == 0 else events[:0]))  # fmt: skip  # noqa: E501
    return writer


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a finished run folder."""
    folder = tmp_path_factory.mktemp("study") / "runs" / "base" / "3"
    write(folder).finish()
    return folder


def test_a_run_folder_has_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    folder = tmp_path / "3"
    writer = write(folder, days=3)
    assert not folder.exists()
    with pytest.raises(ResultsError, match="there is no such folder"):
        open_run(folder)
    writer.abandon()
    (tmp_path / ".3.partial" / "left.txt").write_text("from an interrupted run")
    writer = write(folder, days=3)
    assert writer.finish() == folder
    assert [p.name for p in tmp_path.iterdir()] == ["3"]
    assert not (folder / "left.txt").exists()
    open_run(folder)


def test_a_run_that_breaks_off_leaves_the_finished_one_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "3"
    write(folder, days=3).finish()
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    write(folder, days=4).abandon()
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    write(folder, days=4).finish()
    assert open_run(folder).manifest["days"] == 4


def test_every_table_reads_back_with_its_columns_and_units(run_folder: Path) -> None:
    run = open_run(run_folder)
    for name, table in TABLES.items():
        frame = run.table(name)
        assert list(frame.columns) == [c.name for c in table.columns]
        assert frame.attrs["units"] == {c.name: c.unit for c in table.columns}
        by_levers_or_agents = name in ("decisions", "allocations", "grants", "households", "lots", "lot_stages") or name.startswith(
            "agents_"
        )
        assert len(frame) == run.manifest["tables"][name], name
        assert by_levers_or_agents or len(frame), name
        field = pq.read_schema(run_folder / f"{name}.parquet").field(table.columns[-1].name)
        assert field.metadata[b"unit"].decode() == table.columns[-1].unit
        for column in table.columns:
            assert column.null or not frame[column.name].isna().any(), (name, column.name)


def test_parcels_read_back_as_they_were_recorded(run_folder: Path) -> None:
    frame = open_run(run_folder).table("parcels").set_index("parcel")
    one = frame.loc[101]
    assert (one["direction"], one["carrier"], one["village"], one["township"]) == ("down", "a", "v1", "t1")
    assert (one["handover_place"], one["handover_kind"], one["outcome"]) == ("v1", "station", "collected")
    assert (one["created_s"], one["ready_s"], one["finished_s"]) == (86400, 86400 + 14 * 3600, 86400 + 20 * 3600)
    assert (one["weight_kg"], one["volume_l"]) == (1.5, 8.0)
    back = frame.loc[9002]
    assert (back["parent"], back["direction"], back["outcome"]) == (9001, "back", "back_at_sender")
    still = frame.loc[9003, ["ready_s", "finished_s", "handover_place", "visit"]]
    assert still.isna().all()
    assert frame.loc[9001, "last_mile_operator"] == "post"


def test_times_are_rounded_down_also_before_the_start(tmp_path: Path) -> None:
    recorder = MetricsRecorder(county(), alone(), START, 1, (0, 1))
    writer = RunWriter(tmp_path / "r", SCENARIO, {}, recorder)
    writer.plan(-1, plan())
    writer.record(day_record(-1, [parcel(1, created=-1, county_in=-1_000_001, ready=1_999_999)]))
    writer.finish()
    row = open_run(tmp_path / "r").table("parcels").iloc[0]
    assert (row["created_s"], row["county_in_s"], row["ready_s"]) == (-1, -2, 1)


def test_legs_follow_a_parcels_way_down_and_back(run_folder: Path) -> None:
    legs = open_run(run_folder).table("legs")
    down = legs[legs["parcel"] == 101]
    assert down[["order", "from_place", "to_place"]].values.tolist() == [[0, "seat", "t1"], [1, "t1", "v1"]]
    assert down["unload_s"].tolist() == [11 * 3600, 14 * 3600]
    back = legs[legs["parcel"] == 9002]
    assert back[["order", "from_place", "to_place"]].values.tolist() == [[0, "v3", "t2"], [1, "t2", "seat"]]
    assert len(legs[legs["parcel"].isin(range(101, 125))]) == 48


def test_a_visit_counts_its_kilometres_once(tmp_path: Path) -> None:
    recorder = MetricsRecorder(county(), alone(), START, 1, (0, 1))
    writer = RunWriter(tmp_path / "r", SCENARIO, {}, recorder)
    writer.plan(0, plan())
    writer.record(day_record(0, [parcel(1), parcel(2, visit=1), parcel(3, place=V2, kind=AT_TOWNSHIP)]))
    writer.finish()
    visits = open_run(tmp_path / "r").table("visits").set_index("visit")
    assert visits.loc[1, ["place", "parcels", "km"]].tolist() == ["v1", 2, 0.8]
    assert visits.loc[3, ["place", "parcels", "km", "minutes"]].tolist() == ["t1", 1, 24.0, 48.0]


def test_money_on_disk_is_the_ledgers_and_above_zero(run_folder: Path, tmp_path: Path) -> None:
    money = open_run(run_folder).table("money")
    assert (money["amount_fen"] > 0).all()
    fees = money[(money["category"] == "dispatch fee") & (money["payee"] == "a")]
    assert fees["amount_fen"].sum() == 40 * 24 * 120
    assert fees["quantity"].sum() == 40 * 24
    frame = open_run(run_folder).table("metrics")
    total = frame[(frame["metric"] == "resource_cost_yuan") & (frame["group"] == "") & (frame["period"] == "all")]["value"].iloc[0]
    inside = money[(money["nature"] == "resource") & money["day"].between(0, 39)]
    assert inside["amount_fen"].sum() / 100 == pytest.approx(total)


def test_stock_at_midnight_is_what_waits_then(tmp_path: Path) -> None:
    recorder = MetricsRecorder(county(), alone(), START, 5, (0, 5))
    writer = RunWriter(tmp_path / "r", SCENARIO, {}, recorder)
    writer.plan(0, plan())
    writer.record(day_record(0, [parcel(1)]))
    writer.record(day_record(1))
    rows = [parcel(2, finished=2 * DAY + HOUR), parcel(3, place=V2, kind=AT_TOWNSHIP, village_in=NEVER, finished=2 * DAY + HOUR)]
    writer.record(day_record(2, rows))
    writer.finish()
    stock = open_run(tmp_path / "r").table("stock")
    parcels = stock[stock["unit"] == "parcel"][["time_s", "place", "kind", "amount"]].values.tolist()
    assert parcels == [[d * 86400, p, k, 1.0] for d in (1, 2) for p, k in (("t1", "township"), ("v1", "station"))]
    litres = stock[(stock["unit"] == "l") & (stock["place"] == "v1")]
    assert litres[["amount", "capacity"]].values.tolist() == [[8.0, 600.0]] * 2


def test_a_sample_keeps_whole_households_and_all_metrics(tmp_path: Path, run_folder: Path) -> None:
    write(tmp_path / "s", sample=0.4).finish()
    full, part = open_run(run_folder), open_run(tmp_path / "s")
    kept = set(part.table("parcels")["household"])
    assert 0 < len(kept) < 12
    own = full.table("parcels")
    assert part.table("parcels")["parcel"].tolist() == own[own["household"].isin(kept)]["parcel"].tolist()
    for name in ("metrics", "money", "trips", "stock"):
        assert part.table(name).equals(full.table(name)), name


def test_the_same_run_writes_the_same_bytes(tmp_path: Path, run_folder: Path) -> None:
    write(tmp_path / "again").finish()
    digest = lambda p: hashlib.sha256(p.read_bytes()).hexdigest()  # noqa: E731
    for name in TABLES:
        assert digest(tmp_path / "again" / f"{name}.parquet") == digest(run_folder / f"{name}.parquet"), name


def test_services_assets_and_sites_end_when_a_plan_drops_them(tmp_path: Path) -> None:
    recorder = MetricsRecorder(county(), alone(), START, 6, (0, 6))
    writer = RunWriter(tmp_path / "r", SCENARIO, {}, recorder)
    writer.plan(0, plan(resources()))
    for day in range(3):
        writer.record(day_record(day))
    writer.in_force(county(), pooled(("sorting", "sites")))
    kept = resources()
    from dataclasses import replace

    after = plan(replace(kept, floors=kept.floors[:3]))
    mode = after.lookup.mode.copy()
    mode[B, V1] = 3
    writer.plan(3, replace(after, lookup=replace(after.lookup, mode=mode)))
    for day in range(3, 6):
        writer.record(day_record(day))
    writer.finish()
    run = open_run(tmp_path / "r")
    sites = run.table("sites").set_index(["site", "open_day"])
    assert sites.loc[("depot:b", 0), "close_day"] == 3
    assert sites.loc[("depot:a", 3), "operators"] == "a alliance:joint"
    services = run.table("services")
    own = services[(services["operator"] == "b") & (services["village"] == "v1")][["from_day", "to_day", "mode"]].values.tolist()
    assert own == [[0, 2, "village"], [3, 5, "refused"]]
    assets = run.table("assets").set_index("asset")
    assert assets.loc["fit-out:depot:b", "disposed_day"] == 3


def test_metrics_read_by_window_month_and_group(run_folder: Path) -> None:
    run = open_run(run_folder)
    assert run.metric("parcels_down") == 40 * 24
    assert run.metric("parcels_down", window="2021-03") == 31 * 24
    assert run.metric("parcels_down", window=(date(2021, 4, 1), date(2021, 4, 9))) == 9 * 24
    assert run.metric("parcels_down", window=(date(2021, 3, 1), date(2021, 4, 9))) == 40 * 24
    assert run.metric("parcels_down", group="carrier")["a"] == 40 * 24
    assert run.metric("parcels_down", group=("tier", "town")) == 0
    with pytest.raises(ResultsError, match="whole months"):
        run.metric("parcels_down", window=(date(2021, 3, 5), date(2021, 4, 9)))
    with pytest.raises(ResultsError, match="no period"):
        run.metric("parcels_down", window="2025-01")
    with pytest.raises(ResultsError, match="groups: carrier"):
        run.metric("parcels_down", group="crop")
    with pytest.raises(ResultsError, match="no metric"):
        run.metric("happiness")


def test_the_manifest_says_what_made_the_run(run_folder: Path) -> None:
    manifest = json.loads((run_folder / "manifest.json").read_text())
    assert manifest["scenario_hash"] == hashlib.sha256(SCENARIO.encode()).hexdigest()
    assert manifest["overrides"] == [{"what": "levers.x.share", "old": 0.1, "new": 0.2}]
    assert {"program", "seed", "inputs", "packages", "started", "wall_seconds", "outcome", "sample", "start", "days"} <= set(manifest)
    assert (run_folder / "scenario.yaml").read_text() == SCENARIO


@pytest.mark.parametrize("harm", ["no manifest", "bad manifest", "no table", "cut table", "other table"])
def test_a_damaged_folder_is_refused(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "r"
    write(folder, days=2).finish()
    money = folder / "money.parquet"
    if harm == "no manifest":
        (folder / "manifest.json").unlink()
    elif harm == "bad manifest":
        (folder / "manifest.json").write_text("{")
    elif harm == "no table":
        money.unlink()
    elif harm == "cut table":
        money.write_bytes(money.read_bytes()[:100])
    else:
        money.write_bytes((folder / "trips.parquet").read_bytes())
    with pytest.raises(ResultsError):
        open_run(folder).table("money")


def test_a_table_that_does_not_exist_is_named_in_the_error(run_folder: Path) -> None:
    with pytest.raises(ResultsError, match="there is no table 'carts'"):
        open_run(run_folder).table("carts")


def test_csv_has_headers_units_and_opens_in_a_spreadsheet_in_chinese(run_folder: Path, tmp_path: Path) -> None:
    files = export(run_folder, "csv", tmp_path, headers="zh", tables=("trips", "places"))
    assert [f.name for f in files] == ["trips.csv", "places.csv"]
    raw = files[1].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("编号,层级,中文名")
    assert lines[1] == ",,,,度,度,,人,,"
    assert lines[2].startswith("seat,county,县城")


def test_exported_money_is_in_yuan_for_people_and_in_fen_under_the_columns_names(run_folder: Path, tmp_path: Path) -> None:
    rows = {}
    for headers in ("name", "zh"):
        (file,) = export(run_folder, "csv", tmp_path / headers, headers=headers, tables=("money",))
        rows[headers] = [line.split(",")[-1] for line in file.read_text(encoding="utf-8-sig").splitlines()]
    assert (rows["name"][1], rows["zh"][1]) == ("fen", "元")
    assert [round(100 * float(yuan)) for yuan in rows["zh"][2:]] == [int(fen) for fen in rows["name"][2:]]


def test_a_workbook_has_a_sheet_for_each_table_and_keeps_long_keys(run_folder: Path, tmp_path: Path) -> None:
    (file,) = export(run_folder, "xlsx", tmp_path, headers="en")
    book = openpyxl.load_workbook(file, read_only=True)
    assert book.sheetnames == ["Contents", *TABLES]
    listed = {name: rows for name, _, rows in book["Contents"].iter_rows(min_row=2, values_only=True)}
    assert listed == {name: len(open_run(run_folder).table(name)) for name in TABLES}
    rows = list(book["parcels"].iter_rows(min_row=1, max_row=3, values_only=True))
    assert rows[0][0] == "Key of the parcel"
    assert rows[1][list(rows[0]).index("Weight")] == "kg"
    assert rows[2][0] == "1"
    metrics = list(book["metrics"].iter_rows(min_row=3, max_row=3, values_only=True))
    assert metrics[0][0] == "cost_per_parcel_yuan"


def test_an_unknown_format_is_refused(run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="formats: csv, xlsx"):
        export(run_folder, "pdf", tmp_path)


def test_an_event_names_the_vehicle_of_its_trip_also_when_the_trip_is_over_under_the_next_plan(tmp_path: Path) -> None:
    from dataclasses import replace

    recorder = MetricsRecorder(county(), alone(), START, 3, (0, 3))
    writer = RunWriter(tmp_path / "r", SCENARIO, {}, recorder)
    writer.plan(0, plan())
    events = np.array([(23 * HOUR, 26 * HOUR, 0, V1, 2, 7), (24 * HOUR, NEVER, 0, V1, 0, 99)], EVENT)
    writer.record(day_record(0, events=events))
    writer.plan(1, replace(plan(), vehicle_key=("new-1", "new-2", "new-3", "new-4")))
    writer.record(day_record(1, trips=[trip(7, 0, vehicle=2, owner=B)]))
    writer.finish()
    found = open_run(tmp_path / "r").table("events").set_index("trip")["vehicle"]
    assert found[7] == "truck-b"
    assert found.isna()[99]
