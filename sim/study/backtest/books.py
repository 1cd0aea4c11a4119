"""Yearly bookkeeping of children by age: what a count leaves unexplained, and how old those present must be.

The forecast itself is made by the simulation. This only reads the past: with the routes and chances of the region, and with
what was counted up to the year of the forecast, it finds the ages of those present (no one published them) and, per type
and year, the net flow that routes and counted inflow do not explain. A test holds it against the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.region import Region
from sim.study.backtest.known import OTHER, Series

Floats = NDArray[np.float64]
AGES = 32
# Ages settle within the longest stay.
_SETTLE = 30


@dataclass(frozen=True)
class Routes:
    """The yearly chances of one type, by age at the count after 1 August.

    Attributes:
        leaves: Chance of leaving the type for its age (for good, or at the end of the stage).
        passes: Type -> share of those at the end of their stage who go there.
        ends: Part of `leaves` that is the end of the stage.
        back: Chance of going back to a regular school, of those who did not leave.
        moves: Type -> chance of moving there, of those who did neither.
    """

    leaves: Floats
    ends: Floats
    passes: Mapping[str, float]
    back: float
    moves: Mapping[str, float]


@dataclass(frozen=True)
class Past:
    """The past up to the year of the forecast.

    Attributes:
        ages: Type -> children by age in the last year.
        years: Type -> years of `unexplained`.
        unexplained: Type -> net inflow that nothing explains, as a share of the stock a year before.
        turnover: Type -> share that leaves in a year once ages have settled.
        staying: Type -> share of those present in the last year who are not past their age in the next.
    """

    ages: Mapping[str, Floats]
    years: Mapping[str, tuple[int, ...]]
    unexplained: Mapping[str, Floats]
    turnover: Mapping[str, float]
    staying: Mapping[str, float]


def routes_of(region: Region) -> dict[str, Routes]:
    """The routes of every type of a region (its yearly review, end of stage and leaving; nothing that needs a seat)."""
    found = {}
    for name, kind in region.place_types.items():
        good, stage = np.zeros(AGES), np.zeros(AGES)
        for table, by_age in ((good, kind.leave), (stage, kind.transition.ages if kind.transition else {})):
            for age, q in by_age.items():
                table[age] = q.value
            if by_age:
                table[max(by_age) :] = table[max(by_age)]
        to = {k: q.value for k, q in kind.transition.to.items()} if kind.transition else {}
        review = kind.review
        found[name] = Routes(
            leaves=good + (1 - good) * stage,
            ends=(1 - good) * stage,
            passes={k: v / sum(to.values()) for k, v in to.items() if k in region.place_types},
            back=review.back.value if review and review.back else 0.0,
            moves={k: m.rate.value for k, m in review.moves.items()} if review else {},
        )
    return found


def next_year(routes: Mapping[str, Routes], now: Mapping[str, Floats]) -> dict[str, Floats]:
    """Children by age a year later, without any inflow from outside the types that are present in `now`."""
    older = {k: np.concatenate(([0.0], n[:-1])) for k, n in now.items()}
    out = {}
    sent: list[tuple[str, Floats]] = []
    for k, n in older.items():
        r = routes[k]
        rest = n * (1 - r.leaves) * (1 - r.back)
        # A step up is decided before a step down; with one of each kind at most, as here, the order makes no difference.
        sent += [(to, rest * rate) for to, rate in r.moves.items()]
        sent += [(to, n * r.ends * share) for to, share in r.passes.items()]
        out[k] = rest * (1 - sum(r.moves.values()))
    for to, children in sent:
        if to in out:
            out[to] = out[to] + children
    return out


def entry_ages(region: Region) -> dict[str, Floats]:
    """Source -> shares by age at the first count (a year older than at the signal: they start on the next 1 August)."""
    found = {}
    for name, source in region.sources.items():
        shares = np.zeros(AGES)
        for age, weight in source.ages.items():
            shares[age + 1] = weight
        found[name] = shares / shares.sum()
    return found


def read_past(region: Region, series: Series, until: int) -> Past:
    """Walk through the counted years.

    Args:
        region: Routes and ages at entry; its counts and flows are not used.
        series: Counts, of which only those up to `until` are looked at.
        until: Year of the forecast.
    """
    routes, entry = routes_of(region), entry_ages(region)
    mixes = {k: _mix(region, series, k, entry, until) for k in region.place_types}
    settled = {k: _settled(routes[k], mixes[k]) for k in region.place_types}
    first = {k: min(series.stocks[k]) for k in region.place_types}
    now: dict[str, Floats] = {}
    rest: dict[str, dict[int, float]] = {k: {} for k in region.place_types}
    for year in range(min(first.values()), until + 1):
        before = {k: float(n.sum()) for k, n in now.items()}
        now = next_year(routes, now)
        for k in region.place_types:
            if year == first[k]:
                now[k] = settled[k] / settled[k].sum() * series.stocks[k][year]
            elif k in now:
                now[k], gap = _closed(now[k], series, k, year, entry, mixes[k])
                if gap is not None:
                    rest[k][year] = series.outside[k].get(year, gap) / before[k]
    return Past(
        ages=now,
        years={k: tuple(r) for k, r in rest.items()},
        unexplained={k: np.array(list(r.values())) for k, r in rest.items()},
        turnover={k: 1.0 / float(n.sum()) for k, n in settled.items()},
        staying={
            k: float(np.sum(n[:-1] * (1 - routes[k].leaves[1:])) / max(n.sum(), 1.0)) for k, n in now.items()
        },
    )


def _closed(
    n: Floats, series: Series, kind: str, year: int, entry: Mapping[str, Floats], mix: Floats
) -> tuple[Floats, float | None]:
    """Ages that add up to the count of a year, and what the counted inflow leaves open (None = inflow not counted yet)."""
    origins = series.inflows[kind]
    counted = all(year in c for c in origins.values())
    spread = mix
    if origins and counted:
        n = n + sum(c[year] * entry[f"{o}-{kind}"] for o, c in origins.items())
        spread = entry.get(f"{OTHER}-{kind}", mix)
    gap = series.stocks[kind][year] - float(n.sum())
    closed = n + gap * spread if gap > 0 else n * (series.stocks[kind][year] / n.sum())
    return closed, gap if counted else None


def _mix(region: Region, series: Series, kind: str, entry: Mapping[str, Floats], until: int) -> Floats:
    """Ages of all inflow of a type together: by the first counted inflow, else by the flows of the region file."""
    origins = {o: c[min(c)] for o, c in series.inflows[kind].items() if c and min(c) <= until}
    weight = {f"{o}-{kind}": x for o, x in origins.items()} or {
        n: s.flow.value for n, s in region.sources.items() if s.to == kind and s.flow
    }
    total = sum(weight.values())
    out: Floats = sum((x / total * entry[n] for n, x in weight.items()), np.zeros(AGES))
    return out


def _settled(routes: Routes, mix: Floats) -> Floats:
    """Children by age when one child a year enters, for ever."""
    n = mix
    for _ in range(_SETTLE):
        older = np.concatenate(([0.0], n[:-1]))
        n = older * (1 - routes.leaves) * (1 - routes.back) * (1 - sum(routes.moves.values())) + mix
    return n
