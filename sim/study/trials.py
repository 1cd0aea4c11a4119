"""Scenarios that are tried with central values only, side by side, on the same children."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.parallel import Executor
from sim.study.results import FIXED, Floats, Results, Series
from sim.study.runs import Progress, plan, stream
from sim.study.store import Store


@dataclass(frozen=True)
class Trials:
    """How scenarios are tried: the same seed, so the same children, in all of them.

    Attributes:
        replications: Replications of each scenario.
        seed: Master seed.
        store: Where replications are kept; nothing is run twice.
        show: Called after each step with what is tried and how far it is.
        jobs: Worker processes; None = one per core.
        executor: A warm pool to use instead.
        engine: The functions to run.
    """

    replications: int
    seed: int = 1
    store: Store | None = None
    show: Callable[[str, Progress], object] | None = None
    jobs: int | None = None
    executor: Executor | None = None
    engine: Engine = field(default_factory=Engine)

    def __call__(self, scenarios: Sequence[Scenario], what: str) -> Results:
        """Results of all these scenarios; they get their position (0, 1 ...) as id.

        Raises:
            StudyError: Replications or seed out of bounds.
            SimulationError: A replication failed.
        """
        first, *rest = (s.model_copy(update={"id": str(i)}) for i, s in enumerate(scenarios))
        study = plan(
            rest, baseline=first, replications=self.replications, seed=self.seed, modes=(FIXED,),
            engine=self.engine,
        )  # fmt: skip
        last = None
        with closing(stream(study, store=self.store, jobs=self.jobs, executor=self.executor)) as steps:
            for last in steps:
                if self.show is not None and last.reused < last.total:
                    self.show(what, last)
        assert last is not None
        return last.collector.results()


def yearly(results: Results, position: int, series: Series) -> Floats:
    """One series of the scenario at this position: replication x reported school year; NaN where it is not defined."""
    first = results.baseline.region.replay_years
    if series not in results.positions:
        return np.full((results.replications, len(results.reported_years)), np.nan)
    found: Floats = results.values[str(position), FIXED][:, results.positions[series], first:]
    return found
