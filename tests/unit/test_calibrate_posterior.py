"""Emulator, history matching and posterior where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sim.scenario.quantity import Quantity
from sim.study.calibrate import findings
from sim.study.calibrate.emulator import emulate
from sim.study.calibrate.posterior import Sample, posterior
from sim.study.calibrate.prior import Prior
from sim.study.calibrate.summaries import summary_of
from sim.study.calibrate.targets import Target
from sim.study.calibrate.waves import CalibrationError, implausibility, latin, plausible, sample

SUMMARIES = tuple(summary_of(f"entries alpha {year}") for year in (2021, 2022, 2023))
NO_CHANCE = np.zeros(3)


def target(i: int, value: float, sd: float, fitted: bool = True) -> Target:
    """A fact whose only error is the model's own."""
    return Target(SUMMARIES[i], str(SUMMARIES[i]), value, 0.0, sd, fitted)


def prior(size: int) -> Prior:
    """Rates from 0 to 1 with the middle at 0.5: the place in the range is the value."""
    q = Quantity(value=0.5, unit="share", range=(0.0, 1.0), grade="E", source="made up", date="2026")
    return Prior(tuple(f"rate{i}" for i in range(size)), (q,) * size)


def test_a_posterior_that_is_a_normal_distribution() -> None:
    # Flat prior, one number that is the rate itself with error 0.05: the posterior is normal around the fact.
    points = latin(1, 2000, 1)
    found = posterior(points, points.copy(), (target(0, 0.4, 0.05),), NO_CHANCE[:1], seed=1)
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert found.quantile(level)[0] == pytest.approx(norm.ppf(level, 0.4, 0.05), abs=0.006)


def test_two_facts_weigh_by_their_errors() -> None:
    # Facts 0.3 and 0.5 about one rate, errors 0.04 and 0.08: precision-weighted mean 0.34, sd 0.0358.
    points = latin(1, 2000, 1)
    runs = np.column_stack([points[:, 0], points[:, 0]])
    found = posterior(points, runs, (target(0, 0.3, 0.04), target(1, 0.5, 0.08)), NO_CHANCE[:2], seed=1)
    mean = float(found.weights @ found.points[:, 0])
    sd = float(np.sqrt(found.weights @ (found.points[:, 0] - mean) ** 2))
    assert mean == pytest.approx(0.34, abs=0.006)
    assert sd == pytest.approx(0.0358, abs=0.004)


def test_chance_in_a_run_counts_once() -> None:
    # The fact is one world with chance 0.06: runs with that chance get no further error, and the answer is the same.
    points = latin(1, 4000, 1)
    noisy = points + 0.06 * np.random.default_rng(1).standard_normal(points.shape)
    fact = Target(SUMMARIES[0], "world", 0.5, None, 0.0)
    found = posterior(points, noisy, (fact,), np.array([0.06**2]), seed=1)
    assert found.quantile(0.95)[0] - found.quantile(0.05)[0] == pytest.approx(2 * 1.645 * 0.06, rel=0.1)


def test_only_a_sum_is_known_and_it_is_named() -> None:
    points = latin(3, 3000, 1)
    total = (points[:, 0] + points[:, 1])[:, None]
    found = posterior(points, total, (target(0, 1.0, 0.05),), NO_CHANCE[:1], seed=1)
    rates = prior(3)
    exact = emulate(points, total, NO_CHANCE[:1])
    (pair,) = findings.pairs(found, rates, exact, (target(0, 1.0, 0.05),))
    assert (pair.first, pair.second) == ("rate0", "rate1")
    assert pair.correlation < -0.9
    assert pair.alike == pytest.approx(1)
    assert pair.sharp < 0.25
    assert pair.blunt > 0.7
    # Each by itself is as wide as before: only together is anything known.
    assert all(x.silent for x in findings.learned(found, rates))
    assert findings.directions(found)[0] < 0.25
    assert findings.inside_together(found, np.array([0.5, 0.5, 0.5])) > 0.5
    assert findings.inside_together(found, np.array([0.9, 0.9, 0.5])) < 0.01


def test_draws_have_the_weights_and_stay_in_the_range() -> None:
    drawn = Sample(np.array([[0.2], [0.8]]), np.array([0.25, 0.75]), 1.0).draws(400, seed=1)
    assert np.mean(drawn == 0.8) == pytest.approx(0.75, abs=0.01)
    points = latin(2, 1000, 1)
    edge = posterior(
        points, points.copy(), (target(0, 0.0, 0.02), target(1, 1.0, 0.02)), NO_CHANCE[:2], seed=1
    )
    assert (edge.points > 0).all()
    assert (edge.points < 1).all()


def test_an_emulator_says_what_it_knows() -> None:
    rng = np.random.default_rng(1)
    points = latin(2, 150, 1)
    mean = 3 + 2 * points[:, 0] - points[:, 1] ** 2
    runs = np.column_stack([mean + 0.1 * rng.standard_normal(150), 0.1 * rng.standard_normal(150)])
    made = emulate(points, runs, np.array([0.01, 0.01]))
    elsewhere = latin(2, 200, 2)
    true = 3 + 2 * elsewhere[:, 0] - elsewhere[:, 1] ** 2
    off = made.mean(elsewhere)[:, 0] - true
    assert np.abs(off).max() < 0.1
    assert np.mean(np.abs(off) < 2 * np.sqrt(made.variance(elsewhere)[:, 0])) > 0.85
    assert made.q2[0] == pytest.approx(made.most[0], abs=0.03)
    assert made.q2[1] < 0.05  # nothing but chance: nothing to foretell


def test_history_matching_leaves_the_part_that_it_should() -> None:
    # The fact 0.5 with error 0.05: implausibility 3 lies at 0.35 and 0.65, so 0.3 of the range is left.
    points = latin(1, 100, 1)
    exact = emulate(points, points.copy(), NO_CHANCE[:1])
    fit = (target(0, 0.5, 0.05),)
    assert implausibility(exact, fit, np.array([[0.6]]))[0, 0] == pytest.approx(2, rel=0.05)
    assert plausible([exact], fit, np.array([[0.3], [0.36], [0.64], [0.7]])).tolist() == [
        False,
        True,
        True,
        False,
    ]
    left, share = sample([exact], fit, 1, 50, 1)
    assert len(left) == 50
    assert share == pytest.approx(0.3, abs=0.02)


def test_nothing_left_is_said_with_the_fact_that_is_hardest() -> None:
    points = latin(1, 100, 1)
    runs = np.column_stack([points, points])
    exact = emulate(points, runs, NO_CHANCE[:2])
    with pytest.raises(CalibrationError, match=r"the hardest is 'entries alpha 2022'"):
        sample([exact], (target(0, 0.5, 0.05), target(1, 2.0, 0.05)), 1, 10, 1)


def test_facts_that_cannot_all_be_true_are_found_as_smallest_sets() -> None:
    # Two facts about one rate that exclude each other, a third that goes with both, a fourth that no rate gives.
    points = latin(2, 200, 1)
    known = (SUMMARIES[0], SUMMARIES[1], SUMMARIES[2], summary_of("stay alpha"))
    runs = np.column_stack([points[:, 0], points[:, 0], points[:, 1], points[:, 1]])
    exact = emulate(points, runs, np.zeros(4))
    values = (0.1, 0.9, 0.5, 3.0)
    facts = tuple(
        Target(s, str(s), v, 0.0, 0.05, fitted)
        for s, v, fitted in zip(known, values, (True, False, True, False), strict=True)
    )
    found = findings.conflicts(exact, prior(2), facts, 1)
    assert [tuple(t.value for t in c.targets) for c in found] == [(3.0,), (0.1, 0.9)]
    assert found[1].nearest == pytest.approx((0.5, 0.5), abs=0.05)
    assert found[1].off == pytest.approx(8, abs=0.3)
    second, last = findings.room(exact, prior(2), facts, 1)
    assert (second.low, second.high) == pytest.approx((0.0, 0.2), abs=0.02)
    assert second.gap == pytest.approx((0.9 - 0.2) / 0.05, rel=0.05)
    assert last.gap > 30


def test_a_fact_about_a_rate_is_compared_with_the_rate() -> None:
    points = latin(1, 100, 1)
    exact = emulate(points, points.copy(), NO_CHANCE[:1])
    facts = (target(0, 0.8, 0.02), Target(None, "rate0", 0.2, 0.0, 0.02, False))
    (conflict,) = findings.conflicts(exact, prior(1), facts, 1)
    assert conflict.nearest == pytest.approx((0.5, 0.5), abs=0.02)
