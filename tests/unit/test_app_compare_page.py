"""The page Vergelijk as Streamlit runs it, without a browser: links that no longer fit, and causes of one idea only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import sim.app
from sim import load
from sim.app import frame, server
from sim.app.asked import from_query
from sim.app.choice import parse
from sim.app.desk import Desk, Settings
from sim.app.server import Shop
from sim.scenario.levers import Change
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario
from sim.study.parallel import InProcess
from sim.study.store import Store

PAGE = Path(sim.app.__file__).parent / "compare" / "page.py"


def idea(base: Scenario, id_: str, lever: str) -> Scenario:
    change = Change.model_validate({"set": 0, "from": date(2028, 8, 1)})
    made = {"id": id_, "kind": "idea", "title": Text(nl=id_, en=id_), "levers": {lever: (change,)}}
    return base.model_copy(update=made)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A server of a small region with two ideas: one type takes no new children, or the other does not."""
    base = load("toy/inclusion/baseline").model_copy(update={"id": "baseline", "years": 5})
    desk = Desk(Settings(replications=1), Store(tmp_path_factory.mktemp("store")), InProcess, {})
    return Shop(
        base, (idea(base, "een", "lighter.intake"), idea(base, "twee", "heavier.intake")), (), desk, "0"
    )


@pytest.fixture
def opened(small: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    for module in (server, frame):
        monkeypatch.setattr(module, "shop", lambda: small)
    st.cache_resource.clear()
    yield small
    st.cache_resource.clear()


def visit(**query: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    page.session_state["asked"] = from_query({name: [value] for name, value in query.items()})
    return page.run()


def has_causes(page: AppTest) -> bool:
    """True when the causes of an idea are on screen, or on their way."""
    return any(b.key == "why-close" for b in page.button)


def test_a_link_that_compares_with_nothing_shows_carrying_on(opened: Shop) -> None:
    del opened
    page = visit(met="een", tegen="bestaat-niet")
    assert not page.exception
    assert page.selectbox(key="against").value == ""
    assert page.selectbox(key="why").value == "een", "the page goes on below the table"


def test_causes_are_of_the_idea_for_which_they_were_asked(opened: Shop) -> None:
    del opened
    page = visit(wat="een")
    assert not has_causes(page)
    page.button(key="why-start").click().run()
    assert has_causes(page) and page.session_state["asked"].extra == {"waarom": "een"}
    page.session_state["asked"] = replace(page.session_state["asked"], choice=parse("twee"))
    page.run()
    assert not page.exception
    assert not has_causes(page), "another idea does not start by itself"
    assert not has_causes(visit(wat="een", waarom="1")), "a number of an older link says nothing"
