"""What a kg is expected to bring in each channel, and the rules by which a farm chooses: plain functions over columns.

Every net price is yuan/kg of what is offered today, less fees, packing, driving and the grower's own time (Farm gain in docs/produce.md).
"""

from __future__ import annotations

import numpy as np

from sim.schema.produce import Channels, Sending
from sim.world.world import Bools, Floats


def gate(price: Floats, quality: Floats) -> Floats:
    """Return what a middleman pays at the farm gate: the price by quality; nothing has to be driven or packed."""
    net: Floats = price * quality
    return net


def drive_cost(km: Floats, hours: Floats, kg: Floats, c: Channels, selling_hours: float = 0.0) -> Floats:
    """Return yuan/kg of driving ``kg`` there and back (one-way ``km`` and ``hours``), with so many full vehicles as it takes.

    Each trip costs its km and the driver's time, and ``selling_hours`` once there.
    """
    trips = np.maximum(np.ceil(kg / c.farm_vehicle_kg), 1.0)
    cost: Floats = trips * (2 * km * c.farm_vehicle_km + (2 * hours + selling_hours) * c.labour_hour) / np.maximum(kg, 1e-9)
    return cost


def market(price: Floats, quality_there: Floats, km: Floats, hours: Floats, kg: Floats, c: Channels) -> Floats:
    """Return what the county's wholesale market leaves: the price by quality less its fee and the trip with ``kg``."""
    net: Floats = price * quality_there * (1 - c.market_fee) - drive_cost(km, hours, kg, c, c.market_hours)
    return net


def sending_fee(kg: Floats, base: Floats, s: Sending) -> Floats:
    """Return what sending a parcel of ``kg`` (packed) costs its sender, yuan: ``base`` up to the first weight, begun kg beyond whole."""
    fee: Floats = base + s.fee_more_kg * np.ceil(np.maximum(kg - s.fee_kg, 0.0))
    return fee


def worth_sending(quality: Floats, s: Sending) -> Bools:
    """Return what (n,) packers send to buyers online: what no buyer would take as it lies before them stays."""
    fit: Bools = quality >= s.threshold
    return fit


def logit_shares(net: Floats, scale: float) -> Floats:
    """Return the shares (n, channels) of a logit rule: exp(net / scale) over its sum; channels at -inf get nothing."""
    best = net.max(axis=1, keepdims=True)
    weight = np.exp((net - best) / scale)
    share: Floats = weight / weight.sum(axis=1, keepdims=True)
    return share
