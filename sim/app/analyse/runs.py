"""What the single runs of one outcome say: their values, and the words, tables and figures made of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import plotly.graph_objects as go

from sim.app.answer import claim, span
from sim.app.frame import Grid
from sim.app.language import current, own, words
from sim.app.scene import name_of
from sim.charts.bands import spread
from sim.charts.dots import DotsWords, dots, s_curve, summary
from sim.charts.enough import MOST_RUNS, EnoughWords, enough, half_width, needed, running
from sim.charts.numbers import number
from sim.indicators import INDICATORS, UNITS, present, rounded
from sim.scenario.scenario import Scenario
from sim.study import statistics
from sim.study.pairs import complete
from sim.study.results import DRAWN, FIXED, Results, Series
from sim.study.statistics import Floats

T, S = words("analyse"), words("shared")
_HEIGHT = 320
_FEW = 20.0
# Rows in the table of the running mean; more can be downloaded.
_ROWS = 40


@dataclass(frozen=True)
class Asked:
    """Which outcome is on screen.

    Attributes:
        indicator: Its id.
        place_type: A type of the region, or `all`.
        year: School year.
        difference: The paired difference; else the level of the scenario.
        narrow: Part of the number (in per cent) that is a narrow enough margin.
    """

    indicator: str
    place_type: str
    year: str
    difference: bool
    narrow: int = 10


@dataclass(frozen=True)
class Runs:
    """The single runs of one outcome.

    Attributes:
        asked: Which outcome.
        chance, drawn: One value per run, in the units of the model; NaN = not defined in that run.
        wanted_runs: Runs asked for; not all of them need be there.
        focus: The scenario.
        baseline: What it is compared with.
    """

    asked: Asked
    chance: Floats
    drawn: Floats
    wanted_runs: int
    focus: Scenario
    baseline: Scenario

    @property
    def known(self) -> bool:
        """True when some run has this outcome."""
        return bool((~np.isnan(self.chance)).any())

    @property
    def same(self) -> bool:
        """True when it is a difference, and no run differs at all."""
        both = np.concatenate([self.chance, self.drawn])
        return self.asked.difference and bool((np.abs(both[~np.isnan(both)]) < statistics.TIE).all())

    @property
    def unit(self) -> str:
        """Unit in words; shares are shown in per cent."""
        unit = INDICATORS[self.asked.indicator].unit
        if unit == "share":
            return str(S.POINTS if self.asked.difference else T.PER_CENT)
        many = UNITS[unit].many
        return str(getattr(many, current()))

    @property
    def scale(self) -> float:
        """What values are multiplied with before they are shown."""
        unit = INDICATORS[self.asked.indicator].unit
        return 100.0 if unit == "share" else UNITS[unit].scale

    @property
    def decimals(self) -> int:
        """Digits of a single run; those of a mean are one more."""
        return UNITS[INDICATORS[self.asked.indicator].unit].decimals

    @property
    def counted(self) -> str:
        """What is on the axis."""
        indicator, kind = INDICATORS[self.asked.indicator], self.asked.place_type
        where = "" if kind == "all" else T.WHERE.format(type=own(self.focus.region.place_types[kind].title))
        template = T.COUNTED_DIFFERENCE if self.asked.difference else T.COUNTED_LEVEL
        title = getattr(indicator.title, current())
        return str(
            template.format(
                outcome=title, where=where, year=self.asked.year, name=name_of(self.baseline), unit=self.unit
            )
        )

    @property
    def wanted(self) -> float:
        """Half the width of a margin that is narrow enough: a part of the mean, and at least what it is rounded to."""
        unit = INDICATORS[self.asked.indicator].unit
        mean = float(statistics.mean(self.chance)) if self.known else 0.0
        known = UNITS[unit]
        least = 0.01 if unit == "share" else 10.0**-known.decimals / known.scale
        if known.step > 1 and abs(mean) >= _FEW:
            least = float(known.step)
        return max(abs(mean) * self.asked.narrow / 100.0, least)


def runs_of(results: Results, focus: str, asked: Asked) -> Runs:
    """The runs of one outcome: of the scenario, or of its paired difference with the baseline."""
    series = Series(asked.indicator, asked.place_type)
    values = {mode: _values(results, focus, series, mode, asked) for mode in (FIXED, DRAWN)}
    return Runs(
        asked, values[FIXED], values[DRAWN], results.replications, results.scenario(focus), results.baseline
    )


def _values(results: Results, focus: str, series: Series, mode: str, asked: Asked) -> Floats:
    known = series in results.positions and mode in results.modes and asked.year in results.school_years
    if not known:
        return np.empty(0)
    at, year, pairs = (
        results.positions[series],
        results.school_years.index(asked.year),
        complete(results, focus, mode),
    )
    level: Floats = results.values[focus, mode][pairs, at, year]
    today = results.values[results.baseline.id, mode][pairs, at, year]
    return level - today if asked.difference else level


def dots_figure(runs: Runs) -> go.Figure:
    """Each run a dot."""
    return dots(
        runs.chance * runs.scale, runs.drawn * runs.scale, title=T.DOTS_TITLE, words=_words(runs),
        decimals=runs.decimals, height=_HEIGHT,
    )  # fmt: skip


def curve_figure(runs: Runs) -> go.Figure:
    """The share of the runs at or under a value, with where eight in ten lie as its message."""
    return s_curve(
        runs.chance * runs.scale, runs.drawn * runs.scale, title=curve_title(runs), words=_words(runs),
        decimals=runs.decimals, height=_HEIGHT,
    )  # fmt: skip


def curve_title(runs: Runs) -> str:
    """Where eight in ten runs lie by chance and assumptions together, as on the other pages."""
    s = spread(runs.chance, runs.drawn, asked=runs.wanted_runs)
    if not s.has_wide:
        return str(T.CURVE_FEW)
    outcome, outer = runs.asked.indicator, s.outer
    if not runs.asked.difference:
        low, high = (_present(runs, v, word=False) for v in outer)
        return str(T.CURVE_LEVEL.format(low=low, high=high))
    if s.nothing:
        return str(S.DIFFERENCE_NONE)
    if not claim(outcome, outer):
        return str(T.CURVE_UNCLEAR.format(span=span(outcome, outer)))
    return str(T.CURVE_CLEAR.format(span=span(outcome, outer, counted=True)))


def enough_figure(runs: Runs) -> go.Figure:
    """The running mean of the runs with central values."""
    values = runs.chance * runs.scale
    wanted = runs.wanted * runs.scale
    half = f"{number(wanted, _mean_decimals(runs, wanted))} {runs.unit}"
    said = EnoughWords(
        T.ENOUGH_MEAN, T.ENOUGH_INTERVAL, T.ENOUGH_NARROW.format(half=half), T.ENOUGH_NEED,
        T.ENOUGH_COUNTED.format(unit=runs.unit),
    )  # fmt: skip
    return enough(
        running(values), title=enough_title(runs), words=said, wanted=wanted, need=needed(values, wanted),
        decimals=_mean_decimals(runs, wanted), height=_HEIGHT,
    )  # fmt: skip


def enough_title(runs: Runs) -> str:
    """Whether there were enough runs, and how many are needed."""
    there, need = summary(runs.chance).runs, needed(runs.chance, runs.wanted)
    if need is None:
        return str(T.ENOUGH_FEW)
    if need <= there:
        return str(T.ENOUGH_YES.format(need=number(need), runs=number(there)))
    if need >= MOST_RUNS:
        return str(T.ENOUGH_FAR)
    return str(T.ENOUGH_NO.format(need=number(need)))


def dots_alt(runs: Runs) -> str:
    """The dots, or the curve, in words."""
    first, second = summary(runs.chance), summary(runs.drawn)
    text = T.ALT_DOTS.format(
        title=curve_title(runs), counted=runs.counted, name=T.CHANCE, runs=first.runs,
        least=_present(runs, first.least), most=_present(runs, first.most), middle=_present(runs, first.middle),
    )  # fmt: skip
    if second.runs:
        text += T.ALT_MORE.format(
            name=T.DRAWN, least=_present(runs, second.least), most=_present(runs, second.most),
            middle=_present(runs, second.middle),
        )  # fmt: skip
    return str(text)


def enough_alt(runs: Runs) -> str:
    """The running mean in words."""
    half = half_width(runs.chance)
    decimals = _mean_decimals(runs, runs.wanted * runs.scale)
    mean = float(statistics.mean(runs.chance)) * runs.scale
    return str(
        T.ALT_ENOUGH.format(
            title=enough_title(runs), runs=summary(runs.chance).runs, half=number(half * runs.scale, decimals),
            mean=f"{number(mean, decimals)} {runs.unit}",
        )
    )  # fmt: skip


def dots_table(runs: Runs) -> Grid:
    """Where the runs lie: one row with chance only, one with drawn assumptions."""
    rows = []
    for name, values in ((T.CHANCE, runs.chance), (T.DRAWN, runs.drawn)):
        s = summary(values)
        if s.runs:
            cells = (_plain(runs, v) for v in (s.least, s.low, s.middle, s.high, s.most))
            rows.append((name, number(s.runs), *cells))
    head = [T.COLUMNS[name] for name in ("kind", "runs", "least", "low", "middle", "high", "most")]
    return Grid(runs.counted, head, rows)


def enough_table(runs: Runs) -> Grid:
    """Mean and margin after each run; of very many runs only some."""
    table = running(runs.chance * runs.scale)
    step = max(1, -(-len(table) // _ROWS))
    decimals = _mean_decimals(runs, runs.wanted * runs.scale)
    rows = [
        (number(float(r.runs)), *(number(float(v), decimals) for v in (r.middle, r.low, r.high)))
        for i, r in enumerate(table.itertuples())
        if (i + 1) % step == 0 or i + 1 == len(table)
    ]
    head = [T.COLUMNS[name] for name in ("kind", "mean", "margin_low", "margin_high")]
    return Grid(runs.counted, head, rows)


def _words(runs: Runs) -> DotsWords:
    zero = T.ZERO if runs.asked.difference else ""
    return DotsWords(T.CHANCE, T.DRAWN, runs.unit, zero, T.DOT, T.SHARE, T.CURVE_COUNTED)


def _present(runs: Runs, value: float, *, word: bool = True) -> str:
    """A value rounded for people, with its sign when it is a difference."""
    unit = INDICATORS[runs.asked.indicator].unit
    if isnan(value):
        return "–"
    against = 0.0 if runs.asked.difference else None
    return present(value, unit, against=against, with_unit=word, language=current())


def _plain(runs: Runs, value: float) -> str:
    """A value of a table whose caption names the unit."""
    unit = INDICATORS[runs.asked.indicator].unit
    return number(rounded(value, unit), UNITS[unit].decimals, sign=runs.asked.difference)


def _mean_decimals(runs: Runs, wanted: float) -> int:
    """Digits of a mean: so many that the margin wanted can be seen in it."""
    return runs.decimals if wanted >= 5 else runs.decimals + 1
