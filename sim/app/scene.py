"""What one screen shows: which scenarios, which one in colour, which year, and the results so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.app import texts
from sim.charts.bands import Spread, difference, level
from sim.indicators import INDICATORS, present, rounded
from sim.scenario.scenario import Scenario
from sim.study.results import Results

WAITING = "K02.oct"
CHILDREN, SEATS = "K17.children_oct", "K22.seats_oct"
FIGURES = tuple(texts.FIGURES)
ROWS = (
    "K02.oct", "K02.feb", "K02.agreed_oct", "K02.from_signal_oct", "K04.placed_26_weeks", "K34.count",
    "K10.no_place", "K10.has_place", "K10.between", "K18.supported", "K18.unsupported",
    "K22.empty_while_waiting_oct", "K26.gap",
)  # fmt: skip
BARE = ("children", "seats")
"""Units whose word is left out in tables and figures."""

SHOWN = frozenset((*FIGURES, *ROWS, CHILDREN, SEATS, "K02.mean"))
"""All indicators that a screen needs."""


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
        """Id of carrying on as we do."""
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
        return {
            s.id: texts.BASELINE if s.id == self.baseline else s.title.nl
            for s in self.results.scenarios
            if self.results.done[s.id, "fixed"].any()
        }

    @property
    def first_year(self) -> str:
        """First school year after the replay."""
        return self.results.reported_years[0]

    def level(self, indicator: str, place_type: str = "all", scenario: str | None = None) -> Spread:
        """Spread of an outcome in the year on screen (by default of the scenario in colour)."""
        return level(self.results, indicator, scenario or self.focus, self.year, place_type)

    def difference(self, indicator: str, place_type: str = "all", scenario: str | None = None) -> Spread:
        """Spread of the paired difference with carrying on, in the year on screen."""
        return difference(self.results, indicator, scenario or self.focus, self.year, place_type)

    @property
    def date(self) -> str:
        """Count date of the year on screen, in words ("1 oktober 2030")."""
        return texts.DATE.format(month=texts.OCTOBER, year=self.year[:4])


def children(value: float) -> str:
    """A number of children (or seats), rounded for people, without a word behind it."""
    return present(value, "children", with_unit=False)


def amount(indicator: str, value: float, *, word: bool = True) -> str:
    """A number of an indicator, rounded for people; only children and seats stand without their word."""
    unit = INDICATORS[indicator].unit
    return present(value, unit, with_unit=word and unit not in BARE)


def difference_of(unit: str, value: float, *, word: bool = False) -> str:
    """Size of a difference without its sign; a difference of shares is in percentage points."""
    text = present(abs(value), unit, with_unit=word)
    if unit != "share":
        return text
    return f"{text.rstrip('%')} {texts.POINTS}" if word else text.rstrip("%")


def rounds_to_nothing(indicator: str, value: float) -> bool:
    """True when rounding leaves nothing of a number: then no difference may be claimed."""
    return rounded(value, INDICATORS[indicator].unit) == 0


def day(when: date) -> str:
    """A date in words ("1 augustus 2027")."""
    return f"{when.day} {texts.MONTHS[when.month - 1]} {when.year}"
