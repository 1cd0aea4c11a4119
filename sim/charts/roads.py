"""What happens to one child? Its road in two futures, one bar above the other, on one axis of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from sim.charts.style import GREY, INK, PALE, dress, head, tint

PATTERNS = ("", "/", ".", "x", "-", "|")
"""Patterns beside colours, so that a stretch can be told apart without seeing colours."""
_DAY = 24 * 3600 * 1000
# Part of the width that a letter needs, on a narrow screen as well.
_LETTER = 0.017


@dataclass(frozen=True)
class Stretch:
    """Part of a road.

    Attributes:
        start, end: Dates.
        name: What the child does; stands in the bar when it is long enough, and in the list of stretches.
        colour: Colour of the bar.
        pattern: One of `PATTERNS`.
        tip: Text when pointed at.
        waits: The child waits meanwhile: a thick line under the bar.
        short: Name for a stretch that is shorter.
    """

    start: date
    end: date
    name: str
    colour: str
    pattern: str = ""
    tip: str = ""
    waits: bool = False
    short: str = ""


@dataclass(frozen=True)
class RoadLine:
    """One future.

    Attributes:
        name: Which future.
        summary: Its waits in words, above the bar.
        stretches: In order.
        colour: Colour of its name.
    """

    name: str
    summary: str
    stretches: tuple[Stretch, ...]
    colour: str = INK


def roads(
    lines: Sequence[RoadLine], *, title: str, counted: str, since: tuple[date, str] | None = None
) -> go.Figure:
    """Draw roads above each other.

    Args:
        lines: From top to bottom.
        title: The message, as a sentence.
        counted: What the bars mean, under the title.
        since: Day on which the futures part, and its name.
    """
    figure = go.Figure()
    every = [s for line in lines for s in line.stretches]
    first, last = min(s.start for s in every), max(s.end for s in every)
    whole = (last - first).days
    for i, line in enumerate(lines):
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=i - 0.23, yanchor="bottom", showarrow=False, align="left",
            text=f"<b>{line.name}</b><br>{line.summary}", font={"size": 13, "color": line.colour},
        )  # fmt: skip
        for number, stretch in enumerate(line.stretches, start=1):
            _bar(figure, stretch, i, whole, number)
    if since is not None and first < since[0] < last:
        figure.add_shape(
            type="line", x0=since[0], x1=since[0], y0=-0.24, y1=len(lines) - 0.62,
            line={"color": GREY, "width": 1.5, "dash": "dot"},
        )  # fmt: skip
        figure.add_annotation(
            x=since[0], y=len(lines) - 0.62, yanchor="top", text=since[1], showarrow=False,
            font={"size": 12, "color": GREY},
        )  # fmt: skip
    figure.update_xaxes(
        type="date",
        range=[first, last],
        gridcolor=PALE,
        tickformat="%Y",
        dtick="M12" if whole < 3600 else "M24",
        tick0=f"{first.year}-01-01",
    )
    figure.update_yaxes(visible=False, range=[len(lines) - 0.56, -0.66])
    top = head(title)
    dress(figure, title, counted, top + 150 * len(lines) + 26)
    figure.update_layout(margin={"l": 6, "r": 10, "t": top, "b": 26}, barmode="overlay", hovermode="closest")
    return figure


def _bar(figure: go.Figure, stretch: Stretch, row: int, whole: int, number: int) -> None:
    """One stretch, with its number and as much of its name as fits; the number is that of the list beside the chart."""
    days = (stretch.end - stretch.start).days
    figure.add_bar(
        base=[stretch.start], x=[days * _DAY], y=[row], orientation="h", width=0.42, offset=-0.2,
        marker={
            "color": stretch.colour,
            "line": {"color": "white", "width": 1.5},
            "pattern": {
                "shape": stretch.pattern, "fgcolor": tint(stretch.colour, 0.55), "fgopacity": 1.0, "size": 7,
                "solidity": 0.35,
            },
        },
        hovertext=stretch.tip, hovertemplate="%{hovertext}<extra></extra>", name=stretch.name,
    )  # fmt: skip
    if stretch.waits:
        figure.add_shape(
            type="line", x0=stretch.start, x1=stretch.end, y0=row + 0.27, y1=row + 0.27, line={"color": INK, "width": 5}
        )  # fmt: skip
    share = days / whole if whole else 0.0
    named = [f"{number} {t}" for t in (stretch.name, stretch.short) if t]
    text = next((t for t in (*named, str(number)) if share >= _LETTER * len(t) + _LETTER), "")
    if text:
        figure.add_annotation(
            x=stretch.start + timedelta(days=days / 2), y=row + 0.01, text=text, showarrow=False,
            font={"size": 12, "color": INK}, bgcolor="rgba(255,255,255,0.88)", borderpad=2,
        )  # fmt: skip
