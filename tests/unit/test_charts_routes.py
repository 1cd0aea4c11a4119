"""Charts of the page Routes: the picture of routes, differences per flow, roads of a child, and who still waits."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from sim.charts.roads import RoadLine, Stretch, roads
from sim.charts.sankey import ChangeRow, SankeyLink, SankeyNode, arrange, changes, sankey
from sim.charts.stayers import StayersLine, stayers
from sim.charts.style import ACCENT, GREY

NODES = [
    SankeyNode("school", "gewone school", 0, 0.3, label="100"),
    SankeyNode("list", "wachtlijst", 1, 0.3, label="60", letters="B"),
    SankeyNode("light", "SBO", 2, 0.1, "#C06A00", "40", letters="A C"),
    SankeyNode("heavy", "SO", 2, 0.9, "#5B3A8E", "30"),
]
LINKS = [
    SankeyLink("school", "list", 60, "#C06A00"),
    SankeyLink("school", "heavy", 20, "#5B3A8E"),
    SankeyLink("list", "light", 40, "#C06A00"),
    SankeyLink("list", "heavy", 10, "#5B3A8E"),
]


def test_a_ribbon_is_as_wide_as_the_children_in_it() -> None:
    drawing = arrange(NODES, LINKS)
    widths = {r.link: r.width for r in drawing.ribbons}
    assert [widths[i] / widths[3] for i in range(4)] == pytest.approx([6, 2, 4, 1])
    assert drawing.bars["school"][1] == pytest.approx(widths[0] + widths[1])


def test_stations_and_ribbons_stay_inside_and_stations_apart() -> None:
    drawing = arrange(NODES, LINKS)
    for left, width in drawing.bars.values():
        assert left >= 0 and left + width <= 1
    for r in drawing.ribbons:
        assert min(r.x0, r.x1) >= -1e-9 and max(r.x0, r.x1) + r.width <= 1 + 1e-9
    row = sorted(drawing.bars[n] for n in ("light", "heavy"))
    assert all(a[0] + a[1] < b[0] for a, b in pairwise(row))


def test_ribbons_meet_their_stations_and_do_not_lie_over_each_other_there() -> None:
    drawing = arrange(NODES, LINKS)
    left, width = drawing.bars["list"]
    leaves = sorted((r.x0, r.x0 + r.width) for r in drawing.ribbons if LINKS[r.link].source == "list")
    assert leaves[0][0] >= left - 1e-9 and leaves[-1][1] <= left + width + 1e-9
    assert all(a[1] <= b[0] + 1e-9 for a, b in pairwise(leaves))


def test_a_link_that_skips_a_row_has_a_lane_of_its_own_there() -> None:
    drawing = arrange(NODES, LINKS)
    first, second = (r for r in drawing.ribbons if r.link == 1)
    assert (first.row, second.row) == (0, 1)
    assert first.x1 == second.x0
    left, width = drawing.bars["list"]
    assert first.x1 >= left + width or first.x1 + first.width <= left


def test_letters_stand_at_stations_and_flows() -> None:
    drawn = sankey(NODES, LINKS, title="Een zin", counted="kinderen", flow_letters={("list", "light"): "D"})
    badges = [a.text for a in drawn.layout.annotations if a.borderwidth]
    assert sorted(badges) == ["<b>A</b>", "<b>B</b>", "<b>C</b>", "<b>D</b>"]
    assert {a.font.color for a in drawn.layout.annotations if a.borderwidth} == {ACCENT}
    names = [a.text for a in drawn.layout.annotations if not a.borderwidth]
    assert "wachtlijst <b>60</b>" in names
    assert drawn.layout.title.text.startswith("Een zin")


def test_a_title_that_stands_on_the_page_takes_no_room_in_the_figure() -> None:
    with_title, without = (sankey(NODES, LINKS, title=t, counted="") for t in ("Een zin", ""))
    assert without.layout.margin.t < with_title.layout.margin.t
    assert not without.layout.title.text


def test_nothing_to_draw_is_no_error() -> None:
    assert arrange([], []).rows == 0
    assert not changes([], title="", counted="").data


def test_an_unclear_difference_is_grey_and_hatched() -> None:
    rows = [
        ChangeRow("lijst → SO", -20, -30, -10, "10 tot 30 minder", True, "#5B3A8E"),
        ChangeRow("lijst → SBO", 3, -2, 8, "niet duidelijk", False, "#C06A00"),
    ]
    bars = changes(rows, title="", counted="").data
    assert [b.marker.pattern.shape for b in bars] == ["", "/"]
    assert bars[0].error_x.array[0] == 10 and bars[0].error_x.arrayminus[0] == 10
    low, high = changes(rows, title="", counted="").layout.xaxis.range
    assert low == -high and high > 30


def line(name: str, *stretches: Stretch) -> RoadLine:
    return RoadLine(name, "wacht 10 weken", stretches)


def test_roads_share_one_axis_and_number_their_stretches() -> None:
    a = Stretch(date(2027, 1, 1), date(2028, 1, 1), "wacht op SO", ACCENT, "/", waits=True)
    b = Stretch(date(2028, 1, 1), date(2028, 1, 20), "besluit", GREY, "x")
    drawn = roads([line("Zo doorgaan", a, b), line("Idee", a)], title="", counted="")
    assert [d.y[0] for d in drawn.data] == [0, 0, 1]
    assert drawn.layout.xaxis.range == (date(2027, 1, 1), date(2028, 1, 20))
    texts = [t.text for t in drawn.layout.annotations]
    assert texts.count("1 wacht op SO") == 2
    assert not any("besluit" in t for t in texts)  # too short for words: the list beside it has them
    assert drawn.data[0].marker.pattern.shape == "/"
    assert sum(s.line.width == 5 for s in drawn.layout.shapes) == 2


def test_roads_mark_the_day_on_which_they_part() -> None:
    a = Stretch(date(2027, 1, 1), date(2028, 1, 1), "wacht", ACCENT)
    drawn = roads([line("Een", a)], title="", counted="", since=(date(2027, 6, 1), "het idee begint"))
    assert "het idee begint" in [t.text for t in drawn.layout.annotations]
    early = roads([line("Een", a)], title="", counted="", since=(date(2020, 6, 1), "het idee begint"))
    assert "het idee begint" not in [t.text for t in early.layout.annotations]


def stay(name: str, colour: str, longest: float) -> StayersLine:
    weeks = (0.0, 4.0, 13.0, 26.0)
    middle = (100.0, 80.0, 50.0, 20.0)
    low, high = (tuple(m + d for m in middle) for d in (-5.0, 5.0))
    return StayersLine(name, weeks, middle, low, high, colour, "solid", longest, "langste", "90 weken")


def test_stayers_names_its_lines_and_the_longest_wait() -> None:
    lines = [stay("zo doorgaan", GREY, 90.0), stay("Idee", ACCENT, float("nan"))]
    drawn = stayers(lines, title="", counted="", axis="weken", tip="na {weeks} weken: {children}")
    texts = [t.text for t in drawn.layout.annotations]
    assert {"<b>zo doorgaan</b>", "<b>Idee</b>", "◆ 90 weken"} == set(texts)
    diamonds = [d for d in drawn.data if d.marker.symbol == "diamond"]
    assert [d.x[0] for d in diamonds] == [90.0]
    assert drawn.layout.xaxis.range[1] > 90 and drawn.layout.yaxis.range[0] == 0
    points = next(d for d in drawn.data if d.name == "Idee")
    assert points.customdata[1] == "na 4 weken: 80 (75 – 85)"


def test_a_band_of_stayers_lies_around_its_line() -> None:
    drawn = stayers([stay("Idee", ACCENT, 90.0)], title="", counted="", axis="", tip="")
    band = next(d for d in drawn.data if d.fill == "toself")
    assert np.ptp(np.array(band.y, dtype=float)) == pytest.approx(90.0)
