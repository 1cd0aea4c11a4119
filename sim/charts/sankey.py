"""How do children go? Flows from top to bottom, one ribbon per kind of school; the letter of a slider where it acts.

From top to bottom, and not from left to right, because then it fits on a telephone as well as on a wall. A ribbon that skips
a row gets a free lane there, so it does not run over a station with which it has nothing to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import plotly.graph_objects as go

from sim.charts.style import ACCENT, GREY, INK, PALE, dress, head, see_through, tint

ROW = 88
"""Pixels from one row of stations to the next."""
_BAR, _GAP, _STEPS = 0.15, 0.02, 14
_RIBBON = 0.5
# Part of the width that a letter of a name, and the letter of a slider, needs on the narrowest screen.
_LETTER = 0.0158
_BADGE = 0.062


@dataclass(frozen=True)
class SankeyNode:
    """One station.

    Attributes:
        id: Its id.
        name: Its name, with line breaks (`<br>`) where it is long.
        row: From top to bottom.
        place: Where in its row: from left (0) to right (1); only the order counts.
        colour: Colour of the bar.
        label: Number behind the name.
        tip: Text when pointed at.
        letters: Letters of the sliders that act here.
    """

    id: str
    name: str
    row: int
    place: float
    colour: str = GREY
    label: str = ""
    tip: str = ""
    letters: str = ""


@dataclass(frozen=True)
class SankeyLink:
    """Children who go from one station to another below it.

    Attributes:
        source, target: Ids of stations.
        children: Width of the ribbon.
        colour: Its colour.
        tip: Text when pointed at.
    """

    source: str
    target: str
    children: float
    colour: str = GREY
    tip: str = ""


@dataclass
class _Spot:
    """A station or a free lane, placed."""

    node: SankeyNode | None
    width: float
    order: float
    left: float = 0.0
    above: list[tuple[float, int]] = field(default_factory=list)
    below: list[tuple[float, int]] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


@dataclass(frozen=True)
class Ribbon:
    """Where a piece of a link runs: from `x0` on the lower side of row `row` to `x1` on the upper side of the next."""

    link: int
    row: int
    x0: float
    x1: float
    width: float

    @property
    def middle(self) -> float:
        """Middle of the ribbon, half-way."""
        return (self.x0 + self.x1 + self.width) / 2


@dataclass(frozen=True)
class Drawing:
    """Stations and ribbons with their places, between 0 and 1 across and one unit per row down.

    Attributes:
        bars: Id -> left side and width.
        ribbons: All pieces of all links.
        rows: Number of rows.
    """

    bars: Mapping[str, tuple[float, float]]
    ribbons: tuple[Ribbon, ...]
    rows: int


def arrange(nodes: Sequence[SankeyNode], links: Sequence[SankeyLink]) -> Drawing:
    """Give stations and ribbons their places.

    Args:
        nodes: Stations.
        links: From a station to one in a lower row.
    """
    known = {n.id: n for n in nodes}
    through: dict[str, float] = {}
    for n in nodes:
        went = sum(x.children for x in links if x.source == n.id)
        came = sum(x.children for x in links if x.target == n.id)
        through[n.id] = max(went, came)
    rows: dict[int, list[_Spot]] = {n.row: [] for n in nodes}
    spots = {n.id: _Spot(n, through[n.id], n.place) for n in nodes}
    for n in nodes:
        rows[n.row].append(spots[n.id])
    order = sorted(rows)
    paths: list[list[_Spot]] = []
    for link in links:
        a, b = known[link.source], known[link.target]
        between = [r for r in order if a.row < r < b.row]
        lanes = [
            _Spot(None, link.children, a.place + (b.place - a.place) * (i + 1) / (len(between) + 1))
            for i in range(len(between))
        ]
        for r, lane in zip(between, lanes, strict=True):
            rows[r].append(lane)
        paths.append([spots[a.id], *lanes, spots[b.id]])
    scale = _scale(list(rows.values()))
    for row in rows.values():
        _place(row, scale)
    for i, path in enumerate(paths):
        for a_, b_ in pairwise(path):
            a_.below.append((b_.middle, i))
            b_.above.append((a_.middle, i))
    ribbons = []
    for i, (link, path) in enumerate(zip(links, paths, strict=True)):
        first = order.index(known[link.source].row)
        for step, (a_, b_) in enumerate(pairwise(path)):
            x0, x1 = (_port(s, side, i, links, scale) for s, side in ((a_, a_.below), (b_, b_.above)))
            ribbons.append(Ribbon(i, first + step, x0, x1, link.children * scale))
    bars = {n.id: (spots[n.id].left, spots[n.id].width) for n in nodes}
    return Drawing(bars, tuple(ribbons), len(order))


def sankey(
    nodes: Sequence[SankeyNode],
    links: Sequence[SankeyLink],
    *,
    title: str,
    counted: str,
    flow_letters: Mapping[tuple[str, str], str] | None = None,
) -> go.Figure:
    """Draw stations and the children who go between them.

    Args:
        nodes: Stations.
        links: From a station to one in a lower row.
        title: The message, as a sentence.
        counted: What is counted, under the title.
        flow_letters: Source and target -> letters of the sliders that change this flow.
    """
    drawing = arrange(nodes, links)
    order = sorted({n.row for n in nodes})
    at = {row: i for i, row in enumerate(order)}
    figure = go.Figure()
    for ribbon in drawing.ribbons:
        link = links[ribbon.link]
        x, y = _outline(ribbon)
        figure.add_scatter(
            x=x, y=y, mode="lines", fill="toself", line={"width": 0},
            fillcolor=see_through(link.colour, _RIBBON), hoveron="fills", hoverinfo="text", text=link.tip, name=link.tip,
        )  # fmt: skip
    _lanes(figure, drawing, links)
    for node in nodes:
        left, width = drawing.bars[node.id]
        y0 = at[node.row]
        figure.add_scatter(
            x=[left, left + width, left + width, left, left], y=[y0, y0, y0 + _BAR, y0 + _BAR, y0], mode="lines",
            fill="toself", line={"width": 1, "color": node.colour}, fillcolor=node.colour, hoveron="fills",
            hoverinfo="text", text=node.tip, name=node.tip,
        )  # fmt: skip
        number = f" <b>{node.label}</b>" if node.label else ""
        figure.add_annotation(
            x=left + width / 2, y=y0, yshift=2, yanchor="bottom", text=f"{node.name}{number}", showarrow=False,
            font={"size": 12, "color": INK}, bgcolor="rgba(255,255,255,0.82)", borderpad=1, align="center",
        )  # fmt: skip
        for i, letter in enumerate(_split(node.letters)):
            _letter(figure, letter, left + width / 2, y0 + _BAR / 2, shift=_fan(i, node.letters))
    for pair, letters in (flow_letters or {}).items():
        pieces = [r for r in drawing.ribbons if (links[r.link].source, links[r.link].target) == pair]
        if pieces:
            widest = max(pieces, key=lambda r: (r.width, -r.row))
            for i, letter in enumerate(_split(letters)):
                _letter(
                    figure, letter, widest.middle, widest.row + (1 + _BAR) / 2 - 0.05, shift=_fan(i, letters)
                )
    figure.update_xaxes(range=[0, 1], visible=False)
    figure.update_yaxes(range=[drawing.rows - 1 + _BAR + 0.06, -0.45], visible=False)
    top = head(title)
    dress(figure, title, counted, top + round(ROW * (drawing.rows - 0.4)))
    figure.update_layout(margin={"l": 2, "r": 2, "t": top, "b": 4}, hovermode="closest")
    return figure


@dataclass(frozen=True)
class ChangeRow:
    """How much one flow differs from carrying on.

    Attributes:
        name: From where to where.
        middle, low, high: Mean and band of the paired difference.
        label: In words, at the bar.
        sure: The band excludes zero.
        colour: Colour of the kind of school.
    """

    name: str
    middle: float
    low: float
    high: float
    label: str
    sure: bool
    colour: str = ACCENT


def changes(rows: Sequence[ChangeRow], *, title: str, counted: str) -> go.Figure:
    """Draw the difference per flow as a bar with its band; pale where the band holds zero.

    Args:
        rows: From top to bottom.
        title: The message, as a sentence.
        counted: What is counted, under the title.
    """
    figure = go.Figure()
    reach = max([1.0, *(max(abs(r.low), abs(r.high), abs(r.middle)) for r in rows)]) * 1.12
    for i, row in enumerate(rows):
        figure.add_bar(
            x=[row.middle], y=[i], orientation="h", width=0.24, offset=0.1,
            marker={
                "color": tint(row.colour, 0.85) if row.sure else tint(GREY, 0.35),
                "pattern": {"shape": "" if row.sure else "/", "fgcolor": GREY, "bgcolor": "white", "size": 6},
            },
            error_x={
                "type": "data", "symmetric": False, "array": [row.high - row.middle],
                "arrayminus": [row.middle - row.low], "color": INK, "thickness": 1.5, "width": 5,
            },
            hovertext=row.label, hovertemplate=f"{row.name}<br>%{{hovertext}}<extra></extra>", name=row.name,
        )  # fmt: skip
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=i + 0.04, yanchor="bottom", showarrow=False, align="left",
            text=f"{row.name}<br><b>{row.label}</b>" if row.sure else f"{row.name}<br>{row.label}",
            font={"size": 12.5, "color": INK}, bgcolor="rgba(255,255,255,0.8)", borderpad=1,
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": GREY, "width": 1.5})
    figure.update_xaxes(range=[-reach, reach], gridcolor=PALE, zeroline=False, nticks=7)
    figure.update_yaxes(visible=False, range=[len(rows) - 0.4, -0.66])
    top = head(title)
    dress(figure, title, counted, top + 60 * max(1, len(rows)) + 34)
    figure.update_layout(margin={"l": 8, "r": 8, "t": top, "b": 30}, bargap=0.3)
    return figure


def _scale(rows: Sequence[Sequence[_Spot]]) -> float:
    """Width of one child, so that the fullest row just fits."""

    def needed(scale: float, row: Sequence[_Spot]) -> float:
        return sum(_slot(s, scale) for s in row) + _GAP * max(0, len(row) - 1)

    most = max((sum(s.width for s in row) for row in rows), default=0.0)
    low, high = 0.0, 1.0 / most if most else 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if all(needed(middle, row) <= 1.0 for row in rows) else (low, middle)
    return low


def _slot(spot: _Spot, scale: float) -> float:
    """Width that a station or lane takes: at least that of its name."""
    wide = spot.width * scale
    if spot.node is None:
        return wide
    lines = f"{spot.node.name} {spot.node.label}".split("<br>")
    badges = len(_split(spot.node.letters)) * _BADGE
    return max(wide, (max(map(len, lines)) + 1) * _LETTER, badges)


def _place(row: list[_Spot], scale: float) -> None:
    """Put the stations and lanes of a row beside each other, with what is left of the width between them."""
    row.sort(key=lambda s: (s.order, s.node is None))
    slots = [_slot(s, scale) for s in row]
    space = max(0.0, 1.0 - sum(slots)) / (len(row) + 1)
    at = space
    for spot, slot in zip(row, slots, strict=True):
        spot.width *= scale
        spot.left = at + (slot - spot.width) / 2
        at += slot + space


def _port(
    spot: _Spot, side: list[tuple[float, int]], link: int, links: Sequence[SankeyLink], scale: float
) -> float:
    """Left side of a link where it leaves or meets a station: in the order of where it comes from or goes to."""
    total = sum(links[i].children for _, i in side) * scale
    at = spot.left + (spot.width - total) / 2
    for _, i in sorted(side):
        if i == link:
            return at
        at += links[i].children * scale
    return at


def _outline(ribbon: Ribbon) -> tuple[list[float], list[float]]:
    """Corner points of a ribbon: it leaves and arrives straight down."""
    y0, y1 = ribbon.row + _BAR, float(ribbon.row + 1)
    steps = [i / _STEPS for i in range(_STEPS + 1)]
    left = [ribbon.x0 + (ribbon.x1 - ribbon.x0) * t * t * (3 - 2 * t) for t in steps]
    down = [y0 + (y1 - y0) * t for t in steps]
    right = [x + ribbon.width for x in left]
    return [*left, *reversed(right), left[0]], [*down, *reversed(down), down[0]]


def _lanes(figure: go.Figure, drawing: Drawing, links: Sequence[SankeyLink]) -> None:
    """Let ribbons that skip a row run straight on beside its stations."""
    last = {r.link: r.row for r in sorted(drawing.ribbons, key=lambda r: r.row)}
    for ribbon in drawing.ribbons:
        if ribbon.row < last[ribbon.link]:
            x0, x1, y = ribbon.x1, ribbon.x1 + ribbon.width, ribbon.row + 1
            figure.add_scatter(
                x=[x0, x1, x1, x0, x0], y=[y, y, y + _BAR, y + _BAR, y], mode="lines", fill="toself", line={"width": 0},
                fillcolor=see_through(links[ribbon.link].colour, _RIBBON), hoverinfo="skip", name="",
            )  # fmt: skip


def _split(letters: str) -> list[str]:
    return letters.split()


def _fan(i: int, letters: str) -> float:
    """Pixels aside, so that the letters at one place stand beside each other."""
    return (i - (len(_split(letters)) - 1) / 2) * 23


def _letter(figure: go.Figure, letter: str, x: float, y: float, *, shift: float) -> None:
    figure.add_annotation(
        x=x, y=y, xshift=shift, text=f"<b>{letter}</b>", showarrow=False, font={"size": 13, "color": ACCENT},
        bgcolor="white", bordercolor=ACCENT, borderwidth=1.5, borderpad=2,
    )  # fmt: skip
