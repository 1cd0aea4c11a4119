"""HTML of the page Vergelijk. Everything is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from operator import itemgetter

from sim.app import markup
from sim.app.compare.people import LessRow, PayRow, StaffRow, Terms
from sim.app.compare.table import COLUMNS, Line, outcome_name
from sim.app.language import words
from sim.app.links import outcome_link
from sim.app.look import CARD, QUIET
from sim.charts.style import GREY, PALE
from sim.study.shortage import SHORT

T = words("compare")

STYLE = f"""<style>
table.ds-compare th:first-child {{ position: sticky; left: 0; z-index: 2; min-width: 8.5rem; background: white;
  overflow-wrap: break-word; hyphens: auto; }}
table.ds-compare thead th:first-child {{ z-index: 3; background: {CARD}; }}
table.ds-compare td, table.ds-compare thead th {{ min-width: 6.6rem; }}
table.ds-compare thead th small {{ display: block; font-weight: 400; color: {QUIET}; }}
table.ds-compare tbody th {{ font-weight: 600; }}
table.ds-compare tbody th small {{ display: block; font-weight: 400; color: {QUIET}; }}
table.ds-compare tr.ds-as-now th, table.ds-compare tr.ds-as-now b {{ color: {GREY}; }}
table.ds-compare tr.ds-first:not(:first-child) > * {{ border-top: 2px solid {GREY}; }}
table.ds-compare tr.ds-whole > * {{ font-weight: 600; border-top: 1px solid {GREY}; }}
.ds-section {{ margin: 1.1rem 0 .1rem; padding-top: .7rem; font-size: 1.15rem; font-weight: 700; line-height: 1.25;
  border-top: 1px solid {PALE}; }}
.ds-lines {{ margin: .2rem 0 !important; padding-left: 1.1rem !important; }}
.ds-lines li {{ font-size: .92rem; line-height: 1.4; max-width: 90ch; }}
.ds-terms h3 {{ margin: .7rem 0 .1rem; padding: 0; font-size: 1rem; }}
.ds-terms p {{ margin: .2rem 0 0; font-size: .92rem; max-width: 90ch; }}
@media (max-width: 45rem) {{ table.ds-compare th:first-child {{ min-width: 6.5rem; max-width: 7.5rem; }} }}
</style>"""


def section(title: str, intro: str = "") -> str:
    """Heading of a part of the page."""
    return f'<h2 class="ds-section">{escape(title)}</h2>{markup.note(intro) if intro else ""}'


def outcomes(lines: Sequence[Line], caption: str) -> str:
    """The table of outcomes: one row per scenario, one column per outcome."""
    head = [f'<th scope="col">{escape(T.COLUMN_IDEA)}</th>']
    for outcome in COLUMNS:
        name = outcome_name(outcome)
        linked = escape(name) if outcome == SHORT else outcome_link(outcome, name)
        head.append(f'<th scope="col">{linked}<small>{escape(T.SMALL[outcome])}</small></th>')
    body = []
    for line in lines:
        cells = "".join(
            f"<td><b>{escape(c.value)}</b>{_small(c.range)}{_change(c.change)}{_small(c.runs)}</td>"
            for c in line.cells
        )
        mark = ' class="ds-as-now"' if line.baseline else ""
        body.append(f'<tr{mark}><th scope="row">{escape(line.name)}{_small(line.note)}</th>{cells}</tr>')
    return _wide(markup.table(caption, "".join(head), "".join(body), T.TABLE))


def lines(items: Sequence[str]) -> str:
    """Sentences as a list."""
    return f'<ul class="ds-lines">{"".join(f"<li>{escape(item)}</li>" for item in items)}</ul>'


def less(rows: Sequence[LessRow], against: str) -> str:
    """For whom it becomes less."""
    head = _head(
        T.COLUMN_IDEA, T.COLUMN_WHOM, T.COLUMN_WHAT, T.COLUMN_BEFORE.format(against=against), T.COLUMN_CHANGE, T.COLUMN_TIMES
    )  # fmt: skip
    body = _grouped(
        [(r.scenario, ((r.whom, ""), (r.what, ""), r.before, r.change, (r.runs, ""))) for r in rows]
    )
    return _wide(markup.table("", head, body, T.LESS))


def pays(rows: Sequence[PayRow], names: Sequence[str]) -> str:
    """Who pays more and who less: one row per payer, one column per scenario."""
    body = []
    for row in rows:
        cells = "".join(f"<td>{escape(text)}{_small(band)}</td>" for text, band in row.cells)
        mark = ' class="ds-whole"' if row.whole else ""
        body.append(f'<tr{mark}><th scope="row">{escape(row.who)}</th>{cells}</tr>')
    return _wide(markup.table("", _head(T.COLUMN_PAYER, *names), "".join(body), T.PAYS))


def staff(rows: Sequence[StaffRow]) -> str:
    """Staff asked and found."""
    head = _head(T.COLUMN_IDEA, T.COLUMN_POOL, T.COLUMN_ASKED, T.COLUMN_FOUND)
    body = _grouped([(r.scenario, ((r.pool, ""), (r.asked, ""), (r.found, ""))) for r in rows])
    return _wide(markup.table("", head, body, T.STAFF))


def terms(found: Sequence[Terms]) -> str:
    """Conditions, risks and surprises per scenario; what fails comes first."""
    parts = []
    for one in found:
        part = [f"<h3>{escape(one.name)}</h3>"]
        if one.failed or one.held:
            part.append(lines((*one.failed, *one.held)))
        else:
            part.append(f"<p>{escape(T.CONDITIONS_NONE)}</p>")
        if one.risks:
            part.append(f"<p><b>{escape(T.RISKS)}</b></p>{lines(one.risks)}")
        if one.surprise:
            part.append(f"<p><b>{escape(T.SURPRISE)}</b><br>{escape(one.surprise)}</p>")
        parts.append("".join(part))
    return f'<div class="ds-terms">{"".join(parts)}</div>'


def _grouped(rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> str:
    """Rows of one scenario under one name, which stands beside all of them; a cell is a text with what is small below it."""
    body = []
    for name, group in groupby(rows, key=itemgetter(0)):
        mine = list(group)
        title = f'<th scope="rowgroup" rowspan="{len(mine)}">{escape(name)}</th>'
        cells = [
            "".join(f"<td>{escape(text)}{_small(below)}</td>" for text, below in texts) for _, texts in mine
        ]
        first = f'<tr class="ds-first">{title}{cells[0]}</tr>'
        body.append(first + "".join(f"<tr>{row}</tr>" for row in cells[1:]))
    return "".join(body)


def _wide(table: str) -> str:
    return table.replace('<table class="ds">', '<table class="ds ds-compare">', 1)


def _head(*names: str) -> str:
    return "".join(f'<th scope="col">{escape(name)}</th>' for name in names)


def _small(text: str) -> str:
    return f"<small>{escape(text)}</small>" if text else ""


def _change(text: str) -> str:
    return f"<em>{escape(text)}</em>" if text else ""
