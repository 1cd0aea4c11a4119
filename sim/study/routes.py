"""How children go: flows between stations per school year, and how long they wait, longest included.

Flows (`R01.flow`, place type `from>to`) and the children in each station just before 1 August at the start and the end of
the year (`R02.start`, `R02.end`) add up: what is there, plus what comes in, minus what goes out. A station is `seat:<type>`,
`list:<type>` and so on (`sim.study.stations`); a child comes on the road from the source of its first signal, and leaves it
for an exit. A child in a special school that is on the list for another type is at its school here.

Waiting is told by cohort: of all who came on a list in a school year (`R03`), or whose first signal came in it (`R04`), the
share that still waits, has a seat, or stopped without one after so many weeks. These are the populations and clocks of K04
and K05. A share is only given for the time that all of the cohort could be followed, so nobody's wait is cut off; the longest
wait is that of the one who waited longest, a child that still waits included.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.indicators.counting import Bools, Floats, Ints, year_of
from sim.indicators.durations import CENSORED, OTHER, SERVED
from sim.indicators.from_signal import episodes
from sim.indicators.view import View
from sim.record import Record
from sim.study.engine import Engine
from sim.study.results import FIXED, Results
from sim.study.stations import AGAIN, BEFORE, STATIONS, Spans, exits, spans

FLOW, START, END = "R01.flow", "R02.start", "R02.end"
LISTED, SIGNALLED = "R03", "R04"
WEEKS = (0, 4, 13, 26, 39, 52, 78, 104, 156, 208)
"""Weeks after which a cohort is looked at."""
ENGINE = Engine(compute="sim.study.routes:compute")
TO = ">"
_COLUMNS = ("school_year", "indicator", "place_type", "district", "profile", "value", "unit")

Row = tuple[str, str, str, float, str]
Flow = tuple[str, str]
"""From and to."""


def compute(record: Record) -> pd.DataFrame:
    """The tidy table of one replication: flows, children per station, and how long each cohort waits.

    Args:
        record: One replication.
    """
    view = View(record)
    rows = [(*row[:3], "all", "all", *row[3:]) for row in (*_flows(view), *_waiting(view))]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def flows_of(results: Results, scenario: str, school_year: str, mode: str = FIXED) -> dict[Flow, Floats]:
    """Children per flow and replication: zero for a flow that a run does not have, NaN for what was not run.

    Args:
        results: Of a study with `ENGINE`.
        scenario: Scenario id.
        school_year: One school year.
        mode: Mode of the runs.
    """
    found = {}
    for series, values in _in_year(results, FLOW, scenario, school_year, mode):
        start, _, goal = series.partition(TO)
        found[start, goal] = values
    return found


def stocks_of(
    results: Results, scenario: str, school_year: str, indicator: str = END, mode: str = FIXED
) -> dict[str, Floats]:
    """Children per station and replication, just before 1 August."""
    return dict(_in_year(results, indicator, scenario, school_year, mode))


def _in_year(
    results: Results, indicator: str, scenario: str, school_year: str, mode: str
) -> Iterator[tuple[str, Floats]]:
    if school_year not in results.school_years or (scenario, mode) not in results.values:
        return
    year = results.school_years.index(school_year)
    for series in results.series:
        if series.indicator == indicator:
            found = results.values[scenario, mode][:, results.positions[series], year]
            values = np.where(results.done[scenario, mode], np.nan_to_num(found), np.nan)
            if np.nansum(values) > 0:
                yield series.place_type, values


def station_names(view: View, found: Spans) -> list[str]:
    """Name of the station of each stretch: its kind, with its type behind it where it has one."""
    types = view.record.types
    return [
        f"{STATIONS[s]}:{types[t]}" if t >= 0 else STATIONS[s]
        for s, t in zip(found.station.tolist(), found.type.tolist(), strict=True)
    ]


def _flows(view: View) -> Iterator[Row]:
    record, found = view.record, spans(view)
    names = np.array(station_names(view, found), dtype=object)
    origins = np.array([BEFORE if o == "start" else o for o in record.origins], dtype=object)
    n = len(names)
    same = np.zeros(n, dtype=np.bool_)
    same[1:] = found.pupil[1:] == found.pupil[:-1]
    joined = np.zeros(n, dtype=np.bool_)
    joined[1:] = same[1:] & (found.start[1:] == found.end[:-1])
    start = np.where(same, AGAIN, origins[record.pupils["origin"][found.pupil]])
    start[1:][joined[1:]] = names[:-1][joined[1:]]
    goes = found.end < record.end
    goes[:-1] &= ~joined[1:]
    out = np.array(exits(record, found.last[goes]), dtype=object)
    table = pd.DataFrame(
        {
            "year": year_of(np.concatenate((found.start, found.end[goes])), view.edges),
            "from": np.concatenate((start, names[goes])),
            "to": np.concatenate((names, out)),
        }
    )
    table = table[(table["year"] >= 0) & (table["from"] != table["to"])]
    for (year, begin, goal), size in table.groupby(["year", "from", "to"]).size().items():
        yield record.school_years[year], FLOW, f"{begin}{TO}{goal}", float(size), "children"
    for name in sorted(set(names.tolist())):
        mine = names == name
        began, ended = np.sort(found.start[mine]), np.sort(found.end[mine])
        # Just before 1 August: what begins or ends on that day itself belongs to the new school year.
        there = np.searchsorted(began, view.edges, side="left") - np.searchsorted(
            ended, view.edges, side="left"
        )
        for year, label in enumerate(record.school_years):
            yield label, START, name, float(there[year]), "children"
            yield label, END, name, float(there[year + 1]), "children"


def _waiting(view: View) -> Iterator[Row]:
    waits = view.waits
    event = np.where(waits.served, SERVED, np.where(np.isinf(waits.end), CENSORED, OTHER))
    yield from _cohorts(view, LISTED, waits.rows.type, waits.listed, waits.end, event)
    asked = episodes(view)
    yield from _cohorts(view, SIGNALLED, asked.rows.type, asked.signalled, asked.end, asked.event)


def _cohorts(view: View, key: str, type_: Ints, start: Floats, end: Floats, event: Ints) -> Iterator[Row]:
    """Rows of one clock: all types together, and each special type."""
    entered = year_of(start, view.edges)
    days = np.minimum(end, view.record.end) - start
    kinds = [("all", np.ones(len(start), dtype=np.bool_))]
    kinds += [(view.record.types[code], type_ == code) for code in np.flatnonzero(view.special)]
    for name, mine in kinds:
        for year, label in enumerate(view.record.school_years):
            who = np.flatnonzero(mine & (entered == year))
            yield label, f"{key}.entered", name, float(len(who)), "children"
            if len(who):
                followed = view.record.end - view.edges[year + 1]
                yield from (
                    (label, f"{key}.{what}", name, value, unit)
                    for what, value, unit in _of_cohort(days[who], event[who], followed)
                )


def _of_cohort(days: Floats, event: Ints, followed: float) -> Iterator[tuple[str, float, str]]:
    """What became of one cohort, as far as everyone in it could be followed."""
    longest = int(np.argmax(days))
    yield "longest", float(days[longest]) / 7, "weeks"
    yield "longest_open", float(event[longest] == CENSORED), "share"
    for week in WEEKS:
        if 7 * week > followed:
            return
        over: Bools = (days <= 7 * week) & (event != CENSORED)
        for what, which in (
            ("waiting", ~over),
            ("placed", over & (event == SERVED)),
            ("stopped", over & (event == OTHER)),
        ):
            yield f"{what}_{week}", float(np.mean(which)), "share"
