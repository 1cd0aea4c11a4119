"""How long children wait, from results: of 100 children of one school year, who still waits, and the longest wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from sim.app.language import own, words
from sim.app.routes.child import weeks as in_weeks
from sim.app.scene import children, name_of
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
        """Carrying on, and the scenario in colour."""
        base, focus = self.results.baseline, self.results.scenario(self.focus)
        return (base,) if base.id == focus.id else (base, focus)

    @property
    def compares(self) -> bool:
        """Something else than carrying on is in colour."""
        return len(self.scenarios) > 1

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
        found = level(self.results, f"{self.clock}.entered", scenario, self.year, self.type).middle
        return 0.0 if np.isnan(found) else found


def lines(waits: Waits) -> tuple[StayersLine, ...]:
    """Lines of the chart, carrying on first."""
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
                tuple(100 * s.middle for s in shares), tuple(100 * s.low for s in shares),
                tuple(100 * s.high for s in shares), GREY if scenario.id == waits.results.baseline.id else ACCENT,
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
    """The message: who still waits after half a year, and whether that differs from carrying on."""
    if not waits.known:
        return str(T.WAITS_TITLE_NONE)
    week = max(w for w in waits.known if w <= MESSAGE_WEEK)
    if not waits.followed(waits.focus, week):
        return str(T.WAITS_TITLE_NONE_HERE.format(children=children(waits.entered(waits.focus))))
    here = round(100 * waits.of("waiting", week, waits.focus).middle)
    told = {"weeks": week, "here": number(here)}
    if not waits.compares or not waits.followed(waits.results.baseline.id, week):
        return str(T.WAITS_TITLE_ONE.format(**told))
    gap = difference(waits.results, f"{waits.clock}.waiting_{week}", waits.focus, waits.year, waits.type)
    there = round(100 * waits.of("waiting", week, waits.results.baseline.id).middle)
    if gap.direction and here != there:
        no_gain = T.WAITS_TITLE_BUT if here < there and stopped(waits) else T.WAITS_TITLE
        return str(no_gain.format(there=number(there), **told))
    return str(T.WAITS_TITLE_SAME.format(**told))


def half(waits: Waits) -> list[str]:
    """The usual wait per scenario: the week in which half still waits, read from the line, with its range."""
    found = [(name_of(s), usual(waits, s.id)) for s in waits.scenarios]
    return [
        str(T.WAITS_HALF.format(name=name, weeks=in_weeks(weeks[0]), range=_between(weeks[1:])))
        for name, weeks in found
        if weeks
    ]


def half_by_type(waits: Waits) -> str:
    """The usual wait for each kind of school, in the order of the region; empty when one kind is chosen."""
    if waits.type != "all":
        return ""
    parts = []
    for name in waits.results.baseline.region.place_types:
        one = replace(waits, type=name)
        if weeks := usual(one, waits.focus):
            parts.append(
                T.WAITS_HALF_TYPE.format(
                    type=type_name(one), weeks=number(round(weeks[0])), range=_between(weeks[1:])
                )
            )
    return str(T.WAITS_HALF_TYPES.format(types=" · ".join(parts))) if parts else ""


def usual(waits: Waits, scenario: str) -> tuple[float, ...]:
    """Week in which half still waits, and its range; () when the line does not pass a half."""
    known = [w for w in waits.known if waits.followed(scenario, w)]
    shares = [waits.of("waiting", w, scenario) for w in known]
    ends = ([s.middle for s in shares], [s.outer[0] for s in shares], [s.outer[1] for s in shares])
    weeks = tuple(_half_way(known, values) for values in ends)
    return () if any(np.isnan(weeks)) else weeks


def _between(ends: Sequence[float]) -> str:
    return str(S.RANGE.format(low=number(round(ends[0])), high=number(round(ends[1]))))


def _half_way(weeks: Sequence[int], shares: Sequence[float]) -> float:
    """The week in which a falling line passes a half; not a number when it does not."""
    points = [(0.0, 1.0), *((float(w), s) for w, s in zip(weeks, shares, strict=True) if w > 0)]
    for (w0, s0), (w1, s1) in pairwise(points):
        if s0 >= 0.5 > s1:
            return w0 + (w1 - w0) * (s0 - 0.5) / (s0 - s1)
    return float("nan")


def cohort(waits: Waits) -> str:
    """Who was followed, and how many they are."""
    here, there = (children(waits.entered(s)) for s in (waits.focus, waits.results.baseline.id))
    text = T.WAITS_HELP if waits.compares else T.WAITS_HELP_ONE
    also = f" {T.WAITS_ALSO}" if waits.clock == LISTED else ""
    return str(text.format(here=here, there=there)) + also


def stopped(waits: Waits) -> str:
    """A warning when a shorter wait may be no gain: more children stop without a place. Empty when they do not."""
    both = [s.id for s in waits.scenarios]
    weeks = [w for w in waits.known if w <= STOPPED_WEEK and all(waits.followed(s, w) for s in both)]
    if not waits.compares or not weeks:
        return ""
    week = weeks[-1]
    gap = difference(waits.results, f"{waits.clock}.stopped_{week}", waits.focus, waits.year, waits.type)
    here, there = (
        round(100 * waits.of("stopped", week, s).middle) for s in (waits.focus, waits.results.baseline.id)
    )
    if gap.direction <= 0 or here <= there:
        return ""
    return str(T.WAITS_STOPPED.format(weeks=week, here=number(here), there=number(there)))


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
        T.WAITS_ALT_POINT.format(
            name=name_of(s), weeks=w, children=number(round(100 * waits.of("waiting", w, s.id).middle))
        )
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
                (name_of(scenario), number(week), number(100 * w.middle), span, number(100 * p.middle),
                 number(100 * s.middle))
            )  # fmt: skip
        longest = waits.longest(scenario.id)
        if not np.isnan(longest.middle):
            span = S.RANGE.format(low=number(longest.outer[0]), high=number(longest.outer[1]))
            out.append((name_of(scenario), T.WAITS_LONGEST_ROW, number(longest.middle), span, "", ""))
    return out
