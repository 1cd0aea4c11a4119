"""How long it takes to get a seat (K04): all who were listed in a school year are followed, placed or not.

The Aalen-Johansen estimator gives the share that has got a seat after t days when other ends compete (gave
up, moved away, too old) and some children still wait when the simulation ends. Without other ends it equals
one minus Kaplan-Meier. Source: O. Aalen and S. Johansen (1978), Scandinavian Journal of Statistics 5,
141-150.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.indicators.counting import Floats, Ints, year_of
from sim.indicators.indicator import Indicator, Words
from sim.indicators.margins import Spread
from sim.indicators.view import View

CENSORED, SERVED, OTHER = 0, 1, 2
_TINY = 1e-9  # a share of exactly one half may come out a rounding below it

_COHORT = Words(
    "het schooljaar waarin het kind op de lijst kwam", "the school year in which the child came on the list"
)
_LISTED = Words(
    "op de lijst (de beslissing is genomen); ook wie een toegezegde startdag heeft, wacht vanaf deze dag",
    "on the list (the decision is taken); a child with an agreed start waits from this day too",
)
_SEAT = Words("eerste dag op de plek", "first day in the seat")
_COMPETING = Words(
    "gestopt met wachten, verhuisd, te oud, of de lijst was vol: zo'n kind krijgt geen plek en telt mee in "
    "het geheel; wie aan het eind van de simulatie nog wacht, telt mee zolang het gevolgd is",
    "gave up, moved away, too old, or the list was full: such a child gets no seat and counts in the "
    "whole; a child that still waits when the simulation ends counts for as long as it was followed",
)
FOLLOWED = Words(
    "staat er alleen voor de tijd dat alle kinderen van dat schooljaar gevolgd konden worden: de laatste "
    "jaren missen hier",
    "only given for the time that all children of that school year could be followed: the last years are "
    "missing here",
)
_WAITS = Words(
    "alle keren dat een kind op de lijst kwam, ook van kinderen die nooit een plek kregen",
    "all times that a child came on the list, also of children who never got a seat",
)


def _of_list(id_: str, title: Words, unit: str, better: Literal["lower", "higher"]) -> Indicator:
    return Indicator(
        id_, title, unit, _WAITS, _LISTED, _SEAT, _COMPETING, _COHORT, better=better, note=FOLLOWED
    )


INDICATORS = (
    _of_list("K04.median", Words("Helft heeft een plek na", "Half have a seat after"), "weeks", "lower"),
    _of_list(
        "K04.p90",
        Words("Negen van de tien hebben een plek na", "Nine in ten have a seat after"),
        "weeks",
        "lower",
    ),
    _of_list("K04.within_10_weeks", Words("Plek binnen 10 weken", "Seat within 10 weeks"), "share", "higher"),
    _of_list("K04.placed_26_weeks", Words("Plek binnen 26 weken", "Seat within 26 weeks"), "share", "higher"),
    _of_list("K04.placed_52_weeks", Words("Plek binnen 52 weken", "Seat within 52 weeks"), "share", "higher"),
)


@dataclass(frozen=True)
class Incidence:
    """Aalen-Johansen estimate for many groups at once; rows are sorted by group, then by time.

    Attributes:
        group: Group of each row.
        time: Days.
        mass: Share of the group that is served at this row.
        size: Rows per group.
    """

    group: Ints
    time: Floats
    mass: Floats
    size: Ints

    def by(self, day: float) -> Floats:
        """Share of each group served within `day` days; NaN for an empty group."""
        within = np.where(self.time <= day, self.mass, 0.0)
        share = np.bincount(self.group, weights=within, minlength=len(self.size))
        return np.where(self.size > 0, share, np.nan)

    def quantile(self, share: float) -> Floats:
        """Days until the served share of each group reaches `share`; NaN where it never does."""
        out = np.full(len(self.size), np.nan)
        filled = np.flatnonzero(self.size)
        if not len(filled):
            return out
        first = (np.cumsum(self.size) - self.size)[filled]
        total = np.cumsum(self.mass)
        served = total - (total - self.mass)[np.repeat(first, self.size[filled])]
        reached = np.minimum.reduceat(np.where(served >= share - _TINY, self.time, np.inf), first)
        out[filled] = np.where(np.isinf(reached), np.nan, reached)
        return out


def aalen_johansen(time: Floats, event: Ints, group: Ints, groups: int) -> Incidence:
    """Share served over time, with competing ends and right censoring.

    At equal times, ends count before censoring. Each served child adds S(t-)/n(t): the chance to be still
    under way just before, divided by the number still followed.

    Args:
        time: Days from entry to the event, or to the end of follow-up.
        event: `CENSORED`, `SERVED` or `OTHER`.
        group: Cohort of each row, 0 to `groups` - 1.
        groups: Number of cohorts.
    """
    late = np.where(event == CENSORED, np.nextafter(time, np.inf), time)
    order = np.argsort(late)
    # A stable sort of small integers is a radix sort: it keeps the order of time within each group.
    small = group[order].astype(np.uint16) if groups <= np.iinfo(np.uint16).max else group[order]
    order = order[np.argsort(small, kind="stable")]
    g, ended, served = group[order], event[order] != CENSORED, event[order] == SERVED
    size = np.bincount(g, minlength=groups)
    first = (np.cumsum(size) - size)[g]
    followed = size[g] - (np.arange(len(g)) - first)
    # Survival as a product of (1 - 1/n), in logs. The last of a group has no later row, so its log of 0 is
    # not needed.
    step = np.log1p(-np.where(ended & (followed > 1), 1.0 / followed, 0.0))
    before = np.cumsum(step) - step
    survival = np.exp(before - before[first] if len(g) else before)
    return Incidence(g, time[order], np.where(served, survival / followed, 0.0), size)


@dataclass(frozen=True)
class Cohorts:
    """Durations by margin and school year of entry, as far as everyone in the cohort could be followed.

    The simulation ends on a 1 August, just before many children get a seat. Children who still wait then are
    not like those who have waited equally long at another time of the year, so the estimate is not stretched
    beyond that day.

    Attributes:
        found: One group per margin and year.
        margins: Number of margins.
        followed: Days that the last child of each year's cohort could be followed.
    """

    found: Incidence
    margins: int
    followed: Floats

    def quantile(self, share: float) -> Floats:
        """Weeks until a share is served (margins x years); NaN when not reached or not followed so long."""
        days = self.found.quantile(share).reshape(self.margins, -1)
        return np.where(days <= self.followed, days / 7, np.nan)

    def by(self, weeks: float) -> Floats:
        """Share served within some weeks (margins x years); NaN when not followed so long."""
        return np.where(
            7 * weeks <= self.followed, self.found.by(7 * weeks).reshape(self.margins, -1), np.nan
        )


def cohorts(view: View, spread: Spread, start: Floats, end: Floats, event: Ints) -> Cohorts:
    """Durations from `start` to `end`, by the school year of `start`."""
    year = year_of(start, view.edges)
    entered = year[spread.row] >= 0
    row, margin = spread.row[entered], spread.margin[entered]
    duration = np.maximum(np.minimum(end, view.record.end) - start, 0.0)
    groups = spread.margins * view.years
    found = aalen_johansen(duration[row], event[row], margin * view.years + year[row], groups)
    return Cohorts(found, spread.margins, view.record.end - view.edges[1:])


def wait_to_seat(view: View) -> dict[str, Floats]:
    """K04: from the list to the seat, by school year of listing (margins x years; weeks and shares)."""
    waits = view.waits
    event = np.where(waits.served, SERVED, np.where(np.isinf(waits.end), CENSORED, OTHER))
    found = cohorts(view, view.wait_spread, waits.listed, waits.end, event)
    return {
        "K04.median": found.quantile(0.5),
        "K04.p90": found.quantile(0.9),
        "K04.within_10_weeks": found.by(10),
        "K04.placed_26_weeks": found.by(26),
        "K04.placed_52_weeks": found.by(52),
    }
