"""What may come after a year, by what was known in it: drawn routes, and drawn yearly flows, as a scenario to simulate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray
from scipy.stats.qmc import Sobol

from sim.scenario.quantity import Quantity
from sim.scenario.region import Region
from sim.scenario.routes import Source
from sim.scenario.scenario import Scenario
from sim.study.backtest.books import Past, read_past
from sim.study.backtest.known import OTHER, Series
from sim.study.backtest.process import Dice, future, roll
from sim.study.draws import plan_draws
from sim.study.scores import PRIOR_SURPRISE

Floats = NDArray[np.float64]
_MOST_BACK = 0.9


@dataclass(frozen=True)
class Task:
    """One forecast to make.

    Attributes:
        scenario: Baseline of the region with the wiring.
        series: Counts up to `year` and no later.
        year: Last year known; the count of its 1 October is the start.
        horizon: Years to forecast.
        given: Whether the shocks in the region file (`by_year`) are given: their sizes in the years just ahead, and that
            years of a shock are not ordinary years.
        scale: Children that one simulated child stands for.
        draws: Futures, an even number: they come in mirrored pairs.
        replications: Simulations of each future.
        seed: Of everything.
    """

    scenario: Scenario
    series: Series
    year: int
    horizon: int
    given: bool
    scale: float
    draws: int
    replications: int
    seed: int = 1

    @property
    def ahead(self) -> range:
        """The years to forecast."""
        return range(self.year + 1, self.year + 1 + self.horizon)


@dataclass(frozen=True)
class Future:
    """One future: routes, the ages of those present, and the flows from outside per year.

    Attributes:
        region: Region with the routes of this future.
        past: What the counts say, read with these routes.
        inflow: Source -> children who start, per year ahead; only counted sources.
        rest: Type -> net inflow that nothing explains, as a share of the last stock, per year ahead.
    """

    region: Region
    past: Past
    inflow: Mapping[str, Floats]
    rest: Mapping[str, Floats]


def futures(task: Task) -> Iterator[Future]:
    """Draw futures in pairs that mirror each other, so that their middle is where the forecast's middle is.

    Routes and dice are Sobol points: spread evenly, so that another seed gives nearly the same forecast.
    """
    plan = plan_draws(task.scenario, task.seed)
    kinds, faces = list(task.scenario.region.place_types), 2 + task.horizon
    rng = np.random.default_rng([task.seed, task.year])
    points = Sobol(2 * faces * len(kinds), scramble=True, rng=rng).random_base2(
        ceil(log2(max(2, task.draws // 2)))
    )
    for pair, point in enumerate(np.clip(points[: task.draws // 2], 1e-9, 1 - 1e-9)):
        region = plan.apply(task.scenario, pair).region
        past = read_past(region, task.series, task.year)
        rolled = [roll(u) for u in point.reshape(-1, faces)]
        dice = {k: (rolled[2 * i], rolled[2 * i + 1]) for i, k in enumerate(kinds)}
        yield _future(task, region, past, dice)
        yield _future(task, region, past, {k: (a.mirrored(), b.mirrored()) for k, (a, b) in dice.items()})


def middle(task: Task, drawn: list[Future]) -> Future:
    """The future of the central routes and the mean flows."""
    region = task.scenario.region
    return Future(
        region,
        read_past(region, task.series, task.year),
        {k: np.mean([f.inflow[k] for f in drawn], axis=0) for k in drawn[0].inflow},
        {k: np.mean([f.rest[k] for f in drawn], axis=0) for k in drawn[0].rest},
    )


def shocks(region: Region) -> dict[int, dict[str, float]]:
    """Year of the count -> source -> how many children start, times the year before, as given in the region file.

    The signals of a school year are counted on the 1 October after it.
    """
    found: dict[int, dict[str, float]] = {}
    for name, source in region.sources.items():
        for year, q in source.by_year.items():
            found.setdefault(year + 1, {})[name] = q.value
    return found


def _future(task: Task, region: Region, past: Past, dice: Mapping[str, tuple[Dice, Dice]]) -> Future:
    jumps = shocks(region) if task.given else {}
    inflow: dict[str, Floats] = {}
    rest: dict[str, Floats] = {}
    for k, (first, second) in dice.items():
        inflow |= _inflow(task, k, jumps, first)
        rest[k] = future(
            past.years[k], past.unexplained[k], task.ahead, second,
            # A year's surprise is so much of a flow; through a stock goes one flow in and one out.
            surprise=PRIOR_SURPRISE * past.turnover[k] * np.sqrt(2.0), shocks=tuple(jumps),
        )  # fmt: skip
    return Future(region, past, inflow, rest)


def _inflow(task: Task, kind: str, jumps: Mapping[int, Mapping[str, float]], dice: Dice) -> dict[str, Floats]:
    """Children who start per counted source of a type: their sum goes its way, its parts keep their last shares."""
    total = task.series.inflow(kind)
    if not total:
        return {}
    parts = {f"{o}-{kind}": c[task.year] for o, c in task.series.inflows[kind].items()}
    next_year = jumps.get(task.year + 1, {})
    given = (
        [{n: x * next_year.get(n, 1.0) for n, x in parts.items()}] if parts.keys() & next_year.keys() else []
    )
    if given:
        total[task.year + 1] = sum(given[0].values())
    to_come = [y for y in task.ahead if y not in total]
    # Dice are rolled for every year ahead; a given year needs none.
    short = Dice(dice.which, dice.spread, dice.steps[: len(to_come)])
    path = np.empty(0)
    if to_come:
        values = np.log(np.array(list(total.values())))
        path = np.exp(
            future(tuple(total), values, to_come, short, surprise=PRIOR_SURPRISE, shocks=tuple(jumps))
        )
    last = sum(parts.values())
    return {
        n: np.array([*(g[n] for g in given), *(path * x / last)])[: task.horizon] for n, x in parts.items()
    }


def scenario_of(task: Task, f: Future) -> Scenario:
    """The scenario that the simulation runs for one future: everything from the year of the forecast on, at its scale.

    A net flow below nothing cannot be simulated as children who come. Where a future has one, that many more go back in
    every year, and come in the years in which the flow is above its lowest.
    """
    types, places, sources = {}, {}, dict(f.region.sources)
    for name, kind in f.region.place_types.items():
        ages = {a: float(x) for a, x in enumerate(f.past.ages[name]) if x > 0}
        extra = max(0.0, -float(f.rest[name].min()))
        stock = task.series.stocks[name][task.year] / task.scale
        sources[f"{OTHER}-{name}"] = _flow(
            sources[f"{OTHER}-{name}"], task.year, np.maximum(0.0, f.rest[name] + extra) * stock
        )
        review = kind.review
        assert review is not None and review.back is not None
        back = min(_MOST_BACK, review.back.value + extra / max(f.past.staying[name], 0.1))
        types[name] = kind.model_copy(
            update={
                "start_ages": ages,
                "review": review.model_copy(update={"back": review.back.model_copy(update={"value": back})}),
            }
        )
    for name in sources.keys() - {f"{OTHER}-{k}" for k in types}:
        # An origin that nobody counted here is part of the rest.
        sources[name] = _flow(
            sources[name], task.year, f.inflow.get(name, np.zeros(task.horizon)) / task.scale
        )
    for name, place in f.region.places.items():
        profile, q = next(iter(place.roll.items()))
        roll_ = q.model_copy(update={"value": float(simulated(task, place.type))})
        places[name] = place.model_copy(update={"roll": {profile: roll_}})
    region = f.region.model_copy(
        update={
            "start": date(task.year, 8, 1), "place_types": types, "places": places, "sources": sources,
            "years": task.horizon + 1,
        }
    )  # fmt: skip
    # The last count falls in the school year after the last 1 August that is forecast.
    return task.scenario.model_copy(update={"region": region, "years": task.horizon + 1})


def simulated(task: Task, kind: str) -> int:
    """Simulated children of a type at the start."""
    return round(task.series.stocks[kind][task.year] / task.scale)


def _flow(source: Source, year: int, path: Floats) -> Source:
    """The source with these numbers of children per school year, first of them the year of the forecast."""
    usual = max(float(path.mean()), 1e-9)
    assert source.flow is not None
    return source.model_copy(
        update={
            "flow": source.flow.model_copy(update={"value": usual}),
            "by_year": {year + h: Quantity(value=float(x) / usual, unit="times") for h, x in enumerate(path)},
        }
    )
