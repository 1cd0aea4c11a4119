"""How numbers are written on screen: as in the Netherlands, 1.234,5."""

from __future__ import annotations

import math

MINUS = "−"


def number(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    """Write a number as a Dutch reader expects it.

    Args:
        value: The number; NaN gives "–".
        decimals: Digits after the comma.
        sign: Also write the plus of a positive number.

    Returns:
        For example "1.234,5" or "−12".
    """
    if math.isnan(value):
        return "–"
    text = f"{abs(value):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    if all(c in "0.," for c in text):
        return text
    return f"{MINUS}{text}" if value < 0 else f"+{text}" if sign else text


def slim(value: float) -> str:
    """Write a number with only the decimals that it needs, at most three ("0,5", "38", "0,125")."""
    text = number(value, 3)
    return text.rstrip("0").rstrip(",") if "," in text else text
