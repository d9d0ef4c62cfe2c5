"""The notice's 5 x 5 matrix (五统一 x 五整合): which activity pools which resource, and the cells that cannot."""

from __future__ import annotations

from typing import Literal

Activity = Literal["warehousing", "collection", "sorting", "transport", "delivery"]
Resource = Literal["sites", "vehicles", "staff", "operations", "management"]

ACTIVITIES: tuple[Activity, ...] = ("warehousing", "collection", "sorting", "transport", "delivery")
RESOURCES: tuple[Resource, ...] = ("sites", "vehicles", "staff", "operations", "management")

_COLLECTION: dict[str, tuple[str, str]] = {
    "operations": (
        "the timetable of collection follows from each operator's own evening trunk; what shares vehicles shares it: pool its vehicles",
        "揽收时刻由各企业自己的晚班干线决定，共用车辆即共用时刻：请整合揽收的车辆",
    ),
    "management": ("collection has no overhead of its own: pool that of delivery", "揽收没有单独的管理费用：请整合配送的管理"),
}
"""What collection has no mechanism for; English and Chinese."""

REFUSED_CELLS: dict[tuple[str, str], str] = {
    ("warehousing", "vehicles"): "goods in store move on no vehicle of their own: pool vehicles under transport or delivery",
    ("sorting", "vehicles"): "sorting moves nothing on roads: pool vehicles under transport or delivery",
    **{("collection", resource): why[0] for resource, why in _COLLECTION.items()},
}
"""Cells of the 5 x 5 matrix that have no mechanism, each with its reason."""

REFUSED_CELLS_ZH: dict[tuple[str, str], str] = {
    ("warehousing", "vehicles"): "仓储的货物不用自己的车辆：请在运输或配送中整合车辆",
    ("sorting", "vehicles"): "分拣不在路上运货：请在运输或配送中整合车辆",
    **{("collection", resource): why[1] for resource, why in _COLLECTION.items()},
}
"""The same reasons in Chinese."""
