"""Past forecasts of national counts, beside what was counted and beside two naive forecasts.

From each year that the counts allow (2014 to 2022) every later year to 2023 is forecast, with the facts of that year and
before, by the simulation at 1:100. CRPS (in children, lower is better) scores a whole forecast, the absolute error its
middle. "Last year" is a random walk from the last count, "trend" the least-squares line with its prediction interval. A series
is won when the model's mean CRPS is below that of the better of the two.

The drop in referrals of school year 2014-15 is given to the forecasts from 2014 (and not scored there); what follows from it is
predicted. The same table without giving it stands below. The covid years are given to no one: with and without them.
How the forecasts are made, what else was tried, and why it comes out so: [backtest.md](../backtest.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from proof.lines import CROSS, Line, page
from proof.pool import Map
from proof.table import Check, Part
from sim.data.facts import facts_of
from sim.scenario.resolve import load
from sim.study.backtest.run import DRAWS, make, plan
from sim.study.backtest.run import Part as Step
from sim.study.backtest.table import MODEL, Row, Score, by, is_part, score, title, without_covid

COVER = (0.7, 0.9)
THIN_DRAWS, THIN_SINCE = 10, 2021
GIVEN, NOTHING = "national", "national, nothing given"


@cache
def _steps(draws: int, since: int | None) -> list[Step]:
    return plan(load("backtest/nederland/baseline"), facts_of("almere"), draws=draws, since=since)


def rows(draws: int, since: int | None, given: bool, year: int) -> list[Row]:
    """The scored forecasts from one year; plain arguments, for a worker."""
    return make(next(s for s in _steps(draws, since) if (s.task.given, s.task.year) == (given, year)))


def checks(full: bool, spread: Map[list[Row]]) -> Iterator[Check]:
    """Every table of the back-test."""
    draws, since = (DRAWS, None) if full else (THIN_DRAWS, THIN_SINCE)
    jobs = [(draws, since, s.task.given, s.task.year) for s in _steps(draws, since)]
    found = spread(rows, jobs)
    given = [r for job, some in zip(jobs, found, strict=True) if job[2] for r in some]
    nothing = [r for job, some in zip(jobs, found, strict=True) if not job[2] for r in some]
    main, parts = [r for r in given if not is_part(r.series)], [r for r in given if is_part(r.series)]
    other = [r for r in nothing if not is_part(r.series)]
    yield from aims(main)
    yield from table(f"CRPS, {GIVEN}", main, _series, _crps, "all six")
    yield from table(f"Absolute error of the middle, {GIVEN}", main, _series, _error, "all six")
    yield from table(f"Middle less count, {GIVEN}", main, _series, _bias)
    yield from table(
        f"Coverage of the 80 % interval, {GIVEN}", main, _series, _coverage, "all six", unit="share"
    )
    yield from table(
        f"CRPS by years ahead, {GIVEN}", main, lambda r: f"{title(r.series)}, {r.ahead} ahead", _crps
    )
    for year in sorted({r.origin for r in main}):
        yield from from_year(year, [r for r in main if r.origin == year])
    calm = without_covid(main)
    yield from table(f"CRPS, {GIVEN}, without 2020 and 2021", calm, _series, _crps, "all six")
    yield from table(
        f"Coverage of the 80 % interval, {GIVEN}, without 2020 and 2021",
        calm,
        _series,
        _coverage,
        "all six",
        unit="share",
    )
    yield from table(f"CRPS, {NOTHING}", other, _series, _crps, "all six")
    yield from table(
        f"Coverage of the 80 % interval, {NOTHING}", other, _series, _coverage, "all six", unit="share"
    )
    yield from table(f"CRPS of inflow by origin, {GIVEN} (beside the six)", parts, _series, _crps)


def from_year(year: int, some: Sequence[Row]) -> list[Line]:
    """The scores of the forecasts from one year."""
    return list(table(f"CRPS of forecasts from {year}, {GIVEN}", some, _series, _crps))


def aims(main: Sequence[Row]) -> Iterator[Line]:
    """What the back-test had to show: half of the series won, and intervals as wide as they say."""
    per_series = by(main, _series)
    won, half = sum(s.won for s in per_series.values()), (len(per_series) + 1) // 2
    count = len(per_series)
    yield Line(
        AIM,
        f"series won, of {count}",
        half,
        won,
        0.0,
        0,
        f"at least {half}",
        won >= half,
        beside="half of the series",
    )
    total = score(main)
    assert total is not None
    for name, s in {"all six": total, **per_series}.items():
        share = s.coverage[MODEL]
        yield Line(
            AIM, f"80 % intervals of the model that hold the count: {name}", 0.8, share, 0.0, s.counts,
            "70 % to 90 %", COVER[0] <= share <= COVER[1], unit="share",
        )  # fmt: skip


def table(
    case: str,
    some: Sequence[Row],
    key: Callable[[Row], str],
    value: Callable[[Score], dict[str, float]],
    total: str = "",
    unit: str = "",
) -> Iterator[Line]:
    """One table: a row per value of `key` (and one for all), a column per forecaster."""
    scores: dict[str | int, Score] = by(some, key)
    if total and (overall := score(some)) is not None:
        scores = {**scores, total: overall}
    for name, s in scores.items():
        for forecaster, x in value(s).items():
            yield Line(
                case, f"{name}{CROSS}{forecaster}", float("nan"), x, 0.0, s.counts, "beside", True, unit=unit
            )


def findings(lines: Sequence[Line]) -> list[str]:
    """What the tables say in words."""
    crps = {x.what: x.found for x in lines if x.case == f"CRPS, {GIVEN}"}
    names = [
        w.removesuffix(f"{CROSS}{MODEL}")
        for w in crps
        if w.endswith(f"{CROSS}{MODEL}") and not w.startswith("all")
    ]
    out = []
    for name in names:
        model = crps[f"{name}{CROSS}{MODEL}"]
        naive, which = min((crps[f"{name}{CROSS}{f}"], f) for f in ("last year", "linear trend"))
        better = "better than" if model < naive else "**no better than**"
        out.append(
            f"{name}: {better} the best naive forecast ({which}): mean CRPS {model:.0f} against {naive:.0f}."
        )
    return out


def _page(part: Part, lines: Sequence[Line]) -> str:
    shown = page(part, lines, findings(lines))
    # What other pages call runs are here counts that were forecast: fewer for more years ahead.
    return re.sub(r"Mean of \d+ runs\.", "Mean over the counts that were forecast.", shown).replace(
        "| runs |", "| counts |"
    )


def _series(r: Row) -> str:
    return title(r.series)


def _crps(s: Score) -> dict[str, float]:
    return s.crps


def _error(s: Score) -> dict[str, float]:
    return s.error


def _bias(s: Score) -> dict[str, float]:
    return s.bias


def _coverage(s: Score) -> dict[str, float]:
    return s.coverage


AIM = "What it had to show"
PART = Part(
    "backtest",
    "Back-test: past forecasts beside what was counted",
    __doc__ or "",
    reads={
        "engine": ("sim/scenario", "sim/model"),
        "backtest": ("sim/study/backtest", "scenarios/backtest"),
        "facts": ("scenarios/almere/facts",),
    },
    seed=1,
    page=_page,
)
