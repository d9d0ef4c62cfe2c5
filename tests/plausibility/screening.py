"""How often the screening names the assumption that matters, by points and by its share of the variance: the table of docs/accounts.md.

python -m tests.plausibility.screening [--cases N]
"""

from __future__ import annotations

import argparse

import numpy as np

from sim import luck
from sim.study.assumed import responses
from sim.study.hypercube import hypercube

ASSUMPTIONS, OTHERS = 108, 10
"""How many are varied, and among how many of them the rest of the variance is spread."""
POINTS, SHARES = (8, 16, 24, 32, 48, 64), (0.3, 0.5, 0.7, 0.9)


def named(points: int, share: float, case: int) -> tuple[bool, bool]:
    """Return whether the assumption with ``share`` of the variance of a drawn, linear outcome comes first, and is clear at that."""
    paths = [f"assumption-{i}" for i in range(ASSUMPTIONS)]
    x = hypercube(paths, points, case)
    sign = np.where(luck.uniform(case, "sign", 0, np.arange(OTHERS, dtype=np.uint64)) < 0.5, -1.0, 1.0)
    y = np.sqrt(share) * x[:, 0] + np.sqrt((1 - share) / OTHERS) * x[:, 1 : 1 + OTHERS] @ sign
    first = responses(x, y, paths, case)[0]
    right = first.path == paths[0]
    return right, right and first.clear


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases", type=int, default=100)
    cases = asked.parse_args().cases
    print("| points | " + " | ".join(f"{share:.0%}" for share in SHARES) + " |\n|" + "---:|" * (1 + len(SHARES)))
    for points in POINTS:
        cells = []
        for share in SHARES:
            first, clear = np.mean([named(points, share, case) for case in range(1, cases + 1)], axis=0)
            cells.append(f"{first:.0%} ({clear:.0%})")
        print(f"| {points} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
