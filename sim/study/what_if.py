"""What the answer becomes when one number is half or twice as large, and all else stays as it is.

Half and twice of a number is half and twice its value. An effect is treated by what it does: a ratio multiplies a chance
(`ratio ** dose`), so half the effect is its square root and twice the effect its square; 0.8 becomes 0.89 or 0.64. In that
way "half" lies between the number and "no effect", whichever side of 1 it stands on. An effect in months, or an exponent,
is nothing at 0, and is halved and doubled as it stands. A value that the schema does not allow is pulled back to what it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from typing import Literal

import numpy as np

from sim.scenario import schema
from sim.scenario.evidence import NO_EFFECT, Evidence
from sim.scenario.quantity import Quantity, Spec
from sim.scenario.region import Region
from sim.scenario.scenario import Once, Scenario
from sim.study.results import FIXED, Floats, Results, Series
from sim.study.runs import StudyError
from sim.study.shortage import SHORT, places_short

Step = Literal["now", "half", "double", "none", "low", "high", "own"]
NOW: Step = "now"

EFFECTS, ONCE = "effects.", "once."
_RATIOS = ("risk_ratio", "hazard_ratio")


@dataclass(frozen=True)
class Try:
    """One value of one number.

    Attributes:
        step: Half, double, no effect, an end of the range, or a value that a reader asks for.
        value: What the number becomes.
        asked: What it would be without the bounds of the schema.
        outside: It lies outside the range that was thought plausible.
    """

    step: Step
    value: float
    asked: float
    outside: bool

    @property
    def clipped(self) -> bool:
        """The schema allows no more (or less) than this."""
        return not isclose(self.value, self.asked, rel_tol=1e-12, abs_tol=1e-12)


@dataclass(frozen=True)
class Tried:
    """What to run: the number as it is, and as it might be, each with carrying on as we do beside it.

    Attributes:
        path: Path of the number.
        baseline: Carrying on as we do, with the number as it is.
        scenarios: All others, in the order of `steps`; when the scenario is the baseline, one per step but `now`.
        steps: The steps in order, `now` first.
        pairs: Step -> ids of baseline and scenario.
    """

    path: str
    baseline: Scenario
    scenarios: tuple[Scenario, ...]
    steps: tuple[Try, ...]
    pairs: dict[Step, tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """An outcome under one value of the number, one entry per run that all four have.

    Attributes:
        today: When we carry on as we do, with this value.
        level: In the scenario, with this value.
        today_now, level_now: The same with the number as it is.
    """

    step: Step
    today: Floats
    level: Floats
    today_now: Floats
    level_now: Floats

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.level)

    @property
    def difference(self) -> Floats:
        """Scenario minus carrying on, with this value, run by run."""
        return self.level - self.today

    @property
    def change(self) -> Floats:
        """What this value does to the scenario itself, run by run."""
        return self.level - self.level_now


def spec_of(path: str) -> Spec:
    """The definition of a number: its unit, and the values that the schema allows.

    Raises:
        StudyError: No number can stand at this path.
    """
    parts = tuple(path.split("."))
    asked = (
        schema.at(Region, parts[1:]) if parts[0] == "region"
        else schema.at(Once, parts[2:]) if path.startswith(ONCE)
        else schema.at(Evidence, parts)
    )  # fmt: skip
    if asked is None or asked.spec is None:
        raise StudyError(f"'{path}' is not the path of a number")
    return asked.spec


def number_at(scenario: Scenario, path: str) -> Quantity:
    """The graded number at a path.

    Raises:
        StudyError: The scenario has none there.
    """
    try:
        return scenario.quantities()[path]
    except KeyError:
        raise StudyError(f"'{scenario.id}' has no graded number at '{path}'") from None


def no_effect(scenario: Scenario, path: str) -> float | None:
    """The value at which an effect does nothing; None for a number that is no effect."""
    effect = scenario.effects.get(path.removeprefix(EFFECTS).removesuffix(".size"))
    return NO_EFFECT[effect.measure] if effect is not None and path.startswith(EFFECTS) else None


def is_ratio(scenario: Scenario, path: str) -> bool:
    """Whether the number multiplies a chance or a rate, so that half and twice work on its power."""
    effect = scenario.effects.get(path.removeprefix(EFFECTS).removesuffix(".size"))
    return path.startswith(EFFECTS) and effect is not None and effect.measure in _RATIOS


def tries(scenario: Scenario, path: str) -> tuple[Try, ...]:
    """The values worth trying: half and double, for an effect also none; where those say nothing, both ends of the range.

    A value that equals that of now, or one before it, is left out.

    Raises:
        StudyError: The scenario has no graded number there.
    """
    q = number_at(scenario, path)
    none = no_effect(scenario, path)
    half, double = (q.value**0.5, q.value**2) if is_ratio(scenario, path) else (q.value / 2, q.value * 2)
    wanted: list[tuple[Step, float]] = [("half", half), ("double", double)]
    if none is not None:
        wanted.append(("none", none))
    found = _different(q, path, wanted)
    if not found and q.range is not None:
        found = _different(q, path, [("low", q.range[0]), ("high", q.range[1])])
    return found


def try_value(scenario: Scenario, path: str, value: float) -> Try:
    """A value that a reader asks for, pulled back to what the schema allows.

    Raises:
        StudyError: The scenario has no graded number there.
    """
    return _try(number_at(scenario, path), spec_of(path), "own", value)


def pair(
    baseline: Scenario, scenario: Scenario, path: str, value: float, suffix: str
) -> tuple[Scenario, Scenario]:
    """Baseline and scenario with another value of one number; their ids end with the suffix.

    Money that is spent once belongs to one scenario: it is changed there only.
    """
    shared = not path.startswith(ONCE) or scenario.id == baseline.id
    return (
        _with(baseline, {path: value} if shared else {}, suffix),
        _with(scenario, {path: value}, suffix),
    )


def plan(baseline: Scenario, scenario: Scenario, path: str, steps: Sequence[Try] | None = None) -> Tried:
    """What to run for a number at its own value and at others.

    Args:
        baseline: Carrying on as we do.
        scenario: The scenario in colour; the baseline itself when nothing was chosen.
        path: Path of the number.
        steps: Values to try; None = those of `tries`.

    Raises:
        StudyError: Neither of the two has a graded number there.
    """
    chosen = tries(scenario, path) if steps is None else tuple(steps)
    now = number_at(scenario, path).value
    alone = scenario.id == baseline.id
    pairs: dict[Step, tuple[str, str]] = {NOW: (baseline.id, scenario.id)}
    others = [] if alone else [scenario]
    for step in chosen:
        there, here = pair(baseline, scenario, path, step.value, f"~{step.step}")
        # A baseline without the number is the same whatever its value.
        same = there.digest() == baseline.digest()
        others += [here] if alone or same else [there, here]
        pairs[step.step] = (here.id if alone else baseline.id if same else there.id, here.id)
    return Tried(path, baseline, tuple(others), (Try(NOW, now, now, False), *chosen), pairs)


def answers(results: Results, tried: Tried, outcome: str, school_year: str) -> tuple[Answer, ...]:
    """One outcome in one school year under each value, as far as runs are there.

    Args:
        results: Results of the plan, so far.
        tried: The plan.
        outcome: Id of an indicator, or `short` for the places short.
        school_year: The year.

    Returns:
        One per step; empty when these results do not have the outcome or the year.
    """
    if school_year not in results.school_years:
        return ()
    year = results.school_years.index(school_year)
    runs = {name: _runs(results, name, outcome) for ids in tried.pairs.values() for name in ids}
    if not all(values.size for values in runs.values()):
        return ()
    found = []
    for step, pair_ in tried.pairs.items():
        names = (*pair_, *tried.pairs[NOW])
        there = np.logical_and.reduce([results.done[name, FIXED] for name in names])
        found.append(Answer(step, *(runs[name][there, year] for name in names)))
    return tuple(found)


def _runs(results: Results, scenario: str, outcome: str) -> Floats:
    """Replication x school year; empty when these results do not have the outcome."""
    if outcome == SHORT:
        return places_short(results, scenario, FIXED)
    at = results.positions.get(Series(outcome))
    values: Floats = np.empty((0, 0)) if at is None else results.values[scenario, FIXED][:, at]
    return values


def _different(q: Quantity, path: str, wanted: Sequence[tuple[Step, float]]) -> tuple[Try, ...]:
    spec = spec_of(path)
    found: list[Try] = []
    for step, value in wanted:
        made = _try(q, spec, step, value)
        if not any(
            isclose(made.value, old, rel_tol=1e-9, abs_tol=1e-12)
            for old in (q.value, *(f.value for f in found))
        ):
            found.append(made)
    return tuple(found)


def _try(q: Quantity, spec: Spec, step: Step, asked: float) -> Try:
    value = min(max(asked, spec.low), spec.high)
    low, high = q.range or (value, value)
    slack = 1e-9 * max(abs(low), abs(high), 1e-9)
    return Try(step, value, asked, outside=not low - slack <= value <= high + slack)


def _with(scenario: Scenario, values: dict[str, float], suffix: str) -> Scenario:
    return scenario.with_values(values).model_copy(update={"id": f"{scenario.id}{suffix}"})
