"""Every scenario of the schatkist: what it must do, what it must not do, and what it does.

**Zero dose**: with every date moved after the horizon, nothing at all differs from carrying on as today; as it stands, at
least one indicator does. **Direction**: with what it does set to the strongest value of its range, it moves what the
documents or a closed form claim, in that direction (`tests/fixtures/claims.csv`: a claim for each scenario, with its
reason). **No effect**: with every effect set to none and staff without limit, approaches move no child; what is left of a
scenario is its seats, staff, cost and delays. **Overview**: what each does with central values, the mean of a few paired
runs; all columns are in `schatkist/overview.csv` beside this page.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

from proof.keyed import fingerprint
from proof.lines import CROSS, Line, page
from proof.pool import Map
from proof.table import FOLDER, REPO, Part
from sim import simulate
from sim.indicators import compute
from sim.record import Record
from sim.scenario.evidence import NO_EFFECT, STATES, Effect
from sim.scenario.levers import Change, levers_of
from sim.scenario.resolve import catalogue, load
from sim.scenario.scenario import Once, Scenario
from sim.study import Results, compare, plan, stream
from sim.study.overview import ASKED, COST, FOUND, LACKING, MISSED, WAITING, overview, write_overview
from sim.study.parallel import Answer, Task, execute

SEED = 29
REGION = "almere"
CENTURY = 100
RUNS, THIN_RUNS = 4, 2
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
    page=partial(page, findings=()),
)
# Scenarios that must move no indicator, each with the reason.
MUST_NOT: dict[str, str] = {}
NOTHING = "Zero dose, as it stands, and without effects"
SIGNS = "Direction, with its effect fully on"
SHELF = "Beside carrying on as today, a year on average"
COLUMNS = {
    MISSED: "missed weeks", WAITING: "children on a list", LACKING: "children without a fitting place", COST: "euro",
    ASKED: "staff asked (FTE)", FOUND: "staff found (FTE)",
}  # fmt: skip


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


@lru_cache(maxsize=1)
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

    def moved(e: Effect) -> bool:
        return e.cause in moves or (e.cause in STATES and e.lever in moves)

    return s.model_copy(
        update={"effects": {k: _strongest(e) if moved(e) else e for k, e in s.effects.items()}}
    )


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


def moved(s: Scenario, years: int = 3) -> bool:
    """True when one run of the scenario, started soon, has some indicator that differs from today's."""
    s = soon(s).model_copy(update={"years": years})
    return not compute(simulate(s, SEED, 0)).equals(_baseline_table(years))


@lru_cache(maxsize=2)
def _baseline_table(years: int) -> pd.DataFrame:
    return compute(simulate(load(f"{REGION}/baseline", years=years), SEED, 0))


def without_levers(s: Scenario) -> Scenario:
    """Carrying on as today, with the same effects."""
    return s.model_copy(update={"levers": {}, "once": ()})


def checks(full: bool, spread: Map[object]) -> Iterator[Line]:
    """All lines: what every scenario must not do, every claim, and the overview."""
    runs = RUNS if full else THIN_RUNS
    shelf = all_of(runs, spread)
    yield from _nothing(shelf, spread)
    yield from _signs(runs, spread)
    yield from _shelf(shelf, FOLDER / "schatkist" if full else None)


def _nothing(shelf: Results, spread: Map[object]) -> Iterator[Line]:
    rule = "0 at zero dose and without effects, and as it stands at least 1"
    found = scenarios()
    zero = dict(zip(found, spread(_zero, [(name,) for name in found]), strict=True))
    approaches = [name for name, s in found.items() if only_approaches(s)]
    bare = dict(zip(approaches, spread(none, [(name,) for name in approaches]), strict=True))
    for name in found:
        n = indicators_moved(shelf, name)
        rows = [
            ("runs at zero dose that differ", 0.0 if zero[name] else 1.0, bool(zero[name])),
            ("indicators that differ as it stands", float(n), bool(n) == (name not in MUST_NOT)),
        ]
        if name in bare:
            rows.append(
                (
                    "runs without effects in which a child is elsewhere",
                    0.0 if bare[name] else 1.0,
                    bool(bare[name]),
                )
            )
        for what, value, holds in rows:
            yield Line(NOTHING, f"{name}{CROSS}{what}", float("nan"), value, 0.0, 1, rule, holds)


def _signs(runs: int, spread: Map[object]) -> Iterator[Line]:
    """Scenarios with the same effects share the runs of carrying on as today."""
    asked = claims()
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(c.scenario for c in asked):
        sizes = repr(sorted((k, e.size.value) for k, e in fully(scenarios()[name]).effects.items()))
        alike.setdefault(sizes, []).append(name)
    jobs = [(tuple(names), r) for names in alike.values() for r in range(runs)]
    values: dict[tuple[Claim, int], float] = {}
    for (_, r), answer in zip(jobs, spread(differences, jobs), strict=True):
        values |= {(claim, r): value for claim, value in answer.items()}  # type: ignore[attr-defined]
    for claim in asked:
        yield claimed(claim, [values[claim, r] for r in range(runs)])


def _shelf(shelf: Results, folder: Path | None) -> Iterator[Line]:
    lines = overview(shelf, compare(shelf, margins=False))
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_overview(lines, folder / "overview.csv")
    for line in lines:
        for indicator, column in COLUMNS.items():
            o = line.outcomes[indicator]
            what = f"{line.scenario.id}{CROSS}{column}"
            yield Line(SHELF, what, float("nan"), o.difference, 0.0, shelf.replications, "beside", True)


@dataclass(frozen=True)
class _Spread:
    """The processes of the proof, as an executor of a study."""

    spread: Map[object]

    def run(self, tasks: Iterable[Task]) -> Generator[Answer, None, None]:
        listed = list(tasks)
        for task, raw in zip(listed, self.spread(execute, [(t,) for t in listed]), strict=True):
            assert isinstance(raw, bytes)
            yield Answer(task, raw)


def all_of(runs: int, spread: Map[object]) -> Results:
    """Every scenario beside the baseline with central values, and with all effects of grade D and E set to none."""
    study = plan(list(catalogue(region=REGION)), replications=runs, seed=SEED, assumptions="fixed")
    *_, last = stream(study, executor=_Spread(spread))
    return last.collector.results()


def indicators_moved(shelf: Results, name: str) -> int:
    """Indicators that differ from carrying on as today in the first pair, on any margin and in any year."""
    mine, base = (shelf.values[s, "fixed"][0] for s in (name, shelf.baseline.id))
    differ = ~np.isclose(mine, base, rtol=0.0, atol=0.0, equal_nan=True)
    rows = np.flatnonzero(differ.any(axis=tuple(i for i in range(differ.ndim) if i != 0)))
    return len({shelf.series[i].indicator for i in rows})


def claimed(claim: Claim, values: Sequence[float]) -> Line:
    """One line: the mean paired difference has the sign that was claimed; for `same` it is within two standard errors."""
    mean = float(np.mean(values))
    se = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    holds = {"up": mean > 0, "down": mean < 0, "same": abs(mean) <= 2 * se}[claim.direction]
    where = "" if claim.place_type == "all" else f" ({claim.place_type})"
    low, high = np.quantile(values, (0.1, 0.9))
    return Line(
        SIGNS, f"{claim.scenario}: {claim.indicator}{where}, years {claim.first}-{claim.last}", float("nan"), mean, se,
        len(values), claim.direction, holds, float(low), float(high), claim.because,
    )  # fmt: skip


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


def differences(names: Sequence[str], replication: int) -> dict[Claim, float]:
    """For the claims on scenarios with the same effects: the paired difference, as a mean over the years of the claim."""
    about = {n: [c for c in claims() if c.scenario == n] for n in names}
    found = scenarios()

    def table(s: Scenario, asked: Sequence[Claim]) -> pd.DataFrame:
        # A short run is the beginning of a long one.
        return compute(
            simulate(s.model_copy(update={"years": max(c.last for c in asked)}), SEED, replication)
        )

    base = table(without_levers(fully(found[names[0]])), [c for asked in about.values() for c in asked])
    out: dict[Claim, float] = {}
    for name, asked in about.items():
        s = fully(found[name])
        mine = table(s, asked)
        out |= {c: _mean(mine, c, s) - _mean(base, c, s) for c in asked}
    return out


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
