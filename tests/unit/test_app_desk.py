"""The desk: results for screens, from the store or from workers, only while somebody looks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from made_results import scenario

from sim.app import desk as desk_module
from sim.app.desk import FIRST_PAIRS, Desk, Settings, Status
from sim.app.frame import _step
from sim.scenario.quantity import Quantity
from sim.study.engine import Engine
from sim.study.parallel import InProcess
from sim.study.runs import Study
from sim.study.store import Store

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
