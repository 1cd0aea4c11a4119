"""What all pages share: nothing is drawn of which no run is there, and to stop one question stops no other."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from made_results import scenario
from streamlit.testing.v1 import AppTest

from sim.app import frame
from sim.app.desk import Desk, Settings, Status
from sim.app.frame import _mark
from sim.study.engine import Engine
from sim.study.parallel import InProcess
from sim.study.runs import Study
from sim.study.store import Store

ENGINE = Engine("made_results:simulate", "made_results:compute")
BASE, IDEA = scenario("baseline", "baseline"), scenario("idee")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Settings(replications=12), Store(tmp_path), InProcess, {"K02.oct": False}, ENGINE)


def test_to_stop_one_question_stops_no_other(desk: Desk) -> None:
    asked = desk.study(BASE, [IDEA])
    others = (
        desk.study(BASE, [IDEA], replications=200),
        desk.study(BASE, [IDEA], engine=Engine(ENGINE.simulate, "sim.study.routes:compute")),
        desk.study(BASE, [IDEA], engine=Engine("sim.model:simulate", ENGINE.compute)),
    )
    assert len({_mark(asked), *map(_mark, others)}) == 4
    assert _mark(asked) == _mark(desk.study(BASE, [scenario("idee")])), "the same question on another page"


PAGE = """
import streamlit as st
from sim.app import frame

frame.calculated(
    st.session_state["question"], lambda results: st.text(f"drawn: {results.complete}"), key="answer"
)
"""


@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_drawn_of_which_no_run_is_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """The desk says that all is there; what it then shows may have gone meanwhile."""
    question = desk.study(BASE, [IDEA])
    desk._busy = True  # nothing is made: the answer comes from the store or not at all
    desk.open(question)
    if there:
        for cell in desk._cells.values():
            cell.runs.update({replication: np.array([]) for replication in range(12)})

    def done(_: Study, __: str) -> Status:
        return Status(12, (12, 12, 12), 12, 12)

    monkeypatch.setattr(desk, "ask", done)
    monkeypatch.setattr(frame, "shop", lambda: SimpleNamespace(desk=desk))
    shown = AppTest.from_string(PAGE)
    shown.session_state["question"] = question
    shown.run()
    assert not shown.exception
    assert [t.value for t in shown.text] == (["drawn: 12"] if there else [])
    told = " ".join(str(h.proto.body) for h in shown.get("html"))
    assert (frame.S.FIRST_TITLE in told) is not there
