"""What a parcel brings its operator by the way it is served: fees, commissions, second fees, fines and support, by the ledger's prices."""

from __future__ import annotations

import numpy as np

from sim.ledger.payer import Payers
from sim.ledger.price import MILLI, prices
from sim.rules import Rules, Support
from sim.world.world import MODES, REFUSED, TO_POST, TO_TOWNSHIP, TO_VILLAGE, Floats, World

NEVER_CHOSEN = -1e9


def parcel_profit(world: World, rules: Rules, support: tuple[Support, ...]) -> Floats:
    """Return yuan per parcel by mode, operator and place, (4, k, n), without the driving to the village.

    village: dispatch fee - commission where a station stands + support. township: dispatch fee - agent fee where another's outlet takes it
    + the second fee where its own outlet charges one - expected fines for leaving it there and for charging. post: dispatch fee - fee to
    the post. refused: no dispatch fee - expected fine. The post has no way but the village (universal service).
    """
    price = {name: p.amount / MILLI for name, p in prices(rules.parameters).items()}
    d, operators, places = rules.parameters.decisions, world.operators, world.places
    k, n = operators.n, places.n
    out = np.full((len(MODES), k, n), NEVER_CHOSEN)
    fine = d.p_left_out_found * d.fine
    granted = sum((s.per_parcel_yuan(world) for s in support), np.zeros((k, n)))
    out[TO_VILLAGE] = price["dispatch_fee"] - np.where(world.stations.host > 0, price["commission"], 0.0) + granted
    out[REFUSED] = -fine
    if operators.post >= 0:
        out[TO_POST] = price["dispatch_fee"] - price["post_handover_fee"]
    payers = Payers(world, rules)
    inside = (places.township >= 0) & (places.parent > 0)
    for o in range(k):
        for t in range(places.n_townships):
            outlet = int(operators.outlet[o, t])
            runs, own = payers.of("delivery", "sites", outlet)[0], payers.of("delivery", "sites", o)[0]
            left = price["dispatch_fee"] - fine
            if own != runs:
                left -= price["township_agent_fee"]
            elif operators.surcharge[outlet, t]:
                left += price["second_fee"] - d.p_fee_found * d.fine
            out[TO_TOWNSHIP, o, inside & (places.township == t)] = left
    if operators.post >= 0:
        out[[TO_TOWNSHIP, TO_POST, REFUSED], operators.post] = NEVER_CHOSEN
    return out
