"""Counts laid beside the forecasts of the diary: inside which band, the score so far, and why they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.scenario.scenario import Scenario
from sim.study import statistics
from sim.study.counts import Count
from sim.study.diary import Diary, Entry, Forecast
from sim.study.explain import CHANCE, Again, Explanation, explain, read_said
from sim.study.runs import StudyError
from sim.study.scores import crps, last_value

REST = "rest"


@dataclass(frozen=True)
class Laid:
    """A forecast with the count for its date beside it.

    Attributes:
        count: The count; None = it has not come in.
        difference: Counted minus expected; None without a number.
        score: CRPS of the forecast with assumptions drawn, in children; 0 is perfect.
        naive: CRPS of "same as last count", with what was counted before the forecast was made; None when nothing was.
    """

    entry: Entry
    forecast: Forecast
    count: Count | None
    difference: float | None = None
    score: float | None = None
    naive: float | None = None


@dataclass(frozen=True)
class Running:
    """The score over all counts so far.

    Attributes:
        counted: Forecasts with a count beside them.
        within_chance, within_band: How many of these the count fell inside of the band; eight of ten is right.
        score: Their mean CRPS.
        paired: Those that also have an earlier count.
        paired_score, naive: Mean CRPS of those, of the forecast and of "same as last count".
    """

    counted: int
    within_chance: int
    within_band: int
    score: float
    paired: int
    paired_score: float
    naive: float


@dataclass(frozen=True)
class Surprise:
    """Counted minus expected, divided over its causes.

    Attributes:
        parts: data, assumptions, version, chance, rest -> their part in children; they add up to the difference.
    """

    forecast: Forecast
    counted: float
    parts: dict[str, float]


def laid(diary: Diary) -> tuple[Laid, ...]:
    """Every forecast of the diary, with its count where there is one."""
    counts = {(c.on, c.place_type, c.what): c for c in diary.counts}
    return tuple(
        _laid(diary, entry, forecast, counts.get((forecast.on, forecast.place_type, forecast.what)))
        for entry in diary.entries
        for forecast in entry.forecasts
    )


def running(rows: Sequence[Laid]) -> Running | None:
    """The score so far; None when nothing was counted yet."""
    scored = [r for r in rows if r.score is not None]
    if not scored:
        return None
    paired = [r for r in scored if r.naive is not None]
    return Running(
        counted=len(scored),
        within_chance=sum(_in(r.forecast.chance, r) for r in scored),
        within_band=sum(_in(r.forecast.band, r) for r in scored),
        score=_mean([r.score for r in scored]),
        paired=len(paired),
        paired_score=_mean([r.score for r in paired]),
        naive=_mean([r.naive for r in paired]),
    )


def explain_count(
    entry: Entry, rows: Sequence[Laid], today: Scenario, again: Again
) -> tuple[Explanation, tuple[Surprise, ...]]:
    """Divide counted minus expected over data, assumptions, version, chance and rest.

    The first three are what today's region, evidence and model would have said on the day of the forecast, against what
    was said. Of what is left, chance is the part that lies inside the band of chance, and rest the part outside it.

    Args:
        entry: The forecast.
        rows: Its forecasts for one date, with their counts.
        today: The same scenario as it is now.
        again: How to run it again.

    Raises:
        StudyError: There is no number to explain, or the scenario has another horizon or region now.
        SimulationError: A replication failed.
    """
    counted = [(r.forecast, r.count.value) for r in rows if r.count is not None and r.count.value is not None]
    if not counted:
        raise StudyError("nothing was counted for this date, or only numbers under five: nothing to explain")
    old = read_said(entry.folder)
    new = again("later", today, old.seed, old.replications)
    items = [(f.indicator, f.place_type) for f, _ in counted]
    found = explain(old, new, again, items, (counted[0][0].school_year,))
    by_item = {(r.indicator, r.place_type): r for r in found.rows}
    surprises = []
    for forecast, value in counted:
        row = by_item.get((forecast.indicator, forecast.place_type))
        if row is None:
            continue
        of_item = new.values[
            (new.values["indicator"] == row.indicator)
            & (new.values["place_type"] == row.place_type)
            & (new.values["school_year"] == forecast.school_year)
        ]
        low, high = (float(b) for b in statistics.band(of_item["value"].to_numpy()))
        left = value - row.now
        chance = min(max(left, min(low - row.now, 0.0)), max(high - row.now, 0.0))
        parts = row.parts | {CHANCE: row.parts[CHANCE] + chance, REST: left - chance}
        surprises.append(Surprise(forecast, value, parts))
    if not surprises:
        raise StudyError(
            "today's scenario does not reach this date, or lacks these types: nothing to explain"
        )
    return found, tuple(surprises)


def _laid(diary: Diary, entry: Entry, forecast: Forecast, count: Count | None) -> Laid:
    if count is None or count.value is None:
        return Laid(entry, forecast, count)
    value = count.value
    before = {
        c.on.year: c.value
        for c in diary.counts
        if c.value is not None
        and (c.place_type, c.what) == (forecast.place_type, forecast.what)
        and (c.on.month, c.on.day) == (forecast.on.month, forecast.on.day)
        and c.on <= entry.made
    }
    naive = None
    if before:
        years = sorted(before)
        naive = crps(last_value(years, [before[y] for y in years], forecast.on.year), value)
    score = crps(entry.sample(forecast), value)
    return Laid(entry, forecast, count, value - forecast.expected, score, naive)


def _in(band: tuple[float, float], row: Laid) -> bool:
    assert row.count is not None and row.count.value is not None
    return band[0] <= row.count.value <= band[1]


def _mean(values: Sequence[float | None]) -> float:
    kept = [v for v in values if v is not None]
    return float(np.mean(kept)) if kept else float("nan")
