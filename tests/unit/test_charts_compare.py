"""Charts of the page Vergelijk: intervals per scenario, and a change built up from its parts."""

from __future__ import annotations

import numpy as np
import pytest

from sim.charts.bands import Spread, spread
from sim.charts.intervals import ROW, IntervalRow, IntervalWords, intervals
from sim.charts.style import ACCENT, GREY
from sim.charts.waterfall import WaterfallRow, waterfall

LEVELS = IntervalWords("kinderen")
DIFFERENCES = IntervalWords("kinderen", "minder", "meer")


def row(name: str, centre: float, wide: float = 12.0, **more: object) -> IntervalRow:
    luck = np.linspace(-4, 4, 30)
    s = spread(centre + luck, centre + luck / 4 * wide)
    return IntervalRow(name, s, f"{centre:g}", **more)  # type: ignore[arg-type]


def bars(figure, y: int) -> list[tuple[float, float]]:
    found = [(s.x0, s.x1) for s in figure.layout.shapes if s.type == "rect" and round((s.y0 + s.y1) / 2) == y]
    return sorted(found, key=lambda b: b[0])


def test_intervals_show_a_dot_on_chance_on_assumptions() -> None:
    one = row("Eén", 40.0)
    drawn = intervals([one], title="Een zin", words=LEVELS)
    wide, chance = bars(drawn, 0)
    assert wide == (one.spread.wide_low, one.spread.wide_high)
    assert chance == (one.spread.low, one.spread.high)
    assert wide[0] < chance[0] < drawn.data[0].x[0] < chance[1] < wide[1]


def test_levels_start_at_zero_and_have_no_line_there() -> None:
    drawn = intervals([row("a", 40.0), row("b", 60.0)], title="", words=LEVELS)
    assert drawn.layout.xaxis.range[0] == 0
    assert not [s for s in drawn.layout.shapes if s.type == "line"]


def test_differences_have_a_line_at_zero_with_words_on_both_sides() -> None:
    one = row("a", -20.0)
    drawn = intervals([one], title="", words=DIFFERENCES)
    assert [s.x0 for s in drawn.layout.shapes if s.type == "line"] == [0]
    assert {"← minder", "meer →"} <= {a.text for a in drawn.layout.annotations}
    low, high = drawn.layout.xaxis.range
    assert low < one.spread.wide_low and 0 < high < 10


def test_names_and_labels_stand_at_the_bars_and_there_is_no_legend() -> None:
    drawn = intervals([row("zo doorgaan", 50, baseline=True), row("Idee", 40)], title="", words=LEVELS)
    texts = [a.text for a in drawn.layout.annotations]
    assert not drawn.layout.showlegend
    assert "zo doorgaan" in texts[0] and "50" in texts[0] and "Idee" in texts[1]
    assert [t.marker.line.color for t in drawn.data] == [GREY, ACCENT]


def test_a_chart_grows_with_its_rows() -> None:
    heights = [intervals([row("a", 1.0)] * n, title="", words=LEVELS).layout.height for n in (2, 5)]
    assert heights[1] - heights[0] == 3 * ROW


def test_without_drawn_runs_there_is_one_bar() -> None:
    s = spread(np.linspace(0, 10, 30), np.empty(0))
    drawn = intervals([IntervalRow("a", s, "")], title="", words=LEVELS)
    assert bars(drawn, 0) == [(s.low, s.high)]


def test_rows_without_a_number_leave_the_axis_alone() -> None:
    nothing = Spread(*[float("nan")] * 5, 0, 0)
    drawn = intervals([row("a", 40.0), IntervalRow("b", nothing, "–")], title="", words=LEVELS)
    assert np.isfinite(drawn.layout.xaxis.range).all()


PARTS = (
    WaterfallRow("De maatregel zelf", "20 minder", "measure", -20.0, -25.0, -15.0),
    WaterfallRow("Meer plaatsen, meer vragen", "8 meer", "cause", 8.0, 2.0, 14.0),
    WaterfallRow("Samenspel", "1 minder", "interaction", -1.0, -4.0, 3.0),
    WaterfallRow("Samen", "13 minder", "total", -13.0, -18.0, -8.0),
)


def fall():
    return waterfall(PARTS, title="Een zin", counted="kinderen", less="minder", more="meer")


def test_each_part_begins_where_the_one_before_ends() -> None:
    drawn = fall()
    ends = [t.base[0] + t.x[0] for t in drawn.data]
    assert [t.base[0] for t in drawn.data] == [0.0, *ends[:2], 0.0]
    assert ends[2] == pytest.approx(ends[3])


def test_whiskers_show_where_eight_in_ten_runs_let_a_part_end() -> None:
    lines = [s for s in fall().layout.shapes if s.type == "line" and s.y0 == s.y1 and s.yref != "paper"]
    assert [(s.x0, s.x1) for s in lines] == [(-25, -15), (-18, -6), (-16, -9), (-18, -8)]


def test_parts_are_told_apart_without_colour() -> None:
    """Names at the bars, a pattern for the rest, and words instead of red and green."""
    drawn = fall()
    texts = " ".join(a.text for a in drawn.layout.annotations)
    assert all(p.name in texts and p.label in texts for p in PARTS)
    assert [t.marker.pattern.shape for t in drawn.data] == ["", "", "/", ""]
    assert not drawn.layout.showlegend
    assert {"← minder", "meer →"} <= {a.text for a in drawn.layout.annotations}


def test_a_long_name_is_broken_into_lines() -> None:
    long = WaterfallRow(
        "Op de gewone school zonder hulp: kans op SO, vergeleken met SBO", "8 meer", "cause", 8, 2, 9
    )
    drawn = waterfall([long, PARTS[-1]], title="", counted="", less="", more="")
    text = drawn.layout.annotations[0].text
    assert text.count("<br>") == 1 and "8 meer" in text


def test_the_axis_holds_all_bars_and_zero() -> None:
    low, high = fall().layout.xaxis.range
    assert low < -25 and high > 0
