"""How numbers are written on screen: 1.234,5 in Dutch, 1,234.5 in English."""

from __future__ import annotations

import math

from sim.charts.language import current

MINUS = "−"


def number(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    """Write a number as a reader of the current language expects it.

    Args:
        value: The number; NaN gives "–".
        decimals: Digits after the comma.
        sign: Also write the plus of a positive number.

    Returns:
        For example "1.234,5" or "−12".
    """
    if math.isnan(value):
        return "–"
    text = f"{abs(value):,.{decimals}f}"
    if current() == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    if all(c in "0.," for c in text):
        return text
    return f"{MINUS}{text}" if value < 0 else f"+{text}" if sign else text


def slim(value: float) -> str:
    """Write a number with only the decimals that it needs, at most three ("0,5", "38", "0,125")."""
    text, comma = number(value, 3), separators()[0]
    return text.rstrip("0").rstrip(comma) if comma in text else text


def separators() -> str:
    """Decimal sign and thousands sign, as Plotly asks for them."""
    return ",." if current() == "nl" else ".,"
