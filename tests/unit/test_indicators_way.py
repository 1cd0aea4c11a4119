"""K06, K20, K25 and flows, worked out by hand. School years start on day 0 and 365 (2020 and 2021)."""

from __future__ import annotations

import pytest
from record_factory import Factory, look_up

from sim.indicators import compute
from sim.indicators.flows import flows
from sim.record import Kind, Level, Why

REASONS = (
    "help", "meeting", "programme", "decision", "money", "start_agreed", "no_group", "no_room", "no_staff", "refusal", "other",
)  # fmt: skip


def test_every_day_on_the_way_has_one_reason() -> None:
    # a is signalled on day 7: meeting 7-21, help 21-91, request 91-112, money 112-119, listed 119 with an agreed start on
    # 126; on the list 126-168 (a no on day 154), placed 168. alpha has one seat, taken by b from day 0 to 140. Its
    # limit is funding until day 133 and staff from then on.
    # So: meeting 14, help 70, decision 21, money 7, agreed 7, no group 126-133 = 7, no staff 133-140 = 7, a seat is free
    # 140-154 = 14, refusal 154-168 = 14 days; together 161 days = 23 weeks. Only a is under way.
    f = Factory(years=1)
    a, b = f.pupil("north"), f.pupil("south")
    seat = f.cell("alpha")
    f.level(Level.SEATS, 1, type="alpha", place="alpha", cell=seat)
    f.level(Level.BINDS, 1, type="alpha", place="alpha")
    f.level(Level.BINDS, 2, 133, type="alpha", place="alpha")
    f.stay(b, "alpha", 0, 140, Why.LEFT, cell=seat)
    f.visit(
        Kind.DECISION,
        a,
        "panel",
        signalled=7,
        listed=7,
        placed=7,
        left=21,
        why=Why.GRANTED,
        destination="alpha",
    )
    f.help(a, "lower", 21, 91, Why.REFERRED, signalled=7, listed=7, ready=7, destination="alpha")
    f.decision(a, "alpha", 91, 112, Why.GRANTED, signalled=7)
    f.visit(
        Kind.DECISION,
        a,
        "purse",
        signalled=7,
        listed=112,
        placed=112,
        left=119,
        why=Why.GRANTED,
        destination="alpha",
    )
    f.stay(a, "alpha", 168, listed=119, ready=126, signalled=7, cell=seat)
    f.offer(a, "alpha", 154, accepted=False)
    table = compute(f.record())
    found = {reason: look_up(table, f"K06.{reason}") for reason in REASONS}
    assert found == {
        "help": 10, "meeting": 2, "programme": 0, "decision": 3, "money": 1, "start_agreed": 1, "no_group": 1, "no_room": 0,
        "no_staff": 1, "refusal": 2, "other": 2,
    }  # fmt: skip
    assert sum(v for v in found.values() if v) == 23
    assert look_up(table, "K06.help", district="north") == 10
    assert look_up(table, "K06.help", district="south") is None
    # Meetings and money are no requests: one decision, in time.
    assert look_up(table, "K19.new") == 1
    assert look_up(table, "K07.within_term") == 1


def test_a_wait_is_cut_at_the_first_of_august_and_shared_over_children() -> None:
    # a waits from day 358 to 379 (3 weeks, 1 of them in year 0), c from 365 to 379; no seats are known: reason "other".
    f = Factory(years=2)
    a, c = f.pupil("north"), f.pupil("south")
    f.stay(a, "alpha", 379, listed=358)
    f.stay(c, "alpha", 379, listed=365)
    table = compute(f.record())
    assert look_up(table, "K06.other", 0) == 1
    assert look_up(table, "K06.other", 1) == 2
    assert look_up(table, "K06.other", 1, district="south") == 2


def test_own_district() -> None:
    # alpha lies in north, beta nowhere known. On 1 October: a (north) and c (south) in alpha, d in beta.
    f = Factory(years=1, lies={"alpha": "north"})
    a, c, d = f.pupil("north"), f.pupil("south"), f.pupil("south")
    f.stay(a, "alpha", 0)
    f.stay(c, "alpha", 0)
    f.stay(d, "beta", 0)
    table = compute(f.record())
    assert look_up(table, "K20.own_district") == 0.5
    assert look_up(table, "K20.own_district", district="north") == 1
    assert look_up(table, "K20.own_district", 0, "beta") is None


def test_first_choice() -> None:
    f = Factory(years=1)
    a, b, c = (f.pupil() for _ in range(3))
    f.offer(a, "alpha", 10, accepted=False)
    f.offer(a, "beta", 20, accepted=True, first=False)
    f.offer(b, "alpha", 30, accepted=True)
    f.offer(c, "alpha", 40, accepted=True)
    for child, name, day in ((a, "beta", 20), (b, "alpha", 30), (c, "alpha", 40)):
        f.stay(child, name, day, listed=5)
    table = compute(f.record())
    assert look_up(table, "K25.first_choice") == pytest.approx(2 / 3)
    assert look_up(table, "K25.first_choice", 0, "beta") == 0


def test_flows_add_up() -> None:
    # a: new into alpha, on to beta the same day, then to work. b: alpha, asks for beta and waits, gets it later. c: back.
    f = Factory(years=2)
    a, b, c = (f.pupil() for _ in range(3))
    f.stay(a, "alpha", 1, 100, Why.STEP_UP, destination="beta")
    f.stay(a, "beta", 100, 200, Why.LEFT, destination="work", listed=90)
    f.stay(b, "alpha", 1, 50, Why.DONE, destination="beta")
    f.stay(b, "beta", 80, listed=50)
    f.stay(c, "alpha", 1, 60, Why.BACK, destination="lower")
    f.stay(c, "alpha", 400, listed=300)
    found = {(r.school_year, r[2], r.to): r.children for r in flows(f.record()).itertuples()}
    assert found == {
        ("2020-2021", "new", "alpha"): 3,
        ("2020-2021", "alpha", "beta"): 1,
        ("2020-2021", "beta", "work"): 1,
        ("2020-2021", "alpha", "list"): 1,
        ("2020-2021", "list", "beta"): 1,
        ("2020-2021", "alpha", "lower"): 1,
        ("2021-2022", "new", "alpha"): 1,
    }
