"""Capital grant: a programme pays part of the price of what measures build (三(九)).

Mechanism
    The owner of each asset of ``assets`` that a measure brought applies once, on the day the asset appears (on the first day that
    counts for what stood before). It asks for ``share`` of the price, at most ``cap``; an asset is granted once (避免重复支持),
    however many grants there are. What the programme cannot pay in whole waits for the next year's budget, or is refused where
    the budget comes once.

Changes
    ``Rules.support`` only: a transfer to the owner, cash on the day it is paid in a transition, an annuity over the asset's life in a
    settled run, where all one-off money is one. The asset's resource cost stays what it is.

Leaves out
    Owners who build because of a grant; instalments; paying back; a later application for what grew after its grant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from sim.levers.base import Mistake, Spending, listed, mistake, programme_words, say
from sim.levers.where import Where
from sim.schema.param import param
from sim.schema.support import Support
from sim.text import Words

if TYPE_CHECKING:
    from sim.rules import Rules
    from sim.world.world import World

Asset = Literal[
    "station", "locker", "outlet", "depot fit-out", "truck", "van",
    "cold room", "pre-cooler", "cold box", "reefer", "origin warehouse", "market hall", "market truck", "collection point",
]  # fmt: skip


@dataclass(frozen=True)
class AssetSupport(Support):
    """``share`` of the price of some kinds of asset that measures brought, at most ``cap`` yuan each."""

    kinds: tuple[str, ...]
    share: float
    cap: float
    where: Where

    def grants(self) -> tuple[str, ...]:
        """Return the kinds of asset for which grants are given."""
        return self.kinds

    def grant_yuan(self, world: World, kind: str, owner: str, place: int, lever: str, price: float) -> float | None:
        """Return what an owner may ask for; None for what the county had before, or elsewhere."""
        if not lever or (place >= 0 and not self.where.mask(world)[place]):
            return None
        return min(price * self.share, self.cap)


class CapitalGrant(Spending):
    """Pays part of the price of stations, lockers, cold rooms or other things that measures brought."""

    title: ClassVar[Words] = Words(zh="建设补助", en="Capital grant")
    filters: ClassVar[tuple[str, ...]] = ("tier", "places", "remoteness", "terrain", "region", "population")

    kind: Literal["capital_grant"] = "capital_grant"

    assets: tuple[Asset, ...] = ("station", "locker", "outlet")
    """Kinds of asset for which owners may apply."""
    share: float = param(0.5, unit="share", ge=0, le=1, low=0.3, high=0.8, source="assumption:station_subsidy_rate", zh="补助比例")
    """Share of the price that is paid."""
    cap: float = param(20000, unit="yuan", ge=0, le=1e8, source="assumption", zh="单项上限")
    """Most that is paid for one asset."""

    def mistakes(self) -> Iterator[Mistake]:
        """Yield an empty list of assets."""
        yield from super().mistakes()
        if not self.assets:
            yield mistake(("assets",), "no_assets", allowed=", ".join(get_args(Asset)))

    def support(self, strength: float) -> Support | None:
        """Return the grant at a strength, which is a share of what is paid."""
        if not self.assets or self.share <= 0 or self.cap <= 0:
            return None
        return AssetSupport(self.id, self.programme, self.assets, self.share * strength, self.cap, self.where)

    def explain(self, world: World, rules: Rules) -> list[Words]:
        """Return what is granted for what, and from which programme."""
        return [
            say(
                "grant.share",
                share=f"{100 * self.share:g}%",
                cap=f"{self.cap:,.0f}",
                assets=listed(say(f"asset.{asset}") for asset in self.assets),
                programme=programme_words(self.programme),
            ),
            say("grant.queue"),
        ]
