"""Histograms of minutes by month that cost memory only where something was counted."""

from __future__ import annotations

import mmap
import sys
import zlib

import numpy as np

from sim.world.world import Int32s, Ints

ITEM = np.dtype(np.int32).itemsize
GIVES_BACK = sys.platform == "linux"
"""Whether private pages that are not needed any more are free for others at once, and come back empty."""


class Minutes:
    """Counts, shape (months x rows, width), of which most stay 0.

    The pages are the system's, not numpy's: only those that were written to take memory (numpy asks for huge ones, and every count would
    take two megabytes). A month that is ``fold`` ed is kept compressed and its pages are given back; what is counted in it later is added.
    """

    def __init__(self, months: int, rows: int, width: int) -> None:
        self.rows, self.width = rows, width
        private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if GIVES_BACK else {}
        self._pages = mmap.mmap(-1, max(months * rows * width * ITEM, 1), **private)
        if hasattr(mmap, "MADV_NOHUGEPAGE"):
            self._pages.madvise(mmap.MADV_NOHUGEPAGE)
        self.array: Int32s = np.frombuffer(self._pages, np.int32, months * rows * width).reshape(months * rows, width)
        """Where counts are added, row ``month`` x rows + row."""
        self.folded: dict[int, list[tuple[int, bytes]]] = {}

    def fold(self, month: int, used: int) -> None:
        """Keep a month compressed, ``used`` minutes having been counted at most."""
        own = slice(month * self.rows, (month + 1) * self.rows)
        block = np.ascontiguousarray(self.array[own, :used])
        if block.any():
            self.folded.setdefault(month, []).append((used, zlib.compress(block.data, 1)))
            self._empty(own, used)

    def _empty(self, own: slice, used: int) -> None:
        """Set rows to 0, of which the first ``used`` minutes were counted in: whole pages by returning them to the system."""
        size = self.width * ITEM
        first, last = -(-own.start * size // mmap.PAGESIZE) * mmap.PAGESIZE, own.stop * size // mmap.PAGESIZE * mmap.PAGESIZE
        if not GIVES_BACK or last <= first:
            block = self.array[own, :used]
            block[block != 0] = 0
            return
        self._pages.madvise(mmap.MADV_DONTNEED, first, last - first)
        flat = self.array.reshape(-1)
        flat[own.start * self.width : first // ITEM] = 0
        flat[last // ITEM : own.stop * self.width] = 0

    def total(self, months: Ints, used: int) -> Int32s:
        """Return the counts of some months together, shape (rows, used)."""
        out = np.zeros((self.rows, used), np.int32)
        for month in months.tolist():
            out += self.array[month * self.rows : (month + 1) * self.rows, :used]
            for width, packed in self.folded.get(month, ()):
                out[:, :width] += np.frombuffer(zlib.decompress(packed), np.int32).reshape(self.rows, width)
        return out
