"""Keyed draws: the published vectors, one number whichever way it is drawn, and purposes that never change."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import sim
from sim.model.draws import COHORT_SIZE, Draws, Purpose, cohort_word, origin_word, philox

# Salmon, Moraes, Dror and Shaw (2011), Random123: kat_vectors, philox4x32 with 10 rounds.
PUBLISHED = (
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
)  # fmt: skip
# Every number that was ever given out. A new purpose takes a new number; no number changes or is used again.
FROZEN = {
    "ARRIVALS": 1, "SIGNAL_DAY": 2, "BIRTH_DAY": 3, "PROFILE": 4, "DISTRICT": 5, "HELPED": 6, "REFERRED": 7,
    "UNCLEAR": 8, "DIVERTED": 9, "DECISION_TIME": 10, "REFUSED": 11, "CHOICE": 12, "ELSEWHERE": 13, "OFFER": 14,
    "PATIENCE": 15, "TIE": 16, "AT_HOME": 17, "STAY": 18, "NEXT": 19, "LEAVES": 20, "ENDS_STAGE": 21,
    "DESTINATION": 22, "BACK": 23, "AGAIN": 24, "AGAIN_DAY": 25, "STEP_UP": 26, "STEP_DOWN": 27, "MOVES_AWAY": 28,
    "ABSENT": 29, "ABSENT_TIME": 30, "ELAPSED": 31, "START_AGE": 32, "REQUEST_DAY": 33,
    "MEETING": 60, "TO_TEAM": 61, "MONEY": 62, "EXIT": 63,
    "PROGRAMME_STAY": 50,
    "PROGRAMME_NEXT": 51,
    "PROGRAMME_PROFILE": 52,
    "FAILED": 53,
    "EXEMPTED": 54,
    "EXEMPT_TIME": 55,
    "BACK_HELPED": 70,
}  # fmt: skip
MANY = 200_000


def pupils(n: int = MANY) -> tuple[int, np.ndarray]:
    return origin_word("somewhere", "north"), np.uint64(cohort_word(2020, 6)) + np.arange(n, dtype=np.uint64)


@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED)
def test_philox_gives_the_published_vectors(counter, key, expected):
    assert " ".join(f"{word:08x}" for word in philox(counter, key)) == expected


@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED)
def test_draws_use_the_same_philox(counter, key, expected):
    """Key = seed and replication; counter = two words of the pupil, purpose, occasion; 52 bits of the first two words."""
    first, second = (int(word, 16) for word in expected.split()[:2])
    hi, lo, purpose, occasion = counter
    u = ((first << 20 | second >> 12) + 0.5) / 2**52
    assert Draws(*key).one(purpose, hi, lo, occasion) == u
    assert Draws(*key).block(purpose, hi, lo, occasion) == u


def test_a_block_equals_single_draws():
    draws, (hi, lo) = Draws(7, 3), pupils(50)
    for purpose in Purpose:
        block = draws.block(purpose, hi, lo, 4)
        assert block.tolist() == [draws.one(purpose, hi, int(word), 4) for word in lo]


def test_a_column_of_purposes_equals_single_purposes():
    draws, (hi, lo) = Draws(1, 0), pupils(50)
    purposes = (Purpose.TIE, Purpose.REFUSED, Purpose.SIGNAL_DAY)
    rows = draws.block(np.array(purposes, dtype=np.uint64)[:, None], hi, lo, 2)
    assert rows.shape == (3, 50)
    for row, purpose in zip(rows, purposes, strict=True):
        assert np.array_equal(row, draws.block(purpose, hi, lo, 2))


def test_a_pupil_keeps_its_draws_whoever_else_is_there():
    draws, (hi, lo) = Draws(5, 9), pupils(100)
    alone = draws.block(Purpose.BACK, hi, lo[40:41], 3)[0]
    assert draws.block(Purpose.BACK, hi, lo, 3)[40] == alone
    assert draws.block(Purpose.BACK, hi, lo[::-1], 3)[59] == alone


def test_everything_in_the_key_and_counter_matters():
    hi, lo = origin_word("a", "b"), cohort_word(2019, 7)
    base = Draws(1, 0).one(Purpose.BACK, hi, lo, 1)
    others = (
        Draws(2, 0).one(Purpose.BACK, hi, lo, 1), Draws(1, 1).one(Purpose.BACK, hi, lo, 1),
        Draws(1, 0).one(Purpose.AGAIN, hi, lo, 1), Draws(1, 0).one(Purpose.BACK, hi + 1, lo, 1),
        Draws(1, 0).one(Purpose.BACK, hi, lo + 1, 1), Draws(1, 0).one(Purpose.BACK, hi, lo, 2),
    )  # fmt: skip
    assert len({base, *others}) == 7


def test_draws_are_uniform_and_never_0_or_1():
    hi, lo = pupils()
    u = Draws(11, 0).block(Purpose.REFERRED, hi, lo)
    assert u.min() > 0 and u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    zero, one = (0 + 0.5) / 2**52, (2**52 - 1 + 0.5) / 2**52
    assert zero > 0 and one < 1


@pytest.mark.parametrize(
    "other",
    [
        (11, 0, Purpose.HELPED, 0, 0), (11, 0, Purpose.REFERRED, 1, 0), (11, 0, Purpose.REFERRED, 0, 1),
        (11, 1, Purpose.REFERRED, 0, 0), (12, 0, Purpose.REFERRED, 0, 0),
    ],
    ids=["purpose", "occasion", "next pupil", "replication", "seed"],
)  # fmt: skip
def test_neighbours_are_independent(other):
    """Correlation and a 10 x 10 table of draws that differ in one step of one word."""
    hi, lo = pupils()
    seed, replication, purpose, occasion, step = other
    u = Draws(11, 0).block(Purpose.REFERRED, hi, lo)
    v = Draws(seed, replication).block(purpose, hi, lo + np.uint64(step), occasion)
    assert abs(np.corrcoef(u, v)[0, 1]) < 4 / np.sqrt(MANY)
    table = np.histogram2d(u, v, bins=10, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(table.ravel()).pvalue > 1e-3


def test_purposes_keep_their_numbers():
    numbers = {purpose.name: int(purpose) for purpose in Purpose}
    assert {name: numbers.get(name) for name in FROZEN} == FROZEN, "a purpose was renumbered or taken away"
    assert not set(numbers) - set(FROZEN), "add the number of the new purpose to the list of this test"
    assert len(set(numbers.values())) == len(numbers)


def test_cohort_words_hold_year_age_and_ordinal_without_overlap():
    words = [cohort_word(year, age) for year in (1900, 1999, 2020, 2411) for age in (0, 6, 31)]
    assert len({*words, *(w + COHORT_SIZE - 1 for w in words)}) == 2 * len(words)
    gaps = np.diff(sorted(cohort_word(year, age) for year in range(2015, 2020) for age in range(32)))
    assert gaps.min() == COHORT_SIZE
    assert cohort_word(2411, 31) + COHORT_SIZE - 1 == 2**32 - 1


@pytest.mark.parametrize(("year", "age"), [(1899, 5), (2412, 5), (2020, -1), (2020, 32)])
def test_an_identity_that_does_not_fit_is_refused(year, age):
    with pytest.raises(ValueError, match="outside what an identity can hold"):
        cohort_word(year, age)


@pytest.mark.parametrize(("seed", "replication"), [(-1, 0), (2**32, 0), (0, -1), (0, 2**32)])
def test_a_seed_that_does_not_fit_is_refused(seed, replication):
    with pytest.raises(ValueError, match="must lie between 0 and 4294967295"):
        Draws(seed, replication)


def test_no_two_children_of_a_region_share_an_identity():
    region = sim.load("baseline").region
    stocks = [f"start|{home}" for home in region.home]
    counted = [
        f"{what}|{name}|{profile}"
        for name, place in region.places.items()
        for what, of in (("start", place.roll), ("waiting", place.waiting))
        for profile in of
    ]
    words = [origin_word(s, d) for s in region.sources for d in (*region.districts, "")]
    words += [origin_word(name, "") for name in (*region.home, *stocks, *counted)]
    assert len(set(words)) == len(words)


def test_no_two_children_of_a_run_share_an_identity():
    record = sim.simulate(sim.load("baseline", years=1), seed=1, replication=0)
    keys = record.pupils["key"]
    assert len(keys) > 1000
    assert len(np.unique(keys)) == len(keys)
