"""Known rates are found back: the machinery of the proof, with few runs. `make proof` holds it to its promise."""

from __future__ import annotations

import pytest

from proof import recovery
from proof.pool import here


@pytest.fixture(scope="module")
def lines() -> list[recovery.Line]:
    return list(recovery.checks(False, here))


def test_truth_lies_inside_for_most_trials(lines):
    held = [x for x in lines if x.case.startswith("The 90 %")]
    assert [x.what for x in held] == list(recovery.RATES)
    # With four trials a rate may miss once or twice; all sixteen together promise fourteen.
    assert sum(x.found for x in held) / len(held) >= 0.75
    assert all(x.low <= x.found <= x.high + 1e-9 for x in held)


def test_a_year_less_makes_it_wider(lines):
    (both,) = [x for x in lines if x.what.startswith("all rates")]
    assert both.found > 1


def test_wilson_interval_is_that_of_the_formula():
    # 36 of 40: the textbook interval of Wilson (1927) is 0.769 to 0.960; 40 of 40 leaves out 0.90.
    low, high = recovery.wilson(36, 40)
    assert (low, high) == pytest.approx((0.7695, 0.9604), abs=5e-4)
    assert recovery.wilson(40, 40)[0] > 0.9


def test_too_narrow_fails_and_too_wide_is_said():
    narrow = recovery.coverage("x", [True] * 30 + [False] * 10)
    wide = recovery.coverage("x", [True] * 40)
    right = recovery.coverage("x", [True] * 36 + [False] * 4)
    assert (narrow.holds, wide.holds, right.holds) == (False, True, True)
    assert (narrow.beside, wide.beside, right.beside) == ("", "wider than promised", "")
