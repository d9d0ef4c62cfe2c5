"""Keep the reference free of the flow it checks."""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent
ALLOWED = ("sim.plan", "sim.schema.raw", "sim.units", "sim.world.world", "sim.luck")
FLOW_SIDE = {"flowside.py", "mutations.py"}
"""The only files that may see the flow; the reference itself imports none of them."""


def imported(path: Path) -> set[str]:
    """Return the modules a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def test_the_reference_imports_nothing_of_the_flow() -> None:
    for path in HERE.glob("*.py"):
        if path.name.startswith("test_") or path.name in FLOW_SIDE:
            continue
        for module in imported(path):
            assert not module.startswith("sim.") or module.startswith(ALLOWED), f"{path.name} imports {module}"
            assert module.lstrip(".") not in {name[:-3] for name in FLOW_SIDE}, f"{path.name} imports {module}"
