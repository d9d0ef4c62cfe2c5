"""Deals of platforms and carriers: produce goes up at a contract's fee, and its pick-up is guaranteed (二(五): 电商平台与快递企业对接).

Mechanism
    A platform and one carrier sign for a share of the matching villages: every sender there, households too, pays the contract's fee,
    and the carrier's van comes to the village on its service days (so that parcels going down come there with it) and may not give the
    village up. Those who sell online promise ``least_day`` parcels a day for each village; at every review in the season they owe the fee
    of what is missing.

Changes
    ``World.operators.mode`` of the carrier in those villages, and of those who share its rounds; ``World.fields.outreach``. What the
    carrier drives and earns follows. The ledger posts the fees, what is missing, and the office that makes and watches the deals.

Leaves out
    Fees that fall step by step with the volume, bargaining, other carriers' answers to the lower price, a deal that ends when it does
    not pay. What is missing when the deals end between two reviews is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.levers.base import Lever, Mistake, mistake, say, unfit
from sim.levers.draw import chosen
from sim.levers.fields import fields_of, with_fields, with_upkeep
from sim.schema.param import param
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import Ints, World


class PlatformCarrierDeals(Lever):
    """Gives senders in villages a contract's fee and a carrier that comes."""

    title: ClassVar[Words] = Words(zh="平台与快递企业特色产品协议", en="Platform-carrier deals")
    of_produce: ClassVar[bool] = True

    kind: Literal["platform_carrier_deals"] = "platform_carrier_deals"

    share: float = param(1.0, unit="share", ge=0, le=1, source="assumption", zh="覆盖占比")
    """Share of the matching villages under contract."""
    fee: float = param(
        4.0, unit="yuan/parcel", ge=0, le=50, low=3, high=4.81, source="assumption:upstream_farm_parcel_fee", zh="协议寄件费"
    )
    """What a sender pays for a parcel of up to ``produce.sending.fee_kg``; senders with contracts of their own pay 4.81 yuan today."""
    least_day: float = param(0.5, unit="parcels/village-day", ge=0, le=1000, low=0, high=3, source="assumption", zh="保底件量")
    """Parcels a day that those who sell online in a village promise; they owe the fee of what is missing."""
    office_year: float = param(60_000.0, unit="yuan/year", ge=0, le=1e7, low=20_000, high=150_000, source="assumption", zh="签约与监督费用")
    """Cost of the office that makes and watches the deals, whatever their number."""
    payer: Literal["platform", "county"] = "platform"
    """Who pays that office."""
    carrier: str = ""
    """Key of the carrier; the one with most parcels among those that ``where`` names unless given."""

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a carrier that is none of the operators in ``where``."""
        yield from super().mistakes()
        if self.carrier and self.where.operators is not None and self.carrier not in self.where.operators:
            yield mistake(("carrier",), "carrier_elsewhere", name=self.carrier, operators=", ".join(self.where.operators))

    def operator(self, world: World) -> int:
        """Return the row of the carrier; ScenarioError where there is none of that name."""
        keys, share = world.operators.key, world.operators.share
        if not self.carrier:
            return max(self.where.rows(world), key=lambda row: (share[row], -row), default=-1)
        if self.carrier not in keys:
            raise unfit(self.id, mistake(("carrier",), "no_carrier", name=self.carrier, carriers=", ".join(keys)))
        return keys.index(self.carrier)

    def villages(self, world: World, strength: float) -> Ints:
        """Return the rows of the villages under contract at a strength."""
        from sim.world.world import VILLAGE

        able = (world.places.tier == VILLAGE) & self.where.mask(world)
        return chosen(world.places.key, able, self.share, strength)

    def world(self, world: World, rules: Rules, strength: float) -> World:
        """Return the world with villages under contract and the carrier's van coming to them."""
        import numpy as np

        from sim.world.upkeep import Upkeep
        from sim.world.world import TO_VILLAGE

        rows, carrier = self.villages(world, strength), self.operator(world)
        if not len(rows) or carrier < 0:
            return world
        reach = fields_of(self.id, world).outreach
        here = np.zeros(world.places.n, np.bool_)
        here[rows] = True
        rounds = rules.group("delivery", "vehicles")
        mode = world.operators.mode.copy()
        mode[np.ix_(np.flatnonzero(rounds == rounds[carrier]), rows)] = TO_VILLAGE
        new = replace(
            reach,
            contract=reach.contract | here,
            contract_fee=np.where(here, self.fee, reach.contract_fee),
            collector=np.where(here, carrier, reach.collector),
            contract_by=self.id,
            least_day=np.where(here, self.least_day, reach.least_day),
        )
        made = replace(with_fields(world, outreach=new), operators=replace(world.operators, mode=mode))
        office = Upkeep(self.id, self.payer, "workers", "contract office", strength, "office-day", year=self.office_year)
        return with_upkeep(made, office)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return how many villages are under contract with whom, at which fee, and how many services change."""
        from sim.world.world import TO_VILLAGE

        rows, carrier, s = self.villages(world, 1.0), self.operator(world), rules.parameters.produce.sending
        if carrier < 0:
            return [say("deals.nobody")]
        came = int((world.operators.mode[carrier, rows] == TO_VILLAGE).sum())
        names = world.operators
        return [
            say("deals.villages", n=len(rows), carrier=Words(names.name_zh[carrier], names.name_en[carrier]), came=came),
            say("deals.fee", fee=f"{self.fee:g}", walk_in=f"{s.fee_walk_in:g}", own=f"{s.fee:g}", least=f"{self.least_day:g}"),
            say("deals.office", yuan=f"{self.office_year:,.0f}", payer=say(f"payer.{self.payer}")),
        ]
