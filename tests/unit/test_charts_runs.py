"""Charts of single runs: were there enough, and where do they lie?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.charts.dots import DotsWords, dots, s_curve, stacked, summary
from sim.charts.enough import MOST_RUNS, EnoughWords, enough, half_width, needed, running
from sim.charts.language import speak
from sim.charts.style import ACCENT, tint

WORDS = DotsWords(
    "toeval", "toeval en aannames", "kinderen", "geen verschil", "{run}: {value}", "{share} {value}", "deel"
)
ENOUGH = EnoughWords("gemiddeld verschil", "marge", "smal genoeg", "genoeg bij {runs}", "doorrekeningen")
RNG = np.random.default_rng(3)
VALUES = RNG.normal(-40, 10, 50)


@pytest.fixture(autouse=True)
def dutch() -> None:
    speak("nl")


def test_the_running_mean_is_that_of_the_runs_so_far_with_its_t_interval() -> None:
    table = running(VALUES)
    for n in (2, 7, 50):
        row = table.set_index("runs").loc[n]
        assert row["middle"] == pytest.approx(VALUES[:n].mean())
        low, high = stats.t.interval(0.95, n - 1, VALUES[:n].mean(), stats.sem(VALUES[:n]))
        assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert np.isnan(table["low"].iloc[0]) and table["runs"].tolist() == list(range(1, 51))


def test_runs_that_are_not_there_are_left_out() -> None:
    holes = np.array([1.0, np.nan, 3.0])
    assert running(holes)["middle"].tolist() == [1.0, 2.0]
    assert running(np.array([])).empty
    assert np.isnan(half_width(np.array([5.0])))


def test_large_numbers_lose_no_digits() -> None:
    assert running(VALUES + 1e9)["high"].iloc[-1] - 1e9 == pytest.approx(
        running(VALUES)["high"].iloc[-1], abs=1e-4
    )


@pytest.mark.parametrize("wanted", [0.5, 2.0, 5.0])
def test_the_runs_needed_make_the_interval_just_narrow_enough(wanted: float) -> None:
    n = needed(VALUES, wanted)
    assert n is not None
    deviation = VALUES.std(ddof=1)
    half = [stats.t.ppf(0.975, k - 1) * deviation / np.sqrt(k) for k in (n - 1, n)]
    assert half[1] <= wanted < half[0]


def test_too_few_runs_say_nothing_and_equal_runs_are_enough_at_once() -> None:
    assert needed(np.array([1.0]), 1.0) is None
    assert needed(np.full(12, 7.0), 1.0) == 2
    assert needed(np.array([-1e9, 1e9] * 6), 1e-9) == MOST_RUNS


def test_enough_draws_line_band_and_width_with_labels_at_the_lines() -> None:
    drawn = enough(running(VALUES), title="Een zin", words=ENOUGH, wanted=5.0, need=18)
    assert [t.name for t in drawn.data] == ["marge", "gemiddeld verschil"]
    texts = [a.text for a in drawn.layout.annotations]
    assert texts == ["smal genoeg", "gemiddeld verschil", "genoeg bij 18"]
    assert not drawn.layout.showlegend and drawn.layout.title.text.startswith("Een zin<br>")
    lines = sorted(s.y0 for s in drawn.layout.shapes if s.y0 == s.y1)
    assert np.diff(lines) == pytest.approx(10.0)


def test_enough_leaves_out_a_need_that_lies_far_ahead() -> None:
    drawn = enough(running(VALUES), title="", words=ENOUGH, wanted=0.5, need=1600)
    assert drawn.layout.xaxis.range[1] == 75
    assert len(drawn.layout.annotations) == 2


def test_every_run_is_one_dot_and_no_two_dots_lie_on_each_other() -> None:
    drawn = dots(VALUES, VALUES * 2, title="Een zin", words=WORDS)
    rows = [t for t in drawn.data if t.name]
    assert [(t.name, len(t.x), t.marker.color) for t in rows] == [
        ("toeval", 50, ACCENT), ("toeval en aannames", 50, tint(ACCENT, 0.55)),
    ]  # fmt: skip
    places = [(x, y) for t in rows for x, y in zip(t.x, t.y, strict=True)]
    assert len(set(places)) == 100
    # Chance stands above assumptions, and neither touches the other.
    assert min(rows[0].y) > max(rows[1].y)
    assert "1: −" in rows[0].hovertext[0]


def test_dots_without_drawn_runs_have_one_row() -> None:
    drawn = dots(VALUES, np.array([]), title="", words=WORDS)
    assert [t.name for t in drawn.data if t.name] == ["toeval"]
    assert not dots(np.array([]), np.array([np.nan]), title="", words=WORDS).data


def test_a_pile_counts_from_one_and_dots_keep_the_order_of_the_runs() -> None:
    x, y = stacked(np.array([1.2, 5.0, 1.1]), np.linspace(0, 10, 11))
    assert x.tolist() == [1.5, 5.5, 1.5] and y.tolist() == [2, 1, 1]


def test_differences_have_the_line_of_no_difference_in_sight_and_levels_have_not() -> None:
    drawn = dots(VALUES, VALUES, title="", words=WORDS)
    assert drawn.layout.xaxis.range[0] < 0 < drawn.layout.xaxis.range[1]
    level = DotsWords("a", "b", "c", "", "{run}{value}", "{share}{value}", "d")
    assert dots(VALUES + 500, VALUES + 500, title="", words=level).layout.xaxis.range[0] > 400


def test_the_curve_is_the_share_of_the_runs_at_or_under_a_value() -> None:
    drawn = s_curve(VALUES, VALUES * 2, title="", words=WORDS)
    line = next(t for t in drawn.data if t.name == "toeval")
    at = sorted(VALUES)[24]
    assert line.line.shape == "hv" and line.y[list(line.x).index(at)] == pytest.approx(0.5)
    assert {t.line.dash for t in drawn.data} == {"solid", "dash"}


def test_a_summary_has_the_quantiles_of_the_runs() -> None:
    s = summary(np.append(VALUES, np.nan))
    assert (s.runs, s.least, s.most) == (50, VALUES.min(), VALUES.max())
    assert (s.low, s.middle, s.high) == pytest.approx(tuple(np.quantile(VALUES, [0.1, 0.5, 0.9])))
    assert summary(np.array([])).runs == 0
