"""Places short: what is left over in one kind of school is no place in another."""

from __future__ import annotations

import numpy as np
from made_results import told

from sim.charts.bands import difference, level
from sim.study.results import FIXED, Series
from sim.study.shortage import CHILDREN, SEATS, SHORT, WAITING, places_short


def made(waiting: float, children: float, seats: float) -> dict[Series, object]:
    return {
        Series(WAITING, "klein"): [waiting, waiting],
        Series(CHILDREN, "klein"): [children, children],
        Series(SEATS, "klein"): [seats, seats],
        Series(WAITING, "groot"): [0.0, 0.0],
        Series(CHILDREN, "groot"): [10.0, 10.0],
        Series(SEATS, "groot"): [50.0, 50.0],
    }


def test_each_kind_of_school_counts_for_itself() -> None:
    results = told({"baseline": made(12, 100, 105), "anders": made(12, 100, 110)})
    here = places_short(results, "anders", FIXED)
    assert here.shape == (2, len(results.school_years))
    assert np.nanmax(here) == np.nanmin(here[:, 3:]) == 2.0
    assert level(results, SHORT, "baseline", results.school_years[-1]).middle == 7.0
    assert difference(results, SHORT, "anders", results.school_years[-1]).middle == -5.0


def test_a_kind_with_room_to_spare_is_not_short() -> None:
    results = told({"baseline": made(3, 100, 120)})
    assert np.nanmax(places_short(results, "baseline", FIXED)) == 0.0


def test_without_the_counts_there_is_no_answer() -> None:
    results = told({"baseline": {Series(WAITING, "klein"): [1.0, 1.0]}})
    assert places_short(results, "baseline", FIXED).size == 0
    assert not level(results, SHORT, "baseline", results.school_years[-1]).known
