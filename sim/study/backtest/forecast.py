"""A forecast by the simulation itself: drawn futures, each simulated, with the chance of the country and not of its model.

**Chance.** The simulated country has 1 child for every `scale`. With seats for all, children do not touch each other, so a
count is a sum of independent children; a country of `scale` times as many is the sum of `scale` such worlds. Its counts
have `scale` times the mean and sqrt(scale) times the standard deviation: relative to the mean, chance is sqrt(scale) times
smaller. So in each future the mean is taken over replications, and one deviation from the mean, divided by
sqrt(scale), is added to it.

**Few replications.** The mean of a future over its few replications is off by chance. Children have the same fate in every
future (keyed draws), so those same replications of the middle future are off by nearly as much, and the mean of the
middle future is known well. Hence: mean(future) = few(future) - same few(middle) + all(middle), a control variate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.model import simulate
from sim.record import Kind, Record
from sim.scenario.scenario import Scenario
from sim.study.backtest.futures import Future, Task, futures, middle, scenario_of, simulated

Floats = NDArray[np.float64]
STOCK, INFLOW = "stock", "inflow"
# What chance leaves in the mean of the middle future shifts all futures at once: so it is simulated most often.
MIDDLE_PER_FUTURE = 3


@dataclass(frozen=True)
class Forecast:
    """A forecast made in one year.

    Attributes:
        year: Last year that was known.
        years: Years forecast.
        samples: Series (`stock.<type>`, `inflow.<type>`, `inflow.<type>.<origin>`) -> futures x years.
    """

    year: int
    years: tuple[int, ...]
    samples: Mapping[str, Floats]


def forecast(task: Task, simulator: Callable[[Scenario, int, int], Record] = simulate) -> Forecast:
    """Make one forecast.

    Args:
        task: What was known, and how many futures.
        simulator: The simulation; another one in tests.
    """
    drawn = list(futures(task))
    centre = middle(task, drawn)
    many = max(task.replications, MIDDLE_PER_FUTURE * task.draws)
    base = _counts(task, centre, range(many), simulator)
    mean = base.mean(axis=0)
    chance = (base - mean) / np.sqrt(task.scale) * np.sqrt(many / (many - 1))
    rows = []
    for d, f in enumerate(drawn):
        mine = [(d * task.replications + j) % many for j in range(task.replications)]
        found = _counts(task, f, mine, simulator).mean(axis=0)
        # The chance of this future is of a replication that was not used for its mean.
        rows.append(found - base[mine].mean(axis=0) + mean + chance[(mine[-1] + 1 + d) % many])
    sample = np.maximum(0.0, np.array(rows))
    names = _names(task)
    samples = {name: sample[:, i] for i, name in enumerate(names)}
    return Forecast(task.year, tuple(task.ahead), samples)


def _names(task: Task) -> list[str]:
    """What is counted in a record, in the order of `count`."""
    kinds = list(task.scenario.region.place_types)
    counted = [k for k in kinds if task.series.inflow(k)]
    return [
        *(f"{STOCK}.{k}" for k in kinds),
        *(f"{INFLOW}.{k}" for k in counted),
        *(f"{INFLOW}.{k}.{o}" for k in counted for o in task.series.inflows[k]),
    ]


def _counts(
    task: Task, f: Future, replications: Sequence[int], simulator: Callable[[Scenario, int, int], Record]
) -> Floats:
    """Replications x series x years."""
    scenario = scenario_of(task, f)
    return np.array([count(task, simulator(scenario, task.seed, r)) for r in replications])


def count(task: Task, record: Record) -> Floats:
    """Series x years ahead of one record, raised to the size of the region.

    A child that was present at the start stands for as many as the count has for each simulated child of its type (the
    simulated number is whole); a child that came later stands for `scale`.
    """
    kinds = list(task.scenario.region.place_types)
    stays = record.visits["kind"] == Kind.STAY
    pupil, kind = (
        record.visits["pupil"][stays].astype(np.int64),
        record.visits["type"][stays].astype(np.int64),
    )
    placed, left = record.visits["placed"][stays], record.visits["left"][stays]
    at_start = np.array(
        [task.series.stocks[k][task.year] / max(simulated(task, k), 1) for k in kinds], dtype=np.float64
    )
    order = np.argsort(placed, kind="stable")
    _, first = np.unique(pupil[order], return_index=True)
    first = order[first]
    origin = record.pupils["origin"].astype(np.int64)
    start = record.origins.index("start")
    weight = np.full(len(origin), task.scale)
    of_start = first[origin[pupil[first]] == start]
    weight[pupil[of_start]] = at_start[kind[of_start]]
    days = record.count_days(record.count_dates[0])
    out: dict[str, list[float]] = {name: [] for name in _names(task)}
    entry = {n: i for i, n in enumerate(record.origins)}
    new = np.zeros(len(pupil), dtype=bool)
    new[first] = True
    for before, day in pairwise(days):
        there = (placed <= day) & ~(left <= day)
        stock = np.bincount(kind[there], weights=weight[pupil[there]], minlength=len(kinds))
        came = origin[pupil[new & (placed > before) & (placed <= day)]]
        by_source = np.bincount(came, minlength=len(record.origins)) * task.scale
        for i, k in enumerate(kinds):
            out[f"{STOCK}.{k}"].append(float(stock[i]))
            parts = {o: float(by_source[entry[f"{o}-{k}"]]) for o in task.series.inflows[k]}
            if f"{INFLOW}.{k}" in out:
                out[f"{INFLOW}.{k}"].append(sum(parts.values()))
                for o, x in parts.items():
                    out[f"{INFLOW}.{k}.{o}"].append(x)
    return np.array([out[name] for name in _names(task)])
