"""Children at home (K10, K11) and the school weeks they miss (K12). Three stocks that are never mixed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.indicators.counting import Floats, Steps, steps
from sim.indicators.indicator import CHILD_SPLITS, ON_FEB, ON_OCT, OVER_YEAR, Indicator, Words
from sim.indicators.margins import Rows, Spread
from sim.indicators.view import DAYS_PER_YEAR, View, never, ratio
from sim.record import Kind, Level

STOCKS = ("no_place", "has_place", "between")
FOUR_WEEKS, THREE_MONTHS = 28.0, 91.0
_WHO = {
    "no_place": Words(
        "kinderen die thuis zitten omdat er geen plek voor hen is",
        "children at home because there is no place for them",
    ),
    "has_place": Words(
        "kinderen met een plek die er niet heen kunnen (ziekte, angst, thuis)",
        "children with a place who cannot attend (illness, anxiety, home)",
    ),
    "between": Words(
        "kinderen tussen twee scholen, of nieuw in het land",
        "children between schools, or new in the country",
    ),
}
_SHORT = {
    "no_place": Words("Thuis zonder plek", "At home without a place"),
    "has_place": Words("Thuis, heeft wel een plek", "At home, has a place"),
    "between": Words(
        "Thuis, tussen twee scholen of nieuw in het land", "At home, between schools or new in the country"
    ),
}
_ALL = Words("kinderen die thuis zitten, om welke reden ook", "children at home, for whatever reason")
_FIRST = Words("eerste dag thuis", "first day at home")
_AGAIN = Words(
    "weer naar school of een andere vorm van onderwijs", "back to school or another form of education"
)
_MOVED = Words("verhuisd of te oud", "moved away or too old")
_SEATS_HELP = Words(
    "drie groepen die niet bij elkaar horen: meer plekken helpen alleen de kinderen zonder plek; samen "
    "zijn zij het aantal kinderen dat langer dan vier weken thuis zit, met en zonder toestemming",
    "three groups that must not be mixed: more seats help only the children without a place; together they "
    "are the number of children at home for over four weeks, lawful and unlawful",
)


def _stock(stock: str, suffix: str, nl: str, en: str, window: Words) -> Indicator:
    title = _SHORT[stock]
    return Indicator(
        f"K10.{stock}{suffix}",
        Words(f"{title.nl}, langer dan 4 weken, op {nl}", f"{title.en}, over 4 weeks, on {en}"),
        "children",
        Words(f"{_WHO[stock].nl}, elk kind één keer", f"{_WHO[stock].en}, each child once"),
        Words("meer dan 28 dagen na de eerste dag thuis", "more than 28 days after the first day at home"),
        _AGAIN,
        _MOVED,
        window,
        CHILD_SPLITS,
        additive=True,
        note=_SEATS_HELP,
    )


def _missed(key: str, title: Words, who: Words) -> Indicator:
    return Indicator(
        f"K12.{key}",
        title,
        "school weeks",
        who,
        _FIRST,
        _AGAIN,
        _MOVED,
        OVER_YEAR,
        CHILD_SPLITS,
        additive=True,
        note=Words(
            "alle dagen thuis, ook van kinderen die er korter dan vier weken zijn, omgerekend naar "
            "schoolweken; kinderen die met toestemming een deel van de tijd naar school gaan, tellen hier "
            "niet mee",
            "all days at home, also of children who are there for less than four weeks, as school weeks; "
            "children who attend part of the time with permission are not counted here",
        ),
    )


INDICATORS = (
    *(
        _stock(stock, suffix, nl, en, window)
        for suffix, nl, en, window in (
            ("", "1 oktober", "1 October", ON_OCT),
            ("_feb", "1 februari", "1 February", ON_FEB),
        )
        for stock in STOCKS
    ),
    Indicator(
        "K11.stock",
        Words("Langer dan drie maanden thuis, op 1 oktober", "At home for over three months, on 1 October"),
        "children",
        Words(f"{_ALL.nl}, elk kind één keer", f"{_ALL.en}, each child once"),
        Words("meer dan 91 dagen na de eerste dag thuis", "more than 91 days after the first day at home"),
        _AGAIN,
        _MOVED,
        ON_OCT,
        CHILD_SPLITS,
        additive=True,
    ),
    Indicator(
        "K11.risk",
        Words("Kans om langer dan drie maanden thuis te raken", "Risk of over three months at home"),
        "per 1,000 children per year",
        Words(
            "alle kinderen in de gewone scholen en in het speciaal onderwijs van de regio, gemiddeld over "
            "het schooljaar",
            "all children in regular and special education of the region, school-year mean",
        ),
        _FIRST,
        Words(
            "91 dagen later nog thuis; elk kind telt één keer per schooljaar",
            "still at home 91 days later; each child counts once a school year",
        ),
        Words("eerder weer naar school", "back in school before that"),
        OVER_YEAR,
        ("all", "district"),
    ),
    _missed("total", Words("Gemiste schoolweken", "Missed school weeks"), _ALL),
    *(
        _missed(
            stock,
            Words(
                f"Gemiste schoolweken: {_SHORT[stock].nl.lower()}",
                f"Missed school weeks: {_SHORT[stock].en.lower()}",
            ),
            _WHO[stock],
        )
        for stock in STOCKS
    ),
)


@dataclass(frozen=True)
class AtHome:
    """Spells at home.

    Attributes:
        rows: Codes.
        start, end: Days; `end` is infinite for a spell that goes on.
        stock: One of `STOCKS`, per spell.
    """

    rows: Rows
    start: Floats
    end: Floats
    stock: NDArray[np.str_]


def at_home(view: View) -> AtHome:
    """All spells at home, each with its stock.

    The place with id `no_place` is the first stock; places tagged `has_place` the second; all others the
    third.
    """
    visit = view.of_kind(Kind.ABSENCE)
    visit = visit[~np.isnan(view.day("placed", visit))]
    stock_of = np.array(
        [
            "no_place" if place.id == "no_place" else "has_place" if "has_place" in place.tags else "between"
            for place in view.record.places
        ]
        + ["between"]
    )
    stock = stock_of[view.record.visits["place"][visit]]
    return AtHome(view.rows(visit), view.day("placed", visit), never(view.day("left", visit)), stock)


def home(view: View) -> dict[str, Floats]:
    """K10, K11 and K12 (margins x years)."""
    found = at_home(view)
    # "More than" 28 days: the child counts from the first moment after them.
    after_month = np.nextafter(found.start + FOUR_WEEKS, np.inf)
    after_quarter = np.nextafter(found.start + THREE_MONTHS, np.inf)
    everyone = view.spread(found.rows)
    per_day = view.record.school_weeks / DAYS_PER_YEAR
    out = {
        "K11.stock": everyone.children(after_quarter, found.end).at(view.october),
        "K11.risk": _risk(view, found, after_quarter),
        "K12.total": everyone.children(found.start, found.end).days(view.edges) * per_day,
    }
    for stock in STOCKS:
        mine = found.stock == stock
        spread = view.spread(found.rows.where(mine))
        long = spread.children(after_month[mine], found.end[mine])
        out[f"K10.{stock}"] = long.at(view.october)
        out[f"K10.{stock}_feb"] = long.at(view.february)
        out[f"K12.{stock}"] = spread.children(found.start[mine], found.end[mine]).days(view.edges) * per_day
    return out


def _risk(view: View, found: AtHome, reached: Floats) -> Floats:
    hit = np.flatnonzero(found.end > reached)
    spread = view.spread(found.rows.where(found.end > reached))
    day = reached[hit]
    # A child that reaches the mark twice in one school year counts once: only its first time is kept.
    year = np.searchsorted(view.edges, day, side="right")
    pupil = found.rows.pupil[hit]
    order = np.lexsort((day, year, pupil))
    repeated = np.zeros(len(hit), dtype=np.bool_)
    repeated[order[1:]] = (pupil[order][1:] == pupil[order][:-1]) & (year[order][1:] == year[order][:-1])
    keep = ~repeated[spread.row]
    children = replace(spread, row=spread.row[keep], margin=spread.margin[keep]).events(day, view.edges)
    everyone = population_days(view) + view.pupil_days
    return 1000.0 * ratio(children, everyone / view.length)


def population_days(view: View) -> Floats:
    """Child-days of the children of regular stages who are not simulated one by one.

    In the margins of everything together, of districts and of the stages themselves (margins x years).
    """
    rows, spread = _population(view)
    return spread.days(rows.start, rows.end, view.edges, rows.value)


def population_at(view: View, dates: Floats) -> Floats:
    """The same children on dates (margins x dates)."""
    rows, spread = _population(view)
    return spread.at(rows.start, rows.end, dates, rows.value)


def _population(view: View) -> tuple[Steps, Spread]:
    rows = steps(view.record, Level.POPULATION)
    none = np.full(len(rows.type), -1)
    return rows, view.spread(Rows(none, rows.type, rows.district, none))
