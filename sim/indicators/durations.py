"""How long it takes (K04, K05): everyone who entered in one school year is followed, those who never get a seat too.

The Aalen-Johansen estimator gives the share that has got a seat after t days when other ends compete (gave up, moved
away, too old) and some children still wait when the simulation ends. Without other ends it equals one minus
Kaplan-Meier. Source: O. Aalen and S. Johansen (1978), Scandinavian Journal of Statistics 5, 141-150.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.indicators.counting import Bools, Floats, Ints, year_of
from sim.indicators.indicator import Indicator, Words
from sim.indicators.view import Rows, Spread, View, never
from sim.record import Kind, Why

CENSORED, SERVED, OTHER = 0, 1, 2
_TINY = 1e-9  # a share of exactly one half may come out a rounding below it

_COHORT = Words("het schooljaar waarin het kind op de lijst kwam", "the school year in which the child came on the list")
_LISTED = Words(
    "op de lijst (de beslissing is genomen); ook wie een toegezegde startdag heeft, wacht vanaf deze dag",
    "on the list (the decision is taken); a child with an agreed start waits from this day too",
)
_SEAT = Words("eerste dag op de plek", "first day in the seat")
_COMPETING = Words(
    "gestopt met wachten, verhuisd, te oud, of de lijst was vol: zo'n kind krijgt geen plek en telt mee in het geheel; wie "
    "aan het eind van de simulatie nog wacht, telt mee zolang het gevolgd is",
    "gave up, moved away, too old, or the list was full: such a child gets no seat and counts in the whole; a child that "
    "still waits when the simulation ends counts for as long as it was followed",
)
_WAITS = Words(
    "alle keren dat een kind op de lijst kwam, ook van kinderen die nooit een plek kregen",
    "all times that a child came on the list, also of children who never got a seat",
)
_EPISODES = Words(
    "alle keren dat voor een kind een eerste signaal kwam dat hulp nodig is",
    "all times that a first signal of need came for a child",
)
_SIGNAL = Words("eerste signaal dat hulp nodig is", "first signal of need")
_SEAT_OR_HELP = Words(
    "eerste dag op de plek, of begin van de hulp die genoeg bleek",
    "first day in the seat, or start of the help that proved enough",
)
_SIGNAL_STOP = Words(
    "verzoek afgewezen, gestopt met wachten, verhuisd, te oud, of het kind blijft in de gewone school omdat de soort plek "
    "geen kinderen meer aanneemt: zo'n kind telt mee in het geheel",
    "refused, gave up, moved away, too old, or the child stays in a regular school because the type takes no new children: "
    "such a child counts in the whole",
)
_SIGNAL_COHORT = Words("het schooljaar van het eerste signaal", "the school year of the first signal")


def _reached(share: int) -> Words:
    return Words(
        f"staat er niet als binnen de simulatie geen {share}% een plek kreeg",
        f"left out when fewer than {share} % got a seat within the simulation",
    )


def _of_list(id_: str, nl: str, en: str, unit: str, better: Literal["lower", "higher"], note: Words) -> Indicator:
    return Indicator(
        id_, Words(nl, en), unit, _WAITS, _LISTED, _SEAT, _COMPETING, _COHORT, better=better, note=note
    )  # fmt: skip


_FOLLOWED = Words(
    "staat er alleen als het midden van het schooljaar zo lang gevolgd kon worden",
    "only given when the middle of the school year could be followed for that long",
)
INDICATORS = (
    _of_list(
        "K04.median", "Helft heeft een plek na", "Half have a seat after", "weeks", "lower", _reached(50)
    ),
    _of_list(
        "K04.p90", "Negen van de tien hebben een plek na", "Nine in ten have a seat after", "weeks", "lower", _reached(90)
    ),
    _of_list(
        "K04.within_10_weeks", "Plek binnen 10 weken", "Seat within 10 weeks", "share", "higher", _FOLLOWED
    ),
    _of_list("K04.placed_26_weeks", "Plek binnen 26 weken", "Seat within 26 weeks", "share", "higher", _FOLLOWED),
    _of_list("K04.placed_52_weeks", "Plek binnen 52 weken", "Seat within 52 weeks", "share", "higher", _FOLLOWED),
    *(
        Indicator(
            f"K05.{key}", title, "weeks", _EPISODES, _SIGNAL, _SEAT_OR_HELP, _SIGNAL_STOP, _SIGNAL_COHORT,
            note=_reached(share),
        )
        for key, share, title in (
            ("median", 50, Words("Vanaf eerste signaal: helft heeft plek of hulp na", "From first signal: half served after")),
            ("p90", 90, Words("Vanaf eerste signaal: negen van de tien hebben plek of hulp na",
                              "From first signal: nine in ten served after")),
        )
    ),
)  # fmt: skip


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

    At equal times, ends count before censoring. Each served child adds S(t-)/n(t): the chance to be still under way
    just before, divided by the number still followed.

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
    # Survival as a product of (1 - 1/n), in logs. The last of a group has no later row, so its log of 0 is not needed.
    step = np.log1p(-np.where(ended & (followed > 1), 1.0 / followed, 0.0))
    before = np.cumsum(step) - step
    survival = np.exp(before - before[first] if len(g) else before)
    return Incidence(g, time[order], np.where(served, survival / followed, 0.0), size)


@dataclass(frozen=True)
class Episodes:
    """One row per child and first signal.

    Attributes:
        rows: Codes; the type is the type that was asked for or given.
        signalled, end: Days; `end` is infinite when nothing has ended it yet.
        event: `SERVED`, `OTHER` or `CENSORED`.
    """

    rows: Rows
    signalled: Floats
    end: Floats
    event: Ints


def episodes(view: View) -> Episodes:
    """Put the visits that follow one first signal together: help, request, wait, seat.

    An episode ends with the first seat, or at the start of help that proved enough (`RESOLVED`); otherwise when the last
    visit that belongs to it ends. A child that stays in a regular stage because its type takes no one (help there that
    began after the child was listed) waits no longer, and is not served either: its share with and without help is K18.
    """
    renewal = view.requests[view.renewals]
    asking = np.setdiff1d(view.requests, renewal, assume_unique=True)
    seats = np.concatenate((view.of_kind(Kind.WAIT, view.special), view.of_kind(Kind.STAY, view.special)))
    visit = np.concatenate((asking, view.of_kind(Kind.SUPPORT), seats))
    table = view.record.visits
    signal = view.day("signalled", visit)
    signal = np.where(np.isnan(signal), view.day("listed", visit), signal)
    visit, signal = visit[~np.isnan(signal)], signal[~np.isnan(signal)]
    kind, why = view.kind[visit], table["why"][visit]
    placed, left = view.day("placed", visit), view.day("left", visit)
    regular = np.append(view.regular, False)[table["type"][visit]]
    settled = (kind == Kind.SUPPORT) & regular & (why != Why.RESOLVED) & (why != Why.REFERRED)
    included = settled & (view.day("listed", visit) > signal)
    seat = (kind == Kind.STAY) & ~np.isnan(placed)
    helped = (kind == Kind.SUPPORT) & (why == Why.RESOLVED)
    served = np.where(seat | helped, never(placed), np.inf)
    end = np.where(seat | included, placed, never(left))
    destination = table["destination"][visit].astype(np.intp)
    own = table["type"][visit].astype(np.intp)
    asked = np.where((kind == Kind.DECISION) | (kind == Kind.SUPPORT), destination, own)
    return _join(view, visit, asked, signal, served, end)


def _join(view: View, visit: Ints, asked: Ints, signal: Floats, served: Floats, end: Floats) -> Episodes:
    pupil = view.record.visits["pupil"][visit]
    order = np.lexsort((signal, pupil))
    visit, asked, signal, served, end = visit[order], asked[order], signal[order], served[order], end[order]
    pupil = pupil[order]
    new = np.ones(len(visit), dtype=np.bool_)
    new[1:] = (pupil[1:] != pupil[:-1]) | (signal[1:] != signal[:-1])
    first = np.flatnonzero(new)
    if not len(first):
        none = np.zeros(0)
        return Episodes(view.rows(visit, asked), none, none, np.zeros(0, dtype=np.intp))
    which = np.cumsum(new) - 1
    served_at, last = np.minimum.reduceat(served, first), np.maximum.reduceat(end, first)
    is_served = ~np.isinf(served_at)
    done: Bools = np.where(is_served[which], served == served_at[which], end == last[which])
    closing = np.maximum.reduceat(np.where(done, np.arange(len(visit)), -1), first)
    event = np.where(is_served, SERVED, np.where(np.isinf(last), CENSORED, OTHER))
    return Episodes(
        view.rows(visit[closing], asked[closing]), signal[first], np.where(is_served, served_at, last), event
    )


def _cohorts(view: View, spread: Spread, start: Floats, end: Floats, event: Ints) -> tuple[Incidence, tuple[int, int]]:
    """Durations by margin and by the school year of `start`."""
    year = year_of(start, view.edges)
    row = spread.row[year[spread.row] >= 0]
    margin = spread.margin[year[spread.row] >= 0]
    duration = np.maximum(np.minimum(end, view.record.end) - start, 0.0)
    groups = spread.margins * view.years
    found = aalen_johansen(duration[row], event[row], margin * view.years + year[row], groups)
    return found, (spread.margins, view.years)


def wait_to_seat(view: View) -> dict[str, Floats]:
    """K04: from the list to the seat, by school year of listing (margins x years; weeks and shares)."""
    waits = view.waits
    event = np.where(waits.served, SERVED, np.where(np.isinf(waits.end), CENSORED, OTHER))
    found, shape = _cohorts(view, view.wait_spread, waits.listed, waits.end, event)
    out = {
        "K04.median": found.quantile(0.5).reshape(shape) / 7,
        "K04.p90": found.quantile(0.9).reshape(shape) / 7,
    }
    middle = (view.edges[:-1] + view.edges[1:]) / 2
    for key, weeks in (("within_10_weeks", 10), ("placed_26_weeks", 26), ("placed_52_weeks", 52)):
        seen = middle + 7 * weeks <= view.record.end
        out[f"K04.{key}"] = np.where(seen, found.by(7.0 * weeks).reshape(shape), np.nan)
    return out


def wait_from_signal(view: View) -> dict[str, Floats]:
    """K05: from first signal to seat or effective help, by school year of the signal (margins x years; weeks)."""
    asked = episodes(view)
    found, shape = _cohorts(view, view.spread(asked.rows), asked.signalled, asked.end, asked.event)
    return {
        "K05.median": found.quantile(0.5).reshape(shape) / 7,
        "K05.p90": found.quantile(0.9).reshape(shape) / 7,
    }
