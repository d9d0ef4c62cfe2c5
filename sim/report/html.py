"""Write a study as one self-contained page: no network, figures as drawings, the font's used characters inside."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.figures.style import png, svg
from sim.fonts import characters, woff
from sim.report.inline import inline
from sim.report.input import ReportInput
from sim.report.picture import Grid, pictures
from sim.report.table import SIGNS, long_head, long_rows, outcome_rows, parameters_computed
from sim.text import LANGUAGES, Lang, t

PAGE = Path(__file__).parent / "page"
FIGURES = "figures"
FONT_MARK = "@FONT@"
LONG_ROWS = 400
"""The page shows at most so many rows of differences; the tables on disk and the workbook hold all."""


class Shown:
    """One figure as the template wants it."""

    def __init__(self, key: str, drawing: str, caption: str, numbers: Grid | None) -> None:
        self.key, self.drawing, self.caption, self.numbers = key, Markup(drawing), caption, numbers


def render_html(report: ReportInput, lang: Lang, out: Path, languages: Sequence[Lang] = LANGUAGES) -> Path:
    """Write the report in ``lang`` to ``out`` and its figures beside it (``figures/<key>.<lang>.svg|png``); return ``out``.

    The page links its sister in the other language (``report.zh.html`` and ``report.en.html``) where both are written.
    """
    folder = out.parent / FIGURES
    folder.mkdir(parents=True, exist_ok=True)
    sections: dict[str, list[Shown]] = {}
    for picture in pictures(report, lang):
        drawing = svg(picture.figure)
        (folder / f"{picture.key}.{lang}.svg").write_text(drawing, encoding="utf-8")
        (folder / f"{picture.key}.{lang}.png").write_bytes(png(picture.figure))
        prefix = re.sub(r"[^A-Za-z0-9_-]", "_", picture.key)
        shown = Shown(prefix, inline(drawing, prefix, picture.alt), picture.caption, picture.numbers)
        sections.setdefault(picture.section, []).append(shown)
    page = _page(report, lang, sections, languages)
    partial = out.with_suffix(".part")
    partial.write_text(page, encoding="utf-8")
    partial.replace(out)
    return out


def write_report(report: ReportInput, folder: Path, languages: Sequence[Lang] = LANGUAGES) -> dict[Lang, Path]:
    """Write ``report.<lang>.html`` for every language asked for; return the paths by language."""
    folder.mkdir(parents=True, exist_ok=True)
    return {lang: render_html(report, lang, folder / f"report.{lang}.html", languages) for lang in languages}


def _page(report: ReportInput, lang: Lang, sections: dict[str, list[Shown]], languages: Sequence[Lang]) -> str:
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    script = (PAGE / "report.js").read_text(encoding="utf-8")
    rows = long_rows(report, lang)
    others = [other for other in languages if other != lang]
    text = environment.get_template("report.html.j2").render(
        report=report,
        lang=lang,
        html_lang="zh-CN" if lang == "zh" else "en",
        other=others[0] if others else "",
        t=lambda key, **values: t(f"report.{key}", lang, **values),
        style=Markup((PAGE / "report.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        windows=[(window, outcome_rows(report, window, lang)) for window in report.windows],
        sections=sections,
        signs=SIGNS,
        long_head=long_head(report, lang),
        long_rows=rows[:LONG_ROWS],
        long_left_out=max(0, len(rows) - LONG_ROWS),
        parameters="parameters_computed" if parameters_computed(report) else "parameters_not_computed",
    )
    used = "".join(sorted({letter for letter in set(text) if ord(letter) in characters()}))
    return text.replace(FONT_MARK, base64.b64encode(woff(used)).decode())
