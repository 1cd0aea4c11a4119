"""The warm start: children present and waiting on day 0, as counted per school, with part of their way behind them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import Purpose, cohort_word, origin_word
from sim.model.guests import Programme
from sim.model.laws import YEAR, grid, length_biased, on_grid, pick
from sim.model.programmes import Programmes
from sim.model.pupil import Pupil
from sim.model.sources import Sources
from sim.model.world import World
from sim.scenario.units import ANY_PROFILE

FIRST_SCHOOL_AGE = 4.0


def load_count(world: World) -> None:
    """Put the counted children in their seats and on the lists."""
    layout, region = world.layout, world.region
    for name, place in region.places.items():
        for profile, q in place.roll.items():
            _present(world, layout.place_code(name), layout.profile_code(profile), int(q.value + 0.5))
        mean = place.waited.value if place.waited else 0.0
        for profile, q in place.waiting.items():
            _waiting(world, layout.place_code(name), layout.profile_code(profile), int(q.value + 0.5), mean)


def fill_programmes(world: World, programmes: Programmes, sources: Sources) -> None:
    """Put the children in programmes who are there on day 0, with part of their stay behind them."""
    for p in programmes.all:
        n = int(p.model.start.value + 0.5) if p.model.start else 0
        if n:
            _inside(world, programmes, sources, p, n)


def _inside(world: World, programmes: Programmes, sources: Sources, p: Programme, n: int) -> None:
    layout = world.layout
    hi = origin_word(f"start|{p.name}", "")
    lo = np.uint64(cohort_word(layout.region.start.year, 0)) + np.arange(n, dtype=np.uint64)
    purposes = (
        Purpose.START_AGE, Purpose.BIRTH_DAY, Purpose.DISTRICT, Purpose.PROGRAMME_STAY, Purpose.ELAPSED, Purpose.UNCLEAR,
        Purpose.PROFILE, Purpose.DIVERTED,
    )  # fmt: skip
    u = dict(
        zip(purposes, world.draws.block(np.array(purposes, dtype=np.uint64)[:, None], hi, lo), strict=True)
    )
    low, high = p.model.ages or (0, 0)
    age = low + np.floor(u[Purpose.START_AGE] * (high + 1 - low))
    birth = on_grid(layout.age_day(0) - (age + u[Purpose.BIRTH_DAY]) * YEAR)
    district = pick(u[Purpose.DISTRICT], _districts(world, "")) if layout.districts else np.full(n, -1)
    routes = _routes(world, programmes, sources, p)
    route = pick(u[Purpose.UNCLEAR], [flow for _, flow in routes])
    mean = p.weeks * programmes.days_per_week()
    total = length_biased(p.model.law, mean, p.model.phases, u[Purpose.PROGRAMME_STAY])
    first = world.log.pupils(
        key=(np.uint64(hi) << np.uint64(32)) | lo, birth=birth, district=district, profile=np.full(n, -1),
        origin=np.full(n, layout.origins.index("start")), signalled=np.full(n, np.nan),
    )  # fmt: skip
    for i in range(n):
        pupil = Pupil(first + i, hi, int(lo[i]), float(birth[i]), int(district[i]), -1, 0.5)
        source, _ = routes[int(route[i])]
        if source >= 0:
            shares = sources.all[source][1].profiles
            j = (
                int(pick(u[Purpose.PROFILE][i : i + 1], [q.value for q in shares.values()])[0])
                if shares
                else -1
            )
            pupil.profile = pupil.want_profile = layout.profiles.index(list(shares)[j]) if shares else -1
            pupil.want = int(sources.target[source])
        elif len(p.profiles) == 1:
            pupil.profile = p.profiles[0]
        behind, days = grid(float(total[i] * u[Purpose.ELAPSED][i])), max(grid(float(total[i])), 1 / 1024)
        behind = min(behind, days - 1 / 1024)
        programmes.present(p, pupil, -behind, days, float(u[Purpose.DIVERTED][i]), gate=source >= 0)


def _routes(world: World, programmes: Programmes, sources: Sources, p: Programme) -> list[tuple[int, float]]:
    """By which way the children of a programme came, in proportion to what comes by it in a year; -1 = of itself."""
    own = sum(float(sources.expected(i, 0).sum()) for i, (_, s) in enumerate(sources.all) if s.to == p.name)
    routes = [(-1, own if own else float(bool(p.model.takes)))]
    if p.gate != "none":
        share = p.model.unclear.value if p.model.unclear and p.gate == "optional" else 1.0
        for i, (name, _) in enumerate(sources.all):
            if name in p.model.serves:
                routes.append((i, share * float(sources.expected(i, 0).sum())))
    return routes if any(flow for _, flow in routes) else [(-1, 1.0)]


def _people(
    world: World, what: str, place: int, profile: int, n: int
) -> tuple[list[Pupil], NDArray[np.float64], NDArray[np.float64]]:
    """New pupils of one place and profile, their ages in years on day 0, and a uniform for the time behind them."""
    layout = world.layout
    rules = next(r for r in world.rules if place in r.places)
    place_id = layout.places[place].id
    hi = origin_word(f"{what}|{place_id}|{_profile_name(world, profile)}", "")
    lo = np.uint64(cohort_word(layout.region.start.year, 0)) + np.arange(n, dtype=np.uint64)
    purposes = (Purpose.START_AGE, Purpose.BIRTH_DAY, Purpose.DISTRICT, Purpose.ELAPSED, Purpose.TIE)
    u = world.draws.block(np.array(purposes, dtype=np.uint64)[:, None], hi, lo)
    weights = rules.model.start_ages
    if weights:
        ages = np.array(list(weights))[pick(u[0], list(weights.values()))]
        birth = on_grid(layout.age_day(0) - (ages + u[1]) * YEAR)
    else:
        birth = np.zeros(n)
    home = _districts(world, place_id)
    district = pick(u[2], home) if home else np.full(n, -1)
    first = world.log.pupils(
        key=(np.uint64(hi) << np.uint64(32)) | lo, birth=birth, district=district, profile=np.full(n, profile),
        origin=np.full(n, layout.origins.index("start")), signalled=np.full(n, np.nan),
    )  # fmt: skip
    people = [
        Pupil(first + i, hi, int(lo[i]), float(birth[i]), int(district[i]), profile, float(u[4][i]))
        for i in range(n)
    ]
    return people, -birth / YEAR, u[3]


def _profile_name(world: World, code: int) -> str:
    return world.layout.profiles[code] if code >= 0 else ANY_PROFILE


def _districts(world: World, place: str) -> list[float]:
    """Where the children of a place live: by where children of the region live."""
    region = world.region
    total = [
        sum(r.count[d].value for r in region.regular.values() if d in r.count) for d in world.layout.districts
    ]
    return total if sum(total) > 0 else [1.0] * len(total)


def _present(world: World, place: int, profile: int, n: int) -> None:
    if n == 0:
        return
    people, ages, elapsed = _people(world, "start", place, profile, n)
    rules = next(r for r in world.rules if place in r.places)
    law = rules.model.stay
    if law.law == "hazard":
        behind = (
            elapsed * np.maximum(0.25, ages - min(rules.model.start_ages, default=FIRST_SCHOOL_AGE)) * YEAR
        )
        rest = None
    else:
        assert law.mean is not None
        mean = law.start_mean or law.mean
        total = length_biased(
            law.law,
            mean.value,
            law.shape,
            world.draws.block(Purpose.STAY, people[0].hi, np.array([p.lo for p in people], dtype=np.uint64)),
        )
        behind, rest = total * elapsed, total * (1.0 - elapsed)
    for i, p in enumerate(people):
        since = -grid(float(behind[i]))
        p.requests = p.stays = 1
        cell = world.cell_for(place, profile, world.band(p, rules.index))
        assert cell is not None
        p.seat, p.seat_times = cell, (since, since, since, since)
        cell.present += 1
        world.join(p)
        if rest is not None:
            world.at(max(grid(float(rest[i])), 1 / 1024), world.free_rank, world.stay_over, (p, p.stays))


def _waiting(world: World, place: int, profile: int, n: int, mean: float) -> None:
    if n == 0:
        return
    people, _, elapsed = _people(world, "waiting", place, profile, n)
    rules = next(r for r in world.rules if place in r.places)
    rule = rules.model.list
    for i, p in enumerate(people):
        listed = grid(float(np.log(elapsed[i])) * mean)
        p.requests = 1
        p.want, p.want_profile, p.want_times = rules.index, profile, (listed, listed, listed)
        p.elsewhere = False
        p.at_home = bool(rule.at_home) and world.draws.one(
            Purpose.AT_HOME, p.hi, p.lo
        ) < world.listing.at_home(rules.index)
        p.patience = world.listing.patience(rules.index, world.draws.one(Purpose.PATIENCE, p.hi, p.lo))
        if 0 < p.patience <= -listed:
            p.patience += -listed
        world.listing.waits_at(p, place)
