"""What this visitor asks for now, kept in step with the address bar, and the way back.

The address holds all that matters, so a reload, another browser or a restart of the server shows the same screen.
A control never owns what it shows: it is given its value from here and reports a change through `ask`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from sim.app.asked import Asked, from_query
from sim.app.choice import Choice
from sim.app.language import Lang, speak

_ASKED, _WRITTEN, _BEFORE, _MADE, _GIVEN = (
    "asked",
    "asked-written",
    "asked-before",
    "asked-made",
    "asked-given",
)
# A browser sends the address that it has; for a moment that is the one before the last.
_LAG_SECONDS = 8.0
V = TypeVar("V")
Query = dict[str, list[str]]
_MOST_BACK, _MOST_MADE = 50, 12


def begin() -> Asked:
    """Read the address, speak its language, and return what is asked; the first thing that each run does."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    now: Asked | None = st.session_state.get(_ASKED)
    # The way from page to page leaves the address bare; then what was asked still holds.
    if now is None or (query and _is_new(query)):
        now = from_query(query)
        st.session_state[_ASKED] = now
        _remember(query)
    speak(now.lang)
    return now


def asked() -> Asked:
    """What is asked now."""
    found: Asked = st.session_state.get(_ASKED, Asked())
    return found


def ask(**changes: Any) -> None:
    """Ask for something else (fields of `Asked`); for `on_change` and `on_click` of controls."""
    now = asked()
    extra = {k: v for k, v in {**now.extra, **changes.pop("extra", {})}.items() if v}
    new = replace(now, extra=extra, version="", broken=False, **changes)
    if new == now:
        return
    before = st.session_state.setdefault(_BEFORE, [])
    before.append(now)
    del before[:-_MOST_BACK]
    _set(new)


def back() -> None:
    """Undo the last change."""
    before = st.session_state.get(_BEFORE, [])
    if before:
        _set(replace(before.pop(), lang=asked().lang))


def can_go_back() -> bool:
    """True when there is something to undo."""
    return bool(st.session_state.get(_BEFORE))


def reset() -> None:
    """Put all knobs back where the chosen scenario has them."""
    ask(choice=asked().choice.base)


def switch(lang: Lang) -> None:
    """Speak another language from now on; that is no step to undo."""
    _set(replace(asked(), lang=lang))


def put(key: str, value: V) -> V:
    """Give a control its value, before it is drawn; the control gets the returned value as its first value too.

    Both are needed. A busy browser may draw a control only after the message that gave it its value has been followed
    by one that does not; without a first value it then shows the first option, or the low end of a slider, and reports
    that as a choice. A control that has this value already is left alone: what the server sets again would undo what a
    quick hand has chosen since. A value that was given in a run that a click cut short is given again, because the browser may
    never have heard of it.
    """
    given: dict[str, Any] = st.session_state.setdefault(_GIVEN, {})
    heard = key not in given or given[key] != value
    if key in st.session_state and st.session_state[key] == value and heard:
        given.pop(key, None)
    else:
        st.session_state[key] = given[key] = value
    return value


def place(key: str, value: V | None, options: Sequence[V]) -> int | None:
    """Give a list its value with `put`; returns where that stands among the options, None when it does not."""
    put(key, value)
    return None if value is None else options.index(value)


def end() -> None:
    """The last thing that a whole run does: the browser now hears of every value that was given."""
    st.session_state.setdefault(_GIVEN, {}).clear()


def write(version: str) -> None:
    """Put what is asked into the address; a link of an older model keeps the version that it was made with."""
    now = asked()
    query = now.to_query()
    if query and not now.version:
        query = replace(now, version=version).to_query()
    shown = {name: [value] if isinstance(value, str) else value for name, value in query.items()}
    if {name: st.query_params.get_all(name) for name in st.query_params} != shown:
        st.query_params.from_dict(query)
    _remember(shown)


def _is_new(query: Query) -> bool:
    """True when somebody gave this address; a browser that lags behind still names one that was written before it."""
    written: list[tuple[float, Query]] = st.session_state.get(_WRITTEN, [])
    if not written or query == written[-1][1]:
        return not written
    lags = time.monotonic() - written[-1][0] < _LAG_SECONDS
    return not (lags and any(query == earlier for _, earlier in written))


def _remember(query: Query) -> None:
    written: list[tuple[float, Query]] = st.session_state.setdefault(_WRITTEN, [])
    if not written or written[-1][1] != query:
        written.append((time.monotonic(), query))
        del written[:-_MOST_BACK]


def own_choices() -> tuple[Choice, ...]:
    """Own choices that were on screen during this visit, the newest first."""
    return tuple(st.session_state.get(_MADE, ()))


def remember(choice: Choice) -> None:
    """Keep an own choice at hand for the other pages."""
    if choice.is_own:
        made = [choice, *(c for c in own_choices() if c != choice)]
        st.session_state[_MADE] = made[:_MOST_MADE]


def _set(new: Asked) -> None:
    st.session_state[_ASKED] = new
