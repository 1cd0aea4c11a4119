"""The closed forms behind the feedback loops: load law, class size, break-even, gate, placement moments.

With the noise off (children on given days, fixed stays) the comparison is exact; else it is by standard
errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from proof import formulas as f
from proof import measure as m
from proof.pool import Map, here
from proof.table import Check
from proof.theory import SEED, Z
from proof.toys import toy
from sim import simulate
from sim.record import Kind, Record, Why
from sim.scenario.scenario import Scenario

YEAR = 365.25
EXACT = "equal"
STAY = 100


def _exact(case: str, what: str, expected: float, found: float) -> Check:
    return Check(case, what, float(expected), float(found), 0.0, 1, EXACT, abs(expected - found) < 1e-9)


def _near(case: str, what: str, expected: float, values: list[float], share: float) -> Check:
    """A check by standard errors; the standard error may be at most `share` of what is expected."""
    i = m.interval(values)
    holds = abs(i.mean - expected) <= Z * i.se and i.se <= share * abs(expected)
    rule = f"within {Z:g} se, se <= {100 * share:.2g} %"
    return Check(case, what, expected, i.mean, i.se, i.n, rule, holds)


# Load law: with inflow a and mean stay S, the list of c full seats grows by a - c / S, whatever its order.


def _noise_off(
    every: int, batch: int, class_size: int, *, discipline: str = "date", first_stock: int = 0
) -> Scenario:
    """Ten groups; after a first stock (a group at a time) `batch` children every so many days for six years."""
    stock = [float(t) for t in range(0, STAY, STAY // 10) for _ in range(first_stock)] if first_stock else []
    later = [float(t) for t in range(STAY, 6 * 365, every) for _ in range(batch)]
    return toy(
        "queue",
        {
            "place_types.school.stay": {"law": "fixed", "mean": STAY},
            "place_types.school.list.discipline": discipline,
            "places.only.class_size": class_size,
            "places.only.groups": {"any": 10},
            "sources.signals.flow": None,
            "sources.signals.at": stock + later,
        },
        years=6,
    )


def load_law(discipline: str) -> Check:
    """Ten seats, stays of 100 days: 0.1 end a day. A child every 8 days: 0.125 a day. So +5 in 200 days."""
    record = simulate(_noise_off(8, 1, 1, discipline=discipline), SEED, 0)
    c = m.children(record)
    counts = [m.waiting_at(c, t) for t in np.arange(1000, 2190, 200) + 4.0]
    grown = set(np.diff(counts).tolist())
    expected = 200 * f.slope(1 / 8, 10, STAY)
    found = grown.pop() if len(grown) == 1 else float("nan")
    return _exact(f"noise off, order: {discipline}", "growth of the list in each 200 days", expected, found)


def load_law_random(replication: int) -> float:
    """Growth of the list per year of a random queue at load 1.25, from year 2 to year 10."""
    edits = {
        "place_types.school.stay": {"law": "lognormal", "mean": 50, "shape": 0.8},
        "places.only.groups": {"any": 100},
        "sources.signals.flow": 1.25 * 100 / 50 * YEAR,
    }
    c = m.children(simulate(toy("queue", edits, years=10), SEED, replication))
    t0, t1 = 2 * YEAR, 10 * YEAR - 1
    return (m.waiting_at(c, t1) - m.waiting_at(c, t0)) / (t1 - t0) * YEAR


# Class-size neutrality: seats, inflow and first stock times k -> the list times k, exactly.


def neutrality(old: int, new: int) -> Check:
    """Groups of `old` children against groups of `new`, inflow and first stock in the same proportion."""
    lists = []
    for size in (old, new):
        record = simulate(_noise_off(8, size, size, first_stock=size), SEED, 0)
        c = m.children(record)
        lists.append(np.array([m.waiting_at(c, t) for t in np.arange(0.0, 6 * 365, 0.5)]))
    equal = bool((old * lists[1] == new * lists[0]).all()) and lists[0].max() > 0
    end = float(lists[1][-1]) * old / new
    row = _exact(
        "noise off",
        f"list with groups of {new}, divided by {new}/{old} (all half days equal)",
        float(lists[0][-1]),
        end,
    )
    return Check(**{**row.__dict__, "holds": equal})


# Break-even of a lighter type that becomes part of regular schools: N children stay in a regular school, so N x (f
# regular - f lighter) more go on to the heavier type. Nothing changes when the two rates are equal. Later N itself
# follows from the rates, so the size is compared at the first review, where N is the same with and without.

LIGHTER_RATE = 0.04  # of the toy


def _inclusion(ratio: float, closed: bool, years: int, referred: float) -> Scenario:
    off = {"lighter.intake": [{"set": 0, "from": date(2026, 8, 1)}]} if closed else None
    sizes = {"effects.staying.size": ratio, "effects.staying-alone.size": ratio}
    return toy("inclusion", {"sources.referrals.rate": referred}, off, years, sizes)


def _entries(r: Record, type_id: str) -> float:
    return float(((r.visits["kind"] == Kind.STAY) & (r.visits["type"] == r.types.index(type_id))).sum())


def inclusion(ratio: float, years: int, referred: float, replication: int) -> tuple[float, float]:
    """Change of entries to the heavier type, and N: children in the regular stage at the first review."""
    base, gone = (
        simulate(_inclusion(ratio, closed, years, referred), SEED, replication) for closed in (False, True)
    )
    v, day = gone.visits, gone.year_starts[1]
    # Who leaves for good on 1 August is not reviewed on it; who steps up is.
    reviewed = (v["kind"] == Kind.SUPPORT) & (v["placed"] < day)
    reviewed &= ~((v["left"] == day) & (v["why"] == Why.MOVED_ON))
    return _entries(gone, "heavier") - _entries(base, "heavier"), float(reviewed.sum())


# Throughput of a gate that is always full.


def gate(groups: int, weeks: int) -> Check:
    """Children who leave the gate in four years in which it is always full."""
    edits = {
        "programmes.observation.groups": groups,
        "programmes.observation.stay_weeks": weeks,
        "sources.referrals.flow": 400,
    }
    r = simulate(toy("gate", edits), SEED, 0)
    v = r.visits
    mine = (v["kind"] == Kind.SUPPORT) & (v["type"] == r.types.index("observation"))
    left = v["left"][mine]
    t0 = 4 * YEAR
    found = float(((left > t0) & (left <= t0 + 4 * YEAR)).sum()) / 4
    return _exact(
        f"gate of {groups} groups of 8, {weeks} weeks",
        "children per school year",
        f.gate_throughput(groups, 8, weeks),
        found,
    )


# Placement moments at low load: half the interval.

MOMENTS = {
    1: ["02-01"],
    2: ["02-01", "08-01"],
    4: ["02-01", "05-01", "08-01", "11-01"],
    12: [f"{i:02}-01" for i in range(1, 13)],
}


def moments(per_year: int, years: int) -> Scenario:
    """The 300 seats at load 0.5 with placement at moments only."""
    return toy(
        "appendix",
        {
            "sources.signals.flow": 30,
            "places.all.roll": {"any": 150},
            "place_types.school.list": {"placement": "moments", "moments": MOMENTS[per_year]},
        },
        years=years,
    )


def moment_days(per_year: int, years: int) -> list[float]:
    """Days of the placement moments after day 0."""
    start = date(2026, 8, 1)
    days = []
    for year in range(2026, 2027 + years):
        for text in MOMENTS[per_year]:
            month, day = (int(x) for x in text.split("-"))
            days.append(float((date(year, month, day) - start).days))
    return sorted(d for d in days if 0 < d < (date(2026 + years, 8, 1) - start).days)


def wait_for_moment(per_year: int, years: int, replication: int) -> float:
    """Mean days on the list of those who came between the first and the last moment of the run."""
    days = moment_days(per_year, years)
    c = m.came(m.children(simulate(moments(per_year, years), SEED, replication)), days[0], days[-1])
    return float(m.waits(c).mean())


def checks(full: bool, spread: Map[object] = here) -> Iterator[Check]:
    """All closed forms; the thin version has fewer replications."""
    for discipline in ("date", "last"):
        yield load_law(discipline)
    n = 40 if full else 10
    slopes = spread(load_law_random, [(r,) for r in range(n)])
    expected = YEAR * f.slope(1.25 * 100 / 50, 100, 50)
    yield _near("random, load 1.25", "growth of the list per year", expected, slopes, 0.02 if full else 0.06)
    yield neutrality(12, 13)
    yield neutrality(12, 24)
    yield gate(2, 10)
    yield gate(5, 10)
    yield gate(3, 8)
    n, years = (40, 20) if full else (20, 10)
    for per_year in MOMENTS:
        gaps = np.diff(moment_days(per_year, years))
        values = spread(wait_for_moment, [(per_year, years, r) for r in range(n)])
        yield _near(
            f"{per_year} placement moments a year, load 0.5",
            "mean wait in days",
            f.mean_to_next(gaps),
            values,
            0.02,
        )
    yield from _inclusion_checks(full, spread)


def _inclusion_checks(full: bool, spread: Map[object]) -> Iterator[Check]:
    n, years = (40, 20) if full else (12, 10)
    what = "change of entries to the heavier type"
    rows = np.array(spread(inclusion, [(1.0, years, 0.02, r) for r in range(n)]))
    worst = float(np.abs(rows[:, 0]).max())
    yield Check(
        "lighter in regular schools, same rate to heavier", f"{what}: largest of all runs", 0.0, worst, 0.0, n,
        EXACT, worst == 0.0,
    )  # fmt: skip
    for ratio in (0.5, 1.5):
        rows = np.array(spread(inclusion, [(ratio, 2, 4.0, r) for r in range(n)]))
        formula = rows[:, 1] * LIGHTER_RATE * (ratio - 1.0)
        i, expected = m.interval(rows[:, 0] - formula), float(formula.mean())
        most = 0.03 if full else 0.05
        holds = abs(i.mean) <= Z * i.se and i.se <= most * abs(expected)
        case = f"lighter in regular schools, rate to heavier x {ratio:g}"
        rule = f"N x (f regular - f lighter); within {Z:g} se, se <= {100 * most:.2g} %"
        yield Check(case, f"{what}, first review", expected, float(rows[:, 0].mean()), i.se, n, rule, holds)
