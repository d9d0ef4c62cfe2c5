"""``guantong serve``: the workshop page on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import h
from sim.cli.options import LangOption, Quiet, Workers, language
from sim.cli.output import guarded, note
from sim.text import t

Port = Annotated[int, typer.Option("--port", help=h("serve.port"), min=0, max=65535)]
Results = Annotated[Path, typer.Option("--out", "-o", help=h("serve.out"))]
Scenarios = Annotated[Path, typer.Option("--scenarios", help=h("serve.scenarios"))]
PORT = 8321


@guarded
def serve(
    port: Port = PORT,
    out: Results = Path("results"),
    scenarios: Scenarios = Path("scenarios"),
    workers: Workers = None,
    quiet: Quiet = False,
    lang: LangOption = None,
) -> None:
    import socket

    import uvicorn

    from sim.web.app import make_app

    tongue = language(lang)
    app = make_app(out, workers or os.cpu_count() or 1, scenarios=scenarios if scenarios.is_dir() else None)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    # A browser that is there before the workers are waits instead of being refused.
    listening.listen()
    typer.echo(t("cli.serve.at", tongue, address=f"http://127.0.0.1:{listening.getsockname()[1]}/"))
    note(t("cli.serve.stop", tongue), quiet)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
