"""What limits the number of groups (K03), and staff asked and present (K26)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats, Steps, steps
from sim.indicators.indicator import NO_CLOCK, OVER_YEAR, TYPE_SPLITS, Indicator, Words
from sim.indicators.margins import Rows, Spread
from sim.indicators.view import View, ratio
from sim.record import Level

LIMITS = ("rooms", "funding", "staff")
_LIMIT = {
    "rooms": Words("Lokalen bepalen het aantal groepen", "Rooms set the number of groups"),
    "funding": Words("Geld bepaalt het aantal groepen", "Funding sets the number of groups"),
    "staff": Words("Personeel bepaalt het aantal groepen", "Staff sets the number of groups"),
}
_PLACES = Words(
    "alle scholen voor speciaal onderwijs, elke dag van elke school", "all special schools, each day of each"
)
_POOL = Words(
    "het personeel van groepen, extra hulp en tijdelijke groepen",
    "staff of groups, extra help and programmes",
)
_MEAN = Words("gemiddelde over het schooljaar", "mean over the school year")
_NOTHING = Words("geen", "none")

INDICATORS = (
    *(
        Indicator(
            f"K03.{limit}",
            title,
            "share",
            _PLACES,
            Words(
                "dag waarop deze grens de laagste is van lokalen, geld en personeel",
                "day on which this limit is the lowest of rooms, funding and staff",
            ),
            Words("een andere grens wordt de laagste", "another limit becomes the lowest"),
            NO_CLOCK,
            OVER_YEAR,
            TYPE_SPLITS,
            better="neither",
        )
        for limit, title in _LIMIT.items()
    ),
    Indicator(
        "K26.gap",
        Words("Personeel tekort", "Staff short"),
        "FTE",
        _POOL,
        Words("gevraagd, min aanwezig", "asked, minus present"),
        _NOTHING,
        NO_CLOCK,
        _MEAN,
        ("all",),
        additive=True,
        note=Words("onder nul: er is meer personeel dan gevraagd", "below zero: more staff than asked"),
    ),
    Indicator(
        "K26.groups_not_open",
        Words("Groepen die niet open konden", "Groups that could not open"),
        "groups",
        Words("groepen waarvoor geld is", "groups that are funded"),
        Words("betaald, min open", "funded, minus open"),
        _NOTHING,
        NO_CLOCK,
        _MEAN,
        TYPE_SPLITS,
        additive=True,
    ),
    Indicator(
        "K26.groups_open",
        Words("Deel van de betaalde groepen dat open is", "Share of funded groups that are open"),
        "share",
        Words("groepen waarvoor geld is", "groups that are funded"),
        Words("betaald", "funded"),
        Words("open", "open"),
        NO_CLOCK,
        _MEAN,
        TYPE_SPLITS,
        better="higher",
    ),
    Indicator(
        "K26.dose",
        Words("Deel van het extra personeel dat er echt is", "Share of extra staff that is really there"),
        "share",
        Words(
            "personeel dat voor extra handen, extra hulp en tijdelijke groepen is gevraagd",
            "staff asked for extra hands, extra help and programmes",
        ),
        Words("gevraagd", "asked"),
        Words("aanwezig", "present"),
        NO_CLOCK,
        _MEAN,
        ("all",),
        better="higher",
        note=Words(
            "met minder personeel werkt een maatregel ook minder", "with less staff a measure also works less"
        ),
    ),
)


def staff(view: View) -> dict[str, Floats]:
    """K03 and K26 (margins x years)."""
    binds, spread = _levels(view, Level.BINDS)
    days = spread.days(binds.start, binds.end, view.edges)
    out = {"K26.groups_open": ratio(_mean(view, Level.GROUPS), _mean(view, Level.FUNDED))}
    for code, limit in enumerate(LIMITS):
        mine = (binds.value == code).astype(np.float64)
        out[f"K03.{limit}"] = ratio(spread.days(binds.start, binds.end, view.edges, mine), days)
    out["K26.gap"] = _mean(view, Level.STAFF_ASKED) - _mean(view, Level.STAFF_PRESENT)
    out["K26.groups_not_open"] = _mean(view, Level.FUNDED) - _mean(view, Level.GROUPS)
    dose, spread = _levels(view, Level.DOSE)
    out["K26.dose"] = ratio(
        spread.days(dose.start, dose.end, view.edges, dose.value),
        spread.days(dose.start, dose.end, view.edges),
    )
    return out


def _levels(view: View, what: Level) -> tuple[Steps, Spread]:
    rows = steps(view.record, what)
    none = np.full(len(rows.type), -1)
    return rows, view.spread(Rows(none, rows.type, rows.district, none))


def _mean(view: View, what: Level) -> Floats:
    """School-year mean of a level, summed over its parts; NaN when it was never written."""
    rows, spread = _levels(view, what)
    if not len(rows.value):
        return view.blank()
    return spread.days(rows.start, rows.end, view.edges, rows.value) / view.length
