"""The card of one number: its pedigree, the ideas that touch it, and what the answer becomes when it is different."""

from __future__ import annotations

from functools import partial
from math import isfinite, nan
from pathlib import Path

import streamlit as st

from sim.app import frame, markup, terms
from sim.app.choice import Choice, ChoiceError, parse
from sim.app.explain import html as explain_html
from sim.app.explain.answer import MONEY, told
from sim.app.explain.card import Slider, does, none_mark, rules, slider_of, step_label, used_by
from sim.app.explain.numbers import unit_of
from sim.app.language import own, words
from sim.app.links import NUMBER, STEPS, VALUE, address
from sim.app.resolve import UnknownChoiceError, resolve
from sim.app.scene import name_of, phrase, year_on_screen
from sim.app.server import shop
from sim.app.session import ask, asked, place, put
from sim.app.settings import settings
from sim.indicators import INDICATORS
from sim.scenario.describe import NumberRow, number_rows
from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import find_root, regions
from sim.scenario.scenario import Scenario
from sim.study.results import FIXED, Results
from sim.study.what_if import NOW, Tried, Try, plan, tries, try_value

T, E, S = words("explain"), words("explore"), words("shared")
_MOST_IDEAS = 6
_CHOICE = "wat"


def scenario() -> Scenario:
    """The scenario in colour; carrying on as we do when this server does not have it."""
    return _resolved(asked().choice) or shop().baseline


def region_folder(region: str) -> Path:
    """Folder of a region, also of one that lies deeper."""
    root = find_root(settings().scenarios)
    return next((path for path in regions(root, deep=True) if path.name == region), root / region)


def card(path: str) -> bool:
    """Draw the card of a number; False when no scenario here has it."""
    focus = scenario()
    row = _row(focus, path)
    if row is None:
        found = next((idea for idea in shop().ideas if path in idea.quantities()), None)
        if found is None:
            return False
        # A number of one idea only: its row is shown, and it can be tried with that idea.
        focus, row = found, _row(found, path)
    assert row is not None
    st.button(T.CLOSE, icon=":material/arrow_back:", type="tertiary", key="close-number", on_click=_close)
    left, right = st.columns([1, 1.45], gap="medium")
    with left:
        st.html(terms.explained(explain_html.card(row, none_mark(focus, row), does(focus, path))))
        st.html(_touching(focus, path))
    with right:
        what_if(focus, row)
    return True


def what_if(focus: Scenario, row: NumberRow) -> None:
    """Another value of the number, and what the answer becomes."""
    st.html(f'<h2 class="ds-label">{T.WHAT_IF}</h2>')
    possible = tries(focus, row.path)
    if not possible:
        st.html(markup.note(T.NOTHING_TO_TRY))
        return
    st.html(markup.note(T.WHAT_IF_HELP))
    _with_idea(focus, row.path)
    names = {step.step: step_label(step, row) for step in possible}
    given = asked().extra.get(STEPS, "").split("-")
    st.pills(
        T.STEPS_LABEL, list(names), format_func=lambda step: names[step], selection_mode="multi", key="steps",
        default=put("steps", [step for step in names if step in given]), on_change=_steps,
    )  # fmt: skip
    chosen = (*(step for step in possible if step.step in given), *_own_value(focus, row))
    st.html(markup.note(*rules(focus, row.path, chosen or possible)))
    against = _resolved(asked().baseline) or shop().baseline
    tried = plan(against, focus, row.path, chosen)
    study = shop().desk.study(tried.baseline, tried.scenarios, modes=(FIXED,))
    frame.calculated(
        study,
        partial(_answer, tried=tried, name=name_of(focus), row=row, year=year_on_screen(focus)),
        key="what-if",
    )


def _own_value(focus: Scenario, row: NumberRow) -> tuple[Try, ...]:
    """A value that the visitor chooses between the ends of the range; nothing while it stands where it is now."""
    slider = slider_of(row)
    if slider is None:
        return ()
    try:
        wanted = float(asked().extra.get(VALUE, "nan"))
    except ValueError:
        wanted = nan
    wanted = wanted if isfinite(wanted) else row.value
    found = try_value(focus, row.path, wanted)
    shown = put("own-value", min(max(found.value * slider.scale, slider.low), slider.high))
    unit = "%" if row.unit == "share" else unit_of(row.value, row.unit)
    st.slider(
        T.OWN_VALUE_UNIT.format(unit=unit) if unit else T.OWN_VALUE, slider.low, slider.high, shown, step=slider.step,
        key="own-value", on_change=_valued, args=(slider,), format="localized",
    )  # fmt: skip
    here = row.range is not None and row.range[0] <= found.value <= row.range[1]
    return (found,) if here and abs(found.value - row.value) * slider.scale >= slider.step / 2 else ()


def _valued(slider: Slider) -> None:
    value = st.session_state["own-value"]
    same = abs(value - slider.value) < slider.step / 2
    ask(extra={VALUE: "" if same else f"{value / slider.scale:.6g}"})


def _answer(results: Results, *, tried: Tried, name: str, row: NumberRow, year: str) -> None:
    alone = tried.pairs[NOW][0] == tried.pairs[NOW][1]
    titles = {**E.FIGURES, MONEY: getattr(INDICATORS[MONEY].title, asked().lang)}
    found = told(results, tried, year, titles)
    caption = (T.ANSWER_CAPTION if alone else T.ANSWER_VERSUS).format(
        name=name[:1].upper() + name[1:], year=year, against=phrase(tried.baseline, "beside")
    )
    heads = [step_label(step, row) for step in tried.steps]
    st.html(explain_html.answer(found.sentences, caption, heads, found.rows))


def _with_idea(focus: Scenario, path: str) -> None:
    """The idea with which the number is tried: carrying on, what is in colour, or one that touches the number."""
    now = asked().choice
    touching = {idea.id: own(idea.title) for idea in used_by(focus, path, shop().ideas)}
    offered = {"": E.GO_ON, **({str(now): name_of(focus)} if not now.is_baseline else {}), **touching}
    if str(now) not in offered or (now.is_baseline and focus.kind != "baseline"):
        offered = {focus.id: name_of(focus), **offered}
    chosen = focus.id if now.is_baseline and focus.kind != "baseline" else str(now)
    st.selectbox(
        T.WHAT_IF_WITH, list(offered), format_func=lambda key: offered[key], key="with-idea", on_change=_idea,
        index=place("with-idea", chosen, list(offered)),
    )  # fmt: skip


def _touching(focus: Scenario, path: str) -> str:
    found = used_by(focus, path, shop().ideas)
    items = [
        (
            address("explain", **{NUMBER: path, _CHOICE: idea.id, STEPS: asked().extra.get(STEPS, "")}),
            own(idea.title),
        )
        for idea in found[:_MOST_IDEAS]
    ]
    return explain_html.used_by(items, len(found) - len(items))


def _row(focus: Scenario, path: str) -> NumberRow | None:
    if path not in focus.quantities():
        return None
    return next(row for row in number_rows(focus) if row.path == path)


def _resolved(choice: Choice) -> Scenario | None:
    try:
        return resolve(choice, shop())
    except (UnknownChoiceError, ScenarioError):
        return None


def _steps() -> None:
    ask(extra={STEPS: "-".join(st.session_state["steps"])})


def _idea() -> None:
    try:
        ask(choice=parse(st.session_state["with-idea"]))
    except ChoiceError:
        return


def _close() -> None:
    ask(extra={NUMBER: "", STEPS: "", VALUE: ""})
