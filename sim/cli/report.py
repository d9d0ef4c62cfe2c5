"""``guantong report``: tell a study again, in other languages or formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import LANG, h
from sim.cli.options import Json, Quiet, refusal, words
from sim.cli.output import as_json, guarded
from sim.errors import ScenarioError
from sim.text import LANGUAGES, Lang, t

Folder = Annotated[Path, typer.Argument(help=h("report.path"))]
Formats = Annotated[str, typer.Option("--format", help=h("report.format"))]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=h("report.out"))]
Languages = Annotated[str, typer.Option("--lang", help=h("report.lang"))]


@guarded
def report(
    path: Folder,
    format_: Formats = "html",
    lang: Languages = "zh,en",
    out: Out = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    from sim.api import Study
    from sim.api import open as open_results

    formats = words("--format", format_, ("html", "pdf", "xlsx", "figures"))
    languages: list[Lang] = [name for name in LANGUAGES if name in words("--lang", lang, LANGUAGES)]
    found = open_results(path)
    written: list[Path] = []
    if isinstance(found, Study):
        if "html" in formats:
            written += found.report(languages, out=out).values()
        if "pdf" in formats:
            written += found.printed(languages, out=out).values()
        if "xlsx" in formats:
            written += found.workbook(languages, out=out).values()
        if "figures" in formats:
            written += found.figures(languages, out=out)
    elif set(formats) - {"html", "pdf"}:
        raise ScenarioError([refusal(path, "run_html")])
    else:
        from sim.report.one_run import write_run_report
        from sim.report.pdf import write_run_pdf
        from sim.telling import run_input

        told = run_input(found)
        for name, write in (("html", write_run_report), ("pdf", write_run_pdf)):
            if name in formats:
                written += write(told, path / "report" if out is None else out, languages).values()
    if json_:
        as_json({"written": [str(file) for file in written]})
        return
    for file in written:
        typer.echo(str(file) if quiet else t("cli.written", languages[0] if len(languages) == 1 else LANG, path=file))
