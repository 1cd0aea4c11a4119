"""The page Verken: choose an idea, read the answer, turn a knob. Streamlit runs this file anew at every click."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sim.app import answer, frame, markup
from sim.app.explain import html as explain_html
from sim.app.explain.links import behind
from sim.app.explore import tables
from sim.app.explore.choosing import actions, choose
from sim.app.explore.controls import turn
from sim.app.language import own, words
from sim.app.resolve import UnknownChoiceError, all_fit, base_of, resolve
from sim.app.scene import Scene, name_of, year_on_screen, years_of
from sim.app.server import Shop, shop
from sim.app.session import ask, asked, place, remember
from sim.charts.bands import by_year
from sim.charts.places import places
from sim.charts.style import ACCENT, GREY, type_colours
from sim.charts.waiting import WaitingWords, waiting
from sim.scenario.describe import condition_rows, lever_rows
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.cautions import cautions_of_scenario
from sim.study.results import Results
from sim.study.shortage import WAITING

S, T = words("shared"), words("explore")
_CAUTIONS = ("override", "outside_calibrated", "unstable")
_HEIGHT = 240


def main() -> None:
    """Draw the page."""
    found = shop()
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        choose(found)
        below = st.container(gap="small")
    try:
        base, focus, against = _scenarios(found)
    except UnknownChoiceError:
        right.html(markup.banner(S.UNKNOWN_CHOICE))
        return
    except ScenarioError as error:
        right.html(markup.banner(S.CLASH.format(problem=error.problems[0].reason)))
        return
    remember(asked().choice)
    study = found.desk.study(against, [] if focus.id == against.id else [focus])
    with below:
        actions(found, study)
    with right:
        if not all_fit(asked().choice, base):
            st.html(markup.banner(S.BROKEN_LINK))
        year = heading(focus)
        frame.calculated(study, partial(draw, focus=focus.id, year=year), key="explore")
    turn(base)
    frame.calculated(study, partial(details, focus=focus.id, year=year), key="outcomes", quiet=True)
    changes(focus)
    if found.problems:
        st.html(markup.bullets(S.UNREADABLE, found.problems))
    frame.footer(found, study)


def _scenarios(found: Shop) -> tuple[Scenario, Scenario, Scenario]:
    """What the knobs stand on, what is in colour, and what it is compared with."""
    now = asked()
    return base_of(now.choice, found), resolve(now.choice, found), resolve(now.baseline, found)


def heading(focus: Scenario) -> str:
    """What the choice means, and the school year on screen; returns the year."""
    year = year_on_screen(focus)
    words_, chosen = st.columns([5, 1.25], vertical_alignment="center")
    with words_:
        if focus.kind == "baseline":
            st.html(markup.note(T.DESCRIPTION_NONE))
        elif focus.kind == "own" and own(focus.sentence) == own(focus.title):
            st.html(markup.note(T.DESCRIPTION_OWN.format(name=name_of(focus))))
        else:
            st.html(markup.note(own(focus.sentence)))
    with chosen:
        years = years_of(focus)
        st.selectbox(
            T.YEAR, years, key="year", on_change=_year, label_visibility="collapsed", index=place("year", year, years)
        )  # fmt: skip
    return year


def _year() -> None:
    ask(year=st.session_state["year"])


def draw(results: Results, *, focus: str, year: str) -> None:
    """The answer: sentence, three figures, two charts, and how much of it is assumption."""
    scene = Scene(results, focus, year)
    st.html(markup.answer(answer.sentence(scene), answer.also(scene)))
    st.html(markup.figures(answer.whens(results), answer.figures(scene)))
    left, right = st.columns([1.12, 1], gap="medium")
    with left:
        band = markup.band_key(ACCENT if scene.compares else GREY, wide=scene.level(WAITING).has_wide)
        frame.chart(
            waiting_chart(scene), key="wait", alt=answer.waiting_alt(scene), table=tables.waiting(scene), note=band
        )  # fmt: skip
    with right:
        rows = answer.places_rows(scene)
        figure = places(
            rows, title=answer.places_title(scene, rows), counted=T.CHART_PLACES_COUNTED.format(date=scene.date),
            colours=type_colours(list(results.baseline.region.place_types)), height=_HEIGHT,
        )  # fmt: skip
        frame.chart(
            figure, key="places", alt=answer.places_alt(scene, rows), table=tables.places(scene, rows),
            note=markup.note(answer.places_key(scene), T.CHART_PLACES_WHY if any(r.waits_beside_room for r in rows) else ""),
        )  # fmt: skip
    if scene.compares:
        st.html(markup.backed(T.BACKED_TITLE, answer.backed(scene), T.BACKED_LINK))
    st.html(markup.note(f"{answer.versus(scene)} {answer.abbreviations(scene)}".strip()))
    for caution in cautions(scene):
        st.html(markup.caution(caution))


def waiting_chart(scene: Scene):  # type: ignore[no-untyped-def]  # plotly has no types
    """The chart of the list with the words of this screen."""
    return waiting(
        by_year(scene.results, WAITING),
        title=answer.waiting_title(scene),
        names=scene.names,
        focus=scene.focus,
        baseline=scene.baseline,
        first_year=scene.first_year,
        words=WaitingWords(S.BAND_CHANCE, S.BAND_WIDE, T.CHART_FUTURE, T.CHART_WAIT_COUNTED),
        height=_HEIGHT,
    )


def cautions(scene: Scene) -> list[str]:
    """What a reader must know before quoting the answer."""
    found = cautions_of_scenario(scene.results, scene.scenario)
    kinds = {c.kind for c in found if c.place_type in ("", "all")}
    told = [S.CAUTIONS[kind] for kind in _CAUTIONS if kind in kinds]
    if answer.misses_before_the_list(scene):
        told.insert(0, S.CAUTIONS["elsewhere"])
    return told


def details(results: Results, *, focus: str, year: str) -> None:
    """More outcomes side by side, and what each of them counts."""
    scene = Scene(results, focus, year)
    with st.expander(T.TABLE):
        names = [name[:1].upper() + name[1:] for name in scene.names.values()]
        wide = scene.level(WAITING).has_wide
        caption = (T.TABLE_CAPTION if wide else T.TABLE_CAPTION_CHANCE).format(year=year)
        st.html(markup.outcomes(names, answer.outcomes(scene), caption))
    with st.expander(T.MEANING):
        st.html(markup.definitions(answer.definitions()))


def changes(scenario: Scenario) -> None:
    """What a scenario changes, what it counts on, and for whom it becomes less."""
    with st.expander(
        T.CHANGES.format(name=markup.plain(name_of(scenario))), expanded=scenario.kind != "baseline"
    ):
        rows = lever_rows(scenario)
        if not rows:
            st.html(markup.note(T.NO_CHANGE))
            return
        st.html(markup.levers(rows, scenario.region) + explain_html.behind(behind(scenario, scenario.levers)))
        for title, items in (
            (T.ASSUMES, [own(text) for text in scenario.assumes]),
            (T.REQUIRES, list(dict.fromkeys(own(row.if_unmet) for row in condition_rows(scenario)))),
            (T.RISKS, [own(text) for text in scenario.risks]),
            (T.SURPRISE, [own(scenario.surprise)] if scenario.surprise else []),
        ):
            if items:
                st.html(markup.bullets(title, items))
        if scenario.source:
            st.html(markup.note(T.FROM.format(source=scenario.source.item)))


main()
