"""Who may come in, and how much one visitor may ask in an hour."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sim.app.budget import HOUR, Budget, Turns
from sim.app.guard import FREE_GUESSES, LONGEST_WAIT, Door, Guesses, span, visitor, visitor_of
from sim.app.web import speaking

WORD = "vier gewone woorden hier"


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_only_the_password_opens() -> None:
    door = Door(WORD)
    assert door.opens(WORD)
    for guess in ("", WORD.upper(), WORD + " ", WORD[:-1], "x" * 100_000, "\udc80"):
        assert not door.opens(guess)


def test_accents_typed_in_two_ways_are_one_password() -> None:
    assert Door("één lang wachtwoord").opens("e\u0301e\u0301n lang wachtwoord")


def test_a_pass_holds_twelve_hours_and_survives_a_restart() -> None:
    clock = Clock()
    given = Door(WORD, clock).make_pass()
    assert Door(WORD, clock).admits(given)
    clock.now += 12 * HOUR - 1
    assert Door(WORD, clock).admits(given)
    clock.now += 2
    assert not Door(WORD, clock).admits(given)


def test_no_pass_of_another_password_or_another_hand() -> None:
    door = Door(WORD)
    given = door.make_pass()
    assert not Door("een ander lang wachtwoord").admits(given)
    until, _, mark = given.partition(".")
    for forged in (
        "",
        ".",
        "x",
        f"{int(until) + 1}.{mark}",
        f"{until}.",
        f"{until}.{mark}x",
        f"é.{mark}",
        "9" * 9999,
    ):
        assert not door.admits(forged)


def test_wrong_guesses_cost_twice_as_long_a_wait_each_and_only_for_who_made_them() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(FREE_GUESSES):
        assert guesses.wait("a") == 0
        guesses.wrong("a")
    assert guesses.wait("a") == 1
    guesses.wrong("a")
    assert guesses.wait("a") == 2
    assert guesses.wait("b") == 0
    clock.now += 3
    assert guesses.wait("a") == 0
    for _ in range(5_000):
        guesses.wrong("a")
    assert guesses.wait("a") == LONGEST_WAIT
    guesses.right("a")
    assert guesses.wait("a") == 0


def test_an_hour_without_guesses_wipes_the_slate() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(20):
        guesses.wrong("a")
    clock.now += HOUR + 1
    guesses.wrong("a")
    assert guesses.wait("a") == 0


def test_a_budget_is_spent_fills_up_and_is_nobody_elses() -> None:
    clock = Clock()
    budget = Budget(60, clock)
    assert budget.spend("a", 50)
    assert not budget.spend("a", 20)
    assert budget.wait("a", 20) == pytest.approx(600)
    assert budget.spend("b", 60)
    clock.now += 601
    assert budget.wait("a", 20) == 0
    assert budget.spend("a", 20)
    clock.now += 100 * HOUR
    assert not budget.spend("a", 61) or not budget.spend("a", 1)


def test_more_than_an_hours_worth_at_once_is_paid_by_a_full_budget() -> None:
    clock = Clock()
    budget = Budget(10, clock)
    assert budget.spend("a", 50)
    assert budget.wait("a", 50) == pytest.approx(HOUR)


def test_no_limit_is_no_limit_and_keeps_nothing() -> None:
    budget = Budget(0)
    assert all(budget.spend("a", 10**9) for _ in range(5))
    assert budget.wait("a") == 0


def test_memory_of_visitors_is_bounded() -> None:
    budget, guesses = Budget(5), Guesses()
    for n in range(10_500):
        budget.spend(str(n))
        guesses.wrong(str(n))
    assert len(budget._left) == len(guesses._wrong) == 10_000


def test_a_visitor_is_an_address_and_its_name_does_not_hold_it() -> None:
    assert visitor_of("192.0.2.7") == visitor_of("192.0.2.7") != visitor_of("192.0.2.8")
    assert visitor_of("::ffff:192.0.2.7") == visitor_of("192.0.2.7")
    assert (
        visitor_of("2001:db8:1:2::1") == visitor_of("2001:db8:1:2:aaaa::9") != visitor_of("2001:db8:1:3::1")
    )
    assert "192" not in visitor_of("192.0.2.7") or len(visitor_of("192.0.2.7")) == 16
    assert visitor_of("") and visitor_of("no address")
    assert visitor() == "here"


def test_times_to_wait_in_words() -> None:
    assert [speaking("nl", span, s) for s in (0.2, 40, 90, 91, 3600)] == [
        "1 seconde", "40 seconden", "90 seconden", "2 minuten", "60 minuten",
    ]  # fmt: skip
    assert speaking("en", span, 300) == "5 minutes"


def test_turns_go_to_whom_least_was_done_for() -> None:
    turns = Turns()
    assert turns.among(["a", "b"]) == ["a", "b"]
    turns.done("a", 6)
    assert turns.among(["a", "b"]) == ["b", "a"]
    turns.done("b", 1)
    assert turns.among(["a", "b", "c"])[0] in ("b", "c")
    # Who comes late has no claim on what it did not use.
    turns.done("c", 2)
    assert turns.among(["a", "b", "c"]) == ["b", "c", "a"]
    assert turns.among(["a"]) == ["a"]
    assert len(turns._done) == 1
