"""Who picks how much on a day: windows of the crops, turns of the farms, yields by luck of year, farm and season."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim import luck
from sim.produce import season
from sim.schema.produce import Farming
from sim.world.crops import Crops
from sim.world.farms import Farms
from sim.world.world import Floats, Ints, Keys


class Harvest:
    """The harvest of a county's farms; ``seed`` is the run's, so that two policies meet the same one."""

    def __init__(self, farms: Farms, crops: Crops, farming: Farming, seed: int, start: date) -> None:
        self.farms, self.crops, self.p, self.seed, self.start = farms, crops, farming, seed, start
        hardy = crops.shelf_days_0c >= farming.hardy_days
        self.every: Ints = np.where(hardy, farming.pick_every_days_hardy, farming.pick_every_days).astype(np.int64)
        self.length = season.window_days(crops)
        phase = (farms.key % self.every[farms.crop].astype(np.uint64)).astype(np.int64)
        self._phase: Ints = np.minimum(phase, self.length[farms.crop] - 1)
        self._turns = [[np.flatnonzero((farms.crop == c) & (self._phase == i)) for i in range(int(e))] for c, e in enumerate(self.every)]
        self._of = [np.flatnonzero(farms.crop == c) for c in range(crops.n)]
        self._index: Ints = np.zeros(farms.n, np.int64)
        """Where a farm stands among those of its crop."""
        for own in self._of:
            self._index[own] = np.arange(len(own))
        self._season: dict[int, tuple[int, Ints, Floats]] = {}

    def open(self, day: int) -> tuple[Ints, Ints]:
        """Return the crops in their window on a day and how many days each crop (c,) is into its window."""
        into = season.into_window(self.crops, day, self.start)
        return np.flatnonzero(into < self.length), into

    def picks(self, day: int) -> tuple[Ints, Ints, Floats]:
        """Return who picks on a day (rows of farms), how many grams, and of which quality. A season's picks add up to its grams."""
        crops, into = self.open(day)
        rows, grams, quality = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
        for c in crops.tolist():
            every = int(self.every[c])
            own = self._turns[c][int(into[c]) % every]
            total, good = self.season(c, day)
            phase = self._phase[own]
            turn, count = (into[c] - phase) // every, (self.length[c] - 1 - phase) // every + 1
            index = self._index[own]
            rows.append(own)
            grams.append(total[index] * (turn + 1) // count - total[index] * turn // count)
            quality.append(good[index])
        who, much, good = np.concatenate(rows), np.concatenate(grams), np.concatenate(quality)
        some = much > 0
        return who[some], much[some], good[some]

    def season(self, crop: int, day: int) -> tuple[Ints, Floats]:
        """Return grams and quality of the season of ``day`` of every farm of a crop (in order of rows): area x yield x the year's weather
        x the farm's own luck, all by key."""
        year = int(season.season_year(self.crops, day, self.start)[crop])
        if crop not in self._season or self._season[crop][0] != year:
            rows, p = self._of[crop], self.p
            key = self.farms.key[rows]
            own = np.exp(p.yield_spread * self._normal("yield", year, key) - p.yield_spread**2 / 2)
            one = np.array([luck.key_of(self.crops.key[crop])])
            weather = np.exp(p.weather_spread * self._normal("weather", year, one) - p.weather_spread**2 / 2)
            kg = self.farms.area_mu[rows] * self.crops.yield_kg_mu[crop] * own * weather
            u = luck.uniform(self.seed, "quality", year, key)
            quality: Floats = np.clip(p.quality_mean + p.quality_spread * (2 * u - 1), 0, 1)
            self._season[crop] = year, np.rint(1000 * kg).astype(np.int64), quality
        return self._season[crop][1:]

    def _normal(self, name: str, year: int, key: Keys) -> Floats:
        u, v = (luck.uniform(self.seed, name, year, key, k) for k in (0, 1))
        normal: Floats = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
        return normal
