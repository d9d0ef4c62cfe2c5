"""The notice's 5 x 5 matrix (五统一 x 五整合): which activity pools which resource, and the cells that cannot."""

from __future__ import annotations

from typing import Literal

Activity = Literal["warehousing", "collection", "sorting", "transport", "delivery"]
Resource = Literal["sites", "vehicles", "staff", "operations", "management"]

ACTIVITIES: tuple[Activity, ...] = ("warehousing", "collection", "sorting", "transport", "delivery")
RESOURCES: tuple[Resource, ...] = ("sites", "vehicles", "staff", "operations", "management")

_COLLECTION = "nothing goes up from the villages yet: collection can be pooled once produce does"
_COLLECTION_ZH = "目前没有从村里上行的货物：待农产品上行后才可整合揽收"

REFUSED_CELLS: dict[tuple[str, str], str] = {
    ("warehousing", "vehicles"): "goods in store move on no vehicle of their own: pool vehicles under transport or delivery",
    ("sorting", "vehicles"): "sorting moves nothing on roads: pool vehicles under transport or delivery",
    **{("collection", resource): _COLLECTION for resource in RESOURCES},
}
"""Cells of the 5 x 5 matrix that have no mechanism, each with its reason."""

REFUSED_CELLS_ZH: dict[tuple[str, str], str] = {
    ("warehousing", "vehicles"): "仓储的货物不用自己的车辆：请在运输或配送中整合车辆",
    ("sorting", "vehicles"): "分拣不在路上运货：请在运输或配送中整合车辆",
    **{("collection", resource): _COLLECTION_ZH for resource in RESOURCES},
}
"""The same reasons in Chinese."""
