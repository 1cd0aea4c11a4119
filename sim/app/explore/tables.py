"""The numbers of the charts of Verken as tables, rounded as everywhere on screen. Pure: results in, rows out."""

from __future__ import annotations

from collections.abc import Sequence

from sim.app import answer
from sim.app.frame import Grid
from sim.app.language import words
from sim.app.scene import Scene, children
from sim.charts.bands import by_year
from sim.charts.places import PlacesRow
from sim.study.shortage import WAITING

S, T = words("shared"), words("explore")


def waiting(scene: Scene) -> Grid:
    """The numbers of the chart of the list."""
    rows = [
        (
            scene.names[str(r.scenario)], str(r.school_year), children(float(r.middle)),
            answer.children_range(float(r.low), float(r.high)),
            answer.children_range(float(r.wide_low), float(r.wide_high)),
        )
        for r in by_year(scene.results, WAITING).itertuples()
        if r.scenario in scene.names
    ]  # fmt: skip
    head = (S.SCENARIO, S.SCHOOL_YEAR, S.AVERAGE, T.COLUMN_CHANCE, T.COLUMN_WIDE)
    return Grid(T.CHART_WAIT_COUNTED, head, rows)


def places(scene: Scene, rows: Sequence[PlacesRow]) -> Grid:
    """The numbers of the chart of places, each with a column for its range."""
    columns = [
        T.COLUMN_CHILDREN,
        T.COLUMN_SEATS,
        T.COLUMN_WAITING,
        T.COLUMN_BEFORE.format(beside=scene.beside),
    ]
    shown = columns if scene.compares else columns[:-1]
    head = [S.TYPE, *(name for column in shown for name in (column, T.COLUMN_RANGE.format(column=column)))]
    table = []
    for row in rows:
        counts = list(answer.places_counts(scene, row.place_type).values())[: len(shown)]
        cells = (cell for s in counts for cell in (answer.number_and_range(s) if s.known else ("–", "–")))
        table.append([row.name, *cells])
    return Grid(T.CHART_PLACES_COUNTED.format(date=scene.date), head, table)
