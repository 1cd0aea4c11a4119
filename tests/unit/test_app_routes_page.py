"""The page Routes as Streamlit runs it, without a browser: every part in both languages, and what its link asks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import sim.app
from sim import load
from sim.app import frame, own, server
from sim.app.asked import from_query
from sim.app.desk import Desk, Settings
from sim.app.server import Shop
from sim.charts import language
from sim.charts.language import Lang
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.levers import Change
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario
from sim.study.parallel import InProcess
from sim.study.store import Store

PAGE = Path(sim.app.__file__).parent / "routes" / "page.py"
IDEA = "dicht"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A server of a small region with one idea: the lighter type takes no new children."""
    base = load("toy/inclusion/baseline").model_copy(update={"id": "baseline", "years": 8})
    change = Change.model_validate({"set": 0, "from": date(2028, 8, 1)})
    title = Text(nl="Lichter gaat op in gewone scholen", en="Lighter becomes part of regular schools")
    levers = {"lighter.intake": (change,)}
    idea = base.model_copy(update={"id": IDEA, "kind": "idea", "title": title, "levers": levers})
    desk = Desk(Settings(replications=2), Store(tmp_path_factory.mktemp("store")), InProcess, {})
    return Shop(base, (idea,), (), desk, "0")


@pytest.fixture
def opened(small: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    for module in (server, frame):
        monkeypatch.setattr(module, "shop", lambda: small)
    st.cache_resource.clear()
    yield small
    st.cache_resource.clear()


def visit(**query: str) -> AppTest:
    """The page as a link asks it, when its answer is final."""
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    page.session_state["asked"] = from_query({name: [value] for name, value in query.items()})
    for _ in range(100):
        page.run()
        if not any(str(b.key).startswith("stop-") for b in page.button):
            return page
        time.sleep(0.05)
    raise AssertionError("the answer does not become final")


def told(page: AppTest) -> str:
    return " ".join(str(h.proto.body) for h in page.get("html"))


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, ("wachtlijst", "waiting list")),
        ({"wat": IDEA}, ("krijgt een kind die plek", "gets that place")),
        ({"wat": IDEA, "route_toon": "changes"}, ("verandering", "change")),
        ({"route_toon": "changes"}, ("kies hierboven een idee", "choose an idea above")),
        ({"wat": IDEA, "route_deel": "kind"}, ("kinderen niets", "nothing changes")),
        ({"route_deel": "kind"}, ("Kies hierboven een idee", "Choose an idea above")),
        ({"route_deel": "wachten"}, ("Van de 100 kinderen", "Of 100 children")),
        ({"wat": IDEA, "route_deel": "wachten"}, ("bijna geen kinderen", "hardly any children")),
        (
            {"wat": IDEA, "route_deel": "wachten", "route_klok": "R04", "route_soort": "lighter"},
            ("eerste signaal", "first signal"),
        ),
    ],
)  # fmt: skip
def test_every_part_speaks_both_languages(
    opened: Shop, query: dict[str, str], words: tuple[str, str], lang: Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    del opened
    # The file that draws all pages sets the language; here one page runs alone.
    monkeypatch.setattr(language, "_language", ContextVar("spoken", default=lang))
    page = visit(**query, taal=lang)
    assert not page.exception
    assert words[lang == "en"] in told(page)


def test_a_link_to_nothing_offers_something_else(opened: Shop) -> None:
    del opened
    page = visit(wat="bestaat-niet")
    assert not page.exception
    assert page.selectbox(key="routes-choice").value is None


def test_an_own_file_that_no_longer_fits_is_said(opened: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    del opened

    def unfit(_: str) -> Scenario:
        raise ScenarioError([Problem("eigen.yaml", 1, "", "", "it does not fit")])

    monkeypatch.setattr(own, "load", unfit)
    page = visit(wat="eigen-AAAAAAAAAAAAAAAAAAAAAA")
    assert not page.exception
    assert "it does not fit" in told(page)


def test_a_child_that_failed_takes_no_other_along(opened: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def call(*arguments: Any, **_: Any) -> Future[Any]:
        asked.append(arguments[-1])
        if arguments[-1] == 0:
            return InProcess().call(*arguments)
        failed: Future[Any] = Future()
        failed.set_exception(RuntimeError("a worker died"))
        return failed

    monkeypatch.setattr(opened.desk, "call", call)
    for run in ("1", "2", "1", "2"):
        page = visit(wat=IDEA, route_deel="kind", doorrekening=run)
        assert not page.exception and bool(page.error) is (run == "2")
    assert asked == [0, 1, 1], "what failed is asked again, what was there is not"


def test_what_is_chosen_stands_in_what_is_asked(opened: Shop) -> None:
    del opened
    page = visit(wat=IDEA)
    page.segmented_control(key="routes-part").set_value("wachten").run()
    page.selectbox(key="routes-type").set_value("heavier").run()
    page.selectbox(key="routes-year").set_value("2032-2033").run()
    now = page.session_state["asked"]
    assert now.extra == {"route_deel": "wachten", "route_soort": "heavier"}
    assert (str(now.choice), now.year) == (IDEA, "2032-2033")
    page.selectbox(key="routes-choice").set_value("").run()
    assert page.session_state["asked"].choice.is_baseline and not page.exception


def test_another_run_shows_another_child(opened: Shop) -> None:
    del opened
    page = visit(wat=IDEA, route_deel="kind")
    first = told(page)
    page.button(key="routes-run").click().run()
    assert page.session_state["asked"].extra["doorrekening"] == "2"
    assert not page.exception and told(page) != first


@pytest.mark.parametrize(
    "query",
    [{}, {"route_toon": "changes"}, {"route_deel": "wachten"}, {"wat": IDEA, "route_toon": "changes"}],
)
def test_what_is_compared_with_is_called_by_its_name(opened: Shop, query: dict[str, str]) -> None:
    """Compared with the idea, nothing says that it is compared with carrying on."""
    del opened
    page = visit(**query, tegen=IDEA)
    assert not page.exception
    said = told(page)
    assert "met zo doorgaan" not in said and "bij zo doorgaan" not in said and "van zo doorgaan" not in said
    if "route_deel" not in query and "wat" not in query:
        assert page.segmented_control(key="routes-show").options[1].startswith("verschil met ‘Lichter")
