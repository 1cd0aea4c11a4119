"""HTML of the page Aannames: rows of numbers, their card, outcomes, words. Everything is escaped here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from sim.app import markup
from sim.app.explain.answer import Row
from sim.app.explain.context import Item
from sim.app.explain.numbers import figure, figures, in_words, is_few, position, shown, title_of
from sim.app.language import current, own, words
from sim.app.links import NUMBER, address, number_link
from sim.app.terms import Term
from sim.charts.language import Lang
from sim.charts.style import ACCENT, GREY, INK, PALE, tint
from sim.indicators import UNITS, Indicator
from sim.scenario.describe import NumberRow
from sim.scenario.quantity import GRADE_MEANING, Text

T = words("explain")
# From counted here to our own assumption: ever paler, and the letter says it too.
_SHADE = {"A": 1.0, "B": 0.72, "C": 0.5, "D": 0.32, "E": 0.14}
_ENGLISH = frozenset({"the", "of", "and", "from", "is", "with", "for", "are", "by", "in"})
_DUTCH = frozenset({"de", "het", "een", "van", "en", "is", "met", "voor"})


def grade_bar(counts: Mapping[str, int]) -> str:
    """How many numbers there are of each grade: one bar, and what each letter means."""
    total = sum(counts.values()) or 1
    assumed = T.COUNT_TITLE.format(assumed=counts["E"], total=total)
    parts = "".join(
        f'<i style="flex-grow:{n};background:{tint(ACCENT, _SHADE[g])}"></i>' for g, n in counts.items() if n
    )
    items = "".join(
        f"<li>{_grade(g)} <b>{n}</b> {escape(GRADE_MEANING[g][current()])}</li>"
        for g, n in counts.items()
        if n
    )
    return (
        f'<h2 class="ds-label">{escape(assumed)}</h2><div class="ds-bar" aria-hidden="true">{parts}</div>'
        f'<ul class="ds-grades" aria-label="{escape(T.COUNT_LABEL)}">{items}</ul>'
    )


def number_list(rows: Sequence[NumberRow], none_at: Mapping[str, float]) -> str:
    """Rows that unfold: value, range and grade at once, source and date inside.

    Args:
        rows: The rows.
        none_at: Path -> the value at which an effect does nothing.
    """
    items = "".join(f"<li>{_row(row, none_at.get(row.path))}</li>" for row in rows)
    return f'<ul class="ds-nums" aria-label="{escape(T.LIST_LABEL)}">{items}</ul>'


def _row(row: NumberRow, none: float | None) -> str:
    first, last = title_of(row)
    name = f"<small>{escape(first)}</small>{escape(last)}"
    if row.path.startswith("effects."):
        name = f"{escape(last)}<small>{escape(first)}</small>"
    link = f'<a href="{address("explain", **{NUMBER: row.path})}" target="_self">{escape(T.OPEN)}</a>'
    return (
        f'<details id="{escape(row.path)}"><summary><span class="ds-num-name">{name}</span>'
        f'<span class="ds-num-value"><b>{escape(shown(row))}</b> {escape(in_words(row))}</span>'
        f"{_range(row, none)}"
        f'<span class="ds-num-grade">{_grade(row.grade)} {escape(own(row.meaning))}</span></summary>'
        f'<dl class="ds-facts">{_facts(row)}</dl><p class="ds-note">{link}</p></details>'
    )


def card(row: NumberRow, none: float | None, does: str) -> str:
    """One number in full."""
    first, last = title_of(row)
    above = f'<p class="ds-note">{escape(first)}</p>' if first and not row.path.startswith("effects.") else ""
    doing = f"<div><dt>{escape(T.DOES)}</dt><dd>{escape(does)}</dd></div>" if does else ""
    sure = f"{_grade(row.grade)} {escape(own(row.meaning))}"
    return (
        f'<section class="ds-numcard">{above}<h2>{escape(last[:1].upper() + last[1:])}</h2>'
        f'<p class="ds-big"><b>{escape(shown(row))}</b> {escape(in_words(row))}</p>'
        f"{_range(row, none)}"
        f'<dl class="ds-facts"><div><dt>{escape(T.SURE)}</dt><dd>{sure}</dd></div>{doing}{_facts(row)}</dl></section>'
    )


def _facts(row: NumberRow) -> str:
    parts = [
        (T.SOURCE, row.source, language_of(row.source)),
        (T.NOTE, row.note, language_of(row.note)),
        (T.DATE, row.date, ""),
        (T.NOTE, T.OVERRIDDEN.format(reason=row.overridden) if row.overridden else "", ""),
    ]
    return "".join(
        f"<div><dt>{escape(name)}</dt><dd{_lang(lang)}>{escape(text)}</dd></div>"
        for name, text, lang in parts
        if text
    )


def _range(row: NumberRow, none: float | None) -> str:
    """The range in words, with a small picture: where the value lies in it, and where "no effect" does."""
    if row.range is None or row.range[0] == row.range[1] or is_few(row):
        text = T.FEW if is_few(row) else T.BETWEEN_SAME
        return f'<span class="ds-num-range"><small>{escape(text)}</small></span>'
    low, high = row.range
    _, low_text, high_text = figures(row.value, row.range, row.unit)
    mark = ""
    if none is not None:
        edge = {low: "left:0", high: "right:0"}.get(none, f"left:{position(none, low, high):.1%}")
        mark = f'<u style="{edge}"></u>'
    at = position(row.value, low, high)
    text = T.BETWEEN.format(low=low_text, high=high_text)
    nothing = (
        f" <em>{escape(T.NO_EFFECT_MARK)}: {escape(figure(none, row.unit))}</em>" if none is not None else ""
    )
    return (
        f'<span class="ds-num-range"><span class="ds-range" aria-hidden="true">{mark}<i style="left:{at:.1%}"></i></span>'
        f"<small>{escape(text)}{nothing}</small></span>"
    )


def used_by(items: Sequence[tuple[str, str]], more: int) -> str:
    """Ideas that touch a number, each a link to this card with that idea (address and title)."""
    links = "".join(f'<li><a href="{href}" target="_self">{escape(title)}</a></li>' for href, title in items)
    rest = f"<li>{escape(T.USED_BY_MORE.format(count=more))}</li>" if more else ""
    if not links:
        return f'<p class="ds-note">{escape(T.USED_BY_NONE)}</p>'
    return f'<h3 class="ds-label">{escape(T.USED_BY)}</h3><ul class="ds-links">{links}{rest}</ul>'


def answer(sentences: Sequence[str], caption: str, heads: Sequence[str], rows: Sequence[Row]) -> str:
    """What the answer becomes: sentences, and a table with a column per value of the number."""
    lines = "".join(f"<p>{escape(text)}</p>" for text in sentences)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (T.ANSWER_OUTCOME, *heads))
    body = "".join(
        f'<tr><th scope="row">{escape(row.title)}</th>'
        + "".join(
            f"<td><b>{escape(c.value)}</b><small>{escape(c.range)}</small>"
            + (f"<em>{escape(c.change)}</em>" if c.change else "")
            + "</td>"
            for c in row.cells
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="ds-answer" role="status">{lines}</div>{markup.table(caption, head, body, caption)}'
        f'<p class="ds-note">{escape(T.ONLY_CHANCE)}</p>'
    )


def behind(numbers: Mapping[str, Text]) -> str:
    """For other pages: the numbers behind what stands above, folded, each with a link to its card; empty without any."""
    if not numbers:
        return ""
    rows = "".join(
        f"<li><small>{number_link(path, own(title))}</small></li>" for path, title in numbers.items()
    )
    return (
        f'<details class="ds-note"><summary>{escape(T.BEHIND.format(count=len(numbers)))}</summary>'
        f"<ul>{rows}</ul></details>"
    )


def outcome(indicator: Indicator, *, opened: bool) -> str:
    """What one outcome counts, as a row that unfolds or as a card."""
    lang = current()
    parts = [
        (T.ESTIMAND[name], getattr(getattr(indicator, name), lang))
        for name in ("population", "start", "end", "stop", "window")
    ]
    unit = T.UNIT_SHARE if indicator.unit == "share" else getattr(UNITS[indicator.unit].many, lang)
    parts += [(T.ESTIMAND["unit"], unit), (T.ESTIMAND["better"], T.BETTER[indicator.better])]
    if indicator.note:
        parts.append((T.ESTIMAND["note"], getattr(indicator.note, lang)))
    return _outcome(indicator.id, getattr(indicator.title, lang), parts, opened=opened)


def short_outcome(*, opened: bool) -> str:
    """The same for the places short, which are made of three indicators."""
    told = T.SHORT
    parts = [(T.ESTIMAND[name], told[name]) for name in ("population", "start", "end", "stop", "window")]
    parts += [
        (T.ESTIMAND["unit"], getattr(UNITS["seats"].many, current())),
        (T.ESTIMAND["better"], T.BETTER["lower"]),
    ]
    return _outcome("short", told["title"], parts, opened=opened)


def _outcome(id_: str, title: str, parts: Sequence[tuple[str, str]], *, opened: bool) -> str:
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in parts)
    if opened:
        return (
            f'<section class="ds-numcard"><h2>{escape(title)}</h2><dl class="ds-facts">{facts}</dl></section>'
        )
    return (
        f'<li><details id="{escape(id_)}"><summary><span class="ds-num-name">{escape(title)}</span></summary>'
        f'<dl class="ds-facts">{facts}</dl></details></li>'
    )


def outcome_list(items: Sequence[str]) -> str:
    """Rows of `outcome`."""
    return f'<ul class="ds-nums" aria-label="{escape(T.OUTCOMES_LABEL)}">{"".join(items)}</ul>'


def glossary(found: Sequence[Term]) -> str:
    """The words with what they mean, their other names, and where the full form comes from."""
    return f'<dl class="ds-facts ds-glossary" aria-label="{escape(T.WORDS_LABEL)}">{"".join(map(_term, found))}</dl>'


def _term(term: Term) -> str:
    full = f"<small>{escape(term.full)}</small>" if term.full else ""
    below = [T.WORDS_ALSO.format(names=", ".join(term.also))] if term.also else []
    below.append(T.ORIGINS[term.origin])
    return (
        f"<div><dt><b>{escape(term.short)}</b>{full}</dt>"
        f"<dd>{escape(term.means)}<small>{escape(' · '.join(below))}</small></dd></div>"
    )


def items(found: Sequence[Item]) -> str:
    """Things without a lever, with the reason."""
    return "".join(f"<p><b>{escape(item.title)}.</b> {escape(item.text)}</p>" for item in found)


def language_of(text: str) -> Lang | None:
    """The language of a source or a note, which stand in files as they were written; None when it cannot be told."""
    said = text.lower().split()
    english, dutch = (sum(word in known for word in said) for known in (_ENGLISH, _DUTCH))
    return "en" if english > dutch else "nl" if dutch > english else None


def _lang(lang: str | None) -> str:
    return f' lang="{lang}"' if lang and lang != current() else ""


def _grade(grade: str) -> str:
    share = _SHADE.get(grade, 0.0)
    ink = "#FFFFFF" if share > 0.6 else INK
    return (
        f'<span class="ds-grade" style="background:{tint(ACCENT, share)};color:{ink}">{escape(grade)}</span>'
    )


STYLE = f"""<style>
[data-testid="stTextInputRootElement"]:focus-within {{ outline: 3px solid {ACCENT}; }}
.ds-bar {{ display: flex; gap: 2px; height: .7rem; max-width: 60rem; margin: .3rem 0; }}
.ds-bar i {{ min-width: 3px; border-radius: 2px; }}
.ds-grades {{ display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: 0 !important; padding: 0 !important; list-style: none;
  font-size: .82rem; color: {INK}; }}
.ds-grades li {{ margin: 0 !important; }}
.ds-grade {{ display: inline-block; min-width: 1.3em; padding: 0 .3em; text-align: center; font-size: .8rem; font-weight: 700;
  line-height: 1.35; border: 1px solid {ACCENT}; border-radius: 4px; }}
.ds-nums {{ margin: 0 !important; padding: 0 !important; list-style: none; border-bottom: 1px solid {PALE}; }}
.ds-nums > li {{ margin: 0 !important; border-top: 1px solid {PALE}; }}
.ds-nums summary {{ display: grid; grid-template-columns: 1rem minmax(12rem, 2.3fr) minmax(7rem, 1fr) minmax(11rem, 1.2fr)
  minmax(9rem, 1.1fr); gap: .2rem 1rem; align-items: center; padding: .35rem .3rem; font-size: .9rem; line-height: 1.3;
  cursor: pointer; list-style: none; color: {INK}; }}
.ds-nums summary::-webkit-details-marker {{ display: none; }}
.ds-nums summary::before {{ content: "▸"; color: {ACCENT}; }}
.ds-nums details[open] > summary::before {{ content: "▾"; }}
.ds-nums summary:hover {{ background: #F3F5F8; }}
.ds-nums summary:focus-visible {{ outline: 3px solid {ACCENT}; outline-offset: -2px; }}
.ds-num-name small, .ds-num-range small {{ display: block; font-size: .78rem; color: #4B5563; }}
.ds-num-value b {{ font-variant-numeric: tabular-nums; }}
.ds-num-value {{ font-size: .84rem; }}
.ds-num-value b {{ font-size: 1rem; }}
.ds-num-grade {{ font-size: .78rem; color: #4B5563; }}
.ds-num-range em {{ font-style: normal; white-space: nowrap; }}
.ds-num-range em::before {{ content: "· "; }}
.ds-range {{ position: relative; display: block; height: .5rem; margin: .2rem .3rem .15rem; border-radius: 3px;
  background: {tint(ACCENT, 0.22)}; }}
.ds-range i {{ position: absolute; top: -.15rem; width: .8rem; height: .8rem; margin-left: -.4rem; border-radius: 50%;
  background: {ACCENT}; border: 2px solid #FFFFFF; }}
.ds-range u {{ position: absolute; top: -.2rem; width: 2px; height: .9rem; background: {GREY}; }}
.ds-nums .ds-facts, .ds-nums details > .ds-note {{ margin-left: 2rem !important; }}
.ds-nums details > .ds-note {{ margin-bottom: .6rem; font-size: .88rem; }}
.ds-facts {{ margin: .2rem 0 .4rem !important; padding: 0 !important; font-size: .88rem; line-height: 1.4; color: {INK}; }}
.ds-facts > div {{ display: grid; grid-template-columns: 9.5rem minmax(0, 46rem); gap: 0 .8rem; padding: .12rem 0; }}
.ds-facts dt {{ margin: 0 !important; padding: 0; font-weight: 400; color: #4B5563; }}
.ds-facts dd {{ margin: 0 !important; overflow-wrap: anywhere; }}
.ds-numcard {{ padding: .7rem 1rem; background: #F3F5F8; border-left: 4px solid {ACCENT}; border-radius: 6px; }}
.ds-numcard h2 {{ margin: 0; padding: 0; font-size: 1.15rem; font-weight: 700; color: {INK}; }}
.ds-numcard .ds-big {{ margin: .1rem 0; font-size: 1rem; color: {INK}; }}
.ds-numcard .ds-big b {{ font-size: 1.7rem; font-variant-numeric: tabular-nums; }}
.ds-numcard .ds-num-range {{ display: block; max-width: 24rem; margin-bottom: .5rem; }}
.ds-numcard .ds-facts > div {{ grid-template-columns: 8rem minmax(0, 1fr); }}
.ds-links {{ margin: .1rem 0 .4rem !important; padding-left: 1.2rem !important; }}
.ds-links li {{ margin: 0 !important; font-size: .88rem; }}
.ds-links a, .ds-nums a {{ color: {ACCENT}; }}
.ds-answer {{ margin-bottom: .5rem; }}
.ds-answer p {{ margin: 0; font-size: 1.02rem; }}
.ds-glossary > div {{ grid-template-columns: minmax(9rem, 17rem) minmax(0, 46rem) !important; padding: .4rem 0 !important;
  border-top: 1px solid {PALE}; }}
.ds-glossary dt {{ color: {INK} !important; }}
.ds-glossary small {{ display: block; font-size: .8rem; color: #4B5563; }}
.ds-report p.ds-notice {{ max-width: none; }}
@media (min-width: 64rem) {{ .ds-report > ul {{ columns: 2; column-gap: 3rem; }}
  .ds-report > ul li {{ break-inside: avoid; }} }}
.ds-prose p, .ds-prose li {{ max-width: 75ch; font-size: .92rem; }}
@media (max-width: 52rem) {{
  .ds-nums summary {{ grid-template-columns: 1rem minmax(0, 1fr) auto; }}
  .ds-num-range {{ grid-column: 2 / -1; }}
  .ds-num-grade {{ grid-column: 2 / -1; }}
  .ds-nums .ds-facts, .ds-nums details > .ds-note {{ margin-left: 1.2rem !important; }}
  .ds-facts > div, .ds-numcard .ds-facts > div {{ grid-template-columns: minmax(0, 1fr); padding: .2rem 0; }}
  .ds-glossary > div {{ grid-template-columns: minmax(0, 1fr) !important; }}
}}
</style>"""
"""How the parts of this page look."""
