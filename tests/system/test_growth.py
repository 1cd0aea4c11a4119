"""What a replication takes in events and in looks at waiting lists. Seconds stand in `benchmarks/`; these are counts."""

from __future__ import annotations

import pytest

import sim
from benchmarks.growth import exponent, measure, scaled

SIZES = (1, 3, 10)


@pytest.fixture(scope="module")
def almere():
    return sim.load("baseline")


def test_at_most_three_kernel_events_per_pupil_in_ten_years(almere):
    work = measure(almere, 1)
    assert almere.years == 10
    assert work.events <= 3 * work.pupils


def test_ten_times_almere_is_about_ten_times_the_work(almere):
    short = almere.model_copy(
        update={"years": 2, "region": almere.region.model_copy(update={"replay_years": 0})}
    )
    found = [measure(short, size) for size in SIZES]
    sizes = [float(size) for size in SIZES]
    # Nothing is left out as the region grows: as many pupils for each child there is.
    assert exponent(sizes, [float(w.pupils) for w in found]) == pytest.approx(1.0, abs=0.05)
    assert exponent(sizes, [float(w.events) for w in found]) <= 1.1
    assert exponent(sizes, [float(w.events + w.inspections) for w in found]) <= 1.1


def test_a_scaled_region_has_so_many_times_the_children_and_seats(almere):
    tenfold = scaled(almere, 10).region
    for name, place in almere.region.places.items():
        for profile, groups in place.groups.items():
            assert tenfold.places[name].groups[profile].value == 10 * groups.value
    for name, stage in almere.region.regular.items():
        assert sum(q.value for q in tenfold.regular[name].count.values()) == pytest.approx(
            10 * sum(q.value for q in stage.count.values())
        )
