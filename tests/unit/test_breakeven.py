"""Break-even on made functions whose zeros are known: one value, always, never, several, nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sim.study.breakeven import Answer, break_even
from sim.study.results import Floats

NOISE = np.array(
    [-0.3, -0.1, 0.0, 0.1, 0.3]
)  # the same children at every value: a shift per replication, mean zero


def ask(f: Callable[[float], float], noise: Floats = NOISE) -> Callable[[Sequence[float]], Floats]:
    return lambda values: np.array([f(v) + noise for v in values])


def find(f: Callable[[float], float], low: float = 0.0, high: float = 1.0) -> Answer:
    return break_even(ask(f), low, high)


@pytest.mark.parametrize("zero", [0.1, 0.3, 0.5, 0.77])
def test_a_line_crosses_once_and_the_side_is_named(zero: float) -> None:
    up, down = find(lambda v: v - zero), find(lambda v: zero - v)
    assert up.kind == down.kind == "value"
    assert up.crossings[0].value == pytest.approx(zero) and up.crossings[0].better == "below"
    assert down.crossings[0].value == pytest.approx(zero) and down.crossings[0].better == "above"


def test_a_curve_is_bisected() -> None:
    found = find(lambda v: math.exp(2 * v) - 3)
    assert found.kind == "value"
    assert found.crossings[0].value == pytest.approx(math.log(3) / 2, abs=1e-4)


def test_the_interval_is_that_of_the_mean_of_the_replications() -> None:
    """For a line through zero the value is -mean(noise): its interval is the bootstrap interval of that mean."""
    noise = np.random.default_rng(3).normal(0.0, 0.2, 200)
    noise -= noise.mean()
    found = break_even(ask(lambda v: v - 0.5, noise), 0.0, 1.0).crossings[0]
    half = 1.96 * noise.std() / math.sqrt(200)
    assert found.interval[0] == pytest.approx(0.5 - half, abs=0.005)
    assert found.interval[1] == pytest.approx(0.5 + half, abs=0.005)


def test_an_interval_ends_at_the_range() -> None:
    low, high = break_even(ask(lambda v: v - 0.05, NOISE * 5), 0.0, 1.0).crossings[0].interval
    assert low == 0.0 and 0.05 < high <= 1.0


def test_always_and_never() -> None:
    assert find(lambda v: -1.0 - v).kind == "always"
    assert find(lambda v: 1.0 + v).kind == "never"
    assert find(lambda v: -1.0 - v).even == ()
    assert find(lambda v: -1.0 - v).sure and not find(lambda v: -0.05 - v).sure


def test_no_difference_without_the_effect_is_no_crossing() -> None:
    never = break_even(ask(lambda v: v, NOISE * 0), 0.0, 1.0)
    assert (never.kind, never.even, never.sure) == ("never", (0.0,), True)
    assert break_even(ask(lambda v: -v, NOISE * 0), 0.0, 1.0).kind == "always"


def test_several_crossings_are_all_given() -> None:
    found = find(lambda v: (v - 0.2) * (v - 0.8))
    assert found.kind == "several"
    assert [c.value for c in found.crossings] == pytest.approx([0.2, 0.8], abs=1e-3)
    assert [c.better for c in found.crossings] == ["above", "below"]


def test_an_outcome_that_does_not_feel_the_effect() -> None:
    assert find(lambda _: -4.0).kind == "nothing"
    assert find(lambda _: 0.0).kind == "nothing"


def test_a_zero_on_the_grid_is_found_exactly() -> None:
    found = break_even(ask(lambda v: v - 0.5, NOISE * 0), 0.0, 1.0, also=(0.5,))
    assert found.kind == "value" and found.crossings[0].value == 0.5


def test_one_replication_has_no_interval() -> None:
    found = break_even(ask(lambda v: v - 0.4, np.zeros(1)), 0.0, 1.0).crossings[0]
    assert found.value == pytest.approx(0.4) and all(math.isnan(x) for x in found.interval)
