"""Where the shipped scenarios and counties are: installed with the package, or in the repository."""

from __future__ import annotations

from pathlib import Path

import sim
from sim.errors import SimError


def scenarios_dir() -> Path:
    """Return the folder of the shipped scenarios."""
    package = Path(sim.__file__).resolve().parent
    for folder in (package / "_scenarios", package.parent / "scenarios"):
        if folder.is_dir():
            return folder
    raise SimError(f"{package / '_scenarios'}\n  the shipped scenarios are missing\n  install the package again (请重新安装)")
