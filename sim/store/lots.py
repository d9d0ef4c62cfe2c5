"""Lots of produce and their stages, as table rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.produce.dues import YUAN
from sim.produce.grades import GRADES
from sim.schema.raw import CHANNELS, NEVER, STAGES
from sim.schema.tables import LOT_STAGES, LOTS
from sim.store.arrow import batch, coded, seconds
from sim.units import FEN_PER_YUAN
from sim.world.farms import KINDS
from sim.world.world import World

Rows = npt.NDArray[Any]


def lot_table(world: World, rows: Rows) -> pa.Table:
    """Return lots as the table's columns."""
    assert world.fields is not None
    sold = rows["sold"] > 0
    price = rows["micro"] / YUAN * FEN_PER_YUAN / (np.maximum(rows["sold"], 1) / 1000)
    columns: dict[str, Any] = {
        "lot": rows["lot"],
        "farm": world.fields.farms.key[rows["farm"]],
        "village": coded(rows["place"], world.places.key),
        "farm_kind": coded(rows["kind"], KINDS),
        "crop": coded(rows["crop"], world.fields.crops.key),
        "harvested_s": seconds(rows["picked"]),
        "offered_s": seconds(rows["offered"]),
        "channel": coded(rows["channel"], CHANNELS),
        "parcels": rows["parcels"].astype(np.int64),
        "quality_at_sale": pa.array(rows["quality"], mask=~sold),
        "price_fen_per_kg": pa.array(price, mask=~sold),
        "traced": rows["traced"] > 0,
        "inspected": rows["inspected"] > 0,
        "grade": coded(rows["grade"], GRADES),
        "ice_kg": rows["ice_g"] / 1000,
        "zones": rows["zones"].astype(np.int64),
    }
    for name, column in (("kg", "grams"), ("kg_in_stock", "stock"), *((f"kg_{n}", n) for n in ("sold", "lost", "rejected", "unsold"))):
        columns[name] = rows[column] / 1000
    return batch(LOTS, columns)


def stage_table(world: World, rows: Rows) -> pa.Table:
    """Return stages as the table's columns."""
    columns = {
        "lot": rows["lot"],
        "order": rows["order"].astype(np.int64),
        "stage": coded(rows["stage"], STAGES),
        "place": coded(rows["place"], world.places.key),
        "trip": pa.array(rows["trip"], mask=rows["trip"] < 0),
        "in_s": seconds(rows["in"]),
        "cold_s": seconds(rows["cold"]),
        "out_s": seconds(rows["out"]),
        "kg": rows["grams"] / 1000,
        "temperature_c": pa.array(rows["celsius"], mask=np.isnan(rows["celsius"]) | (rows["cold"] == NEVER)),
        "quality_out": rows["quality"],
    }
    return batch(LOT_STAGES, columns)
