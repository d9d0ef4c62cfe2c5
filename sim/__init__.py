"""Guantong (贯通): what policies do to a Chinese county's rural e-commerce logistics.

``load``, ``run``, ``compare`` and ``open`` are all a notebook needs; what they need in turn is imported at their first use.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.kept import keep_kernels

if TYPE_CHECKING:
    from sim.api import Study as Study
    from sim.api import compare as compare
    from sim.api import list_counties as list_counties
    from sim.api import list_levers as list_levers
    from sim.api import list_metrics as list_metrics
    from sim.api import list_parameters as list_parameters
    from sim.api import list_scenarios as list_scenarios
    from sim.api import load as load
    from sim.api import open as open
    from sim.api import run as run
    from sim.errors import CountyError as CountyError
    from sim.errors import ResultsError as ResultsError
    from sim.errors import ScenarioError as ScenarioError
    from sim.errors import SimError as SimError

    __version__: str

ERRORS = ("CountyError", "ResultsError", "ScenarioError", "SimError")
CALLS = (
    "Study", "compare", "list_counties", "list_levers", "list_metrics", "list_parameters", "list_scenarios", "load", "open", "run",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = import_module("sim.program").number()
    elif name in ERRORS:
        value = getattr(import_module("sim.errors"), name)
    elif name in CALLS:
        value = getattr(import_module("sim.api"), name)
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*(name for name in globals() if name.startswith("__")), *ERRORS, *CALLS, "__version__"})


class _Package(ModuleType):
    """Keeps ``sim.run`` the call: importing the module of that name would put itself in its place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "run" and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


keep_kernels(Path(__file__).parent)
sys.modules[__name__].__class__ = _Package
