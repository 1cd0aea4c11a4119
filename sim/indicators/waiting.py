"""Children who wait (K02) and children without a fitting place (K34): stocks, each child once."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats
from sim.indicators.home import at_home
from sim.indicators.indicator import CHILD_SPLITS, NO_CLOCK, ON_FEB, ON_OCT, Indicator, Words
from sim.indicators.margins import Rows
from sim.indicators.view import View, never
from sim.record import Kind

_WAITERS = Words(
    "kinderen op de lijst voor een plek in het speciaal onderwijs of een soort die ernaast geteld wordt, "
    "elk kind één keer, ook als het nu elders een plek heeft; zonder kinderen met een toegezegde startdag "
    "die nog komt",
    "children on the list for a seat in special education or a type counted beside it, each child once, "
    "also when it has a seat elsewhere; without children whose agreed start still lies ahead",
)
_AGREED = Words(
    "kinderen op de lijst met een toegezegde startdag die nog komt (plek toegezegd), elk kind één keer",
    "children on the list with an agreed start that still lies ahead, each child once",
)
_LISTED = Words(
    "op de lijst (de beslissing is genomen), of de toegezegde startdag als die later is",
    "on the list (the decision is taken), or the agreed start when that is later",
)
_LISTED_ONLY = Words("op de lijst (de beslissing is genomen)", "on the list (the decision is taken)")
_SEAT = Words("eerste dag op de plek", "first day in the seat")
_LEFT_LIST = Words(
    "van de lijst zonder plek: gestopt met wachten, verhuisd, te oud, of de lijst was vol",
    "off the list without a seat: gave up, moved away, too old, or the list was full",
)
_SEASON = Words(
    "de lijst is het kortst vlak na 1 augustus en het langst vlak ervoor: één dag zegt niet alles",
    "the list is shortest just after 1 August and longest just before it: one day does not say all",
)


def _list(
    id_: str, title: Words, window: Words, population: Words = _WAITERS, note: Words | None = None
) -> Indicator:
    agreed = population is _AGREED
    return Indicator(
        id_,
        title,
        "children",
        population,
        _LISTED_ONLY if agreed else _LISTED,
        Words("de toegezegde startdag", "the agreed start") if agreed else _SEAT,
        _LEFT_LIST,
        window,
        additive=True,
        better="neither" if agreed else "lower",
        note=note,
    )


INDICATORS = (
    _list(
        "K02.mean",
        Words("Kinderen die wachten, gemiddeld over het schooljaar", "Children waiting, school-year mean"),
        Words("gemiddelde over alle dagen van het schooljaar", "mean over all days of the school year"),
    ),
    _list(
        "K02.oct",
        Words("Kinderen die wachten op 1 oktober", "Children waiting on 1 October"),
        ON_OCT,
        note=_SEASON,
    ),
    _list(
        "K02.feb",
        Words("Kinderen die wachten op 1 februari", "Children waiting on 1 February"),
        ON_FEB,
        note=_SEASON,
    ),
    _list(
        "K02.may",
        Words("Kinderen die wachten op 1 mei", "Children waiting on 1 May"),
        Words("1 mei van elk schooljaar", "1 May of each school year"),
        note=_SEASON,
    ),
    _list(
        "K02.aug",
        Words("Kinderen die wachten vlak voor 1 augustus", "Children waiting just before 1 August"),
        Words("31 juli, aan het einde van elk schooljaar", "31 July, at the end of each school year"),
        note=_SEASON,
    ),
    _list(
        "K02.agreed_oct",
        Words("Plek toegezegd, op 1 oktober", "Agreed start ahead, on 1 October"),
        ON_OCT,
        _AGREED,
    ),
    _list(
        "K02.agreed_feb",
        Words("Plek toegezegd, op 1 februari", "Agreed start ahead, on 1 February"),
        ON_FEB,
        _AGREED,
    ),
    Indicator(
        "K34.count",
        Words("Kinderen zonder passende plek op 1 oktober", "Children without a fitting place on 1 October"),
        "children",
        Words(
            "kinderen die wachten op een plek (zonder toegezegde startdag die nog komt) of op een "
            "programma dat eraan voorafgaat, en kinderen die thuis zitten omdat er geen plek is; elk kind "
            "één keer",
            "children who wait for a seat (without an agreed start ahead) or for a programme that comes "
            "before it, and children at home because there is no place; each child once",
        ),
        _LISTED,
        Words("eerste dag op een plek", "first day in a place"),
        NO_CLOCK,
        ON_OCT,
        CHILD_SPLITS,
        additive=True,
    ),
)


def waiting_lists(view: View) -> dict[str, Floats]:
    """K02: children who wait on a date and on average, with and without an agreed start (margins x years)."""
    waits, spread = view.waits, view.wait_spread
    agreed = spread.children(waits.listed, np.minimum(waits.ready, waits.end))
    return {
        "K02.mean": view.waiting.days(view.edges) / view.length,
        "K02.oct": view.waiting.at(view.october),
        "K02.feb": view.waiting.at(view.february),
        "K02.may": view.waiting.at(view.record.count_days("05-01")),
        "K02.aug": view.waiting.at(view.record.count_days("07-31")),
        "K02.agreed_oct": agreed.at(view.october),
        "K02.agreed_feb": agreed.at(view.february),
    }


def without_place(view: View) -> dict[str, Floats]:
    """K34: children who wait, for a seat or for a programme before it, or are at home (margins x years)."""
    home = at_home(view)
    lacking = home.stock == "no_place"
    waits, absent = view.waits, home.rows.where(lacking)
    queue, since, until = _programme_queue(view)
    every = (waits.rows, absent, queue)
    rows = Rows(*(np.concatenate([getattr(r, k) for r in every]) for k in Rows.__dataclass_fields__))
    children = view.spread(rows).children(
        np.concatenate((waits.free, home.start[lacking], since)),
        np.concatenate((waits.end, home.end[lacking], until)),
    )
    return {"K34.count": children.at(view.october)}


def _programme_queue(view: View) -> tuple[Rows, Floats, Floats]:
    """Children who wait for a programme that comes before the decision: their type is the one asked for."""
    visit = view.of_kind(Kind.SUPPORT, view.programme)
    asked = view.record.visits["destination"][visit].astype(np.intp)
    placed, left = never(view.day("placed", visit)), never(view.day("left", visit))
    return view.rows(visit, asked), view.day("listed", visit), np.minimum(placed, left)
