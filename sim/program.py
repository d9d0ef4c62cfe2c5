"""Which program this is and which packages it uses: together they decide what a scenario and a seed bring."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "numba", "simpy", "mesa", "pyvrp", "scipy", "pandas", "pyarrow", "pydantic")


@cache
def program() -> str:
    """Return the program's version and its text's first 12 digits, "0.1.0+3f2a91c04b7d": only the same text makes the same results.

    The version is "unknown" where it runs from a folder without being installed.
    """
    return f"{number()}+{program_text()[:12]}"


def number() -> str:
    """Return the version's number."""
    try:
        return version("guantong")
    except PackageNotFoundError:
        return "unknown"


@cache
def program_text() -> str:
    """Return 32 hexadecimal digits that stand for the program's own text."""
    return text_of(Path(__file__).parent)


def text_of(root: Path) -> str:
    """Return 32 hexadecimal digits that stand for the names and bytes of the modules below a folder."""
    digest = blake2b(digest_size=16)
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def package_versions() -> dict[str, str]:
    """Return the versions of the packages that results depend on."""
    out = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            continue
    return out
