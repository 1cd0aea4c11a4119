"""The part of the page Routes that follows one made-up child through two futures."""

from __future__ import annotations

from concurrent.futures import Future
from html import escape
from typing import Any

import streamlit as st

from sim.app import frame, markup
from sim.app.desk import HeldError
from sim.app.guard import visitor
from sim.app.language import speak, words
from sim.app.routes import child as routes_child
from sim.app.scene import day, name_of
from sim.app.server import Shop
from sim.app.session import ask, asked, place
from sim.charts.roads import roads
from sim.scenario.scenario import Scenario
from sim.study.child import PICKS, Futures, Pick, two_futures
from sim.study.runs import Study

T, G = words("routes"), words("guard")
# Names in the link: which child, and of which run.
CHILD, RUN = "wie", "doorrekening"
_MOST_RUNS = 30
_LOOK_AGAIN = 0.4
_KEPT = 60


def show_child(found: Shop, study: Study, beside: Any) -> None:
    """The child that the link asks for, in two futures.

    Args:
        found: The server.
        study: Carrying on, and the scenario.
        beside: Where the choice of child stands.
    """
    st.html(markup.note(T.CHILD_HELP))
    if len(study.scenarios) < 2:
        st.html(markup.banner(T.CHILD_SAME))
        return
    before, after = study.scenarios[:2]
    run = run_of(asked().extra.get(RUN, ""))
    with beside:
        _choose(run)
    mark = f"{before.digest()}/{after.digest()}/{study.seed}"
    try:
        future = _asked_for(found.desk, before, after, study.seed, run, mark)
    except HeldError as error:
        st.html(markup.empty(G.HELD, frame.held(error)))
        return
    if future.done():
        if future.cancelled() or future.exception() is not None:
            # Only this one: the children of other visitors are all right.
            _asked_for.clear(found.desk, before, after, study.seed, run, mark)
            st.error(T.CHILD_FAILED)
            return
        _draw(future, before, after)
        return
    st.fragment(_wait, run_every=_LOOK_AGAIN)(future)


def run_of(text: str) -> int:
    """Number of the run (from 0) that a link asks for (from 1)."""
    number = int(text) if text.isdecimal() and len(text) < 4 else 1
    return min(max(number, 1), _MOST_RUNS) - 1


def pick_of(text: str) -> Pick:
    """Which child a link asks for."""
    return next((p for p in PICKS if p == text), PICKS[0])


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _asked_for(
    _desk: Any, _before: Scenario, _after: Scenario, seed: int, run: int, mark: str
) -> Future[Futures]:
    """The answer that a worker makes; two visitors with one question share it (`mark` says which scenarios)."""
    made: Future[Futures] = _desk.call(two_futures, _before, _after, seed, run, visitor=visitor())
    return made


def _wait(future: Future[Futures]) -> None:
    speak(asked().lang)
    if future.done():
        st.rerun()
    st.html(markup.empty(T.CHILD_BUSY, ""))


def _choose(run: int) -> None:
    """Which child, and another run."""
    now = pick_of(asked().extra.get(CHILD, ""))
    left, right = st.columns([1.6, 1], vertical_alignment="bottom")
    left.selectbox(
        T.CHILD_PICK, PICKS, format_func=lambda p: T.CHILD_PICKS[p], key="routes-child",
        index=place("routes-child", now, PICKS),
        on_change=lambda: ask(extra={CHILD: st.session_state["routes-child"].replace(PICKS[0], "")}),
    )  # fmt: skip
    right.button(
        T.CHILD_OTHER, key="routes-run", width="stretch",
        on_click=lambda: ask(extra={RUN: str((run + 1) % _MOST_RUNS + 1)}),
    )  # fmt: skip


def _draw(future: Future[Futures], before: Scenario, after: Scenario) -> None:
    found, region = future.result(), before.region
    pick = pick_of(asked().extra.get(CHILD, ""))
    run = run_of(asked().extra.get(RUN, ""))
    child = found.chosen.get(pick)
    names = (name_of(before), name_of(after))
    st.html(markup.answer(escape(routes_child.counts(found, run + 1)), routes_child.divided(found)))
    if child is None:
        none = T.CHILD_NONE.format(pick=T.CHILD_PICKS[pick]) if found.chosen else T.CHILD_IDENTICAL
        st.html(markup.banner(none))
    else:
        st.html(markup.label(routes_child.title(child, region), routes_child.who(child)))
        since = (found.since, T.CHILD_SINCE) if found.since is not None else None
        figure = roads(routes_child.lines(child, names, region), title="", counted="", since=since)
        frame.chart(
            figure, key="roads", alt=routes_child.alt(child, names, region),
            table=frame.Grid(T.ROAD_TABLE, list(T.ROAD_COLUMNS.values()), routes_child.rows(child, names, region)),
        )  # fmt: skip
        st.html(markup.note(T.CHILD_LINE))
        for column, road, name in zip(st.columns(2, gap="medium"), child.roads, names, strict=True):
            column.html(markup.label(name[:1].upper() + name[1:], "") + routes_child.steps(road, region))
    since_words = T.CHILD_COUNTED.format(date=day(found.since)) if found.since is not None else ""
    rule = routes_child.rule(pick) if child is not None else ""
    st.html(markup.note(rule, since_words))
