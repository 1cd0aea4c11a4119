"""What 1 August decides about each child: leaving, the end of a stage, back to a regular school, a step up or down.

Also the two things that may happen to a child at any time in the coming school year, whatever it does: moving out of the
region, and no longer attending the place it has.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model import exits
from sim.model.clock import ARRIVE, FREE
from sim.model.decide import write_steps
from sim.model.draws import Purpose
from sim.model.laws import YEAR, chance, grid, on_grid, pick_one
from sim.model.layout import TypeRules
from sim.model.pupil import NOBODY, Pupil
from sim.model.world import World
from sim.record import Kind, Why

Floats = NDArray[np.float64]
FIRST_REQUEST, LAST_REQUEST = (
    180.0,
    60.0,
)  # requests for 1 August come this many days before it (February to May)
AGAIN_YEARS = 2.0


def _where(flags: Any) -> list[int]:
    return np.flatnonzero(flags).tolist()


def _columns(
    world: World, people: list[Pupil], purposes: list[Purpose], occasion: int
) -> dict[Purpose, Floats]:
    hi = np.array([p.hi for p in people], dtype=np.uint64)
    lo = np.array([p.lo for p in people], dtype=np.uint64)
    rows = world.draws.block(np.array(purposes, dtype=np.uint64)[:, None], hi, lo, occasion)
    return {p: rows[i] for i, p in enumerate(purposes)}


def _ages(world: World, people: list[Pupil], year: int) -> NDArray[np.int64]:
    birth = np.array([p.birth for p in people])
    return np.clip((world.layout.age_day(year) - birth) // YEAR, 0, 31).astype(np.int64)


def exits_and_transitions(world: World, year: int) -> None:
    """Phase "exits and transitions" of 1 August for everyone with a seat or staying in a regular stage."""
    people = [p for p in world.active if p.seat is not None or p.stage >= 0]
    if not people:
        return
    purposes = [
        Purpose.LEAVES, Purpose.ENDS_STAGE, Purpose.BACK, Purpose.STEP_UP, Purpose.STEP_DOWN, Purpose.DESTINATION,
        Purpose.AGAIN, Purpose.AGAIN_DAY, Purpose.PROFILE,
    ]  # fmt: skip
    u = _columns(world, people, purposes, year + 1)
    age = _ages(world, people, year)
    kind = np.array([p.seat.type if p.seat is not None else p.stage_of for p in people])
    seated = np.array([p.seat is not None for p in people])
    rules = world.rules
    where = _where_they_are(people, kind)
    leaves = seated & (u[Purpose.LEAVES] < _leaves(world, kind, age, where))
    leaves = exits.places(world, people, age, leaves)
    ends = ~leaves & (u[Purpose.ENDS_STAGE] < np.array([r.ends for r in rules])[kind, age])
    stays = ~leaves & ~ends & np.array([r.model.stay.law == "hazard" for r in rules])[kind]
    back = stays & seated & (u[Purpose.BACK] < _back(world)[kind] * world.ratios("back")[where])
    up = stays & ~back & (u[Purpose.STEP_UP] < _step_up(world, people, where, seated, year))
    down = (
        stays
        & ~back
        & ~up
        & seated
        & (u[Purpose.STEP_DOWN] < np.array([sum(d[1] for d in r.downs) for r in rules])[kind])
    )
    requests = Requests(world, year)
    world.returned = {}
    goes = _where(leaves)
    to = exits.destinations(world, [people[i] for i in goes], year)
    for i, destination in zip(goes, to, strict=True):
        world.leave(people[i], Why.LEFT, destination)
    for i in _where(ends):
        _end_of_stage(world, people[i], rules[kind[i]], u, i, requests)
    for i in _where(back):
        _back_to_regular(world, people[i], rules[kind[i]], u, i)
    for flags, which, why, purpose in (
        (up, "ups", Why.STEP_UP, Purpose.STEP_UP),
        (down, "downs", Why.STEP_DOWN, Purpose.STEP_DOWN),
    ):
        for i in _where(flags):
            p = people[i]
            if p.want >= 0:
                continue
            options = getattr(rules[kind[i]], which)
            j = pick_one(float(u[Purpose.DESTINATION][i]), [o[1] for o in options]) if len(options) > 1 else 0
            target, _, profiles, shares = options[j]
            requests.add(p, target, why, _profile(p, profiles, shares, float(u[Purpose.PROFILE][i])))
    requests.decide()


def _where_they_are(people: list[Pupil], kind: Any) -> tuple[Any, Any, Any]:
    """Index of each child in a table of types x districts x places (-1 = unknown, or at no place)."""
    place = np.array([p.seat.place if p.seat is not None else NOBODY for p in people])
    return kind, np.array([p.district for p in people]), place


def _leaves(world: World, kind: Any, age: Any, where: tuple[Any, Any, Any]) -> Floats:
    """Chance of leaving for good; where all leave at an age, they do so whatever is done."""
    base = np.array([r.leaves for r in world.rules])[kind, age]
    ratios = np.stack([world.approaches.ratio("exit", r.id) for r in world.rules])
    return np.asarray(np.where(base < 1.0, base * ratios[where], base))


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


def _step_up(
    world: World, people: list[Pupil], where: tuple[Any, Any, Any], seated: Any, year: int
) -> Floats:
    """Chance of a step up: by type, times crowding, times the wait behind the child, or times staying without a seat."""
    rules, effects, kind = world.rules, world.effects, where[0]
    base = np.array([sum(m[1] for m in r.ups) for r in rules])[kind]
    reached = np.stack([world.approaches.ratio("step_up", r.id) for r in rules])
    out: Floats = base * np.where(seated, world.ratios("step_up")[where], reached[where])
    if world.on.waiting_needs:
        per_year = np.array([effects.size("waited", "step_up", r.id) for r in rules])[kind]
        out = out * per_year ** np.array([p.waited for p in people])
    for i in _where(~seated):
        out[i] *= effects.ratio("step_up", rules[kind[i]].id, _staying(world, people[i], year))
    return out


def _staying(world: World, p: Pupil, year: int) -> dict[str, float]:
    """Dose of staying in a regular stage: with help or without, this school year."""
    reach = world.reach.get(world.layout.types[p.stage], 1.0)
    helped = world.draws.one(Purpose.HELPED, p.hi, p.lo, year + 1) < reach
    return {"included_helped" if helped else "included_alone": 1.0}


def _profile(p: Pupil, profiles: tuple[int, ...], shares: tuple[float, ...], u: float) -> int:
    if not profiles:
        return p.profile
    return profiles[pick_one(u, shares)]


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
    requests.add(p, target, Why.MOVED_ON, _profile(p, *r.to_profiles[j], float(u[Purpose.PROFILE][i])))


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


def draw_offers(world: World, people: list[Pupil]) -> None:
    """Draw the answer to the next offer for all of them at once: cheaper than one by one in the middle of an event."""
    if people and min(rule.accept for rule in world.policy) < 1.0:
        hi, lo, occasion = (
            np.array([getattr(p, k) for p in people], dtype=np.uint64) for k in ("hi", "lo", "offers")
        )
        for p, u in zip(people, world.draws.block(Purpose.OFFER, hi, lo, occasion).tolist(), strict=True):
            p.next_offer = u


def draw_starts(world: World, people: list[Pupil]) -> None:
    """Draw whether the next start fails, for all of them at once."""
    if people and any(r.fails > 0 for r in world.rules):
        hi, lo, number = (
            np.array([getattr(p, k) for p in people], dtype=np.uint64) for k in ("hi", "lo", "stays")
        )
        u = world.draws.block(Purpose.FAILED, hi, lo, number)
        for p, value in zip(people, u.tolist(), strict=True):
            p.next_start = value


class Requests:
    """Requests for a seat from 1 August, made and decided in the spring before it."""

    def __init__(self, world: World, year: int) -> None:
        """None yet."""
        self.world, self.year = world, year
        self._all: list[tuple[Pupil, int, Why, int]] = []

    def add(self, p: Pupil, target: int, why: Why, profile: int) -> None:
        """A child asks for a type."""
        self._all.append((p, target, why, profile))

    def decide(self) -> None:
        """Draw the days of request and decision; put those who are granted on the lists."""
        if not self._all:
            return
        world, layout = self.world, self.world.layout
        people = [r[0] for r in self._all]
        purposes = [
            Purpose.REQUEST_DAY, Purpose.CHOICE, Purpose.ELSEWHERE, Purpose.AT_HOME,
        ]  # fmt: skip
        u = _columns(world, people, purposes, self.year + 1_000)
        draw_offers(world, people)
        draw_starts(world, people)
        now = world.env.now
        start = np.full(len(people), now)
        if layout.region.calendar == "school_year":
            start = on_grid(now - FIRST_REQUEST + u[Purpose.REQUEST_DAY] * (FIRST_REQUEST - LAST_REQUEST))
        listed, refused = self._decisions(start)
        for i, (p, target, why, profile) in enumerate(self._all):
            if refused[i] and why != Why.MOVED_ON:
                continue
            rule = world.rules[target].model.list
            p.requests += 1
            p.want, p.want_profile, p.why = target, profile, why
            p.want_times = (float(start[i]), float(listed[i]), now)
            p.want_choice = None
            p.chooses = float(u[Purpose.CHOICE][i])
            p.elsewhere = bool(
                rule.accept_elsewhere and u[Purpose.ELSEWHERE][i] < rule.accept_elsewhere.value
            )
            p.at_home = bool(u[Purpose.AT_HOME][i] < world.listing.at_home(target))
            p.patience = 0.0
            world.listing.enlist(p)

    def _decisions(self, asked: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Days of listing, before 1 August as these children must move on then, and who is refused."""
        world = self.world
        listed, refused = asked.copy(), np.zeros(len(asked), dtype=bool)
        names = [world.rules[target].model.decision for _, target, _, _ in self._all]
        for name in dict.fromkeys(n for n in names if n and world.on.decisions):
            mine = np.flatnonzero([n == name for n in names])
            rows = [self._all[i] for i in mine]
            hi, lo = (np.array([getattr(r[0], k) for r in rows], dtype=np.uint64) for k in ("hi", "lo"))
            district, index = (np.array([getattr(r[0], k) for r in rows]) for k in ("district", "index"))
            target, profile = (np.array([r[k] for r in rows]) for k in (1, 3))
            found = world.decisions.take(
                name, asked[mine], hi, lo, district, self.year + 1_000, latest=world.env.now
            )
            listed[mine], refused[mine] = found.listed, found.refused
            write_steps(world.log, world.layout, found.steps, index, profile, asked[mine], target)
        return listed, refused


def leave_at_limit(world: World, year: int) -> None:
    """After the matching: who is too old for its type leaves it, with or without the seat it waits for."""
    people = [p for p in world.active if p.seat is not None]
    if not people:
        return
    age = _ages(world, people, year)
    limit = np.array([r.max_age for r in world.rules])[[p.seat.type for p in people]]  # type: ignore[union-attr]
    leaves = _where(age >= limit)
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


def fates_of_the_year(world: World, year: int) -> None:
    """Who moves out of the region or stops attending in this school year, and when."""
    people = world.active
    if not people:
        return
    layout = world.layout
    start, end = layout.first_august(year), layout.first_august(year + 1)
    kind = np.array(
        [p.seat.type if p.seat is not None else p.stage_of if p.stage >= 0 else p.want for p in people]
    )
    u = _columns(world, people, [Purpose.MOVES_AWAY, Purpose.ABSENT, Purpose.ABSENT_TIME], year + 1)
    if world.on.moving:
        rate = np.array([r.model.moving.value if r.model.moving else 0.0 for r in world.rules])
        at_risk = np.array([chance(x, (end - start) / YEAR) for x in rate])[kind]
        for i in _where(u[Purpose.MOVES_AWAY] < at_risk):
            when = grid(start + (end - start) * float(u[Purpose.MOVES_AWAY][i] / at_risk[i]))
            if when < end:
                world.at(when, FREE, world.moves_away, people[i])
    if world.on.home:
        _stop_attending(world, people, kind, u, start, end, year)


def _stop_attending(
    world: World,
    people: list[Pupil],
    kind: Any,
    u: dict[Purpose, Floats],
    start: float,
    end: float,
    year: int,
) -> None:
    stock = next((k for k, h in world.region.home.items() if h.has_place), None)
    if stock is None:
        return
    layout, effects = world.layout, world.effects
    closing = world.closing(stock)
    usual = np.array([r.model.absence.value if r.model.absence else 0.0 for r in world.rules])
    base = usual[kind] * world.ratios("absence")[_where_they_are(people, kind)]
    code, place = layout.types.index(stock), layout.place_code(stock)
    for i, p in enumerate(people):
        if p.stage >= 0:
            base[i] *= effects.ratio("absence", world.rules[p.stage_of].id, _staying(world, p, year))
    risk = -np.expm1(-base * (end - start) / YEAR)
    for i in _where(u[Purpose.ABSENT] < risk):
        p = people[i]
        if (p.seat is None and p.stage < 0) or p.absent_until > start:
            continue
        since = grid(start + (end - start) * float(u[Purpose.ABSENT][i] / risk[i]))
        days = (
            grid(-float(np.log1p(-u[Purpose.ABSENT_TIME][i])) * YEAR / closing) if closing > 0 else layout.end
        )
        p.absent_until = since + days
        world.log.visits.extend(
            (p.index, Kind.ABSENCE, place, code, -1, p.profile, since, since, since, since, since + days, Why.RETURNED, -1)
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
    ages = _ages(world, [p for p, _ in seated], year).tolist()
    band_of = [r.band_of for r in world.rules]
    for (p, cell), age in zip(seated, ages, strict=True):
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
        world.listing.list_again(p)
    if too_old:
        u = _columns(world, too_old, [Purpose.DESTINATION, Purpose.PROFILE], year + 1)
        requests = Requests(world, year)
        for i, p in enumerate(too_old):
            r = world.rules[p.want]
            world.unlist(p, Why.AGED_OUT, goes_on=True)
            j = pick_one(float(u[Purpose.DESTINATION][i]), r.to_shares) if r.to else NOBODY
            if j >= 0 and r.to[j] >= 0:
                requests.add(
                    p, r.to[j], Why.MOVED_ON, _profile(p, *r.to_profiles[j], float(u[Purpose.PROFILE][i]))
                )
            else:
                world.waits_no_more(p, Why.AGED_OUT)
        requests.decide()


def record_help(world: World, year: int) -> None:
    """Write, for children who stay in a regular stage because their type takes no one, whether they get help this year."""
    now = world.env.now
    for p in world.active:
        if p.stage >= 0:
            helped = "included_helped" in _staying(world, p, year)
            world.log.states.extend((now, p.index, 1.0, float(helped), p.waited))
