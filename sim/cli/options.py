"""The flags that commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sim.cli.language import LANG, h
from sim.errors import Fault, ScenarioError
from sim.text import Lang, t


class Language(StrEnum):
    """The languages of messages."""

    zh = "zh"
    en = "en"


class Window(StrEnum):
    """When a run's levers are in force."""

    settled = "settled"
    transition = "transition"


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=h("quiet"))]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help=h("verbose"))]
Json = Annotated[bool, typer.Option("--json", help=h("json"))]
LangOption = Annotated[Language | None, typer.Option("--lang", help=h("lang"))]
Seed = Annotated[int, typer.Option("--seed", help=h("seed"), min=0)]
FirstSeed = Annotated[int, typer.Option("--seed", help=h("first_seed"), min=0)]
Replications = Annotated[int | None, typer.Option("--replications", "-n", help=h("replications"), min=1)]
Workers = Annotated[int | None, typer.Option("--workers", "-j", help=h("workers"), min=1)]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="a.b=c", help=h("set"))]
Days = Annotated[int | None, typer.Option("--days", help=h("days"), min=1)]


def language(given: Language | None) -> Lang:
    """Return the language of a command's messages."""
    return LANG if given is None else "zh" if given is Language.zh else "en"


def words(option: str, text: str, known: tuple[str, ...]) -> list[str]:
    """Return the words of an option written with commas; refuse those that are not known."""
    found = [word.strip() for word in text.split(",") if word.strip()]
    wrong = [word for word in found if word not in known] or ([] if found else [text])
    if wrong:
        raise ScenarioError([refusal(option, "choice", option=option, value=word, known=", ".join(known)) for word in wrong])
    return list(dict.fromkeys(found))


def refusal(where: object, key: str, **values: object) -> Fault:
    """Return a fault whose texts are ``cli.<key>`` and ``cli.<key>.do``."""
    en, zh = (t(f"cli.{key}", "en", **values), t(f"cli.{key}.do", "en", **values)), t(f"cli.{key}", "zh", **values)
    return Fault(str(where), *en, zh, t(f"cli.{key}.do", "zh", **values))
