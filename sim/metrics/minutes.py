"""Histograms of minutes by month that cost memory only where something was counted."""

from __future__ import annotations

import mmap
import zlib

import numpy as np

from sim.world.world import Int32s, Ints

ITEM = np.dtype(np.int32).itemsize


class Minutes:
    """Counts, shape (months x rows, width), of which most stay 0.

    The pages are the system's, not numpy's: only those that were written to take memory (numpy asks for huge ones, and every count would
    take two megabytes). A month that is ``fold`` ed is kept compressed and its pages are given back; what is counted in it later is added.
    """

    def __init__(self, months: int, rows: int, width: int) -> None:
        self.rows, self.width = rows, width
        self._pages = mmap.mmap(-1, max(months * rows * width * ITEM, 1))
        if hasattr(mmap, "MADV_NOHUGEPAGE"):
            self._pages.madvise(mmap.MADV_NOHUGEPAGE)
        self.array: Int32s = np.frombuffer(self._pages, np.int32, months * rows * width).reshape(months * rows, width)
        """Where counts are added, row ``month`` x rows + row."""
        self.folded: dict[int, list[tuple[int, bytes]]] = {}

    def fold(self, month: int, used: int) -> None:
        """Keep a month compressed, ``used`` minutes having been counted at most."""
        block = self.array[month * self.rows : (month + 1) * self.rows, :used]
        if block.any():
            self.folded.setdefault(month, []).append((used, zlib.compress(block.tobytes(), 1)))
            block[block != 0] = 0
            self._give_back(month)

    def _give_back(self, month: int) -> None:
        """Return a month's pages, which are 0, to the system where it takes them."""
        if hasattr(mmap, "MADV_DONTNEED"):
            size = self.rows * self.width * ITEM
            first = -(-month * size // mmap.PAGESIZE) * mmap.PAGESIZE
            length = ((month + 1) * size) // mmap.PAGESIZE * mmap.PAGESIZE - first
            if length > 0:
                self._pages.madvise(mmap.MADV_DONTNEED, first, length)

    def total(self, months: Ints, used: int) -> Int32s:
        """Return the counts of some months together, shape (rows, used)."""
        out = np.zeros((self.rows, used), np.int32)
        for month in months.tolist():
            out += self.array[month * self.rows : (month + 1) * self.rows, :used]
            for width, packed in self.folded.get(month, ()):
                out[:, :width] += np.frombuffer(zlib.decompress(packed), np.int32).reshape(self.rows, width)
        return out
