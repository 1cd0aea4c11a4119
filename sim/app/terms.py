"""Abbreviations and words that need explaining: the glossary, and explanations where a word first stands.

An abbreviation in HTML gets a dotted underline and a small explanation that shows on hover and on keyboard focus, goes
with Escape and stays while the pointer is on it (WCAG 1.4.13). The explanation stands in the text itself, so a screen
reader says it where it belongs and nothing depends on an id.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from html import escape

from sim.app.language import Lang, current, raw
from sim.charts.style import ACCENT, INK

FILE = "glossary"
# In these the text is another control, a heading, or no text at all.
_LEAVE = frozenset(
    {
        "a", "button", "summary", "option", "label", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "code", "pre", "script",
        "style", "svg", "title", "textarea",
    }
)  # fmt: skip
_TAG = re.compile(r"""(<!--.*?-->|<(?:"[^"]*"|'[^']*'|[^'">])*>)""", re.DOTALL)
_NAME = re.compile(r"</?\s*([a-zA-Z][\w-]*)")
_SEEN: ContextVar[set[str] | None] = ContextVar("explained", default=None)


@dataclass(frozen=True)
class Term:
    """One entry of the glossary in one language.

    Attributes:
        short: The short form, or the word itself.
        full: Written out; empty for a word.
        means: What it is, in plain language.
        also: Other names for the same thing.
        origin: S, K, ask or tool (`sim/app/texts/glossary.yaml` says what they mean).
    """

    short: str
    full: str
    means: str
    also: tuple[str, ...]
    origin: str

    @property
    def is_abbreviation(self) -> bool:
        """Whether screens explain it where it first stands."""
        return sum(c.isupper() for c in self.short.split(" ")[0]) > 1

    def holds(self, words: str) -> bool:
        """Whether all words (in any order and case) stand in this entry."""
        text = " ".join((self.short, self.full, self.means, *self.also)).lower()
        return all(word in text for word in words.lower().split())


@cache
def glossary(lang: Lang) -> tuple[Term, ...]:
    """All terms, by alphabet."""
    found = [
        Term(
            short=str(short),
            full=entry["full"][lang],
            means=entry["means"][lang],
            also=tuple(
                part.strip() for part in entry.get("also", {}).get(lang, "").split(";") if part.strip()
            ),
            origin=entry["from"],
        )
        for short, entry in raw(FILE).items()
    ]
    return tuple(sorted(found, key=lambda term: term.short.lower()))


def begin() -> None:
    """Start a page: nothing has been explained on it yet."""
    _SEEN.set(set())


def found_in(text: str) -> tuple[Term, ...]:
    """The abbreviations in a plain text, in the order in which they first stand there."""
    known = _abbreviations(current())
    names = dict.fromkeys(match[0] for match in _pattern(current()).finditer(text))
    return tuple(known[name] for name in names)


def line(text: str) -> str:
    """The abbreviations in a text written out, for under a chart: "SBO = speciaal basisonderwijs · SO = …"."""
    return " · ".join(f"{term.short} = {term.full}" for term in found_in(text))


def explained(html: str, seen: set[str] | None = None) -> str:
    """The same HTML, in which each abbreviation carries its explanation where it first stands.

    Links, buttons, headings and code are left as they are: a control inside a control cannot be reached.

    Args:
        html: HTML that is escaped already.
        seen: Short forms that were explained before, to which this adds; None = those of this page (`begin`).
    """
    known = _abbreviations(current())
    page = _SEEN.get()
    done = seen if seen is not None else page if page is not None else set()

    def explain(match: re.Match[str]) -> str:
        if match[0] in done:
            return match[0]
        done.add(match[0])
        return _marked(known[match[0]])

    parts, inside = [], 0
    for part in _TAG.split(html):
        if part.startswith("<"):
            inside += _depth(part)
            parts.append(part)
        else:
            parts.append(part if inside else _pattern(current()).sub(explain, part))
    return "".join(parts)


def _depth(tag: str) -> int:
    """+1 where a part begins that is left alone, -1 where it ends, else 0."""
    name = _NAME.match(tag)
    if name is None or name[1].lower() not in _LEAVE or tag.endswith("/>"):
        return 0
    return -1 if tag.startswith("</") else 1


def _marked(term: Term) -> str:
    tip = f"<b>{escape(term.full)}</b>. {escape(term.means)}"
    return f'<span class="ds-term" tabindex="0">{escape(term.short)}<span class="ds-tip"> {tip}</span></span>'


@cache
def _abbreviations(lang: Lang) -> dict[str, Term]:
    return {term.short: term for term in glossary(lang) if term.is_abbreviation}


@cache
def _pattern(lang: Lang) -> re.Pattern[str]:
    names = sorted(_abbreviations(lang), key=len, reverse=True)
    return re.compile(rf"(?<![\w&#])(?:{'|'.join(map(re.escape, names))})(?!\w)")


STYLE = f"""<style>
.ds-term {{ position: relative; text-decoration: underline dotted {ACCENT}; text-underline-offset: .18em;
  cursor: help; border-radius: 2px; }}
.ds-term:focus-visible {{ outline: 3px solid {ACCENT}; outline-offset: 2px; }}
/* Out of sight it is still read aloud; in sight it is a small card under the word. */
.ds-tip {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
.ds-term:hover > .ds-tip, .ds-term:focus > .ds-tip {{ top: 100%; left: var(--ds-shift, 0px); z-index: 1000; width: max-content;
  max-width: min(20rem, 86vw); height: auto; padding: .45rem .6rem; overflow: visible; clip-path: none; white-space: normal;
  font-size: .84rem; font-weight: 400; line-height: 1.35; text-align: left; color: {INK}; background: #FFFFFF;
  border: 1px solid {ACCENT}; border-radius: 6px; box-shadow: 0 2px 10px rgb(0 0 0 / .18); }}
.ds-tip b {{ font-size: inherit !important; font-weight: 700 !important; line-height: inherit !important;
  white-space: normal !important; }}
.ds-no-tips .ds-tip {{ display: none; }}
</style>"""
"""How an explained term looks."""
