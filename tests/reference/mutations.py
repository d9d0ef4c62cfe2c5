"""Break the fast flow one line at a time and see whether the comparison notices.

``python -m tests.reference.mutations --count 12 --seeds 40`` copies the package to a temporary folder, draws one-line mutants of the
compiled kernels (a comparison that includes or excludes its bound, an addition that becomes a subtraction, a minimum that becomes a
maximum, ``and`` for ``or``, a step of one left out), runs the drawn cases on each and prints a table. Nobody chooses the lines;
``--within send_up,note_cut,rising`` draws from these functions only, as after a change to them, ``--file`` from another module.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .dice import Dice

ROOT = Path(__file__).resolve().parents[2]
SWAPS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.And: ("and", "or"), ast.Or: ("or", "and"),
}  # fmt: skip
CHILD = """
import sys
from pathlib import Path
import sim
assert Path(sim.__file__).resolve().is_relative_to(Path.cwd().resolve()), sim.__file__
from tests.reference.draw import draw_case
from tests.reference.flowside import differences
from tests.reference.model import County
for seed in range(int(sys.argv[1])):
    case = draw_case(seed)
    if differences(case, County(case).run()):
        sys.exit(f"seed {seed}")
"""


@dataclass(frozen=True)
class Mutant:
    """One changed piece of one line: ``line`` from 0, ``start:end`` its columns."""

    line: int
    start: int
    end: int
    old: str
    new: str

    def apply(self, source: str) -> str:
        """Return the source with the mutation."""
        lines = source.split("\n")
        text = lines[self.line]
        lines[self.line] = text[: self.start] + self.new + text[self.end :]
        return "\n".join(lines)


def between(source: list[str], left: ast.expr, right: ast.expr, swap: tuple[str, str]) -> list[Mutant]:
    """Return the mutant of an operator between two operands of one line."""
    if left.end_lineno != right.lineno or left.end_col_offset is None:
        return []
    line, start, end = right.lineno - 1, left.end_col_offset, right.col_offset
    gap = source[line].encode()[start:end].decode()
    if gap.strip(" ()") != swap[0]:
        return []
    at = start + gap.index(swap[0])
    return [Mutant(line, at, at + len(swap[0]), *swap)]


def mutants(source: str, within: frozenset[str] = frozenset()) -> list[Mutant]:
    """Return every one-line mutant of a source, in order; with names only those in the bodies of these functions."""
    lines, found, tree = source.split("\n"), [], ast.parse(source)
    bodies = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in within]
    if unknown := within - {node.name for node in bodies}:
        sys.exit(f"no function is called {', '.join(sorted(unknown))}")
    for node in (node for body in bodies or [tree] for node in ast.walk(body)):
        if isinstance(node, ast.Compare):
            for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
                found += between(lines, left, right, SWAPS[type(op)]) if type(op) in SWAPS else []
        elif isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
            found += between(lines, node.left, node.right, SWAPS[type(node.op)])
        elif isinstance(node, ast.BoolOp):
            found += between(lines, node.values[0], node.values[1], SWAPS[type(node.op)])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
            name = node.func
            new = "max" if name.id == "min" else "min"
            found.append(Mutant(name.lineno - 1, name.col_offset, name.col_offset + 3, name.id, new))
    return sorted(set(found), key=lambda m: (m.line, m.start))


def verdict(folder: Path, seeds: int) -> str:
    """Return how the cases end in a folder: "" when nothing was noticed."""
    try:
        run = subprocess.run(
            [sys.executable, "-c", CHILD, str(seeds)], cwd=folder, capture_output=True, text=True, timeout=240, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "never ends"
    return "" if run.returncode == 0 else (run.stderr.strip().split("\n") or ["fails"])[-1][:60]


def main() -> None:
    """Draw mutants, run them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--draw", type=int, default=1, help="seed of the drawing of mutants")
    parser.add_argument("--file", default="sim/flow/kernels.py")
    parser.add_argument("--within", default="", help="functions to draw from, separated by commas (default: all)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("sim", "tests/reference"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        target = folder / asked.file
        source = target.read_text(encoding="utf-8")
        unharmed = verdict(folder, asked.seeds)
        if unharmed:
            sys.exit(f"the unchanged flow already differs: {unharmed}")
        dice, every, caught = Dice(asked.draw), mutants(source, frozenset(filter(None, asked.within.split(",")))), 0
        print(f"{len(every)} possible mutants of {asked.file}\n\n| line | was | became | noticed |\n|---|---|---|---|")
        count = min(asked.count, len(every))
        for _ in range(count):
            mutant = every.pop(dice.whole(0, len(every) - 1))
            target.write_text(mutant.apply(source), encoding="utf-8")
            said = verdict(folder, asked.seeds)
            caught += bool(said)
            text = source.split("\n")[mutant.line].strip().replace("|", "\\|")[:70]
            print(f"| {mutant.line + 1}: `{text}` | `{mutant.old}` | `{mutant.new}` | {said or 'NOT NOTICED'} |", flush=True)
        print(f"\n{caught} of {count} noticed")


if __name__ == "__main__":
    main()
