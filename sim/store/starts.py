"""A folder of start states, by everything that a warm-up depends on."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.kept import users_cache
from sim.program import package_versions, program_text

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.scenario.model import Scenario

ROOM = 500_000_000
"""Bytes of states that a folder keeps, those used last first."""
SUFFIX, SEAL = ".start", 32


@dataclass(frozen=True)
class Start:
    """The state of a run at the midnight of its start (``sim.start`` reads it).

    ``membership`` are the members of alliances before the run and how they came to be, ``settled`` what operators and hosts had decided by
    then; ``members`` and ``notices`` those of alliances at the midnight, ``plans`` what the state refers to, ``body`` the rest of it.
    """

    membership: Any
    settled: bytes
    members: dict[str, tuple[int, ...]]
    notices: dict[tuple[str, int], tuple[int, bool]]
    plans: list[Plan]
    body: bytes


@dataclass(frozen=True)
class Before:
    """What all runs of a scenario have in common before their first day (``sim.run`` reads it).

    ``membership`` as in ``Start``; ``rest``: what operators and hosts had decided by then, and what farms remember; ``plan``: that of the
    first day.
    """

    membership: Any
    rest: bytes
    plan: Plan


class Starts:
    """The folder: of start states, or of what comes before them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, key: str) -> bool:
        """Say whether there is a state of a name."""
        return self._path(key).is_file()

    def find(self, key: str) -> Any:
        """Return what was kept under a name; None where there is nothing that this user's program wrote whole."""
        path, secret = self._path(key), _secret()
        try:
            text = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        seal, packed = text[:SEAL], text[SEAL:]
        if secret is None or not compare_digest(seal, _seal(packed, secret)):
            return None
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as raw:
            return pickle.loads(raw.read())

    def keep(self, key: str, start: Start | Before) -> None:
        """Write a state, whole or not at all; those not used for longest give way."""
        secret = _secret()
        if secret is None:
            return
        packed = pa.BufferOutputStream()
        with pa.CompressedOutputStream(packed, "zstd") as raw:
            raw.write(pickle.dumps(start, protocol=5))
        text = packed.getvalue().to_pybytes()
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{key}.{os.getpid()}.part"
        try:
            part.write_bytes(_seal(text, secret) + text)
            part.replace(self._path(key))
        finally:
            part.unlink(missing_ok=True)
        self._make_room()

    def _make_room(self) -> None:
        found = [(path.stat(), path) for path in self.folder.glob(f"*{SUFFIX}")]
        held = 0
        for row, (about, path) in enumerate(sorted(found, key=lambda one: -one[0].st_mtime_ns)):
            held += about.st_size
            if row and held > ROOM:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"


def key_of(scenario: Scenario, seed: int, settled: bool, sample: float) -> str:
    """Return the name of the state that a run can begin from: 32 hexadecimal digits of all that its warm-up depends on.

    That is the scenario without its days and its drain, the seed, what is written, the program's own text and the packages it uses.
    """
    return _key("start", scenario.shortest(scenario.warm_up_days).hash, seed, settled, sample)


def key_before(scenario: Scenario, settled: bool) -> str:
    """Return the name of what the runs of a scenario have in common before their first day."""
    return _key("before", scenario.hash, settled)


def _key(*parts: object) -> str:
    """Return 32 hexadecimal digits that stand for some parts, the program's own text and the packages it uses."""
    said = [*parts, program_text(), sorted(package_versions().items())]
    return blake2b("|".join(map(str, said)).encode(), digest_size=16).hexdigest()


def _seal(text: bytes, secret: bytes) -> bytes:
    return blake2b(text, digest_size=SEAL, key=secret).digest()


def _secret() -> bytes | None:
    """Return this user's secret, made at its first use; None where none can be kept.

    Reading a state can run code that somebody put into it: only what this user's program wrote is read, whoever brought the folder.
    """
    path = users_cache() / "guantong" / "starts.key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new:
            new.write(token_bytes(SEAL))
    except FileExistsError:
        pass
    except OSError:
        return None
    found = path.read_bytes()
    return found if len(found) == SEAL else None
