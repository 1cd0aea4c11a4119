"""A control gets its value once, and again when the browser may not have heard of it."""

from __future__ import annotations

import pytest
import streamlit as st

from sim.app import session


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the server keeps of this visitor."""
    kept: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


class Counting(dict[str, object]):
    """State that counts how often a control was given a value."""

    given = 0

    def __setitem__(self, key: str, value: object) -> None:
        self.given += key == "size"
        super().__setitem__(key, value)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    kept = Counting()
    monkeypatch.setattr(st, "session_state", kept)
    return kept


def test_a_control_that_has_its_value_is_left_alone(counting: Counting) -> None:
    assert session.put("size", 14) == 14
    session.end()
    session.put("size", 14)
    assert counting.given == 1


def test_a_value_of_a_run_that_was_cut_short_is_given_again(counting: Counting) -> None:
    session.put("size", 14)
    session.put("size", 14)
    assert counting.given == 2


def test_what_a_quick_hand_chose_is_not_given_back_to_it(counting: Counting) -> None:
    session.put("size", 14)
    # The browser reports another choice before the first run ended: so it has heard of the first.
    dict.__setitem__(counting, "size", 15)
    session.put("size", 15)
    session.put("size", 15)
    assert counting.given == 1


def test_a_list_gets_the_position_of_its_value(state: dict[str, object]) -> None:
    assert session.place("year", "2028-2029", ["2027-2028", "2028-2029"]) == 1
    assert state["year"] == "2028-2029"
    assert session.place("year", None, ["2027-2028"]) is None
    with pytest.raises(ValueError, match="not in"):
        session.place("year", "2050-2051", ["2027-2028"])
