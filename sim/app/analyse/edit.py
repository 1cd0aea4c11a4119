"""The upper part of the page Analyse: choose a scenario, build a package, or write YAML."""

from __future__ import annotations

from html import escape

import streamlit as st

from sim.app import markup, own, session
from sim.app.analyse.words import named_choices, status_of
from sim.app.analyse.workshop import Finding, check, clashes, lever_list, package_text
from sim.app.choice import MOST_PARTS, OWN_PREFIX, Choice, parse
from sim.app.language import own as said
from sim.app.language import words
from sim.app.repeat import Recipe, yaml_of
from sim.app.resolve import UnknownChoiceError, resolve
from sim.app.scene import name_of
from sim.app.server import Shop
from sim.charts.numbers import slim
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.overview import in_order
from sim.study.runs import Study

T, S, P = words("analyse"), words("shared"), words("problems")
WAY = "deel"
"""Setting of this page in its link: how the scenario is made."""
WAYS = ("kies", "pakket", "yaml")
# The text of the editor, the id in the link that it followed, the text that was saved, and what went wrong.
_TEXT, _FOLLOWED, _SAVED = "yaml-kept", "yaml-followed", "yaml-saved"
_REFUSED, _UNREAD = "yaml-refused", "yaml-unread"
_HEIGHT = 400


def way() -> str:
    """How the scenario is made: the way in the link, else the one that fits the choice."""
    given = session.asked().extra.get(WAY, "")
    if given in WAYS:
        return given
    parts = session.asked().choice.parts
    return "yaml" if len(parts) == 1 and parts[0].startswith(OWN_PREFIX) else "kies"


def choose_way() -> str:
    """The switch between the three ways; returns the one that is shown."""
    now = way()
    st.segmented_control(
        T.WHAT, WAYS, format_func=lambda name: T.WAYS[name], key=WAY, on_change=_way,
        default=session.put(WAY, now), label_visibility="collapsed", required=True,
    )  # fmt: skip
    return now


def _way() -> None:
    session.ask(extra={WAY: st.session_state[WAY] or ""})


# --- choose ---


def choose(found: Shop) -> None:
    """All shipped scenarios in the documents' order, and those of this visitor."""
    names = named_choices(found, (session.asked().choice, *session.own_choices()))
    now = str(session.asked().choice)
    st.selectbox(
        T.CHOOSE, list(names), format_func=lambda text: names[text], key="analyse-choice", on_change=_chosen,
        index=session.place("analyse-choice", now if now in names else "", list(names)),
    )  # fmt: skip


def _chosen() -> None:
    session.ask(choice=parse(st.session_state["analyse-choice"]))


def own_list(found: Shop, study: Study | None, goal: int) -> None:
    """The visitor's own scenarios with how far each is, and a button that opens it."""
    st.html(f'<h3 class="ds-label">{escape(T.OWN_LIST)}</h3>')
    choices = session.own_choices()
    if not choices:
        st.html(markup.note(T.OWN_NONE))
    for number, choice in enumerate(choices):
        try:
            scenario = resolve(choice, found)
        except (UnknownChoiceError, ScenarioError):
            continue
        here = choice == session.asked().choice
        status = status_of(found, scenario, goal, here=here and study is not None)
        words_, button = st.columns([5, 1.2], vertical_alignment="center")
        name = name_of(scenario)
        words_.html(f'<p class="ds-note"><b>{escape(name)}</b><br>{escape(status)}</p>')
        button.button(
            T.OPEN, key=f"open-{number}", help=T.OPEN_HELP.format(name=name), disabled=here, width="stretch",
            on_click=session.ask, kwargs={"choice": choice},
        )  # fmt: skip


# --- build a package ---


def build(found: Shop) -> None:
    """Ideas together, without YAML."""
    rows = [s for s, _ in in_order(found.ideas) if s.kind != "package"]
    titles = {s.id: said(s.title) for s in rows}
    if "package" not in st.session_state:
        kept = st.session_state.get("package-kept", session.asked().choice.parts)
        st.session_state["package"] = [part for part in kept if part in titles]
    picked = st.multiselect(
        T.PACKAGE, list(titles), format_func=lambda id_: titles[id_], key="package",
        max_selections=MOST_PARTS, placeholder=T.PACKAGE_HOLDER, select_all=False,
    )  # fmt: skip
    st.session_state["package-kept"] = picked
    st.html(markup.note(T.PACKAGE_HELP.format(most=MOST_PARTS)))
    # In the documents' order: the same ideas are the same package, however they were clicked.
    scenarios = [s for s in rows if s.id in picked]
    problem = clash_words(found, scenarios)
    title = st.text_input(T.PACKAGE_TITLE, key="package-title", max_chars=80)
    enough = len(scenarios) > 1
    for text in problem:
        st.html(markup.banner(text))
    if not problem:
        st.html(markup.note(T.PACKAGE_FITS if enough else T.PACKAGE_FEW))
    fits = enough and not problem
    with st.container(horizontal=True, gap="small"):
        if st.button(T.PACKAGE_RUN, type="primary", disabled=not fits, key="package-run"):
            session.ask(choice=Choice(tuple(s.id for s in scenarios)))
            st.rerun()
        if st.button(T.PACKAGE_FILE, disabled=not fits, key="package-file"):
            put_text(package_text(scenarios, title, found.baseline.region.id))
            session.ask(extra={WAY: "yaml"})
            st.rerun()


def clash_words(found: Shop, scenarios: list[Scenario]) -> list[str]:
    """Why these ideas cannot be done together, in sentences; empty when they can."""
    told = list(dict.fromkeys(clash.sentence for clash in clashes(scenarios)))
    if not told and len(scenarios) > 1:
        try:
            resolve(Choice(tuple(s.id for s in scenarios)), found)
        except ScenarioError as error:
            return [T.CLASH_OTHER.format(reason=error.problems[0].reason)]
    return told


# --- write YAML ---


def put_text(text: str) -> None:
    """Put a text into the editor."""
    st.session_state[_TEXT] = text
    st.session_state.pop(_SAVED, None)
    _forget()


def write(found: Shop) -> None:
    """Load, edit, check, save and download YAML."""
    _follow_link()
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        _start(found)
        st.session_state["yaml"] = st.session_state[_TEXT]
        with st.container(key="yaml-editor"):
            text = st.text_area(T.EDITOR, key="yaml", height=_HEIGHT, on_change=_typed) or ""
        scenario, findings = check(text)
        with st.container(horizontal=True, gap="small"):
            # After a file that was not taken, the text is another than the visitor may think.
            stopped = scenario is None or _UNREAD in st.session_state
            save = st.button(T.SAVE, type="primary", key="yaml-save", disabled=stopped)
            st.button(T.CHECK, key="yaml-check", on_click=_forget)
            st.download_button(
                T.SAVE_FILE, text, f"{scenario.id if scenario else 'scenario'}.yaml", "application/yaml",
                key="yaml-file", on_click="ignore",
            )  # fmt: skip
        if scenario is None:
            # The list of what is wrong stands at the top of the page, out of sight from here.
            lines = ", ".join(dict.fromkeys(str(f.line) for f in findings if f.line))
            st.html(markup.note(T.MEND_LINES.format(lines=lines) if lines else T.MEND))
        if save and scenario is not None:
            _save(text)
    with right:
        if reason := st.session_state.get(_UNREAD):
            st.html(markup.banner(unread(reason)))
        elif scenario is None:
            st.html(problems(findings))
            with st.expander(T.NUMBERED):
                st.code(text, language="yaml", line_numbers=True, height=320)
        else:
            st.html(markup.banner(fits(scenario)))
            if st.session_state.get(_SAVED) == text:
                st.html(markup.note(T.SAVED))
            else:
                st.html(markup.note(T.UNSAVED))
        if refused := st.session_state.get(_REFUSED):
            st.html(markup.banner(T.NOT_SAVED.format(reason=refused)))
        with st.expander(T.LEVERS, expanded=scenario is not None):
            st.html(levers(scenario or found.baseline))


def fits(scenario: Scenario) -> str:
    """What a file that is in order does, in a sentence."""
    count = len(scenario.levers)
    if not count:
        return str(T.FITS_NONE)
    return str((T.FITS_ONE if count == 1 else T.FITS).format(name=said(scenario.title), count=count))


def problems(findings: tuple[Finding, ...]) -> str:
    """All that is wrong, line by line (HTML)."""
    count = len(findings)
    title = T.PROBLEMS_ONE if count == 1 else T.PROBLEMS.format(count=count)
    return (
        f'<section class="ds-problems" role="status"><p><b>{escape(title)}</b></p>'
        f"<ol>{''.join(map(_problem, findings))}</ol></section>"
    )


def _problem(finding: Finding) -> str:
    where = T.PROBLEM_LINE.format(line=finding.line) if finding.line else T.PROBLEM_FILE
    parts = [f"<b>{escape(where)}</b>"]
    if finding.path:
        parts.append(f"<code>{escape(finding.path)}</code>")
    reason = escape(finding.reason[:1].upper() + finding.reason[1:])
    lines = [
        T.PROBLEM_FOUND.format(found=finding.found) if finding.found else "",
        T.PROBLEM_ALLOWED.format(allowed=finding.allowed) if finding.allowed else "",
        finding.hint,
    ]
    small = "".join(f"<small>{escape(line)}</small>" for line in lines if line)
    shown = f"<code class='row'>{escape(finding.text[:100])}</code>" if finding.text else ""
    return f"<li>{' '.join(parts)}<br>{reason}.{shown}{small}</li>"


def levers(scenario: Scenario) -> str:
    """All levers that a file may set, as a table (HTML)."""
    head = "".join(f'<th scope="col">{escape(T.LEVER_COLUMNS[name])}</th>' for name in T.LEVER_COLUMNS)
    body = []
    for row in lever_list(scenario):
        today = row.today if isinstance(row.today, str) else slim(row.today)
        unit = S.UNITS.get(row.unit, row.unit)
        body.append(
            f'<tr><th scope="row"><code>{escape(row.path)}</code></th><td>{escape(row.title)}</td>'
            f"<td>{escape(today)}</td><td>{escape(row.allowed)}<small>{escape(unit)}</small></td></tr>"
        )
    return markup.table("", head, "".join(body), T.LEVERS, long=True)


def _follow_link() -> None:
    """Begin with the file that the link names, if the server keeps it; with the template otherwise."""
    parts = session.asked().choice.parts
    named = parts[0] if len(parts) == 1 and own.is_own(parts[0]) else ""
    # Once: what a visitor then loads or types stands above what the link brought.
    if named and st.session_state.get(_FOLLOWED) != named:
        try:
            put_text(own.read(named))
            st.session_state[_SAVED], st.session_state[_FOLLOWED] = st.session_state[_TEXT], named
        except own.Gone:
            st.html(markup.banner(T.GONE_HAVE if st.session_state.get(_TEXT) else T.GONE))
    if _TEXT not in st.session_state:
        put_text(T.TEMPLATE)


def _start(found: Shop) -> None:
    """Where the text comes from: a file, the template, or what is chosen."""
    with st.container(key="yaml-upload"):
        st.file_uploader(
            T.UPLOAD, type=["yaml", "yml"], key="yaml-upload-file", on_change=_uploaded, max_upload_size=1
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(markup.note(T.START), width="content")
        st.button(T.STARTS["template"], key="start-template", on_click=put_text, args=(T.TEMPLATE,))
        try:
            scenario = resolve(session.asked().choice, found)
        except (UnknownChoiceError, ScenarioError):
            return
        st.button(T.STARTS["screen"], key="start-screen", on_click=put_text, args=(text_of(scenario),))
        st.download_button(
            T.TEMPLATE_DOWNLOAD, T.TEMPLATE, T.TEMPLATE_FILE, "application/yaml", key="template",
            on_click="ignore", type="tertiary",
        )  # fmt: skip


def text_of(scenario: Scenario) -> str:
    """A scenario written whole under an id of its own, as a start for changes."""
    short = scenario.id.rpartition("/")[2].removeprefix("mijn-")
    return yaml_of(Recipe(scenario.model_copy(update={"id": f"mijn-{short}"[:60].rstrip("-")})))


def _typed() -> None:
    st.session_state[_TEXT] = st.session_state["yaml"]
    _forget()


def _forget() -> None:
    """Forget what went wrong before: the visitor goes on with the text that stands there."""
    for name in (_UNREAD, _REFUSED):
        st.session_state.pop(name, None)


def _uploaded() -> None:
    """Take a file into the editor; what is too large or no text stays outside, with the reason.

    The reason is kept by its name: a callback runs before the page knows its language.
    """
    file = st.session_state["yaml-upload-file"]
    st.session_state.pop(_REFUSED, None)
    if file is None:
        return
    raw: bytes = file.getvalue()
    if len(raw) > own.MOST_BYTES:
        st.session_state[_UNREAD] = "large"
        return
    try:
        put_text(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        st.session_state[_UNREAD] = "utf8"


def unread(reason: str) -> str:
    """Why a file was not taken into the editor, and what to do."""
    hint = P.HINTS["utf8_not"] if reason == "utf8" else T.UPLOAD_SMALLER
    return str(T.UPLOAD_REFUSED.format(reason=P.REASONS[reason], hint=hint))


def _save(text: str) -> None:
    try:
        own_id = own.save(text)
    except ScenarioError as error:
        st.session_state[_REFUSED] = error.problems[0].reason
        st.rerun()
    put_text(text)
    st.session_state[_SAVED], st.session_state[_FOLLOWED] = text, own_id
    session.ask(choice=Choice((own_id,)), extra={WAY: "yaml"})
    st.rerun()
