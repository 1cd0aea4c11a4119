"""Summaries of a run, worked out by hand. 1 October of 2020-2023 is day 61, 426, 791 and 1156."""

from __future__ import annotations

import numpy as np
import pytest
from record_factory import Factory

from sim.record import Record, Why
from sim.study.calibrate.summaries import MEASURES, summaries, summary_of

YEARS = 1095 / 365.25  # between the first and the last count


@pytest.fixture(scope="module")
def record() -> Record:
    # a: in alpha from the start, goes on to beta on day 500 and stays there.
    # b: enters alpha on day 100 (first stay, through the source 'signals'), back to lower on 300, in alpha again on day 700.
    # c: enters beta on day 426 (the day of the count counts as before it), leaves for good on day 1100.
    # d: in alpha from the start, at the end of its stage to upper on day 400.
    f = Factory(years=4)
    a, b, c, d = (f.pupil(birth=-3652.5) for _ in range(4))
    f.stay(a, "alpha", -200, 500, Why.STEP_UP, destination="beta")
    f.stay(a, "beta", 500)
    f.stay(b, "alpha", 100, 300, Why.BACK, destination="lower")
    f.stay(b, "alpha", 700)
    f.stay(c, "beta", 426, 1100, Why.LEFT)
    f.stay(d, "alpha", -50, 400, Why.MOVED_ON, destination="upper")
    # Granted for alpha on 90 and 690 and for beta on 420; refused on 430, and one that nobody has decided yet.
    for asked_for, made, left, why in (
        ("alpha", 60, 90, Why.GRANTED), ("alpha", 660, 690, Why.GRANTED), ("beta", 400, 420, Why.GRANTED),
        ("alpha", 405, 430, Why.REFUSED), ("alpha", 1150, np.nan, Why.OPEN),
    ):  # fmt: skip
        f.decision(b, asked_for, made, left, why)
    return f.record()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("stock alpha 2020", 2),
        ("stock alpha 2021", 1),
        ("stock alpha+beta 2021", 2),
        ("stock alpha+beta 2022", 3),
        ("steady alpha", 1 / 2 - 1),
        ("entries alpha", 2 / YEARS),
        ("entries alpha 2021", 1 / (365 / 365.25)),
        ("entries beta 2021", 1 / (365 / 365.25)),
        ("entries beta 2022", 1 / (365 / 365.25)),
        ("leavers alpha", 3 / YEARS),
        ("leavers beta 2023", 1 / (365 / 365.25)),
        ("origin alpha signals", 1 / 2),
        ("origin alpha lower", 1 / 2),
        ("origin beta alpha+signals", 1),
        ("origin alpha+beta alpha", 1 / 4),
        ("entry_age alpha", 10 + (100 + 700) / 2 / 365.25),
        ("leaving_age alpha", 10 + (500 + 300 + 400) / 3 / 365.25),
        ("declarations alpha", 2 / YEARS),
        ("declarations alpha+beta 2021", 2 / (365 / 365.25)),
        ("declarations beta 2022", 0),
        ("destination alpha upper", 1),
        ("destination alpha+beta gone", 1 / 2),
    ],
)
def test_by_hand(record: Record, text: str, value: float) -> None:
    assert summaries(record, [summary_of(text)])[0] == pytest.approx(value)


def test_stay_is_stock_over_entries_and_leaving_share_is_leavers_over_stock(record: Record) -> None:
    # alpha between day 61 and 1156: a 61-500, b 100-300 and 700-1156, d 61-400.
    days = (500 - 61) + 200 + (1156 - 700) + (400 - 61)
    stay, share = summaries(record, [summary_of("stay alpha"), summary_of("leaving_share alpha")])
    stock = days / 1095
    assert stay == pytest.approx(stock / (2 / YEARS))
    assert share == pytest.approx((3 / YEARS) / stock)


def test_what_cannot_be_measured_is_not_a_number(record: Record) -> None:
    empty = [summary_of(t) for t in ("entry_age gamma", "stay gamma", "steady gamma", "origin gamma alpha")]
    assert np.isnan(summaries(record, empty)).all()


def test_a_summary_is_written_as_it_is_read() -> None:
    for text in (
        "stock alpha+beta 2021",
        "origin alpha a+b",
        "steady alpha",
        "entries alpha",
        "entries alpha 2022",
    ):
        assert str(summary_of(text)) == text
    assert len(MEASURES) == 11


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("alpha", "is written as"),
        ("stocks alpha 2021", "there is no measure 'stocks'"),
        ("stock alpha", "'stock' needs a year"),
        ("origin alpha", "'origin' needs a part"),
        ("entries alpha beta", "'entries' has no part"),
        ("stay alpha 2021", "'stay' has no year"),
        ("origin alpha 2021", "'origin' needs a part"),
    ],
)
def test_bad_summaries_are_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        summary_of(text)
