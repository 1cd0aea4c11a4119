"""Which facts a calibration is held against: read from `targets.csv` beside the region.

One row per number: `use` says whether it is looked for (`rate`), used to find it (`fit`), or only laid beside what was
found (`beside`). A published waiting list is never used to fit: it is there to check the model.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.facts import Fact, Facts
from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing, nearest_first, shorten
from sim.scenario.files import Sheet, read_sheet
from sim.scenario.region import Region
from sim.study.calibrate.summaries import Summary, summary_of

TARGETS = "targets.csv"
HEADER = ("use", "what", "series", "when", "of", "sampling", "discrepancy", "note")
RATE, FIT, BESIDE = "rate", "fit", "beside"
POISSON, NO_SAMPLING, OF_THE_RUN = "poisson", "none", "run"

# How far the model may lie from the truth even with the right rates, as a share of the value (of `steady`: as a share of
# the stock). Our own judgement (grade E), to be overruled per row: without it a posterior is far too narrow.
DISCREPANCY: Mapping[str, float] = {
    "stock": 0.03, "steady": 0.03, "entries": 0.1, "leavers": 0.1, "origin": 0.15, "entry_age": 0.03,
    "leaving_age": 0.03, "leaving_share": 0.05, "stay": 0.05, "destination": 0.15, "declarations": 0.1,
    RATE: 0.1,
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One fact as a run should give it.

    Attributes:
        summary: What a run gives; None when the fact is about a rate itself (`name`).
        name: The summary in words, or the path of the rate.
        value: The fact, in the unit of the summary.
        sampling: Standard error of the fact by chance; None = as large as the chance of one run (the fact is one world).
        discrepancy: Standard deviation of what the model itself may be off.
        fitted: True = used to find the rates; False = laid beside.
        source: Series and time of the fact, grade, and where it was read.
        note: Why it is used so.
    """

    summary: Summary | None
    name: str
    value: float
    sampling: float | None
    discrepancy: float
    fitted: bool = True
    source: str = ""
    note: str = ""

    def variance(self, chance: float) -> float:
        """Variance of sampling and discrepancy, when one run has this variance by chance."""
        return (chance if self.sampling is None else self.sampling**2) + self.discrepancy**2


@dataclass(frozen=True)
class Targets:
    """What a file of targets says.

    Attributes:
        rates: Paths of the rates to find.
        fit, beside: Facts to find them with, and facts to lay beside.
    """

    rates: tuple[str, ...]
    fit: tuple[Target, ...]
    beside: tuple[Target, ...]

    @property
    def all(self) -> tuple[Target, ...]:
        """First those to fit."""
        return self.fit + self.beside


def read_targets(path: Path, region: Region, facts: Facts) -> Targets:
    """Read a file of targets.

    Raises:
        ScenarioError: With every problem of the file: line, what was found, what may stand there.
    """
    sheet = read_sheet(path)
    problems: list[Problem] = []
    rates: list[str] = []
    found: list[Target] = []
    if sheet.header != HEADER:
        reason = "this first line is not that of a file of targets"
        raise ScenarioError(
            [Problem(sheet.file, sheet.line, "", ",".join(sheet.header), reason, ",".join(HEADER))]
        )
    for line, cells in sheet.rows:
        row = dict(zip(HEADER, cells, strict=False))
        wrong = list(_wrong(sheet, line, cells, row, region, facts))
        problems += wrong
        if wrong:
            continue
        if row["use"] == RATE:
            rates.append(row["what"])
        else:
            found.append(_target(row, facts))
    fit = tuple(t for t in found if t.fitted)
    if not problems and not fit:
        reason, allowed = "no row is used to fit", "at least one row with use 'fit'"
        problems.append(Problem(sheet.file, sheet.line, "use", "", reason, allowed))
    kinds = {
        t.summary.measure == "steady"
        for t in fit
        if t.summary and (t.summary.year or t.summary.measure == "steady")
    }
    if len(kinds) > 1:
        reason = (
            "'steady' (growth switched off) and counts of a year (with growth) cannot be fitted in one go"
        )
        problems.append(Problem(sheet.file, sheet.line, "what", "", reason, "one of the two"))
    if problems:
        raise ScenarioError(problems)
    return Targets(tuple(rates), fit, tuple(t for t in found if not t.fitted))


def _wrong(
    sheet: Sheet, line: int, cells: tuple[str, ...], row: dict[str, str], region: Region, facts: Facts
) -> Iterator[Problem]:
    if len(cells) != len(HEADER):
        yield Problem(
            sheet.file, line, "", f"{len(cells)} cells", "this row is not complete", f"{len(HEADER)} cells"
        )
        return
    uses = (RATE, FIT, BESIDE)
    if row["use"] not in uses:
        hint = did_you_mean(row["use"], uses)
        yield Problem(
            sheet.file, line, "use", shorten(row["use"]), "there is no such use", listing(uses), hint
        )
        return
    if row["use"] == RATE:
        return  # whether the region has it is asked for all rates together (`prior_of`)
    if not _is_path(row["what"]):
        yield from _wrong_summary(sheet, line, row["what"], region)
    for column, when in (("series", row["when"]), ("of", row["when"])):
        if row[column] or column == "series":
            try:
                _fact(facts, row[column], when, row["what"])
            except KeyError as error:
                yield Problem(
                    sheet.file, line, column, "", str(error.args[0]), "a series of facts, and its time"
                )
    kinds = (POISSON, NO_SAMPLING, OF_THE_RUN)
    if row["sampling"] not in kinds:
        yield Problem(
            sheet.file, line, "sampling", shorten(row["sampling"]), "there is no such kind", listing(kinds)
        )
    if row["discrepancy"]:
        try:
            good = 0 <= float(row["discrepancy"]) <= 1
        except ValueError:
            good = False
        if not good:
            reason, allowed = "this is no share of the value", "0 to 1, or nothing for the default"
            yield Problem(sheet.file, line, "discrepancy", shorten(row["discrepancy"]), reason, allowed)


def _wrong_summary(sheet: Sheet, line: int, text: str, region: Region) -> Iterator[Problem]:
    try:
        summary = summary_of(text)
    except ValueError as error:
        yield Problem(sheet.file, line, "what", shorten(text), str(error))
        return
    ends = [*region.place_types, *region.regular]
    known = {
        "types": list(region.place_types),
        "part": [*ends, *region.sources, "start", "gone"],
    }
    for field, names in known.items():
        for name in getattr(summary, field):
            if name not in names:
                reason = f"there is no type, stage or source '{name}' in this region"
                allowed, hint = listing(nearest_first(name, names)), did_you_mean(name, names)
                yield Problem(sheet.file, line, "what", shorten(text), reason, allowed, hint)
    first = region.start.year
    if summary.year is not None and not first < summary.year <= first + 60:
        reason = "this year lies outside the simulated years"
        yield Problem(sheet.file, line, "what", shorten(text), reason, f"{first + 1} to {first + 60}")


def _target(row: dict[str, str], facts: Facts) -> Target:
    fact = _fact(facts, row["series"], row["when"], row["what"])
    count = _number(fact)
    value = count / _number(_fact(facts, row["of"], row["when"], row["what"])) if row["of"] else count
    summary = None if _is_path(row["what"]) else summary_of(row["what"])
    measure = RATE if summary is None else summary.measure
    share = float(row["discrepancy"]) if row["discrepancy"] else DISCREPANCY[measure]
    chance = (
        1 / math.sqrt(count) if row["sampling"] == POISSON and count > 0 else 0.0
    )  # as a share of the value
    if measure == "steady":
        value, scale = 0.0, 1.0  # the count itself is the first day: the fact is that it stays
    else:
        scale = abs(value)
    series = row["series"] + (f" / {row['of']}" if row["of"] else "")
    return Target(
        summary, row["what"], value, None if row["sampling"] == OF_THE_RUN else chance * scale, share * scale,
        row["use"] == FIT, f"{series}, {fact.when}, grade {fact.grade}: {fact.source}", row["note"],
    )  # fmt: skip


def _fact(facts: Facts, series: str, when: str, what: str) -> Fact:
    """The fact of a row; declarations are counted per month, and those between two counts are added up."""
    if what.startswith("declarations ") and re.fullmatch(r"\d{4}", when):
        return facts.twelve_months(series, int(when))
    return facts.one(series, when or None)


def _is_path(text: str) -> bool:
    return "." in text and " " not in text


def _number(fact: Fact) -> float:
    """A percentage as a share; everything else as it is."""
    return fact.value / 100 if fact.unit.startswith("%") else fact.value


def spread(targets: tuple[Target, ...], chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation of sampling and discrepancy of each target, given the variance of one run."""
    return np.sqrt([t.variance(c) for t, c in zip(targets, chance, strict=True)])
