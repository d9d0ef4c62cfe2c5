"""Find the scenarios that come with the package."""

from __future__ import annotations

from pathlib import Path

from sim.world.data import scenarios_dir

SUFFIX = ".yaml"


def find(name: str | Path, base: Path) -> Path:
    """Return the file ``name`` stands for: beside ``base``, else the shipped one of that name, else where it should be."""
    wanted = base / name
    if wanted.is_file():
        return wanted
    shipped = scenarios_dir() / f"{str(name).removesuffix(SUFFIX)}{SUFFIX}"
    return shipped if shipped.is_file() and Path(name).name == str(name) else wanted


def files() -> tuple[Path, ...]:
    """Return all shipped scenario and study files, by name."""
    return tuple(sorted(scenarios_dir().glob(f"*{SUFFIX}")))


def shown(path: Path) -> str:
    """Return a path as messages show it: relative where it lies below the working folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def named(path: Path) -> str:
    """Return what a command calls a file: a shipped one by its name, which every machine knows, another as messages show it."""
    return path.stem if path.resolve().parent == scenarios_dir().resolve() else shown(path)
