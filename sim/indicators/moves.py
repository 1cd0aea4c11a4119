"""Changes of school that nobody planned (K14) and children who go back to a regular school (K16)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Bools, Floats, Ints
from sim.indicators.indicator import OVER_YEAR, Indicator, Words
from sim.indicators.view import DAYS_PER_YEAR, View, first_after, last_before, ratio
from sim.record import Why

LOOK_BACK = 3
TWO_YEARS = 730.0
_SEATED = Words(
    "kinderen met een plek in het speciaal onderwijs of een soort die ernaast geteld wordt",
    "children with a seat in special education or a type counted beside it",
)
_CHANGE = Words(
    "een overstap naar een zwaardere of lichtere soort plek, of een nieuwe plek na terugkeer naar de "
    "gewone school",
    "a move to a type with more or less support, or a new seat after having gone back to a regular school",
)
_PLANNED = Words(
    "de overstap aan het eind van een schoolsoort en de terugkeer zelf zijn gepland en tellen niet mee",
    "the transition at the end of a stage and the return itself are planned and do not count",
)
_BACK = Words("terug naar een gewone school", "back to a regular school")

INDICATORS = (
    Indicator(
        "K14.changes",
        Words("Wisselingen die niet gepland waren", "Unplanned changes of school"),
        "per child-year",
        _SEATED,
        Words("eerste dag op de plek", "first day in the seat"),
        _CHANGE,
        _PLANNED,
        OVER_YEAR,
        note=Words(
            "gedeeld door de jaren die kinderen dat schooljaar samen op een plek zaten",
            "divided by the years that children together had a seat in that school year",
        ),
    ),
    Indicator(
        "K14.two_or_more",
        Words(
            "Kinderen met twee of meer wisselingen in drie jaar",
            "Children with two or more changes in three years",
        ),
        "share",
        Words(
            "kinderen met een plek in het speciaal onderwijs op 1 oktober",
            "children with a seat on 1 October",
        ),
        Words("drie schooljaren voor 1 oktober", "three school years before 1 October"),
        _CHANGE,
        _PLANNED,
        Words(
            "1 oktober; vanaf het vierde gesimuleerde schooljaar",
            "1 October; from the fourth simulated school year",
        ),
    ),
    Indicator(
        "K15.failed",
        Words("Starts die mislukken", "Starts that fail"),
        "share",
        Words("alle starts op een plek in het schooljaar", "all starts in a seat in the school year"),
        Words("eerste dag op de plek", "first day in the seat"),
        Words("binnen een half jaar weer op de lijst", "on the list again within half a year"),
        Words("op een andere manier weg", "left in another way"),
        Words(
            "het schooljaar van de start; het laatste jaar kan niet een half jaar worden gevolgd",
            "the school year of the start; the last year cannot be followed for half a year",
        ),
    ),
    Indicator(
        "K16.returns",
        Words("Terug naar een gewone school", "Back to a regular school"),
        "per 100 pupil-years",
        _SEATED,
        Words("eerste dag op de plek", "first day in the seat"),
        _BACK,
        Words("op een andere manier weg", "left in another way"),
        OVER_YEAR,
        better="neither",
    ),
    Indicator(
        "K16.still_regular",
        Words(
            "Twee jaar na terugkeer nog in de gewone school",
            "Still in a regular school two years after going back",
        ),
        "share",
        Words(
            "kinderen die in het schooljaar teruggingen naar een gewone school",
            "children who went back in the year",
        ),
        _BACK,
        Words("730 dagen later niet opnieuw op een lijst gekomen", "not on a list again within 730 days"),
        Words(
            "geen: verhuizen telt als niet opnieuw op een lijst",
            "none: moving away counts as not listed again",
        ),
        Words(
            "het schooljaar van terugkeer; alleen als er daarna nog twee schooljaren zijn gevolgd",
            "the school year of going back; only when two more school years were followed",
        ),
        better="higher",
    ),
)


def changes(view: View) -> dict[str, Floats]:
    """K14: unplanned changes per child-year, and the share of children with two or more (margins x years)."""
    stays = view.stays
    moved = (stays.why == Why.STEP_UP) | (stays.why == Why.STEP_DOWN)
    again = _after_return(view)
    spread = view.stay_spread
    left = np.where(moved, stays.left, np.nan)
    new = np.where(again, stays.placed, np.nan)
    total = spread.events(left, view.edges) + spread.events(new, view.edges)
    pupil = np.concatenate((stays.rows.pupil[moved], stays.rows.pupil[again]))
    day = np.concatenate((stays.left[moved], stays.placed[again]))
    return {
        "K14.changes": ratio(total, view.pupil_days / DAYS_PER_YEAR),
        "K14.two_or_more": _two_or_more(view, pupil, day),
    }


def _after_return(view: View) -> Bools:
    """True for a stay whose child last left special education to go back to a regular school."""
    stays = view.stays
    previous = last_before(stays.rows.pupil, stays.left, stays.rows.pupil, stays.placed)
    again: Bools = (previous >= 0) & (np.append(stays.why, Why.OPEN)[previous] == Why.BACK)
    return again


def _two_or_more(view: View, pupil: Ints, day: Floats) -> Floats:
    """Share of the children present on 1 October who had two changes or more in the three years before."""
    stays = view.stays
    present = view.stay_spread.at(stays.placed, stays.left, view.october)
    often = np.flatnonzero(np.bincount(pupil, minlength=1) >= 2)
    keep = np.isin(stays.rows.pupil, often)
    spread = view.spread(stays.rows.where(keep))
    placed, left, who = stays.placed[keep], stays.left[keep], stays.rows.pupil[keep]
    many = view.blank()
    for year in range(LOOK_BACK, view.years):
        today = view.october[year]
        recent = pupil[(day > view.october[year - LOOK_BACK]) & (day <= today)]
        twice = np.bincount(recent, minlength=int(who.max(initial=0)) + 1)[who] >= 2
        here = twice & (placed <= today) & (today < left)
        many[:, year] = np.bincount(spread.margin[here[spread.row]], minlength=view.margins)
    return ratio(many, present)


def failed_starts(view: View) -> dict[str, Floats]:
    """K15: share of the starts in a school year that failed (margins x years)."""
    stays, spread = view.stays, view.stay_spread
    failed = np.where(stays.why == Why.FAILED, stays.placed, np.nan)
    share = ratio(spread.events(failed, view.edges), spread.events(stays.placed, view.edges))
    share[:, -1:] = np.nan
    return {"K15.failed": share}


def returns(view: View) -> dict[str, Floats]:
    """K16: returns per 100 pupil-years, and the share not listed again within two years (margins x years)."""
    stays = view.stays
    back = stays.why == Why.BACK
    spread = view.spread(stays.rows.where(back))
    day = stays.left[back]
    total = spread.events(day, view.edges)
    waits = view.waits
    again = first_after(waits.rows.pupil, waits.listed, stays.rows.pupil[back], day)
    stayed = spread.events(np.where(again > day + TWO_YEARS, day, np.nan), view.edges)
    still = ratio(stayed, total)
    # The last two school years cannot be followed for two years.
    still[:, max(view.years - 2, 0) :] = np.nan
    return {"K16.returns": ratio(100.0 * total, view.pupil_days / DAYS_PER_YEAR), "K16.still_regular": still}
