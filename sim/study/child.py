"""The same child in two futures: carrying on, and a scenario.

Every draw is keyed to the child (seed, replication, child, purpose), so a child has the same fate draws in both futures and
what differs in its road is caused by the scenario. The child is made up by the model: it has a key, no name.

Which child is shown is decided by a rule, so that nobody has picked it:

1. Counted are all children who are on the road since the day on which the two scenarios part: those with help, a request, a
   place on a list, a temporary place or a seat, in either future.
2. A child is left out of the choice when it never comes on a list or in a seat, when its first signal came before that day,
   or less than three years before the horizon (its road would be cut off); when nobody is left, all count.
3. Of those whose road differs, in order of the change in days on a list without an agreed start, the middle one is the
   typical child. Those who differ are divided: `other_type` get their first seat in another type, or in one future only;
   of the others, `shorter` and `longer` wait at least a week less or more. Of each part the middle child is chosen. A wait
   that goes on at the horizon counts as long as it lasted. Ties are broken by the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np

from sim.indicators.view import View
from sim.model import simulate
from sim.record import Record
from sim.scenario.scenario import Scenario
from sim.study.stations import AGAIN, STATIONS, Spans, Station, exits, spans

Pick = Literal["typical", "shorter", "longer", "other_type"]
PICKS: tuple[Pick, ...] = get_args(Pick)
FOLLOWED_YEARS = 3
LEAST_DAYS = 7.0
NOT_ASKED = "not_asked"
OUT = "out"
_YEAR = 365.25


@dataclass(frozen=True)
class Episode:
    """One stretch of a child's road.

    Attributes:
        kind: Name of a station (`list`, `seat`, ...), `regular` between two of them, `not_asked` for a child of which nothing
            is asked in this future, or how the road went on after the last one (`back`, `on`, `helped`, `gave_up`, ...;
            `out` = to work, day care or further education).
        type: Type of the seat, or the type asked for; "" = none.
        start, end: Days; the last one ends on the horizon.
        waits: On a list meanwhile, without an agreed start.
        open: It goes on at the horizon.
    """

    kind: str
    type: str
    start: date
    end: date
    waits: bool = False
    open: bool = False

    @property
    def weeks(self) -> float:
        """How long it lasts."""
        return (self.end - self.start).days / 7


@dataclass(frozen=True)
class Road:
    """One future of a child.

    Attributes:
        episodes: In order; they do not overlap and leave no gap.
        waited: Weeks on a list without an agreed start.
        waits_still: It is on a list at the horizon.
        seat: Type of its first seat ("" = none).
        to_seat: Weeks from the first signal to that seat; None = no seat.
    """

    episodes: tuple[Episode, ...]
    waited: float
    waits_still: bool
    seat: str
    to_seat: float | None


@dataclass(frozen=True)
class Child:
    """One child, followed through both futures.

    Attributes:
        key: The same in both records.
        age: Whole years at its first signal; None = unknown.
        roads: Its road in the first and in the second future.
    """

    key: str
    age: int | None
    roads: tuple[Road, Road]

    @property
    def change(self) -> float:
        """Weeks on a list in the second future minus those in the first."""
        return self.roads[1].waited - self.roads[0].waited


@dataclass(frozen=True)
class Futures:
    """What the two futures of one replication have in common, and the children chosen from it.

    Attributes:
        since: Day on which the scenarios part; None = they are the same.
        until: The horizon.
        children: Children on the road since then.
        same: Of those, children for whom nothing differs.
        shorter, longer, other_type: Of those for whom something differs, how many belong to each part.
        chosen: The child of each rule that somebody answers to.
        asked: The child whose key was asked for, when it exists.
    """

    since: date | None
    until: date
    children: int
    same: int
    shorter: int
    longer: int
    other_type: int
    chosen: Mapping[Pick, Child]
    asked: Child | None = None


@dataclass(frozen=True)
class _Trace:
    """One child in one record: what it did since the scenarios parted, comparable between records."""

    signature: tuple[tuple[float | str, ...], ...]
    waited: float
    seat: str
    signalled: float
    asks: bool


def two_futures(
    before: Scenario, after: Scenario, seed: int, replication: int, key: str | None = None
) -> Futures:
    """Simulate both scenarios with the same draws and choose children by rule.

    Args:
        before: Carrying on.
        after: The scenario.
        seed: Master seed.
        replication: Which future.
        key: A child to follow in any case.
    """
    return follow(
        simulate(before, seed, replication),
        simulate(after, seed, replication),
        parted=parts_on(before, after),
        key=key,
    )


def parts_on(before: Scenario, after: Scenario) -> date | None:
    """First day on which two scenarios can differ; None = they are the same."""
    if before.digest() == after.digest():
        return None
    dates = [
        change.from_
        for path in {*before.levers, *after.levers}
        if before.levers.get(path, ()) != after.levers.get(path, ())
        for change in (*before.levers.get(path, ()), *after.levers.get(path, ()))
    ]
    return min(dates) if dates else before.region.start


def follow(before: Record, after: Record, parted: date | None, key: str | None = None) -> Futures:
    """Compare two records of the same children.

    Args:
        before: One future.
        after: The other.
        parted: Day on which the scenarios part.
        key: A child to follow in any case.
    """
    since = 0.0 if parted is None else float((parted - before.start).days)
    books = (_Book(before), _Book(after))
    traces = [book.traces(since) for book in books]
    keys = sorted(set(traces[0]) | set(traces[1]))
    nothing = _Trace((), 0.0, "", np.nan, False)
    pairs = {k: (traces[0].get(k, nothing), traces[1].get(k, nothing)) for k in keys}
    change = {k: b.waited - a.waited for k, (a, b) in pairs.items()}
    differs = [k for k, (a, b) in pairs.items() if a.signature != b.signature]
    moved = {k for k in differs if pairs[k][0].seat != pairs[k][1].seat}
    rules: dict[Pick, list[int]] = {
        "typical": differs,
        "shorter": [k for k in differs if k not in moved and change[k] <= -LEAST_DAYS],
        "longer": [k for k in differs if k not in moved and change[k] >= LEAST_DAYS],
        "other_type": [k for k in differs if k in moved],
    }
    latest = before.end - FOLLOWED_YEARS * _YEAR

    def whole(k: int) -> bool:
        known = [t.signalled for t in pairs[k] if not np.isnan(t.signalled)]
        return bool(known) and since <= min(known) and max(known) <= latest and any(t.asks for t in pairs[k])

    chosen: dict[Pick, Child] = {}
    for name, found in rules.items():
        if pool := [k for k in found if whole(k)] or found:
            ranked = sorted(pool, key=lambda k: (change[k], k))
            chosen[name] = _child(books, ranked[(len(ranked) - 1) // 2], since)
    wanted = _number(key)
    return Futures(
        parted, before.date_of(before.end), len(keys), len(keys) - len(differs), len(rules["shorter"]),
        len(rules["longer"]), len(rules["other_type"]), chosen,
        _child(books, wanted, since) if wanted is not None and any(wanted in b.index for b in books) else None,
    )  # fmt: skip


class _Book:
    """The roads of one record, by key of the child."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.spans = spans(View(record), home=True, waits=True)
        self.keys = record.pupils["key"].tolist()
        self.index = {k: i for i, k in enumerate(self.keys)}
        self.first = np.searchsorted(self.spans.pupil, np.arange(len(self.keys) + 1))
        self.goes = exits(record, self.spans.last)
        self.signalled = record.pupils["signalled"].astype(np.float64).tolist()

    def of(self, pupil: int) -> range:
        """Rows of one child."""
        return range(int(self.first[pupil]), int(self.first[pupil + 1]))

    def traces(self, since: float) -> dict[int, _Trace]:
        """Children on the road since a day; who is only at home has no road."""
        s, record = self.spans, self.record
        late = s.end > since
        seat = s.station == Station.SEAT
        days = np.where(s.waits & late, s.end - np.maximum(s.start, since), 0.0)
        place = record.visits["place"].astype(np.intp)
        columns = zip(
            s.station.tolist(), s.type.tolist(), np.floor(np.maximum(s.start, since)).tolist(), np.floor(s.end).tolist(),
            s.waits.tolist(), place[s.first].tolist(), place[s.last].tolist(), self.goes, strict=True,
        )  # fmt: skip
        rows: list[tuple[float | str, ...]] = list(columns)
        first_seat: dict[int, str] = {}
        for row in np.flatnonzero(seat).tolist():
            first_seat.setdefault(int(s.pupil[row]), record.types[int(s.type[row])])
        waited = np.bincount(s.pupil, weights=days, minlength=len(self.keys)).tolist()
        n = len(self.keys)
        road = np.bincount(s.pupil[late & (s.station != Station.HOME)], minlength=n) > 0
        asks = np.bincount(s.pupil[seat | (s.station == Station.LIST)], minlength=n) > 0
        return {
            self.keys[p]: _Trace(
                tuple(rows[i] for i in self.of(p) if late[i]), waited[p], first_seat.get(p, ""), self.signalled[p],
                bool(asks[p]),
            )
            for p in np.flatnonzero(road).tolist()
        }  # fmt: skip


def _child(books: tuple[_Book, _Book], key: int, since: float) -> Child:
    there = [(b, b.index[key]) for b in books if key in b.index]
    book, pupil = there[0]
    signal = book.signalled[pupil]
    begins = min(_begins(b, i) for b, i in there)
    born = float(book.record.pupils["birth"][pupil])
    at = begins if np.isnan(signal) else signal
    age = None if np.isnan(born) or at < born else int((at - born) // _YEAR)
    # A road that began long before the scenarios part is shown from a year before that day.
    show = max(begins, min(since, book.record.end) - _YEAR) if begins < since - _YEAR else begins
    roads = tuple(_road(b, b.index.get(key), show) for b in books)
    return Child(f"{key:016x}", age, (roads[0], roads[1]))


def _begins(book: _Book, pupil: int) -> float:
    rows, signal = book.of(pupil), book.signalled[pupil]
    first = float(book.spans.start[rows[0]]) if len(rows) else book.record.end
    return first if np.isnan(signal) else min(first, signal)


def _road(book: _Book, pupil: int | None, show: float) -> Road:
    """The whole road of a child from a day on."""
    record = book.record
    rows = () if pupil is None else tuple(i for i in book.of(pupil) if book.spans.end[i] > show)
    if pupil is None or not rows:
        never = _episode(record, NOT_ASKED, "", show, record.end)
        return Road((never,), 0.0, False, "", None)
    s = book.spans
    parts: list[Episode] = []
    at = show
    for i in rows:
        if s.start[i] > at:
            kind = "regular" if not parts else _after(record, book.goes[i - 1], again=True)
            parts.append(_episode(record, kind, "", at, float(s.start[i])))
        code = int(s.type[i])
        parts.append(
            _episode(
                record, STATIONS[Station(s.station[i])], record.types[code] if code >= 0 else "",
                max(show, float(s.start[i])), float(s.end[i]), waits=bool(s.waits[i]),
            )
        )  # fmt: skip
        at = float(s.end[i])
    if at < record.end:
        parts.append(_episode(record, _after(record, book.goes[rows[-1]]), "", at, record.end))
    mine = s.take(np.array(book.of(pupil)))
    return Road(tuple(_days_only(parts)), *_times(book, pupil, mine))


def _after(record: Record, name: str, *, again: bool = False) -> str:
    """Kind of the stretch after a station: how the road went on."""
    if name in record.types:
        return OUT
    return "regular" if again and name in (AGAIN, "gone") else name


def _times(book: _Book, pupil: int, mine: Spans) -> tuple[float, bool, str, float | None]:
    record = book.record
    waited = float((mine.end - mine.start)[mine.waits].sum()) / 7
    still = bool((mine.waits & (mine.end >= record.end)).any())
    seats = np.flatnonzero(mine.station == Station.SEAT)
    if not len(seats):
        return waited, still, "", None
    first = int(seats[0])
    signal = book.signalled[pupil]
    to_seat = None if np.isnan(signal) else float(mine.start[first] - signal) / 7
    return waited, still, record.types[int(mine.type[first])], to_seat


def _episode(
    record: Record, kind: str, type_: str, start: float, end: float, *, waits: bool = False
) -> Episode:
    return Episode(kind, type_, record.date_of(start), record.date_of(end), waits, end >= record.end)


def _days_only(parts: list[Episode]) -> list[Episode]:
    """Leave out what lasts less than a day: on a screen it has no width."""
    return [p for p in parts if p.end > p.start] or parts[-1:]


def _number(key: str | None) -> int | None:
    """Key of a child from a text; what is no key is nobody."""
    try:
        return None if key is None else int(key, 16)
    except ValueError:
        return None
