"""The page Aannames en uitleg: every number and what it does, how far to trust it, and what every word means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from sim.app import frame, markup, terms
from sim.app.explain import blocks
from sim.app.explain import html as explain_html
from sim.app.explain import number as explain_number
from sim.app.explain.context import context, statement
from sim.app.explain.links import seat_paths
from sim.app.explain.numbers import KINDS, Sheet, Wanted, sheet, wanted_rows
from sim.app.language import Lang, current, own, words
from sim.app.links import KIND, NUMBER, OUTCOME
from sim.app.server import shop
from sim.app.session import ask, asked, place, put
from sim.app.settings import settings
from sim.indicators import INDICATORS
from sim.report.content import Content, Tongue
from sim.report.credibility import credibility
from sim.report.files import proof_folder
from sim.report.html import html
from sim.report.limits import avoid, limits, questions
from sim.scenario.describe import grade_counts, number_rows
from sim.scenario.errors import ScenarioError
from sim.scenario.quantity import GRADE_MEANING
from sim.study.shortage import SEATS, SHORT
from sim.study.what_if import no_effect

T = words("explain")
_OF_SEATS = (SHORT, SEATS, "K22.empty_oct", "K22.occupancy")
# Names in the link of what only this page has; `KIND` is the one that a link from elsewhere may set.
PART, SEARCH, GRADE, SHEET = "aanname_deel", "aanname_zoek", "aanname_zeker", "aanname_blad"
# Parts of the report that this page shows in another way.
_REPORT_ELSEWHERE = ("register", "limits", "questions", "abbreviations")


def main() -> None:
    """Draw the page."""
    st.html(explain_html.STYLE)
    frame.page_head(T.TITLE, T.INTRO)
    part = _part()
    PARTS[part]()
    frame.footer(shop())


def _part() -> str:
    """The part that the visitor looks at; a link to a number or an outcome opens the part that has it."""
    given = asked().extra
    natural = "numbers" if given.get(NUMBER) else "outcomes" if given.get(OUTCOME) else given.get(PART, "")
    part = natural if natural in PARTS else "numbers"
    st.segmented_control(
        T.PARTS_LABEL, list(PARTS), format_func=lambda key: T.PARTS[key], key="part", on_change=_to_part,
        default=put("part", part),
        label_visibility="collapsed",
    )  # fmt: skip
    return part


def _to_part() -> None:
    picked = st.session_state["part"]
    if picked is not None:
        ask(
            extra={
                PART: "" if picked == "numbers" else picked,
                NUMBER: "",
                OUTCOME: "",
                SEARCH: "",
                SHEET: "",
            }
        )


def _search(example: str, label: str) -> str:
    """A box to search in; what stands in it is kept in the link."""
    text = asked().extra.get(SEARCH, "")
    st.text_input(
        label, key="find", placeholder=example, on_change=_found, label_visibility="collapsed", max_chars=60,
        value=put("find", text),
    )  # fmt: skip
    return text


def _found() -> None:
    ask(extra={SEARCH: st.session_state["find"].strip(), SHEET: ""})


def numbers() -> None:
    """The card of one number, when one is asked for; else all of them, searched, with their grades."""
    if path := asked().extra.get(NUMBER):
        if explain_number.card(path):
            return
        st.html(markup.banner(T.UNKNOWN_NUMBER))
    rows = number_rows(explain_number.scenario())
    st.html(explain_html.grade_bar(grade_counts(rows)))
    words_, kinds, grades = st.columns([1.6, 1.2, 1.2], gap="small")
    with words_:
        text = _search(T.SEARCH_EXAMPLE, T.SEARCH)
    kind = _choose(kinds, KIND, [k for k in KINDS if k != "other"], lambda k: T.KINDS[k], T.KIND, T.KIND_ALL)
    lang = current()
    grade = _choose(
        grades, GRADE, [g for g, n in grade_counts(rows).items() if n],
        lambda g: T.GRADE_OPTION.format(grade=g, meaning=GRADE_MEANING[g][lang]), T.GRADE, T.GRADE_ALL,
    )  # fmt: skip
    found = wanted_rows(rows, Wanted(text, kind, grade))
    given = asked().extra.get(SHEET, "1")
    here = sheet(found, int(given) if given.isdecimal() else 1)
    if not here.found:
        st.html(markup.banner(T.FOUND_NONE))
        return
    turning(here, len(rows), "top")
    scenario = explain_number.scenario()
    none_at = {
        row.path: none for row in here.rows if (none := no_effect(scenario, row.path)) is not None and row.range
        and row.range[0] <= none <= row.range[1]
    }  # fmt: skip
    st.html(explain_html.number_list(here.rows, none_at))
    if here.sheets > 1:
        turning(here, len(rows), "bottom")


def _choose(
    where: st.delta_generator.DeltaGenerator,
    name: str,
    options: list[str],
    say: Callable[[str], str],
    label: str,
    every: str,
) -> str:
    """A choice that is kept in the link; the first option is everything."""
    given = asked().extra.get(name, "")
    chosen = given if given in options else ""
    where.selectbox(
        label, ["", *options], format_func=lambda key: say(key) if key else every, key=f"choose-{name}",
        index=place(f"choose-{name}", chosen, ["", *options]), on_change=_chosen, args=(name,), label_visibility="collapsed",
    )  # fmt: skip
    return chosen


def _chosen(name: str) -> None:
    ask(extra={name: st.session_state[f"choose-{name}"], SHEET: ""})


def turning(here: Sheet, total: int, where: str) -> None:
    """How much was found, and the way to the next and the previous page of it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.html(
            markup.note(T.FOUND.format(found=here.found, total=total, at=here.at, sheets=here.sheets)),
            width="content",
        )
        if here.sheets == 1:
            return
        with st.container(horizontal=True, width="content"):
            st.button(
                T.PREVIOUS,
                key=f"previous-{where}",
                disabled=here.at == 1,
                on_click=_turn,
                args=(here.at - 1,),
            )
            last = here.at == here.sheets
            st.button(T.NEXT, key=f"next-{where}", disabled=last, on_click=_turn, args=(here.at + 1,))


def _turn(to: int) -> None:
    ask(extra={SHEET: "" if to == 1 else str(to)})


def outcomes() -> None:
    """What every outcome counts; one in full when it is asked for."""
    asked_for = asked().extra.get(OUTCOME, "")
    if asked_for == SHORT:
        st.html(terms.explained(explain_html.short_outcome(opened=True)))
    elif asked_for in INDICATORS:
        st.html(terms.explained(explain_html.outcome(INDICATORS[asked_for], opened=True)))
    elif asked_for:
        st.html(markup.banner(T.UNKNOWN_OUTCOME))
    if asked_for in _OF_SEATS:
        seats()
    st.html(markup.note(T.OUTCOMES_INTRO))
    text = _search(T.OUTCOMES_SEARCH_EXAMPLE, T.SEARCH).lower().split()
    lang = current()
    rows = [
        (
            f"{getattr(i.title, lang)} {getattr(i.estimand, lang)}".lower(),
            explain_html.outcome(i, opened=False),
        )
        for i in INDICATORS.values()
    ]
    rows.insert(0, (" ".join(T.SHORT.values()).lower(), explain_html.short_outcome(opened=False)))
    found = [row for said, row in rows if all(word in said for word in text)]
    st.html(markup.note(T.OUTCOMES_FOUND.format(found=len(found), total=len(rows))))
    st.html(explain_html.outcome_list(found) if found else markup.banner(T.FOUND_NONE))


def seats() -> None:
    """The numbers that the places of each kind of school are made of."""
    scenario = explain_number.scenario()
    rows = {row.path: row for row in number_rows(scenario)}
    for name, kind in scenario.region.place_types.items():
        with st.expander(T.SEATS_OF.format(name=own(kind.title))):
            found = [rows[path] for path in seat_paths(scenario.region, name) if path in rows]
            st.html(explain_html.number_list(found, {}))


def trust() -> None:
    """The short answer of the credibility report, one part of it at a time, and the whole of it to keep."""
    lang: Lang = current()
    try:
        content = report(lang)
    except ScenarioError as error:
        st.error(T.TRUST_BROKEN)
        st.html(markup.bullets("", [str(problem) for problem in error.problems]))
        return
    st.html(markup.note(T.TRUST_INTRO))
    st.html(terms.explained(blocks.short(content)))
    st.html(blocks.heading(T.TRUST_MORE))
    other: Lang = "en" if lang == "nl" else "nl"
    first, second, rest = st.columns([1.6, 1, 3], vertical_alignment="center")
    for column, label, spoken in ((first, T.TRUST_SAVE, lang), (second, T.TRUST_SAVE_OTHER, other)):
        column.download_button(
            label, partial(_page, spoken), f"{T.TRUST_FILE}-{spoken}.html", "text/html", on_click="ignore", width="stretch",
            key=f"save-{spoken}",
        )  # fmt: skip
    rest.html(markup.note(T.TRUST_SAVE_HELP.format(made=content.made)))
    parts = {part.id: part for part in content.sections if part.id not in _REPORT_ELSEWHERE}
    picked = st.selectbox(
        T.TRUST_CHOOSE, list(parts), format_func=lambda key: parts[key].title, key="report-part"
    )
    st.html(terms.explained(blocks.section(parts[picked], lang)))


@st.cache_resource(show_spinner=False)
def report(lang: Lang) -> Content:
    """The report, made once: what is on screen does not change under a presenter's hands.

    Raises:
        ScenarioError: A proof table cannot be read.
    """
    return credibility(
        shop().baseline,
        settings().proof or proof_folder(),
        lang,
        date.today(),
        settings().scenarios,
    )


def _page(lang: Lang) -> str:
    return html(report(lang))


def limits_() -> None:
    """What the model cannot do, what has no lever, and what only the region can answer."""
    region = shop().baseline.region
    t = Tongue(current())
    st.html(terms.explained(blocks.avoid(avoid(t).items, current())))
    section = limits(t)
    st.html(blocks.heading(section.title) + terms.explained(blocks.section(section, current())))
    st.html(blocks.heading(T.LIMITS_CONTEXT) + markup.note(T.LIMITS_CONTEXT_HELP))
    groups = context(current())
    if not groups:
        st.html(markup.note(T.LIMITS_CONTEXT_MISSING))
    for title, found in groups:
        with st.expander(f"{title} ({len(found)})"):
            st.html(f'<div class="ds-prose">{terms.explained(explain_html.items(found))}</div>')
    asked_of = questions(t, explain_number.region_folder(region.id), own(region.title))
    st.html(blocks.heading(asked_of.title) + blocks.section(asked_of, current()))


def glossary() -> None:
    """Every abbreviation and word, searched."""
    st.html(markup.note(T.WORDS_INTRO, T.WORDS_LIST))
    text = _search(T.WORDS_EXAMPLE, T.SEARCH)
    every = terms.glossary(current())
    found = [term for term in every if term.holds(text)]
    st.html(markup.note(T.WORDS_FOUND.format(found=len(found), total=len(every))))
    st.html(explain_html.glossary(found) if found else markup.banner(T.FOUND_NONE))


def access() -> None:
    """The accessibility statement of whoever hosts this."""
    found = statement(current(), settings().accessibility)
    if found is None:
        st.html(markup.banner(T.ACCESS_MISSING))
        return
    if found.unfinished:
        st.html(markup.banner(T.ACCESS_TODO))
    st.markdown(found.text)


PARTS: dict[str, Callable[[], None]] = {
    "numbers": numbers,
    "trust": trust,
    "outcomes": outcomes,
    "limits": limits_,
    "words": glossary,
    "access": access,
}


main()
