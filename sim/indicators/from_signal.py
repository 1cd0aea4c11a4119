"""The clock that starts with the first signal of need (K05, K02.from_signal_oct).

It runs on through help, request and list, so that a list which is shorter because children are put on it
later does not look like a gain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.indicators.counting import Bools, Floats, Ints, sortable
from sim.indicators.durations import CENSORED, FOLLOWED, OTHER, SERVED, cohorts
from sim.indicators.indicator import ON_OCT, Indicator, Words
from sim.indicators.margins import Rows
from sim.indicators.view import View, never
from sim.record import Kind, Why

_SIGNALLED = Words(
    "kinderen tussen het eerste signaal dat hulp nodig is en een plek, of hulp die genoeg bleek; elk kind "
    "één keer",
    "children between the first signal of need and a seat, or help that proved enough; each child once",
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
_STOP = Words(
    "geen plek meer nodig of mogelijk: verzoek afgewezen, gestopt met wachten, verhuisd, te oud, of het "
    "kind blijft in de gewone school omdat de soort plek geen kinderen meer aanneemt; zo'n kind telt in "
    "een wachttijd mee in het geheel",
    "no seat needed or possible any more: refused, gave up, moved away, too old, or the child stays in a "
    "regular school because the type takes no new children; in a time to a seat such a child counts in the "
    "whole",
)
_COHORT = Words("het schooljaar van het eerste signaal", "the school year of the first signal")

INDICATORS = (
    Indicator(
        "K02.from_signal_oct",
        Words(
            "Kinderen tussen eerste signaal en plek of hulp, op 1 oktober",
            "Children between signal and seat or help, 1 October",
        ),
        "children",
        _SIGNALLED,
        _SIGNAL,
        _SEAT_OR_HELP,
        _STOP,
        ON_OCT,
        additive=True,
        note=Words(
            "telt ook kinderen in hulp waarvan later blijkt dat die niet genoeg was; ingedeeld naar de "
            "soort plek die is gevraagd of gegeven",
            "also counts children in help that later proves not enough; the type is the one asked for, or "
            "given",
        ),
    ),
    *(
        Indicator(
            f"K05.{key}", title, "weeks", _EPISODES, _SIGNAL, _SEAT_OR_HELP, _STOP, _COHORT, note=FOLLOWED
        )
        for key, title in (
            (
                "median",
                Words(
                    "Vanaf eerste signaal: helft heeft plek of hulp na",
                    "From first signal: half have a seat or help after",
                ),
            ),
            (
                "p90",
                Words(
                    "Vanaf eerste signaal: negen van de tien hebben plek of hulp na",
                    "From first signal: nine in ten have a seat or help after",
                ),
            ),
        )
    ),
)


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

    An episode ends with the first seat, or at the start of help that proved enough (`RESOLVED`); otherwise
    when the last visit that belongs to it ends. A child that stays in a regular stage because its type takes
    no one (help there that began after the child was listed) waits no longer, and is not served either: its
    share with and without help is K18.
    """
    renewal = view.requests[view.renewals]
    asking = np.setdiff1d(view.of_kind(Kind.DECISION), renewal, assume_unique=True)
    seats = np.concatenate((view.of_kind(Kind.WAIT, view.special), view.of_kind(Kind.STAY, view.special)))
    table = view.record.visits
    support = view.of_kind(Kind.SUPPORT)
    # A temporary place from which nobody asks for a seat (for a child at home, say) is no part of a way to one.
    towards = table["destination"][support].astype(np.intp)
    beside = np.append(view.programme, False)[table["type"][support]] & (towards < 0)
    visit = np.concatenate((asking, support[~beside], seats))
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
    pupil = view.record.visits["pupil"][visit].astype(np.intp)
    order = np.argsort(sortable(pupil, signal))
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


def from_signal(view: View) -> dict[str, Floats]:
    """K02.from_signal_oct and K05: from first signal to seat or effective help (margins x years; weeks)."""
    asked = episodes(view)
    spread = view.spread(asked.rows)
    found = cohorts(view, spread, asked.signalled, asked.end, asked.event)
    return {
        "K02.from_signal_oct": spread.children(asked.signalled, asked.end).at(view.october),
        "K05.median": found.quantile(0.5),
        "K05.p90": found.quantile(0.9),
    }
