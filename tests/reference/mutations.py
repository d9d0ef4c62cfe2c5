"""Break the fast flow in one place at a time and see whether the comparison notices.

``python -m tests.reference.mutations --count 60 --seeds 60`` draws places of the compiled kernels (a comparison that includes its bound or
no more, or is turned round, an addition that becomes a subtraction, a minimum that becomes a maximum, ``and`` for ``or``), compiles all
at once, each behind a switch, and runs the drawn cases, then those of ``rare``, in a process of its own with each switch on. It prints a
table. Nobody chooses the places; ``--within send_up,note_cut,rising`` draws from these functions only, as after a change to them,
``--file`` from another module.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from importlib.util import find_spec, module_from_spec
from pathlib import Path

from .case import Case
from .dice import Dice
from .draw import draw_case
from .model import County, Result
from .mutants import Mutant, mutants, switched
from .rare import rare_cases
from .switch import SWITCH

ROOT = Path(__file__).resolve().parents[2]
KERNELS = "sim/flow/kernels.py"
MEMORY = 4 << 30
"""Bytes that a mutant may ask for beyond what is in use."""


def install(file: str, source: str) -> None:
    """Put a source in the place of a module that nobody has imported yet; compiled anew, so that no cache is asked or filled."""
    name = file.removesuffix(".py").replace("/", ".")
    assert name not in sys.modules, name
    spec = find_spec(name)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(source.replace("cache=True", "cache=False"), name, "exec"), module.__dict__)


def noticed(cases: list[tuple[Case, Result]]) -> str:
    """Return how the first case ends that is not as the reference has it: "" when none."""
    from .flowside import differences

    for case, result in cases:
        try:
            if differences(case, result):
                return case.name
        except Exception as error:  # a broken flow may raise whatever it likes
            return f"{case.name}: {type(error).__name__}"
    return ""


def verdict(k: int, cases: list[tuple[Case, Result]], seconds: int) -> str:
    """Return what is noticed in a process with switch k on; it ends at the latest after so many seconds of its processor's time."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + used, seconds + used))
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        SWITCH[0] = k
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.write(writer, noticed(cases).encode() or b"-")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if said:
        return said.removeprefix("-")
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return "never ends" if ended in (9, 24) else "crashes"


def drawn(every: list[Mutant], count: int, dice: Dice) -> dict[int, Mutant]:
    """Return so many mutants by the number of their switch, in the order of lines."""
    left = list(every)
    chosen = [left.pop(dice.whole(0, len(left) - 1)) for _ in range(min(count, len(left)))]
    return dict(enumerate(sorted(chosen, key=every.index)))


def main() -> None:
    """Draw mutants, run them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--draw", type=int, default=1, help="seed of the drawing of mutants")
    parser.add_argument("--file", default=KERNELS)
    parser.add_argument("--within", default="", help="functions to draw from, separated by commas (default: all)")
    asked = parser.parse_args()
    source = (ROOT / asked.file).read_text(encoding="utf-8")
    every = mutants(source, frozenset(filter(None, asked.within.split(","))))
    on = drawn(every, asked.count, Dice(asked.draw))
    reads = "chosen" if asked.file == KERNELS else "asked as chosen"
    install(asked.file, switched(source, on, f"from tests.reference.switch import {reads}"))
    cases = [(case, County(case).run()) for case in (*map(draw_case, range(asked.seeds)), *rare_cases())]
    noticed(cases[:1])  # compiles
    begun = time.process_time()
    if unharmed := noticed(cases):
        sys.exit(f"the unharmed flow already differs: {unharmed}")
    seconds = 5 + int(5 * (time.process_time() - begun))
    print(f"{len(every)} possible mutants of {asked.file}\n\n| line | was | became | noticed |\n|---|---|---|---|", flush=True)
    caught, lines = 0, source.split("\n")
    for k, mutant in on.items():
        said = verdict(k, cases, seconds)
        caught += bool(said)
        text = lines[mutant.line - 1].strip().replace("|", "\\|")[:90]
        print(f"| {mutant.line} `{mutant.function}`: `{text}` | `{mutant.was}` | `{mutant.became}` | {said or 'NOT NOTICED'} |", flush=True)
    print(f"\n{caught} of {len(on)} noticed")


if __name__ == "__main__":
    main()
