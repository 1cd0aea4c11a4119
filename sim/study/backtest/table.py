"""The table of a back-test: every forecast beside what was counted and beside two naive forecasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.study.backtest.forecast import INFLOW, STOCK, Forecast
from sim.study.backtest.known import Series
from sim.study.scores import covered, crps, last_value, linear_trend

Floats = NDArray[np.float64]
FORECASTERS = ("model", "last year", "linear trend")
MODEL, LAST, TREND = FORECASTERS
# Schools closed and children were referred less; nobody could have known, so these years count, and are also left out once.
COVID = (2020, 2021)


@dataclass(frozen=True)
class Row:
    """One count that was forecast.

    Attributes:
        series: `stock.<type>`, `inflow.<type>` or `inflow.<type>.<origin>`.
        origin: Last year that was known.
        year: Year of the count.
        counted: The count.
        forecaster: One of `FORECASTERS`.
        middle: Median of the forecast.
        low, high: Its 80 % interval.
        crps: Its score.
        covered: Whether the interval holds the count.
        given: The count was given to the model (a shock), so it is not scored.
    """

    series: str
    origin: int
    year: int
    counted: float
    forecaster: str
    middle: float
    low: float
    high: float
    crps: float
    covered: bool
    given: bool

    @property
    def ahead(self) -> int:
        """Years between what was known and the count."""
        return self.year - self.origin

    @property
    def error(self) -> float:
        """Absolute error of the middle of the forecast."""
        return abs(self.middle - self.counted)


@dataclass(frozen=True)
class Score:
    """Mean scores of one series (or of several together).

    Attributes:
        counts: How many counts were forecast.
        crps, error: Mean per forecaster.
        coverage: Share of the counts inside the 80 % interval, per forecaster.
        bias: Mean of middle minus count, per forecaster.
    """

    counts: int
    crps: dict[str, float]
    error: dict[str, float]
    coverage: dict[str, float]
    bias: dict[str, float]

    @property
    def best_naive(self) -> float:
        """The lower of the two naive mean scores."""
        return min(self.crps[LAST], self.crps[TREND])

    @property
    def won(self) -> bool:
        """Whether the model's mean score beats the better naive one."""
        return self.crps[MODEL] < self.best_naive


def rows_of(made: Forecast, known: Series, full: Series, given: frozenset[tuple[str, int]]) -> list[Row]:
    """Rows of one forecast.

    Args:
        made: The forecast.
        known: What was known when it was made: the naive forecasts see the same.
        full: All counts.
        given: (series, year) given to the model.
    """
    rows = []
    for series, sample in made.samples.items():
        past, counts = counts_of(known, series), counts_of(full, series)
        years, values = np.array(list(past), dtype=np.float64), np.array(list(past.values()))
        for h, year in enumerate(made.years):
            if year not in counts:
                continue
            samples = {
                MODEL: sample[:, h],
                LAST: last_value(years, values, year),
                TREND: linear_trend(years, values, year),
            }
            for name, x in samples.items():
                low, middle, high = np.quantile(x, [0.1, 0.5, 0.9])
                rows.append(
                    Row(
                        series, made.year, year, counts[year], name, float(middle), float(low), float(high),
                        crps(x, counts[year]), covered(x, counts[year]), (series, year) in given,
                    )
                )  # fmt: skip
    return rows


def counts_of(series: Series, name: str) -> dict[int, float]:
    """Year -> count of a series by its name."""
    what, kind, *origin = name.split(".")
    if what == STOCK:
        return dict(series.stocks[kind])
    return dict(series.inflows[kind][origin[0]]) if origin else series.inflow(kind)


def is_part(series: str) -> bool:
    """Whether a series is one origin of an inflow: shown beside the six (or as many) that are scored."""
    return series.startswith(INFLOW) and series.count(".") > 1


def score(rows: Iterable[Row]) -> Score | None:
    """Mean scores of rows; given counts are left out. None when nothing is left."""
    mine = [r for r in rows if not r.given]
    if not mine:
        return None
    of = {name: [r for r in mine if r.forecaster == name] for name in FORECASTERS}

    def mean(value: Callable[[Row], float]) -> dict[str, float]:
        return {name: float(np.mean([value(r) for r in some])) for name, some in of.items()}

    return Score(
        len(of[MODEL]), mean(lambda r: r.crps), mean(lambda r: r.error), mean(lambda r: float(r.covered)),
        mean(lambda r: r.middle - r.counted),
    )  # fmt: skip


def by(rows: Sequence[Row], key: Callable[[Row], str | int]) -> dict[str | int, Score]:
    """Scores per value of `key`, in the order in which the values come."""
    groups: dict[str | int, list[Row]] = {}
    for r in rows:
        groups.setdefault(key(r), []).append(r)
    return {k: s for k, some in groups.items() if (s := score(some)) is not None}


def without_covid(rows: Sequence[Row]) -> list[Row]:
    """The rows of years outside `COVID`."""
    return [r for r in rows if r.year not in COVID]


def verdict(scores: dict[str | int, Score], language: str) -> str:
    """One sentence for people: where the model does better than "same as last year", and where it does not.

    Args:
        scores: Scores per series (without parts).
        language: nl or en.
    """
    won = [title(str(s), language) for s, x in scores.items() if x.won]
    lost = [title(str(s), language) for s, x in scores.items() if not x.won]
    if language == "nl":
        better = f"Teruggekeken voorspelde het model beter dan 'zoals vorig jaar' voor: {_listed(won, 'en')}."
        worse = f"Het was niet beter dan 'zoals vorig jaar' voor: {_listed(lost, 'en')}."
    else:
        better = (
            f"Looking back, the model forecast better than 'same as last year' for: {_listed(won, 'and')}."
        )
        worse = f"It was no better than 'same as last year' for: {_listed(lost, 'and')}."
    return " ".join(text for text, some in ((better, won), (worse, lost)) if some)


def title(series: str, language: str = "en") -> str:
    """A series in words: `stock.sbo` -> "pupils in SBO"."""
    what, kind, *origin = series.split(".")
    words = {
        "nl": {STOCK: "leerlingen in", INFLOW: "instroom van", "from": "uit"},
        "en": {STOCK: "pupils in", INFLOW: "inflow of", "from": "from"},
    }[language]
    shown = {"pro": "PrO"}.get(kind, kind.upper())
    return f"{words[what]} {shown}" + (f" {words['from']} {origin[0]}" if origin else "")


def _listed(names: Sequence[str], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}" if names else ""


def csv_rows(rows: Iterable[Row]) -> list[list[str]]:
    """Header and rows as text, numbers with at most 6 digits."""
    names = [f.name for f in fields(Row)]
    return [names, *([_text(getattr(r, n)) for n in names] for r in rows)]


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
