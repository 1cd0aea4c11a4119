"""HTML of figures, tables and slider scales. Everything is escaped here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from sim.app.answer import Cell, Figure, When
from sim.app.knobs import SHARE, Knob
from sim.app.language import own, words
from sim.app.links import KIND, address, outcome_link
from sim.charts.numbers import slim
from sim.charts.style import see_through
from sim.scenario.describe import LeverRow
from sim.scenario.region import Region

S, T = words("shared"), words("explore")
# The title of a lever in these units says it all.
_PLAIN = ("", "ratio", "share", "0 or 1")


def figures(whens: Sequence[When], items: Sequence[Figure]) -> str:
    """The figures of the first screen, each with three school years: a small table per figure."""
    years = "".join(
        f'<th scope="col">{escape(short_year(w.year))}<small>{escape(w.words)}</small></th>' for w in whens
    )
    cards = []
    for item in items:
        cells = "".join(_figure(cell) for cell in item.cells)
        cards.append(
            f'<table class="ds-card" data-figure="{escape(item.id)}"><caption>{outcome_link(item.id, item.label)} '
            f"<small>{escape(item.help)}</small></caption>"
            f"<thead><tr>{years}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
        )
    return f'<section class="ds-figures" aria-label="{escape(T.FIGURES_LABEL)}">{"".join(cards)}</section>'


def _figure(cell: Cell) -> str:
    change = f"<em>{escape(cell.change)}</em>" if cell.change else ""
    return f"<td><b>{escape(cell.value)}</b><small>{escape(cell.range)}</small>{change}</td>"


def short_year(school_year: str) -> str:
    """Write 2026-2027 as 2026-27, which fits where there is little room."""
    return f"{school_year[:5]}{school_year[-2:]}"


def outcomes(names: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]], caption: str) -> str:
    """The table of outcomes: one row per outcome, one column per scenario."""
    head = "".join(f'<th scope="col">{escape(n)}</th>' for n in (T.TABLE_OUTCOME, *names))
    body = "".join(
        f'<tr><th scope="row">{escape(title)}</th>{"".join(_outcome(cell) for cell in cells)}</tr>'
        for title, cells in rows
    )
    return table(caption, head, body, T.TABLE)


def _outcome(cell: Cell) -> str:
    band = f"<small>{escape(cell.range)}</small>" if cell.range else ""
    change = f"<em>{escape(cell.change)}</em>" if cell.change else ""
    return f"<td><b>{escape(cell.value)}</b>{band}{change}</td>"


def levers(rows: Sequence[LeverRow], region: Region) -> str:
    """What a scenario changes."""
    head = _head(T.COLUMN_LEVER, T.COLUMN_TODAY, T.COLUMN_CHANGE, T.COLUMN_START)
    body = []
    for row in rows:
        extra = [T.CHANGE_WHERE.format(where=own(row.where))] if row.where else []
        if row.ramp_months:
            extra.append(T.CHANGE_RAMP.format(months=slim(row.ramp_months)))
        if not row.calibrated:
            extra.append(T.CHANGE_OUTSIDE)
        small = f"<small>{escape('; '.join(extra))}</small>" if extra else ""
        body.append(
            f'<tr><th scope="row">{escape(own(row.title))}</th><td>{_value(row.today, row.unit, region)}</td>'
            f"<td>{_value(row.new, row.unit, region)}{small}</td><td>{row.from_:%d-%m-%Y}</td></tr>"
        )
    return table("", head, "".join(body), T.CHANGES_LABEL)


def table(caption: str, head: str, body: str, label: str, *, long: bool = False) -> str:
    """A table in a box that scrolls, also with the keyboard."""
    top = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="ds-scroll{" ds-long" if long else ""}" tabindex="0" role="region" '
        f'aria-label="{escape(label)}"><table class="ds">{top}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def scale(knob: Knob) -> str:
    """The scale under a slider: a tick at today's value, and the part that was seen before."""
    assert not isinstance(knob.today, str)
    width = knob.high - knob.low
    share = (knob.today - knob.low) / width if width else 0.0
    marked, words = "", [today(knob)]
    if knob.calibrated:
        low, high = (min(max(v, knob.low), knob.high) for v in knob.calibrated)
        left, right = (low - knob.low) / width, (high - knob.low) / width
        marked = f'<div style="left:{left:.2%};width:{right - left:.2%}"></div>'
        words.append(T.KNOB_CALIBRATED.format(low=_position(knob, low), high=_position(knob, high)))
    return (
        f'<div class="ds-scale"><div></div>{marked}<i style="left:calc({share:.2%} - 1px)"></i>'
        f'<span class="ds-ends"><span>{_position(knob, knob.low)}</span><span>{_position(knob, knob.high)}</span></span>'
        f"{''.join(f'<span>{escape(word)}</span>' for word in words)}</div>"
    )


def today(knob: Knob) -> str:
    """Today's value of a knob in words."""
    if isinstance(knob.lever.today, str):
        return T.KNOB_TODAY.format(value=S.CHOICES.get(knob.lever.today, knob.lever.today))
    if knob.kind == "switch":
        return T.KNOB_TODAY.format(value=S.ON if knob.lever.today else S.OFF)
    value = _position(knob, round(knob.lever.today, 1 if knob.step >= 0.1 else 2))
    if knob.lever.definition.op == "add":
        unit = "" if knob.times != 1 else S.UNITS.get(knob.lever.definition.unit, knob.lever.definition.unit)
        return T.KNOB_SAME.format(value=f"{value} {unit}".strip())
    return T.KNOB_TODAY.format(value=value)


def _position(knob: Knob, value: float) -> str:
    """A position on a slider as it stands on screen."""
    return f"{slim(round(value * knob.times, 6))}{'%' if knob.times != 1 else ''}"


def with_unit(knob: Knob) -> str:
    """Title of a slider, with its unit when that adds something."""
    unit = S.UNITS.get(knob.lever.definition.unit, knob.lever.definition.unit)
    title = own(knob.lever.title)
    bare = knob.lever.definition.unit in _PLAIN or unit in title
    return title if bare else f"{title} ({unit})"


def band_key(colour: str, *, wide: bool) -> str:
    """What the bands in the chart of the list mean."""
    patches = [f'<i style="background:{see_through(colour, 0.5)}"></i>{escape(T.BAND_KEY_CHANCE)}']
    if wide:
        patches.append(f'<i style="background:{see_through(colour, 0.16)}"></i>{escape(T.BAND_KEY_WIDE)}')
    return f'<p class="ds-note ds-key">{" · ".join(patches)}. {escape(T.BAND_KEY)}</p>'


def backed(title: str, text: str, link: str) -> str:
    """How much of the answer is assumption, with a link to which."""
    href = address("explain", **{KIND: "effects"})
    return (
        f'<p class="ds-backed"><b>{escape(title)}</b> {escape(text)} '
        f'<a href="{href}" target="_self">{escape(link)}</a></p>'
    )


def plain(text: str) -> str:
    """A text of a visitor for a label of a control, which would read it as Markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~$:<>-])", r"\\\1", text)


def question(text: str) -> str:
    """The heading of a page."""
    return f'<h1 class="ds-question">{escape(text)}</h1>'


def banner(text: str) -> str:
    """A line that says what is going on."""
    return f'<p class="ds-status" role="status">{escape(text)}</p>'


def answer(sentence: str, also: str) -> str:
    """The answer; `sentence` is HTML already, `also` is text."""
    more = f"<small>{escape(also)}</small>" if also else ""
    return f'<p class="ds-answer" role="status">{sentence}{more}</p>'


def label(title: str, help_: str) -> str:
    """Heading of a part of the side bar."""
    return f'<h2 class="ds-label">{escape(title)}</h2><p class="ds-note">{escape(help_)}</p>'


def note(*lines: str) -> str:
    """Small text, one paragraph with line breaks."""
    return f'<p class="ds-note">{"<br>".join(escape(line) for line in lines if line)}</p>'


def small(text: str) -> str:
    """What stands under a switch or a choice."""
    return f'<p class="ds-choice">{escape(text)}</p>'


def bullets(title: str, items: Sequence[str]) -> str:
    """A short list under a heading."""
    return f"<p><b>{escape(title)}</b></p><ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def definitions(items: Sequence[tuple[str, str]]) -> str:
    """What each outcome counts, exactly."""
    body = "".join(f"<dt><b>{escape(title)}</b></dt><dd>{escape(text)}</dd>" for title, text in items)
    return f'<dl class="ds-note">{body}</dl>'


def caution(text: str) -> str:
    """A warning that travels with the result."""
    return f'<p class="ds-note"><b>{escape(S.CAUTION)}</b> {escape(text)}</p>'


def progress(text: str) -> str:
    """How far the work is."""
    return f'<p class="ds-progress">{escape(text)}</p>'


def empty(title: str, help_: str) -> str:
    """The frame before the first answer."""
    return f'<div class="ds-wait" role="status"><p><b>{escape(title)}</b><br>{escape(help_)}</p></div>'


def footer(text: str) -> str:
    """The line at the bottom, with a link to the page that gives the sources."""
    link = f'<a href="{address("explain")}" target="_self">{escape(S.FOOTER_LINK)}</a>'
    return f'<p class="ds-note">{escape(text)} · {link}</p>'


def _head(*names: str) -> str:
    return "".join(f'<th scope="col">{escape(name)}</th>' for name in names)


def option(name: str, region: Region) -> str:
    """One of the things that a lever can be set to: a word of the screen, or a type of the region."""
    kind = region.place_types.get(name)
    return own(kind.title) if kind else S.CHOICES.get(name, name)


def _value(value: float | str, unit: str, region: Region) -> str:
    if isinstance(value, str):
        return escape(option(value, region))
    if unit == "0 or 1":
        return S.ON if value else S.OFF
    if unit == SHARE:
        return f"{slim(round(100 * value, 2))}%"
    return f"{slim(round(value, 2))} <small>{escape(S.UNITS.get(unit, unit))}</small>"
