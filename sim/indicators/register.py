"""All indicators by id, in the order in which they are shown.

The definitions stand in the files that compute them.
"""

from __future__ import annotations

from sim.indicators import (
    choice,
    class_size,
    decisions,
    durations,
    from_signal,
    home,
    money,
    moves,
    places,
    programmes,
    reasons,
    staff,
    support,
    waiting,
)
from sim.indicators.indicator import UNITS, Indicator, Unit, Words

__all__ = ["INDICATORS", "UNITS", "Indicator", "Unit", "Words"]

_FOUND = (
    *waiting.INDICATORS,
    *from_signal.INDICATORS,
    *durations.INDICATORS,
    *reasons.INDICATORS,
    *decisions.INDICATORS,
    *choice.INDICATORS,
    *home.INDICATORS,
    *moves.INDICATORS,
    *programmes.INDICATORS,
    *places.INDICATORS,
    *support.INDICATORS,
    *class_size.INDICATORS,
    *staff.INDICATORS,
    *money.INDICATORS,
)
INDICATORS: dict[str, Indicator] = {i.id: i for i in sorted(_FOUND, key=lambda i: i.id.split(".")[0])}
