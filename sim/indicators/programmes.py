"""Temporary places: waiting for one (K02, K04), when it is known where a child goes (K08), and what follows (K09)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Bools, Floats, borders, days_in, steps
from sim.indicators.durations import CENSORED, FOLLOWED, OTHER, SERVED, Cohorts, cohorts
from sim.indicators.indicator import NO_CLOCK, ON_OCT, OVER_YEAR, PROGRAMME_SPLITS, Indicator, Words
from sim.indicators.margins import Spread
from sim.indicators.view import View, first_after, never
from sim.record import Kind, Level, Why

FEWEST_PLACES = 10
MONTHS_3, MONTHS_6, MONTHS_12 = 91 / 7, 182.5 / 7, 365 / 7
_SMALL = Words(
    f"niet apart voor een programma met minder dan {FEWEST_PLACES} plekken",
    f"not shown apart for a programme with fewer than {FEWEST_PLACES} places",
)
_TREATED = Words(
    "kinderen die in het schooljaar beginnen op een tijdelijke plek waar wordt uitgezocht waarheen zij gaan",
    "children who start in the school year in a temporary place where it is found out where they go",
)
_FIRST_DAY = Words("eerste dag op de tijdelijke plek", "first day in the temporary place")
_OTHER_END = Words("eerder weg zonder dat het bekend was", "left before it was known")
_COHORT = Words("het schooljaar waarin het kind begon", "the school year in which the child started")


def _share(key: str, nl: str, en: str, end: Words, stop: Words = _OTHER_END) -> Indicator:
    note = Words(f"{_SMALL.nl}; {FOLLOWED.nl}", f"{_SMALL.en}; {FOLLOWED.en}")
    return Indicator(
        key, Words(nl, en), "share", _TREATED, _FIRST_DAY, end, stop, _COHORT, PROGRAMME_SPLITS, better="higher", note=note
    )  # fmt: skip


_KNOWN = Words("bekend waar het kind naartoe gaat", "known where the child goes")
_FOLLOWS = Words(
    "eerste dag op een plek die volgt, of gewoon naar school",
    "first day in the place that follows, or in a regular school",
)
INDICATORS = (
    Indicator(
        "K02.programme",
        Words("Wachten op een tijdelijke plek, op 1 oktober", "Waiting for a temporary place, on 1 October"),
        "children",
        Words(
            "kinderen die zijn aangemeld voor een tijdelijke plek (observatie, behandeling, hulp eerst), elk kind één keer",
            "children who asked for a temporary place (observation, treatment, help first), each child once",
        ),
        Words("aangemeld voor de tijdelijke plek", "asked for the temporary place"),
        _FIRST_DAY,
        Words("te oud, of het programma stopt", "too old, or the programme stops"),
        ON_OCT,
        PROGRAMME_SPLITS,
        note=_SMALL,
    ),
    Indicator(
        "K04.programme",
        Words("Helft heeft een tijdelijke plek na", "Half have a temporary place after"),
        "weeks",
        Words(
            "alle keren dat een kind voor een tijdelijke plek werd aangemeld",
            "all times that a child asked for a temporary place",
        ),
        Words("aangemeld voor de tijdelijke plek", "asked for the temporary place"),
        _FIRST_DAY,
        Words("te oud, of het programma stopt", "too old, or the programme stops"),
        Words("het schooljaar van de aanmelding", "the school year of asking"),
        PROGRAMME_SPLITS,
        note=_SMALL,
    ),
    _share("K08.within_3m", "Binnen 3 maanden bekend waarheen", "Known within 3 months where to", _KNOWN),
    _share("K08.within_6m", "Binnen 6 maanden bekend waarheen", "Known within 6 months where to", _KNOWN),
    _share(
        "K09.within_12m",
        "Binnen 12 maanden op de plek die volgt",
        "In the place that follows within 12 months",
        _FOLLOWS,
        Words("geen onderwijs daarna, te oud of verhuisd", "no education after it, too old or moved away"),
    ),
    Indicator(
        "K09.blocked_days",
        Words("Dagen dat een tijdelijke plek bezet blijft", "Days that a temporary place stays taken"),
        "days",
        Words(
            "kinderen die klaar zijn op hun tijdelijke plek en daar wachten op de plek die volgt",
            "children who are done in their temporary place and wait there for the place that follows",
        ),
        Words("het einde van hun tijd daar", "the end of their time there"),
        Words("eerste dag op de plek die volgt", "first day in the place that follows"),
        NO_CLOCK,
        OVER_YEAR,
        PROGRAMME_SPLITS,
        additive=True,
        note=_SMALL,
    ),
)


def programmes(view: View) -> dict[str, Floats]:
    """K02, K04, K08 and K09 of temporary places (margins x years)."""
    visit = view.of_kind(Kind.SUPPORT, view.programme)
    rows, spread = view.rows(visit), view.spread(view.rows(visit))
    listed, placed, left = (
        view.day("listed", visit),
        view.day("placed", visit),
        never(view.day("left", visit)),
    )
    began, why = ~np.isnan(placed), view.record.visits["why"][visit]
    entered = np.where(began, never(placed), left)
    event = np.where(began, SERVED, np.where(np.isinf(left), CENSORED, OTHER))
    waits = cohorts(view, spread, listed, entered, event)
    out = {
        "K02.programme": spread.children(listed, entered).at(view.october),
        "K04.programme": waits.quantile(0.5),
    }
    # `ready` says when it was known where to, for programmes that find that out; elsewhere it is the day of asking.
    finds_out = np.isin(rows.type, np.unique(rows.type[began & (view.day("ready", visit) > placed)]))
    mine = np.flatnonzero(began & finds_out)
    some, start = view.spread(rows.where(began & finds_out)), placed[mine]
    known, end = never(view.day("ready", visit))[mine], left[mine]
    perspective = _cohort(view, some, start, known, end)
    seats = view.stays
    seat = first_after(seats.rows.pupil, seats.placed, rows.pupil[mine], start)
    moved_on = np.isin(why[mine], (Why.MOVED_ON, Why.RESOLVED))
    followed = np.minimum(seat, np.where(moved_on, end, np.inf))
    # Who left to wait elsewhere is followed until the seat that it waits for.
    gone = np.where(why[mine] == Why.REFERRED, np.inf, end)
    follows = _cohort(view, some, start, followed, gone)
    out |= {
        "K08.within_3m": perspective.by(MONTHS_3),
        "K08.within_6m": perspective.by(MONTHS_6),
        "K09.within_12m": follows.by(MONTHS_12),
        "K09.blocked_days": _blocked(view),
    }
    hidden = _small(view)
    for table in out.values():
        table[hidden] = np.nan
    return out


def _cohort(view: View, spread: Spread, start: Floats, reached: Floats, end: Floats) -> Cohorts:
    """From the first day to what was reached, or to an end without it."""
    event = np.where(
        np.isfinite(reached) & (reached <= end), SERVED, np.where(np.isfinite(end), OTHER, CENSORED)
    )
    return cohorts(view, spread, start, np.minimum(reached, end), event)


def _blocked(view: View) -> Floats:
    """Days that children stay in a programme after their time is up, in every margin of programmes."""
    found = steps(view.record, Level.HELD)
    total = np.zeros((view.margins, view.years))
    if len(found.value):
        span = borders(found.start, found.end, view.edges)
        for code in (view.margin_of_type[found.type], np.zeros(len(found.type), dtype=np.intp)):
            total += days_in(code, span, view.margins, view.edges, found.value)
    return total


def _small(view: View) -> Bools:
    """Margins of programmes that never had ten places: nothing is shown of so few children."""
    seats = steps(view.record, Level.SEATS)
    most = np.zeros(view.margins)
    mine = view.programme[seats.type]
    np.maximum.at(most, view.margin_of_type[seats.type[mine]], seats.value[mine])
    return view.mask(("programme",)) & (most < FEWEST_PLACES)
