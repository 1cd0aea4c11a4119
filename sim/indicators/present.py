"""Numbers for people: one way of rounding for command line, charts, slides and exports.

Children (and seats, decisions) are shown to 5, under 20 to 1; percentages and weeks whole. A difference is
taken first and rounded afterwards. Real counts under 5 are shown as "< 5"; simulated children are nobody, so
theirs are not hidden.
"""

from __future__ import annotations

import math
from typing import Literal

from sim.indicators.indicator import UNITS

Language = Literal["nl", "en"]
SMALL = 20.0
HIDDEN = 5.0


def rounded(value: float, unit: str) -> float:
    """Round one number as it is shown; a share is given in per cent.

    Args:
        value: A level or a difference, not rounded before.
        unit: Key of `UNITS`.

    Raises:
        KeyError: When the unit is unknown.
    """
    known = UNITS[unit]
    if not math.isfinite(value):
        return value
    if unit == "share":
        return _half_away(value * 100)
    if known.step > 1 and abs(value) >= SMALL:
        return known.step * _half_away(value / known.step)
    digits = 10.0**known.decimals
    return _half_away(value * known.scale * digits) / digits


def present(
    value: float,
    unit: str,
    *,
    against: float | None = None,
    real: bool = False,
    with_unit: bool = True,
    language: Language = "nl",
) -> str:
    """Text of a number, or of a difference.

    Args:
        value: The number, not rounded before.
        unit: Key of `UNITS`.
        against: Give the difference `value - against`, with its sign; taken before rounding.
        real: A count of real children (an input, not a simulated one): under 5 becomes "< 5".
        with_unit: Put the word of the unit behind it.
        language: Dutch or English.

    Raises:
        KeyError: When the unit is unknown.
    """
    known = UNITS[unit]
    difference = against is not None
    number = value if against is None else value - against
    if not math.isfinite(number):
        return "–"
    if real and not difference and known.step > 1 and 0 < number < HIDDEN:
        return _with_word("< 5", 5.0, unit, language, with_unit=with_unit)
    shown = rounded(number, unit)
    text = f"{abs(shown):,.{known.decimals}f}"
    if language == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    sign = "−" if shown < 0 else "+" if difference and shown > 0 else ""
    if unit == "share":
        if not difference:
            return f"{sign}{text}%"
        points = ("procentpunt", "percentage points") if with_unit else ("%-punt", "%-pt")
        return f"{sign}{text} {points[language == 'en']}"
    return _with_word(sign + text, abs(shown), unit, language, with_unit=with_unit)


def _with_word(text: str, size: float, unit: str, language: Language, *, with_unit: bool) -> str:
    if not with_unit:
        return text
    words = UNITS[unit].one if size == 1 else UNITS[unit].many
    return f"{text} {words.nl if language == 'nl' else words.en}"


def _half_away(value: float) -> float:
    """Round halves away from zero, so that −2,5 and 2,5 look alike."""
    return math.copysign(math.floor(abs(value) + 0.5), value) + 0.0
