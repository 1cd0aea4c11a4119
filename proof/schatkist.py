"""Every scenario of the schatkist, three times.

**Zero dose**: with every date moved after the horizon, nothing at all differs from carrying on as today. **Direction**: with
what it does set to the strongest value of its range, it moves what the documents or a closed form claim, in that direction
(`tests/fixtures/claims.csv`: one claim for each scenario, with its reason). **No effect**: with every effect set to none and
staff without limit, approaches move no child; what is left of a scenario is its seats, staff, cost and delays.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from proof.keyed import fingerprint
from proof.pool import Map
from proof.table import REPO, Check, Part
from sim import simulate
from sim.indicators import compute
from sim.record import Record
from sim.scenario.evidence import NO_EFFECT, Effect
from sim.scenario.levers import Change, levers_of
from sim.scenario.resolve import catalogue, load
from sim.scenario.scenario import Once, Scenario

SEED = 29
REGION = "almere"
CENTURY = 100
RUNS, THIN_RUNS = 12, 2
CLAIMS = REPO / "tests" / "fixtures" / "claims.csv"
PART = Part(
    "schatkist",
    "Every scenario of the schatkist",
    __doc__ or "",
    reads={
        "engine": ("sim/scenario", "sim/model", "sim/indicators"),
        "almere": ("scenarios/almere",),
        "claims": ("tests/fixtures",),
    },
    seed=SEED,
)
# Scenarios that must move no indicator, each with the reason.
MUST_NOT: dict[str, str] = {}


@dataclass(frozen=True)
class Claim:
    """What a scenario must do with its effect fully on.

    Attributes:
        scenario: Its id.
        indicator, place_type: What moves, and on which margin.
        first, last: Reported years (1 = the first) over which the mean is taken.
        direction: up, down or same.
        because: Where the claim comes from: the documents or a closed form, in a few words.
    """

    scenario: str
    indicator: str
    place_type: str
    first: int
    last: int
    direction: str
    because: str


def claims() -> list[Claim]:
    """All claims, in the order of the file."""
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        return [
            Claim(r["scenario"], r["indicator"], r["place_type"], int(r["first_year"]), int(r["last_year"]),
                  r["direction"], r["because"])
            for r in csv.DictReader(file)
        ]  # fmt: skip


def scenarios() -> dict[str, Scenario]:
    """Every scenario but the baseline, by id, in the documents' order."""
    return {s.id: s for s in catalogue(region=REGION) if s.kind != "baseline"}


def never(s: Scenario) -> Scenario:
    """The same scenario with every date a century later: zero dose."""
    return dated(s, lambda d: d.replace(year=d.year + CENTURY))


def soon(s: Scenario) -> Scenario:
    """The same scenario, so many whole years sooner that its first date falls in the first reported year."""
    dates = [c.from_ for changes in s.levers.values() for c in changes]
    start = s.region.start.year + s.region.replay_years
    by = min(d.year + (d.month >= s.region.start.month) - 1 for d in dates) - start
    return dated(s, lambda d: d.replace(year=d.year - by)) if by > 0 else s


def dated(s: Scenario, other: Callable[[date], date]) -> Scenario:
    """The same scenario with other dates."""

    def moved(c: Change) -> Change:
        return c.model_copy(update={"from_": other(c.from_), "until": other(c.until) if c.until else None})

    def spent(o: Once) -> Once:
        return o.model_copy(update={"on": other(o.on)})

    levers = {path: tuple(map(moved, changes)) for path, changes in s.levers.items()}
    return s.model_copy(update={"levers": levers, "once": tuple(map(spent, s.once))})


def fully(s: Scenario) -> Scenario:
    """The same scenario with the effects of what it moves at the strongest end of their range."""
    moves = {part for path in s.levers for part in path.split(".")}
    effects = {k: _strongest(e) if moves & {e.cause, e.lever} else e for k, e in s.effects.items()}
    return s.model_copy(update={"effects": effects})


def _strongest(e: Effect) -> Effect:
    assert e.size.range is not None
    none = NO_EFFECT[e.measure]
    size = e.size.model_copy(update={"value": max(e.size.range, key=lambda v: abs(v - none))})
    return e.model_copy(update={"size": size})


def without_effects(s: Scenario) -> Scenario:
    """The same scenario in which nothing has an effect and staff has no limit."""
    mechanisms = s.region.mechanisms.model_copy(update={"staff": False})
    return s.model_copy(
        update={
            "region": s.region.model_copy(update={"mechanisms": mechanisms}),
            "effects": {k: e.without() for k, e in s.effects.items()},
        }
    )


def only_approaches(s: Scenario) -> bool:
    """True when all its levers set the reach of approaches, so that its effects are all it does to children."""
    levers = levers_of(s.region)
    return all(levers[path].definition.role == "approach" for path in s.levers)


def of_children(record: Record) -> str:
    """Hash of what happens to children, without staff and money."""
    tables = {"scenario", "levels", "once"}
    return fingerprint(record, without=tuple(tables | ({"staff"} & set(record.__dataclass_fields__))))


def same_as_baseline(s: Scenario, years: int, replication: int = 0) -> bool:
    """True when a run of the scenario is byte for byte that of carrying on as today."""
    mine = simulate(s.model_copy(update={"years": years}), SEED, replication)
    return fingerprint(mine, without=("scenario", "once")) == _baseline_print(years, replication)


@lru_cache(maxsize=8)
def _baseline_print(years: int, replication: int) -> str:
    record = simulate(load(f"{REGION}/baseline", years=years), SEED, replication)
    return fingerprint(record, without=("scenario", "once"))


def moved(s: Scenario, years: int = 3) -> set[str]:
    """Indicators that one run of the scenario, started soon and with its effect fully on, has different from today's."""
    s = fully(soon(s)).model_copy(update={"years": years})
    return _different(compute(simulate(s, SEED, 0)), compute(simulate(without_levers(s), SEED, 0)))


def without_levers(s: Scenario) -> Scenario:
    """Carrying on as today, with the same effects."""
    return s.model_copy(update={"levers": {}, "once": ()})


def _different(one: pd.DataFrame, other: pd.DataFrame) -> set[str]:
    keys = ["school_year", "indicator", "place_type", "district", "profile"]
    both = one.astype({k: str for k in keys}).merge(
        other.astype({k: str for k in keys}), on=keys, how="outer", suffixes=("", "_0")
    )
    return set(both.loc[both["value"].ne(both["value_0"]), "indicator"])


def checks(full: bool, spread: Map[object]) -> Iterator[Check]:
    """All lines: zero dose and no effect of every scenario, and every claim."""
    found = scenarios()
    for name, same in zip(found, spread(_zero, [(name,) for name in found]), strict=True):
        yield _exact(name, "runs with zero dose that differ from carrying on", not same)
    approaches = [name for name, s in found.items() if only_approaches(s)]
    for name, same in zip(approaches, spread(none, [(name,) for name in approaches]), strict=True):
        yield _exact(name, "runs without effects in which a child is elsewhere", not same)
    runs = RUNS if full else THIN_RUNS
    asked = claims()
    jobs = [(name, r) for name in dict.fromkeys(c.scenario for c in asked) for r in range(runs)]
    values = dict(zip(jobs, spread(differences, jobs), strict=True))
    for claim in asked:
        each = [values[claim.scenario, r] for r in range(runs)]
        yield claimed(claim, [v[claim.indicator, claim.place_type, claim.first, claim.last] for v in each])  # type: ignore[index]


def _exact(name: str, what: str, wrong: bool) -> Check:
    return Check(name, what, 0, float(wrong), 0, 1, "none", not wrong)


def claimed(claim: Claim, values: Sequence[float]) -> Check:
    """One line: the mean paired difference has the sign that was claimed; for `same` it is within two standard errors."""
    mean = float(np.mean(values))
    se = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    holds = {"up": mean > 0, "down": mean < 0, "same": abs(mean) <= 2 * se}[claim.direction]
    where = "" if claim.place_type == "all" else f" ({claim.place_type})"
    what = f"{claim.indicator}{where}, years {claim.first}-{claim.last}: {claim.because}"
    return Check(claim.scenario, what, 0.0, mean, se, len(values), claim.direction, holds)


def _zero(name: str) -> bool:
    return same_as_baseline(never(scenarios()[name]), years=1)


def none(name: str) -> bool:
    """True when without effects every child is where it is when carrying on as today."""
    s = without_effects(soon(scenarios()[name])).model_copy(update={"years": 2})
    return of_children(simulate(s, SEED, 0)) == of_children(simulate(as_today(s), SEED, 0))


def as_today(s: Scenario) -> Scenario:
    """The same levers on the same dates, each set to what it is today: seats are looked at again on a date of a lever."""
    levers = levers_of(s.region)
    set_again = {
        path: tuple(
            c.model_copy(update={"set": levers[path].today, "add": None, "scale": None}) for c in changes
        )
        for path, changes in s.levers.items()
    }
    return s.model_copy(update={"levers": set_again, "once": ()})


def differences(name: str, replication: int) -> Mapping[tuple[str, str, int, int], float]:
    """For each claim on a scenario: its paired difference in one replication, as a mean over the years of the claim."""
    s = fully(scenarios()[name])
    mine = compute(simulate(s, SEED, replication))
    base = compute(simulate(without_levers(s), SEED, replication))
    return {
        (c.indicator, c.place_type, c.first, c.last): _mean(mine, c, s) - _mean(base, c, s)
        for c in claims()
        if c.scenario == name
    }


def _mean(table: pd.DataFrame, c: Claim, s: Scenario) -> float:
    first = s.region.start.year + s.region.replay_years
    year = table["school_year"].astype(str).str[:4].astype(int) - first + 1
    rows = (
        (table["indicator"] == c.indicator)
        & (table["place_type"] == c.place_type)
        & (table["district"] == "all")
        & (table["profile"] == "all")
        & year.between(c.first, c.last)
    )
    return float(table.loc[rows, "value"].mean())
