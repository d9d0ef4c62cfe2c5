"""Opening hours in a scenario: what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.levers.base import Mistake, mistake
from sim.levers.clock import moment


def wrong_hours(opens: str, closes: str) -> Iterator[Mistake]:
    """Yield fields ``opens`` and ``closes`` that are no times of day, or between which there is no time."""
    from_, until = moment(opens), moment(closes)
    for name, text, time in (("opens", opens, from_), ("closes", closes, until)):
        if time is None:
            yield mistake((name,), "no_clock", text=text)
    if from_ is not None and until is not None and from_ >= until:
        yield mistake(("closes",), "closed_all_day", opens=opens, closes=closes)
