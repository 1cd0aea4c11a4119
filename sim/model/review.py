"""What 1 August decides about each child: leaving, the end of a stage, back to a regular school, a step up or down."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model import exits
from sim.model.clock import ARRIVE
from sim.model.columns import Floats, Where, ages, drawn, those, where
from sim.model.draws import Purpose
from sim.model.help import staying
from sim.model.laws import YEAR, grid, pick_one
from sim.model.layout import TypeRules
from sim.model.pupil import NOBODY, Pupil
from sim.model.requests import LAST_REQUEST, Requests, draw_offers, profile_after
from sim.model.world import World
from sim.record import Kind, Why

AGAIN_YEARS = 2.0
# Drawn for everyone, and for those who move only.
_WHETHER = (Purpose.LEAVES, Purpose.ENDS_STAGE, Purpose.BACK, Purpose.STEP_UP, Purpose.STEP_DOWN)
_WHERE_TO = (Purpose.DESTINATION, Purpose.AGAIN, Purpose.AGAIN_DAY, Purpose.PROFILE)


def exits_and_transitions(world: World, year: int) -> None:
    """Phase "exits and transitions" of 1 August for everyone with a seat or staying in a regular stage."""
    people = [p for p in world.active if p.seat is not None or p.stage >= 0]
    if not people:
        return
    u = drawn(world.draws, people, _WHETHER, year + 1)
    age = ages(people, world.age_day)
    kind = np.array([p.seat.type if p.seat is not None else p.stage_of for p in people])
    seated = np.array([p.seat is not None for p in people])
    rules = world.rules
    at = where(people, kind)
    leaves = seated & (u[Purpose.LEAVES] < _leaves(world, kind, age, at))
    leaves = exits.places(world, people, age, leaves)
    ends = ~leaves & (u[Purpose.ENDS_STAGE] < np.array([r.ends for r in rules])[kind, age])
    stays = ~leaves & ~ends & np.array([r.model.stay.law == "hazard" for r in rules])[kind]
    back = stays & seated & (u[Purpose.BACK] < _back(world)[kind] * world.ratios("back")[at])
    up = stays & ~back & (u[Purpose.STEP_UP] < _step_up(world, people, at, seated, year))
    down = (
        stays
        & ~back
        & ~up
        & seated
        & (u[Purpose.STEP_DOWN] < np.array([sum(d[1] for d in r.downs) for r in rules])[kind])
    )
    moves = ends | back | up | down
    u = drawn(world.draws, [people[i] for i in those(moves)], _WHERE_TO, year + 1)
    row = np.cumsum(moves) - 1
    requests = Requests(world, year)
    world.returned = {}
    goes = those(leaves)
    to = exits.destinations(world, [people[i] for i in goes], year)
    for i, destination in zip(goes, to, strict=True):
        world.leave(people[i], Why.LEFT, destination)
    for i in those(ends):
        _end_of_stage(world, people[i], rules[kind[i]], u, row[i], requests)
    for i in those(back):
        _back_to_regular(world, people[i], rules[kind[i]], u, row[i])
    for flags, which, why in ((up, "ups", Why.STEP_UP), (down, "downs", Why.STEP_DOWN)):
        for i in those(flags):
            p = people[i]
            if p.want >= 0:
                continue
            options = getattr(rules[kind[i]], which)
            where_to = float(u[Purpose.DESTINATION][row[i]])
            j = pick_one(where_to, [o[1] for o in options]) if len(options) > 1 else 0
            target, _, profiles, shares = options[j]
            requests.add(
                p, target, why, profile_after(p, profiles, shares, float(u[Purpose.PROFILE][row[i]]))
            )
    requests.decide()


def _leaves(world: World, kind: Any, age: Any, at: Where) -> Floats:
    """Chance of leaving for good; where all leave at an age, they do so whatever is done."""
    base = np.array([r.leaves for r in world.rules])[kind, age]
    ratios = np.stack([world.approaches.ratio("exit", r.id) for r in world.rules])
    return np.asarray(np.where(base < 1.0, base * ratios[at], base))


def _back(world: World) -> Floats:
    """Today's chance of going back, per type."""
    out = np.zeros(len(world.rules))
    for r in world.rules:
        review = r.model.review
        if review and review.back and review.back_to and world.on.returns:
            out[r.index] = review.back.value
    return out


def expected_returns(world: World) -> dict[str, float]:
    """Children a year who go back to each regular stage, as things are today."""
    found: dict[str, float] = {}
    chances = _back(world)
    for p in world.active:
        review = world.rules[p.seat.type].model.review if p.seat is not None else None
        if p.seat is not None and review is not None and review.back_to is not None:
            found[review.back_to] = found.get(review.back_to, 0.0) + float(chances[p.seat.type])
    return found


def _step_up(world: World, people: list[Pupil], at: Where, seated: Any, year: int) -> Floats:
    """Chance of a step up: by type, times crowding, times the wait behind the child, or times staying without a seat."""
    rules, effects, kind = world.rules, world.effects, at[0]
    base = np.array([sum(m[1] for m in r.ups) for r in rules])[kind]
    reached = np.stack([world.approaches.ratio("step_up", r.id) for r in rules])
    out: Floats = base * np.where(seated, world.ratios("step_up")[at], reached[at])
    if world.on.waiting_needs:
        per_year = np.array([effects.size("waited", "step_up", r.id) for r in rules])[kind]
        out = out * per_year ** np.array([p.waited for p in people])
    for i in those(~seated):
        out[i] *= effects.ratio("step_up", rules[kind[i]].id, staying(world, people[i], year))
    return out


def _end_of_stage(
    world: World, p: Pupil, r: TypeRules, u: dict[Purpose, Floats], i: int, requests: Requests
) -> None:
    if p.want >= 0:
        if p.why == Why.MOVED_ON:
            return
        world.unlist(p, Why.MOVED_ON)
    j = pick_one(float(u[Purpose.DESTINATION][i]), r.to_shares)
    target = r.to[j]
    if target < 0:
        world.leave(p, Why.MOVED_ON, world.layout.type_code(r.to_names[j]))
        return
    requests.add(p, target, Why.MOVED_ON, profile_after(p, *r.to_profiles[j], float(u[Purpose.PROFILE][i])))


def _back_to_regular(world: World, p: Pupil, r: TypeRules, u: dict[Purpose, Floats], i: int) -> None:
    review = r.model.review
    assert review is not None and review.back_to is not None
    place = p.seat.place if p.seat is not None else NOBODY
    world.leave(p, Why.BACK, world.layout.types.index(review.back_to))
    world.returned[review.back_to] = world.returned.get(review.back_to, 0.0) + 1.0
    if review.again and u[Purpose.AGAIN][i] < _again(world, p, place, r, review.again.value):
        when = world.env.now + grid(float(u[Purpose.AGAIN_DAY][i]) * AGAIN_YEARS * YEAR)
        world.at(when, ARRIVE, world.listing.asks_again, (p, r.index))


def _again(world: World, p: Pupil, place: int, r: TypeRules, today: float) -> float:
    """Chance that a child that goes back is referred again: more where it gets no help there.

    Today's chance is a mean over those who get help and those who do not, at today's reach; so it is spread over both.
    """
    effects, review = world.effects, r.model.review
    assert review is not None and review.back_to is not None
    ratio = max(effects.floor, float(world.approaches.ratio("again", r.id)[p.district, place]))
    stage = review.back_to
    if world.on.returns_need_help and stage in world.reach_today:
        then, without = world.reach_today[stage], effects.size("back_without_help", "again", r.id)
        helped = world.draws.one(Purpose.BACK_HELPED, p.hi, p.lo, world.year + 1) < world.reach[stage]
        ratio *= (1.0 if helped else without) / (then + (1.0 - then) * without)
    return today * ratio


def leave_at_limit(world: World, year: int) -> None:
    """After the matching: who is too old for its type leaves it, with or without the seat it waits for."""
    people = [p for p in world.active if p.seat is not None]
    if not people:
        return
    age = ages(people, world.age_day)
    limit = np.array([r.max_age for r in world.rules])[[p.seat.type for p in people]]  # type: ignore[union-attr]
    leaves = those(age >= limit)
    to = exits.destinations(world, [people[i] for i in leaves], year)
    for i, destination in zip(leaves, to, strict=True):
        p = people[i]
        if p.seat is not None:
            world.end_stay(p, Why.LEFT, NOBODY if p.want >= 0 else destination)
            if p.want >= 0 and world.homes:
                world.goes_home(p, world.env.now)
    world.listing.list_anew({t for t, rule in enumerate(world.policy) if rule.discipline == "home_first"})


def renewals(world: World, year: int) -> None:
    """Decisions that run out and are given again: counted, they change nobody's place."""
    layout, now = world.layout, world.env.now
    if not world.on.decisions:
        return
    every = [
        max(1, int(r.model.renew_years.value)) if r.model.renew_years and r.model.decision else 0
        for r in world.rules
    ]
    code = [layout.types.index(r.model.decision) if r.model.decision else -1 for r in world.rules]
    place = [layout.place_code(r.model.decision) if r.model.decision else -1 for r in world.rules]
    at = now - LAST_REQUEST
    for p in world.active:
        seat = p.seat
        if seat is None or not every[seat.type]:
            continue
        years = int((now - p.seat_times[3]) // YEAR)
        if years > 0 and years % every[seat.type] == 0:
            world.log.visits.extend(
                (p.index, int(Kind.DECISION), place[seat.type], code[seat.type], -1, p.profile, at, at, at, at, at + 21.0,
                 int(Why.GRANTED), seat.type)
            )  # fmt: skip


def drop_inactive(world: World) -> None:
    """Forget children who have no seat, wait for nothing and stay nowhere."""
    kept = []
    for p in world.active:
        if p.seat is not None or p.want >= 0 or p.stage >= 0:
            kept.append(p)
        else:
            p.active = False
    world.active = kept


def relist(world: World, year: int) -> None:
    """Children a year older: seats and lists by their new age band; who grew too old while waiting moves on."""
    seated = [(p, p.seat) for p in world.active if p.seat is not None]
    band_of = [r.band_of for r in world.rules]
    for (p, cell), age in zip(seated, ages([p for p, _ in seated], world.age_day).tolist(), strict=True):
        if cell.band != band_of[cell.type][age]:
            world.to_band(p, band_of[cell.type][age])
    waiting = [p for p in world.active if p.want >= 0]
    for cell in world.cells:
        cell.own.clear()
        cell.others.clear()
    world.seats.forget_refusals()
    draw_offers(world, [p for p in waiting if p.next_offer < 0])
    too_old: list[Pupil] = []
    for p in waiting:
        if p.seat is None and p.stage < 0 and world.too_old(p):
            too_old.append(p)
            continue
        if world.age(p) >= world.rules[p.want].max_age:  # it sits elsewhere and may no longer start there
            world.unlist(p, Why.AGED_OUT)
            continue
        world.listing.list_again(p)
    if too_old:
        u = drawn(world.draws, too_old, [Purpose.DESTINATION, Purpose.PROFILE], year + 1)
        requests = Requests(world, year)
        for i, p in enumerate(too_old):
            r = world.rules[p.want]
            world.unlist(p, Why.AGED_OUT, goes_on=True)
            j = pick_one(float(u[Purpose.DESTINATION][i]), r.to_shares) if r.to else NOBODY
            if j >= 0 and r.to[j] >= 0:
                requests.add(
                    p,
                    r.to[j],
                    Why.MOVED_ON,
                    profile_after(p, *r.to_profiles[j], float(u[Purpose.PROFILE][i])),
                )
            else:
                world.waits_no_more(p, Why.AGED_OUT)
        requests.decide()
