"""All indicators, and children who wait on 1 October by type and need, and by what keeps each of them from a seat.

A child that waits has said no to an offer since 1 August, or has a free seat at the school of its choice (and waits for the
day on which seats are given out), or only at another school, or there is none for its need and age. Free seats are counted
once: of two children before one seat the second has none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.indicators import compute as compute_all
from sim.indicators.counting import Bools, Floats, Ints, steps
from sim.indicators.view import View
from sim.record import Level, Record

WAITING = "K02.oct"
NO_SEAT = "no_seat"
REASONS = ("refused", "own", "elsewhere", NO_SEAT)
"""What keeps a waiting child from a seat; rows `K02.oct_refused` ... by type, and by type and need."""


def compute(record: Record) -> pd.DataFrame:
    """The tidy table of one replication, with rows of `K02.oct` and its reasons for each type and need.

    Args:
        record: One replication.
    """
    view = View(record)
    ids = (WAITING, *(f"{WAITING}_{reason}" for reason in REASONS))
    needs = ("all", *record.profiles)
    rows = []
    for code in np.flatnonzero(view.special).tolist():
        for year, day in enumerate(view.october):
            waits, need, why = _on(view, code, day)
            for name in needs:
                mine = (
                    np.ones(len(waits), dtype=np.bool_)
                    if name == "all"
                    else need == record.profiles.index(name)
                )
                counts = (mine.sum(), *((mine & (why == r)).sum() for r in range(len(REASONS))))
                # The whole type's own list is an indicator already.
                rows += [
                    (record.school_years[year], id_, record.types[code], "all", name, float(n), "children")
                    for id_, n in zip(ids, counts, strict=True) if (id_, name) != (WAITING, "all")
                ]  # fmt: skip
    whole = compute_all(record)
    more = pd.DataFrame(rows, columns=list(whole.columns))
    parts = [p.astype({n: object for n in p.columns if n != "value"}) for p in (whole, more) if len(p)]
    return pd.concat(parts, ignore_index=True)


def _on(view: View, code: int, day: float) -> tuple[Ints, Ints, Ints]:
    """Waits for a type that count on a day (each child once), need of each child and index of its reason."""
    waits = view.waits
    there = np.flatnonzero((waits.rows.type == code) & (waits.free <= day) & (waits.end > day))
    there = there[np.argsort(waits.listed[there], kind="stable")]
    _, first = np.unique(waits.rows.pupil[there], return_index=True)
    there = there[np.sort(first)]
    said_no = _refused(view, waits.rows.pupil[there], day)
    why = np.full(len(there), REASONS.index(NO_SEAT))
    why[said_no] = REASONS.index("refused")
    asked = np.flatnonzero(~said_no)
    cell = view.record.cells_on(day, waits.visit[there[asked]])
    why[asked] = _seat_for(view, code, cell.tolist(), _free(view, day))
    return there, waits.rows.profile[there], why


def _refused(view: View, pupil: Ints, day: float) -> Bools:
    """Children who said no to a seat of this school year (on each 1 August a no is forgotten)."""
    offers = view.record.offers
    since = view.edges[max(0, int(np.searchsorted(view.edges, day, side="right")) - 1)]
    when = offers["time"].astype(np.float64)
    no = ~offers["accepted"].astype(np.bool_) & (when >= since) & (when <= day)
    found: Bools = np.isin(pupil, offers["pupil"][no])
    return found


def _free(view: View, day: float) -> Floats:
    """Free seats of each cell on a day."""
    record, stays = view.record, view.stays
    seats = steps(record, Level.SEATS)
    now = (seats.start <= day) & (seats.end > day) & (seats.cell >= 0)
    sitting = record.cells_on(day, stays.visit[(stays.placed <= day) & (stays.left > day)])
    cells = len(record.cells)
    there = np.bincount(seats.cell[now], weights=seats.value[now], minlength=cells)
    free: Floats = np.maximum(0.0, there - np.bincount(sitting[sitting >= 0], minlength=cells))
    return free


def _seat_for(view: View, code: int, cell: Sequence[int], free: Floats) -> Ints:
    """Reason of each child in the order of the list: a seat in its own cell first, then at another school of its type."""
    record = view.record
    why = np.full(len(cell), REASONS.index(NO_SEAT))
    for i, own in enumerate(cell):
        if own >= 0 and free[own] > 0:
            free[own] -= 1
            why[i] = REASONS.index("own")
    for i in np.flatnonzero(why == REASONS.index(NO_SEAT)).tolist():
        if cell[i] < 0:
            continue
        mine = record.cells[cell[i]]
        for j, other in enumerate(record.cells):
            same = record.places[other.place].type == record.types[code] and other.band == mine.band
            if same and other.profile in (mine.profile, -1) and free[j] > 0:
                free[j] -= 1
                why[i] = REASONS.index("elsewhere")
                break
    return why
