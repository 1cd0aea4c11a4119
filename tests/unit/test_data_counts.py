"""Small numbers: '<5' is a range, 1 to 4 are treated as '<5', and no message repeats what a cell holds."""

from __future__ import annotations

from datetime import date

import pytest

from sim.data.countdate import day_of
from sim.data.counts import CellError, Count, UnknownCell, read_cell


@pytest.mark.parametrize("text", ["<5", "< 5", "&lt;5"])
def test_a_masked_cell_is_a_range(text: str) -> None:
    count, how = read_cell(text)
    assert how == "masked"
    assert (count.value, count.low, count.high) == (2.5, 1, 4)


@pytest.mark.parametrize("text", ["1", "2", "3", "4", "04"])
def test_a_small_number_is_treated_as_masked(text: str) -> None:
    assert read_cell(text) == (Count(hidden=1), "small")


@pytest.mark.parametrize(("text", "known"), [("0", 0), ("5", 5), ("178", 178)])
def test_a_shown_number_is_itself(text: str, known: int) -> None:
    assert read_cell(text) == (Count(known=known), "shown")


@pytest.mark.parametrize("text", ["x", "X", ".", "*", "-", "onbekend", "n.b."])
def test_a_number_that_is_left_out_is_not_guessed(text: str) -> None:
    with pytest.raises(UnknownCell):
        read_cell(text)


@pytest.mark.parametrize("text", ["-3", "3,4", "1.234", "<10", ">2", "3 leerlingen", "drie", "9" * 12, "³"])
def test_a_message_never_repeats_the_cell(text: str) -> None:
    with pytest.raises(CellError) as error:
        read_cell(text)
    assert not any(c.isdigit() and c != "5" for c in str(error.value)), "a number of children came out"


def test_sums_keep_what_is_hidden() -> None:
    total = sum((read_cell(c)[0] for c in ("12", "<5", "3", "0", "")), Count())
    assert (total.known, total.hidden) == (12, 2)
    assert (total.low, total.value, total.high) == (14, 17.0, 20)
    assert str(total) == "about 17 (14 to 20)"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-10-01", date(2024, 10, 1)),
        ("2024-10-01 00:00:00", date(2024, 10, 1)),
        ("01-10-2024", date(2024, 10, 1)),
        ("1/10/2024", date(2024, 10, 1)),
        ("20241001", date(2024, 10, 1)),
        ("2024", date(2024, 10, 1)),
        ("0000", None),
        ("2024-13-01", None),
        ("oktober", None),
        ("", None),
    ],
)
def test_dates_as_they_were_written_over_the_years(text: str, day: date | None) -> None:
    assert day_of(text) == day
