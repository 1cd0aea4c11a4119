"""Scores against their closed forms and sums by hand; the naive forecasts by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm, t

from sim.study import scores
from sim.study.scores import covered, crps, interval, last_value, linear_trend


def quantiles(mean: float, sd: float, size: int = 4000) -> np.ndarray:
    return mean + sd * norm.ppf((np.arange(size) + 0.5) / size)


@pytest.mark.parametrize("value", [0.0, 0.7, -2.5])
def test_a_normal_forecast_has_the_score_of_the_formula(value: float) -> None:
    """CRPS of N(m, s) at y is s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (y - m) / s (Gneiting e.a., 2005)."""
    z = (value - 1.0) / 3.0
    formula = 3.0 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert crps(quantiles(1.0, 3.0), value) == pytest.approx(formula, abs=2e-3)


@pytest.mark.parametrize(("value", "score"), [(2.0, 0.5), (1.0, 0.5), (3.0, 0.5), (6.0, 3.5), (-1.0, 2.5)])
def test_two_values_by_hand(value: float, score: float) -> None:
    """Sample 1, 3: mean distance to the value, less half of the mean distance of a pair (0, 2, 2, 0: 1)."""
    assert crps([3.0, 1.0], value) == pytest.approx(score)


def test_one_value_scores_its_absolute_error() -> None:
    assert crps([5.0], 2.0) == 3.0


def test_the_sum_over_pairs_is_that_of_the_definition() -> None:
    x = np.random.default_rng(1).gamma(2.0, size=37)
    pairs = np.abs(x[:, None] - x[None, :]).mean()
    assert crps(x, 1.3) == pytest.approx(np.abs(x - 1.3).mean() - pairs / 2)


def test_who_knows_the_truth_wins() -> None:
    """The score is proper: a forecast that is too sharp, too wide or beside the truth scores worse on average."""
    truth = np.random.default_rng(2).normal(10.0, 2.0, size=3000)

    def mean(forecast: np.ndarray) -> float:
        return float(np.mean([crps(forecast, v) for v in truth]))

    honest = mean(quantiles(10.0, 2.0, 400))
    assert honest < min(mean(quantiles(*other, 400)) for other in [(10.0, 1.0), (10.0, 4.0), (11.0, 2.0)])


def test_the_interval_covers_at_its_level() -> None:
    assert interval(quantiles(0.0, 1.0)) == pytest.approx((-1.2816, 1.2816), abs=1e-3)
    truth = np.random.default_rng(3).normal(size=4000)
    assert np.mean([covered(quantiles(0.0, 1.0, 500), v) for v in truth]) == pytest.approx(0.8, abs=0.02)
    assert covered([1.0, 2.0, 3.0], 2.9, level=1.0) and not covered([1.0, 2.0, 3.0], 3.1, level=1.0)


def test_same_as_last_year_by_hand() -> None:
    """Changes -2 and +4 (squares 4 + 16), prior 2 years of 4 % of 102: variance (2 x 4.08^2 + 20) / 4, t with 4 degrees."""
    sample = last_value([2010, 2011, 2012], [100.0, 98.0, 102.0], 2015, size=999)
    deviation = math.sqrt((2 * 4.08**2 + 20) / 4 * 3)
    assert np.median(sample) == pytest.approx(102.0)
    assert np.quantile(sample, 0.9) == pytest.approx(102 + deviation * t.ppf(0.9, 4), rel=1e-3)


def test_a_year_that_is_missing_counts_as_two_steps() -> None:
    """A change of 4 over two years is a surprise of 4 / sqrt(2) a year."""
    assert last_value([2010, 2012], [100.0, 104.0], 2013) == pytest.approx(
        last_value([2011, 2012], [104 - math.sqrt(8), 104.0], 2013)
    )


def test_the_line_goes_on_by_hand() -> None:
    """Points (0, 1), (1, 2), (2, 6): slope 2.5, mean 3, left over 0.5, -1, 0.5; at 4 the line is at 10.5."""
    sample = linear_trend([0, 1, 2], [1.0, 2.0, 6.0], 4, size=999)
    variance = (scores.PRIOR_YEARS * (scores.PRIOR_SURPRISE * 6) ** 2 + 1.5) / (scores.PRIOR_YEARS + 1)
    deviation = math.sqrt(variance * (1 + 1 / 3 + 3**2 / 2))
    assert np.median(sample) == pytest.approx(10.5)
    assert np.quantile(sample, 0.9) == pytest.approx(10.5 + deviation * t.ppf(0.9, 3), rel=1e-3)


@pytest.mark.parametrize("bad", [[], [1.0, math.nan], [math.inf]])
def test_a_forecast_without_values_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        crps(bad, 1.0)


@pytest.mark.parametrize("years", [[2010], [2011, 2010], [2010, 2010]])
def test_a_trend_needs_years_that_go_up(years: list[int]) -> None:
    with pytest.raises(ValueError, match="ascending"):
        linear_trend(years, [1.0] * len(years), 2020)
