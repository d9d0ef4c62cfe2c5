"""The reference model without its count of what was bound, which is for the tests and takes longer than the model."""

from __future__ import annotations

from tests.reference.model import County
from tests.reference.things import Parcel


class Plain(County):
    """A county at work that counts nothing."""

    def bind(self, rule: str, *parcels: Parcel) -> None:
        """Count nothing."""

    def serve(self, queue: int) -> None:
        """Start whoever can start now."""
        q, now = self.queues[queue], self.now
        window = next((w for w in q.windows if w.open <= now < w.close), None)
        while window is not None and q.free and q.waiting and q.waiting[0][0] <= now:
            station = q.free.index(min(q.free))
            if q.free[station] > now:
                return
            p = q.waiting.pop(0)[2]
            q.free[station] = now + int(self.plan.queues.service_us[queue])
            self.env.process(self.station(queue, p, q.free[station]))
