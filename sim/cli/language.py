"""Choose the language of help and messages before anything is printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise

from sim.text import LANGUAGES, Lang, t


def chosen(args: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Return the language: ``--lang``, else GUANTONG_LANG, else the locale's; English where none of them says."""
    asked = [after for before, after in pairwise(args) if before == "--lang"]
    asked += [arg.partition("=")[2] for arg in args if arg.startswith("--lang=")]
    asked.append(environment.get("GUANTONG_LANG", ""))
    for text in asked:
        first = text.split(",")[0].strip()
        for lang in LANGUAGES:
            if first == lang:
                return lang
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


LANG: Lang = chosen(sys.argv[1:], os.environ)
"""The language of help texts, chosen once at the start."""


def h(key: str) -> str:
    """Return a help text in the chosen language."""
    return t(f"cli.{key}", LANG)
