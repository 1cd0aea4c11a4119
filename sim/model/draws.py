"""Keyed draws: every random number is a function of (seed, replication, pupil, purpose, occasion).

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011: "Parallel random numbers: as easy as 1, 2, 3"),
which turns a counter into random bits. Seed and replication are its key; pupil, purpose and occasion are its counter.
So nothing is ever drawn "next": one more pupil, another order of events or a longer run changes nobody else's fate.
`block` draws for many pupils at once; `one` draws the same number for a single pupil in the middle of an event.
"""

from __future__ import annotations

import zlib
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

_M0, _M1 = 0xD2511F53, 0xCD9E8D57
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_MASK = 0xFFFFFFFF
_TO_UNIT = 2.0**-52
COHORT_SIZE = 1 << 18  # pupils of one origin, district, birth year and age
_FIRST_YEAR = 1900


class Purpose(IntEnum):
    """What a draw is for. Numbers are never changed or used again.

    Kind and occasion: U = uniform compared with a chance, L = quantile of a law, E = Exp(1) clock.
    A clock that "goes on" keeps its value when the child moves.
    """

    ARRIVALS = 1  # L  number of signals of one origin, district, birth year and age
    SIGNAL_DAY = 2  # L  day of the first signal in the school year
    BIRTH_DAY = 3  # L  birthday within the birth year
    PROFILE = 4  # U  leading profile; occasion: 0 at the signal, later the number of the move
    DISTRICT = 5  # U  district, for those present at the start
    HELPED = 6  # U  help in the regular school; occasion: school year
    REFERRED = 7  # U  referred after help
    UNCLEAR = 8  # U  need unclear: through a programme
    DIVERTED = 9  # U  referral still needed after a programme
    DECISION_TIME = 10  # L  weeks to the decision; occasion: number of the request
    REFUSED = 11  # U  request refused; occasion: number of the request
    CHOICE = 12  # U  school of first choice; occasion: number of the request
    ELSEWHERE = 13  # U  willing to go to another school; occasion: number of the request
    OFFER = 14  # U  offer accepted; occasion: number of the offer
    PATIENCE = 15  # E  parents stop waiting; occasion: number of the request (starts again with each)
    TIE = 16  # U  order among those listed at the same moment
    AT_HOME = 17  # U  at home while waiting; occasion: number of the request
    STAY = 18  # L  length of a stay; occasion: number of the stay
    NEXT = 19  # U  where to after a stay; occasion: number of the stay
    LEAVES = 20  # U  leaves for good on 1 August; occasion: school year
    ENDS_STAGE = 21  # U  reaches the end of the stage; occasion: school year
    DESTINATION = 22  # U  where to at the end of the stage
    BACK = 23  # U  back to a regular school; occasion: school year
    AGAIN = 24  # U  referred again after going back; occasion: school year
    AGAIN_DAY = 25  # L  when; occasion: school year
    STEP_UP = 26  # U  occasion: school year
    STEP_DOWN = 27  # U  occasion: school year
    MOVES_AWAY = 28  # U  leaves the region, and when in the school year; occasion: school year
    ABSENT = 29  # U  stops attending, and when; occasion: school year
    ABSENT_TIME = 30  # E  how long; occasion: school year
    ELAPSED = 31  # L  time behind them, for those present or waiting at the start
    START_AGE = 32  # U  age, for those present or waiting at the start
    REQUEST_DAY = 33  # L  day of a yearly request in spring; occasion: school year
    PROGRAMME_STAY = 50  # L  length of a stay in a programme; occasion: number of the stay in programmes
    PROGRAMME_NEXT = 51  # U  where to after a programme; occasion: the same
    PROGRAMME_PROFILE = 52  # U  leading profile of a child of whom none was counted; occasion: the same
    FAILED = 53  # U  a start fails, and when in the first half year; occasion: number of stays before it
    EXEMPTED = 54  # E  freed from compulsory education while waiting at home; occasion: number of the request
    EXEMPT_TIME = 55  # E  how long that lasts; occasion: the same
    MEETING = 60  # L  wait for the next meeting of a team; occasion: team and number of the case
    TO_TEAM = 61  # U  must come to this team; occasion: team and number of the case
    MONEY = 62  # U  money has to be agreed; occasion: number of the request
    EXIT = 63  # U  where to after leaving education; occasion: school year
    BACK_HELPED = 70  # U  help in the regular school after going back; occasion: school year


def origin_word(origin: str, district: str) -> int:
    """First word of a pupil's identity."""
    return zlib.crc32(f"{origin}|{district}".encode())


def cohort_word(birth_year: int, age: int) -> int:
    """Second word of a pupil's identity for k = 0; add k (below `COHORT_SIZE`) for the others."""
    year = birth_year - _FIRST_YEAR
    if not (0 <= year < 512 and 0 <= age < 32):
        raise ValueError(
            f"birth year {birth_year} or age {age} is outside what an identity can hold (1900-2411, 0-31)"
        )
    return (year << 23) | (age << 18)


class Draws:
    """All random numbers of one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        """Key the generator.

        Args:
            seed: 0 to 2**32 - 1.
            replication: 0 to 2**32 - 1.
        """
        if not (0 <= seed <= _MASK and 0 <= replication <= _MASK):
            raise ValueError("seed and replication must lie between 0 and 4294967295")
        self._keys = [((seed + r * _W0) & _MASK, (replication + r * _W1) & _MASK) for r in range(10)]

    def block(
        self, purpose: int | Words, hi: Words | int, lo: Words | int, occasion: Words | int = 0
    ) -> Floats:
        """Uniforms in (0, 1) for many pupils.

        Args:
            purpose: A `Purpose`, or a column of them (one row of draws each).
            hi: First words of their identities (or one for all).
            lo: Second words.
            occasion: Which occasion, below 2**32; one for all or one each.

        Returns:
            Array of the broadcast shape of the arguments.
        """
        c0, c1, c2, c3 = (np.asarray(w, dtype=np.uint64) for w in (hi, lo, purpose, occasion))
        mask, shift = np.uint64(_MASK), np.uint64(32)
        m0, m1 = np.uint64(_M0), np.uint64(_M1)
        for k0, k1 in self._keys:
            p0, p1 = c0 * m0, c2 * m1
            c0, c1, c2, c3 = (
                (p1 >> shift) ^ c1 ^ np.uint64(k0),
                p1 & mask,
                (p0 >> shift) ^ c3 ^ np.uint64(k1),
                p0 & mask,
            )
        bits = ((c0 << np.uint64(20)) ^ (c1 >> np.uint64(12))).astype(np.float64)
        out: Floats = (bits + 0.5) * _TO_UNIT
        return out

    def one(self, purpose: int, hi: int, lo: int, occasion: int = 0) -> float:
        """The same number as `block` gives, for one pupil."""
        c0, c1, c2, c3 = hi, lo, int(purpose), occasion
        m0, m1, mask = _M0, _M1, _MASK
        for k0, k1 in self._keys:
            p0, p1 = c0 * m0, c2 * m1
            c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & mask, (p0 >> 32) ^ c3 ^ k1, p0 & mask
        return ((c0 << 20 ^ c1 >> 12) + 0.5) * _TO_UNIT


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """One Philox4x32-10 block, for the published known-answer tests."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = c0 * _M0, c2 * _M1
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _MASK, (p0 >> 32) ^ c3 ^ k1, p0 & _MASK
        k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
    return c0, c1, c2, c3
