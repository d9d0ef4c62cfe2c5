"""Let each parcel take a time of its own at the sorting centre: what a change of plan may do once a day, done before every start.

A queue of the flow has one service time, which a plan may change; stations then finish out of turn, and the kernel looks for the one
that is free first. Nothing of the flow is replaced here: its own queue is stopped before each start and given the next parcel's time.
"""

from __future__ import annotations

import numpy as np

from sim.flow.flow import Flow
from sim.flow.inputs import Inputs
from sim.schema.raw import Recorder
from sim.units import DAY
from sim.world.world import Ints


class Served(Flow):
    """A run of ``stream`` whose i-th parcel takes ``service`` [i] microseconds."""

    def __init__(self, inputs: Inputs, recorder: Recorder, service: Ints) -> None:
        super().__init__(inputs, recorder)
        self.service, self.started = service, 0

    def _advance_all(self, until: int) -> None:
        k = self.view.plan.operators
        while (step := min(self._entry(k), self._start(k))) < until:
            if step == self._start(k):
                self.state.Q["s"][k] = self.service[self.started]
                self.started += 1
            super()._advance_all(step + 1)
        super()._advance_all(until)

    def _entry(self, k: int) -> int:
        """Return when a dock unloads the next parcel."""
        s = self.state
        heads = s.A["head"][:k]
        return int(s.N["t"][heads[heads >= 0]].min(initial=self.end + DAY))

    def _start(self, k: int) -> int:
        """Return when the next parcel of the sorting queue starts."""
        s = self.state
        head, stations = int(s.A["head"][k]), int(s.Q["c"][k])
        s.Q["mixed"][k] = 1
        return max(int(s.N["t"][head]), int(s.ring[k, :stations].min())) if head >= 0 else self.end + DAY


def exponential(seed: int, n: int, mean_us: float) -> Ints:
    """Return ``n`` exponential times of at least a microsecond."""
    from sim import luck

    times: Ints = np.maximum(-np.log(luck.uniform(seed, "service", 0, np.arange(n, dtype=np.uint64))) * mean_us, 1).astype(np.int64)
    return times
