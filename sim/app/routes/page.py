"""The page Routes: flows between schools, the same child in two futures, and how long children wait."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Literal

import streamlit as st

from sim.app import frame, markup
from sim.app.answer import abbreviations, span
from sim.app.choice import Choice, parse
from sim.app.explain import html as explain_html
from sim.app.explain.links import behind_routes
from sim.app.knobs import Knob, on_screen
from sim.app.language import own, words
from sim.app.resolve import UnknownChoiceError, base_of, own_title, resolve
from sim.app.routes import waits as routes_waits
from sim.app.routes.flows import Picture, change_rows, picture, rows_of
from sim.app.routes.future import show_child
from sim.app.routes.letters import Spot, at_flows, at_nodes, letters, spot
from sim.app.routes.tables import (
    STYLE,
    flow_table,
    letter_rows,
    list_of_letters,
    message,
    note,
    sankey_alt,
    without_letter,
)
from sim.app.routes.waits import CLOCKS, Waits
from sim.app.scene import Scene, day, name_of, phrase, year_on_screen, years_of
from sim.app.server import Shop, shop
from sim.app.session import ask, asked, place, put, remember
from sim.charts.sankey import changes, sankey
from sim.charts.stayers import stayers
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.overview import in_order
from sim.study.results import DRAWN, FIXED, Results
from sim.study.routes import ENGINE
from sim.study.runs import Study
from sim.study.shortage import WAITING

S, T = words("shared"), words("routes")
# Names in the link of what only this page has.
PART, SHOWN, CLOCK, TYPE = "route_deel", "route_toon", "route_klok", "route_soort"
PARTS = ("routes", "kind", "wachten")
SHOWS = ("flows", "changes")
ALL = "all"


def main() -> None:
    """Draw the page."""
    found = shop()
    st.html(STYLE)
    frame.page_head(T.TITLE, T.INTRO)
    try:
        focus, against = (resolve(c, found) for c in (asked().choice, asked().baseline))
    except UnknownChoiceError:
        _cannot(found, S.UNKNOWN_CHOICE)
        return
    except ScenarioError as error:
        _cannot(found, S.CLASH.format(problem=error.problems[0].reason))
        return
    remember(asked().choice)
    part = _options("part", PART, PARTS, T.PARTS, T.PART, label_visibility="collapsed")
    others = [] if focus.id == against.id else [focus]
    study = found.desk.study(against, others, engine=ENGINE, modes=(FIXED, DRAWN))
    if part == "kind":
        left, right = st.columns([2.4, 1.6], vertical_alignment="bottom")
        with left:
            _what_if(found)
        show_child(found, study, right)
        frame.footer(found)
        return
    left, right, third = st.columns([2.4, 0.9, 1.5], vertical_alignment="bottom")
    with left:
        _what_if(found)
    with right:
        year = _year(study)
    with third:
        if part == "routes":
            shows = {key: text.format(against=phrase(against, "beside")) for key, text in T.SHOWS.items()}
            _options("show", SHOWN, SHOWS, shows, T.SHOW)
        else:
            _waits_of(study)
    draw = partial(draw_routes if part == "routes" else draw_waits, focus=focus.id, year=year)
    frame.calculated(study, draw, key=f"routes-{part}")
    frame.footer(found, study)


def _cannot(found: Shop, why: str) -> None:
    """What is asked cannot be shown: say why, and let the visitor choose something else."""
    st.html(markup.banner(why))
    _what_if(found)
    frame.footer(found)


def _what_if(found: Shop) -> None:
    """The choice of an idea, in the documents' order; the present choice is among them when this server has it."""
    now = asked().choice
    named = {"": S.BASELINE[:1].upper() + S.BASELINE[1:]}
    named |= {s.id: own(s.title) for s, _ in in_order(found.ideas)}
    with suppress(UnknownChoiceError, ScenarioError):
        named.setdefault(str(now), own(own_title(now, found)))
    st.selectbox(
        T.CHOICE, list(named), format_func=lambda key: named[key], key="routes-choice", on_change=_chosen,
        index=place("routes-choice", str(now) if str(now) in named else None, list(named)),
    )  # fmt: skip


def _chosen() -> None:
    text = st.session_state["routes-choice"]
    if text is not None:
        ask(choice=parse(text) if text else Choice())


def _year(study: Study) -> str:
    """The school year on screen."""
    years, now = years_of(study.scenarios[0]), year_on_screen(study.scenarios[0])
    st.selectbox(
        T.YEAR, years, key="routes-year", index=place("routes-year", now, years),
        on_change=lambda: ask(year=st.session_state["routes-year"]),
    )  # fmt: skip
    return now


def _options(
    key: str, name: str, values: tuple[str, ...], titles: dict[str, str], label: str,
    label_visibility: Literal["visible", "collapsed"] = "visible",
) -> str:  # fmt: skip
    """A choice that is kept in the link; the first is as usual and left out of it."""
    now = asked().extra.get(name, "")
    now = now if now in values else values[0]

    def changed() -> None:
        picked = st.session_state[f"routes-{key}"] or now
        ask(extra={name: "" if picked == values[0] else picked})

    st.segmented_control(
        label, values, format_func=lambda v: titles[v], key=f"routes-{key}", on_change=changed,
        label_visibility=label_visibility, default=put(f"routes-{key}", now),
    )  # fmt: skip
    return now


def _waits_of(study: Study) -> None:
    """Which list, and from when the clock runs."""
    left, right = st.columns([1, 1.1])
    kinds = {ALL: T.WAITS_ALL}
    kinds |= {k: own(t.title) for k, t in study.scenarios[0].region.place_types.items()}
    now = _kind(study)
    left.selectbox(
        T.WAITS_TYPE, list(kinds), format_func=lambda k: kinds[k], key="routes-type",
        index=place("routes-type", now, list(kinds)),
        on_change=lambda: ask(extra={TYPE: st.session_state["routes-type"].replace(ALL, "")}),
    )  # fmt: skip
    right.selectbox(
        T.WAITS_CLOCK, CLOCKS, format_func=lambda c: T.WAITS_CLOCKS[c], key="routes-clock",
        index=place("routes-clock", _clock(), CLOCKS),
        on_change=lambda: ask(extra={CLOCK: st.session_state["routes-clock"].replace(CLOCKS[0], "")}),
    )  # fmt: skip


def _kind(study: Study) -> str:
    wanted = asked().extra.get(TYPE, "")
    return wanted if wanted in study.scenarios[0].region.place_types else ALL


def _clock() -> str:
    wanted = asked().extra.get(CLOCK, "")
    return wanted if wanted in CLOCKS else CLOCKS[0]


def draw_routes(results: Results, *, focus: str, year: str) -> None:
    """The picture of routes, or the difference with what is compared with, with the letters of the sliders."""
    scenario = results.scenario(focus)
    if asked().extra.get(SHOWN) == "changes":
        draw_changes(results, scenario, year)
        return
    # The knobs of Verken, in their order there: one letter is one knob on both pages.
    knobs = on_screen(base_of(asked().choice, shop()), [move.path for move in asked().choice.moves])
    named, spots = letters(knobs), {k.path: spot(k.lever, scenario) for k in knobs}
    shown = picture(results, focus, year, at_nodes(spots, named, tuple(rows_of(scenario.region))))
    if not shown.links:
        st.html(markup.note(T.NO_FLOWS.format(year=year)))
        return
    left, right = st.columns([2.5, 1], gap="medium")
    with left:
        draw_sankey(results, scenario, shown, spots, named)
    with right:
        draw_letters(knobs, scenario, shown, spots, named)
    words_ = markup.note(note(shown), T.TLV, abbreviations(Scene(results, focus, year)))
    st.html(words_ + explain_html.behind(behind_routes(scenario)))


def draw_sankey(
    results: Results, scenario: Scenario, shown: Picture, spots: dict[str, Spot], named: dict[str, str]
) -> None:
    """The picture itself, with its message above it."""
    runs = int(results.done[scenario.id, FIXED].sum())
    counted = T.SANKEY_COUNTED.format(year=shown.year, runs=runs, name=name_of(scenario))
    st.html(markup.label(message(shown), counted) + markup.note(T.ROUTES_HELP))
    pairs = [(link.source, link.target) for link in shown.links]
    figure = sankey(
        shown.nodes, shown.links, title="", counted="", flow_letters=at_flows(spots, named, pairs)
    )
    region = results.baseline.region
    frame.chart(
        figure, key="sankey", alt=sankey_alt(shown, region, name_of(scenario)),
        table=frame.Grid(counted, *flow_table(shown, region, _against(results, scenario))),
    )  # fmt: skip


def _against(results: Results, scenario: Scenario) -> str:
    """Name of what a scenario is compared with; empty when that is itself."""
    return "" if scenario.id == results.baseline.id else name_of(results.baseline)


def draw_letters(
    knobs: tuple[Knob, ...], scenario: Scenario, shown: Picture, spots: dict[str, Spot], named: dict[str, str]
) -> None:
    """The sliders with their letters, and where each works."""
    rows = letter_rows(knobs, spots, named, shown, scenario.region)
    more = markup.note(without_letter(scenario, named))
    st.html(markup.label(T.LETTERS, T.LETTERS_HELP) + list_of_letters(rows) + more)


def draw_changes(results: Results, scenario: Scenario, year: str) -> None:
    """How much each flow differs from what is compared with."""
    against = phrase(results.baseline, "beside")
    if scenario.id == results.baseline.id:
        st.html(markup.note(T.CHANGES_SAME.format(against=against)))
        return
    region = results.baseline.region
    shown = picture(results, scenario.id, year)
    rows = change_rows(shown.flows, region)
    clear = next((r for r in rows if r.sure), None)
    title = T.CHANGES_NONE.format(against=against)
    if clear is not None:
        told = span(WAITING, (clear.low, clear.high), counted=True)
        title = T.CHANGES_TITLE.format(name=clear.name, range=told)
    counted = T.CHANGES_COUNTED.format(year=year)
    st.html(markup.label(title, counted))
    if rows:
        points = "; ".join(f"{r.name}: {r.label}" for r in rows)
        frame.chart(
            changes(rows, title="", counted=""), key="changes", alt=T.CHANGES_ALT.format(year=year, points=points),
            table=frame.Grid(counted, *flow_table(shown, region, _against(results, scenario))),
        )  # fmt: skip
    words_ = markup.note(T.CHANGES_KEY, T.TLV, abbreviations(Scene(results, scenario.id, year)))
    st.html(words_ + explain_html.behind(behind_routes(scenario)))


def draw_waits(results: Results, *, focus: str, year: str) -> None:
    """Of 100 children, who still waits after so many weeks, and the longest wait."""
    wanted = asked().extra.get(TYPE, "")
    kind = wanted if wanted in results.baseline.region.place_types else ALL
    waits = Waits(results, focus, year, kind, _clock())
    by_type = [text for text in (routes_waits.half_by_type(waits),) if text]
    longest = [f"◆ {line.longest_label}" for line in routes_waits.lines(waits) if line.longest_label]
    st.html(
        markup.label(routes_waits.title(waits), routes_waits.counted(waits))
        + markup.note(*routes_waits.half(waits), *by_type, *longest, routes_waits.cohort(waits))
    )
    if not waits.followable:
        return
    if warning := routes_waits.stopped(waits):
        st.html(markup.banner(warning))
    figure = stayers(
        routes_waits.lines(waits), title="", counted="", axis=T.WAITS_AXIS, tip=T.WAITS_TIP, height=340
    )
    frame.chart(
        figure, key="stayers", alt=routes_waits.alt(waits),
        table=frame.Grid(routes_waits.counted(waits), list(T.WAITS_COLUMNS.values()), routes_waits.rows(waits)),
    )  # fmt: skip
    terms = abbreviations(Scene(results, focus, year))
    told = T.WAITS_NOTE.format(band=routes_waits.band_words(waits), end=day(routes_waits.ends(results)))
    st.html(markup.note(told) + markup.note(terms))


main()
