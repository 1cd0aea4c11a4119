"""Where does it not fit? Children in each kind of school, with a mark for its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.charts.style import GREY, INK, PALE, dress, tint


@dataclass(frozen=True)
class PlacesRow:
    """One kind of school.

    Attributes:
        place_type: Its id (decides the colour).
        name: Its name on the axis.
        children: Children on the count date, in the chosen scenario.
        seats: Places on that date.
        before: Children on that date in what is compared with (None: nothing to compare with).
        label: Text at the end of the bar.
        queue: Smaller text below it.
        waiting: Children who wait for this kind of school.
        tip: All counts with their ranges, beside the pointer.
    """

    place_type: str
    name: str
    children: float
    seats: float
    before: float | None
    label: str
    queue: str = ""
    waiting: float = 0.0
    tip: str = ""

    @property
    def waits_beside_room(self) -> bool:
        """Children wait while places are empty."""
        return self.waiting >= 1 and self.seats - self.children >= 1


def places(
    rows: Sequence[PlacesRow], *, title: str, counted: str, colours: dict[str, str], height: int = 330
) -> go.Figure:
    """Draw children (bar; its light part waits) against places (black mark); the thin grey bar is what is compared with.

    Args:
        rows: From top to bottom.
        title: The message, as a sentence.
        counted: What is counted, and when, under the title.
        colours: Place type -> colour (`sim.charts.style.type_colours`).
        height: Pixels.
    """
    figure = go.Figure()
    top = max([1.0, *(max(r.children + r.waiting, r.seats, r.before or 0.0) for r in rows)])
    for i, row in enumerate(rows):
        colour = colours.get(row.place_type, GREY)
        figure.add_bar(
            x=[row.children],
            y=[i],
            orientation="h",
            width=0.42,
            offset=-0.26,
            marker={"color": tint(colour, 0.85)},
            hovertext=row.tip or row.label,
            hovertemplate=f"<b>{row.name}</b><br>%{{hovertext}}<extra></extra>",
            name=row.name,
        )
        if row.waiting > 0:
            figure.add_bar(
                x=[row.waiting],
                base=[row.children],
                y=[i],
                orientation="h",
                width=0.42,
                offset=-0.26,
                marker={"color": tint(colour, 0.3), "line": {"color": colour, "width": 1}},
                hoverinfo="skip",
                name="",
            )
        if row.before is not None:
            figure.add_bar(
                x=[row.before],
                y=[i],
                orientation="h",
                width=0.14,
                offset=0.2,
                marker={"color": tint(GREY, 0.6)},
                hoverinfo="skip",
                name="",
            )
        figure.add_shape(
            type="line",
            x0=row.seats,
            x1=row.seats,
            y0=i - 0.36,
            y1=i + 0.26,
            line={"color": INK, "width": 3.5},
        )
        figure.add_annotation(
            x=max(row.children + row.waiting, row.seats, row.before or 0.0),
            y=i - 0.05,
            text=_label(row),
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"size": 12, "color": INK},
            align="left",
            bgcolor="rgba(255,255,255,0.8)",
        )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[r.name for r in rows],
        range=[len(rows) - 0.5, -0.6],
        showgrid=False,
        zeroline=False,
        ticklabelstandoff=6,
    )
    figure.update_xaxes(range=[0, top * 1.36], gridcolor=PALE, zeroline=True, zerolinecolor=GREY, nticks=5)
    dress(figure, title, counted, height)
    figure.update_layout(barmode="overlay", margin={"l": 10, "r": 4, "t": 54, "b": 26})
    figure.update_yaxes(automargin="left")
    return figure


def _label(row: PlacesRow) -> str:
    small = f"<br><span style='font-size:11.5px;color:{GREY}'>{row.queue}</span>" if row.queue else ""
    return f"{row.label}{small}"
