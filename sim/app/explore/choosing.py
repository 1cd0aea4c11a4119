"""Choosing one idea out of all, with what can be done to the choice: undo, reset, copy, take along."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sim.app import markup, session
from sim.app.choice import Choice, parse
from sim.app.document import copy_link
from sim.app.downloads import buttons
from sim.app.language import own, words
from sim.app.resolve import UnknownChoiceError, own_title
from sim.app.server import Shop
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Kind
from sim.scenario.search import matching
from sim.study.overview import in_order
from sim.study.runs import Study

T = words("explore")
_KINDS: tuple[Kind, ...] = ("idea", "package", "shock", "own")
_HEIGHT = 372


def choose(found: Shop) -> None:
    """The question of the page and the list of ideas, in the documents' order."""
    st.html(markup.question(T.QUESTION))
    now = session.asked().choice
    kind = _kind(found, now)
    words_ = st.text_input(
        T.SEARCH, key="search", placeholder=T.SEARCH_EXAMPLE, label_visibility="collapsed"
    ).split()
    offered = offers(found, kind, words_)
    named = {"": T.GO_ON, **offered}
    chosen = str(now) if str(now) in named else str(now.base)
    # The twin of an idea is a switch below the list, not a line of it.
    at = _idea_of(found, chosen) if chosen not in named else chosen
    with st.container(height=_HEIGHT, key="ideas"):
        # A choice of another kind, or one that a search hides, leaves the list without a mark.
        st.radio(
            T.CHOOSE, list(named), format_func=lambda key: named[key], key="idea", on_change=_chosen,
            index=session.place("idea", at if at in named else None, list(named)),
            label_visibility="collapsed",
        )  # fmt: skip
        if not offered:
            st.html(markup.note(T.OWN_NOTHING if kind == "own" and not words_ else T.SEARCH_NOTHING))
    if twin := twin_of(found, at):
        st.toggle(T.TWIN, session.put("twin", chosen == twin), key="twin", on_change=_twin, args=(at, twin))


def offers(found: Shop, kind: Kind, words_: Sequence[str]) -> dict[str, str]:
    """What stands in the list: choice -> title.

    Args:
        found: What this server has.
        kind: The kind that is shown; a search looks in all.
        words_: What is searched for.
    """
    if kind == "own" and not words_:
        return _own(found)
    rows = [s for s, under in in_order(found.ideas) if not under]
    hits = matching(rows, words_) if words_ else [s for s in rows if s.kind == kind]
    return {s.id: own(s.title) for s in hits}


def twin_of(found: Shop, idea: str) -> str:
    """Id of the same idea without its conditions; "" when it has none."""
    return next((s.id for s, under in in_order(found.ideas) if under == idea and s.kind == "twin"), "")


def actions(found: Shop, study: Study) -> None:
    """Undo, reset, copy the link, download.

    Args:
        found: What this server has.
        study: What is on screen.
    """
    with st.container(key="actions"):
        left, right = st.columns(2, gap="small")
    now = session.asked()
    left.button(
        T.BACK, on_click=session.back, disabled=not session.can_go_back(), width="stretch", key="back"
    )
    right.button(
        T.RESET, help=T.RESET_HELP, on_click=session.reset, disabled=not now.choice.moves, width="stretch",
        key="reset",
    )  # fmt: skip
    with left:
        copy_link()
    with right.popover(T.DOWNLOAD, width="stretch"):
        buttons(found, study, (now.choice, now.baseline), key="explore")


def _kind(found: Shop, now: Choice) -> Kind:
    """Which kind of idea the list shows: that of the choice, until the visitor looks at another."""
    given = found.named.get(str(now.base))
    natural: Kind = "own" if now.is_own and not now.moves else "idea"
    if given is not None and given.kind in _KINDS:
        natural = given.kind
    if "kind" not in st.session_state:
        st.session_state["kind"] = st.session_state.get("kind-kept", natural)
    picked = st.segmented_control(
        T.GROUP, _KINDS, format_func=lambda kind: T.GROUPS[kind], key="kind", label_visibility="collapsed"
    )
    st.session_state["kind-kept"] = picked or natural
    return picked or natural


def _idea_of(found: Shop, twin: str) -> str:
    return next((under for s, under in in_order(found.ideas) if s.id == twin and under), "")


def _own(found: Shop) -> dict[str, str]:
    titles = {}
    for choice in session.own_choices():
        try:
            titles[str(choice)] = markup.plain(own(own_title(choice, found)))
        except (UnknownChoiceError, ScenarioError):
            continue
    return titles


def _chosen() -> None:
    picked = st.session_state["idea"]
    if picked is not None:
        session.ask(choice=parse(picked))


def _twin(idea: str, twin: str) -> None:
    session.ask(choice=Choice((twin if st.session_state["twin"] else idea,)))
