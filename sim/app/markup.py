"""HTML of figures, tables and slider scales. Everything is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sim.app import texts
from sim.app.answer import Figure, OutcomeCell
from sim.app.knobs import Knob
from sim.app.look import STALE
from sim.charts.numbers import slim
from sim.charts.style import see_through
from sim.scenario.describe import LeverRow, NumberRow
from sim.scenario.quantity import GRADE_MEANING
from sim.scenario.region import Region

# The title of a lever in these units says it all.
_PLAIN = ("", "ratio", "share", "0 or 1")


def figures(items: Sequence[Figure]) -> str:
    """The figures beside the list, as a definition list."""
    cells = []
    for item in items:
        change = f"<dd>{escape(item.change)}</dd>" if item.change else ""
        cells.append(
            f"<div><dt>{escape(item.label)}</dt><dd><b>{escape(item.value)}</b>"
            f"{escape(item.range)}</dd>{change}</div>"
        )
    return f'<dl class="ds-figures">{"".join(cells)}</dl>'


def outcomes(names: Sequence[str], rows: Sequence[tuple[str, Sequence[OutcomeCell]]], caption: str) -> str:
    """The table of outcomes: one row per outcome, one column per scenario."""
    head = "".join(f'<th scope="col">{escape(n)}</th>' for n in (texts.TABLE_OUTCOME, *names))
    body = "".join(
        f'<tr><th scope="row">{escape(title)}</th>{"".join(_outcome(cell) for cell in cells)}</tr>'
        for title, cells in rows
    )
    return table(caption, head, body, texts.TABLE)


def _outcome(cell: OutcomeCell) -> str:
    band = f"<small>{escape(cell.range)}</small>" if cell.range else ""
    change = f"<em>{escape(cell.change)}</em>" if cell.change else ""
    return f"<td><b>{escape(cell.value)}</b>{band}{change}</td>"


def levers(rows: Sequence[LeverRow], region: Region) -> str:
    """What a scenario changes."""
    head = _head(texts.COLUMN_LEVER, texts.COLUMN_TODAY, texts.COLUMN_CHANGE, texts.COLUMN_START)
    body = []
    for row in rows:
        extra = [texts.CHANGE_WHERE.format(where=row.where.nl)] if row.where else []
        if row.ramp_months:
            extra.append(texts.CHANGE_RAMP.format(months=slim(row.ramp_months)))
        if not row.calibrated:
            extra.append(texts.CHANGE_OUTSIDE)
        small = f"<small>{escape('; '.join(extra))}</small>" if extra else ""
        body.append(
            f'<tr><th scope="row">{escape(row.title.nl)}</th><td>{_value(row.today, row.unit, region)}</td>'
            f"<td>{_value(row.new, row.unit, region)}{small}</td><td>{row.from_:%d-%m-%Y}</td></tr>"
        )
    return table("", head, "".join(body), texts.SOURCES_SCENARIO)


def numbers(rows: Sequence[NumberRow]) -> str:
    """Numbers with their pedigree."""
    head = _head(
        texts.COLUMN_WHAT, texts.COLUMN_VALUE, texts.COLUMN_RANGE, texts.COLUMN_GRADE, texts.COLUMN_SOURCE,
        texts.COLUMN_DATE,
    )  # fmt: skip
    body = []
    for row in rows:
        low_high = f"{slim(row.range[0])} – {slim(row.range[1])}" if row.range else "–"
        grade = f"<b>{escape(row.grade)}</b><small>{escape(row.meaning.nl)}</small>" if row.grade else "–"
        note = f"<small>{escape(row.note)}</small>" if row.note else ""
        unit = texts.UNITS.get(row.unit, row.unit)
        unit = "" if unit.partition(" ")[0] in row.title.nl else unit
        body.append(
            f'<tr><th scope="row">{escape(row.title.nl)}</th>'
            f"<td>{slim(row.value)}<small>{escape(unit)}</small></td><td>{low_high}</td><td>{grade}</td><td>{escape(row.source)}{note}</td>"
            f"<td>{escape(row.date)}</td></tr>"
        )
    return table("", head, "".join(body), texts.SOURCES, long=True)


def grades() -> str:
    """What the grades mean, as a list."""
    items = "".join(f"<li><b>{g}</b> – {escape(m['nl'])}</li>" for g, m in GRADE_MEANING.items())
    return f'<ul class="ds-note">{items}</ul>'


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
        words.append(texts.KNOB_CALIBRATED.format(low=slim(low), high=slim(high)))
    return (
        f'<div class="ds-scale"><div></div>{marked}<i style="left:calc({share:.2%} - 1px)"></i>'
        f'<span class="ds-ends"><span>{slim(knob.low)}</span><span>{slim(knob.high)}</span></span>'
        f"{''.join(f'<span>{escape(word)}</span>' for word in words)}</div>"
    )


def today(knob: Knob) -> str:
    """Today's value of a knob in words."""
    unit = texts.UNITS.get(knob.lever.definition.unit, knob.lever.definition.unit)
    if isinstance(knob.lever.today, str):
        return texts.KNOB_TODAY.format(value=texts.CHOICES.get(knob.lever.today, knob.lever.today))
    if knob.kind == "switch":
        return texts.KNOB_TODAY.format(value=texts.ON if knob.lever.today else texts.OFF)
    value = slim(round(knob.lever.today, 1 if knob.step >= 0.1 else 2))
    if knob.lever.definition.op == "add":
        return texts.KNOB_SAME.format(value=f"{value} {unit}".strip())
    return texts.KNOB_TODAY.format(value=value)


def with_unit(knob: Knob) -> str:
    """Title of a slider, with its unit when that adds something."""
    unit = texts.UNITS.get(knob.lever.definition.unit, knob.lever.definition.unit)
    title = knob.lever.title.nl
    bare = knob.lever.definition.unit in _PLAIN or unit in title
    return title if bare else f"{title} ({unit})"


def band_key(colour: str, *, wide: bool) -> str:
    """What the bands in the chart of the list mean."""
    patches = [f'<i style="background:{see_through(colour, 0.5)}"></i>{escape(texts.BAND_KEY_CHANCE)}']
    if wide:
        patches.append(f'<i style="background:{see_through(colour, 0.16)}"></i>{escape(texts.BAND_KEY_WIDE)}')
    return f'<p class="ds-note ds-key">{" · ".join(patches)}<br>{escape(texts.BAND_KEY)}</p>'


def question(text: str, description: str, banner: str) -> str:
    """The question as the heading of the page, and what the choice means.

    With a banner the answer below belongs to other settings: then it is grey.
    """
    below = f'<p class="ds-status" role="status">{escape(banner)}</p>' if banner else note(description)
    return f'<h1 class="ds-question">{escape(text)}</h1>{below}{STALE if banner else ""}'


def answer(sentence: str, also: str) -> str:
    """The answer; `sentence` is HTML already, `also` is text."""
    more = f"<small>{escape(also)}</small>" if also else ""
    return f'<p class="ds-answer" role="status">{sentence}{more}</p>'


def label(title: str, help_: str) -> str:
    """Heading of a part of the side bar."""
    return f'<h2 class="ds-label">{escape(title)}</h2><p class="ds-note">{escape(help_)}</p>'


def group(title: str) -> str:
    """Heading of a group in a list of choices."""
    return f'<p class="ds-group">{escape(title)}</p>'


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
    return f'<p class="ds-note"><b>{escape(texts.CAUTION)}</b> {escape(text)}</p>'


def progress(text: str) -> str:
    """How far the work is."""
    return f'<p class="ds-progress">{escape(text)}</p>'


def empty(title: str, help_: str) -> str:
    """The frame before the first answer."""
    return f'<div class="ds-wait" role="status"><p><b>{escape(title)}</b><br>{escape(help_)}</p></div>'


def footer(text: str) -> str:
    """The line at the bottom, with a link to the part of the page that gives the sources."""
    link = f'<a href="#{texts.SOURCES_ANCHOR}">{escape(texts.FOOTER_LINK)}</a>'
    return f'<p class="ds-note">{escape(text)} · {link}</p>'


def _head(*names: str) -> str:
    return "".join(f'<th scope="col">{escape(name)}</th>' for name in names)


def option(name: str, region: Region) -> str:
    """One of the things that a lever can be set to: a word of the screen, or a type of the region."""
    kind = region.place_types.get(name)
    return kind.title.nl if kind else texts.CHOICES.get(name, name)


def _value(value: float | str, unit: str, region: Region) -> str:
    if isinstance(value, str):
        return escape(option(value, region))
    if unit == "0 or 1":
        return texts.ON if value else texts.OFF
    return f"{slim(round(value, 2))} <small>{escape(texts.UNITS.get(unit, unit))}</small>"
