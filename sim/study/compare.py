"""Scenarios compared with carrying on as today: levels, paired differences, bands, signs, what survives.

Chance and assumptions are two bands with two names. The first comes from replications with central values;
the second from replications in which every graded number was drawn as well. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.scenario.quantity import Text
from sim.study import statistics
from sim.study.cautions import Caution, cautions_of
from sim.study.margins import margin_title
from sim.study.pairs import complete
from sim.study.results import DRAWN, FIXED, MEASURED, Results, Series
from sim.study.statistics import Floats

PRIMARY = Series("K12.total")
"""Primary outcome, named before any run: additive over children, without a threshold."""

MEAN = "mean"
REPORTED = (1, 4, 10)
"""School years after the replay that are shown beside the mean."""

LEVEL = 0.95


@dataclass(frozen=True)
class Outcome:
    """One scenario, one series, one period, compared with the baseline.

    A band is (P10, P90) over the replications: `chance` with central values, `both` with drawn assumptions as
    well.

    Attributes:
        scenario: Scenario id.
        period: `mean` (over the reported school years) or a school year.
        today, today_chance, today_both: Level of the baseline.
        level, level_chance, level_both: Level of the scenario.
        difference: Mean paired difference (scenario minus baseline), central values.
        interval: 95 % t-interval of that mean.
        difference_chance, difference_both: Bands of the paired difference.
        difference_drawn: Mean paired difference over the drawn futures; NaN when nothing was drawn.
        runs, more, fewer, ties: Pairs; pairs above, below and at zero (central values).
        drawn_runs, drawn_more, drawn_fewer, drawn_ties: The same over the drawn futures.
        survives: Share (0-1) of the difference that is left when every effect of grade D or E does nothing;
            None when the difference cannot be told from zero, or when that was not run.
        simultaneous, p_holm: For the primary outcome: Bonferroni interval and Holm p-value over all
            scenarios.
    """

    scenario: str
    indicator: str
    place_type: str
    district: str
    profile: str
    unit: str
    period: str
    today: float
    today_chance: tuple[float, float]
    today_both: tuple[float, float]
    level: float
    level_chance: tuple[float, float]
    level_both: tuple[float, float]
    difference: float
    interval: tuple[float, float]
    difference_chance: tuple[float, float]
    difference_both: tuple[float, float]
    difference_drawn: float
    runs: int
    more: int
    fewer: int
    ties: int
    drawn_runs: int
    drawn_more: int
    drawn_fewer: int
    drawn_ties: int
    survives: float | None
    simultaneous: tuple[float, float] | None
    p_holm: float | None

    @property
    def series(self) -> Series:
        """Series of this outcome."""
        return Series(self.indicator, self.place_type, self.district, self.profile, self.unit)

    @property
    def same_sign(self) -> int:
        """Pairs whose difference has the sign of the mean difference; ties count for no sign."""
        return self.more if self.difference > 0 else self.fewer if self.difference < 0 else 0

    @property
    def drawn_same_sign(self) -> int:
        """The same over the drawn futures, with the sign of the central mean difference."""
        return self.drawn_more if self.difference > 0 else self.drawn_fewer if self.difference < 0 else 0

    @property
    def all_equal(self) -> bool:
        """True when no pair differs at all."""
        return self.runs > 0 and self.ties == self.runs and self.drawn_ties == self.drawn_runs


@dataclass(frozen=True)
class Comparison:
    """All outcomes of a study, with typed warnings.

    Attributes:
        baseline: Id of the baseline.
        scenarios: Ids of the other scenarios, in the order asked.
        titles: Scenario id -> title (nl, en).
        margins: Place type, tag, age group, pool ... as the tables name it -> its words.
        periods: `mean` and the school years shown.
        pairs: Complete pairs with central values; `drawn_pairs` with drawn assumptions.
        frame: One row per scenario, series and period: the columns of `Outcome`, bands as `_low` and `_high`;
            rows of the baseline only when it was run alone.
        cautions: Warnings that belong to these results.
    """

    baseline: str
    scenarios: tuple[str, ...]
    titles: dict[str, tuple[str, str]]
    margins: dict[str, Text]
    school_years: tuple[str, ...]
    periods: tuple[str, ...]
    pairs: int
    drawn_pairs: int
    frame: pd.DataFrame
    cautions: tuple[Caution, ...]

    def outcome(
        self,
        scenario: str,
        indicator: str,
        place_type: str = "all",
        period: str = MEAN,
        district: str = "all",
        profile: str = "all",
    ) -> Outcome | None:
        """One outcome, or None when the model does not give it."""
        at = self._where.get((scenario, indicator, place_type, district, profile, period))
        return None if at is None else _outcome({k: v[at] for k, v in self._columns.items()})

    def cautions_for(
        self, scenario: str, indicator: str | None = None, place_type: str = "all"
    ) -> tuple[Caution, ...]:
        """Warnings of a scenario as a whole, and with an indicator also those of that outcome."""
        return tuple(
            c
            for c in self.cautions
            if c.scenario in (scenario, "")
            and (not c.indicator or (c.indicator == indicator and c.place_type == place_type))
        )

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        return {str(name): self.frame[name].tolist() for name in self.frame.columns}

    @cached_property
    def _where(self) -> dict[tuple[str, ...], int]:
        names = ("scenario", "indicator", "place_type", "district", "profile", "period")
        return {row: i for i, row in enumerate(zip(*(self._columns[n] for n in names), strict=True))}


def compare(
    results: Results, *, margins: bool = True, periods: Sequence[str] | None = None, level: float = LEVEL
) -> Comparison:
    """Compare every scenario with the baseline, replication by replication.

    Args:
        results: Results of a study, complete or not; only complete pairs count.
        margins: Also outcomes of one district or one profile.
        periods: `mean` and school years; None = `mean` and the first, fourth and tenth reported year.
        level: Confidence of the intervals of the mean difference.
    """
    keep = np.array(
        [i for i, s in enumerate(results.series) if margins or s.district == s.profile == "all"],
        dtype=np.intp,
    )
    chosen = tuple(periods) if periods is not None else default_periods(results)
    others = [s.id for s in results.scenarios[1:]]
    # Alone, the baseline stands beside itself, so that its levels can be shown.
    shown = others or [results.baseline.id]
    frame = pd.concat([_compared(results, s, keep, chosen, level) for s in shown], ignore_index=True)
    _simultaneous(frame, level, len(shown))
    pairs = [complete(results, s, FIXED) for s in shown]
    drawn = [complete(results, s, DRAWN) for s in shown] if DRAWN in results.modes else []
    return Comparison(
        baseline=results.baseline.id,
        scenarios=tuple(others),
        titles={s.id: (s.title.nl, s.title.en) for s in results.scenarios},
        margins={
            t: margin_title(results.baseline.region, t)
            for t in dict.fromkeys(s.place_type for s in results.series)
        },
        school_years=results.reported_years,
        periods=chosen,
        pairs=min(int(p.sum()) for p in pairs),
        drawn_pairs=min((int(p.sum()) for p in drawn), default=0),
        frame=frame,
        cautions=cautions_of(results, frame),
    )


def default_periods(results: Results) -> tuple[str, ...]:
    """The mean over the reported school years, and the first, fourth and tenth of them."""
    years = results.reported_years
    return (MEAN, *(years[y - 1] for y in REPORTED if y <= len(years)))


def _in_periods(values: Floats, results: Results, periods: Sequence[str]) -> Floats:
    """Replication x series x period, from replication x series x school year."""
    first = results.baseline.region.replay_years
    parts = [
        statistics.mean(values[:, :, first:], axis=2)
        if p == MEAN
        else values[:, :, results.school_years.index(p)]
        for p in periods
    ]
    return np.stack(parts, axis=2)


@dataclass(frozen=True)
class _Mode:
    """Baseline, scenario and difference: replication x series x period, complete pairs only."""

    today: Floats
    level: Floats
    difference: Floats


def _mode(
    results: Results, scenario: str, mode: str, keep: NDArray[np.intp], periods: Sequence[str]
) -> _Mode | None:
    if mode not in results.modes:
        return None
    pairs = np.flatnonzero(complete(results, scenario, mode))
    at = np.ix_(pairs, keep)
    today, level = results.values[results.baseline.id, mode][at], results.values[scenario, mode][at]
    # The difference is taken per year first: a year in which one of the two has no value counts for neither.
    return _Mode(*(_in_periods(v, results, periods) for v in (today, level, level - today)))


def _compared(
    results: Results, scenario: str, keep: NDArray[np.intp], periods: Sequence[str], level: float
) -> pd.DataFrame:
    fixed = _mode(results, scenario, FIXED, keep, periods)
    drawn = _mode(results, scenario, DRAWN, keep, periods)
    measured = _mode(results, scenario, MEASURED, keep, periods)
    assert fixed is not None
    shape = (len(keep), len(periods))
    nothing = np.full(shape, np.nan)

    def bands(mode: _Mode | None, part: str) -> tuple[Floats, ...]:
        if mode is None or not len(mode.today):
            return nothing, nothing
        return statistics.band(getattr(mode, part))

    series = [results.series[i] for i in keep]
    columns: dict[str, Any] = {"scenario": np.full(shape, scenario, dtype=object)}
    for name in ("indicator", "place_type", "district", "profile", "unit"):
        columns[name] = np.repeat(
            np.array([getattr(s, name) for s in series], dtype=object)[:, None], shape[1], axis=1
        )
    columns["period"] = np.repeat(np.array(periods, dtype=object)[None], shape[0], axis=0)
    for part in ("today", "level", "difference"):
        columns[part] = statistics.mean(getattr(fixed, part))
        columns[f"{part}_chance_low"], columns[f"{part}_chance_high"] = bands(fixed, part)
        columns[f"{part}_both_low"], columns[f"{part}_both_high"] = bands(drawn, part)
    half = statistics.half_width(fixed.difference, level)
    columns["interval_low"], columns["interval_high"] = (
        columns["difference"] - half,
        columns["difference"] + half,
    )
    columns["difference_drawn"] = statistics.mean(drawn.difference) if drawn else nothing
    columns["p"] = statistics.p_value(fixed.difference)
    for prefix, mode in (("", fixed), ("drawn_", drawn)):
        signs = statistics.signs(mode.difference if mode else np.empty((0, *shape)))
        columns[f"{prefix}runs"], columns[f"{prefix}ties"] = signs.runs, signs.ties
        columns[f"{prefix}more"], columns[f"{prefix}fewer"] = signs.above, signs.below
    columns["survives"] = _survives(fixed, measured, half)
    return pd.DataFrame({name: column.ravel() for name, column in columns.items()})


def _survives(fixed: _Mode, measured: _Mode | None, half: Floats) -> Floats:
    """Mean difference with measured effects only, as a share (0-1) of the whole; NaN near zero."""
    centre = statistics.mean(fixed.difference)
    if measured is None:
        return np.full(centre.shape, np.nan)
    told_apart = (np.abs(centre) > half) & (np.abs(centre) > statistics.TIE)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = statistics.mean(measured.difference) / centre
    return np.where(told_apart, np.clip(share, 0.0, 1.0) + 0.0, np.nan)


def _simultaneous(frame: pd.DataFrame, level: float, family: int) -> None:
    """Bonferroni intervals and Holm p-values over the scenarios, for the mean of the primary outcome only."""
    for name in ("simultaneous_low", "simultaneous_high", "p_holm"):
        frame[name] = np.nan
    primary = (
        (frame["indicator"] == PRIMARY.indicator)
        & (frame["place_type"] == "all")
        & (frame["district"] == "all")
        & (frame["profile"] == "all")
        & (frame["period"] == MEAN)
    ).to_numpy()
    if not primary.any():
        return
    rows = frame.loc[primary]
    half = (rows["interval_high"] - rows["difference"]).to_numpy()
    runs = np.maximum(rows["runs"].to_numpy() - 1, 1)
    wider = statistics.t_quantile(1.0 - (1.0 - level) / family, runs) / statistics.t_quantile(level, runs)
    frame.loc[primary, "simultaneous_low"] = rows["difference"].to_numpy() - half * wider
    frame.loc[primary, "simultaneous_high"] = rows["difference"].to_numpy() + half * wider
    frame.loc[primary, "p_holm"] = statistics.holm(rows["p"].to_numpy())


_BANDS = (
    "today_chance", "today_both", "level_chance", "level_both", "interval", "difference_chance",
    "difference_both",
)  # fmt: skip
_PLAIN = tuple(
    f.name for f in fields(Outcome) if f.name not in (*_BANDS, "survives", "simultaneous", "p_holm")
)


def _outcome(row: dict[str, Any]) -> Outcome:
    def pair(name: str) -> tuple[float, float]:
        return row[f"{name}_low"], row[f"{name}_high"]

    def known(value: float) -> float | None:
        return None if np.isnan(value) else value

    given: dict[str, Any] = {name: row[name] for name in _PLAIN} | {name: pair(name) for name in _BANDS}
    return Outcome(
        **given,
        survives=known(row["survives"]),
        simultaneous=None if known(row["simultaneous_low"]) is None else pair("simultaneous"),
        p_holm=known(row["p_holm"]),
    )
