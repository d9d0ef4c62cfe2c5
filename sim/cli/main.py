"""``guantong``: all commands. Imports stay light, so that help answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.cli.animate import animate
from sim.cli.check import check
from sim.cli.chinese import speak
from sim.cli.compare import compare
from sim.cli.explain import explain
from sim.cli.export import export
from sim.cli.language import LANG, h
from sim.cli.listing import listing
from sim.cli.new import new
from sim.cli.options import LangOption
from sim.cli.output import DEBUG, print_what_it_can
from sim.cli.report import report
from sim.cli.run import run
from sim.cli.schema import schema
from sim.cli.serve import serve


class Commands(TyperGroup):
    """All commands. What the library says of a wrong word is put right only where there is one: that loads all its printing."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except typer.Exit:
            raise
        except Exception:
            if LANG == "en":
                speak(LANG)
            raise


app = typer.Typer(name="guantong", cls=Commands, help=h("app"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

COMMANDS: dict[str, Callable[..., None]] = {
    "compare": compare,
    "run": run,
    "check": check,
    "explain": explain,
    "new": new,
    "list": listing,
    "report": report,
    "export": export,
    "animate": animate,
    "schema": schema,
    "serve": serve,
}

for _name, _command in COMMANDS.items():
    app.command(_name, help=h(_name))(_command)


def _version(wanted: bool) -> None:
    if wanted:
        from sim.program import program

        typer.echo(f"guantong {program()}")
        raise typer.Exit()


@app.callback()
def common(
    version: Annotated[bool, typer.Option("--version", help=h("version"), callback=_version, is_eager=True)] = False,
    debug: Annotated[bool, typer.Option("--debug", help=h("debug"))] = False,
    lang: LangOption = None,
) -> None:
    if debug:
        os.environ[DEBUG] = "1"


def main() -> None:
    """Run the command line; ``--debug`` may stand anywhere."""
    for stream in (sys.stdout, sys.stderr):
        print_what_it_can(stream)
    args = [arg for arg in sys.argv[1:] if arg != "--debug"]
    if len(args) < len(sys.argv) - 1:
        os.environ[DEBUG] = "1"
    if LANG == "zh":
        speak(LANG)
    app(args, prog_name="guantong")
