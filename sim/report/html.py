"""Write a study as one self-contained page: no network, figures as drawings, the font's used characters inside."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from collections.abc import Mapping, Sequence
from os import cpu_count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.batch import Pool
from sim.figures.style import png, svg
from sim.fonts import characters, woff
from sim.report.accounts import grids
from sim.report.drawn import Picture
from sim.report.glance import glance
from sim.report.inline import inline
from sim.report.input import ReportInput
from sim.report.picture import pictures, season_of
from sim.report.season import OUTCOMES, SECTION
from sim.report.table import SIGNS, Grid, long_head, long_rows, outcome_rows, parameters_computed, split_rows
from sim.text import LANGUAGES, Lang, keys, meaning, t

PAGE = Path(__file__).parent / "page"
FONT_MARK = "@FONT@"
ORDER = ("forest", "cost", "delivery", SECTION, "who", "public", "winners", "remoteness")
LONG_ROWS = 400
"""The page shows at most so many rows of differences; the tables on disk and the workbook hold all."""


class Shown:
    """One figure as the template wants it."""

    def __init__(self, key: str, drawing: str, caption: str, numbers: Grid | None, said: str = "") -> None:
        self.key, self.drawing, self.caption, self.numbers, self.said = key, Markup(drawing), caption, numbers, said


def write_report(report: ReportInput, folder: Path, languages: Sequence[Lang] = LANGUAGES, pool: Pool | None = None) -> dict[Lang, Path]:
    """Write ``report.<lang>.html`` for every language asked for, each whole or not at all; return the paths by language.

    Figures stand inside, their letters as text in the page's own font, which holds the characters of all these pages.
    A page links its sister in the other language where both are written. Pages are made side by side, in the processes of ``pool``
    where there is one.
    """
    asked = [(report, lang, tuple(languages)) for lang in languages]
    with contextlib.nullcontext(pool) if pool is not None else contextlib.closing(Pool(min(len(asked), cpu_count() or 1))) as processes:
        done = list(processes.execute(page, asked, name=lambda task: f"report.{task[1]}.html"))
    return written_pages(dict(sorted((languages[d.index], d.value) for d in done)), folder)


def page(asked: tuple[ReportInput, Lang, tuple[Lang, ...]]) -> str:
    """Return the page of a report in one of its languages."""
    report, lang, languages = asked
    return _page(report, lang, _sections(report, lang), languages)


def written_pages(pages: Mapping[Lang, str], folder: Path) -> dict[Lang, Path]:
    """Write pages as ``report.<lang>.html``, each whole or not at all, with the font of their characters; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    used = {letter for page in pages.values() for letter in set(page) if ord(letter) in characters()}
    font = base64.b64encode(woff("".join(sorted(used)))).decode()
    written: dict[Lang, Path] = {}
    for lang, page in pages.items():
        out = written[lang] = folder / f"report.{lang}.html"
        partial = out.with_suffix(".part")
        partial.write_text(page.replace(FONT_MARK, font), encoding="utf-8")
        partial.replace(out)
    return written


def environment() -> Environment:
    """Return the templates, with the style sheet as a global."""
    found = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.globals["style"] = Markup((PAGE / "report.css").read_text(encoding="utf-8"))
    return found


def common(lang: Lang, languages: Sequence[Lang]) -> dict[str, Any]:
    """Return what every page's template wants: its language, its sister's, and the words of the report."""
    others = [other for other in languages if other != lang]
    return {
        "lang": lang,
        "html_lang": "zh-CN" if lang == "zh" else "en",
        "other": others[0] if others else "",
        "t": lambda key, **values: t(f"report.{key}", lang, **values),
    }


def _sections(report: ReportInput, lang: Lang) -> dict[str, list[Shown]]:
    """Return the figures by section of the page."""
    sections: dict[str, list[Shown]] = {}
    for picture in pictures(report, lang):
        sections.setdefault(picture.section, []).append(shown(picture))
    return sections


def shown(picture: Picture) -> Shown:
    """Return a figure as the template wants it."""
    prefix = re.sub(r"[^A-Za-z0-9_-]", "_", picture.key)
    drawing = inline(svg(picture.figure, letters="none"), prefix, picture.alt)
    return Shown(prefix, drawing, picture.caption, picture.numbers, picture.said)


def write_figures(report: ReportInput, folder: Path, languages: Sequence[Lang] = LANGUAGES) -> list[Path]:
    """Write every figure for a paper or slides, ``<key>.<lang>.svg`` with letters as paths and ``.png``; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for lang in languages:
        for picture in pictures(report, lang):
            drawing, image = (folder / f"{picture.key}.{lang}.{kind}" for kind in ("svg", "png"))
            drawing.write_text(svg(picture.figure), encoding="utf-8")
            image.write_bytes(png(picture.figure))
            written += [drawing, image]
    return written


def sections_of(report: ReportInput) -> list[str]:
    """Return the keys of the sections with figures in order; that of produce only where there is any."""
    return [key for key in ORDER if key != SECTION or season_of(report).grown]


def explained(report: ReportInput, lang: Lang) -> list[str]:
    """Return what must be known of some outcomes to read the table."""
    names = [name for name in report.outcomes if f"report.of_metric.{name}" in keys()]
    return [t(f"report.of_metric.{name}", lang, metric=report.catalogue[name].title.text(lang)) for name in names]


def meanings(report: ReportInput, lang: Lang) -> list[str]:
    """Return what each outcome means, in a sentence."""
    told = [(report.catalogue[name].title.text(lang), meaning(name, lang)) for name in report.outcomes]
    return [t("report.means", lang, metric=title, meaning=words) for title, words in told if words]


def _page(report: ReportInput, lang: Lang, sections: dict[str, list[Shown]], languages: Sequence[Lang]) -> str:
    script = (PAGE / "report.js").read_text(encoding="utf-8")
    rows, left_out = long_rows(report, lang, LONG_ROWS)
    text: str = (
        environment()
        .get_template("report.html.j2")
        .render(
            **common(lang, languages),
            report=report,
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            windows=[(window, outcome_rows(report, window, lang)) for window in report.windows],
            sections=sections,
            order=sections_of(report),
            produce=split_rows(report, OUTCOMES, report.windows[0], lang) if season_of(report).grown else [],
            explained=explained(report, lang),
            glance_rows=glance(report, lang),
            meanings=meanings(report, lang),
            signs=SIGNS,
            long_head=long_head(report, lang),
            long_rows=rows,
            long_left_out=left_out,
            parameters="parameters_computed" if parameters_computed(report) else "parameters_not_computed",
            grids=grids(report, lang),
        )
    )
    return text
