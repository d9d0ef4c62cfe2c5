"""``guantong animate``: the map of a run as a film."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.language import h
from sim.cli.options import Json, LangOption, Quiet, language, refusal, words
from sim.cli.output import as_json, guarded
from sim.errors import ScenarioError
from sim.text import Lang, t

Folder = Annotated[Path, typer.Argument(help=h("animate.run"))]
Formats = Annotated[str, typer.Option("--format", help=h("animate.format"))]
Begin = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], metavar="2021-03-01T06:00", help=h("animate.from"))
]
Hours = Annotated[float, typer.Option("--hours", min=0.1, help=h("animate.hours"))]
Minutes = Annotated[int, typer.Option("--minutes", min=1, max=60, help=h("animate.minutes"))]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=h("animate.out"))]


@guarded
def animate(
    run: Folder,
    format_: Formats = "gif",
    begin: Begin = None,
    hours: Hours = 18.0,
    minutes: Minutes = 3,
    out: Out = None,
    quiet: Quiet = False,
    json_: Json = False,
    lang: LangOption = None,
) -> None:
    from sim.animate.animate import Format, animate
    from sim.animate.film import FilmError, ffmpeg
    from sim.cli.progress import days_bar
    from sim.store import open_run
    from sim.study.result import RECORD

    asked = words("--format", format_, ("html", "mp4", "gif"))
    tongue, study = language(lang), (run / RECORD).is_file()
    formats: list[Format] = [name for name in ("mp4", "gif") if name in asked]
    if "mp4" in formats:
        try:
            ffmpeg()
        except FilmError:
            raise ScenarioError([refusal("--format mp4", "no_ffmpeg")]) from None
    if study and formats:
        example = next(iter(sorted((run / "runs").glob("*/*"))), run / "runs")
        raise ScenarioError([refusal(run, "not_run", example=example)])
    target = out if out is not None else run / "animation"
    written: list[Path] = []
    if formats:
        with days_bar(quiet or json_) as tell:
            written += animate(open_run(run), target, formats, tongue, begin, hours, minutes, tell)
    if "html" in asked:
        written.append(_page(run, target, tongue, study))
    if json_:
        as_json({"written": [str(path) for path in written]})
        return
    for path in written:
        typer.echo(str(path) if quiet else t("cli.written", tongue, path=path))


def _page(run: Path, target: Path, lang: Lang, study: bool) -> Path:
    """Write one HTML file of a run, or of a study's first runs side by side with the comparison below."""
    from sim.api import Study
    from sim.api import open as open_results
    from sim.web.export import write_html, write_study_html

    found = open_results(run)
    target.mkdir(parents=True, exist_ok=True)
    if study and isinstance(found, Study):
        return write_study_html(found, target / f"{found.name}.{lang}.html", lang)
    return write_html(found, target / f"{found.manifest['scenario']}.{lang}.html", lang)  # type: ignore[arg-type, union-attr]
