"""What it costs: by payer and by purpose (K28), and rides to special types (K29).

Every euro comes from one price or one payment, has one payer and one purpose, and is counted in whole euros per price
and year; so the sums by payer and by purpose equal the total to the euro, per school year and per calendar year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.indicators.counting import Floats, Ints, Steps, steps, year_of
from sim.indicators.indicator import NO_CLOCK, OVER_YEAR, Indicator, Split, Words
from sim.indicators.view import View, never
from sim.record import Kind, Level, PriceInfo

_MONEY: tuple[Split, ...] = ("all", "payer", "organisation", "purpose")
_BUDGETS: tuple[Split, ...] = ("all", "payer", "organisation")
OLD_YEAR, NEW_YEAR = 7.0 / 12.0, 5.0 / 12.0
_LEVEL_OF = {
    "place": Level.SEATS,
    "group": Level.GROUPS,
    "slot": Level.HELP_SLOTS,
    "staff": Level.STAFF_EXTRA,
    "approach": Level.REACH,
}

_COUNTED = Words(
    "alles waarvoor het model een bedrag kent: kinderen, plekken, groepen, personeel naast de groepen, ritten, aanpakken "
    "en wat eenmalig wordt betaald",
    "all for which the model knows an amount: children, places, groups, staff beside the groups, rides, approaches and "
    "what is paid once",
)
_RECEIVED = Words(
    "wat een budget per kind ontvangt, van alle kinderen waarvoor het geld krijgt",
    "what a budget receives per child, of all children for whom it is funded",
)
_LEFT = Words(
    "wat een budget ontvangt, min wat eruit wordt betaald",
    "what a budget receives, less what is paid from it",
)
_DATE = Words("de dag waarop het er is, of de datum van een eenmalige betaling", "the day on which it is there, or the date "
              "of a single payment")  # fmt: skip
_END = Words("de dag waarop het er niet meer is", "the day on which it is gone")
_CALENDAR = Words(
    "het kalenderjaar waarin het schooljaar begint: 7/12 van het oude en 5/12 van het nieuwe schooljaar; wat eenmalig "
    "wordt betaald op zijn eigen datum",
    "the calendar year in which the school year starts: 7/12 of the old and 5/12 of the new school year; what is paid "
    "once on its own date",
)
_ONCE_ONLY = Words(
    "elke euro telt één keer, bij wie hem aan kinderen uitgeeft; leraren van groepen zitten in de bedragen per leerling; "
    "prijspeil van elk bedrag zoals erbij staat, zonder inflatie; waar geen bedrag van bekend is, telt niet mee",
    "each euro counts once, with whoever spends it on children; teachers of groups are inside the amounts per pupil; price "
    "level of each amount as stated, without inflation; what has no known amount is not counted",
)


def _euro(
    key: str, title: Words, population: Words, window: Words, splits: tuple[Split, ...], *, additive: bool
) -> Indicator:
    return Indicator(
        f"K28.{key}", title, "euro", population, _DATE, _END, NO_CLOCK, window, splits,
        additive=additive, better="neither", note=_ONCE_ONLY,
    )  # fmt: skip


_BY_WINDOW = (
    ("", Words(" per schooljaar", " per school year"), OVER_YEAR),
    ("calendar_", Words(" per kalenderjaar", " per calendar year"), _CALENDAR),
)
INDICATORS = (
    *(
        _euro(f"{prefix}{key}", Words(title.nl + per.nl, title.en + per.en), who, window, splits, additive=additive)
        for prefix, per, window in _BY_WINDOW
        for key, title, who, splits, additive in (
            ("total", Words("Uitgaven", "Spending"), _COUNTED, _MONEY, True),
            ("income", Words("Inkomsten van een budget", "Income of a budget"), _RECEIVED, _BUDGETS, True),
            ("balance", Words("Wat een budget overhoudt", "What a budget has left"), _LEFT, _BUDGETS[1:], False),
        )
    ),
    Indicator(
        "K29.riders",
        Words("Kinderen met leerlingenvervoer", "Children with pupil transport"),
        "children",
        Words("kinderen met een plek, keer het deel dat vervoer krijgt", "children with a seat, times the share that rides"),
        Words("eerste dag op de plek", "first day in the seat"),
        Words("laatste dag op de plek", "last day in the seat"),
        NO_CLOCK,
        Words("gemiddelde over het schooljaar", "mean over the school year"),
        ("all", "type"),
        additive=True,
        better="neither",
    ),
    Indicator(
        "K29.cost",
        Words("Uitgaven aan leerlingenvervoer", "Spending on pupil transport"),
        "euro",
        Words("alle ritten die een prijs hebben", "all rides that have a price"),
        _DATE,
        _END,
        NO_CLOCK,
        OVER_YEAR,
        ("all", "type"),
        additive=True,
        better="neither",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Curve:
    """A number through time: `value[i]` from `time[i]` until the next; nothing before the first."""

    time: Floats
    value: Floats

    @classmethod
    def of(cls, start: Floats, end: Floats, weight: Floats) -> Curve:
        """How much is there, of spans that each have a weight."""
        over = np.isfinite(end)
        time = np.concatenate((start, end[over]))
        order = np.argsort(time, kind="stable")
        return cls(time[order], np.cumsum(np.concatenate((weight, -weight[over]))[order]))

    def at(self, day: Floats) -> Floats:
        """Value on days."""
        return np.append(self.value, 0.0)[np.searchsorted(self.time, day, side="right") - 1]

    def above(self, day: float) -> Curve:
        """What it is more than on one day."""
        return Curve(self.time, np.maximum(0.0, self.value - self.at(np.array([day]))))

    def times(self, other: Curve) -> Curve:
        """Product with another curve, which counts 1 before it begins."""
        time = np.union1d(self.time, other.time)
        factor = np.where(time < other.time[0], 1.0, other.at(time))
        return Curve(time, self.at(time) * factor)

    def mean(self, edges: Floats) -> Floats:
        """Mean over each year between edges."""
        if not len(self.time):
            return np.zeros(len(edges) - 1)
        time = np.append(self.time, max(self.time[-1], edges[-1]))
        area = np.concatenate(([0.0], np.cumsum(self.value * np.diff(time))))
        found: Floats = np.diff(np.interp(edges, time, area)) / np.diff(edges)
        return found


def money(view: View) -> dict[str, Floats]:
    """K28 and K29 (margins x years)."""
    record = view.record
    out = {i.id: view.blank() for i in INDICATORS}
    units = Units(view)
    if not record.payers:
        return out
    spent, received = out["K28.total"], out["K28.income"]
    spent_later, received_later = out["K28.calendar_total"], out["K28.calendar_income"]
    margins = [0, *view.margin_of_money.values()]
    spent[margins] = 0.0
    spent_later[margins, 1:] = 0.0
    for price in record.prices:
        mine = _margins(view, price.payer, price.purpose)
        into, later = (spent, spent_later) if price.amount >= 0 else (received, received_later)
        total = units.of(price) * abs(price.amount)
        _add(into, mine, np.rint(total))
        _add(later, mine, np.rint(OLD_YEAR * total[:-1] + NEW_YEAR * total[1:]), 1)
        if price.per == "ride":
            _rides(view, units, price, out)
    school, calendar = view.edges, _calendar_edges(view)
    for payment in record.once:
        if 0 <= payment.day < record.end:
            mine = _margins(view, payment.payer, payment.purpose)
            day = np.array([payment.day])
            for table, edges, first in ((spent, school, 0), (spent_later, calendar, 1)):
                year = year_of(day, edges)[0]
                if year >= 0:
                    table[mine, year + first] += np.rint(payment.amount)
    out["K28.balance"] = received - spent
    out["K28.calendar_balance"] = received_later - spent_later
    return out


def _calendar_edges(view: View) -> Floats:
    """Days on which the whole calendar years within the horizon start, and the end of the last."""
    start = view.record.start
    years = range(start.year + 1, start.year + view.years + 1)
    return np.array([float((date(year, 1, 1) - start).days) for year in years])


def _margins(view: View, payer: str, purpose: str) -> list[int]:
    organisation = next(p.organisation for p in view.record.payers if p.id == payer)
    labels = [f"payer:{payer}", f"purpose:{purpose}"]
    labels += [f"organisation:{organisation}"] if organisation else []
    return [0, *(view.margin_of_money[label] for label in labels)]


def _add(table: Floats, margins: list[int], amount: Floats, first: int = 0) -> None:
    table[margins, first:] = np.nan_to_num(table[margins, first:]) + amount


def _rides(view: View, units: Units, price: PriceInfo, out: dict[str, Floats]) -> None:
    for name in price.of:
        margins = [0, int(view.margin_of_type[view.record.types.index(name)])]
        riders, cost = units.riders(price, name)
        _add(out["K29.riders"], margins, riders)
        _add(out["K29.cost"], margins, np.rint(cost * price.amount))


class Units:
    """How many units of a price there are, as a mean over each school year."""

    def __init__(self, view: View) -> None:
        """Look at a record."""
        self.view = view
        self._steps: dict[Level, Steps] = {}

    def of(self, price: PriceInfo) -> Floats:
        """Units for which a price is paid, per school year; requests are counted, not averaged."""
        if price.per == "request":
            return sum((self._requests(price, name) for name in price.of), np.zeros(self.view.years))
        if price.per == "ride":
            return sum((self.riders(price, name)[1] for name in price.of), np.zeros(self.view.years))
        found = np.zeros(self.view.years)
        for name in price.of:
            for curve in self._curves(price, name):
                found += (curve.above(0.0) if price.above_today else curve).mean(self.view.edges)
        return found * price.share

    def riders(self, price: PriceInfo, name: str) -> tuple[Floats, Floats]:
        """Children who ride to one type, and the same times the ratio on its prices."""
        ratio = self._levels(Level.TRANSPORT)
        mine = ratio.type == self.view.record.types.index(name)
        riders, paid = np.zeros(self.view.years), np.zeros(self.view.years)
        for whole in self._curves(price, name):
            curve = whole.above(0.0) if price.above_today else whole
            riders += price.share * curve.mean(self.view.edges)
            if mine.any():
                order = np.argsort(ratio.start[mine], kind="stable")
                curve = curve.times(Curve(ratio.start[mine][order], ratio.value[mine][order]))
            paid += price.share * curve.mean(self.view.edges)
        return riders, paid

    def _curves(self, price: PriceInfo, name: str) -> Iterator[Curve]:
        """What is counted of one type, pool or approach, place by place."""
        start, end, weight, place = self._spans(price, name)
        for one in np.unique(place) if price.above_today else (None,):
            here = slice(None) if one is None else place == one
            yield Curve.of(start[here], end[here], weight[here])

    def _spans(self, price: PriceInfo, name: str) -> tuple[Floats, Floats, Floats, Ints]:
        view, record = self.view, self.view.record
        # A pool has no type code as long as there is one: its rows carry none either.
        code = record.types.index(name) if name in record.types else -1
        if price.per in ("pupil", "ride") and view.special[code]:
            visit = view.stays.visit[view.stays.rows.type == code]
        elif price.per == "home":
            visit = view.of_kind(Kind.ABSENCE)
            visit = visit[record.visits["type"][visit] == code]
        else:
            rows = self._levels(_LEVEL_OF.get(price.per, Level.POPULATION))
            keep = rows.type == code
            return rows.start[keep], rows.end[keep], rows.value[keep], rows.place[keep]
        visit = visit[self._needs(price, visit) & ~np.isnan(view.day("placed", visit))]
        start, end = view.day("placed", visit), never(view.day("left", visit))
        return start, end, np.ones(len(visit)), record.visits["place"][visit].astype(np.intp)

    def _requests(self, price: PriceInfo, name: str) -> Floats:
        view = self.view
        visit = view.requests[view.record.visits["type"][view.requests] == view.record.types.index(name)]
        year = year_of(view.day("listed", visit[self._needs(price, visit)]), view.edges)
        counted = np.bincount(year[year >= 0], minlength=view.years).astype(np.float64)
        return price.share * counted

    def _needs(self, price: PriceInfo, visit: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which visits are of children with the needs of a price."""
        if not price.profiles:
            return np.ones(len(visit), dtype=np.bool_)
        codes = [self.view.record.profiles.index(name) for name in price.profiles]
        return np.isin(self.view.record.visits["profile"][visit], codes)

    def _levels(self, what: Level) -> Steps:
        if what not in self._steps:
            self._steps[what] = steps(self.view.record, what)
        return self._steps[what]
