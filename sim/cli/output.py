"""Print for people or for machines, and turn errors into messages and exit codes."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, ParamSpec, TextIO

import typer

from sim.cli.language import LANG
from sim.errors import Fault, FaultyInput, MessageError, ResultsError, SimError
from sim.refused import said
from sim.text import LANGUAGES, Lang, t

if TYPE_CHECKING:
    from rich.console import Console

P = ParamSpec("P")

DONE, FAILED, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130
DEBUG = "GUANTONG_DEBUG"
WIDE = 160
"""Columns of what is printed to a file or a pipe."""


def console(to_errors: bool = False) -> Console:
    """Return where tables go: as wide as the terminal, wide enough for any table elsewhere."""
    from rich.console import Console

    stream = sys.stderr if to_errors else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDE, highlight=False, soft_wrap=False)


def print_what_it_can(stream: TextIO) -> None:
    """Let a terminal or file that has no sign for a letter get "?" for it instead of an error: many have no Chinese or no minus sign."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")


def as_json(value: object) -> None:
    """Print one machine-readable object."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    typer.echo(json.dumps(value, ensure_ascii=not unicode, indent=1, default=str))


def note(text: str, quiet: bool = False) -> None:
    """Print a line about what is going on, to stderr."""
    if not quiet:
        typer.echo(text, err=True)


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Give a command its exit codes: wrong input 2, anything else 1, interrupted 130, and never a traceback unless asked for."""

    @functools.wraps(command)
    def inside(*args: P.args, **kwargs: P.kwargs) -> None:
        given: Any = kwargs.get("lang")
        lang: Lang = next((name for name in LANGUAGES if name == getattr(given, "value", given)), LANG)
        try:
            command(*args, **kwargs)
        except (typer.Exit, typer.Abort):
            raise
        except KeyboardInterrupt:
            note(t("cli.interrupted", lang))
            raise typer.Exit(INTERRUPTED) from None
        except SimError as error:
            _tell(error, lang, bool(kwargs.get("json_")))
            raise typer.Exit(WRONG_INPUT if isinstance(error, FaultyInput | ResultsError) else FAILED) from None
        except OSError as error:
            if os.environ.get(DEBUG) or isinstance(error, BrokenPipeError):
                raise
            note(said(error).text(lang))
            raise typer.Exit(FAILED) from None
        except Exception as error:
            if os.environ.get(DEBUG):
                raise
            reason = str(error).splitlines()[0] if str(error) else ""
            note(t("cli.unexpected", lang, error=f"{type(error).__name__}: {reason}".rstrip(": ")))
            raise typer.Exit(FAILED) from None

    return inside


def _tell(error: SimError, lang: Lang, machine: bool) -> None:
    faults = error.faults if isinstance(error, FaultyInput) else []
    if machine:
        told = [{"where": f.where, "what": f.what, "allowed": f.allowed, "what_zh": f.what_zh, "allowed_zh": f.allowed_zh} for f in faults]
        as_json({"error": type(error).__name__, "message": str(error), "faults": told})
        return
    message = error.text(lang) if isinstance(error, MessageError) else str(error)
    note("\n".join(_shortly(faults, lang)) if faults else message)
    if os.environ.get(DEBUG):
        note("\n".join(getattr(error, "__notes__", ())))


ALIKE = 4
"""From so many faults of one kind in a file on, only the first ones are written out, the others by their lines."""


def _shortly(faults: list[Fault], lang: Lang) -> list[str]:
    """Return the messages; what one mistake does to a whole column of a table is told once, with all its lines."""
    kinds: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        file, _, line = fault.where.rpartition(":")
        kinds.setdefault(
            (file, fault.what.partition(" ")[0], fault.allowed) if line.isdigit() else (fault.where, fault.what, ""), []
        ).append(fault)
    told = []
    for alike in kinds.values():
        shown = alike if len(alike) <= ALIKE else alike[:2]
        told += [fault.text(lang) for fault in shown]
        if rest := [int(fault.where.rpartition(":")[2]) for fault in alike[len(shown) :]]:
            told.append(t("cli.more_alike", lang, file=alike[0].where.rpartition(":")[0], n=len(rest), lines=_lines(rest)))
    return told


def _lines(numbers: list[int]) -> str:
    """Return line numbers in order, neighbours as a stretch."""
    stretches: list[list[int]] = []
    for number in sorted(numbers):
        if stretches and number - stretches[-1][1] <= 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in stretches)


def span(seconds: float, lang: Lang) -> str:
    """Return a stretch of time as people say it."""
    if seconds < 100:
        return t("cli.seconds", lang, n=max(1, round(seconds)))
    if seconds < 5400:
        return t("cli.minutes", lang, n=f"{seconds / 60:.1f}" if seconds < 570 else round(seconds / 60))
    return t("cli.hours", lang, n=f"{seconds / 3600:.1f}")
