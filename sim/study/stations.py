"""Where each child is at each moment: one station at a time, so that what comes in, goes out and stays adds up.

A record holds visits that lie over each other: a child in a special school may be on the list for another type, a child that
waits may have a temporary place. Here each moment gets the one station that says most about it: a seat before a temporary
place, that before a list, that before a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.indicators.counting import Bools, Floats, Ints, sortable
from sim.indicators.view import View, never
from sim.record import Kind, Record, Why


class Station(IntEnum):
    """What a child's moment is spent on. Where a type belongs to it, that is the type of the seat, or the one asked for."""

    REQUEST = (
        1  # a meeting before help is part of HELP; all other meetings, the decision and the money are here
    )
    HELP = 2  # help in the regular school, or the meeting before it
    AGREED = 3  # on the list with a start that was agreed for a later day
    LIST = 4  # on the list
    HOME = 5  # at home
    PROGRAMME_LIST = 6  # on the list of a temporary place
    PROGRAMME = 7  # in a temporary place
    INCLUDED = 8  # stays in the regular school, because its type takes no new children
    SEAT = 9  # in a special school


STATIONS = {station: station.name.lower() for station in Station}
# What came from outside the road, and where it goes from there (beside sources, exits and stocks at home by their own id).
BEFORE, AGAIN = "start", "again"
BACK, ON, AWAY, GAVE_UP, REFUSED, HELPED, EXEMPT, GONE = (
    "back", "on", "away", "gave_up", "refused", "helped", "exempt", "gone",
)  # fmt: skip
_BY_WHY = {
    Why.BACK: BACK,
    Why.MOVED_AWAY: AWAY,
    Why.GAVE_UP: GAVE_UP,
    Why.REFUSED: REFUSED,
    Why.EXEMPTED: EXEMPT,
}


@dataclass(frozen=True)
class Spans:
    """Stretches of time in one station, sorted by child and time; those of one child do not overlap.

    Attributes:
        pupil: Index into `pupils`.
        start, end: Days; `end` is the horizon for what goes on.
        station: Code of `Station`.
        type: Type of the seat or the type asked for (-1 = none).
        first, last: Visit with which it began and with which it ended.
        waits: On a list meanwhile, without an agreed start (also from a seat, a temporary place or home).
    """

    pupil: Ints
    start: Floats
    end: Floats
    station: Ints
    type: Ints
    first: Ints
    last: Ints
    waits: Bools

    def take(self, some: Ints | Bools) -> Spans:
        """Part of the stretches."""
        return Spans(
            self.pupil[some], self.start[some], self.end[some], self.station[some], self.type[some], self.first[some],
            self.last[some], self.waits[some],
        )  # fmt: skip


@dataclass(frozen=True)
class _Parts:
    """Parts of visits, each in one station; later ones are painted over earlier ones."""

    pupil: Ints
    start: Floats
    end: Floats
    station: Ints
    type: Ints
    visit: Ints

    def where(self, keep: Bools) -> _Parts:
        return _Parts(
            self.pupil[keep], self.start[keep], self.end[keep], self.station[keep], self.type[keep], self.visit[keep]
        )  # fmt: skip


def spans(view: View, *, home: bool = False, waits: bool = False) -> Spans:
    """Put each child's visits in one row of stretches.

    Args:
        view: The record, prepared.
        home: Also the days at home; without, a child at home that waits is on its list.
        waits: Cut stretches where a child in a seat, a temporary place or at home comes on a list or off it.
    """
    parts = _parts(view)
    keep = (parts.end > parts.start) & (home | (parts.station != Station.HOME))
    parts = parts.where(keep)
    cuts = parts.where(parts.station == Station.LIST)
    return _join(view.record, parts, cuts, split=waits)


def exits(record: Record, last: Ints) -> list[str]:
    """Where a child goes that leaves the road with each of these visits."""
    why, to = record.visits["why"][last], record.visits["destination"][last].astype(np.intp)
    kind = record.visits["kind"][last]
    roles = np.array([*record.roles, ""])
    out = []
    for w, d, k, role, own in zip(
        why.tolist(), to.tolist(), kind.tolist(), roles[to], roles[record.visits["type"][last]], strict=True
    ):
        if w in _BY_WHY:
            out.append(_BY_WHY[Why(w)])
        elif w == Why.RESOLVED:
            out.append(HELPED if own == "regular" else BACK)
        elif role == "exit":
            out.append(record.types[d])
        elif role == "regular" and k != Kind.DECISION:
            out.append(ON)
        else:
            out.append(GONE)
    return out


def _parts(view: View) -> _Parts:
    """Parts of all visits in the order in which they are painted."""
    table = view.record.visits
    every = np.arange(len(table["kind"]))
    kind = view.kind
    listed, ready, placed = (view.day(name, every) for name in ("listed", "ready", "placed"))
    left = never(view.day("left", every))
    own = table["type"].astype(np.intp)
    asked = table["destination"].astype(np.intp)
    special, regular, programme = (
        np.append(role, False)[own] for role in (view.special, view.regular, view.programme)
    )
    help_ = (kind == Kind.SUPPORT) & regular
    stays = help_ & _stays(view, help_)
    temporary = (kind == Kind.SUPPORT) & programme
    seat = (kind == Kind.STAY) & special & ~np.isnan(placed)
    waits = special & ((kind == Kind.WAIT) | (kind == Kind.STAY)) & ~np.isnan(listed)
    until = np.where(kind == Kind.STAY, never(placed), left)
    agreed = np.minimum(np.where(np.isnan(ready), until, np.maximum(ready, listed)), until)
    in_from = never(placed)
    # Of a temporary place only a seat that follows is told: some of these places are too small to name.
    seat_asked = np.where(np.append(view.special, False)[asked], asked, -1)
    order = (
        (kind == Kind.DECISION, listed, left, Station.REQUEST, asked),
        (help_ & ~stays, listed, left, Station.HELP, asked),
        (waits, listed, agreed, Station.AGREED, own),
        (waits, agreed, until, Station.LIST, own),
        (kind == Kind.ABSENCE, placed, left, Station.HOME, np.full(len(own), -1)),
        (temporary, listed, np.minimum(in_from, left), Station.PROGRAMME_LIST, seat_asked),
        (temporary & ~np.isnan(placed), placed, left, Station.PROGRAMME, seat_asked),
        (help_ & stays, placed, left, Station.INCLUDED, np.full(len(own), -1)),
        (seat, placed, left, Station.SEAT, own),
    )
    rows = [np.flatnonzero(which) for which, *_ in order]
    end = view.record.end
    return _Parts(
        np.concatenate([table["pupil"][r].astype(np.intp) for r in rows]),
        np.concatenate([np.minimum(o[1][r], end) for o, r in zip(order, rows, strict=True)]),
        np.concatenate([np.minimum(o[2][r], end) for o, r in zip(order, rows, strict=True)]),
        np.concatenate([np.full(len(r), int(o[3])) for o, r in zip(order, rows, strict=True)]),
        np.concatenate([o[4][r] for o, r in zip(order, rows, strict=True)]),
        np.concatenate(rows),
    )


def _stays(view: View, help_: Bools) -> Bools:
    """True for children who stay in a regular school because their type takes no one; the others get help there first.

    Help ends with an outcome. Of what has not ended, help begins at the signal, of children from a source that gives it.
    """
    table = view.record.visits
    why, origin = table["why"], view.record.pupils["origin"][table["pupil"]]
    outcome = (why == Why.RESOLVED) | (why == Why.REFERRED)
    gives = np.isin(origin, np.unique(origin[help_ & outcome]))
    first = gives & ~(table["listed"].astype(np.float64) > never(table["signalled"].astype(np.float64)))
    found: Bools = ~outcome & ~((why == Why.OPEN) & first)
    return found


def _join(record: Record, parts: _Parts, lists: _Parts, *, split: bool) -> Spans:
    """Paint the parts over each other and join neighbours in the same station."""
    keys, first = np.unique(
        np.concatenate((sortable(parts.pupil, parts.start), sortable(parts.pupil, parts.end))),
        return_index=True,
    )
    days = np.concatenate((parts.start, parts.end))[first]
    n = len(keys)
    painted = _paint(keys, parts, np.arange(len(parts.pupil)), n, -1)
    waits = _paint(keys, lists, np.ones(len(lists.pupil), dtype=np.intp), n, 0).astype(np.bool_)
    at = np.flatnonzero(painted >= 0)
    if not len(at):
        none = np.zeros(0, dtype=np.intp)
        return Spans(none, np.zeros(0), np.zeros(0), none, none, none, none, np.zeros(0, dtype=np.bool_))
    part, on_list = painted[at], waits[at]
    pupil, station, type_ = parts.pupil[part], parts.station[part], parts.type[part]
    # Where nothing is cut, a stretch on the list counts as waiting and a seat does not, whoever waits from it.
    on_list = on_list if split else station == Station.LIST
    new = np.ones(len(at), dtype=np.bool_)
    new[1:] = (
        (at[1:] != at[:-1] + 1)
        | (pupil[1:] != pupil[:-1])
        | (station[1:] != station[:-1])
        | (type_[1:] != type_[:-1])
        | (on_list[1:] != on_list[:-1])
    )
    head = np.flatnonzero(new)
    tail = np.append(head[1:], len(at)) - 1
    return Spans(
        pupil[head], days[at[head]], days[at[tail] + 1], station[head], type_[head], parts.visit[part[head]],
        parts.visit[part[tail]], on_list[head],
    )  # fmt: skip


def _paint(keys: Floats, parts: _Parts, value: Ints, n: int, empty: int) -> Ints:
    """Give each stretch between two neighbouring days the value of the last part that lies over it."""
    begin = np.searchsorted(keys, sortable(parts.pupil, parts.start))
    length = np.searchsorted(keys, sortable(parts.pupil, parts.end)) - begin
    within = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    out = np.full(n, empty, dtype=np.intp)
    out[np.repeat(begin, length) + within] = np.repeat(value, length)
    return out
