"""What children wait for on the way to a seat (K06): days of the school year by reason, per child under way.

A child on a list waits for the thing that its school lacks that day: a group, a room or staff when all seats of its need
are taken; when one is free, it waits for the next placement moment, for talks between schools or for a group of its age.
"""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Bools, Floats, Ints, steps, table
from sim.indicators.indicator import OVER_YEAR, Indicator, Words
from sim.indicators.margins import Rows, Spread
from sim.indicators.view import View, first_after, never, ratio
from sim.record import Kind, Level, Why

ROOMS, FUNDING, STAFF = 0, 1, 2
_LACKS = {FUNDING: "no_group", ROOMS: "no_room", STAFF: "no_staff"}
_TITLES = {
    "help": Words(
        "Wachten op het eind van hulp op de gewone school", "Waiting: help in the regular school first"
    ),
    "meeting": Words("Wachten op een overleg", "Waiting for a meeting"),
    "programme": Words("Wachten op of in een tijdelijke plek", "Waiting for, or in, a temporary place"),
    "decision": Words("Wachten op de beslissing", "Waiting for the decision"),
    "money": Words("Wachten tot het geld is geregeld", "Waiting for the money to be agreed"),
    "start_agreed": Words("Wachten op de afgesproken startdag", "Waiting for the agreed start"),
    "no_group": Words("Wachten: er is geen betaalde plek vrij", "Waiting: no funded seat is free"),
    "no_room": Words("Wachten: er is geen lokaal", "Waiting: there is no room"),
    "no_staff": Words("Wachten: er is geen personeel", "Waiting: there is no staff"),
    "refusal": Words("Wachten na een nee op een aangeboden plek", "Waiting after a no to an offered seat"),
    "other": Words(
        "Wachten terwijl er een plek vrij is (verdeelmoment, overleg tussen scholen, andere leeftijd)",
        "Waiting while a seat is free (placement moment, talks between schools, another age)",
    ),
}
_UNDER_WAY = Words(
    "kinderen die in het schooljaar onderweg zijn naar een plek: in hulp die niet genoeg blijkt, in overleg, in een "
    "aanvraag, in een tijdelijke plek ervoor of op de lijst",
    "children under way to a seat in the school year: in help that proves not enough, before a meeting, in a request, in a "
    "temporary place before it, or on the list",
)

INDICATORS = tuple(
    Indicator(
        f"K06.{reason}",
        title,
        "weeks",
        _UNDER_WAY,
        Words("eerste dag waarop dit de reden is", "first day on which this is the reason"),
        Words("laatste dag waarop dit de reden is", "last day on which this is the reason"),
        Words("van de lijst af zonder plek", "off the list without a seat"),
        OVER_YEAR,
        note=Words(
            "weken van dit schooljaar, gedeeld door alle kinderen die onderweg zijn; de redenen tellen op tot het geheel",
            "weeks of this school year, divided by all children under way; the reasons add up to the whole",
        ),
    )
    for reason, title in _TITLES.items()
)


def reasons(view: View) -> dict[str, Floats]:
    """K06 (margins x years; weeks)."""
    parts = {
        **_before_the_list(view),
        "start_agreed": _part(view.waits.rows, view.waits.listed, _agreed(view)),
    }
    waits = view.waits
    refused = np.minimum(_first_refusal(view), waits.end)
    parts["refusal"] = _part(waits.rows, refused, waits.end)
    lacking = _lacking(view, waits.free, refused)
    days = {
        name: view.spread(rows).days(start, end, view.edges) for name, (rows, start, end) in parts.items()
    }
    days |= {name: _by_margin(view.wait_spread, found) for name, found in lacking.items()}
    parts["list"] = _part(waits.rows, waits.free, waits.end)
    children = _under_way(view, list(parts.values()))
    return {f"K06.{name}": ratio(days[name] / 7, children) for name in _TITLES}


Part = tuple[Rows, Floats, Floats]


def _part(rows: Rows, start: Floats, end: Floats) -> Part:
    return rows, start, np.maximum(start, end)


def _agreed(view: View) -> Floats:
    return np.minimum(view.waits.ready, view.waits.end)


def _before_the_list(view: View) -> dict[str, Part]:
    visits, roles = view.record.visits, np.array(view.record.roles)
    why = visits["why"]

    def of(kind: Kind, role: Bools, start: str, keep: Bools | None = None) -> Part:
        visit = view.of_kind(kind, role)
        visit = visit if keep is None else visit[keep[visit]]
        asked = visits["destination"][visit].astype(np.intp)
        return _part(view.rows(visit, asked), view.day(start, visit), never(view.day("left", visit)))

    new = np.ones(len(why), dtype=np.bool_)
    new[view.requests[view.renewals]] = False
    return {
        "help": of(Kind.SUPPORT, view.regular, "placed", why == Why.REFERRED),
        "meeting": of(Kind.DECISION, roles == "team", "listed"),
        "programme": of(Kind.SUPPORT, roles == "programme", "listed"),
        "decision": of(Kind.DECISION, view.deciding, "listed", new),
        "money": of(Kind.DECISION, roles == "money", "listed"),
    }


def _first_refusal(view: View) -> Floats:
    """Day of the first no to an offer in each wait without an agreed start; infinity for none."""
    offers, waits = view.record.offers, view.waits
    no = ~offers["accepted"].astype(np.bool_)
    pupil, day = offers["pupil"][no].astype(np.intp), offers["time"][no].astype(np.float64)
    if not len(day):
        return np.full(len(waits.free), np.inf)
    return np.maximum(first_after(pupil, day, waits.rows.pupil, waits.free), waits.free)


def _under_way(view: View, parts: list[Part]) -> Floats:
    """Different children that have a day of any part in the school year (margins x years)."""
    rows = Rows(*(np.concatenate([getattr(p[0], k) for p in parts]) for k in Rows.__dataclass_fields__))
    start, end = (np.concatenate([p[i] for p in parts]) for i in (1, 2))
    spread, out = view.spread(rows), np.zeros((view.margins, view.years))
    some = start < end
    pupils = int(rows.pupil.max(initial=0)) + 1
    key = spread.margin * pupils + rows.pupil[spread.row]
    for year, (first, last) in enumerate(zip(view.edges[:-1], view.edges[1:], strict=True)):
        there = np.zeros(view.margins * pupils, dtype=np.bool_)
        there[key[(some & (start < last) & (end > first))[spread.row]]] = True
        out[:, year] = there.reshape(view.margins, pupils).sum(axis=1)
    return out


def _lacking(view: View, start: Floats, end: Floats) -> dict[str, Floats]:
    """Days of each wait between start and end by what its school lacks (waits x years)."""
    end = np.minimum(np.maximum(start, end), view.record.end)
    marks = np.clip(view.edges[None, :], np.minimum(start, end)[:, None], end[:, None])
    found = {name: np.zeros((len(start), view.years)) for name in (*_LACKS.values(), "other")}
    found["other"] = np.diff(marks, axis=1)
    visits = view.record.visits
    cell = visits["cell"][view.waits.visit].astype(np.intp)
    place = visits["place"][view.waits.visit].astype(np.intp)
    need = np.array([c.profile for c in view.record.cells] + [-1], dtype=np.intp)
    key = np.where(cell >= 0, place * (len(view.record.profiles) + 2) + need[cell] + 1, -1)
    clocks = _full_clocks(view, need)
    for k in np.unique(key[key >= 0]).tolist():
        mine = np.flatnonzero(key == k)
        for lack, (day, gone) in clocks.get(k, {}).items():
            part = np.diff(np.interp(marks[mine], day, gone), axis=1)
            found[_LACKS[lack]][mine] = part
            found["other"][mine] -= part
    return found


def _full_clocks(view: View, need: Ints) -> dict[int, dict[int, tuple[Floats, Floats]]]:
    """Per school and need: days, and how long until then all seats were taken, by the limit that kept it from more groups."""
    record, stays = view.record, view.stays
    wide = len(record.profiles) + 2
    seats, binds = steps(record, Level.SEATS), steps(record, Level.BINDS)
    held = seats.cell >= 0
    place = record.visits["place"][stays.visit].astype(np.intp)
    seat_key = seats.place[held] * wide + need[seats.cell[held]] + 1
    stay_key = np.where(stays.cell >= 0, place * wide + need[stays.cell] + 1, -1)
    out = {}
    for k in np.unique(seat_key).tolist():
        s, p, b = seat_key == k, stay_key == k, binds.place == k // wide
        up, down, many = seats.start[held][s], seats.end[held][s], seats.value[held][s]
        here = np.ones(int(p.sum()))
        day = np.concatenate((up, down, stays.placed[p], stays.left[p], binds.start[b]))
        free = np.concatenate((many, -many, -here, here, np.zeros(int(b.sum()))))
        day = np.clip(day, view.edges[0], record.end)
        order = np.argsort(day, kind="stable")
        day, free = day[order], np.cumsum(free[order])
        length = np.append(np.diff(day), 0.0)
        last = np.searchsorted(binds.start[b], day, side="right") - 1
        lack = np.append(binds.value[b], FUNDING)[last].astype(int)
        full = length * (free <= 0)
        edge = np.append(day, record.end)
        out[k] = {
            code: (edge, np.concatenate(([0.0], np.cumsum(np.where(lack == code, full, 0.0)))))
            for code in _LACKS
        }
    return out


def _by_margin(spread: Spread, days: Floats) -> Floats:
    """Days of rows (rows x years) summed by margin; a row has days in few years."""
    row, year = np.nonzero(days)
    order = np.argsort(spread.row, kind="stable")
    count = np.bincount(spread.row, minlength=len(days))
    first, times = (np.cumsum(count) - count)[row], count[row]
    step = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    margin = spread.margin[order[np.repeat(first, times) + step]]
    weight = np.repeat(days[row, year], times)
    return table(margin, np.repeat(year, times), spread.margins, days.shape[1], weight)
