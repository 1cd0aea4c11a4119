"""HTML of the parts of a report, in the style of the dashboard. Everything is escaped here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from sim.app.markup import table
from sim.report.bars import svg
from sim.report.content import Answer, Bars, Block, Bullets, Content, Grid, Heading, Lang, Notice, Section
from sim.report.words import words

_TAGS = ('th scope="row"', "td")


def short(content: Content) -> str:
    """The short answer: one card per sentence, and what not to use the model for."""
    cards = "".join(_card(answer, content.lang) for answer in content.answers)
    return f'<ol class="ds-cards">{cards}</ol>{avoid(content.avoid.items, content.lang)}'


def avoid(items: Sequence[str], lang: Lang) -> str:
    """What not to use the model for."""
    rows = "".join(f"<li>{escape(item)}</li>" for item in items)
    return (
        f'<div class="ds-avoid"><h2 class="ds-label">{escape(words(lang)["avoid"])}</h2><ul>{rows}</ul></div>'
    )


def heading(text: str) -> str:
    """Heading of a part of the page."""
    return f'<h2 class="ds-label">{escape(text)}</h2>'


def section(part: Section, lang: Lang) -> str:
    """All blocks of one section."""
    return (
        f'<div class="ds-report" lang="{lang}">{"".join(_block(block, lang) for block in part.blocks)}</div>'
    )


def _card(answer: Answer, lang: Lang) -> str:
    return (
        f'<li class="{answer.tone}"><span class="ds-tag">{escape(words(lang)[answer.tone])}</span>'
        f"<b>{escape(answer.figure)}</b><strong>{escape(answer.label)}</strong><span>{escape(answer.text)}</span></li>"
    )


def _block(block: Block, lang: Lang) -> str:
    if isinstance(block, Heading):
        return f"<h3>{escape(block.text)}</h3>"
    if isinstance(block, Notice):
        command = f" <code>{escape(block.command)}</code>" if block.command else ""
        tag = escape(words(lang)[block.tone])
        return f'<p class="ds-notice {block.tone}"><b>{tag}:</b> {escape(block.text)}{command}</p>'
    if isinstance(block, Bullets):
        items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
        return f"<ul{_language(block.lang, lang)}>{items}</ul>"
    if isinstance(block, Bars):
        picture = b64encode(svg(block, 0).encode()).decode()  # Streamlit keeps pictures and drops SVG
        return f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(block.alt)}">'
    if isinstance(block, Grid):
        return _grid(block, lang)
    return f"<p>{escape(block.text)}</p>"


def _grid(grid: Grid, lang: Lang) -> str:
    def cell(tag: str, column: int, text: str) -> str:
        own = _language(grid.lang, lang) if column in grid.foreign or not grid.foreign else ""
        return f"<{tag}{own}>{escape(text)}</{tag.partition(' ')[0]}>"

    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.header)
    body = "".join(
        f"<tr>{''.join(cell(_TAGS[bool(i)], i, text) for i, text in enumerate(row))}</tr>"
        for row in grid.rows
    )
    again = f"{grid.caption} · {words(lang)['again']} {grid.command}" if grid.command else grid.caption
    return table(again, head, body, grid.caption, long=True)


def _language(own: str, lang: Lang) -> str:
    return f' lang="{own}"' if own and own != lang else ""
