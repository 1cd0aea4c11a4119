"""The knobs of the chosen scenario, as sliders, switches and choices; what is moved becomes part of the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from sim.app import markup
from sim.app.explain import html as explain_html
from sim.app.explain.links import behind
from sim.app.knobs import FIRST, Knob, knobs_of, on_screen, owner_title, start_of_own_changes
from sim.app.language import own, words
from sim.app.resolve import positions
from sim.app.routes.letters import letters
from sim.app.scene import day, name_of
from sim.app.session import ask, asked, place, put
from sim.scenario.levers import Value
from sim.scenario.scenario import Scenario

T = words("explore")
_COLUMNS = 3


@dataclass(frozen=True)
class Position:
    """Where a knob stands, and at which place it holds ("" = where the scenario has it)."""

    value: Value
    place: str = ""


def turn(base: Scenario) -> None:
    """Draw the knobs of a scenario: at most six, those that were moved, and more on request.

    Args:
        base: The chosen scenario before any knob was moved.
    """
    st.html(markup.label(T.KNOBS, _help(base)))
    at = _positions(base)
    shown = on_screen(base, at)
    named = letters(shown)
    _grid(base, shown[:FIRST], at, named)
    if shown[FIRST:]:
        st.html(markup.note(T.MOVED_KNOBS))
        _grid(base, shown[FIRST:], at, named)
    if st.toggle(T.MORE_KNOBS, key="more"):
        others = [k for k in knobs_of(base, more=True) if k.path not in named]
        owners = {k.lever.owner: own(owner_title(base.region, k.lever.owner)) for k in others}
        if st.session_state.get("more-owner") not in owners:
            st.session_state["more-owner"] = next(iter(owners))
        picked = st.selectbox(T.MORE_OF, list(owners), format_func=lambda key: owners[key], key="more-owner")
        _grid(base, [k for k in others if k.lever.owner == picked], at, {})


def _help(base: Scenario) -> str:
    return T.KNOBS_HELP.format(name=name_of(base), date=day(start_of_own_changes(base)))


def _positions(base: Scenario) -> dict[str, Position]:
    values, places = positions(asked().choice, base)
    return {path: Position(value, places.get(path, "")) for path, value in values.items()}


def _grid(base: Scenario, knobs: Sequence[Knob], at: dict[str, Position], named: Mapping[str, str]) -> None:
    for start in range(0, len(knobs), _COLUMNS):
        columns = st.columns(_COLUMNS, gap="medium")
        for column, knob in zip(columns, knobs[start : start + _COLUMNS], strict=False):
            with column:
                _draw(base, knob, at.get(knob.path, Position(knob.start)), named.get(knob.path, ""))


def _draw(base: Scenario, knob: Knob, at: Position, letter: str) -> None:
    help_, key = own(knob.lever.help), _key(knob)
    # The same letter stands at the flow on the page Routes that this knob acts on.
    mark = f"{letter} · " if letter else ""
    title = f"{mark}{own(knob.lever.title)}"
    if knob.kind == "choice":
        options = list(knob.lever.definition.options)
        st.selectbox(
            title, options, index=place(key, str(at.value), options), key=key, help=help_, on_change=_moved, args=(base, knob),
            format_func=lambda option: markup.option(option, base.region),
        )  # fmt: skip
        st.html(markup.small(markup.today(knob)))
    elif knob.kind == "switch":
        st.toggle(title, put(key, bool(at.value)), key=key, help=help_, on_change=_moved, args=(base, knob))
        st.html(markup.small(markup.today(knob)))
    else:
        assert not isinstance(at.value, str) and not isinstance(knob.start, str)
        numbers = [round(n * knob.times, 6) for n in (knob.low, knob.high, at.value, knob.step)]
        whole = all(float(n).is_integer() for n in numbers)
        low, high, value, step = (int(n) if whole else float(n) for n in numbers)
        st.slider(
            f"{mark}{markup.with_unit(knob)}", low, high, put(key, value), step=step, key=key, help=help_,
            on_change=_moved, args=(base, knob), format=_format(knob, whole=whole),
        )  # fmt: skip
        st.html(markup.scale(knob))
    if knob.places:
        places = list(knob.places)
        st.selectbox(
            T.KNOB_PLACE, places, key=f"{key}@", on_change=_moved, args=(base, knob),
            index=place(f"{key}@", at.place or knob.where.place[0], places),
            format_func=lambda place: own(base.region.places[place].title),
        )  # fmt: skip
    if links := explain_html.behind(behind(base, [knob.path])):
        st.html(links)


def _format(knob: Knob, *, whole: bool) -> str:
    """How the position stands at the handle; a number with a decimal comma follows the language of the browser."""
    if knob.times != 1 and whole:
        return "%d%%"
    return "%d" if whole else "localized"


def _moved(base: Scenario, knob: Knob) -> None:
    """Put the new position of a knob into the choice; where the scenario has it, it is no longer moved."""
    state, key = st.session_state, _key(knob)
    at = {p.path: (p.value, p.place) for p in asked().choice.moves}
    raw = state[key]
    # A slider counts in steps of a binary fraction; the scenario must not get 0.30000000000000004.
    value: Value = raw if isinstance(raw, str) else round(float(raw) / knob.times, 6)
    usual = knob.where.place[0] if knob.places else ""
    place = state.get(f"{key}@", usual) if knob.places else ""
    if _same(value, knob.start) and place == usual:
        at.pop(knob.path, None)
    else:
        at[knob.path] = (value, "" if place == usual else place)
    ask(choice=asked().choice.moved(at))


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return abs(a - b) < 1e-6


def _key(knob: Knob) -> str:
    return f"knob-{knob.path}"
