"""Give the command line's library (Typer) its Chinese words: usage, panels, errors; in either language name the nearest word."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sim.errors import closest
from sim.text import Lang, keys, t, template

METAVARS = (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]..."))
AGAIN = "reason"
"""What a pattern calls by this name is a message itself."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return key and pattern of every message, those with more fixed letters first."""
    english = {key: template(key, "en") for key in keys() if key.startswith("typer.")}
    ordered = sorted(english.items(), key=lambda item: -len(re.sub(r"\{\w+\}", "", item[1])))
    return tuple((key, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(text)) + r"\s*", re.DOTALL)) for key, text in ordered)


def chinese(text: str) -> str:
    """Return one of the library's messages in Chinese, as it is where it is none that is known."""
    for key, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found:
            if key == "typer.one_of":
                return _one_of(found, "zh")
            fields = {name: chinese(value) if name == AGAIN else value for name, value in found.groupdict().items()}
            for english, own in METAVARS if key == "typer.usage" else ():
                fields = {name: value.replace(english, own) for name, value in fields.items()}
            return t(key, "zh", **fields)
    return text


def english(text: str) -> str:
    """Return one of the library's messages; where it lists what is allowed it names the nearest, and how a date is written."""
    patterns = dict(_patterns())
    text = patterns["typer.no_date"].sub(lambda found: t("cli.no_date", "en", value=found["value"]), text)
    pattern = patterns["typer.one_of"]
    return pattern.sub(lambda found: _one_of(found, "en"), text) if pattern.search(text) else text


def _one_of(found: re.Match[str], lang: Lang) -> str:
    value, known = found["value"], found["known"]
    near = closest(value.strip("'"), re.findall(r"'([^']*)'", known))
    return t("cli.one_of_near" if near else "cli.one_of", lang, value=value, known=known, near=f"'{near}'")


OPEN, CLOSE = "（“《", "，。：；、）”》？！%"
"""Marks that no line ends with, and that none begins with."""


def breaks(text: str, width: int, fold: bool = True) -> list[int]:
    """Return where to break a text into lines of at most ``width`` columns: at spaces and between Chinese characters.

    It stands in the place of the printing library's own, which knows spaces only and cuts off what has none.
    """
    from rich.cells import cell_len

    places: list[int] = []
    start = wide = can = 0
    for at, letter in enumerate(text):
        if at > start and _may_break(text[at - 1], letter):
            can = at
        wide += cell_len(letter)
        if wide > width and at > start:
            start = can if can > start else at
            places.append(start)
            wide = cell_len(text[start : at + 1])
    return places


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != " "
    return after not in CLOSE and before not in OPEN and after != " " and max(before, after) >= "\u2e80"


def speak(lang: Lang) -> None:
    """Put all that the library prints through ``chinese`` or ``english``, its fixed words too; break Chinese lines where Chinese breaks."""
    from rich.text import Text
    from typer import rich_utils

    said = chinese if lang == "zh" else english
    plain = rich_utils.highlighter

    def highlighter(text: Any) -> Text:
        if isinstance(text, Text):
            told = said(text.plain)
            return plain(text if told == text.plain else Text(told, style=text.style))
        return plain(said(str(text)))

    rich_utils.highlighter = highlighter  # type: ignore[assignment]
    if lang == "zh":
        _fixed_words()
        _chinese_lines()


def _chinese_lines() -> None:
    from rich import text

    text.divide_line = breaks  # type: ignore[attr-defined]


def _fixed_words() -> None:
    from typer import rich_utils

    for name in ("ARGUMENTS", "OPTIONS", "COMMANDS", "ERRORS"):
        setattr(rich_utils, f"{name}_PANEL_TITLE", t(f"cli.panel.{'error' if name == 'ERRORS' else name.lower()}", "zh"))
    rich_utils.DEFAULT_STRING = template("typer.default", "zh").replace("{value}", "{}")
    rich_utils.REQUIRED_LONG_STRING = t("typer.required", "zh")
    rich_utils.ABORTED_TEXT = t("typer.aborted", "zh")
    rich_utils.RICH_HELP = template("typer.try", "zh")
