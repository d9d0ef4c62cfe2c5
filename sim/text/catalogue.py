"""Look up a string by key and language; the strings stand in ``strings/*.yaml`` (file name = first part of the key)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
FOLDER = Path(__file__).parent / "strings"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """Return the text in a language."""
        return self.zh if lang == "zh" else self.en


@cache
def _strings(stem: str) -> dict[str, dict[str, str]]:
    """Return the strings of one file, read when the first of them is asked for (help must answer at once)."""
    path = FOLDER / f"{stem}.yaml"
    if not path.is_file():
        raise KeyError(stem)
    return {str(key): words for key, words in yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER).items()}


@cache
def keys() -> tuple[str, ...]:
    """Return every key, sorted."""
    return tuple(sorted(f"{path.stem}.{key}" for path in FOLDER.glob("*.yaml") for key in _strings(path.stem)))


def template(key: str, lang: Lang) -> str:
    """Return a string as it stands in the catalogue, its fields not filled in."""
    stem, _, name = key.partition(".")
    return _strings(stem)[name][lang]


def in_both(key: str, **values: object) -> tuple[str, str]:
    """Return the string ``key`` in English and in Chinese, as errors take it."""
    return t(key, "en", **values), t(key, "zh", **values)


def both(text: Callable[[Lang], str]) -> Words:
    """Return what ``text`` says in each language."""
    return Words(**{lang: text(lang) for lang in LANGUAGES})


def say(key: str, /, **values: object) -> Words:
    """Return the string ``key`` in both languages; values that are ``Words`` are written in each."""
    texts = {}
    for lang in LANGUAGES:
        filled = {name: value.text(lang) if isinstance(value, Words) else value for name, value in values.items()}
        texts[lang] = template(key, lang).format(**filled)
    return Words(**texts)


def t(key: str, lang: Lang, **values: object) -> str:
    """Return the string ``key`` in ``lang`` with its ``{fields}`` filled in; an unknown key or field is a KeyError."""
    return template(key, lang).format(**values)
