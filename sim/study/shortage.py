"""Places short: per kind of school children with a place and children who wait, less the places; added up where short.

A derived outcome of results: a place left over in one kind of school is no place in another.
"""

from __future__ import annotations

import numpy as np

from sim.study.results import Results, Series
from sim.study.statistics import Floats

SHORT = "short"
"""Name of this outcome beside the ids of indicators; its unit is seats."""

WAITING, CHILDREN, SEATS = "K02.oct", "K17.children_oct", "K22.seats_oct"


def places_short(results: Results, scenario: str, mode: str, place_type: str = "all") -> Floats:
    """Places short on 1 October.

    Args:
        results: Results with waiting, children and seats by kind of school.
        scenario: Scenario id.
        mode: Mode of the runs.
        place_type: One kind of school; "all" = added up over all that have places.

    Returns:
        Replication x school year; NaN where it was not run. Empty when no kind of school has all three counts.
    """
    values = results.values[scenario, mode]
    types = list(results.baseline.region.place_types) if place_type == "all" else [place_type]
    parts = []
    for kind in types:
        at = [results.positions.get(Series(i, kind)) for i in (WAITING, CHILDREN, SEATS)]
        if None in at:
            continue
        waiting, children, seats = (values[:, i] for i in at if i is not None)
        parts.append(np.maximum(0.0, np.nan_to_num(waiting) + children - seats))
    if not parts:
        return np.empty((0, 0))
    total: Floats = np.sum(parts, axis=0)
    return total
