"""Make a matplotlib SVG fit to stand inside a page: own ids, no outside names, described for those who cannot see it."""

from __future__ import annotations

import re
from html import escape

from sim.fonts import FAMILY

_BODY = re.compile(r"<svg\b[^>]*?\bviewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_PLACES = re.compile(r"\b(?:d|x|y)=\"[^\"]*\"")
_DECIMALS = re.compile(r"(\d\.\d{2})\d+")
_STYLE = re.compile(r"<style type=\"text/css\">.*?</style>", re.DOTALL)


def inline(svg: str, prefix: str, alt: str) -> str:
    """Return ``svg`` as an inline element whose ids begin with ``prefix`` and which is read out as ``alt``."""
    found = _BODY.search(svg)
    if found is None:
        raise ValueError("not an SVG drawing")
    box, body = found.groups()
    body = _STYLE.sub("", _METADATA.sub("", body))
    body = re.sub(r"\bid=\"", f'id="{prefix}-', body)
    body = re.sub(r"(?:xlink:)?href=\"#", f'href="#{prefix}-', body)
    body = re.sub(r"url\(#", f"url(#{prefix}-", body)
    body = body.replace(f"'{FAMILY}'", "'Guantong Report'")
    body = _PLACES.sub(lambda place: _DECIMALS.sub(r"\1", place[0]), body)
    return f'<svg viewBox="{box}" role="img" aria-label="{escape(alt)}" class="plot"><title>{escape(alt)}</title>{body}</svg>'
