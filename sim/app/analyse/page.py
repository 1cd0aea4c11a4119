"""The page Analyse: make a scenario, run it often enough, take all data along. Streamlit runs this file at every click."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from sim.app import downloads, frame, markup
from sim.app.analyse import edit as analyse_edit
from sim.app.analyse.runs import (
    Asked,
    curve_figure,
    dots_alt,
    dots_figure,
    dots_table,
    enough_alt,
    enough_figure,
    enough_table,
    runs_of,
)
from sim.app.analyse.words import runs_offered, types_of
from sim.app.language import current, own, words
from sim.app.look import BAD, QUIET, WARN
from sim.app.repeat import recipes_of, yaml_of
from sim.app.resolve import UnknownChoiceError, resolve
from sim.app.scene import name_of, year_on_screen, years_of
from sim.app.server import Shop, shop
from sim.app.session import ask, asked, place, put, remember
from sim.charts.style import INK
from sim.indicators import INDICATORS
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.results import Results
from sim.study.runs import Study
from sim.study.shortage import WAITING

T, S = words("analyse"), words("shared")
# Settings of this page in its link (no text of its own stands below: Streamlit would draw it).
RUNS, OUTCOME, TYPE, SHOWN, NARROW = "keer", "cijfer", "soort", "toon", "smal"
KINDS = ("verschil", "stand")
STYLE = f"""<style>
.st-key-yaml-editor textarea {{ font-family: 'Source Code Pro', 'DejaVu Sans Mono', monospace; font-size: .82rem;
  line-height: 1.45; white-space: pre; overflow-x: auto; tab-size: 2; }}
/* Streamlit says in English how large and of which kind; the label says it already. */
.st-key-yaml-upload [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
.ds-problems {{ padding: .3rem .9rem .6rem; background: {WARN}; border-left: 4px solid {BAD}; }}
.ds-problems p {{ margin: .3rem 0; }}
.ds-problems ol {{ margin: 0; padding-left: 1.2rem; max-height: 24rem; overflow: auto; }}
.ds-problems li {{ margin: 0 0 .55rem; font-size: .88rem; line-height: 1.35; }}
.ds-problems small {{ display: block; font-size: .82rem; color: {QUIET}; overflow-wrap: anywhere; }}
.ds-problems code {{ font-size: .84rem; overflow-wrap: anywhere; color: {INK}; background: #FFFFFF; }}
.ds-problems code.row {{ display: block; margin: .15rem 0; padding: .1rem .35rem; white-space: pre-wrap; }}
.ds-about {{ margin: .5rem 0 .2rem; }}
.ds-step {{ margin: 1rem 0 .2rem; padding: 0; font-size: 1.12rem; font-weight: 700; color: {INK}; }}
</style>"""


def main() -> None:
    """Draw the page."""
    found = shop()
    st.html(STYLE)
    frame.page_head(T.TITLE, T.INTRO)
    step(T.WHAT)
    way = analyse_edit.choose_way()
    goal = runs_asked(found)
    study, focus = asked_study(found, goal)
    if way == "yaml":
        analyse_edit.write(found)
    elif way == "pakket":
        analyse_edit.build(found)
    else:
        analyse_edit.choose(found)
    if study is None or focus is None:
        frame.footer(found)
        return
    remember(asked().choice)
    about(focus, study)
    with st.expander(T.OWN_LIST):
        analyse_edit.own_list(found, study, goal)
    step(T.RUN)
    which = controls(found, focus, study)
    step(T.RESULTS)
    frame.calculated(study, partial(draw, focus=focus.id, which=which), key="analyse")
    take(found, study, which)
    frame.footer(found, study)


def step(title: str) -> None:
    """Heading of a part of the page."""
    st.html(f'<h2 class="ds-step">{escape(title)}</h2>')


def asked_study(found: Shop, goal: int) -> tuple[Study | None, Scenario | None]:
    """The question of the page; None when the link names what is not here or does not go together (and says so)."""
    now = asked()
    try:
        focus, against = resolve(now.choice, found), resolve(now.baseline, found)
    except UnknownChoiceError:
        st.html(markup.banner(T.GONE))
        return None, None
    except ScenarioError as error:
        st.html(markup.banner(S.CLASH.format(problem=error.problems[0].reason)))
        return None, None
    others = [] if focus.id == against.id else [focus]
    return found.desk.study(against, others, replications=goal), focus


def about(focus: Scenario, study: Study) -> None:
    """What is calculated, and what it is compared with."""
    name = name_of(focus)
    sentence = own(focus.sentence)
    lines = [] if sentence == own(focus.title) else [sentence]
    if len(study.scenarios) > 1:
        lines.append(T.AGAINST.format(name=name_of(study.scenarios[0])))
    title, small = escape(name[:1].upper() + name[1:]), escape(" ".join(lines))
    st.html(f'<p class="ds-answer ds-about"><b>{title}</b><small>{small}</small></p>')


def runs_asked(found: Shop) -> int:
    """Number of runs in the link, if it is one of those offered."""
    usual = found.desk.settings.replications
    given = asked().extra.get(RUNS, "")
    return int(given) if given in map(str, runs_offered(usual)) else usual


def controls(found: Shop, focus: Scenario, study: Study) -> Asked:
    """How often, which outcome, for whom, when, and how narrow."""
    extra, region = asked().extra, focus.region
    outcomes = [*dict.fromkeys((WAITING, *INDICATORS))]
    outcome = extra.get(OUTCOME, "") if extra.get(OUTCOME) in INDICATORS else WAITING
    kinds = types_of(outcome, region)
    kind = extra.get(TYPE, "all") if extra.get(TYPE) in kinds else "all"
    years, year = years_of(study.scenarios[0]), year_on_screen(study.scenarios[0])
    compares = len(study.scenarios) > 1
    shown = extra.get(SHOWN, "") if compares and extra.get(SHOWN) in KINDS else KINDS[0 if compares else 1]
    narrow = extra.get(NARROW, "") if extra.get(NARROW) in T.NARROWS else "10"
    offered = runs_offered(found.desk.settings.replications)
    first, second = st.columns([1, 2.6], gap="small"), st.columns([1, 1.3, 1.2, 1.3], gap="small")
    first[0].selectbox(
        T.RUNS, offered, key=f"analyse-{RUNS}", on_change=_set, args=(RUNS,), help=T.RUNS_HELP,
        index=place(f"analyse-{RUNS}", study.replications, offered),
    )  # fmt: skip
    first[1].selectbox(
        T.OUTCOME,
        outcomes,
        format_func=outcome_name,
        key=f"analyse-{OUTCOME}",
        index=place(f"analyse-{OUTCOME}", outcome, outcomes),
        on_change=_set,
        args=(OUTCOME,),
    )
    second[0].selectbox(
        T.YEAR, years, key="analyse-jaar", on_change=_year, index=place("analyse-jaar", year, years)
    )
    second[1].selectbox(
        T.TYPE, kinds, key=f"analyse-{TYPE}", on_change=_set, args=(TYPE,),
        index=place(f"analyse-{TYPE}", kind, kinds),
        format_func=lambda k: T.ALL_TYPES if k == "all" else own(region.place_types[k].title),
    )  # fmt: skip
    if compares:
        second[2].segmented_control(
            T.AS, KINDS, format_func=lambda k: T.KINDS[k], key=f"analyse-{SHOWN}", on_change=_set, args=(SHOWN,),
            required=True, default=put(f"analyse-{SHOWN}", shown),
        )  # fmt: skip
    second[3].selectbox(
        T.NARROW, list(T.NARROWS), format_func=lambda n: T.NARROWS[n], key=f"analyse-{NARROW}", on_change=_set,
        args=(NARROW,), index=place(f"analyse-{NARROW}", narrow, list(T.NARROWS)),
    )  # fmt: skip
    return Asked(outcome, kind, year, shown == KINDS[0], int(narrow))


def outcome_name(indicator: str) -> str:
    """Title of an outcome with its id, by which tables name it."""
    return f"{getattr(INDICATORS[indicator].title, current())} ({indicator})"


def draw(results: Results, *, focus: str, which: Asked) -> None:
    """Were there enough, and where do the runs lie?"""
    runs = runs_of(results, focus, which)
    if not runs.known:
        st.html(markup.banner(T.NOTHING))
        return
    if runs.same:
        st.html(markup.banner(T.SAME.format(name=name_of(runs.baseline))))
        return
    st.html(markup.note(runs.counted))
    left, right = st.columns(2, gap="medium")
    with left:
        frame.chart(dots_figure(runs), key="dots", alt=dots_alt(runs), table=dots_table(runs))
        st.html(markup.note(T.DOTS_KEY))
    with right:
        frame.chart(curve_figure(runs), key="curve", alt=dots_alt(runs))
    frame.chart(enough_figure(runs), key="enough", alt=enough_alt(runs), table=enough_table(runs))
    st.html(markup.note(T.ENOUGH_KEY))


def take(found: Shop, study: Study, which: Asked) -> None:
    """Downloads, the command, and the YAML of what is on screen."""
    step(T.TAKE)
    st.html(markup.note(T.TAKE_NOTE))
    now = asked()
    indicators = tuple(dict.fromkeys((which.indicator, *downloads.MAIN)))
    downloads.buttons(found, study, [now.choice, now.baseline], key="take", indicators=indicators)
    recipe = recipes_of([now.choice], found)[resolve(now.choice, found).id]
    with st.expander(T.FILE):
        st.code(yaml_of(recipe), language="yaml", line_numbers=True)


def _set(name: str) -> None:
    ask(extra={name: str(st.session_state[f"analyse-{name}"] or "")})


def _year() -> None:
    ask(year=st.session_state["analyse-jaar"])


main()
