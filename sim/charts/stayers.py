"""How long do children wait? Of 100 children who came on a list, how many still wait after so many weeks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.charts.numbers import number
from sim.charts.style import GREY, INK, PALE, dress, head, see_through


@dataclass(frozen=True)
class StayersLine:
    """One scenario.

    Attributes:
        name: At the line.
        weeks: Weeks since the child came on the list.
        middle, low, high: Of 100 children, those who still wait: mean and band of the runs.
        colour: Colour of the line and its band.
        dash: Kind of line.
        longest: Longest wait of the cohort, in weeks (NaN = unknown).
        longest_label, longest_short: The same in words, and short.
    """

    name: str
    weeks: tuple[float, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    colour: str
    dash: str = "solid"
    longest: float = math.nan
    longest_label: str = ""
    longest_short: str = ""


def stayers(
    lines: Sequence[StayersLine], *, title: str, counted: str, axis: str, tip: str, height: int = 360
) -> go.Figure:
    """Draw how many of 100 children still wait, and the longest wait as a mark on the axis.

    Args:
        lines: The scenario in colour last.
        title: The message, as a sentence.
        counted: What is counted, under the title.
        axis: Words under the axis of weeks.
        tip: Words with `{weeks}` and `{children}` when a point is pointed at.
        height: Pixels.
    """
    figure = go.Figure()
    for line in lines:
        figure.add_scatter(
            x=[*line.weeks, *reversed(line.weeks)], y=[*line.high, *reversed(line.low)], fill="toself", mode="lines",
            fillcolor=see_through(line.colour, 0.18), line={"width": 0}, hoverinfo="skip", name="",
        )  # fmt: skip
    for line in lines:
        figure.add_scatter(
            x=line.weeks, y=line.middle, mode="lines+markers", name=line.name,
            line={"color": line.colour, "width": 3, "dash": line.dash}, marker={"size": 7, "color": line.colour},
            customdata=[
                tip.format(weeks=number(w), children=f"{number(m)} ({number(a)} – {number(b)})")
                for w, m, a, b in zip(line.weeks, line.middle, line.low, line.high, strict=True)
            ],
            hovertemplate=f"<b>{line.name}</b><br>%{{customdata}}<extra></extra>",
        )  # fmt: skip
    _names(figure, lines)
    longest = [line for line in lines if not math.isnan(line.longest)]
    for i, line in enumerate(longest):
        figure.add_scatter(
            x=[line.longest], y=[0], mode="markers", name=line.longest_label, cliponaxis=False,
            marker={"symbol": "diamond", "size": 13, "color": line.colour, "line": {"color": "white", "width": 1}},
            hovertemplate=f"{line.longest_label}<extra></extra>",
        )  # fmt: skip
        figure.add_annotation(
            x=line.longest, y=0, yshift=14 + 17 * (len(longest) - 1 - i), yanchor="bottom", showarrow=False,
            text=f"◆ {line.longest_short}", font={"size": 12, "color": line.colour}, bgcolor="rgba(255,255,255,0.8)",
        )  # fmt: skip
    far = max([1.0, *(w for line in lines for w in line.weeks), *(x.longest for x in longest)])
    figure.update_xaxes(
        title={"text": axis, "font": {"size": 12.5, "color": INK}, "standoff": 6}, range=[0, far * 1.12], showgrid=False,
        tickvals=[w for w in (0, 13, 26, 52, 78, 104, 156, 208, 260) if w <= far], zeroline=True, zerolinecolor=GREY,
    )  # fmt: skip
    figure.update_yaxes(range=[0, 106], gridcolor=PALE, zeroline=True, zerolinecolor=GREY, nticks=6)
    dress(figure, title, counted, height)
    figure.update_layout(margin={"l": 34, "r": 14, "t": head(title), "b": 46}, hovermode="closest")
    return figure


def _names(figure: go.Figure, lines: Sequence[StayersLine]) -> None:
    """Write each name above the lines, with a thin leader to its own; the higher line first."""
    drawn = [line for line in lines if line.weeks]
    for place, line in enumerate(sorted(drawn, key=lambda x: -sum(x.middle[:4]))):
        at = min(2 + place, len(line.weeks) - 1)
        figure.add_annotation(
            x=line.weeks[at], y=line.middle[at], text=f"<b>{line.name}</b>", showarrow=True, arrowhead=0, arrowwidth=1.2,
            arrowcolor=line.colour, ax=26 + 10 * place, ay=-30, xanchor="left", font={"size": 12.5, "color": line.colour},
            bgcolor="rgba(255,255,255,0.8)", borderpad=1,
        )  # fmt: skip
