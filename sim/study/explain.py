"""Why two results differ: data, assumptions, version of the model, or chance; the four add up exactly.

Last month it said 62, now it says 58. Both results keep the scenario as it was resolved, with its whole region, so both
can be run again with the model of today, and with the data of one and the assumptions of the other. Every step is
paired: the same seed gives the same children, so what differs is caused by the step.

Steps, from the earlier result to the later one:

1. *version*: the earlier inputs with today's model against what the earlier result says, and what the later result says
   against its inputs with today's model. Zero, without a run, when today's model made the result.
2. *data* and *assumptions*: the inputs change in the one order and in the other; each part is the mean over both orders
   (Shapley, 1953), so no order has to be chosen and nothing is left over.
3. *chance*: another seed or another number of replications, last.

Data are what is there and how it is wired (places, types, routes, legal ages), numbers by definition, and numbers of
grade A and B. Assumptions are numbers of grade C to E, the evidence register, levers and effects set by hand. A number
counts under its grade in the later result: what was guessed and is now counted is data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario
from sim.study import manifest, statistics
from sim.study.differences import ASSUMPTIONS, DATA, Difference, differences, mixed, only
from sim.study.engine import Engine
from sim.study.export import MANIFEST, SCENARIOS, TABLE
from sim.study.margins import margin_title
from sim.study.outcomes import FIRST_PAGE, Scope
from sim.study.parallel import Executor
from sim.study.results import FIXED, Results
from sim.study.runs import Progress, StudyError, plan, stream
from sim.study.store import Store

VERSION, CHANCE = "version", "chance"
CAUSES = (DATA, ASSUMPTIONS, VERSION, CHANCE)
# What a result says first; the count on 1 February is what most schools are funded on.
HEADLINES: tuple[tuple[str, Scope], ...] = (*FIRST_PAGE, ("K02.feb", "both"), ("K17.children_feb", "types"))
LEAD = ("K02.oct", "all")
# One change at a time is a look, not a measurement: few changes, few replications.
MOST_SINGLE = 10
SINGLE_REPLICATIONS = 10
_COLUMNS = ("replication", "school_year", "indicator", "place_type", "value", "unit")

Item = tuple[str, str]
"""Indicator and place type."""
Step = Literal["earlier", "data", "assumptions", "later", "seed", "single"]


@dataclass(frozen=True)
class Said:
    """What one result says about one scenario, and all that decided it.

    Attributes:
        name: The folder, or other words for the reader.
        version: Digests of the engine and of the indicators that made it.
        values: Columns replication, school_year, indicator, place_type, value, unit: central values of the assumptions,
            no district and no profile.
        others: Ids of the scenarios that the folder holds as well.
    """

    name: str
    scenario: Scenario
    seed: int
    replications: int
    version: tuple[str, str]
    values: pd.DataFrame
    others: tuple[str, ...] = ()

    @property
    def question(self) -> tuple[str, int, int]:
        """What decides its values, given the version."""
        return self.scenario.digest(), self.seed, self.replications


@dataclass(frozen=True)
class Again:
    """How a scenario is run again.

    Attributes:
        store: Where replications are kept; nothing is run twice.
        show: Called after each step with the name of what is run.
        jobs: Worker processes; None = one per core.
        executor: A warm pool to use instead.
        engine: The functions to run.
    """

    store: Store | None = None
    show: Callable[[Step, Progress], object] | None = None
    jobs: int | None = None
    executor: Executor | None = None
    engine: Engine = field(default_factory=Engine)

    @property
    def version(self) -> tuple[str, str]:
        """Digests of today's engine and indicators."""
        return self.engine.digest(), self.engine.indicator_digest()

    def __call__(self, step: Step, scenario: Scenario, seed: int, replications: int) -> Said:
        """What today's model says, with central values.

        Raises:
            SimulationError: A replication failed.
        """
        study = plan(
            [], baseline=scenario, replications=replications, seed=seed, modes=(FIXED,), engine=self.engine
        )
        last = None
        with closing(stream(study, store=self.store, jobs=self.jobs, executor=self.executor)) as steps:
            for last in steps:
                if self.show is not None:
                    self.show(step, last)
        assert last is not None
        values = values_of(last.collector.results())
        return Said(step, scenario, seed, replications, self.version, values)


@dataclass(frozen=True)
class Row:
    """The difference of one outcome, divided over its causes.

    Attributes:
        was, now: What the earlier and the later result say (mean over replications of the mean over the years).
        parts: Cause -> its part; the parts add up to `now - was`.
        unsure: Cause -> half the 95% interval of that part over the paired replications; not for chance, which is
            itself what another seed does.
    """

    indicator: str
    place_type: str
    unit: str
    was: float
    now: float
    parts: dict[str, float]
    unsure: dict[str, float]


@dataclass(frozen=True)
class Explanation:
    """Why two results differ.

    Attributes:
        rows: One per outcome; the one for the first sentence comes first.
        years: School years over which the mean is taken: those that both results report.
        differences: Inputs that differ; the largest change first.
        hidden_version: Both results were made by one version that is not today's: `version` then says how far that
            version would have divided the difference in another way.
        missing: Outcomes that only one of the two has, or that not every step gives.
        single_replications: Replications behind the effects of single changes.
        margins: Place type of a row -> its words.
    """

    rows: tuple[Row, ...]
    years: tuple[str, ...]
    differences: tuple[Difference, ...]
    hidden_version: bool = False
    missing: tuple[Item, ...] = ()
    single_replications: int = 0
    margins: Mapping[str, Text] = field(default_factory=dict)


def read_said(folder: Path, scenario: str | None = None) -> Said:
    """Read what an output folder (or an entry of the diary) says about one scenario.

    Args:
        folder: Folder with a manifest.
        scenario: Id of the scenario; None = the baseline.

    Raises:
        FolderError: It is no whole output folder, was changed afterwards, or does not hold the scenario.
        OSError: A file cannot be opened.
    """
    for name in (MANIFEST, SCENARIOS, TABLE):
        if not (folder / name).is_file():
            raise manifest.FolderError(
                f"{folder} holds no {name}: give a folder that 'doorstroom run ... --out DIR' wrote, "
                "or an entry of the diary"
            )
    about = manifest.read(folder / MANIFEST)
    lacking = [key for key in ("sha256", "seed", "replications", "engine") if key not in about]
    if lacking:
        raise manifest.FolderError(f"{folder / MANIFEST} is not whole: it lacks {', '.join(lacking)}")
    # The hash of the file, not of its meaning: an older version may have hashed the meaning in another way.
    if manifest.sha256(folder / SCENARIOS) != about["sha256"].get(SCENARIOS):
        raise manifest.FolderError(f"{folder / SCENARIOS} was changed after the run: its hash is another")
    held = manifest.from_snapshot((folder / SCENARIOS).read_text(encoding="utf-8"))
    names = tuple(s.id for s in held)
    chosen = names[0] if scenario is None else scenario
    if chosen not in names:
        raise manifest.FolderError(f"{folder} holds no scenario '{chosen}'. It holds: {', '.join(names)}")
    wanted = [("scenario", chosen), ("assumptions", FIXED), ("district", "all"), ("profile", "all")]
    try:
        table = pq.read_table(
            folder / TABLE, columns=list(_COLUMNS), filters=[(name, "==", value) for name, value in wanted]
        )
    except (pa.ArrowException, KeyError) as error:
        raise manifest.FolderError(f"{folder / TABLE} cannot be read: {error}") from error
    return Said(
        name=str(folder),
        scenario=held[names.index(chosen)],
        seed=about["seed"],
        replications=about["replications"],
        version=(about["engine"]["digest"], about["engine"]["indicators"]),
        values=_plain(table.to_pandas()),
        others=tuple(n for n in names if n != chosen),
    )


def values_of(results: Results) -> pd.DataFrame:
    """Values of the first scenario of a study as `Said` has them."""
    whole = [i for i, s in enumerate(results.series) if s.district == s.profile == "all"]
    tidy = results.tidy((FIXED,), results.baseline.id, np.array(whole, dtype=np.intp))
    return _plain(tidy[list(_COLUMNS)])


def common_years(old: Said, new: Said, year: str | None = None) -> tuple[str, ...]:
    """School years to compare: those that both report, or one that both simulated.

    Raises:
        StudyError: There is none.
    """
    simulated = [list(dict.fromkeys(sorted(s.values["school_year"]))) for s in (old, new)]
    if year is not None:
        if any(year not in years for years in simulated):
            both = sorted(set(simulated[0]) & set(simulated[1]))
            raise StudyError(f"school year '{year}' is not in both results; both have: {', '.join(both)}")
        return (year,)
    reported = [
        {
            f"{first}-{first + 1}"
            for first in range(
                s.scenario.region.start.year + s.scenario.region.replay_years,
                s.scenario.region.start.year + s.scenario.total_years,
            )
        }
        & set(years)
        for s, years in zip((old, new), simulated, strict=True)
    ]
    found = tuple(sorted(reported[0] & reported[1]))
    if not found:
        raise StudyError("the two results report no school year in common: they cannot be compared")
    return found


def choose(old: Said, new: Said, indicators: Sequence[str] = (), place_type: str | None = None) -> list[Item]:
    """Outcomes to explain, the leading one first: those asked for, else the headlines that both results have.

    Raises:
        StudyError: What is asked is in neither or only one of the results.
    """
    items = [_items(s.values) for s in (old, new)]
    both = [i for i in items[0] if i in set(items[1])]
    for name in indicators:
        if not any(i == name for i, _ in both):
            known = ", ".join(dict.fromkeys(i for i, _ in both))
            raise StudyError(f"indicator '{name}' is not in both results; both have: {known}")
    if place_type is not None and not any(t == place_type for _, t in both):
        known = ", ".join(dict.fromkeys(t for _, t in both))
        raise StudyError(f"type '{place_type}' is not in both results; both have: {known}")
    asked: tuple[tuple[str, Scope], ...] = tuple((name, "both") for name in indicators) or HEADLINES
    found = []
    for name, scope in asked:
        for item in both:
            kind = item[1]
            fits = kind == place_type if place_type else _fits(kind, scope)
            if item[0] == name and fits:
                found.append(item)
    if not found:
        raise StudyError("the two results have none of these outcomes in common")
    if not indicators and LEAD in found:
        found.sort(key=lambda item: item[0] != LEAD[0])
    return found


def explain(old: Said, new: Said, again: Again, items: Sequence[Item], years: Sequence[str]) -> Explanation:
    """Divide the difference of each outcome over data, assumptions, version and chance.

    Args:
        old: The earlier result.
        new: The later result.
        again: How to run what neither result holds.
        items: Outcomes.
        years: School years over which the mean is taken.

    Raises:
        StudyError: The results are of two regions.
        SimulationError: A replication failed.
    """
    first, last = old.scenario, new.scenario
    if first.region.id != last.region.id:
        raise StudyError(
            f"{old.name} is of region '{first.region.id}', {new.name} of '{last.region.id}': "
            "two results of one region can be explained"
        )
    known = {s.question: s for s in (old, new) if s.version == again.version}

    def values(step: Step, scenario: Scenario, like: Said) -> pd.DataFrame:
        question = (scenario.digest(), like.seed, like.replications)
        if question not in known:
            known[question] = again(step, scenario, like.seed, like.replications)
        return _by_item(known[question].values, years)

    start = values("earlier", first, old)
    data = values("data", mixed(first, last, data=True), old)
    assumed = values("assumptions", mixed(first, last, data=False), old)
    end = values("later", last, old)
    fresh = values("seed", last, new)
    was, now = _by_item(old.values, years), _by_item(new.values, years)
    steps = {
        **_both_orders(start, data, assumed, end),
        VERSION: (start - was).add(now - fresh, fill_value=0.0),
    }
    frames = (was, now, start, data, assumed, end, fresh)
    there = [i for i in items if all(i in f.columns for f in frames)]
    units = new.values.drop_duplicates("indicator").set_index("indicator")["unit"]
    rows = []
    for item in there:
        m = [float(f[item].mean()) for f in frames]
        parts = {
            **_both_orders(*m[2:6]),
            VERSION: (m[2] - m[0]) + (m[1] - m[6]),
            CHANCE: m[6] - m[5],
        }
        unsure = {
            cause: float(statistics.half_width(step[item].to_numpy()[:, None])[0])
            for cause, step in steps.items()
        }
        rows.append(Row(*item, str(units[item[0]]), m[0], m[1], parts, unsure))
    return Explanation(
        rows=tuple(rows),
        years=tuple(years),
        differences=differences(first, last),
        hidden_version=old.version == new.version != again.version,
        missing=tuple(i for i in items if i not in there),
        margins={t: margin_title(last.region, t) for _, t in items},
    )


def _both_orders(start: Any, data: Any, assumed: Any, end: Any) -> dict[str, Any]:
    """Parts of data and of assumptions, from what neither, each alone and both together give."""
    given = {(): start, (DATA,): data, (ASSUMPTIONS,): assumed, (DATA, ASSUMPTIONS): end}
    parts = statistics.shapley({frozenset(changed): value for changed, value in given.items()})
    return {cause: parts[cause] for cause in (DATA, ASSUMPTIONS)}


def one_by_one(explanation: Explanation, old: Said, new: Said, again: Again) -> Explanation:
    """The same explanation with, for the largest changes, what each does alone to the leading outcome.

    Each is the earlier input with this one change, on at most ten replications, today's model. What they do together
    stands in the rows; alone they need not add up to it.
    """
    lead, few = explanation.rows[0], min(old.replications, SINGLE_REPLICATIONS)
    item = (lead.indicator, lead.place_type)

    def level(scenario: Scenario) -> float:
        said = again("single", scenario, old.seed, few)
        found = _by_item(said.values, explanation.years)
        return float(found[item].mean()) if item in found.columns else float("nan")

    base = level(old.scenario)
    found = []
    for number, difference in enumerate(explanation.differences):
        single = only(old.scenario, new.scenario, difference) if number < MOST_SINGLE else None
        found.append(difference if single is None else replace(difference, effect=level(single) - base))
    found.sort(key=lambda d: -abs(d.effect) if d.effect is not None else 1.0)
    return replace(explanation, differences=tuple(found), single_replications=few)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    names = ("school_year", "indicator", "place_type", "unit")
    return frame.astype(dict.fromkeys(names, str)).reset_index(drop=True)


def _items(values: pd.DataFrame) -> list[Item]:
    pairs = values[["indicator", "place_type"]].drop_duplicates()
    return list(zip(pairs["indicator"], pairs["place_type"], strict=True))


def _fits(place_type: str, scope: Scope) -> bool:
    if place_type == "all":
        return scope != "types"
    return scope != "all" and ":" not in place_type


def _by_item(values: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Replication x outcome: the mean over the school years in which the outcome is defined."""
    kept = values[values["school_year"].isin(list(years))]
    return kept.pivot_table("value", "replication", ["indicator", "place_type"], "mean")
