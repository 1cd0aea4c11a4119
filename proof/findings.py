"""Where Almere's numbers do not add up: the findings in words, with the numbers of the runs."""

from __future__ import annotations

from collections.abc import Sequence

from proof.lines import Line


def findings(lines: Sequence[Line]) -> list[str]:
    """One sentence or two per finding."""
    return []
