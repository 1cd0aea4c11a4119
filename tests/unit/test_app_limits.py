"""Limits of the desk: an hour's work per visitor, stored results only, turns, and a most for one replication."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from made_results import scenario

from sim.app.budget import Budget
from sim.app.desk import Desk, HeldError, Settings, Status
from sim.scenario.quantity import Quantity
from sim.study.engine import Engine
from sim.study.parallel import InProcess, SimulationError, Task, Workers, execute, within
from sim.study.runs import Study, plan
from sim.study.store import Store

ENGINE = Engine("made_results:simulate", "made_results:compute")
BASE = scenario("baseline", "baseline")
KEPT = {"K02.oct": False}


def other(id_: str, groups: float):
    """A scenario that really differs (the region is another, which is enough for this model)."""
    made = scenario(id_)
    place = made.region.places["school-klein"]
    quantity = Quantity(value=groups, unit="groups", range=(3, 60), grade="E", source="bedacht", date="2024")
    places = {**made.region.places, "school-klein": place.model_copy(update={"groups": {"p": quantity}})}
    return made.model_copy(update={"region": made.region.model_copy(update={"places": places})})


def finish(desk: Desk, study: Study) -> Status:
    return some_done(desk, study, "", until=lambda s: s.finished)


def some_done(desk: Desk, study: Study, visitor: str, *, until: Callable[[Status], bool]) -> Status:
    for _ in range(400):
        status = desk.ask(study, visitor)
        if until(status):
            return status
        time.sleep(0.01)
    raise AssertionError(f"not there: {status}")


def test_a_visitor_whose_hour_is_spent_sees_what_is_there_and_others_go_on(tmp_path: Path) -> None:
    desk = Desk(Settings(replications=12), Store(tmp_path), InProcess, KEPT, ENGINE, Budget(30))
    mine = desk.study(BASE, [other("meer", 5)])
    status = some_done(desk, mine, "a", until=lambda s: s.held == "spent")
    assert 0 < status.pairs < 12
    assert not status.finished
    assert 0 < status.more_in <= 240
    assert desk.results(mine).complete > 0
    theirs = desk.study(BASE, [other("nog-meer", 6)], modes=("fixed",))
    assert some_done(desk, theirs, "b", until=lambda s: s.finished).pairs == 12
    # What somebody else paid for is for everyone.
    assert desk.ask(desk.study(BASE, [other("nog-meer", 6)], modes=("fixed",)), "a").finished


def test_no_work_is_free_when_less_is_left_than_it_costs(tmp_path: Path) -> None:
    """Later replications go two by two; with one left in the budget that takes what there is."""
    now = 0.0
    budget = Budget(9, clock=lambda: now)
    desk = Desk(Settings(replications=100), Store(tmp_path), InProcess, KEPT, ENGINE, budget)
    study = desk.study(BASE, [], modes=("fixed",))
    status = some_done(desk, study, "a", until=lambda s: s.held == "spent" or s.pairs > 20)
    assert status.pairs <= 10
    now = 700.0  # an hour has nine: now there is between one and two
    some_done(desk, study, "a", until=lambda s: s.held == "spent" or s.pairs > 20)
    assert budget.wait("a") == 400.0
    budget.take("a", 10**6)
    assert budget.wait("a") == 400.0, "never less than nothing"


def test_stored_answers_cost_nothing(tmp_path: Path) -> None:
    first = Desk(Settings(replications=12), Store(tmp_path), InProcess, KEPT, ENGINE)
    finish(first, first.study(BASE, [other("meer", 5)]))
    later = Desk(Settings(replications=12), Store(tmp_path), InProcess, KEPT, ENGINE, Budget(1))
    assert later.ask(later.study(BASE, [other("meer", 5)]), "a").finished


def test_a_read_only_server_runs_nothing_and_shows_what_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Desk(Settings(replications=12), Store(tmp_path), InProcess, KEPT, ENGINE)
    finish(first, first.study(BASE, [other("meer", 5)]))
    monkeypatch.setattr(InProcess, "run", lambda *_: pytest.fail("it ran"))
    desk = Desk(Settings(replications=12), Store(tmp_path), InProcess, KEPT, ENGINE, read_only=True)
    assert desk.ask(desk.study(BASE, [other("meer", 5)])).finished
    status = desk.ask(desk.study(BASE, [other("nieuw", 7)]))
    assert (status.held, status.ready) == ("read_only", False)


def test_calls_of_workers_count_too(tmp_path: Path) -> None:
    def made(**limits: Any) -> Desk:
        return Desk(Settings(), Store(tmp_path), InProcess, KEPT, ENGINE, **limits)

    assert made().call(abs, -1, visitor="a").result() == 1
    spent = made(budget=Budget(1))
    assert spent.call(abs, -1, visitor="a").result() == 1
    with pytest.raises(HeldError) as caught:
        spent.call(abs, -1, visitor="a")
    assert (caught.value.held, round(caught.value.more_in, -2)) == ("spent", 3600)
    assert spent.call(abs, -1, visitor="b").result() == 1
    with pytest.raises(HeldError, match="read_only"):
        made(read_only=True).call(abs, -1)


def test_visitors_take_turns(tmp_path: Path) -> None:
    """One visitor asks for much, and is first; another asks for little."""
    desk = Desk(Settings(replications=12), Store(tmp_path), InProcess, KEPT, ENGINE)
    desk._busy = True  # nobody works yet: the order is looked at here
    desk.ask(desk.study(BASE, [other(f"veel-{n}", n) for n in (4, 5, 6, 7)]), "a")
    desk.ask(desk.study(BASE, [other("weinig", 8)]), "b")
    order = []
    for _ in range(40):
        cell, wanted, who = desk._next()
        cell.flying.update(wanted)
        desk._turns.done(who, len(wanted))
        order.append(who)
    assert abs(order.count("a") - order.count("b")) <= 2


def busy(seconds: float) -> str:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"


def test_what_never_ends_is_stopped_and_what_waits_is_not() -> None:
    with pytest.raises(TimeoutError, match=r"more than 0\.1 seconds"), within(0.1):
        busy(30)
    with within(0.2):
        time.sleep(0.3)  # a busy machine is no reason to stop: only seconds of a core count
    with within(0.1):
        assert busy(0.02) == "done"
    busy(0.2)  # the alarm is off again
    with within(None):
        busy(0.1)


def test_a_replication_that_takes_too_long_is_an_error_of_its_scenario(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = plan([], replications=2, modes=("fixed",), baseline=BASE, engine=ENGINE)
    monkeypatch.setattr(Engine, "functions", lambda _: (lambda *_: busy(30), lambda record: record))
    ((_, key),) = study.keys.items()
    task = Task(key, "scenario baseline (fixed)", pickle.dumps(BASE), None, (0,), ENGINE)
    with pytest.raises(SimulationError, match=r"baseline.*replication 0.*TimeoutError.*more than"):
        execute(task, 0.1)


def test_workers_stop_calls_that_take_too_long_and_go_on() -> None:
    with Workers(1, seconds=0.3) as workers:
        slow: Future[str] = workers.call(busy, 30.0)
        with pytest.raises(TimeoutError):
            slow.result(60)
        assert workers.call(busy, 0.01).result(60) == "done"
