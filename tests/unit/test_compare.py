"""Comparisons on hand-made results, with numbers worked out by hand or by scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.scenario.levers import Change
from sim.scenario.resolve import load
from sim.scenario.scenario import Override, Scenario
from sim.study import statistics
from sim.study.cautions import Caution
from sim.study.compare import MEAN, Comparison, compare
from sim.study.outcomes import Shown, first_page
from sim.study.results import DRAWN, FIXED, MEASURED, Results, Series

YEARS = tuple(f"{2023 + i}-{2024 + i}" for i in range(7))
LIST, WEEKS, MEDIAN = Series("K02.oct"), Series("K12.total"), Series("K04.median")
BLUE = Series("K02.mean", "blue")
SERIES = tuple(sorted((LIST, WEEKS, MEDIAN, BLUE)))


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load("baseline")


def made(
    baseline: Scenario, levels: dict[tuple[str, str], dict[Series, Any]], runs: int, **changes: Any
) -> Results:
    """Results in which a series has one value per replication (or one per replication and year)."""
    ids = tuple(dict.fromkeys(s for s, _ in levels))
    modes = tuple(m for m in (FIXED, DRAWN, MEASURED) if any(mode == m for _, mode in levels))
    values, done = {}, {}
    for cell, given in levels.items():
        array = np.full((runs, len(SERIES), len(YEARS)), np.nan)
        for series, numbers in given.items():
            known = np.asarray(numbers, dtype=float)
            array[:, SERIES.index(series)] = known[:, None] if known.ndim == 1 else known
        values[cell] = array
        done[cell] = ~np.isnan(array).all(axis=(1, 2))
    scenarios = tuple(baseline.model_copy(update={"id": i} | (changes if i != "base" else {})) for i in ids)
    return Results(scenarios, modes, 1, runs, SERIES, YEARS, values, done, "engine", "indicators")


def outcome(comparison: Comparison, *place: str) -> Any:
    found = comparison.outcome(*place)
    assert found is not None
    return found


def test_level_difference_bands_and_signs_by_hand(baseline: Scenario) -> None:
    base = np.array([100.0, 110.0, 120.0, 130.0, 140.0])
    change = np.array([-10.0, -20.0, -30.0, 5.0, 0.0])
    results = made(baseline, {
        ("base", FIXED): {LIST: base}, ("idea", FIXED): {LIST: base + change},
        ("base", DRAWN): {LIST: base}, ("idea", DRAWN): {LIST: base + 2 * change},
        ("base", MEASURED): {LIST: base}, ("idea", MEASURED): {LIST: base + 0.2 * change},
    }, 5)  # fmt: skip
    o = outcome(compare(results), "idea", "K02.oct")
    assert o.today == 120.0
    assert o.level == 109.0
    assert o.difference == -11.0
    assert (o.runs, o.more, o.fewer, o.ties, o.same_sign) == (5, 1, 3, 1, 3)
    # Sorted: -30 -20 -10 0 5; P10 lies 0.4 of the way from the first to the second.
    assert o.difference_chance == pytest.approx((-26.0, 3.0))
    assert o.difference_both == pytest.approx((-52.0, 6.0))
    assert o.difference_drawn == -22.0
    assert o.level_chance == pytest.approx(tuple(np.quantile(base + change, [0.1, 0.9])))
    half = stats.t.ppf(0.975, 4) * np.std(change, ddof=1) / np.sqrt(5)
    assert o.interval == pytest.approx((-11 - half, -11 + half))
    assert o.survives is None, "the interval of the mean difference holds zero"


def test_what_survives_is_a_ratio_of_mean_differences(baseline: Scenario) -> None:
    base = np.full(6, 50.0)
    noise = np.array([0.0, 0.1, -0.1, 0.2, -0.2, 0.0])
    for factor, share in ((0.25, 0.25), (0.0, 0.0), (1.5, 1.0), (-1.0, 0.0)):
        results = made(baseline, {
            ("base", FIXED): {LIST: base}, ("idea", FIXED): {LIST: base - 8 + noise},
            ("base", MEASURED): {LIST: base}, ("idea", MEASURED): {LIST: base - 8 * factor + noise * factor},
        }, 6)  # fmt: skip
        comparison = compare(results)
        o = outcome(comparison, "idea", "K02.oct")
        assert o.survives == pytest.approx(share)
        rests = Caution("assumptions", "idea", "K02.oct", "all")
        assert (rests in comparison.cautions) == (share < 0.5)


def test_equal_runs_have_no_direction_and_no_share(baseline: Scenario) -> None:
    same = {LIST: np.arange(8.0)}
    modes = (FIXED, DRAWN, MEASURED)
    comparison = compare(made(baseline, {(s, m): same for s in ("base", "twin") for m in modes}, 8))
    o = outcome(comparison, "twin", "K02.oct")
    assert o.all_equal
    assert (o.ties, o.same_sign, o.survives) == (8, 0, None)
    assert not [c for c in comparison.cautions if c.kind == "no_direction"]


def test_years_of_the_replay_do_not_count_and_single_years_can_be_asked(baseline: Scenario) -> None:
    by_year = np.tile(np.array([900.0, 900.0, 900.0, 1.0, 2.0, 3.0, 4.0]), (4, 1))
    results = made(baseline, {("base", FIXED): {LIST: by_year}, ("idea", FIXED): {LIST: by_year + 1}}, 4)
    comparison = compare(results)
    assert baseline.region.replay_years == 3
    assert comparison.periods == (MEAN, "2026-2027", "2029-2030")
    assert outcome(comparison, "idea", "K02.oct").today == 2.5
    assert outcome(comparison, "idea", "K02.oct", "all", "2029-2030").today == 4.0
    assert compare(results, periods=("2027-2028",)).frame["today"].dropna().tolist() == [2.0]


def test_only_complete_pairs_count(baseline: Scenario) -> None:
    nan = np.nan
    results = made(baseline, {
        ("base", FIXED): {LIST: np.array([10.0, 20.0, 30.0, nan])},
        ("idea", FIXED): {LIST: np.array([11.0, nan, 32.0, 99.0])},
    }, 4)  # fmt: skip
    comparison = compare(results)
    assert comparison.pairs == 2
    assert outcome(comparison, "idea", "K02.oct").difference == 1.5


def test_a_number_that_is_not_always_there_is_said_to_be_so(baseline: Scenario) -> None:
    some = np.array([5.0, np.nan, 7.0, 8.0])
    every = np.arange(4.0)
    results = made(baseline, {
        ("base", FIXED): {LIST: every, MEDIAN: some}, ("idea", FIXED): {LIST: every + 1, MEDIAN: some + 2},
    }, 4)  # fmt: skip
    comparison = compare(results)
    assert outcome(comparison, "idea", "K04.median").runs == 3
    assert [c.indicator for c in comparison.cautions if c.kind == "not_defined"] == ["K04.median"]


def test_the_primary_outcome_has_simultaneous_intervals(baseline: Scenario) -> None:
    rng = np.random.default_rng(3)
    base = rng.normal(1000, 50, 12)
    changes = {f"s{i}": rng.normal(mean, 10, 12) for i, mean in enumerate((-8.0, -30.0, 2.0))}
    levels: dict[tuple[str, str], dict[Series, Any]] = {("base", FIXED): {WEEKS: base, LIST: base}}
    levels |= {(s, FIXED): {WEEKS: base + c, LIST: base + c} for s, c in changes.items()}
    comparison = compare(made(baseline, levels, 12))
    p = {s: stats.ttest_1samp(c, 0.0).pvalue for s, c in changes.items()}
    ranked = sorted(p, key=lambda s: p[s])
    expected, highest = {}, 0.0
    for rank, s in enumerate(ranked):
        highest = max(highest, min(1.0, p[s] * (3 - rank)))
        expected[s] = highest
    for s, change in changes.items():
        o = outcome(comparison, s, "K12.total")
        half = stats.t.ppf(1 - 0.05 / 3 / 2, 11) * np.std(change, ddof=1) / np.sqrt(12)
        assert o.simultaneous == pytest.approx((change.mean() - half, change.mean() + half))
        assert o.p_holm == pytest.approx(expected[s])
        assert outcome(comparison, s, "K02.oct").simultaneous is None


def test_a_list_that_keeps_growing_is_unstable(baseline: Scenario) -> None:
    growing = 100.0 + 20.0 * np.arange(7.0) + np.zeros((5, 1))
    flat = np.full((5, 7), 100.0)
    results = made(baseline, {("base", FIXED): {BLUE: growing}, ("idea", FIXED): {BLUE: flat}}, 5)
    found = [c for c in compare(results).cautions if c.kind == "unstable"]
    assert [(c.scenario, c.place_type) for c in found] == [("base", "blue")]


def test_few_runs_overrides_and_far_levers_are_said(baseline: Scenario) -> None:
    every = {LIST: np.arange(5.0)}
    path = next(p for p in ("so.class_size",) if p.split(".", maxsplit=1)[0] in baseline.region.place_types)
    far = {path: (Change.model_validate({"add": 5.0, "from": baseline.region.start}),)}
    override = Override(effect=next(iter(baseline.effects)), value=1.0, reason="because a test needs one")
    results = made(
        baseline, {("base", FIXED): every, ("idea", FIXED): every}, 5, levers=far, overrides=(override,)
    )  # fmt: skip
    kinds = {(c.kind, c.scenario) for c in compare(results).cautions}
    assert {("too_few", ""), ("override", "idea"), ("outside_calibrated", "idea")} <= kinds
    near = {path: (Change.model_validate({"add": 1.0, "from": baseline.region.start}),)}
    results = made(baseline, {("base", FIXED): every, ("idea", FIXED): every}, 5, levers=near)
    assert "outside_calibrated" not in {c.kind for c in compare(results).cautions}


def test_a_list_never_stands_alone_on_the_first_page(baseline: Scenario) -> None:
    results = made(baseline, {
        ("base", FIXED): {s: np.arange(3.0) for s in SERIES},
        ("idea", FIXED): {s: np.ones(3) for s in SERIES},
    }, 3)  # fmt: skip
    shown = first_page(compare(results))
    assert shown == (
        Shown("K02.oct", "all"), Shown("K02.mean", "blue"), Shown("K12.total", "all"),
        Shown("K04.median", "all"),
    )  # fmt: skip


def test_bands_are_numpy_quantiles_without_what_is_missing() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(30, 4, 3))
    values[rng.random(values.shape) < 0.2] = np.nan
    low, high = statistics.band(values)
    assert np.allclose(low, np.nanquantile(values, 0.1, axis=0))
    assert np.allclose(high, np.nanquantile(values, 0.9, axis=0))
    nothing, _ = statistics.band(np.full((3, 2), np.nan))
    assert np.isnan(nothing).all()


def test_the_baseline_alone_shows_its_levels(baseline: Scenario) -> None:
    comparison = compare(made(baseline, {("base", FIXED): {LIST: np.array([1.0, 3.0])}}, 2))
    assert comparison.scenarios == ()
    assert outcome(comparison, "base", "K02.oct").today == 2.0
