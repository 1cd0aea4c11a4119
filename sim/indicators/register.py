"""All indicators by id, in the order in which they are shown.

The definitions stand in the files that compute them.
"""

from __future__ import annotations

from sim.indicators import (
    class_size,
    decisions,
    durations,
    from_signal,
    home,
    money,
    moves,
    places,
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
    *decisions.INDICATORS,
    *home.INDICATORS,
    *moves.INDICATORS,
    *places.INDICATORS,
    *support.INDICATORS,
    *class_size.INDICATORS,
    *staff.INDICATORS,
    *money.INDICATORS,
)
INDICATORS: dict[str, Indicator] = {i.id: i for i in sorted(_FOUND, key=lambda i: i.id.split(".")[0])}
