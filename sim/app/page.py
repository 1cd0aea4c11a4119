"""The page "Verken": choose, turn a knob, read the answer. Streamlit runs this file anew at every click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from sim.app import answer, markup, texts
from sim.app.controls import choose, keep_choices, turn
from sim.app.desk import FIRST_PAIRS, Status
from sim.app.scene import WAITING, Scene, day
from sim.app.server import Shop, shop
from sim.app.sources import show_sources
from sim.charts.bands import by_year
from sim.charts.places import places
from sim.charts.style import ACCENT, GREY, type_colours
from sim.charts.waiting import WaitingWords, waiting
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.compare import compare
from sim.study.runs import Study

Stage = Literal["first", "refining", "done", "stopped", "failed"]
# The page looks again this often; a chart that is redrawn too often cannot be read.
SECONDS: dict[Stage, float | None] = {
    "first": 0.5,
    "refining": 2.0,
    "done": None,
    "stopped": None,
    "failed": None,
}
_YEARS_AHEAD = 7
_CAUTIONS = ("override", "outside_calibrated", "unstable")
_CHART = {"displayModeBar": False, "responsive": True}


@dataclass(frozen=True)
class Screen:
    """What a visitor asked to see."""

    study: Study
    focus: Scenario
    base: Scenario


def main() -> None:
    """Draw the page."""
    try:
        found = shop()
    except ScenarioError as error:
        st.error(texts.NO_SCENARIOS)
        st.html(markup.bullets("", [str(problem) for problem in error.problems]))
        return
    keep_choices()
    with st.sidebar:
        chosen, base = choose(found)
        focus = turn(base)
        if found.problems:
            st.html(markup.bullets(texts.UNREADABLE, found.problems))
    others = [s for s in chosen if s.id != focus.id]
    asked = [*([] if focus.kind == "baseline" else [focus]), *others]
    screen = Screen(found.desk.study(found.baseline, asked), focus, base)
    stage = stage_of(found, screen)
    st.fragment(area, run_every=SECONDS[stage])(found, screen, stage)
    show_sources(screen.focus)
    footer(found, screen)


def stage_of(found: Shop, screen: Screen) -> Stage:
    """How far the answer is; asking for it keeps the work going, unless the visitor stopped it."""
    stopped = st.session_state.get("stopped") == _mark(screen)
    status = found.desk.status(screen.study) if stopped else found.desk.ask(screen.study)
    if status.error:
        return "failed"
    if not ready(status):
        return "stopped" if stopped else "first"
    return "done" if status.finished else "stopped" if stopped else "refining"


def ready(status: Status) -> bool:
    """Enough pairs for a first band."""
    return status.first_pairs >= min(FIRST_PAIRS, status.goal)


def area(found: Shop, screen: Screen, stage: Stage) -> None:
    """The answer; runs again by itself until it is final, without the rest of the page."""
    now = stage_of(found, screen)
    if now != stage:
        st.rerun()
    status = found.desk.status(screen.study)
    seen: Screen | None = screen if ready(status) else st.session_state.get("shown")
    goal = min(FIRST_PAIRS, status.goal)
    words = texts.STALE if seen else texts.FIRST
    old = seen is not None and seen is not screen and stage != "failed"
    year = heading(screen, words.format(done=status.first_pairs, goal=goal) if old else "")
    if stage == "failed":
        st.error(texts.FAILED)
        st.html(markup.note(texts.FAILED_DETAIL.format(error=status.error)))
    elif seen is None:
        st.html(
            markup.empty(
                words.format(done=status.first_pairs, goal=goal), texts.FIRST_HELP.format(first=goal)
            )
        )
    scene = None
    if seen is not None and stage != "failed":
        st.session_state["shown"] = seen
        scene = Scene(found.desk.results(seen.study), seen.focus.id, year)
        # The same container whether grey or not: charts that are moved would be drawn from nothing.
        with st.container(key="answer"):
            draw(scene)
    progress(screen, status, stage)
    if scene is not None:
        with st.container(key="outcomes"):
            table(scene)


def heading(screen: Screen, banner: str) -> str:
    """The question, what the choice means (or what is being done), and the school year; returns the year."""
    left, right = st.columns([5, 1.35], vertical_alignment="top")
    years = _years(screen)
    with right:
        year = st.selectbox(texts.YEAR, years, index=min(len(years) - 1, _YEARS_AHEAD), key="year")
    with left:
        if screen.focus.kind == "baseline":
            words = texts.DESCRIPTION_NONE
        elif screen.focus.kind == "own":
            words = texts.OWN_OF.format(name=_name(screen.base))
        else:
            words = screen.focus.sentence.nl
        st.html(markup.question(texts.QUESTION, words, banner))
    return year


def draw(scene: Scene) -> None:
    """Sentence, figures, two charts."""
    st.html(markup.answer(answer.sentence(scene), answer.also(scene)))
    st.html(markup.figures(answer.figures(scene)))
    left, right = st.columns([1.12, 1], gap="medium")
    with left:
        st.plotly_chart(
            waiting_chart(scene), theme=None, config=_CHART, key="wait", alt=answer.waiting_alt(scene)
        )
        st.html(markup.band_key(ACCENT if scene.compares else GREY, wide=scene.level(WAITING).has_wide))
    with right:
        rows = answer.places_rows(scene)
        figure = places(
            rows,
            title=answer.places_title(rows),
            counted=texts.CHART_PLACES_COUNTED.format(date=scene.date),
            colours=type_colours(list(scene.results.baseline.region.place_types)),
        )
        st.plotly_chart(figure, theme=None, config=_CHART, key="places", alt=answer.places_alt(scene, rows))
        key = texts.CHART_PLACES_KEY if scene.compares else texts.CHART_PLACES_KEY_BASELINE
        st.html(markup.note(key.format(date=scene.date), answer.abbreviations(scene)))
    for caution in _cautions(scene):
        st.html(markup.caution(caution))


def table(scene: Scene) -> None:
    """The outcomes side by side, and what each of them counts."""
    st.subheader(texts.TABLE, anchor="uitkomsten")
    names = [name[:1].upper() + name[1:] for name in scene.names.values()]
    st.html(markup.outcomes(names, answer.outcomes(scene), _caption(scene)))
    with st.expander(texts.MEANING):
        st.html(markup.definitions(answer.definitions()))


def waiting_chart(scene: Scene):  # type: ignore[no-untyped-def]  # plotly has no types
    """The chart of the list with the words of this screen."""
    return waiting(
        by_year(scene.results, WAITING),
        title=answer.waiting_title(scene),
        names=scene.names,
        focus=scene.focus,
        baseline=scene.baseline,
        first_year=scene.first_year,
        words=WaitingWords(texts.BAND_CHANCE, texts.BAND_WIDE, texts.CHART_FUTURE, texts.CHART_WAIT_COUNTED),
    )


def progress(screen: Screen, status: Status, stage: Stage) -> None:
    """How far the work is, with a button to stop or go on."""
    if stage in ("done", "failed"):
        return
    done = (status.pairs + status.wide_pairs) // 2
    left, right = st.columns([4, 1.3], vertical_alignment="center")
    words = {"stopped": texts.STOPPED, "refining": texts.REFINING}.get(stage, "")
    left.html(markup.progress(words.format(done=done, goal=status.goal)))
    if stage == "stopped":
        right.button(texts.RESUME, on_click=_stop, args=(None,), width="stretch")
    else:
        right.button(texts.STOP, on_click=_stop, args=(_mark(screen),), width="stretch")


def footer(found: Shop, screen: Screen) -> None:
    """The line that is always in sight: how much, of when, by what, and what it is not."""
    status = found.desk.status(screen.study)
    region = screen.study.scenarios[0].region
    words = texts.FOOTER.format(
        runs=(texts.FOOTER_RUNS if status.finished else texts.FOOTER_BUSY).format(goal=status.goal),
        years=screen.study.scenarios[0].total_years,
        date=day(region.start),
        version=found.version,
    )
    with st.bottom:
        st.html(markup.footer(words))


def _caption(scene: Scene) -> str:
    wide = scene.level(WAITING).has_wide
    return (texts.TABLE_CAPTION if wide else texts.TABLE_CAPTION_CHANCE).format(year=scene.year)


def _stop(mark: str | None) -> None:
    st.session_state["stopped"] = mark


def _mark(screen: Screen) -> str:
    return "/".join(key.scenario for key in screen.study.keys.values())


def _years(screen: Screen) -> list[str]:
    region, years = screen.focus.region, screen.study.scenarios[0].years
    first = region.start.year + region.replay_years
    return [f"{year}-{year + 1}" for year in range(first, first + years)]


def _cautions(scene: Scene) -> list[str]:
    found = compare(scene.results, margins=False, periods=("mean",)).cautions_for(scene.focus)
    kinds = {c.kind for c in found if c.kind in _CAUTIONS and c.place_type in ("", "all")}
    return [texts.CAUTIONS[kind] for kind in _CAUTIONS if kind in kinds]


def _name(scenario: Scenario) -> str:
    return texts.BASELINE if scenario.kind == "baseline" else scenario.title.nl


main()
