"""The whole back-test of a region: from every year that the counts allow, with and without the shocks given."""

from __future__ import annotations

import signal
from collections.abc import Generator, Sequence
from concurrent.futures import as_completed
from contextlib import suppress
from dataclasses import dataclass

from loky import ProcessPoolExecutor

from sim.data.facts import Facts
from sim.scenario.scenario import Scenario
from sim.study.backtest.forecast import INFLOW, forecast
from sim.study.backtest.futures import Task, shocks
from sim.study.backtest.known import Series, known, origins, series_of
from sim.study.backtest.table import Row, rows_of

NATIONAL = "national"
LEAST_YEARS = 5  # counts of a region before its own back-test says anything: three to learn from, two to be held against
SMALL = 20_000  # a region with fewer children than this is simulated child by child
SCALE = 100.0
DRAWS, REPLICATIONS = 128, 2


@dataclass(frozen=True)
class Part:
    """One forecast of the back-test, and all that its rows need.

    Attributes:
        task: What to forecast.
        full: All counts.
        given: (series, year) that the model is given.
    """

    task: Task
    full: Series
    given: frozenset[tuple[str, int]]


def plan(
    scenario: Scenario,
    facts: Facts,
    prefix: str = NATIONAL,
    *,
    since: int | None = None,
    draws: int = DRAWS,
    replications: int = REPLICATIONS,
    seed: int = 1,
) -> list[Part]:
    """The forecasts to make; none when there are too few counts.

    Args:
        scenario: Baseline of the region with the wiring.
        facts: All facts; each forecast gets those of its year and before.
        prefix: Which region's counts.
        since: First year to forecast from; None = the first that the counts allow.
        draws: Futures of each forecast, an even number.
        replications: Simulations of each future.
        seed: Of everything.
    """
    full = series_of(facts, prefix, scenario.region)
    # The sizes of shocks in the file are those of the whole country.
    national = prefix == NATIONAL
    stock = sum(counts.get(full.last, 0.0) for counts in full.stocks.values())
    parts = []
    for given in (True, False) if national else (False,):
        for year in origins(full):
            if since is not None and year < since:
                continue
            task = Task(
                scenario, series_of(known(facts, year), prefix, scenario.region), year, full.last - year, given,
                SCALE if stock >= SMALL else 1.0, draws, replications, seed,
            )  # fmt: skip
            parts.append(Part(task, full, _given(task)))
    return parts


def _given(task: Task) -> frozenset[tuple[str, int]]:
    """Inflows of the year just ahead of which the region file gives a part."""
    if not task.given:
        return frozenset()
    names = shocks(task.scenario.region).get(task.year + 1, {})
    found = set()
    for k, parts in task.series.inflows.items():
        hit = [o for o in parts if f"{o}-{k}" in names]
        if hit:
            found |= {
                (f"{INFLOW}.{k}", task.year + 1),
                *((f"{INFLOW}.{k}.{o}", task.year + 1) for o in parts),
            }
    return frozenset(found)


def make(part: Part) -> list[Row]:
    """Make one forecast and score it."""
    return rows_of(forecast(part.task), part.task.series, part.full, part.given)


def run(parts: Sequence[Part], jobs: int = 1) -> Generator[tuple[Part, list[Row]], None, None]:
    """Make all forecasts, on `jobs` processes; closing the generator stops what has not been made."""
    if jobs == 1:
        for part in parts:
            yield part, make(part)
        return
    pool = ProcessPoolExecutor(max_workers=jobs, initializer=_leave_ctrl_c_to_the_parent)
    try:
        waiting = {pool.submit(make, part): part for part in parts}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _leave_ctrl_c_to_the_parent() -> None:
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
