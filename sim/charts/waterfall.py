"""What does it come from? A change built up from its parts, from the measure itself to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

import plotly.graph_objects as go

from sim.charts.style import ACCENT, GREY, INK, PALE, dress, see_through

ROW = 60
"""Pixels per row: a name of at most two lines, and its bar below it."""
LINE = 46
"""Signs of a name and its label that fit beside each other on a telephone."""
Piece = Literal["measure", "cause", "interaction", "total"]
_MARGIN = {"l": 8, "r": 10, "t": 56, "b": 30}
_NAME, _THICK, _DOWN = 0.1, 0.32, 0.26
_COLOURS: dict[Piece, str] = {"measure": ACCENT, "cause": "#7FA3C4", "interaction": GREY, "total": INK}
# A pattern tells the rest from the causes without colour.
_PATTERNS: dict[Piece, str] = {"measure": "", "cause": "", "interaction": "/", "total": ""}


@dataclass(frozen=True)
class WaterfallRow:
    """One part of a change, or the whole.

    Attributes:
        name: Above its bar.
        label: Behind its name: how much, and in which direction, in words.
        piece: The measure itself, a cause, the interaction, or the whole.
        value: Its mean.
        low, high: Where eight in ten runs lie.
    """

    name: str
    label: str
    piece: Piece
    value: float
    low: float
    high: float


def waterfall(rows: Sequence[WaterfallRow], *, title: str, counted: str, less: str, more: str) -> go.Figure:
    """Draw parts from top to bottom, each where the one before it ends; the whole starts at zero again.

    Args:
        rows: The parts, and the whole last.
        title: The message, as a sentence.
        counted: What is counted, and over which years, under the title.
        less: Words at the left of zero.
        more: Words at its right.
    """
    figure = go.Figure()
    starts = _starts(rows)
    reach = [0.0]
    for i, (row, start) in enumerate(zip(rows, starts, strict=True)):
        end = start + row.value
        reach += [start, end, start + row.low, start + row.high]
        figure.add_bar(
            x=[row.value], base=[start], y=[i + _DOWN], orientation="h", width=_THICK, name=row.name,
            marker={
                "color": _COLOURS[row.piece],
                "pattern": {"shape": _PATTERNS[row.piece], "bgcolor": _COLOURS[row.piece], "fgcolor": "white", "size": 6},
            },
            hovertemplate=f"<b>{row.name}</b><br>{row.label}<extra></extra>",
        )  # fmt: skip
        # Where eight in ten runs let this part end.
        figure.add_shape(
            type="line", x0=start + row.low, x1=start + row.high, y0=i + _DOWN, y1=i + _DOWN,
            line={"color": see_through(INK, 0.55), "width": 2},
        )  # fmt: skip
        if i + 1 < len(rows):
            figure.add_shape(
                type="line", x0=end, x1=end, y0=i + _DOWN, y1=i + 1 + _DOWN, layer="below",
                line={"color": GREY, "width": 1, "dash": "dot"},
            )  # fmt: skip
        figure.add_annotation(
            x=0, xref="paper", y=i + _NAME, showarrow=False, xanchor="left", yanchor="bottom", align="left",
            text=_named(row), font={"size": 12.5, "color": INK},
            bgcolor="rgba(255,255,255,0.8)", borderpad=0,
        )  # fmt: skip
    low, high = min(reach), max(reach)
    room, beside = 0.06 * (high - low) or 1.0, 0.16 * (high - low)
    figure.add_vline(x=0, line={"color": INK, "width": 1.5})
    for text, side in ((f"← {less}", "right"), (f"{more} →", "left")):
        figure.add_annotation(
            x=0, y=len(rows) - 0.2, text=text, showarrow=False, xanchor=side, yanchor="bottom",
            xshift=-5 if side == "right" else 5, font={"size": 12, "color": GREY},
        )  # fmt: skip
    figure.update_xaxes(
        range=[min(low - room, -beside), max(high + room, beside)],
        gridcolor=PALE,
        zeroline=False,
        nticks=6,
        separatethousands=True,
        exponentformat="none",
    )
    figure.update_yaxes(range=[len(rows) - 0.2, -0.55], showgrid=False, zeroline=False, showticklabels=False)
    dress(figure, title, counted, _MARGIN["t"] + _MARGIN["b"] + ROW * len(rows) + 16)
    figure.update_layout(margin=_MARGIN, barmode="overlay", hovermode="closest")
    return figure


def _named(row: WaterfallRow) -> str:
    """The name and how much it is, in lines that fit on a telephone."""
    lines = wrap(row.name, LINE) or [""]
    beside = len(lines[-1]) + len(row.label) < LINE
    name = "<br>".join(f"<b>{line}</b>" if row.piece in ("measure", "total") else line for line in lines)
    return f"{name}{'  ' if beside else '<br>'}<span style='color:{GREY}'>{row.label}</span>"


def _starts(rows: Sequence[WaterfallRow]) -> list[float]:
    """Where each bar begins: at the end of the parts before it; the whole at zero."""
    found, at = [], 0.0
    for row in rows:
        found.append(0.0 if row.piece == "total" else at)
        at += row.value
    return found
