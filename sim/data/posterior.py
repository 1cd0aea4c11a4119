"""Write what a calibration found into a region's folder: the joint posterior, and central values in the region file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sim.scenario.quantity import Quantity


def posterior_text(
    names: Sequence[str],
    quantities: Sequence[Quantity],
    rows: Sequence[Sequence[float]],
    about: Mapping[str, str],
) -> str:
    """The file `posterior.csv`: how it was made, then one row per draw.

    Args:
        names: Paths of the rates (without `region.`).
        quantities: Their ranges; a value that rounding takes over an end is put on it.
        rows: Joint draws (draws x rates).
        about: How it was made: key -> text, one line each.
    """
    lines = [f"# {key}: {text}" for key, text in about.items()]
    lines.append(",".join(names))
    for row in rows:
        lines.append(",".join(_rounded(x, q) for x, q in zip(row, quantities, strict=True)))
    return "\n".join(lines) + "\n"


def with_values(text: str, values: Mapping[str, float]) -> str:
    """The text of a region file with other central values of sources; all else stays as it stands.

    Args:
        text: The region file.
        values: `sources.<id>.<rate or flow>` -> value.

    Raises:
        ValueError: One of them does not stand there as `rate: {value: ...`.
    """
    for name, value in values.items():
        _, source, field = name.split(".")
        pattern = rf"(?ms)(^  {re.escape(source)}:\n(?:(?!^  \S).)*?^    {field}: \{{value: )([0-9.]+)"
        text, n = re.subn(pattern, rf"\g<1>{value:g}", text, count=1)
        if n != 1:
            raise ValueError(f"{name} was not found in the region file")
    return text


def _rounded(value: float, q: Quantity) -> str:
    text = f"{value:.5g}"
    if q.range is None or q.range[0] <= float(text) <= q.range[1]:
        return text
    return repr(min(max(value, q.range[0]), q.range[1]))
