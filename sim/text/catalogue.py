"""Look up a string by key and language; the strings stand in ``strings/*.yaml`` (file name = first part of the key)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
FOLDER = Path(__file__).parent / "strings"


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """Return the text in a language."""
        return self.zh if lang == "zh" else self.en


@lru_cache(maxsize=1)
def _strings() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, words in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}.{key}"] = words
    return found


def keys() -> tuple[str, ...]:
    """Return every key, sorted."""
    return tuple(sorted(_strings()))


def template(key: str, lang: Lang) -> str:
    """Return a string as it stands in the catalogue, its fields not filled in."""
    return _strings()[key][lang]


def t(key: str, lang: Lang, **values: object) -> str:
    """Return the string ``key`` in ``lang`` with its ``{fields}`` filled in; an unknown key or field is a KeyError."""
    return template(key, lang).format(**values)
