"""Many runs: which replications of which scenarios in which modes, from the store or from workers."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import load
from sim.scenario.scenario import Scenario
from sim.study.draws import DrawPlan, plan_draws
from sim.study.engine import Engine
from sim.study.parallel import Executor, Task, run_tasks
from sim.study.results import DRAWN, FIXED, MEASURED, Cell, Collector, Results
from sim.study.risks import risk_problems
from sim.study.store import Key, Store, decode

Assumptions = Literal["both", "fixed"]
MODES: dict[str, tuple[str, ...]] = {"both": (FIXED, DRAWN, MEASURED), "fixed": (FIXED, MEASURED)}
MOST_REPLICATIONS = 9999
# The first pairs come one by one, so that a first band stands soon; later ones share a file.
_SINGLE = 6
_SLICE = 4


class StudyError(ValueError):
    """What was asked cannot be run; the text says what is wrong and what is allowed."""


@dataclass(frozen=True)
class Study:
    """What is asked: scenarios (the baseline first), modes, seed and replications."""

    scenarios: tuple[Scenario, ...]
    modes: tuple[str, ...]
    seed: int
    replications: int
    engine: Engine = field(default_factory=Engine)

    @cached_property
    def draws(self) -> DrawPlan:
        """The draws of the study, the same for each scenario."""
        return plan_draws(self.scenarios[0], self.seed)

    @cached_property
    def keys(self) -> dict[Cell, Key]:
        """Place in the store per scenario and mode; the same question has the same key, whatever its name."""
        engine, indicators = self.engine.digest(), self.engine.indicator_digest()
        found = {}
        for scenario in self.scenarios:
            central, measured = scenario.digest(), self.version(scenario, MEASURED).digest()
            for mode in self.modes:
                drawn = mode == DRAWN and bool(scenario.quantities())
                found[scenario.id, mode] = Key(
                    engine, indicators, measured if mode == MEASURED else central,
                    self.draws.digest if drawn else "", self.seed,
                )  # fmt: skip
        return found

    def version(self, scenario: Scenario, mode: str) -> Scenario:
        """What is simulated in a mode, before any draw."""
        return scenario.measured_only() if mode == MEASURED else scenario


@dataclass(frozen=True)
class Progress:
    """How far a study is.

    Attributes:
        done: Replications that are there.
        total: Replications asked: each scenario and mode counts, the same question once.
        reused: Replications that came from the store.
        collector: What came in; `results()` makes a `Results` of it.
    """

    done: int
    total: int
    reused: int
    collector: Collector


def plan(
    scenarios: Sequence[Scenario | str | Path],
    *,
    replications: int = 30,
    years: int | None = None,
    seed: int = 1,
    assumptions: Assumptions = "both",
    modes: Sequence[str] | None = None,
    baseline: Scenario | None = None,
    engine: Engine | None = None,
) -> Study:
    """Check what is asked and add the baseline.

    Args:
        scenarios: Scenarios, ids or paths, all of one region.
        replications: Paired replications per scenario and mode.
        years: School years reported after the replay; None = as the region says.
        seed: Master seed.
        assumptions: `both` = central values and drawn futures; `fixed` = central values only.
        modes: Modes to run instead of those that belong to `assumptions` (a screen that needs no shares, for
            example).
        baseline: The baseline; None = that of the region.
        engine: Other functions to run than those of the model.

    Raises:
        StudyError: Numbers out of bounds, two regions, or two scenarios with one id.
        ScenarioError: A scenario cannot be read.
    """
    for name, value, low, high in (
        ("replications", replications, 1, MOST_REPLICATIONS),
        ("years", 1 if years is None else years, 1, 60),
        ("seed", seed, 0, 2**31 - 1),
    ):
        if not low <= value <= high:
            raise StudyError(f"{name} is {value}: allowed is {low} to {high}")
    if assumptions not in MODES:
        raise StudyError(f"assumptions is '{assumptions}': allowed is {' or '.join(MODES)}")
    asked = [s if isinstance(s, Scenario) else load(s) for s in scenarios]
    if problems := risk_problems(asked):
        raise ScenarioError(problems)
    if baseline is None:
        baseline = next((s for s in asked if s.kind == "baseline"), None)
    if baseline is None:
        if not asked:
            raise StudyError("no scenario was asked: give at least one id or file")
        baseline = find_baseline(asked[0], scenarios[0])
    found: dict[str, Scenario] = {}
    for scenario in (baseline, *asked):
        if scenario.region.id != baseline.region.id:
            raise StudyError(
                f"scenario '{scenario.id}' is of region '{scenario.region.id}', the others are of "
                f"'{baseline.region.id}': run one region at a time"
            )
        dated = scenario if years is None else scenario.model_copy(update={"years": years})
        if found.setdefault(scenario.id, dated).digest() != dated.digest():
            raise StudyError(
                f"two different scenarios have the id '{scenario.id}': give one of them another id"
            )
    if len({s.years for s in found.values()}) > 1:
        raise StudyError("the scenarios report different numbers of school years: choose one with --years")
    return Study(
        tuple(found.values()), tuple(modes or MODES[assumptions]), seed, replications, engine or Engine()
    )


def find_baseline(scenario: Scenario, given: Scenario | str | Path | None = None) -> Scenario:
    """The baseline of a scenario's region: carrying on as today.

    Args:
        scenario: The scenario.
        given: How it was asked for; a file in a region folder of its own has its baseline beside it.

    Raises:
        ScenarioError: There is none.
    """
    if given is not None and not isinstance(given, Scenario) and Path(given).is_file():
        for folder in Path(given).resolve().parents:
            if (folder / "region.yaml").is_file() and (folder / "baseline.yaml").is_file():
                return load(folder / "baseline.yaml")
    return load(f"{scenario.region.id}/baseline")


def stream(
    study: Study, *, store: Store | None = None, jobs: int | None = None, executor: Executor | None = None
) -> Generator[Progress, None, None]:
    """Run a study and report after each step; closing the generator cancels what has not started.

    Replications come one by one across all scenarios and modes, so that the first pairs are complete early.
    What the store has is not run; what is run is in the store before it is reported.

    Args:
        study: What is asked, from `plan`.
        store: Where results are kept; None = keep nothing, run everything.
        jobs: Worker processes; None = one per core.
        executor: A warm pool to use instead.
    """
    collector = Collector(
        study.scenarios, study.modes, study.seed, study.replications, study.engine.digest(),
        study.engine.indicator_digest(), store.problems if store else [],
    )  # fmt: skip
    cells: dict[Key, list[Cell]] = {}
    for cell, key in study.keys.items():
        cells.setdefault(key, []).append(cell)
    missing = {key: set(range(study.replications)) for key in cells}
    total, done = len(cells) * study.replications, 0
    if store is not None:
        store.sweep()
        for key, wanted in missing.items():
            for block in store.read(key, sorted(wanted)):
                collector.add(cells[key], block)
                wanted.remove(block.replication)
                done += 1
    reused = done
    yield Progress(done, total, reused, collector)
    tasks = _tasks(study, cells, missing)
    if done == total:
        return
    with closing(run_tasks(tasks, jobs, executor)) as answers:
        for answer in answers:
            task = answer.task
            if store is not None:
                store.write(task.key, task.replications, answer.raw)
            for block in decode(answer.raw, task.key):
                collector.add(cells[task.key], block)
                done += 1
            yield Progress(done, total, reused, collector)


def run(
    scenarios: Sequence[Scenario | str | Path],
    *,
    replications: int = 30,
    years: int | None = None,
    seed: int = 1,
    assumptions: Assumptions = "both",
    jobs: int | None = None,
    store: Store | Path | str | None = None,
    progress: Callable[[Progress], object] | None = None,
    baseline: Scenario | None = None,
    executor: Executor | None = None,
    engine: Engine | None = None,
) -> Results:
    """Run scenarios and their baseline, paired by replication, and return all results.

    Args:
        scenarios: Scenarios, ids or paths, all of one region.
        replications: Paired replications per scenario and mode.
        years: School years reported after the replay; None = as the region says.
        seed: Master seed.
        assumptions: `both` = central values and drawn futures; `fixed` = central values only.
        jobs: Worker processes; None = one per core.
        store: Store or its folder; None = the default one.
        progress: Called after each step.
        baseline: The baseline; None = that of the region.
        executor: A warm pool to use instead of processes of its own.
        engine: Other functions to run than those of the model.

    Raises:
        StudyError, ScenarioError: What is asked cannot be run.
        SimulationError: A replication failed.
    """
    study = plan(
        scenarios, replications=replications, years=years, seed=seed, assumptions=assumptions,
        baseline=baseline, engine=engine,
    )  # fmt: skip
    kept = store if isinstance(store, Store) else Store() if store is None else Store(Path(store))
    last = None
    for last in stream(study, store=kept, jobs=jobs, executor=executor):
        if progress is not None:
            progress(last)
    assert last is not None
    return last.collector.results()


def slices(replications: int) -> list[range]:
    """Replications as they are run and kept together; borders do not depend on how many are asked."""
    found = [range(r, r + 1) for r in range(min(_SINGLE, replications))]
    return found + [range(r, min(r + _SLICE, replications)) for r in range(_SINGLE, replications, _SLICE)]


def _tasks(study: Study, cells: dict[Key, list[Cell]], missing: dict[Key, set[int]]) -> Iterator[Task]:
    packed: dict[Key, bytes] = {}
    named = {s.id: s for s in study.scenarios}
    for part in slices(study.replications):
        for key, answers in cells.items():
            wanted = tuple(r for r in part if r in missing[key])
            if not wanted:
                continue
            scenario, mode = answers[0]
            if key not in packed:
                version = study.version(named[scenario], mode)
                packed[key] = pickle.dumps(version, protocol=pickle.HIGHEST_PROTOCOL)
            yield Task(
                key=key,
                title=f"scenario {scenario} ({mode})",
                scenario=packed[key],
                plan=study.draws if key.draw else None,
                replications=wanted,
                engine=study.engine,
            )
