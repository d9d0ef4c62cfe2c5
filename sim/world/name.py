"""Names of villages and town places as people say them."""

from __future__ import annotations

COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会", "委员会")
WORDS = {"village": "village", "resident": "community", "quarter": "quarter"}


def place_name(name_zh: str) -> str:
    """Return the place's name without the word for its committee: 大杨庄村村民委员会 is 大杨庄村."""
    for ending in COMMITTEES:
        if name_zh.endswith(ending) and len(name_zh) > len(ending):
            short = name_zh[: -len(ending)]
            village = ending.startswith("村") and not short.endswith(("村", "社区"))
            return short + "村" if village else short
    return name_zh


def english_name(township_en: str, kind: str, code: str) -> str:
    """Return an English name made of the township and the end of the code, for places that have none of their own."""
    committee, _, quarter = code.partition("-")
    return f"{township_en} {WORDS[kind]} {committee[-3:]}{'-' + quarter if quarter else ''}"
