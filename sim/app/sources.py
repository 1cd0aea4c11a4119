"""Where each number comes from: value, range, unit, how sure, source and date."""

from __future__ import annotations

import streamlit as st

from sim.app import markup, texts
from sim.scenario.describe import NumberRow, condition_rows, grade_counts, lever_rows, number_rows
from sim.scenario.scenario import Scenario

EFFECTS = "effects."


def show_sources(scenario: Scenario) -> None:
    """The part of the page that shows what a scenario changes and what all numbers rest on."""
    name = texts.BASELINE if scenario.kind == "baseline" else scenario.title.nl
    st.subheader(texts.SOURCES, anchor=texts.SOURCES_ANCHOR)
    with st.expander(texts.SOURCES_SCENARIO.format(name=name), expanded=scenario.kind != "baseline"):
        changes(scenario)
    rows = number_rows(scenario)
    counts = grade_counts(rows)
    parts = ", ".join(f"{n} {texts.SOURCES_OF_GRADE} {grade}" for grade, n in counts.items() if n)
    st.html(markup.note(texts.SOURCES_INTRO, texts.SOURCES_COUNT.format(count=len(rows), parts=parts)))
    st.html(markup.grades())
    groups = _groups(rows)
    picked = st.selectbox(texts.SOURCES_SHOW, list(groups), key="sources")
    st.html(markup.numbers(groups[picked]))


def changes(scenario: Scenario) -> None:
    """What a scenario changes, what it counts on, and for whom it becomes less."""
    rows = lever_rows(scenario)
    if not rows:
        st.html(markup.note(texts.SOURCES_NO_CHANGE))
        return
    st.html(markup.levers(rows, scenario.region))
    for title, items in (
        (texts.SOURCES_ASSUMES, [text.nl for text in scenario.assumes]),
        (texts.SOURCES_REQUIRES, list(dict.fromkeys(row.if_unmet.nl for row in condition_rows(scenario)))),
        (texts.SOURCES_RISKS, [text.nl for text in scenario.risks]),
        (texts.SOURCES_SURPRISE, [scenario.surprise.nl] if scenario.surprise else []),
    ):
        if items:
            st.html(markup.bullets(title, items))
    if scenario.source:
        st.html(markup.note(texts.SOURCES_FROM.format(source=scenario.source.item)))


def _groups(rows: list[NumberRow]) -> dict[str, list[NumberRow]]:
    """Parts of the list that a reader may ask for: what measures do, each grade, everything."""
    groups = {texts.SOURCES_EFFECTS: [row for row in rows if row.path.startswith(EFFECTS)]}
    for grade in dict.fromkeys(sorted(row.grade for row in rows)):
        mine = [row for row in rows if row.grade == grade]
        groups[texts.SOURCES_GRADE.format(grade=grade, meaning=mine[0].meaning.nl)] = mine
    groups[texts.SOURCES_ALL] = rows
    return {name: found for name, found in groups.items() if found}
