"""What must hold on every record, whatever the region: order of times, conservation, seats, Little's law.

Each function returns the violations it found, in words; an empty list means that all is well. They read the
record only.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.record import Kind, Level, Record

Vector = NDArray[np.float64]
YEAR = 365.25  # days; ages are counted so


def _closed(times: Vector, end: float) -> Vector:
    """NaN (not yet) read as the end of the run."""
    return np.where(np.isnan(times), end, times)


def times_in_order(r: Record) -> list[str]:
    """Signalled, listed, placed and left come in this order, and nothing happens at or after the horizon."""
    v, found = r.visits, []
    for early, late in (
        ("signalled", "listed"),
        ("listed", "placed"),
        ("placed", "left"),
        ("listed", "left"),
    ):
        wrong = int((v[early] > v[late]).sum())
        if wrong:
            found.append(f"{wrong} visits with {late} before {early}")
    for name in ("listed", "placed", "left"):
        wrong = int((v[name] >= r.end).sum())
        if wrong:
            found.append(f"{wrong} visits with {name} at or after the end of the run")
    unknown = int(((v["pupil"] < 0) | (v["pupil"] >= len(r.pupils["key"]))).sum())
    if unknown:
        found.append(f"{unknown} visits of a child that does not exist")
    if len(np.unique(r.pupils["key"])) != len(r.pupils["key"]):
        found.append("two children have the same key")
    return found


def one_seat_each(r: Record) -> list[str]:
    """No child has two seats at one time."""
    v = r.visits
    rows = v["kind"] == Kind.STAY
    pupil, placed, left = v["pupil"][rows], v["placed"][rows].astype(float), _closed(v["left"][rows], r.end)
    order = np.lexsort((left, placed, pupil))
    pupil, placed, left = pupil[order], placed[order], left[order]
    twice = (pupil[1:] == pupil[:-1]) & (placed[1:] < left[:-1])
    return [f"{int(twice.sum())} children with two seats at one time"] if twice.any() else []


def seats_of(r: Record, cell: int) -> tuple[Vector, Vector]:
    """Times at which the seats of a cell changed, and the seats from then on."""
    rows = (r.levels["what"] == Level.SEATS) & (r.levels["cell"] == cell)
    return r.levels["time"][rows].astype(float), r.levels["value"][rows].astype(float)


def _at(times: Vector, values: Vector, when: Vector) -> Vector:
    """Value in force at each moment, after what happens then (0 before the first)."""
    return np.concatenate(([0.0], values))[np.searchsorted(times, when, side="right")]


def never_over_full(r: Record, skip: tuple[str, ...] = ()) -> list[str]:
    """Nobody is placed where no seat is free (types with unlimited seats are skipped by name)."""
    v, found = r.visits, []
    stays = v["kind"] == Kind.STAY
    placed, left = v["placed"].astype(float), _closed(v["left"], r.end)
    for first, last in pairwise(r.year_starts):
        cell_of = r.cells_on(first)
        here = stays & (placed < last) & (left > first)
        for code, cell in enumerate(r.cells):
            place = r.places[cell.place]
            if place.type in skip:
                continue
            mine = here & (cell_of == code)
            begin, stop = np.sort(placed[mine]), np.sort(left[mine])
            given = np.unique(begin[(begin >= first) & (begin > 0)])
            present = np.searchsorted(begin, given, "right") - np.searchsorted(stop, given, "right")
            over = present > _at(*seats_of(r, code), given)
            if over.any():
                day = given[over][0]
                found.append(f"{place.id}: children placed without a free seat, first on day {day:g}")
    return found


def no_idle_seat(r: Record, type_id: str) -> list[str]:
    """One place, one kind of group: never an empty seat while a child waits."""
    v = r.visits
    mine = v["type"] == r.types.index(type_id)
    stays, waits = mine & (v["kind"] == Kind.STAY), mine & (v["kind"] == Kind.WAIT)
    cell = next(i for i, c in enumerate(r.cells) if r.places[c.place].type == type_id)
    begin, stop = np.sort(v["placed"][stays].astype(float)), np.sort(_closed(v["left"][stays], r.end))
    listed = np.sort(v["listed"][stays | waits].astype(float))
    off = np.sort(np.concatenate([begin, _closed(v["left"][waits], r.end)]))
    level_times, levels = seats_of(r, cell)
    moments = np.unique(np.concatenate([begin, stop, listed, off, level_times]))
    moments = moments[moments < r.end]

    def count(times: Vector) -> Vector:
        return np.searchsorted(times, moments, "right").astype(float)

    present, waiting = count(begin) - count(stop), count(listed) - count(off)
    idle = (waiting > 0) & (present < _at(level_times, levels, moments))
    return [f"day {moments[idle][0]:g}: {waiting[idle][0]:g} wait and a seat is empty"] if idle.any() else []


def littles_law(r: Record, tolerance: float = 1e-9) -> list[str]:
    """All times in a seat (or on a list) together = integral of the number there, by an independent sweep."""
    v, found = r.visits, []
    seated = v["kind"] == Kind.STAY
    listed = seated | (v["kind"] == Kind.WAIT)
    off = np.where(seated, v["placed"], v["left"]).astype(float)
    kinds = (("seats", seated, v["placed"], v["left"]), ("lists", listed, v["listed"], off))
    for name, rows, begin, stop in kinds:
        for code in np.unique(v["type"][rows]):
            mine = rows & (v["type"] == code)
            a, b = np.maximum(begin[mine].astype(float), 0.0), np.maximum(_closed(stop[mine], r.end), 0.0)
            total = float((b - a).sum())
            moments = np.concatenate([a, b, [0.0, r.end]])
            steps = np.concatenate([np.ones(len(a)), -np.ones(len(b)), [0.0, 0.0]])
            order = np.argsort(moments, kind="stable")
            number = np.cumsum(steps[order])
            area = float((number[:-1] * np.diff(moments[order])).sum())
            if abs(area - total) > tolerance * max(1.0, total):
                found.append(f"{name} of type {r.types[code]}: {total!r} days in all, area {area!r}")
    return found


def everybody_somewhere(r: Record) -> list[str]:
    """From its first list or seat on, a child is in a seat, on a list or gone: came = here + gone."""
    v = r.visits
    rows = np.isin(v["kind"], (Kind.STAY, Kind.WAIT))
    pupil, listed = v["pupil"][rows], v["listed"][rows].astype(float)
    seat = v["kind"][rows] == Kind.STAY
    begin = np.where(seat, v["placed"][rows], listed).astype(float)
    left = v["left"][rows].astype(float)
    moments = np.unique(np.concatenate([listed, left[~np.isnan(left)]]))
    came = np.searchsorted(np.sort(_first(pupil, listed)), moments, "right")
    last = _last(pupil, left)
    gone = np.searchsorted(np.sort(last[~np.isnan(last)]), moments, "right")
    stop = np.where(np.isnan(left), np.inf, left)
    here = np.zeros(len(moments), dtype=np.int64)
    for i, t in enumerate(moments):
        here[i] = len(np.unique(pupil[(np.minimum(begin, listed) <= t) & (stop > t)]))
    wrong = came != here + gone
    if not wrong.any():
        return []
    t = float(moments[wrong][0])
    return [f"day {t:g}: {came[wrong][0]} came, {here[wrong][0]} are here and {gone[wrong][0]} are gone"]


def _first(pupil: NDArray[np.int64], times: Vector) -> Vector:
    order = np.lexsort((times, pupil))
    return times[order][np.unique(pupil[order], return_index=True)[1]]


def _last(pupil: NDArray[np.int64], left: Vector) -> Vector:
    """Last time left per child; NaN when it is still somewhere."""
    order = np.lexsort((np.where(np.isnan(left), np.inf, left), pupil))
    ends = np.append(np.unique(pupil[order], return_index=True)[1][1:], len(pupil)) - 1
    return left[order][ends]


def within_age_limits(r: Record, limits: Mapping[str, float]) -> list[str]:
    """Nobody is in a type in a school year in which it has that type's age limit on the age date.

    Args:
        r: A record.
        limits: Special type -> age at which a child may not start a school year there.
    """
    v, found = r.visits, []
    ages_on = r.count_days(r.age_date)
    for name, limit in limits.items():
        mine = (v["kind"] == Kind.STAY) & (v["type"] == r.types.index(name))
        birth = r.pupils["birth"][v["pupil"][mine]]
        placed, left = v["placed"][mine].astype(float), _closed(v["left"][mine], r.end)
        for (first, last), day in zip(pairwise(r.year_starts), ages_on, strict=True):
            here = (placed < last) & (left > first) & (left > 0)
            over = here & ((day - birth) // YEAR >= limit)
            if over.any():
                found.append(
                    f"{name}: {int(over.sum())} children past {limit:g} in the year of day {first:g}"
                )
    return found


def all_of(r: Record, unlimited: tuple[str, ...] = ()) -> list[str]:
    """Every check that makes sense for any region."""
    return [*times_in_order(r), *one_seat_each(r), *never_over_full(r, unlimited), *littles_law(r)]
