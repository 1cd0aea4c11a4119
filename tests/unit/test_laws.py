"""The laws of durations and counts, against scipy and against what they must mean."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from sim.model.laws import (
    YEAR,
    chance,
    grid,
    length_biased,
    on_grid,
    pick,
    poisson_count,
    stay,
    triangle,
    within_year,
)

U = (np.arange(2000) + 0.5) / 2000
HALF_STEP = 1 / 2048
MONTH_DAYS = np.array([0, 31, 61, 92, 122, 153, 184, 212, 243, 273, 304, 334, 365], dtype=float)


def lognormal(mean: float, cv: float) -> stats.rv_continuous:
    sigma = math.sqrt(math.log1p(cv * cv))
    return stats.lognorm(s=sigma, scale=mean * math.exp(-sigma * sigma / 2))


LAWS = [
    ("exponential", 40.0, None, stats.expon(scale=40.0)),
    ("erlang", 1826.25, 4.0, stats.gamma(a=4, scale=1826.25 / 4)),
    ("erlang", 10.0, 1.0, stats.expon(scale=10.0)),
    ("lognormal", 300.0, 0.5, lognormal(300.0, 0.5)),
    ("lognormal", 5.0, 1.5, lognormal(5.0, 1.5)),
]


@pytest.mark.parametrize(("law", "mean", "shape", "known"), LAWS)
def test_stays_are_the_quantiles_of_their_law(law, mean, shape, known):
    days = stay(law, mean, shape, U)
    assert np.abs(days - known.ppf(U)).max() <= HALF_STEP * (1 + 1e-6)
    assert known.mean() == pytest.approx(mean)


@pytest.mark.parametrize(("law", "mean", "shape", "known"), [*LAWS, ("fixed", 7.25, None, None)])
def test_one_stay_equals_a_block_of_stays(law, mean, shape, known):
    assert stay(law, mean, shape, U).tolist() == [stay(law, mean, shape, float(u)) for u in U]


def test_a_fixed_stay_is_always_as_long():
    assert set(stay("fixed", 7.25, None, U).tolist()) == {7.25}


@pytest.mark.parametrize(("law", "mean", "shape", "known"), LAWS)
def test_a_stay_met_halfway_is_longer_by_its_spread(law, mean, shape, known):
    """Who is met on a given day has a stay with density x f(x) / E[X], so its mean is E[X^2] / E[X]."""
    expected = known.moment(2) / known.mean()
    found, _ = integrate.quad(
        lambda u: float(length_biased(law, mean, shape, np.array([u]))[0]),
        0,
        1,
        points=[0.99, 0.9999],
        limit=300,
    )
    assert found == pytest.approx(expected, rel=1e-4)
    for u in (0.1, 0.5, 0.9):
        x = float(length_biased(law, mean, shape, np.array([u]))[0])
        below, _ = integrate.quad(lambda t: t * known.pdf(t), 0, x, limit=200)
        assert below / known.mean() == pytest.approx(u, abs=1e-6)


def test_a_fixed_stay_met_halfway_is_as_long():
    assert set(length_biased("fixed", 7.25, None, U).tolist()) == {7.25}


@pytest.mark.parametrize("mean", [0.01, 0.5, 1.0, 7.3, 60.0, 900.0])
def test_counts_are_poisson_quantiles(mean):
    assert poisson_count(U, np.full(len(U), mean)).tolist() == stats.poisson(mean).ppf(U).tolist()


def test_counts_exactly_on_a_step_take_the_lower_number():
    steps = stats.poisson(3.0).cdf(np.arange(8))
    assert poisson_count(steps, np.full(8, 3.0)).tolist() == list(range(8))


def test_no_mean_no_children():
    assert poisson_count(U, np.zeros(len(U))).sum() == 0


def test_more_demand_only_adds_children():
    """Arrivals are nested: for the same draw a larger mean never gives fewer."""
    means = np.concatenate([[0.0], np.geomspace(1e-3, 500, 120)])
    counts = np.stack([poisson_count(U, np.full(len(U), m)) for m in means])
    assert (np.diff(counts, axis=0) >= 0).all()


@pytest.mark.parametrize(("low", "mode", "high"), [(1, 3, 6), (0, 0, 2), (0, 2, 2), (4, 5, 8)])
def test_triangle_is_the_quantile_of_a_triangular_law(low, mode, high):
    known = stats.triang(c=(mode - low) / (high - low), loc=low, scale=high - low)
    assert np.allclose(triangle(low, mode, high, U), known.ppf(U), atol=1e-12)
    assert triangle(low, mode, high, U).tolist() == [triangle(low, mode, high, float(u)) for u in U]


def test_triangle_without_width_is_one_number():
    assert triangle(3.0, 3.0, 3.0, 0.7) == 3.0
    assert set(triangle(3.0, 3.0, 3.0, U).tolist()) == {3.0}


def test_without_weights_a_day_is_uniform_over_the_year():
    assert np.allclose(within_year(U, (), MONTH_DAYS), U * 365)


def test_months_get_their_weight_and_days_within_a_month_are_alike():
    weights = (0, 2, 1, 1, 0, 1, 1, 1, 1, 4, 3, 1)
    days = within_year((np.arange(16_000) + 0.5) / 16_000, weights, MONTH_DAYS)
    per_month = np.histogram(days, bins=MONTH_DAYS)[0]
    assert per_month.tolist() == [1000 * w for w in weights]
    may = days[(days >= MONTH_DAYS[9]) & (days < MONTH_DAYS[10])]
    assert np.histogram(may, bins=31)[0].tolist() == pytest.approx([4000 / 31] * 31, abs=1.5)
    assert (np.diff(days) >= 0).all()


def test_pick_follows_the_shares():
    found = np.bincount(pick(U, [0.1, 0.0, 0.6, 0.3]), minlength=4)
    assert found.tolist() == [200, 0, 1200, 600]
    assert np.bincount(pick(U, [1, 3])).tolist() == [500, 1500]  # shares are made to sum to 1
    assert pick(np.array([0.25, 0.5]), [1, 1]).tolist() == [0, 1]  # an edge belongs to the next


def test_chance_of_a_rate():
    assert chance(0.0) == 0.0
    assert chance(0.2) == pytest.approx(1 - math.exp(-0.2))
    assert chance(0.2, 3) == pytest.approx(1 - (1 - chance(0.2)) ** 3)
    assert YEAR == 365.25


def test_times_lie_on_the_grid_so_that_sums_are_exact():
    days = on_grid(np.random.default_rng(1).uniform(0, 20_000, 500))
    assert (days * 1024 == np.floor(days * 1024)).all()
    assert (days[:-1] + days[1:] - days[:-1] == days[1:]).all()
    assert on_grid(0.3) == grid(0.3) == on_grid(np.array([0.3]))[0]
    assert abs(grid(123.456) - 123.456) <= HALF_STEP
