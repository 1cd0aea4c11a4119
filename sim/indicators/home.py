"""Children at home (K10, K11), the school weeks that children miss (K12), and those exempt from going (K13).

The three stocks at home are never mixed. Exempt children are counted beside them: an exemption takes a child out of the
count of those at home without giving it education.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.indicators.counting import Bools, Floats, Steps, steps
from sim.indicators.indicator import CHILD_SPLITS, NO_CLOCK, ON_FEB, ON_OCT, OVER_YEAR, Indicator, Words
from sim.indicators.margins import Rows, Spread
from sim.indicators.view import DAYS_PER_YEAR, View, never, ratio
from sim.record import Kind, Level, PlaceInfo

STOCKS = ("no_place", "has_place", "between")
EXEMPT, PARTIAL = "exempt", "partial"
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


_DAYS_AT_HOME = Words(
    "alle dagen thuis, ook van kinderen die er korter dan vier weken zijn, omgerekend naar schoolweken",
    "all days at home, also of children who are there for less than four weeks, as school weeks",
)


def _missed(key: str, title: Words, who: Words, note: Words = _DAYS_AT_HOME) -> Indicator:
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
        note=note,
    )


_NO_EDUCATION = Words(
    "kinderen die thuis zitten om welke reden ook, die met toestemming een deel van de tijd naar school gaan, of van wie "
    "de groep naar huis werd gestuurd; zonder kinderen met een vrijstelling",
    "children at home for whatever reason, who attend part of the time by agreement, or whose group was sent home; without "
    "children who are exempt",
)
_OTHER_LINES = (
    _missed(
        PARTIAL,
        Words(
            "Gemiste schoolweken: een deel van de tijd naar school",
            "Missed school weeks: at school part of the time",
        ),
        Words(
            "kinderen die volgens afspraak een deel van de tijd naar school gaan, of een tijdelijke plek hebben waar niet "
            "alle tijd onderwijs is",
            "children who by agreement attend part of the time, or have a temporary place where not all time is education",
        ),
        Words(
            "alleen het deel van de tijd dat geen onderwijs is",
            "only the part of the time that is no education",
        ),
    ),
    _missed(
        "sent_home",
        Words("Gemiste schoolweken: groep naar huis gestuurd", "Missed school weeks: group sent home"),
        Words(
            "kinderen met een plek in het speciaal onderwijs van wie de groep geen leraar had",
            "children with a seat in special education whose group had no teacher",
        ),
        Words(
            "gemiddeld per kind van een soort, keer het aantal kinderen",
            "mean per child of a type, times the number of children",
        ),
    ),
    _missed(
        EXEMPT,
        Words("Schoolweken zonder onderwijs: vrijgesteld", "School weeks without education: exempt"),
        Words(
            "kinderen die van de leerplicht zijn vrijgesteld (artikel 5 onder a); zij tellen niet mee in het totaal",
            "children who are exempt from compulsory education (article 5 under a); they are not in the total",
        ),
        Words(
            "laat zien wat een vrijstelling verbergt: het kind telt niet als thuiszitter en krijgt geen onderwijs",
            "shows what an exemption hides: the child is not counted as at home and gets no education",
        ),
    ),
    Indicator(
        "K13.stock",
        Words(
            "Vrijgesteld van de leerplicht, op 1 oktober", "Exempt from compulsory education, on 1 October"
        ),
        "children",
        Words(
            "kinderen met een vrijstelling volgens artikel 5 onder a, elk kind één keer",
            "children with an exemption under article 5 under a, each child once",
        ),
        Words("eerste dag van de vrijstelling", "first day of the exemption"),
        Words(
            "weer onderwijs, of te oud voor de leerplicht",
            "education again, or too old for compulsory education",
        ),
        _MOVED,
        ON_OCT,
        CHILD_SPLITS,
        additive=True,
        note=Words(
            "altijd naast het aantal kinderen dat thuis zit: een vrijstelling haalt een kind uit die telling",
            "always beside the number of children at home: an exemption takes a child out of that count",
        ),
    ),
    Indicator(
        "K13.new",
        Words("Nieuwe vrijstellingen in het schooljaar", "New exemptions in the school year"),
        "children",
        Words(
            "kinderen die in het schooljaar worden vrijgesteld",
            "children who become exempt in the school year",
        ),
        Words("eerste dag van de vrijstelling", "first day of the exemption"),
        NO_CLOCK,
        _MOVED,
        OVER_YEAR,
        CHILD_SPLITS,
        additive=True,
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
    _missed(
        "total",
        Words("Gemiste schoolweken", "Missed school weeks"),
        _NO_EDUCATION,
        Words(
            "alle regels hieronder samen, zonder vrijstellingen; een kind dat om twee redenen tegelijk thuis is, telt één keer",
            "all lines below together, without exemptions; a child at home for two reasons at once counts once",
        ),
    ),
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
    *_OTHER_LINES,
)


@dataclass(frozen=True)
class AtHome:
    """Spells at home (or only partly at school).

    Attributes:
        rows: Codes.
        start, end: Days; `end` is infinite for a spell that goes on.
        stock: One of `STOCKS`, `EXEMPT` or `PARTIAL`, per spell.
        missed: Share of school time that is missed.
    """

    rows: Rows
    start: Floats
    end: Floats
    stock: NDArray[np.str_]
    missed: Floats

    def where(self, keep: Bools) -> AtHome:
        """Only the spells where `keep` is true."""
        return AtHome(
            self.rows.where(keep), self.start[keep], self.end[keep], self.stock[keep], self.missed[keep]
        )


def at_home(view: View) -> AtHome:
    """All spells at home, each with its stock, and the time in programmes that is not all education.

    The place with id `no_place` is the first stock; places tagged `has_place` the second; those without tag the third.
    """
    home, programme = view.of_kind(Kind.ABSENCE), view.of_kind(Kind.SUPPORT, view.programme)
    visit = np.concatenate((home, programme))
    place = view.record.visits["place"][visit]
    missed = np.array([1.0 - p.attends for p in view.record.places] + [1.0])[place]
    keep = ~np.isnan(view.day("placed", visit)) & (missed > 0)
    visit, place, missed = visit[keep], place[keep], missed[keep]
    stock = np.array([_stock_of(p) for p in view.record.places] + ["between"])[place]
    return AtHome(view.rows(visit), view.day("placed", visit), never(view.day("left", visit)), stock, missed)


def _stock_of(place: PlaceInfo) -> str:
    if EXEMPT in place.tags:
        return EXEMPT
    if place.attends > 0 or place.role == "programme":
        return PARTIAL
    return "no_place" if place.id == "no_place" else "has_place" if "has_place" in place.tags else "between"


def home(view: View) -> dict[str, Floats]:
    """K10, K11, K12 and K13 (margins x years)."""
    every = at_home(view)
    found = every.where(np.isin(every.stock, STOCKS))
    # "More than" 28 days: the child counts from the first moment after them.
    after_month = np.nextafter(found.start + FOUR_WEEKS, np.inf)
    after_quarter = np.nextafter(found.start + THREE_MONTHS, np.inf)
    everyone = view.spread(found.rows)
    per_day = view.record.school_weeks / DAYS_PER_YEAR
    partial, exempt = every.where(every.stock == PARTIAL), every.where(every.stock == EXEMPT)
    freed = view.spread(exempt.rows)
    out = {
        "K11.stock": everyone.children(after_quarter, found.end).at(view.october),
        "K11.risk": _risk(view, found, after_quarter),
        "K12.partial": view.spread(partial.rows).days(partial.start, partial.end, view.edges, partial.missed)
        * per_day,
        "K12.sent_home": _sent_home(view),
        "K12.exempt": freed.children(exempt.start, exempt.end).days(view.edges) * per_day,
        "K13.stock": freed.children(exempt.start, exempt.end).at(view.october),
        "K13.new": freed.events(exempt.start, view.edges),
    }
    out["K12.total"] = everyone.children(found.start, found.end).days(view.edges) * per_day
    out["K12.total"] += out["K12.partial"] + out["K12.sent_home"]
    for stock in STOCKS:
        mine = found.stock == stock
        spread = view.spread(found.rows.where(mine))
        long = spread.children(after_month[mine], found.end[mine])
        out[f"K10.{stock}"] = long.at(view.october)
        out[f"K10.{stock}_feb"] = long.at(view.february)
        out[f"K12.{stock}"] = spread.children(found.start[mine], found.end[mine]).days(view.edges) * per_day
    return out


def _sent_home(view: View) -> Floats:
    """School weeks missed because groups were sent home: weeks per child of a type, for all children who have a seat."""
    total = np.zeros((view.margins, view.years))
    weeks = steps(view.record, Level.SENT_HOME)
    stays = view.stays
    for i in range(len(weeks.value)):
        if weeks.value[i] > 0:
            keep = (
                (stays.rows.type == weeks.type[i])
                & (stays.placed < weeks.end[i])
                & (stays.left > weeks.start[i])
            )
            start = np.maximum(stays.placed[keep], weeks.start[i])
            end = np.maximum(np.minimum(stays.left[keep], weeks.end[i]), start)
            days = view.spread(stays.rows.where(keep)).days(start, end, view.edges)
            total += days * weeks.value[i] / DAYS_PER_YEAR
    return total


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
