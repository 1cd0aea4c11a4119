"""Charts: what is drawn, in which colours, with which words."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
from made_results import TYPES, results, scenario

from sim.charts.bands import by_year, difference, level, spread
from sim.charts.numbers import number, slim
from sim.charts.places import PlacesRow, places
from sim.charts.style import ACCENT, GREY, TYPE_COLOURS, tint, type_colours
from sim.charts.waiting import WaitingWords, waiting

WORDS = WaitingWords("toeval", "toeval en aannames", "vooruitblik", "kinderen")


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def linear(colour: str) -> np.ndarray:
    c = rgb(colour)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast_with_white(colour: str) -> float:
    return 1.05 / (float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05)


# Machado, Oliveira and Fernandes (2009), severity 1: protanopia, deuteranopia, tritanopia.
BLINDNESS = {
    "none": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lab(linear_rgb: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x = (np.array(to_xyz) @ np.clip(linear_rgb, 0, 1)) / [0.9505, 1.0, 1.089]
    f = np.where(x > (6 / 29) ** 3, np.cbrt(x), x / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("colour", [*TYPE_COLOURS, ACCENT, GREY])
def test_colours_stand_out_from_white(colour: str) -> None:
    assert contrast_with_white(colour) >= 3


@pytest.mark.parametrize("kind", BLINDNESS)
def test_neighbouring_school_types_differ_for_every_reader(kind: str) -> None:
    """Colour difference (CIE 1976) of the first five types, which stand in one chart; each has its name beside it."""
    seen = [lab(np.array(BLINDNESS[kind]) @ linear(c)) for c in TYPE_COLOURS[:5]]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) > 11


def test_a_type_keeps_its_colour() -> None:
    assert type_colours(["a", "b"])["b"] == type_colours(["a", "b", "c"])["b"]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.56, 1, "1.234,6"), (-12.0, 0, "−12"), (-0.2, 0, "0"), (float("nan"), 0, "–"), (0.5, 2, "0,50")],
)
def test_numbers_are_written_in_dutch(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


def test_slim_numbers_have_no_needless_decimals() -> None:
    assert [slim(v) for v in (38.0, 0.5, 1.3333, 1000.0, -2.0)] == ["38", "0,5", "1,333", "1.000", "−2"]


def test_bands_are_quantiles_of_the_runs_and_differences_are_paired() -> None:
    found = results({"K02.oct": (-30, 1)})
    year = found.school_years[-1]
    s = level(found, "K02.oct", "anders", year)
    values = found.values["anders", "fixed"][
        :,
        found.positions[next(x for x in found.series if x.indicator == "K02.oct" and x.place_type == "all")],
        -1,
    ]
    assert (s.low, s.high) == pytest.approx(tuple(np.quantile(values, [0.1, 0.9])))
    assert s.middle == pytest.approx(values.mean())
    d = difference(found, "K02.oct", "anders", year)
    # The luck of both sides is the same, so the difference spreads far less than the level.
    assert d.high - d.low < 0.5 * (s.high - s.low)
    assert d.direction == -1 and d.agree == d.wide_runs == 30


def test_a_band_of_assumptions_needs_six_runs() -> None:
    central = np.arange(10.0)
    assert not spread(central, np.arange(5.0)).has_wide
    assert spread(central, np.arange(6.0)).has_wide
    assert spread(central, np.arange(5.0)).outer == spread(central, np.array([])).outer


def test_a_band_needs_six_of_the_runs_asked_not_of_those_there() -> None:
    """Two runs of thirty, or an outcome that one run of thirty defines, are no band and no direction."""
    early = np.full(30, np.nan)
    early[:2] = 5.0, 6.0
    for s in (spread(early, early), spread(early[:2], early[:2], asked=30)):
        assert not s.has_wide and not s.enough and s.direction == 0
    assert not spread(early, np.arange(30.0)).has_wide, "drawn runs around a mean of two"
    assert spread(early[:2], early[:2]).has_wide, "two are all that was asked"


def test_runs_that_differ_at_the_edges_are_not_called_equal() -> None:
    few = np.array([0.0] * 28 + [3.0, -2.0])
    assert spread(np.zeros(30), np.zeros(30)).nothing
    assert not spread(np.zeros(30), few).nothing and not spread(few, np.zeros(30)).nothing
    assert not spread(np.zeros(0), np.zeros(0)).nothing


def test_a_missing_series_is_unknown_and_no_error() -> None:
    found = results({})
    assert not level(found, "K99.none", "anders", found.school_years[-1]).known
    assert not difference(found, "K02.oct", "anders", "1999-2000").known


def figure(focus: str = "anders", **more: object):
    found = results({"K02.oct": (-30, 2)}, scenarios=(scenario("anders"), scenario("derde")), **more)
    names = {"baseline": "zo doorgaan", "anders": "Idee anders", "derde": "Idee derde"}
    return waiting(
        by_year(found, "K02.oct"), title="Een zin", names=names, focus=focus, baseline="baseline",
        first_year="2026-2027", words=WORDS,
    )  # fmt: skip


def test_waiting_draws_two_named_bands_of_two_tints_for_the_scenario_in_colour() -> None:
    bands = [t for t in figure().data if t.fill == "toself"]
    assert [b.name for b in bands] == ["toeval en aannames", "toeval"]
    assert len({b.fillcolor for b in bands}) == 2
    wide, chance = (np.ptp(np.array(b.y, dtype=float)) for b in bands)
    assert wide > chance


def test_waiting_draws_carrying_on_in_grey_and_one_accent() -> None:
    lines = {t.name: t.line for t in figure().data if t.fill is None}
    assert lines["zo doorgaan"].color == GREY
    assert lines["Idee anders"].color == ACCENT
    assert lines["Idee derde"].dash and lines["Idee derde"].color not in (ACCENT, GREY)


def test_waiting_has_labels_at_the_lines_and_no_legend() -> None:
    drawn = figure()
    texts = [a.text for a in drawn.layout.annotations]
    assert not drawn.layout.showlegend
    assert {"zo doorgaan", "<b>Idee anders</b>", "Idee derde"} <= set(texts)
    heights = sorted(a.y for a in drawn.layout.annotations if a.xanchor == "right")
    assert min(np.diff(heights)) > 0.08 * drawn.layout.yaxis.range[1]


def test_waiting_starts_at_zero_and_writes_dutch_numbers() -> None:
    drawn = figure()
    assert drawn.layout.yaxis.range[0] == 0
    assert drawn.layout.separators == ",."
    assert drawn.layout.title.text.startswith("Een zin<br>")


def test_waiting_without_drawn_runs_has_one_band() -> None:
    assert [t.name for t in figure(wide=False).data if t.fill == "toself"] == ["toeval"]


def test_waiting_of_the_baseline_alone_is_grey() -> None:
    assert {t.line.color for t in figure("baseline").data if t.name == "zo doorgaan"} == {GREY}


def test_beside_the_pointer_children_are_rounded_as_on_screen() -> None:
    tips = [tip for t in figure().data if t.customdata is not None for tip in t.customdata]
    whole = [int(n) for tip in tips for n in re.findall(r"\d+", tip)]
    assert whole and all(n % 5 == 0 for n in whole if n >= 20)


def test_beside_the_pointer_places_have_their_ranges() -> None:
    drawn = places(
        [PlacesRow("a", "a", 36, 40, None, "36 van 40", tip="36 (30 tot 40) leerlingen")],
        title="",
        counted="",
        colours={},
    )
    assert drawn.data[0].hovertext == "36 (30 tot 40) leerlingen"


def test_places_draws_a_bar_and_a_mark_per_type() -> None:
    rows = [PlacesRow(kind, kind, 36, 40, 30, "36 van 40", "5 wachten") for kind in TYPES]
    drawn = places(rows, title="Een zin", counted="leerlingen", colours=type_colours(TYPES))
    bars = [t for t in drawn.data if t.name]
    assert [b.marker.color for b in bars] == [tint(c, 0.85) for c in TYPE_COLOURS[:2]]
    assert [s.x0 for s in drawn.layout.shapes] == [40, 40]
    assert sum(not t.name for t in drawn.data) == 2
    assert all("5 wachten" in a.text for a in drawn.layout.annotations)


def test_places_of_the_baseline_have_no_bar_to_compare_with() -> None:
    drawn = places([PlacesRow("a", "a", 36, 40, None, "")], title="", counted="", colours={})
    assert len(drawn.data) == 1


def test_a_wide_band_is_never_narrower_than_chance() -> None:
    """Skew ranges put the drawn runs to one side of the central ones; the wider band holds both."""
    s = spread(np.array([9.0, 10.0, 11.0] * 4), np.array([20.0, 25.0, 30.0] * 4))
    assert s.wide_low <= s.low <= s.middle <= s.high <= s.wide_high
