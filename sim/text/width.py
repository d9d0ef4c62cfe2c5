"""Full-width characters of Chinese keyboards where YAML and numbers need half-width ones."""

from __future__ import annotations

import re
import unicodedata

_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "、": ",", "。": ".", "—": "-", "–": "-"})
_WRONG = (
    re.compile(r"^[ \t-]*[\w.-]+[ \t]*(：)"),
    re.compile(r"^[ \t]*(\u3000)"),
    re.compile(r"^[ \t]*([—–－])"),
    re.compile(r":[ \t]*([“‘【｛])"),
    re.compile(r":[ \t]*[\[{][^\"'#]*([，；：】｝])"),
)
"""Where a full-width character surely is a slip: after a key, before it, around a value, inside a list."""


def narrow(text: str) -> str:
    """Return a text with half-width characters for full-width digits, letters, spaces and punctuation."""
    return unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN)


def slip(lines: list[str]) -> tuple[int, str]:
    """Return the first line (1 ..) with a full-width character where YAML needs a half-width one, and that character; else 0 and ""."""
    for number, line in enumerate(lines, 1):
        for pattern in _WRONG:
            if found := pattern.search(line):
                return number, found.group(1)
    return 0, ""
