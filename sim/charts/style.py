"""Colours and layout that all charts share, so that one thing has one colour on every screen.

The colours of school types are far enough apart for readers with a colour vision deficiency, have at least
3:1 contrast with white, and hold no pair of red and green (`tests/unit/test_charts.py` computes all three).
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from sim.charts.numbers import separators

ACCENT = "#0B4F8A"
GREY = "#6B7280"
INK = "#1F2937"
PALE = "#E5E7EB"
TYPE_COLOURS = ("#C06A00", "#5B3A8E", "#2E8B9A", "#A63D6F", "#4D6A1F", "#7A4B2A", "#3E5C76", "#8C7A00")
DASHES = ("solid", "dash", "dot", "dashdot")
FONT = "'Source Sans', 'Segoe UI', 'Liberation Sans', Arial, sans-serif"


def type_colours(place_types: Sequence[str]) -> dict[str, str]:
    """Give each school type its colour, from its order in the region file."""
    return {kind: TYPE_COLOURS[i % len(TYPE_COLOURS)] for i, kind in enumerate(place_types)}


def tint(colour: str, share: float) -> str:
    """Mix a colour (`#rrggbb`) with white; `share` is the part of the colour (0-1).

    A mixed colour, unlike a see-through one, looks the same where bands lie over each other.
    """
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - c)):02x}" for c in channels)


def see_through(colour: str, share: float) -> str:
    """Return a colour that lets what lies behind it shine through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def head(title: str) -> int:
    """Pixels above a figure; without a title, which then stands above it on the page, hardly any."""
    return 62 if title else 8


def dress(figure: go.Figure, title: str, subtitle: str, height: int) -> go.Figure:
    """Give a figure the house layout: message as title, Dutch numbers, no legend, no frame."""
    figure.update_layout(
        template="none",
        title={
            "text": f"{title}<br><span style='font-size:13px;font-weight:400;color:{GREY}'>{subtitle}</span>"
            if title
            else "",
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 17, "l": 2},
            "font": {"size": 16.5, "color": INK, "weight": 600},
        },
        font={"family": FONT, "size": 13.5, "color": INK},
        separators=separators(),
        showlegend=False,
        height=height,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={
            "bgcolor": "white",
            "bordercolor": GREY,
            "font": {"family": FONT, "size": 13.5, "color": INK},
        },
        dragmode=False,
        uirevision="fixed",
    )
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    return figure
