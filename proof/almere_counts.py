"""What one run of Almere says: stocks and lists, flows and ages per type, Olivijn on a day, children at home.

Stocks, lists and missed weeks are those of `sim.indicators`, because they are compared with published numbers under the
same definitions as users read; flows, ages and groups are counted here from the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from proof import invariants
from proof.moments import still
from sim import load, simulate
from sim.indicators import compute
from sim.record import Kind, Level, Record, Why
from sim.scenario.scenario import Scenario
from sim.study.draws import plan_draws

SEED = 20_240_327  # not the seed of the fit (`proof.moments.SEED`)
YEAR, HALF_YEAR, FOUR_WEEKS = 365.25, 182.625, 28.0
OLIVIJN, OLIVIJN_DAY = "olivijn", date(2024, 3, 27)
AS_IT_IS, DRAWN, STILL, UNLIMITED, UNDIVIDED = "as it is", "drawn", "still", "unlimited", "undivided"
SHOWN = (
    "K02.oct", "K02.feb", "K02.mean", "K02.agreed_oct", "K02.agreed_feb", "K02.from_signal_oct", "K10.no_place",
    "K12.total", "K12.no_place", "K17.children_oct", "K17.children_feb", "K22.seats_oct", "K22.empty_oct",
    "K22.empty_while_waiting_oct",
)  # fmt: skip
Counts = dict[str, float]
Days = NDArray[np.float64]
Flags = NDArray[np.bool_]


@cache
def almere(variant: str, years: int) -> Scenario:
    """The baseline in one of its variants.

    Args:
        variant: One of the names above, or `seats x 1.05`: all class sizes times 1.05, but for Olivijn's, which are published.
        years: School years after the replay.
    """
    if variant in (STILL, UNLIMITED):
        return still({}, unlimited=variant == UNLIMITED, years=years)
    scenario = load("baseline", years=years)
    region = scenario.region
    if variant == UNDIVIDED:
        switched = region.mechanisms.model_copy(update={"regrouping": False})
        return scenario.model_copy(update={"region": region.model_copy(update={"mechanisms": switched})})
    if variant.startswith("seats x "):
        factor = float(variant.removeprefix("seats x "))
        sizes = {k: p.class_size.value for k, p in region.places.items() if p.class_size and k != OLIVIJN}
        return scenario.with_values(
            {f"region.places.{k}.class_size": size * factor for k, size in sizes.items()}
        )
    return scenario


def replicate(variant: str, years: int, replication: int) -> Counts:
    """All counts of one replication, by `name|type or school|when`."""
    scenario = almere(variant, years)
    if variant == DRAWN:
        scenario = plan_draws(scenario, SEED).apply(scenario, replication)
    record = simulate(scenario, SEED, replication)
    found = {
        "events per child": record.events / len(record.pupils["key"]),
        "broken": float(len(_broken(record, variant))),
    }
    for part in (_indicators, _schools, waited, long_absent, _seasons):
        found.update(part(record))
    if variant != UNLIMITED:
        found.update(olivijn(record))
    found.update(flows(record, scenario))
    return found


def _broken(record: Record, variant: str) -> list[str]:
    special = tuple(t for t, role in zip(record.types, record.roles, strict=True) if role == "special")
    return invariants.all_of(record, special if variant == UNLIMITED else ())


def _indicators(record: Record) -> Iterator[tuple[str, float]]:
    table = compute(record)
    table = table[(table["district"] == "all") & (table["profile"] == "all") & table["indicator"].isin(SHOWN)]
    keys = (
        table["indicator"].astype(str)
        + "|"
        + table["place_type"].astype(str)
        + "|"
        + table["school_year"].astype(str)
    )
    yield from zip(keys, table["value"].astype(float), strict=True)


def column(record: Record, name: str) -> Days:
    """A column of days; "not (yet)" as infinity."""
    day = record.visits[name].astype(np.float64)
    return np.where(np.isnan(day), np.inf, day)


def seated(record: Record, day: float) -> Flags:
    """Visits of children who have a seat on a day."""
    stays = record.visits["kind"] == Kind.STAY
    return stays & (column(record, "placed") <= day) & (day < column(record, "left"))


def waits(record: Record, day: float) -> Flags:
    """Children on a list, with and without an agreed start."""
    kind = record.visits["kind"]
    off = np.where(kind == Kind.STAY, column(record, "placed"), column(record, "left"))
    return np.isin(kind, (Kind.STAY, Kind.WAIT)) & (column(record, "listed") <= day) & (day < off)


def _schools(record: Record) -> Iterator[tuple[str, float]]:
    here = np.bincount(record.visits["place"][seated(record, 0.0)], minlength=len(record.places))
    for place, n in zip(record.places, here.tolist(), strict=True):
        if place.role == "special":
            yield f"day 0|{place.id}", float(n)


def waited(record: Record) -> Iterator[tuple[str, float]]:
    """Share of those who wait without an agreed start that waits over half a year, from listing and from first signal."""
    for year, day in zip(record.school_years, record.count_days("10-01"), strict=True):
        who = waits(record, float(day)) & (column(record, "ready") <= day)
        listed, signalled = column(record, "listed")[who], record.visits["signalled"][who].astype(float)
        if len(listed):
            yield f"over half a year|listed|{year}", float((day - listed > HALF_YEAR).mean())
            yield f"over half a year|signalled|{year}", float((day - signalled > HALF_YEAR).mean())


def olivijn(record: Record) -> Iterator[tuple[str, float]]:
    """Who waits for Olivijn (its kinds of groups are nowhere else) and which of its groups have an empty seat."""
    code = next(i for i, p in enumerate(record.places) if p.id == OLIVIJN)
    days = {str(OLIVIJN_DAY): float((OLIVIJN_DAY - record.start).days)}
    days |= {
        f"oct {y}": float(d) for y, d in zip(record.school_years, record.count_days("10-01"), strict=True)
    }
    for when, day in days.items():
        who = waits(record, day) & (record.visits["place"] == code)
        free = _free(record, code, day)
        agreed = int((who & (column(record, "ready") > day)).sum())
        waiting, empty = int(who.sum()) - agreed, float(free.sum())
        yield f"waiting|olivijn|{when}", float(waiting)
        yield f"agreed|olivijn|{when}", float(agreed)
        yield f"empty|olivijn|{when}", empty
        yield f"groups with an empty seat|olivijn|{when}", float((free > 0).sum())
        yield f"both|olivijn|{when}", float(waiting > 0 and empty > 0)


def _free(record: Record, place: int, day: float) -> Days:
    """Empty seats of each kind of group of a school on a day."""
    here = np.flatnonzero(seated(record, day) & (record.visits["place"] == place))
    present = np.bincount(record.cells_on(day, here), minlength=len(record.cells))
    levels = record.levels
    free = []
    for code, cell in enumerate(record.cells):
        if cell.place == place:
            rows = (levels["what"] == Level.SEATS) & (levels["cell"] == code) & (levels["time"] <= day)
            free.append(max(0.0, float(levels["value"][rows][-1]) - present[code]))
    return np.array(free)


def long_absent(record: Record) -> Iterator[tuple[str, float]]:
    """Children at home for over four weeks, as Almere counts them: at the start of 2023-24, new, ended, at the end.

    Children freed from compulsory education, and those who attend part of the time by agreement, are not in that count.
    """
    counted = np.array([p.attends == 0 and "exempt" not in p.tags for p in record.places])
    rows = (record.visits["kind"] == Kind.ABSENCE) & counted[record.visits["place"]]
    counts = column(record, "placed")[rows] + FOUR_WEEKS
    left = column(record, "left")[rows]
    end = float(record.year_starts[1]) - 1.0  # 31 July: the seats of the next school year come a day later
    long = counts < left
    place = np.array([p.id for p in record.places])[record.visits["place"][rows]]
    start = long & (counts <= 0) & (left > 0)
    new = long & (counts > 0) & (counts <= end)
    yield "absent at the start", float(start.sum())
    yield "absent at the start without a place", float((start & (place == "no_place")).sum())
    yield "absent new", float(new.sum())
    yield "absent ended", float(((start | new) & (left <= end)).sum())
    yield "absent at the end", float(((start | new) & (left > end)).sum())


def _seasons(record: Record) -> Iterator[tuple[str, float]]:
    """Largest and smallest stock and city list on the first of the months of 2025-26."""
    days = [float((date(2025 + (m < 8), m, 2) - record.start).days) for m in range(1, 13)]
    children = np.array(
        [np.bincount(record.visits["type"][seated(record, d)], minlength=len(record.types)) for d in days]
    )
    listed = [int((waits(record, d) & (column(record, "ready") <= d)).sum()) for d in days]
    for i, name in enumerate(record.types):
        if record.roles[i] == "special":
            yield f"highest stock|{name}", float(children[:, i].max())
            yield f"lowest stock|{name}", float(children[:, i].min())
    for month in (8, 10, 2, 7):
        yield f"list on the 2nd of month|{month}", float(listed[month - 1])


def flows(record: Record, scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Entries a year and where they come from, ages, leavers and mean stock per type, over the three replay years.

    The window holds three times 1 August: it starts after that of 2023, whose state is the count.
    """
    v, sources = record.visits, scenario.region.sources
    stays = np.flatnonzero(v["kind"] == Kind.STAY)
    pupil, kind, why = v["pupil"][stays], v["type"][stays], v["why"][stays]
    placed, left = column(record, "placed")[stays], column(record, "left")[stays]
    birth = record.pupils["birth"][pupil]
    until = float(record.year_starts[record.replay_years])
    years = until / YEAR
    order = np.lexsort((placed, pupil))
    earlier = np.full(len(stays), -1)
    same = pupil[order][1:] == pupil[order][:-1]
    earlier[order[1:][same]] = order[:-1][same]
    entered, gone = (placed > 0) & (placed <= until), (left > 0) & (left <= until)
    for code, name in enumerate(record.types):
        if record.roles[code] != "special":
            continue
        mine = entered & (kind == code)
        came: dict[str, int] = {}
        for i in np.flatnonzero(mine):
            before = earlier[i]
            if before >= 0:
                back = why[before] == Why.BACK
                origin = record.types[v["destination"][stays[before]] if back else kind[before]]
            else:
                source = record.origins[record.pupils["origin"][pupil[i]]]
                origin = sources[source].of if source in sources else "list of 2023"
            came[origin] = came.get(origin, 0) + 1
        yield f"entries|{name}", float(mine.sum()) / years
        for origin in sorted({s.of for s in sources.values()} | {*record.types} | {"list of 2023"}):
            if origin in came:
                yield f"from|{name}|{origin}", came[origin] / years
        leaving = gone & (kind == code)
        stock = (
            float((np.minimum(left, until) - np.maximum(placed, 0.0))[kind == code].clip(min=0).sum()) / until
        )
        yield f"stock|{name}", stock
        yield f"stay|{name}", stock / (mine.sum() / years)
        yield f"leaving share|{name}", float(leaving.sum()) / years / stock
        yield f"age at entry|{name}", float((placed - birth)[mine].mean() / YEAR)
        yield f"age at leaving|{name}", float((left - birth)[leaving].mean() / YEAR)
        yield f"requests|{name}", _requests(record, code, until) / years


def _requests(record: Record, code: int, until: float) -> float:
    """Children who came on the list of a type after day 0."""
    v, listed = record.visits, column(record, "listed")
    asked = np.isin(v["kind"], (Kind.STAY, Kind.WAIT)) & (v["type"] == code)
    return float((asked & (listed > 0) & (listed <= until)).sum())
