"""The notice's 5 x 5 matrix (五统一 x 五整合): which activity pools which resource, and the cells that cannot."""

from __future__ import annotations

from typing import Literal

Activity = Literal["warehousing", "collection", "sorting", "transport", "delivery"]
Resource = Literal["sites", "vehicles", "staff", "operations", "management"]

ACTIVITIES: tuple[Activity, ...] = ("warehousing", "collection", "sorting", "transport", "delivery")
RESOURCES: tuple[Resource, ...] = ("sites", "vehicles", "staff", "operations", "management")

_COLLECTION: dict[str, tuple[str, str]] = {
    "sites": (
        "parcels going up are handed in at the stations and outlets of delivery: pool its sites",
        "上行包裹在配送的站点和网点交寄：请整合配送的场地",
    ),
    "vehicles": ("the vans of delivery collect on their way: pool its vehicles", "配送车辆顺路揽收：请整合配送的车辆"),
    "staff": ("the clerks and couriers of delivery take parcels in: pool its staff", "由配送的操作员和快递员收寄：请整合配送的人员"),
    "operations": ("collection follows the rounds of delivery: pool its operations", "揽收随配送班次进行：请整合配送的运营"),
    "management": ("collection has no overhead of its own: pool that of delivery", "揽收没有单独的管理费用：请整合配送的管理"),
}
"""Collection uses what delivery has, so that pooling delivery pools it too; English and Chinese."""

REFUSED_CELLS: dict[tuple[str, str], str] = {
    ("warehousing", "vehicles"): "goods in store move on no vehicle of their own: pool vehicles under transport or delivery",
    ("sorting", "vehicles"): "sorting moves nothing on roads: pool vehicles under transport or delivery",
    **{("collection", resource): _COLLECTION[resource][0] for resource in RESOURCES},
}
"""Cells of the 5 x 5 matrix that have no mechanism, each with its reason."""

REFUSED_CELLS_ZH: dict[tuple[str, str], str] = {
    ("warehousing", "vehicles"): "仓储的货物不用自己的车辆：请在运输或配送中整合车辆",
    ("sorting", "vehicles"): "分拣不在路上运货：请在运输或配送中整合车辆",
    **{("collection", resource): _COLLECTION[resource][1] for resource in RESOURCES},
}
"""The same reasons in Chinese."""
