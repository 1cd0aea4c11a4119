"""The desk: results for screens, from the store or from workers, only while somebody looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import Any, NoReturn

import pytest
from made_results import scenario

from sim.app import desk as desk_module
from sim.app.desk import FIRST_PAIRS, Desk, Settings, Status
from sim.app.frame import _step
from sim.scenario.quantity import Quantity
from sim.study.engine import Engine
from sim.study.parallel import Answer, InProcess, SimulationError, Task, execute
from sim.study.runs import Study
from sim.study.store import Block, Store

ENGINE = Engine("made_results:simulate", "made_results:compute")
BASE = scenario("baseline", "baseline")


def other(id_: str, groups: float):
    """A scenario that really differs (the region is another, which is enough for this model)."""
    made = scenario(id_)
    place = made.region.places["school-klein"]
    quantity = Quantity(value=groups, unit="groups", range=(3, 60), grade="E", source="bedacht", date="2024")
    places = {**made.region.places, "school-klein": place.model_copy(update={"groups": {"p": quantity}})}
    return made.model_copy(update={"region": made.region.model_copy(update={"places": places})})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Settings(replications=12), Store(tmp_path), InProcess, {"K02.oct": False}, ENGINE)


def finish(desk: Desk, study: Study) -> Status:
    for _ in range(400):
        status = desk.ask(study)
        if status.finished:
            return status
        time.sleep(0.02)
    raise AssertionError(f"not finished: {status}")


def test_a_question_is_answered_in_both_modes(desk: Desk) -> None:
    study = desk.study(BASE, [other("meer", 5)])
    status = finish(desk, study)
    assert (status.pairs, status.done, status.error) == (12, 12, "")
    found = desk.results(study)
    assert found.complete == 12
    assert {s.indicator for s in found.series} == {"K02.oct"}
    assert {s.district for s in found.series} == {"all"}
    gap = found.values["meer", "fixed"] - found.values["baseline", "fixed"]
    assert gap.min() == gap.max() == 1.0


def test_what_is_in_the_store_is_not_run_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    study = desk.study(BASE, [other("meer", 5)])
    finish(desk, study)

    class Forbidden:
        def run(self, tasks: object) -> object:
            raise AssertionError("something was run")

    again = Desk(desk.settings, desk.store, Forbidden, {"K02.oct": False}, ENGINE)
    assert again.ask(again.study(BASE, [other("anders", 5)])).finished


def test_nobody_looks_so_nothing_is_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "WATCHED_SECONDS", -1.0)
    study = desk.study(BASE, [other("meer", 5)])
    desk.ask(study)
    time.sleep(0.1)
    assert desk.status(study).pairs == 0


def test_a_failing_scenario_says_so_and_leaves_others_alone(desk: Desk) -> None:
    broken = desk.study(BASE, [other("stuk", 7)])
    status = finish(desk, broken)
    assert "dit model is stuk" in status.error
    assert finish(desk, desk.study(BASE, [other("meer", 5)])).error == ""


def test_first_pairs_come_first_and_results_are_paired(desk: Desk) -> None:
    study = desk.study(BASE, [other("meer", 5), other("nog meer", 6)])
    order: list[tuple[str, int]] = []

    class Slow(InProcess):
        def run(self, tasks):  # type: ignore[no-untyped-def]
            for answer in super().run(tasks):
                order.append((answer.task.title, answer.task.replications[0]))
                yield answer

    desk._executor = Slow()
    finish(desk, study)
    early = order[: 3 * FIRST_PAIRS]
    assert all(replication < FIRST_PAIRS and "fixed" in title for title, replication in early)
    assert {title for title, _ in order[: 2 * FIRST_PAIRS]} == {
        "scenario baseline (fixed)",
        "scenario meer (fixed)",
    }


def test_same_meaning_under_another_name_shares_its_results(desk: Desk) -> None:
    finish(desk, desk.study(BASE, [other("meer", 5)]))
    study = desk.study(BASE, [other("eigen", 5)])
    assert desk.ask(study).finished
    assert desk.results(study).done["eigen", "fixed"].all()


def test_status_tells_how_many_pairs_each_mode_has(desk: Desk) -> None:
    study = desk.study(BASE, [other("meer", 5)])
    status = finish(desk, study)
    assert status.there == (study.replications,) * len(study.modes)
    assert status.first_pairs == study.replications


def test_an_answer_is_drawn_again_when_there_is_something_to_see() -> None:
    steps = [_step(Status(0, (runs, 0, 0), 0, 30)) for runs in range(31)]
    assert len(set(steps[:FIRST_PAIRS])) == 1, "nothing before the first band"
    assert steps[FIRST_PAIRS] != steps[FIRST_PAIRS - 1]
    assert steps[30] != steps[29], "and the last run is drawn"
    assert len(set(steps)) < 12, "not at every run: drawing takes the cores on which is calculated"
    assert _step(Status(0, (6, 6, 0), 0, 30)) != _step(Status(0, (6, 5, 0), 0, 30)), (
        "a mode more is something to see"
    )


def test_what_a_page_draws_now_is_kept_however_many_others_come(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "_KEPT", 6)
    mine = desk.study(BASE, [other("meer", 5)])
    finish(desk, mine)
    desk._busy = True  # what others ask is not run: only room is at stake
    for groups in range(6, 16):
        desk.ask(desk.study(BASE, [other(f"ander-{groups}", groups)]))
    monkeypatch.setattr(Store, "read", lambda *_: pytest.fail("it was read again"))
    assert desk.results(mine).complete == 12
    monkeypatch.undo()
    monkeypatch.setattr(desk_module, "_KEPT", 6)
    monkeypatch.setattr(desk_module, "WATCHED_SECONDS", -1.0)
    desk.open(desk.study(BASE, [other("later", 3)]))
    assert len(desk._cells) == 6, "what nobody looks at makes room"
    assert desk.status(mine).pairs == 12
    desk.open(desk.study(BASE, [other("nog later", 17)]))
    assert desk.results(mine).complete == 12, "and comes back from the store"


def test_memory_has_an_end_even_when_everything_is_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "_KEPT", 6)
    monkeypatch.setattr(desk_module, "_MOST", 12)
    for groups in range(5, 15):
        desk.open(desk.study(BASE, [other(f"ander-{groups}", groups)]))
    assert len(desk._cells) == 12


def test_reading_the_store_keeps_no_other_page_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[bool] = []

    def read(*_: object) -> list[Block]:
        free.append(not desk._lock.locked())
        return []

    monkeypatch.setattr(Store, "read", read)
    desk.ask(desk.study(BASE, [other("meer", 5)]))
    assert free and all(free)


def test_fewer_runs_asked_is_another_answer(desk: Desk) -> None:
    few = desk.study(BASE, [other("meer", 5)], replications=6)
    finish(desk, few)
    assert desk.results(few).replications == 6
    assert desk.results(desk.study(BASE, [other("meer", 5)])).replications == 12


class Fragile:
    """Workers of which three die with the question that kills; an answer of another comes only when it is not there."""

    made = 0

    def __init__(self) -> None:
        Fragile.made += 1

    def run(self, tasks: Iterable[Task]) -> Generator[Answer, None, None]:
        queue, waiting = iter(tasks), list[Task]()
        while True:
            while len(waiting) < 3 and (task := next(queue, None)) is not None:
                waiting.append(task)
            if not waiting:
                return
            if any("dodelijk" in task.title for task in waiting):
                raise BrokenExecutor("a worker died")
            task = waiting.pop(0)
            yield Answer(task, execute(task))

    def call(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return InProcess().call(function, *arguments)


def test_only_the_question_that_kills_its_worker_fails(tmp_path: Path) -> None:
    Fragile.made = 0
    desk = Desk(Settings(replications=30), Store(tmp_path), Fragile, {"K02.oct": False}, ENGINE)
    well, ill = desk.study(BASE, [other("meer", 5)]), desk.study(BASE, [other("dodelijk", 6)])
    for _ in range(400):
        fine, failed = desk.ask(well, "a"), desk.ask(ill, "b")
        if fine.finished and failed.finished:
            break
        time.sleep(0.02)
    assert (fine.pairs, fine.error) == (30, "")
    assert "a worker died" in failed.error
    assert Fragile.made < 12, "three tries for each mode, and the first pool"


class Dead(InProcess):
    """Workers that are gone."""

    def run(self, tasks: Iterable[Task]) -> Generator[Answer, None, None]:
        next(iter(tasks))
        raise BrokenExecutor("a worker died")
        yield

    def call(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        raise BrokenExecutor("a worker died")


def test_no_new_workers_is_an_error_that_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pools: list[type[InProcess] | None] = [Dead, None, InProcess]

    def make() -> InProcess:
        made = pools.pop(0)
        if made is None:
            raise OSError("no room for another process")
        return made()

    desk = Desk(Settings(replications=12), Store(tmp_path), make, {"K02.oct": False}, ENGINE)
    study = desk.study(BASE, [other("meer", 5)])
    assert "no room" in finish(desk, study).error
    assert not any(c.flying for c in desk._cells.values())
    monkeypatch.setattr(desk_module, "RETRY_SECONDS", -1.0)
    assert (finish(desk, study).pairs, desk.status(study).error) == (12, "")


def test_whatever_happens_the_next_screen_starts_the_work_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = desk.study(BASE, [other("meer", 5)])
    desk._busy, desk._executor = True, Dead()
    desk.ask(study)
    monkeypatch.setattr(desk, "_broke", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk._work()
    assert not desk._busy and not any(c.flying for c in desk._cells.values())
    monkeypatch.undo()
    assert finish(desk, study).pairs == 12


def test_a_question_that_failed_is_tried_again_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    study = desk.study(BASE, [other("meer", 5)])

    def broken(*_: object) -> NoReturn:
        raise SimulationError("scenario meer (fixed), replication 0: no memory")

    monkeypatch.setattr(desk_module, "decode", broken)
    assert "no memory" in finish(desk, study).error
    monkeypatch.undo()
    assert "no memory" in desk.ask(study).error, "not at once: it may fail for good"
    monkeypatch.setattr(desk_module, "RETRY_SECONDS", -1.0)
    assert finish(desk, study).pairs == 12


def test_a_call_gets_new_workers_when_the_old_ones_died(tmp_path: Path) -> None:
    pools: list[InProcess] = [Dead(), InProcess()]
    desk = Desk(Settings(), Store(tmp_path), lambda: pools.pop(0), {}, ENGINE)
    assert desk.call(abs, -1).result() == 1
    assert not pools
