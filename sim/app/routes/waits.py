"""How long children wait, from results: of 100 children of one school year, who still waits, and the longest wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import inf, isinf

import numpy as np

from sim.app.answer import ranged
from sim.app.language import own, words
from sim.app.routes.child import weeks as in_weeks
from sim.app.scene import children, name_of, phrase
from sim.charts.bands import Spread, difference, level
from sim.charts.numbers import number
from sim.charts.stayers import StayersLine
from sim.charts.style import ACCENT, GREY
from sim.scenario.scenario import Scenario
from sim.study.results import Results
from sim.study.routes import LISTED, SIGNALLED, WEEKS

S, T = words("shared"), words("routes")
CLOCKS = (LISTED, SIGNALLED)
MESSAGE_WEEK = 26
"""The week of the message: half a year."""
WEEKS_A_YEAR = 365.25 / 7
FEWEST = 10
"""Of fewer children a year nothing is told per hundred."""
STOPPED_WEEK = 52
"""The week in which those who stopped without a place are counted for the warning."""


@dataclass(frozen=True)
class Waits:
    """One cohort of one kind of school.

    Attributes:
        focus: Scenario in colour (the baseline when nothing is chosen).
        year: School year in which the children came.
        type: Kind of school, or `all`.
        clock: One of `CLOCKS`.
    """

    results: Results
    focus: str
    year: str
    type: str = "all"
    clock: str = LISTED

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """What is compared with, and the scenario in colour."""
        base, focus = self.results.baseline, self.results.scenario(self.focus)
        return (base,) if base.id == focus.id else (base, focus)

    @property
    def compares(self) -> bool:
        """Something else than what is compared with is in colour."""
        return len(self.scenarios) > 1

    @property
    def against(self) -> str:
        """Name of what is compared with, in a sentence."""
        return phrase(self.results.baseline, "beside")

    @property
    def followable(self) -> bool:
        """True when the cohort of some scenario was followed for any time; a week of 0 tells nothing of waiting."""
        return any(w > 0 for w in self.known)

    @property
    def known(self) -> tuple[int, ...]:
        """Weeks for which the whole cohort of some scenario was followed."""
        return tuple(w for w in WEEKS if any(self.followed(s.id, w) for s in self.scenarios))

    def followed(self, scenario: str, week: int) -> bool:
        """True when there is a cohort of some size in this scenario, and all of it was followed for so long."""
        known = np.isfinite(self.of("waiting", week, scenario).middle)
        return bool(known and self.entered(scenario) >= FEWEST)

    def of(self, what: str, week: int, scenario: str) -> Spread:
        """Share of the cohort that waits, has a place or stopped after some weeks."""
        return level(self.results, f"{self.clock}.{what}_{week}", scenario, self.year, self.type)

    def longest(self, scenario: str) -> Spread:
        """Longest wait in weeks."""
        return level(self.results, f"{self.clock}.longest", scenario, self.year, self.type)

    def entered(self, scenario: str) -> float:
        """Children in the cohort."""
        found = self.came(scenario).middle
        return 0.0 if np.isnan(found) else found

    def came(self, scenario: str) -> Spread:
        """Children in the cohort, with their range."""
        return level(self.results, f"{self.clock}.entered", scenario, self.year, self.type)


@dataclass(frozen=True)
class Usual:
    """The week in which half of a cohort still waits, and its range.

    Attributes:
        middle, low, high: Weeks; infinite when more than half still wait in the last week that could be followed.
        last: That last week.
    """

    middle: float
    low: float
    high: float
    last: int

    def told(self, weeks: float) -> str:
        """One of its weeks in words: "12", or "meer dan 52"."""
        return str(T.WAITS_OVER.format(weeks=number(self.last))) if isinf(weeks) else number(round(weeks))

    @property
    def range(self) -> str:
        """Its range between brackets; empty when both ends say the same."""
        return _within(self.told(self.low), self.told(self.high))


def lines(waits: Waits) -> tuple[StayersLine, ...]:
    """Lines of the chart, what is compared with first."""
    found = []
    for scenario in waits.scenarios:
        known = [w for w in waits.known if waits.followed(scenario.id, w)]
        shares = [waits.of("waiting", w, scenario.id) for w in known]
        longest = waits.longest(scenario.id)
        if not known:
            continue
        found.append(
            StayersLine(
                name_of(scenario), tuple(float(w) for w in known),
                tuple(100 * s.middle for s in shares), tuple(100 * s.outer[0] for s in shares),
                tuple(100 * s.outer[1] for s in shares), GREY if scenario.id == waits.results.baseline.id else ACCENT,
                "solid", longest.middle, longest_words(waits, scenario),
                in_weeks(longest.middle) if np.isfinite(longest.middle) else "",
            )
        )  # fmt: skip
    return tuple(found)


def longest_words(waits: Waits, scenario: Scenario) -> str:
    """The longest wait in words, with its range, and that it may not be over."""
    s = waits.longest(scenario.id)
    if np.isnan(s.middle):
        return ""
    still = level(waits.results, f"{waits.clock}.longest_open", scenario.id, waits.year, waits.type).middle
    text = T.WAITS_LONGEST_OPEN if still >= 0.5 else T.WAITS_LONGEST
    low, high = s.outer
    span = S.RANGE.format(low=number(low), high=number(high))
    years = number(s.middle / WEEKS_A_YEAR, 1)
    return str(text.format(name=name_of(scenario), weeks=in_weeks(s.middle), range=span, years=years))


def title(waits: Waits) -> str:
    """The message: who still waits after half a year, and whether that differs from what is compared with."""
    if not waits.followable:
        few = all(waits.entered(s.id) < FEWEST for s in waits.scenarios)
        return str(T.WAITS_TITLE_NONE if few else T.WAITS_TITLE_SOON)
    week = max(w for w in waits.known if w <= MESSAGE_WEEK)
    if not waits.followed(waits.focus, week):
        return str(T.WAITS_TITLE_NONE_HERE.format(children=_came(waits, waits.focus), against=waits.against))
    here, there = (waits.of("waiting", week, s) for s in (waits.focus, waits.results.baseline.id))
    told = {"weeks": week, "here": of_hundred(here), "against": waits.against}
    if not waits.compares or not waits.followed(waits.results.baseline.id, week):
        return str(T.WAITS_TITLE_ONE.format(**told))
    gap = difference(waits.results, f"{waits.clock}.waiting_{week}", waits.focus, waits.year, waits.type)
    if (side := _side(gap)) and _hundred(here.middle) != _hundred(there.middle):
        text = T.WAITS_TITLE_BUT if side < 0 and stopped(waits) else T.WAITS_TITLE
        return str(text.format(there=of_hundred(there), **told))
    return str(T.WAITS_TITLE_SAME.format(**told))


def of_hundred(s: Spread) -> str:
    """A share as children of a hundred, with its range: "45 (40 tot 52)"."""
    return f"{_hundred(s.middle)}{_within(*map(_hundred, s.outer))}"


def half(waits: Waits) -> list[str]:
    """The usual wait per scenario: the week in which half still waits, read from the line, with its range."""
    found = []
    for scenario in waits.scenarios:
        if (weeks := usual(waits, scenario.id)) is None:
            continue
        text = T.WAITS_HALF_OVER if isinf(weeks.middle) else T.WAITS_HALF
        week = in_weeks(weeks.last if isinf(weeks.middle) else weeks.middle)
        found.append(str(text.format(name=name_of(scenario), weeks=week, range=weeks.range)))
    return found


def half_by_type(waits: Waits) -> str:
    """The usual wait for each kind of school, in the order of the region; empty when one kind is chosen."""
    if waits.type != "all":
        return ""
    parts = []
    for name in waits.results.baseline.region.place_types:
        one = replace(waits, type=name)
        if (weeks := usual(one, waits.focus)) is not None:
            parts.append(f"{type_name(one)} {weeks.told(weeks.middle)}{weeks.range}")
    return str(T.WAITS_HALF_TYPES.format(types=" · ".join(parts))) if parts else ""


def usual(waits: Waits, scenario: str) -> Usual | None:
    """Week in which half still waits, and its range; None when the cohort could not be followed for any time."""
    known = [w for w in waits.known if waits.followed(scenario, w)]
    if not known or not known[-1]:
        return None
    shares = [waits.of("waiting", w, scenario) for w in known]
    ends = ([s.middle for s in shares], [s.outer[0] for s in shares], [s.outer[1] for s in shares])
    middle, low, high = (_half_way(known, values) for values in ends)
    return Usual(middle, low, high, known[-1])


def _half_way(weeks: Sequence[int], shares: Sequence[float]) -> float:
    """The week in which a falling line passes a half: 0 when it starts below it, infinite when it stays above."""
    if shares[0] < 0.5:
        return float(weeks[0])
    for (w0, s0), (w1, s1) in pairwise(zip(weeks, shares, strict=True)):
        if s0 >= 0.5 > s1:
            return w0 + (w1 - w0) * (s0 - 0.5) / (s0 - s1)
    return inf


def _came(waits: Waits, scenario: str) -> str:
    """How many children are in the cohort, with their range."""
    found = waits.came(scenario)
    return ranged(found) if found.known else children(0.0)


def _hundred(share: float) -> str:
    return number(round(100 * share))


def _within(low: str, high: str) -> str:
    """A range between brackets, behind a number; empty when both ends say the same."""
    return "" if low == high else f" ({S.RANGE.format(low=low, high=high)})"


def _side(gap: Spread) -> int:
    """+1 or -1 when a difference of shares is clear in whole children of a hundred, else 0."""
    near = min(abs(end) for end in gap.outer)
    return gap.direction if gap.direction and round(100 * near) else 0


def cohort(waits: Waits) -> str:
    """Who was followed, and how many they are."""
    here, there = (_came(waits, s) for s in (waits.focus, waits.results.baseline.id))
    text = T.WAITS_HELP if waits.compares else T.WAITS_HELP_ONE
    also = f" {T.WAITS_ALSO}" if waits.clock == LISTED else ""
    return str(text.format(here=here, there=there, against=waits.against)) + also


def stopped(waits: Waits) -> str:
    """A warning when a shorter wait may be no gain: more children stop without a place. Empty when they do not."""
    both = [s.id for s in waits.scenarios]
    weeks = [w for w in waits.known if w <= STOPPED_WEEK and all(waits.followed(s, w) for s in both)]
    if not waits.compares or not weeks:
        return ""
    week = weeks[-1]
    gap = difference(waits.results, f"{waits.clock}.stopped_{week}", waits.focus, waits.year, waits.type)
    here, there = (of_hundred(waits.of("stopped", week, s)) for s in (waits.focus, waits.results.baseline.id))
    if _side(gap) <= 0 or here == there:
        return ""
    return str(T.WAITS_STOPPED.format(weeks=week, here=here, there=there, against=waits.against))


def band_words(waits: Waits) -> str:
    """What the bands of the chart are made of: chance and assumptions, or chance only while too few runs have both."""
    wide = all(
        waits.of("waiting", w, s.id).has_wide
        for s in waits.scenarios
        for w in waits.known
        if waits.followed(s.id, w)
    )
    return str(T.WAITS_BAND["wide" if wide else "chance"])


def counted(waits: Waits) -> str:
    """What is counted, under the message."""
    text = T.WAITS_COUNTED if waits.clock == LISTED else T.WAITS_COUNTED_SIGNAL
    return str(text.format(year=waits.year, type=type_name(waits)))


def ends(results: Results) -> date:
    """The horizon."""
    base = results.baseline
    return date(base.region.start.year + base.total_years, 8, 1)


def type_name(waits: Waits) -> str:
    """Name of the kind of school."""
    kinds = waits.results.baseline.region.place_types
    return own(kinds[waits.type].title) if waits.type in kinds else str(T.WAITS_ALL)


def alt(waits: Waits) -> str:
    """The chart in words."""
    points = [
        T.WAITS_ALT_POINT.format(name=name_of(s), weeks=w, children=of_hundred(waits.of("waiting", w, s.id)))
        for s in waits.scenarios
        for w in waits.known
        if w in (13, 26, 52, 104) and waits.followed(s.id, w)
    ]
    longest = ". ".join(filter(None, (longest_words(waits, s) for s in waits.scenarios)))
    return str(T.WAITS_ALT.format(points="; ".join(points), longest=longest))


def rows(waits: Waits) -> list[tuple[str, ...]]:
    """Of 100 children: who waits, who has a place, who stopped, after so many weeks; the longest wait last."""
    out: list[tuple[str, ...]] = []
    for scenario in waits.scenarios:
        for week in (w for w in waits.known if waits.followed(scenario.id, w)):
            w, p, s = (waits.of(what, week, scenario.id) for what in ("waiting", "placed", "stopped"))
            span = S.RANGE.format(low=number(100 * w.outer[0]), high=number(100 * w.outer[1]))
            out.append(
                (name_of(scenario), number(week), number(100 * w.middle), span, of_hundred(p), of_hundred(s))
            )  # fmt: skip
        longest = waits.longest(scenario.id)
        if not np.isnan(longest.middle):
            span = S.RANGE.format(low=number(longest.outer[0]), high=number(longest.outer[1]))
            out.append((name_of(scenario), T.WAITS_LONGEST_ROW, number(longest.middle), span, "", ""))
    return out
