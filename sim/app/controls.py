"""What a visitor can set: up to four ideas, which one is in colour, and the knobs of that one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sim.app import markup, texts
from sim.app.knobs import Knob, knobs_of, owner_title, start_of_own_changes, with_knobs
from sim.app.scene import day
from sim.app.server import Shop
from sim.scenario.levers import Value
from sim.scenario.quantity import Text
from sim.scenario.scenario import Kind, Scenario
from sim.scenario.search import matching
from sim.study.overview import in_order

MOST = 4
_TICKS = "idea-"
_CHOICES = (_TICKS, "knob-", "focus", "year", "more", "search", "sources")
_OWN = Text(nl=texts.OWN, en="Own choice")
_SHELF_HEIGHT = 250


def keep_choices() -> None:
    """Remember what is chosen, and put it back after a visit to another page; Streamlit forgets what is not drawn."""
    now = {str(k): v for k, v in st.session_state.items() if str(k).startswith(_CHOICES)}
    kept = st.session_state.get("kept", {})
    if kept and "search" not in now:
        st.session_state.update(kept)
        st.rerun()  # a control that is given its value in the run that draws it would warn on screen
    st.session_state["kept"] = now


def choose(found: Shop) -> tuple[list[Scenario], Scenario]:
    """Tick up to four ideas; returns them and the one in colour (the baseline when none is ticked)."""
    st.html(markup.label(texts.CHOOSE, texts.CHOOSE_HELP))
    words = st.text_input(
        texts.SEARCH, key="search", placeholder=texts.SEARCH_EXAMPLE, label_visibility="collapsed"
    ).split()
    ticked = [s for s in found.ideas if st.session_state.get(_tick(s))]
    chosen: list[Scenario] = []
    heading = ""
    with st.container(height=_SHELF_HEIGHT):
        shown = shelf(found.ideas, ticked, words)
        for idea, group in shown:
            if group != heading:
                st.html(markup.group(texts.GROUPS[group]))
            heading = group
            if st.checkbox(
                idea.title.nl, key=_tick(idea), disabled=len(ticked) >= MOST and idea not in ticked,
                on_change=_ticked, args=(idea.id,),
            ):  # fmt: skip
                chosen.append(idea)
        if not shown:
            st.html(markup.note(texts.SEARCH_NOTHING))
    if len(ticked) >= MOST:
        st.html(markup.note(texts.FULL))
    if len(chosen) < 2:
        return chosen, chosen[0] if chosen else found.baseline
    ids = [s.id for s in chosen]
    # The idea that was ticked last is what the visitor wants to see now.
    last = st.session_state.get("last")
    if st.session_state.get("focus") not in ids:
        st.session_state["focus"] = last if last in ids else ids[0]
    named = {s.id: s.title.nl for s in chosen}
    focus = st.selectbox(texts.FOCUS, ids, format_func=lambda key: named[key], key="focus")
    return chosen, next(s for s in chosen if s.id == focus)


def shelf(
    ideas: Sequence[Scenario], ticked: Sequence[Scenario], words: Sequence[str]
) -> list[tuple[Scenario, Kind]]:
    """What can be ticked now, each with the group that it stands in.

    Args:
        ideas: All scenarios.
        ticked: Those that are chosen: they stay, and so does what a twin of one shows.
        words: What is searched for. Without words twins stay out of sight until their idea is ticked.
    """
    rows = in_order(ideas)
    kinds = {s.id: s.kind for s in ideas}
    on = {s.id for s in ticked}
    hits = {s.id for s in matching(ideas, words)} if words else {s.id for s, under in rows if not under}
    return [(s, kinds.get(under, s.kind)) for s, under in rows if s.id in hits or s.id in on or under in on]


def turn(base: Scenario) -> Scenario:
    """The knobs of a scenario; returns it, or the own scenario that comes out of moving one."""
    name = texts.BASELINE if base.kind == "baseline" else base.title.nl
    st.html(markup.label(texts.KNOBS, texts.KNOBS_HELP.format(name=name)))
    positions: dict[str, Value] = {}
    places: dict[str, str] = {}

    def draw(knobs: Sequence[Knob]) -> None:
        for knob in knobs:
            positions[knob.path] = _draw(base, knob)
            if knob.places:
                places[knob.path] = _where(base, knob)

    first = knobs_of(base)
    others = [k for k in knobs_of(base, more=True) if k.path not in {f.path for f in first}]
    owner = st.session_state.get("more-owner") if st.session_state.get("more") else None
    draw(first)
    # A knob that is not drawn is put back by Streamlit, so those that were moved stay on screen.
    if moved := [k for k in others if k.lever.owner != owner and _is_moved(base, k)]:
        st.html(markup.note(texts.MOVED_KNOBS))
        draw(moved)
    if st.toggle(texts.MORE_KNOBS, key="more"):
        named = {k.lever.owner: owner_title(base.region, k.lever.owner).nl for k in others}
        if owner not in named:
            st.session_state["more-owner"] = next(iter(named))
        picked = st.selectbox(
            texts.MORE_OF, list(named), format_func=lambda key: named[key], key="more-owner"
        )
        draw([k for k in others if k.lever.owner == picked and k.path not in positions])
    st.button(texts.RESET, help=texts.RESET_HELP, on_click=_reset, width="stretch")
    st.html(markup.note(texts.KNOB_FROM.format(date=day(start_of_own_changes(base)))))
    return with_knobs(base, positions, _OWN, places)


def _is_moved(base: Scenario, knob: Knob) -> bool:
    at = st.session_state.get(_key(base, knob), knob.start)
    return bool(at != knob.start)


def _draw(base: Scenario, knob: Knob) -> Value:
    title, help_, key = knob.lever.title.nl, knob.lever.help.nl, _key(base, knob)
    if knob.kind == "choice":
        options = list(knob.lever.definition.options)
        picked = st.selectbox(
            title, options, index=options.index(str(knob.start)), key=key, help=help_,
            format_func=lambda option: markup.option(option, base.region),
        )  # fmt: skip
        st.html(markup.small(markup.today(knob)))
        return str(picked)
    if knob.kind == "switch":
        on = st.toggle(title, value=bool(knob.start), key=key, help=help_)
        st.html(markup.small(markup.today(knob)))
        return float(on)
    numbers = (knob.low, knob.high, knob.start, knob.step)
    assert not isinstance(knob.start, str)
    whole = all(float(n).is_integer() for n in numbers)
    low, high, start, step = (int(float(n)) if whole else float(n) for n in numbers)
    moved = st.slider(
        markup.with_unit(knob),
        low,
        high,
        start,
        step,
        key=key,
        help=help_,
        format="%d" if whole else "localized",
    )
    st.html(markup.scale(knob))
    # A slider counts in steps of a binary fraction; the scenario must not get 0.30000000000000004.
    return round(float(moved), 6)


def _where(base: Scenario, knob: Knob) -> str:
    """At which place a change holds, for a scenario that changes one place."""
    at = base.region.places
    options = list(knob.places)
    picked = st.selectbox(
        texts.KNOB_PLACE, options, index=options.index(knob.where.place[0]), key=f"{_key(base, knob)}@place",
        format_func=lambda place: at[place].title.nl,
    )  # fmt: skip
    return str(picked)


def _reset() -> None:
    # Knobs with new keys start where the idea has them; a browser would keep the position of an old one.
    st.session_state["resets"] = st.session_state.get("resets", 0) + 1


def _ticked(idea: str) -> None:
    if st.session_state.get(f"{_TICKS}{idea}"):
        st.session_state["last"] = st.session_state["focus"] = idea


def _tick(idea: Scenario) -> str:
    return f"{_TICKS}{idea.id}"


def _key(base: Scenario, knob: Knob) -> str:
    return f"knob-{base.id}-{knob.path}-{st.session_state.get('resets', 0)}"
