"""It works if at least x: the value of a scenario's uncertain effect at which an outcome is as good as carrying on as today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.indicators import INDICATORS
from sim.scenario.errors import did_you_mean, listing
from sim.scenario.evidence import NO_EFFECT, STATES, Effect
from sim.scenario.scenario import Scenario
from sim.study.breakeven import Answer, break_even
from sim.study.results import Floats, Results, Series
from sim.study.runs import StudyError
from sim.study.statistics import TIE
from sim.study.trials import Trials, yearly

OUTCOME = "K12.total"
# Which effect moves the outcome most is a look, not a measurement.
LOOK_REPLICATIONS = 6


@dataclass(frozen=True)
class Moves:
    """How far an effect of the register moves the difference between scenario and baseline.

    Attributes:
        id: Id in the register.
        low, high: Mean difference at the lowest and at the highest value of its range.
    """

    id: str
    effect: Effect
    low: float
    high: float

    @property
    def span(self) -> float:
        """Size of the difference between both ends."""
        return abs(self.high - self.low)


@dataclass(frozen=True)
class Threshold:
    """The answer, and what it is about.

    Attributes:
        effect_id: Id of the effect in the register; empty when the scenario drives no uncertain effect.
        answer: None when the scenario drives no uncertain effect.
        tried: The uncertain effects that the scenario drives, the one that moves most first; () = named by the reader.
        at_none: Mean difference with the effect set to none.
        at_value: Mean difference at the value in the register.
    """

    scenario: Scenario
    baseline: Scenario
    indicator: str
    effect_id: str
    effect: Effect | None
    answer: Answer | None
    tried: tuple[Moves, ...] = ()
    at_none: float = float("nan")
    at_value: float = float("nan")

    @property
    def lower_is_better(self) -> bool:
        """Whether less of the outcome is better for children."""
        return INDICATORS[self.indicator].better == "lower"


def driven(scenario: Scenario) -> tuple[str, ...]:
    """Ids of the uncertain effects (grade D, E) whose cause the scenario's levers move, in the order of the register."""
    owners = {path.rpartition(".")[0] for path in scenario.levers}
    found = []
    for name, effect in scenario.effects.items():
        if not effect.is_assumption or effect.size.range is None:
            continue
        if effect.cause in STATES:
            moved = any(
                effect.lever == key and (not effect.types or owner in effect.types)
                for owner, _, key in (path.rpartition(".") for path in scenario.levers)
            )
        else:
            moved = effect.cause in owners
        if moved:
            found.append(name)
    return tuple(found)


def threshold(
    scenario: Scenario,
    baseline: Scenario,
    trials: Trials,
    *,
    effect: str | None = None,
    indicator: str = OUTCOME,
) -> Threshold:
    """Find the value of an uncertain effect at which the outcome is as good as when we carry on as today.

    Args:
        scenario: The scenario.
        baseline: Carrying on as today.
        trials: How to run.
        effect: Id of an effect of the register; None = of those that the scenario drives, the one that moves the outcome most.
        indicator: Outcome, mean over the reported school years, everyone together.

    Raises:
        StudyError: The effect or the indicator is unknown, or has no range or no better side.
        SimulationError: A replication failed.
    """
    check(scenario, indicator, effect)
    tried: tuple[Moves, ...] = ()
    if effect is None:
        names = driven(scenario)
        if not names:
            return Threshold(scenario, baseline, indicator, "", None, None)
        look = replace(trials, replications=min(trials.replications, LOOK_REPLICATIONS))
        tried = which_moves(scenario, baseline, look, names, indicator) if len(names) > 1 else ()
        effect = tried[0].id if tried else names[0]
    row = scenario.effects[effect]
    assert row.size.range is not None
    none, value = NO_EFFECT[row.measure], row.size.value
    asked = _Differences(scenario, baseline, effect, trials, indicator)
    answer = break_even(asked, *row.size.range, also=(none, value))
    by_value = {p.value: p.difference * asked.sign for p in answer.points}
    return Threshold(
        scenario, baseline, indicator, effect, row, answer, tried, by_value[none], by_value[value]
    )


def check(scenario: Scenario, indicator: str, effect: str | None) -> None:
    """Whether this can be asked.

    Raises:
        StudyError: It cannot; the text says what can.
    """
    if scenario.kind == "baseline":
        raise StudyError(f"'{scenario.id}' is carrying on as today: name a scenario that changes something")
    if indicator not in INDICATORS:
        hint = did_you_mean(indicator, INDICATORS)
        raise StudyError(f"indicator '{indicator}' does not exist. {hint} Allowed: {listing(INDICATORS, 80)}")
    if INDICATORS[indicator].better == "neither":
        raise StudyError(f"of {indicator} neither more nor less is better: choose another, as {OUTCOME}")
    if effect is None:
        return
    if effect not in scenario.effects:
        hint = did_you_mean(effect, scenario.effects)
        known = listing(driven(scenario) or scenario.effects)
        raise StudyError(f"effect '{effect}' is not in the evidence register. {hint} Allowed: {known}")
    if scenario.effects[effect].size.range is None:
        raise StudyError(f"effect '{effect}' has no range: it is a number by definition, nothing to look for")


def which_moves(
    scenario: Scenario, baseline: Scenario, trials: Trials, effects: Sequence[str], indicator: str
) -> tuple[Moves, ...]:
    """The effects by how far they move the difference over their range, the largest first."""
    ends = {name: q.range for name in effects if (q := scenario.effects[name].size).range is not None}
    values = [{_path(name): value} for name, pair in ends.items() for value in pair]
    results = trials([scenario.with_values(v) for v in values], "effects")
    means = [float(np.nanmean(_mean_of(results, i, indicator))) for i in range(len(values))]
    together = [{_path(name): pair[end] for name, pair in ends.items()} for end in (0, 1)]
    today = _today(baseline, together, trials, indicator)
    if today is None:  # the baseline feels some of them: it is run at each end as well
        results = trials([baseline.with_values(v) for v in values], "baseline")
        means = [m - float(np.nanmean(_mean_of(results, i, indicator))) for i, m in enumerate(means)]
    else:
        means = [m - float(np.nanmean(today)) for m in means]
    found = [
        Moves(name, scenario.effects[name], means[2 * i], means[2 * i + 1]) for i, name in enumerate(ends)
    ]
    return tuple(sorted(found, key=lambda m: -m.span))


def _today(
    baseline: Scenario, ends: Sequence[dict[str, float]], trials: Trials, indicator: str
) -> Floats | None:
    """The outcome of the baseline per replication; None when it feels the effects.

    With the same children, a baseline that is equal at both ends in every run does not feel them.
    """
    results = trials([baseline.with_values(v) for v in ends], "baseline")
    low, high = (_mean_of(results, i, indicator) for i in range(2))
    return low if np.all(np.abs(high - low) <= TIE) else None


def _path(effect: str) -> str:
    return f"effects.{effect}.size"


def _mean_of(results: Results, position: int, indicator: str) -> Floats:
    """Mean over the reported school years, per replication."""
    found: Floats = np.nanmean(yearly(results, position, Series(indicator)), axis=1)
    return found


class _Differences:
    """Paired differences at values of one effect; the baseline is run again only where it feels the effect."""

    def __init__(
        self, scenario: Scenario, baseline: Scenario, effect: str, trials: Trials, indicator: str
    ) -> None:
        self._scenario, self._baseline = scenario, baseline
        self._effect, self._trials, self._indicator = effect, trials, indicator
        self._still: Floats | None = None
        self._asked = False
        self.sign = 1.0 if INDICATORS[indicator].better == "lower" else -1.0

    def __call__(self, values: Sequence[float]) -> Floats:
        if not self._asked:
            ends = [{_path(self._effect): v} for v in (min(values), max(values))]
            self._still, self._asked = _today(self._baseline, ends, self._trials, self._indicator), True
        variants = [self._scenario.with_values({_path(self._effect): v}) for v in values]
        if self._still is None:
            variants += [self._baseline.with_values({_path(self._effect): v}) for v in values]
        results = self._trials(variants, "values")
        found = [_mean_of(results, i, self._indicator) for i in range(len(variants))]
        today = found[len(values) :] if self._still is None else [self._still] * len(values)
        pairs = zip(found[: len(values)], today, strict=True)
        return self.sign * np.array([x - y for x, y in pairs])
