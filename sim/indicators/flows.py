"""Moves between places of one school year (K32): who went from where to where, as a long table for a flow chart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators.counting import Floats, year_of
from sim.indicators.view import View
from sim.record import Record

NEW, GONE, LIST = "new", "gone", "list"


def flows(record: Record) -> pd.DataFrame:
    """Moves into, between and out of special types.

    Args:
        record: One replication. Show the mean of many, never one.

    Returns:
        Table with columns school_year, from, to and children. `from` is the type of the seat that a child left that day,
        `list` when it had left to wait for this one, else `new`; `to` is the type of the new seat, `list`, the stage or exit
        it went to, or `gone`. Who leaves a type and who comes in add up.
    """
    view = View(record)
    stays, names = view.stays, [*record.types, NEW, GONE, LIST]
    new, gone, waits = (len(record.types) + i for i in range(3))
    order = np.lexsort((stays.placed, stays.rows.pupil))
    pupil, kind, placed, left = (
        a[order] for a in (stays.rows.pupil, stays.rows.type, stays.placed, stays.left)
    )
    to = record.visits["destination"][stays.visit].astype(np.intp)[order]
    asks = (to >= 0) & view.special[np.maximum(to, 0)]
    follows = pupil[1:] == pupil[:-1]
    moved = follows & (placed[1:] == left[:-1])
    start = np.full(len(kind), new)
    start[1:][follows & asks[:-1]] = waits
    start[1:][moved] = kind[:-1][moved]
    ends = ~np.isinf(left)
    ends[:-1] &= ~moved
    goal = np.where(asks, waits, np.where(to >= 0, to, gone))
    day: Floats = np.concatenate((placed, left[ends]))
    start, goal = np.concatenate((start, kind[ends])), np.concatenate((kind, goal[ends]))
    year = year_of(day, view.edges)
    table = pd.DataFrame({"year": year, "from": start, "to": goal})[(year >= 0) & (day >= 0)]
    found = table.groupby(["year", "from", "to"]).size().reset_index(name="children")
    return pd.DataFrame(
        {
            "school_year": [record.school_years[y] for y in found["year"]],
            "from": [names[i] for i in found["from"]],
            "to": [names[i] for i in found["to"]],
            "children": found["children"],
        }
    )
