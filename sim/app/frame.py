"""What all pages share: results that come in while one looks, charts with their table, and the line at the bottom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from sim.app import markup
from sim.app.desk import FIRST_PAIRS, HeldError, Status
from sim.app.guard import span, visitor
from sim.app.language import speak, words
from sim.app.look import stale
from sim.app.scene import day
from sim.app.server import Shop, shop
from sim.app.session import asked
from sim.study.results import Results
from sim.study.runs import Study

Stage = Literal["first", "refining", "done", "stopped", "held", "failed"]
S, G = words("shared"), words("guard")
# The line that says how far the work is looks again this often.
SECONDS: dict[Stage, float | None] = {
    "first": 0.2,
    "refining": 1.0,
    "done": None,
    "stopped": None,
    "held": 15.0,
    "failed": None,
}
# Complete runs at which the answer is drawn again: a chart that is redrawn too often cannot be read.
_DRAWN_AT = (6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 70, 100, 140, 200, 300, 500)
_CHART = {"displayModeBar": False, "responsive": True}


@dataclass(frozen=True)
class Grid:
    """A table in text.

    Attributes:
        caption: What it shows.
        head: Names of the columns; the first column names the rows.
        rows: Cells.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Draw = Callable[[Results], None]


def calculated(study: Study, draw: Draw, *, key: str, quiet: bool = False) -> None:
    """Show results that come at once and get better: stored, else from the first band on, until the last run.

    What belongs to other settings stays in sight, in grey, until the new answer is there. The visitor can stop
    the work and go on. While the work goes on only the line that says how far it is looks again; the answer is
    drawn when there is something new to draw, because drawing it takes the cores on which it is calculated.

    Args:
        study: The question.
        draw: Draws the answer; called with the results so far, of which at least one band is there.
        key: Name of this part of the page, one of its own.
        quiet: Another part of the page shows the same question, and how far it is.
    """
    stage, status = _stage(study)
    shown: tuple[Study, Draw] | None = st.session_state.get(f"shown-{key}")
    if status.ready and stage != "failed":
        shown = st.session_state[f"shown-{key}"] = (study, draw)
    if stage == "failed":
        if not quiet:
            st.error(G.TOO_LONG if "TimeoutError" in status.error else S.FAILED)
            st.html(markup.note(S.FAILED_DETAIL.format(error=status.error)))
        return
    found = None if shown is None else _known(shown[0])
    if found is None:
        shown = None
    old = shown is not None and not status.ready and _mark(shown[0]) != _mark(study)
    if old:
        st.html(("" if quiet else markup.banner(held(status) or S.STALE)) + stale(key))
    watch = None if quiet or stage == "done" else st.fragment(_watch, run_every=SECONDS[stage])
    if watch and not status.ready:
        watch(study, key, stage, _step(status))
    # The same container whether grey or not: charts that are moved would be drawn from nothing.
    with st.container(key=f"answer-{key}"):
        if shown is not None and found is not None:
            shown[1](found)
        elif not quiet:
            help_ = S.FIRST_HELP.format(first=min(FIRST_PAIRS, status.goal))
            st.html(markup.empty(G.HELD if status.held else S.FIRST_TITLE, held(status) or help_))
    if watch and status.ready:
        watch(study, key, stage, _step(status))


def _known(study: Study) -> Results | None:
    """What is to be drawn; None when no run is there of what is compared with or of what is in colour."""
    found = shop().desk.results(study)
    return found if all(found.done[s.id, found.modes[0]].any() for s in found.scenarios[:2]) else None


def _stage(study: Study) -> tuple[Stage, Status]:
    """How far the answer is; asking for it keeps the work going, unless the visitor stopped it."""
    desk = shop().desk
    stopped = _mark(study) in st.session_state.get("stopped", ())
    status = desk.status(study, visitor()) if stopped else desk.ask(study, visitor())
    if status.error:
        return "failed", status
    if status.held and not stopped:
        return "held", status
    if not status.ready:
        return "stopped" if stopped else "first", status
    return "done" if status.finished else "stopped" if stopped else "refining", status


def _step(status: Status) -> tuple[int, ...]:
    """Changes when there is enough new to draw the answer again."""
    return tuple(bisect_right(_DRAWN_AT, runs) for runs in status.there)


def _watch(study: Study, key: str, drawn: Stage, step: tuple[int, ...]) -> None:
    """How far the work is, with a button to stop or go on; draws the page again when the answer on it is old."""
    speak(asked().lang)
    stage, status = _stage(study)
    if stage != drawn or (stage == "refining" and _step(status) != step):
        st.rerun()
    if stage == "held":
        if status.ready:
            st.html(markup.note(f"{S.STOPPED.format(done=status.done, goal=status.goal)} {held(status)}"))
        return
    with st.container(key=f"progress-{key}", horizontal=True, vertical_alignment="center"):
        text = {"stopped": S.STOPPED, "refining": S.REFINING}.get(stage, S.FIRST)
        done, goal = status.done, status.goal
        if stage == "first":
            done, goal = status.first_pairs, min(FIRST_PAIRS, goal)
        st.html(markup.progress(text.format(done=done, goal=goal)))
        stopped = stage == "stopped"
        st.button(
            S.RESUME if stopped else S.STOP, key=f"stop-{key}",
            on_click=_go_on if stopped else _stop, args=(_mark(study),),
        )  # fmt: skip


def _stop(mark: str) -> None:
    """Every part of the page that shows this question stops asking for it."""
    st.session_state["stopped"] = {*st.session_state.get("stopped", ()), mark}


def _go_on(mark: str) -> None:
    st.session_state["stopped"] = st.session_state.get("stopped", set()) - {mark}


def held(status: Status | HeldError) -> str:
    """Why nothing more is calculated for this visitor now, in words; empty when there is no such reason."""
    if status.held == "read_only":
        there = isinstance(status, Status) and status.ready
        return str(G.READ_ONLY if there else G.READ_ONLY_MISSING)
    return str(G.SPENT).format(time=span(status.more_in)) if status.held else ""


def _mark(study: Study) -> str:
    """The question as a text: two pages with the same scenarios and other indicators, or more runs, ask another."""
    return "/".join([str(study.replications), *(key.folder.as_posix() for key in study.keys.values())])


def chart(figure: go.Figure, *, key: str, alt: str, table: Grid | None = None, note: str = "") -> None:
    """A chart with its text alternative, how to read it, and its numbers as a table behind a small button.

    Args:
        figure: From `sim.charts`; its title is the message.
        key: Name of its own on this page.
        alt: What it shows, in words.
        table: The same numbers.
        note: How to read it, as HTML.
    """
    st.plotly_chart(figure, theme=None, config=_CHART, key=key, alt=alt)
    with st.container(key=f"under-{key}", horizontal=True, vertical_alignment="top", gap="small"):
        if note:
            st.html(note)
        if table is not None:
            as_table(table, key)


def as_table(table: Grid, key: str) -> None:
    """The numbers of a chart behind a small button."""
    with st.popover(S.AS_TABLE, type="tertiary", key=f"table-{key}"):
        st.html(grid(table))


def grid(table: Grid) -> str:
    """A table as HTML, in a box that scrolls, also with the keyboard."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(c)}</td>" for c in row[1:])}</tr>'
        for row in table.rows
    )
    return markup.table(table.caption, head, body, S.AS_TABLE_OF.format(title=table.caption))


def page_head(title: str, intro: str = "") -> None:
    """Heading of a page, and one or two sentences on what it is for."""
    st.html(markup.question(title) + (markup.note(intro) if intro else ""))


def footer(found: Shop, study: Study | None = None) -> None:
    """The line that is always in sight: how much, of when, by what, and what it is not."""
    start = found.baseline.region.start
    if study is None:
        text = S.FOOTER_STILL.format(date=day(start), version=found.version)
    else:
        stage, status = _stage(study)
        runs = {"done": S.FOOTER_RUNS, "first": S.FOOTER_BUSY, "refining": S.FOOTER_BUSY}.get(
            stage, S.FOOTER_SOME
        )
        text = S.FOOTER.format(
            runs=runs.format(done=status.done, goal=status.goal), years=study.scenarios[0].years, date=day(start),
            version=found.version,
        )  # fmt: skip
    with st.bottom:
        st.html(markup.footer(text))
