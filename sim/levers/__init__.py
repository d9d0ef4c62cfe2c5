"""The levers: pure edits of the world and the rules, one file each; ``Kind`` is the one list of them."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from sim.levers.base import Lever, Mistake, Spending
from sim.levers.capital_grant import CapitalGrant
from sim.levers.cold_chain import ColdChain
from sim.levers.ecommerce_services import EcommerceServices
from sim.levers.joint_distribution import JointDistribution
from sim.levers.origin_warehouse import OriginWarehouse
from sim.levers.parcel_lockers import ParcelLockers
from sim.levers.per_parcel_subsidy import PerParcelSubsidy
from sim.levers.platform_carrier_deals import PlatformCarrierDeals
from sim.levers.produce_to_city import ProduceToCity
from sim.levers.service_order import ServiceOrder
from sim.levers.stack import apply, explained, turns
from sim.levers.station_support import StationSupport
from sim.levers.sunk_supply_chain import SunkSupplyChain
from sim.levers.traceability import Traceability
from sim.levers.village_stations import VillageStations
from sim.levers.where import Where
from sim.levers.wholesale_market import WholesaleMarket

Kind = (
    JointDistribution
    | VillageStations
    | ParcelLockers
    | PerParcelSubsidy
    | ServiceOrder
    | StationSupport
    | CapitalGrant
    | ColdChain
    | EcommerceServices
    | OriginWarehouse
    | PlatformCarrierDeals
    | ProduceToCity
    | WholesaleMarket
    | Traceability
    | SunkSupplyChain
)

KINDS: tuple[type[Lever], ...] = get_args(Kind)
AnyLever = Annotated[Kind, Field(discriminator="kind")]

__all__ = [
    "KINDS",
    "AnyLever",
    "CapitalGrant",
    "ColdChain",
    "EcommerceServices",
    "JointDistribution",
    "Lever",
    "Mistake",
    "OriginWarehouse",
    "ParcelLockers",
    "PerParcelSubsidy",
    "PlatformCarrierDeals",
    "ProduceToCity",
    "ServiceOrder",
    "Spending",
    "StationSupport",
    "SunkSupplyChain",
    "Traceability",
    "VillageStations",
    "Where",
    "WholesaleMarket",
    "apply",
    "explained",
    "turns",
]
