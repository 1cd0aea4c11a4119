"""What one screen shows: which scenario in colour, compared with which, which year, and the results so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sim.app.language import current, own, words
from sim.app.session import asked
from sim.charts.bands import Spread, difference, level
from sim.indicators import INDICATORS, present, rounded
from sim.scenario.scenario import Scenario
from sim.study.compare import REPORTED
from sim.study.equity import LACKING, LATE, OUTCOMES, SEATED, WAIT, WEEKS
from sim.study.results import MEASURED, Results
from sim.study.shortage import SHORT, WAITING

S = words("shared")
MISSED = "K12.total"
FIGURES = (WAITING, MISSED, SHORT)
ROWS = (
    "K02.oct", "K02.feb", "K02.agreed_oct", "K02.from_signal_oct", "K04.placed_26_weeks", "K34.count",
    "K10.no_place", "K10.has_place", "K10.between", "K18.supported", "K18.unsupported",
    "K22.empty_while_waiting_oct", "K26.gap",
)  # fmt: skip
BARE = ("children", "seats")
"""Units whose word is left out in tables and figures."""

MILLION = 1_000_000.0
"""Money stands on screen in millions of euros, with two digits behind the comma."""

Form = Literal["start", "than", "beside"]

_MANY_WEEKS = 100.0

BY_MARGIN = frozenset((*OUTCOMES, WAIT, LATE, WEEKS, SEATED, LACKING))
"""Indicators of which screens also show districts and needs: for whom it becomes less."""

KEPT = {name: name in BY_MARGIN for name in INDICATORS}
"""What a server keeps in memory of each run: every indicator, and of some also its parts."""


@dataclass(frozen=True)
class Scene:
    """A screen with its results.

    Attributes:
        results: Results of the baseline, the scenario in colour and the others.
        focus: Id of the scenario in colour; the baseline's when nothing is chosen.
        year: School year of sentence, figures and table.
    """

    results: Results
    focus: str
    year: str

    @property
    def baseline(self) -> str:
        """Id of what is compared with: carrying on as we do, unless something else was asked."""
        return self.results.baseline.id

    @property
    def compares(self) -> bool:
        """True when something else than the baseline is in colour."""
        return self.focus != self.baseline

    @property
    def scenario(self) -> Scenario:
        """The scenario in colour."""
        return self.results.scenario(self.focus)

    @property
    def names(self) -> dict[str, str]:
        """Scenario id -> name on screen, for those of which something is known, the baseline first."""
        return {s.id: name_of(s) for s in self.results.scenarios if self.results.done[s.id, "fixed"].any()}

    @property
    def against(self) -> str:
        """Name of what is compared with: carrying on, unless the visitor chose another scenario to compare with."""
        return name_of(self.results.baseline)

    @property
    def beside(self) -> str:
        """What is compared with, inside a sentence: "zo doorgaan", or the quoted name of another scenario."""
        return phrase(self.results.baseline, "beside")

    @property
    def first_year(self) -> str:
        """First school year after the replay."""
        return self.results.reported_years[0]

    def level(
        self, indicator: str, place_type: str = "all", scenario: str | None = None, year: str = ""
    ) -> Spread:
        """Spread of an outcome in a year (by default that on screen, of the scenario in colour)."""
        return level(self.results, indicator, scenario or self.focus, year or self.year, place_type)

    def difference(
        self, indicator: str, place_type: str = "all", scenario: str | None = None, year: str = ""
    ) -> Spread:
        """Spread of the paired difference with the baseline in a year (by default that on screen)."""
        return difference(self.results, indicator, scenario or self.focus, year or self.year, place_type)

    @property
    def done(self) -> tuple[int, int]:
        """Runs of the scenario in colour that are there in every mode asked of chance and assumptions, and those wanted."""
        there = [self.results.done[self.focus, mode] for mode in self.results.modes if mode != MEASURED]
        return min((int(d.sum()) for d in there), default=0), self.results.replications

    @property
    def date(self) -> str:
        """Count date of the year on screen, in words ("1 oktober 2030")."""
        return day(date(int(self.year[:4]), 10, 1))


def name_of(scenario: Scenario) -> str:
    """Name of a scenario on screen."""
    return S.BASELINE if scenario.kind == "baseline" else own(scenario.title)


def phrase(scenario: Scenario, form: Form, name: str = "") -> str:
    """A scenario as a sentence names it; carrying on is only said of the scenario that carries on.

    Args:
        scenario: The scenario.
        form: `start` ("Als we zo doorgaan,", "Met ‘X’"), `than` ("als we zo doorgaan") or `beside` ("zo doorgaan").
        name: What to call it where its own name is too long.
    """
    texts = S.CARRY_ON if scenario.kind == "baseline" else S.WITH
    text: str = texts[form].format(name=name or name_of(scenario))
    return text


def years_of(scenario: Scenario) -> list[str]:
    """School years that are reported."""
    first = scenario.region.start.year + scenario.region.replay_years
    return [f"{year}-{year + 1}" for year in range(first, first + scenario.years)]


def year_on_screen(scenario: Scenario) -> str:
    """The school year that the link asks, else the one in four years."""
    years, now = years_of(scenario), asked().year
    return now if now in years else years[min(REPORTED[1], len(years) - 1)]


def unit_of(indicator: str) -> str:
    """Unit of an outcome on screen."""
    return "seats" if indicator == SHORT else INDICATORS[indicator].unit


def children(value: float) -> str:
    """A number of children (or seats), rounded for people, without a word behind it."""
    return present(value, "children", with_unit=False, language=current())


def amount(indicator: str, value: float, *, word: bool = True) -> str:
    """A number of an indicator, rounded for people; only children and seats stand without their word."""
    unit = unit_of(indicator)
    return present(for_people(unit, value), unit, with_unit=word and unit not in BARE, language=current())


def for_people(unit: str, value: float, largest: float = 0.0) -> float:
    """A large sum of weeks, rounded further than a single wait: nobody can tell 4,342 missed weeks from 4,350.

    Args:
        unit: Unit of the number.
        value: The number.
        largest: The other end of a range, so that both ends are rounded alike.
    """
    size = max(abs(value), abs(largest))
    if unit != "school weeks" or not size >= _MANY_WEEKS:
        return value
    step = 50.0 if size >= 10 * _MANY_WEEKS else 10.0
    return round(value / step) * step


def difference_of(unit: str, value: float, *, word: bool = False, largest: float = 0.0) -> str:
    """Size of a difference without its sign; a difference of shares is in percentage points.

    Args:
        unit: Unit of the number.
        value: The difference.
        word: Write the word of the unit.
        largest: The other end of a range.
    """
    text = present(for_people(unit, abs(value), largest), unit, with_unit=word, language=current())
    if unit != "share":
        return text
    return f"{text.rstrip('%')} {S.POINTS}" if word else text.rstrip("%")


def rounds_to_nothing(indicator: str, value: float, largest: float = 0.0) -> bool:
    """True when rounding (beside the other end of its range) leaves nothing: then no difference may be claimed."""
    unit = unit_of(indicator)
    if unit == "euro":
        return round(value / MILLION, 2) == 0
    return rounded(for_people(unit, value, largest), unit) == 0


def day(when: date) -> str:
    """A date in words ("1 augustus 2027")."""
    return S.DATE.format(day=when.day, month=S.MONTHS[str(when.month)], year=when.year)
