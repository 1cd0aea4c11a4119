"""What limits the number of groups (K03), incidents (K23), staff asked and present (K26), illness and leaving (K27)."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.indicators.counting import Floats, Steps, steps
from sim.indicators.indicator import (
    NO_CLOCK,
    OVER_YEAR,
    POOL_SPLITS,
    TYPE_SPLITS,
    Indicator,
    Words,
)
from sim.indicators.margins import Rows, Spans, Spread
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
    "het personeel van groepen, extra hulp, tijdelijke groepen, aanpakken en teams, per soort personeel",
    "staff of groups, extra help, programmes, approaches and teams, per pool",
)
_VACANT = Words(
    "vacatures die er op de eerste dag al zijn, tellen niet mee: wie er dan staat, is wat een groep vraagt",
    "vacancies that exist on the first day do not count: who is there then is what a group asks",
)
_SHORT = Words(
    "gevraagd, min aanwezig; wat de ene soort over heeft, vult geen tekort van een andere",
    "asked, minus present; what one pool has to spare fills no shortage of another",
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
        "K23.incidents",
        Words("Onrust en incidenten in de groep", "Unrest and incidents in the group"),
        "index",
        Words("groepen van het speciaal onderwijs", "groups of special schools"),
        Words(
            "incidenten in een gewone groep, vergeleken met de eerste dag (100)",
            "incidents in a usual group, compared with the first day (100)",
        ),
        _NOTHING,
        NO_CLOCK,
        _MEAN,
        ("all", "type"),
        note=Words(
            "niemand telt incidenten: dit laat alleen zien wat de aannames over grotere groepen zeggen; alle soorten samen "
            "gewogen naar plekken",
            "nobody counts incidents: this only shows what the assumptions on larger groups say; all types together "
            "weighted by seats",
        ),
    ),
    Indicator(
        "K26.asked",
        Words("Personeel gevraagd", "Staff asked"),
        "FTE",
        _POOL,
        Words("gevraagd", "asked"),
        _NOTHING,
        NO_CLOCK,
        _MEAN,
        POOL_SPLITS,
        additive=True,
        better="neither",
        note=_VACANT,
    ),
    Indicator(
        "K26.found",
        Words("Personeel dat er is", "Staff that is there"),
        "FTE",
        _POOL,
        Words(
            "aanwezig: in dienst of van buiten, min wie meer ziek is dan nu, studenten begeleidt of is uitgeleend",
            "present: in service or from outside, less who is more ill than today, supervises students or is lent out",
        ),
        _NOTHING,
        NO_CLOCK,
        _MEAN,
        POOL_SPLITS,
        additive=True,
        better="neither",
    ),
    Indicator(
        "K26.gap",
        Words("Personeel tekort", "Staff short"),
        "FTE",
        _POOL,
        _SHORT,
        _NOTHING,
        NO_CLOCK,
        _MEAN,
        POOL_SPLITS,
        additive=True,
        note=_VACANT,
    ),
    Indicator(
        "K26.worst",
        Words("Personeel tekort in de slechtste maand", "Staff short in the worst month"),
        "FTE",
        _POOL,
        _SHORT,
        _NOTHING,
        NO_CLOCK,
        Words(
            "de maand van het schooljaar met het hoogste gemiddelde",
            "the month of the school year with the highest mean",
        ),
        POOL_SPLITS,
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
        POOL_SPLITS,
        better="higher",
        note=Words(
            "met minder personeel werkt een maatregel ook minder; alles samen gewogen naar wat is gevraagd",
            "with less staff a measure also works less; all together weighted by what is asked",
        ),
    ),
    Indicator(
        "K27.sick",
        Words("Ziekteverzuim van personeel", "Illness of staff"),
        "share",
        Words("personeel waarvan het ziekteverzuim bekend is", "staff whose illness is known"),
        Words("tijd verloren door ziekte", "time lost through illness"),
        _NOTHING,
        NO_CLOCK,
        _MEAN,
        POOL_SPLITS,
    ),
    Indicator(
        "K27.left",
        Words("Personeel dat vertrok", "Staff that left"),
        "FTE",
        _POOL,
        Words("vertrokken op 1 augustus", "left on 1 August"),
        _NOTHING,
        NO_CLOCK,
        Words("aan het begin van het schooljaar", "at the start of the school year"),
        POOL_SPLITS,
        additive=True,
    ),
)


def staff(view: View) -> dict[str, Floats]:
    """K03, K26 and K27 (margins x years)."""
    binds, spread = _levels(view, Level.BINDS)
    days = spread.days(binds.start, binds.end, view.edges)
    out = {}
    for code, limit in enumerate(LIMITS):
        mine = (binds.value == code).astype(np.float64)
        out[f"K03.{limit}"] = ratio(spread.days(binds.start, binds.end, view.edges, mine), days)
    out["K26.asked"], out["K26.found"] = _mean(view, Level.STAFF_ASKED), _mean(view, Level.STAFF_PRESENT)
    out["K26.gap"], out["K26.worst"] = _short(view)
    out["K26.groups_not_open"] = _mean(view, Level.FUNDED) - _mean(view, Level.GROUPS)
    out["K26.groups_open"] = ratio(_mean(view, Level.GROUPS), _mean(view, Level.FUNDED))
    out["K26.dose"] = _share(view, Level.DOSE)
    out["K27.sick"] = _share(view, Level.SICK)
    out["K27.left"] = _mean(view, Level.LEFT)
    return out


def incidents(view: View) -> dict[str, Floats]:
    """K23 (margins x years)."""
    return {"K23.incidents": _share(view, Level.INCIDENTS)}


def _share(view: View, what: Level) -> Floats:
    """School-year mean of a level that does not add up: rows without a type say what holds for all together."""
    rows = steps(view.record, what)
    margin = np.where(rows.type < 0, 0, view.margin_of_type[rows.type])
    spans = Spans(np.arange(len(margin)), margin, rows.start, rows.end, view.margins)
    return ratio(spans.days(view.edges, rows.value), spans.days(view.edges))


def _short(view: View) -> tuple[Floats, Floats]:
    """Mean of what is asked and not present, per pool and summed, over each school year and in its worst month."""
    asked, there = steps(view.record, Level.STAFF_ASKED), steps(view.record, Level.STAFF_PRESENT)
    if not len(asked.value):
        return view.blank(), view.blank()
    pool, start, end, value = [], [], [], []
    for code in np.unique(asked.type):
        parts = [
            (rows.start[mine], rows.value[mine]) for rows in (asked, there) for mine in (rows.type == code,)
        ]
        days = np.unique(np.concatenate([first for first, _ in parts]))
        at = [_on(days, *part) for part in parts]
        value.append(np.maximum(0.0, at[0] - at[1]))
        start.append(days)
        end.append(np.append(days[1:], view.record.end))
        pool.append(np.full(len(days), code))
    types, none = np.concatenate(pool), np.full(sum(map(len, pool)), -1)
    spread = view.spread(Rows(none, types, none, none))
    first, last, short = np.concatenate(start), np.concatenate(end), np.concatenate(value)
    months = _months(view)
    monthly = spread.days(first, last, months, short) / np.diff(months)
    worst: Floats = monthly.reshape(view.margins, view.years, 12).max(axis=2)
    return spread.days(first, last, view.edges, short) / view.length, worst


def _on(days: Floats, start: Floats, value: Floats) -> Floats:
    """Value of a level on each day; nothing before it was first written."""
    order = np.argsort(start)
    found: Floats = np.append(0.0, value[order])[np.searchsorted(start[order], days, side="right")]
    return found


def _months(view: View) -> Floats:
    """First day of every month, and the end."""
    start = view.record.start
    first = [date(start.year + (7 + m) // 12, (7 + m) % 12 + 1, 1) for m in range(12 * view.years + 1)]
    return np.array([float((day - start).days) for day in first])


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
