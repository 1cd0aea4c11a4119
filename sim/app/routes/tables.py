"""The picture of routes in words and rows: its message, its text alternative, its table and the list of letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sim.app.answer import children_range, ranged
from sim.app.knobs import Knob
from sim.app.language import own, words
from sim.app.look import QUIET
from sim.app.routes.flows import (
    Flow,
    Picture,
    at_station,
    difference_words,
    plain,
    together,
)
from sim.app.routes.letters import FROM, LIST, SEAT, Spot
from sim.app.scene import children
from sim.charts.style import ACCENT, INK
from sim.scenario.levers import levers_of
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario

T = words("routes")
_MOST_POINTS = 6
STYLE = f"""<style>
.ds-letters {{ display: grid; gap: .5rem; margin: .4rem 0 0 !important; padding: 0 !important; }}
.ds-letters > div {{ display: grid; grid-template-columns: 1.7rem 1fr; gap: .5rem; align-items: start; }}
.ds-letters dt {{ text-align: center; font-weight: 700; font-size: .85rem; color: {ACCENT};
  border: 1.5px solid {ACCENT}; border-radius: 3px; }}
.ds-letters dt, .ds-letters dd {{ margin: 0 !important; padding: 0 !important; }}
.ds-letters dd {{ font-size: .85rem; line-height: 1.3; color: {INK}; }}
.ds-letters small {{ display: block; font-size: .76rem; color: {QUIET}; }}
.ds-steps {{ margin: .3rem 0 0 !important; padding-left: 1.4rem !important; }}
.ds-steps li {{ margin: 0 0 .3rem; font-size: .85rem; line-height: 1.3; color: {INK}; }}
</style>"""


@dataclass(frozen=True)
class LetterRow:
    """One slider in the list of letters.

    Attributes:
        letter: Its letter.
        title: Its title.
        where: Where it works, in words.
        is_set: The chosen idea changes it.
    """

    letter: str
    title: str
    where: str
    is_set: bool


def message(shown: Picture) -> str:
    """How often a child comes on a list in the year, and how often one gets a seat."""
    return str(
        T.SANKEY_TITLE.format(
            listed=ranged(shown.count(target=LIST)), placed=ranged(shown.count(target=SEAT))
        )
    )


def note(shown: Picture) -> str:
    """What is not drawn."""
    return str(T.SANKEY_NOTE.format(hidden=ranged(shown.hidden), upward=ranged(shown.upward)))


def sankey_alt(shown: Picture, region: Region, name: str) -> str:
    """The picture in words: its largest flows."""
    pairs: dict[tuple[str, str], float] = {}
    for link in shown.links:
        pairs[link.source, link.target] = pairs.get((link.source, link.target), 0.0) + link.children
    largest = sorted(pairs, key=lambda pair: -pairs[pair])[:_MOST_POINTS]
    points = "; ".join(
        f"{T.FROM_TO.format(source=plain(a, region), target=plain(b, region))}: "
        f"{ranged(together(f for f in shown.flows if f.pair == (a, b)).level)}"
        for a, b in largest
    )
    return str(T.SANKEY_ALT.format(year=shown.year, name=name, points=points))


def flow_table(
    shown: Picture, region: Region, against: str = ""
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Head and rows: what the stations of the picture count, from top to bottom, and then the flows, the largest first.

    Args:
        shown: The picture.
        region: For the names.
        against: Name of what is compared with; "" = nothing.
    """
    columns = T.TABLE_COLUMNS
    head = [columns[k] for k in ("source", "target", "type", "children", "range")]
    if against:
        head += [against[:1].upper() + against[1:], columns["difference"]]
    stations = [at_station(shown.flows, n.id, comes=not n.id.startswith(FROM)) for n in shown.nodes]
    found = [f for f in (*stations, *shown.flows) if _shown(f)]
    return head, [_row(f, region, compares=bool(against)) for f in found]


def letter_rows(
    knobs: Sequence[Knob], spots: Mapping[str, Spot], named: Mapping[str, str], shown: Picture, region: Region
) -> list[LetterRow]:
    """The sliders with their letters, in the order of the page Verken."""
    nodes = {n.id for n in shown.nodes}
    pairs = {(link.source, link.target) for link in shown.links}
    return [
        LetterRow(
            named[k.path], own(k.lever.title), _where(spots[k.path], nodes, pairs, region), k.is_set
        )
        for k in knobs
    ]  # fmt: skip


def without_letter(scenario: Scenario, named: Mapping[str, str]) -> str:
    """What the scenario changes beside the sliders, in words; empty when there is nothing."""
    levers = levers_of(scenario.region)
    names = [own(levers[path].title) for path in scenario.levers if path not in named and path in levers]
    return str(T.LETTERS_MORE.format(names="; ".join(names))) if names else ""


def list_of_letters(rows: Sequence[LetterRow]) -> str:
    """The list of letters as HTML."""
    items = "".join(
        f"<div><dt>{escape(row.letter)}</dt><dd>{_title(row)}<small>{escape(row.where)}</small></dd></div>"
        for row in rows
    )
    return f'<dl class="ds-letters">{items}</dl>'


def _title(row: LetterRow) -> str:
    return f"<b>{escape(row.title)}</b>" if row.is_set else escape(row.title)


def _where(at: Spot, nodes: set[str], pairs: set[tuple[str, str]], region: Region) -> str:
    if at.elsewhere:
        return str(T.LETTER_ELSEWHERE[at.elsewhere])
    if at.source:
        text = T.LETTER_FLOW if (at.source, at.node) in pairs else T.LETTER_FLOW_SMALL
        return str(text.format(source=plain(at.source, region), target=plain(at.node, region)))
    text = T.LETTER_AT if at.node in nodes else T.LETTER_SMALL
    return str(text.format(name=plain(at.node, region)))


def _shown(f: Flow) -> bool:
    """Flows of which nobody would see a child are left out."""
    return children(f.level.middle) != "0" or children(f.before.middle) != "0"


def _row(f: Flow, region: Region, *, compares: bool) -> tuple[str, ...]:
    kind = own(region.place_types[f.type].title) if f.type else "–"
    source, target = (plain(end, region) if end else T.ALL_TOGETHER for end in f.pair)
    cells = (source, target, kind, children(f.level.middle), children_range(*f.level.outer))
    if not compares:
        return cells
    change = T.SAME if f.difference.nothing else difference_words(f.difference)
    return (*cells, ranged(f.before), change)
