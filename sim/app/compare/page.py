"""The page Vergelijk: two to five ideas beside each other. Streamlit runs this file anew at every click."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sim.app import downloads, frame, markup
from sim.app.asked import MOST_COMPARED
from sim.app.choice import parse
from sim.app.compare import causes as compare_causes
from sim.app.compare import markup as compare_markup
from sim.app.compare import people as compare_people
from sim.app.compare import table as compare_table
from sim.app.compare.choice import Chosen, chosen_from, options_of
from sim.app.document import copy_link
from sim.app.language import words
from sim.app.scene import MISSED, Scene, name_of, year_on_screen, years_of
from sim.app.server import Shop, shop
from sim.app.session import ask, asked, own_choices, place, put
from sim.charts.intervals import IntervalWords, intervals
from sim.charts.waterfall import waterfall
from sim.study.causes import Variants, variants_of
from sim.study.parts_by_cause import divide
from sim.study.results import DRAWN, FIXED, Results, Series
from sim.study.shortage import WAITING

S, T = words("shared"), words("compare")
# Settings of this page in its link.
OUTCOME, SHOWN, WHY, WHY_OUTCOME = "maat", "maat_toon", "waarom", "oorzaak"
# Outcomes of which the causes can be asked.
DIVIDED = (WAITING, MISSED, compare_table.LACKING)
CAUSE_RUNS = 20
_EMPTY = "compare-empty"


def main() -> None:
    """Draw the page."""
    found = shop()
    st.html(compare_markup.STYLE)
    frame.page_head(T.TITLE, T.INTRO)
    chosen = choose(found)
    for problem in chosen.problems:
        st.html(markup.banner(problem))
    if emptied() or not chosen.scenarios:
        st.html(markup.banner(T.TOO_FEW))
        frame.footer(found)
        return
    if len(chosen.scenarios) < 2:
        st.html(markup.note(T.ONLY_ONE.format(against=name_of(chosen.against))))
    year = year_on_screen(chosen.against)
    study = found.desk.study(chosen.against, chosen.scenarios, modes=(FIXED, DRAWN))
    st.html(compare_markup.section(T.TABLE))
    frame.calculated(study, partial(draw_table, year=year), key="compare")
    with st.expander(T.DOWNLOAD):
        taken = (chosen.baseline, *chosen.choices)
        downloads.buttons(found, study, taken, key="compare-download", indicators=compare_table.COUNTED)
    st.html(compare_markup.section(T.INTERVALS))
    outcome, gap = choose_outcome()
    frame.calculated(
        study, partial(draw_intervals, year=year, outcome=outcome, gap=gap), key="intervals", quiet=True
    )
    causes(found, chosen)
    frame.calculated(study, partial(draw_people, year=year), key="people", quiet=True)
    frame.footer(found, study)


# --- what is compared ---


def choose(found: Shop) -> Chosen:
    """The controls at the top; returns what they say."""
    now = asked()
    chosen = chosen_from(found, now)
    mine = (now.choice, *now.compare, now.baseline, *own_choices())
    options = options_of(found, mine)
    left, middle, right, last = st.columns([3.4, 1.5, 1, 0.9], gap="small", vertical_alignment="bottom")
    with left:
        picked = [] if emptied() else [str(c) for c in chosen.choices]
        st.multiselect(
            T.CHOOSE, list(options), format_func=lambda text: options[text], key="compare", on_change=_compared,
            default=put("compare", [text for text in picked if text in options]),
            max_selections=MOST_COMPARED, placeholder=T.CHOOSE_NONE, select_all=False, wrap=True,
        )  # fmt: skip
    with middle:
        against = {"": compare_table.capital(name_of(found.baseline)), **options}
        chosen_against = str(now.baseline) if str(now.baseline) in against else ""
        st.selectbox(
            T.AGAINST, list(against), format_func=lambda text: against[text], key="against", placeholder=T.PICK,
            index=place("against", chosen_against, list(against)),
            on_change=lambda: ask(baseline=parse(st.session_state["against"]), extra={WHY: ""}),
        )  # fmt: skip
    with right:
        years = years_of(chosen.against)
        st.selectbox(
            T.YEAR, years, key="compare-year", placeholder=T.PICK,
            index=place("compare-year", year_on_screen(chosen.against), years),
            on_change=lambda: ask(year=st.session_state["compare-year"]),
        )  # fmt: skip
    with last:
        copy_link()
    return chosen


def emptied() -> bool:
    """True when the visitor took all away, and has not chosen anything since.

    A link holds what is compared; the moment in which nothing is chosen belongs to this screen alone.
    """
    return st.session_state.get(_EMPTY) == asked().compare


def _compared() -> None:
    picked = st.session_state["compare"]
    st.session_state[_EMPTY] = None if picked else asked().compare
    if picked:
        ask(compare=tuple(parse(text) for text in picked), extra={WHY: ""})


# --- outcomes ---


def draw_table(results: Results, *, year: str) -> None:
    """The table of outcomes, and what must be read beside it."""
    scene = Scene(results, results.baseline.id, year)
    caption = T.TABLE_CAPTION.format(year=year, against=scene.against)
    if not compare_table.has_assumptions(scene):
        caption = f"{caption} {T.TABLE_CAPTION_CHANCE}"
    st.html(compare_markup.outcomes(compare_table.lines(scene), caption))
    for caution in compare_table.cautions(scene):
        st.html(markup.caution(caution))


def choose_outcome() -> tuple[str, bool]:
    """The controls of the intervals: which outcome, and the difference or the number itself."""
    extra = asked().extra
    outcome = extra.get(OUTCOME, "")
    outcome = outcome if outcome in compare_table.COLUMNS else WAITING
    shown = "level" if extra.get(SHOWN) == "level" else "gap"
    left, right = st.columns([1.4, 2], gap="medium", vertical_alignment="bottom")
    with left:
        _setting(T.OUTCOME, compare_table.COLUMNS, T.COLUMNS, OUTCOME, outcome, usual=WAITING)
    with right:
        st.radio(
            T.SHOW, list(T.SHOWN), format_func=lambda key: T.SHOWN[key], key=SHOWN, horizontal=True,
            index=place(SHOWN, shown, list(T.SHOWN)),
            on_change=lambda: ask(extra={SHOWN: "level" if st.session_state[SHOWN] == "level" else ""}),
        )  # fmt: skip
    return outcome, shown == "gap"


def _setting(
    label: str, options: tuple[str, ...], titles: dict[str, str], name: str, value: str, *, usual: str
) -> None:
    """A choice that stands in the link under its own name; the usual one is left out of it."""

    def changed() -> None:
        picked = st.session_state[name]
        ask(extra={name: "" if picked == usual else picked})

    st.selectbox(
        label, options, format_func=lambda key: titles[key], key=name, on_change=changed, placeholder=T.PICK,
        index=place(name, value, options),
    )  # fmt: skip


def draw_intervals(results: Results, *, year: str, outcome: str, gap: bool) -> None:
    """Each scenario as a dot with its bands, and each difference in words."""
    scene = Scene(results, results.baseline.id, year)
    rows = compare_table.interval_rows(scene, outcome, gap=gap)
    if rows:
        counted = compare_table.counted(scene, outcome, gap=gap)
        sides = (S.LESS, S.MORE) if gap else ("", "")
        figure = intervals(
            rows, title=compare_table.intervals_title(scene, outcome, gap=gap), words=IntervalWords(counted, *sides)
        )  # fmt: skip
        head = (T.COLUMN_IDEA, T.COLUMN_MEAN, T.COLUMN_CHANCE, T.COLUMN_WIDE, T.COLUMN_WORDS)
        frame.chart(
            figure, key="interval-chart", alt=compare_table.intervals_alt(rows, outcome),
            table=frame.Grid(counted, head, compare_table.intervals_table(rows, outcome)),
            note=markup.note(T.KEY if gap else T.KEY_LEVEL),
        )  # fmt: skip
    st.html(compare_markup.lines(compare_table.pairs(scene, outcome)) + markup.note(T.PAIRS_NOTE))


# --- causes ---


def causes(found: Shop, chosen: Chosen) -> None:
    """Where the difference of one scenario comes from; runs when it is asked."""
    st.html(compare_markup.section(T.CAUSES))
    # By id, so that a link still means the same idea when others are compared.
    named = {s.id: s for s in chosen.scenarios}
    names = {id_: compare_table.capital(name_of(s)) for id_, s in named.items()}
    extra = asked().extra
    why = extra.get(WHY, "")
    shown = st.session_state.get("why")
    at = why if why in names else shown if shown in names else next(iter(names))
    outcome = extra.get(WHY_OUTCOME, "")
    outcome = outcome if outcome in DIVIDED else WAITING
    left, right = st.columns(2, gap="medium")
    with left:
        st.selectbox(
            T.CAUSES_OF, list(names), format_func=lambda key: names[key], key="why", placeholder=T.PICK,
            index=place("why", at, list(names)), on_change=_why, args=(why in names,),
        )  # fmt: skip
    with right:
        _setting(T.OUTCOME, DIVIDED, T.COLUMNS, WHY_OUTCOME, outcome, usual=WAITING)
    scenario = named[at]
    variants = variants_of(chosen.against, scenario)
    if not variants.causes:
        st.html(markup.note(T.CAUSES_NONE.format(name=name_of(scenario))))
        return
    runs = min(CAUSE_RUNS, found.desk.settings.replications)
    if why not in names:
        st.html(markup.note(T.CAUSES_INTRO.format(count=len(variants.others) + 1, runs=runs)))
        st.button(
            T.CAUSES_START, key="why-start", type="primary",
            on_click=lambda: ask(extra={WHY: at}),
        )  # fmt: skip
        return
    study = found.desk.study(chosen.against, variants.others, modes=(FIXED,), replications=runs)
    frame.calculated(study, partial(draw_causes, variants=variants, outcome=outcome), key="causes")
    st.button(T.CAUSES_CLOSE, key="why-close", on_click=lambda: ask(extra={WHY: ""}))


def _why(open_: bool) -> None:
    """Another scenario: its causes are shown at once when those of the one before were."""
    if open_:
        ask(extra={WHY: st.session_state["why"]})


def draw_causes(results: Results, *, variants: Variants, outcome: str) -> None:
    """The waterfall of causes."""
    division = divide(results, variants, Series(outcome))
    name = compare_table.capital(name_of(variants.scenario))
    if division is None:
        st.html(markup.note(T.CAUSES_WAIT))
        return
    if division.total.nothing and all(p.nothing for p in division.parts):
        st.html(markup.note(T.CAUSES_ALL_NOTHING.format(name=name)))
        return
    rows = compare_causes.part_rows(division)
    years = results.reported_years
    first, last = (markup.short_year(years[at]) for at in (0, -1))
    counted = T.CAUSES_COUNTED.format(outcome=compare_table.outcome_name(outcome), first=first, last=last)
    figure = waterfall(
        rows, title=compare_causes.causes_title(division), counted=counted, less=S.LESS, more=S.MORE
    )
    head = (T.COLUMN_PART, T.COLUMN_MEAN, T.COLUMN_CHANCE, T.COLUMN_RUNS)
    frame.chart(
        figure, key="cause-chart", alt=compare_causes.causes_alt(name, rows),
        table=frame.Grid(counted, head, compare_causes.causes_table(division)),
        note=markup.note(*compare_causes.causes_notes(division, variants)),
    )  # fmt: skip


# --- for whom and by whom ---


def draw_people(results: Results, *, year: str) -> None:
    """For whom it becomes less, who pays, staff, and what must be true for it to work."""
    scene = Scene(results, results.baseline.id, year)
    against = scene.against
    names = compare_table.others(scene)
    draw_less(scene, against)
    draw_pays(scene, against, list(names.values()))
    rows, notes = compare_people.staff(scene)
    st.html(compare_markup.section(T.STAFF, T.STAFF_INTRO.format(against=against, year=year)))
    if rows:
        st.html(compare_markup.staff(rows))
    if notes:
        st.html(compare_markup.lines(notes))
    st.html(compare_markup.section(T.CONDITIONS))
    st.html(compare_markup.terms(compare_people.terms(results, names)))


def draw_less(scene: Scene, against: str) -> None:
    """For whom it becomes less."""
    found = compare_people.less(scene)
    st.html(compare_markup.section(T.LESS, T.LESS_INTRO))
    if found.rows:
        st.html(compare_markup.less(found.rows, against))
    if found.notes:
        st.html(compare_markup.lines(found.notes))


def draw_pays(scene: Scene, against: str, names: list[str]) -> None:
    """Who pays more and who pays less, and what has no known amount."""
    rows = compare_people.pays(scene)
    st.html(compare_markup.section(T.PAYS, T.PAYS_INTRO.format(against=against) if rows else T.PAYS_NONE))
    if rows:
        st.html(compare_markup.pays(rows, names))
    unknown = compare_people.unknown_amounts(scene.results)
    if rows and unknown:
        with st.expander(T.UNKNOWN):
            st.html(compare_markup.lines(unknown))


main()
