"""K24: how far children of one district, need or age are from those of another, who gains, and for whom it becomes less.

A margin is one type, tag, district, profile, age group or stage. Missed weeks are compared per child that has a special place
or lacks one, because districts, needs and ages differ in size. The age is that at which a wait, a stay or a spell began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.indicators import INDICATORS
from sim.study import statistics
from sim.study.pairs import Paired, paired
from sim.study.results import FIXED, Results, Series

Kind = Literal["district", "profile", "age"]
KINDS: tuple[Kind, ...] = ("district", "profile", "age")
_AGE = "age:"
WAIT, LATE, WEEKS, SEATED, LACKING = "K04.median", "K04.p90", "K12.total", "K17.children_oct", "K34.count"
# What is looked at to say for whom it becomes less: one outcome per thing that a child can lose.
OUTCOMES = ("K04.median", "K12.total", "K34.count", "K10.no_place", "K18.unsupported")
WORST = 0.25


@dataclass(frozen=True)
class Gap:
    """How far the worst off are from the best off, in one scenario.

    Attributes:
        measure: `wait` (median wait for a seat, weeks), `missed` (missed school weeks per child that has or lacks a
            place) or `tail` (P90 of the wait divided by its median: how far the longest waits are from the usual one).
        kind: Between districts, between profiles or between age groups.
        worst, best: Labels of the worst and the best off.
        ratio, gap: Worst divided by best, and worst minus best; for `tail` the ratio of all together, and no gap.
        today_ratio, today_gap: The same when we carry on as today.
    """

    scenario: str
    measure: Literal["wait", "missed", "tail"]
    kind: Kind | Literal["all"]
    worst: str
    best: str
    ratio: float
    gap: float
    today_ratio: float
    today_gap: float


@dataclass(frozen=True)
class Less:
    """A margin for which an outcome becomes worse.

    Attributes:
        indicator: Outcome that becomes worse.
        place_type, district, profile: The margin; one of them is not "all".
        today, difference: Level when we carry on as today, and mean paired difference.
        runs, times: Pairs, and pairs in which it becomes worse.
        sure: The 95 % interval of the mean difference does not hold zero.
    """

    scenario: str
    indicator: str
    place_type: str
    district: str
    profile: str
    today: float
    difference: float
    runs: int
    times: int
    sure: bool

    @property
    def relative(self) -> float:
        """The change as a share of what it is when we carry on; of one (child, week) when it is less than that."""
        return abs(self.difference) / max(self.today, 1.0)

    @property
    def label(self) -> str:
        """Name of the margin."""
        return next(v for v in (self.place_type, self.district, self.profile) if v != "all")


def gaps_of(results: Results, scenario: str, mode: str = FIXED) -> tuple[Gap, ...]:
    """Ratio and gap between worst and best district, profile and age group, and how long the tail of the wait is."""
    found = []
    for kind in KINDS:
        names = _names(results, kind)
        for measure in ("wait", "missed"):
            values = {n: _level(results, scenario, measure, kind, n, mode) for n in names}
            today = {n: v[0] for n, v in values.items() if v is not None}
            level = {n: v[1] for n, v in values.items() if v is not None}
            if len(level) < 2:
                continue
            worst, best = max(level, key=lambda n: level[n]), min(level, key=lambda n: level[n])
            most, least = max(today.values()), min(today.values())
            found.append(
                Gap(
                    scenario, "wait" if measure == "wait" else "missed", kind, worst, best,
                    _over(level[worst], level[best]), level[worst] - level[best], _over(most, least), most - least,
                )
            )  # fmt: skip
    half, late = (paired(results, scenario, Series(i), mode) for i in (WAIT, LATE))
    if half is not None and late is not None:
        ratios = [_over(_mean(late.level), _mean(half.level)), _over(_mean(late.today), _mean(half.today))]
        if not np.isnan(ratios).any():
            found.append(Gap(scenario, "tail", "all", "", "", ratios[0], np.nan, ratios[1], np.nan))
    return tuple(found)


def gain_of_worst(results: Results, scenario: str, kind: Kind, mode: str = FIXED) -> float | None:
    """Share of the missed weeks avoided that goes to the quarter of children that misses most today.

    The districts, profiles or age groups with most missed weeks per child come first, until a quarter of the children is
    reached; the last one counts for the part that is needed. A quarter of the gain goes to them when all gain alike.

    Returns:
        The share (it can lie below 0 or above 1), or None when it is not certain that anything is gained.
    """
    whole = paired(results, scenario, Series(WEEKS), mode)
    if whole is None or len(whole.today) < 2:
        return None
    half = float(statistics.half_width(whole.difference))
    if not _mean(whole.difference) + half < 0:
        return None
    rows = []
    for name in _names(results, kind):
        weeks, children = (
            _weeks(results, scenario, kind, name, mode),
            _children(results, scenario, kind, name, mode),
        )
        if weeks is not None and children is not None and _mean(children.today) > 0:
            there = _mean(children.today)
            rows.append((_mean(weeks.today) / there, there, -_mean(weeks.difference)))
    left, gained = WORST * sum(r[1] for r in rows), 0.0
    for _, there, gain in sorted(rows, key=lambda r: -r[0]):
        part = min(1.0, left / there)
        gained, left = gained + part * gain, left - part * there
        if left <= 0:
            break
    total = sum(r[2] for r in rows)
    return gained / total if total > 0 else None


def for_whom_less(results: Results, scenario: str, mode: str = FIXED) -> tuple[Less, ...]:
    """Margins for which an outcome becomes worse on average: what is sure first, then what changes most for its size."""
    found = []
    for series in results.series:
        parts = (series.place_type, series.district, series.profile)
        better = INDICATORS[series.indicator].better if series.indicator in OUTCOMES else "neither"
        if better == "neither" or all(p == "all" for p in parts):
            continue
        pair = paired(results, scenario, series, mode)
        worse = None if pair is None else pair.difference * (1.0 if better == "lower" else -1.0)
        worse = None if worse is None else worse[~np.isnan(worse)]
        if pair is None or worse is None or not len(worse) or worse.mean() <= statistics.TIE:
            continue
        half = float(statistics.half_width(worse))
        found.append(
            Less(
                scenario, series.indicator, *parts, _mean(pair.today), _mean(pair.difference), len(worse),
                int((worse > statistics.TIE).sum()), bool(worse.mean() > half),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda x: (not x.sure, -x.relative, x.indicator, x.label)))


def _names(results: Results, kind: Kind) -> list[str]:
    weeks = [s for s in results.series if s.indicator == WEEKS]
    if kind == "age":
        return list(dict.fromkeys(s.place_type for s in weeks if s.place_type.startswith(_AGE)))
    return [name for name in dict.fromkeys(getattr(s, kind) for s in weeks) if name != "all"]


def _of(indicator: str, kind: Kind, name: str) -> Series:
    return Series(indicator, **{"place_type" if kind == "age" else kind: name})


def _weeks(results: Results, scenario: str, kind: Kind, name: str, mode: str) -> Paired | None:
    return paired(results, scenario, _of(WEEKS, kind, name), mode)


def _children(results: Results, scenario: str, kind: Kind, name: str, mode: str) -> Paired | None:
    """Children of a margin who have a special place or lack one."""
    parts = [paired(results, scenario, _of(i, kind, name), mode) for i in (SEATED, LACKING)]
    there = [p for p in parts if p is not None]
    if not there:
        return None
    return Paired(
        *(np.sum([np.nan_to_num(getattr(p, side)) for p in there], axis=0) for side in ("today", "level"))
    )


def _level(
    results: Results, scenario: str, measure: str, kind: Kind, name: str, mode: str
) -> tuple[float, float] | None:
    """Level of one margin when we carry on and in the scenario; None when it is not defined there."""
    if measure == "wait":
        wait = paired(results, scenario, _of(WAIT, kind, name), mode)
        found = None if wait is None else (_mean(wait.today), _mean(wait.level))
    else:
        weeks, children = (
            _weeks(results, scenario, kind, name, mode),
            _children(results, scenario, kind, name, mode),
        )
        if weeks is None or children is None:
            return None
        found = (
            _over(_mean(weeks.today), _mean(children.today)),
            _over(_mean(weeks.level), _mean(children.level)),
        )
    return None if found is None or np.isnan(found).any() else found


def _mean(values: statistics.Floats) -> float:
    return float(statistics.mean(values))


def _over(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")
