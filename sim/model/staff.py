"""Staff: pools of people, what asks from them, who leaves, is found, trains, is ill or is lent out.

Groups go first. What stood beside them on day 0 (help, programmes, approaches, teams) keeps its people as long as there
are any (`kept`); what is asked above that shares what is left, one dose per pool. What asks from several pools gets the
smallest of their doses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sim.model.approaches import covered
from sim.model.laws import chance
from sim.model.pool import NOTHING_LEFT, Pool
from sim.model.world import World
from sim.record import Level
from sim.scenario.quantity import Quantity
from sim.scenario.routes import Regular

MOST_SICK = 0.9  # ill staff never is all staff, whatever the effects together say

Fte = Mapping[str, Quantity]


class LeverValue(Protocol):
    """Value of a number lever on the date of the update."""

    def __call__(self, path: str, base: float, *, district: str | None = None) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Ask:
    """Something beside groups that asks for staff: how much of it there was on day 0 and is wanted now."""

    staff: Fte
    today: float
    wanted: float


class Staff:
    """All pools of a region.

    Attributes:
        pools: By id.
        moved: Places for help per regular stage that staff of emptied groups brings along.
        doses: Per special type, doses of what makes staff leave or fall ill (set with the groups of the year before).
    """

    def __init__(
        self, world: World, groups: Sequence[float], lever: LeverValue, choice: Callable[[str, str], str]
    ) -> None:
        """Read who there is today.

        Args:
            world: The replication.
            groups: Groups per special type today.
            lever: Value of a number lever now.
            choice: Value of a choice lever now.
        """
        self.world, self.region = world, world.region
        self._lever, self._choice = lever, choice
        self._today, self._date = list(groups), self.region.start
        self.moved: dict[str, float] = {}
        self._moved_from: list[tuple[Fte, float, str]] = []
        self.doses: list[dict[str, float]] = [{} for _ in world.rules]
        self._children = _children_by_district(self.region.regular)
        standing = self._sum((a.staff, a.today) for a in self.asks(groups, today=True))
        by_groups = self.of_groups(groups)
        layout = world.layout
        self.pools: dict[str, Pool] = {}
        for name, model in self.region.staff.items():
            own = model.present.value if model.present else by_groups[name] + standing[name]
            usual = own * chance(model.leaving.value)
            code = layout.types.index(name)
            self.pools[name] = Pool(
                model,
                code,
                layout.place_code(name),
                own,
                usual,
                usual,
                model.sick.value if model.sick else 0.0,
            )

    # --- what is asked -------------------------------------------------------------------------------------------------

    def _sum(self, parts: Iterator[tuple[Fte, float]]) -> dict[str, float]:
        """FTE per pool of so much of each."""
        total = dict.fromkeys(self.region.staff, 0.0)
        for staff, amount in parts:
            for pool, q in staff.items():
                total[pool] += amount * q.value
        return total

    def of_groups(self, groups: Sequence[float]) -> dict[str, float]:
        """FTE per pool that so many groups per type ask."""
        return self._sum((r.model.staff, n) for r, n in zip(self.world.rules, groups, strict=True))

    def asks(self, groups: Sequence[float], *, today: bool = False) -> Iterator[Ask]:
        """Everything that asks for staff beside groups; `today` = as on day 0, without levers."""

        def now(path: str, base: float, district: str | None = None) -> float:
            return base if today else self._lever(path, base, district=district)

        region = self.region
        for r, n in zip(self.world.rules, groups, strict=True):
            yield Ask(self._hands_of(r.index), 0.0, now(f"{r.id}.hands", 0.0) * n)
        for name, model in region.programmes.items():
            base = model.groups.value
            gate = model.gate if today else self._choice(f"{name}.gate", model.gate)
            of_today = base if model.gate != "none" or not model.serves else 0.0
            yield Ask(
                model.staff,
                of_today,
                now(f"{name}.groups", base) if gate != "none" or not model.serves else 0.0,
            )
        for name, stage in region.regular.items():
            if stage.support:
                slots = stage.support.slots.value
                yield Ask(stage.support.staff, slots, now(f"{name}.support_slots", slots))
        for name, approach in region.approaches.items():
            on_day_0, reached = 0.0, 0.0
            for district, share in self._children.items():
                on_day_0 += share * covered(approach, district, region.start)
                base = covered(approach, district, self._date)
                reached += share * now(f"{name}.coverage", base, district)
            yield Ask(approach.staff, on_day_0, reached)
        for name, team in region.teams.items():
            weeks = team.every_weeks.value
            yield Ask(team.staff, 1.0, weeks / max(now(f"{name}.every_weeks", weeks), NOTHING_LEFT))
        for staff, fte, _ in () if today else self._moved_from:
            yield Ask(staff, fte, fte)

    def _hands_of(self, type_: int) -> Fte:
        """One FTE of the pool from which extra hands of a type come."""
        model = self.world.rules[type_].model
        pool = model.hands_from or next(iter(model.staff), None)
        return {pool: _ONE} if pool else {}

    # --- who there is --------------------------------------------------------------------------------------------------

    def update(
        self, funded: Sequence[float], emptied: Sequence[float], today: date, *, new_year: bool
    ) -> None:
        """Who is present now; on 1 August also who leaves, is found, falls ill, and starts or ends training.

        Args:
            funded: Groups per type that are funded now.
            emptied: Groups per type of day 0 that are no longer funded.
            today: The date.
            new_year: It is 1 August.
        """
        self._date = today
        self._move_to_regular(emptied)
        self.funded = list(funded)
        asks = list(self.asks(funded))
        total = self._sum((a.staff, a.wanted) for a in asks)
        by_groups = self.of_groups(funded)
        year = self.world.year
        added = {name: self._added(name, pool, year) for name, pool in self.pools.items()}
        for name, pool in self.pools.items():
            # Who is brought in takes a vacant post, which is filled again when somebody leaves.
            posts = min(pool.vacant * by_groups[name], max(0.0, added[name])) if self.world.on.staff else 0.0
            pool.asked = by_groups[name] + total[name] + posts
        if not self.world.on.staff:
            for pool in self.pools.values():
                pool.present = pool.asked
            return
        for name, pool in self.pools.items():
            if new_year:
                pool.left = pool.own * chance(pool.model.leaving.value * self._strain("staff_leaving", name))
                pool.own -= pool.left
            if new_year and pool.model.sick and self.world.on.sickness:
                pool.sick = min(MOST_SICK, pool.model.sick.value * self._strain("sickness", name))
            pool.own = max(0.0, pool.own + added[name] - pool.added)
            pool.added = added[name]
        self._be_present(year)
        if new_year:
            for pool in self.pools.values():
                short = max(0.0, pool.asked - pool.present) / pool.health
                found = min(short, pool.usual + pool.model.hire.value)
                pool.own += found
                pool.present += found * pool.health

    def _be_present(self, year: int) -> None:
        """In service, less who is more ill than on day 0, supervises or is lent out; with who was lent to here."""
        lent_to = dict.fromkeys(self.pools, 0.0)
        for name, pool in self.pools.items():
            supervised = sum(n for start, n in pool.students.items() if year < start + pool.supervised)
            each = pool.model.supervision.value if pool.model.supervision else 0.0
            pool.present = max(0.0, pool.own * pool.health - supervised * each)
            if pool.model.lends_to:
                lent = min(self._lever(f"{name}.lent", 0.0), pool.present)
                pool.present -= lent
                lent_to[pool.model.lends_to] += lent
        for name, pool in self.pools.items():
            pool.present += lent_to[name]

    def _train(self, name: str, pool: Pool, year: int) -> None:
        """A cohort starts once per school year, on 1 August."""
        if pool.model.training_years is not None and self.world.on.training and year not in pool.students:
            starts = self.world.env.now == self.world.layout.first_august(year)
            pool.students[year] = max(0.0, self._lever(f"{name}.training", 0.0)) if starts else 0.0

    def _added(self, name: str, pool: Pool, year: int) -> float:
        """All whom levers brought in so far: from outside, from schools that closed, and who ended their training."""
        self._train(name, pool, year)
        trained = sum(n for start, n in pool.students.items() if year >= start + pool.years)
        return self._lever(f"{name}.extra", 0.0) + self._freed(name) + trained

    def _freed(self, name: str) -> float:
        """Staff of regular schools that were closed."""
        if not self.world.on.school_closure:
            return 0.0
        return sum(
            self._lever(f"{stage}.schools_closed", 0.0) * s.freed_per_school[name].value
            for stage, s in self.region.regular.items()
            if name in s.freed_per_school
        )

    def _strain(self, hook: str, name: str) -> float:
        """Ratio of leaving or illness of a pool: mean over the special types that it works in, by staff of day 0."""
        world = self.world
        weights = [
            r.model.staff[name].value * self._today[r.index] if name in r.model.staff else 0.0
            for r in world.rules
        ]
        total = sum(weights)
        if not total:
            return world.approaches.city(hook, name)
        ratios = (
            world.effects.ratio(hook, r.id, self.doses[r.index]) * world.approaches.city(hook, r.id, name)
            for r in world.rules
        )
        return sum(w * x for w, x in zip(weights, ratios, strict=True)) / total

    def _move_to_regular(self, emptied: Sequence[float]) -> None:
        """Staff of groups that ran empty may go and help in the regular stage where the children stay."""
        self._moved_from = []
        for r, n in zip(self.world.rules, emptied, strict=True):
            stage = r.model.included_in
            share = self._lever(f"{r.id}.staff_to_regular", 0.0)
            if stage and self.region.regular[stage].support and share * n > 0:
                self._moved_from.append((r.model.staff, share * n, stage))

    # --- who gets them -------------------------------------------------------------------------------------------------

    def share(self, open_groups: Sequence[float]) -> None:
        """Divide what is left after the groups that open: first what stood there on day 0, then what is asked above it."""
        asks = list(self.asks(self.funded))
        by_groups = self.of_groups(open_groups)
        standing = self._sum((a.staff, min(a.today, a.wanted)) for a in asks)
        more = self._sum((a.staff, max(0.0, a.wanted - a.today)) for a in asks)
        for name, pool in self.pools.items():
            on = self.world.on.staff
            spare = pool.present - by_groups[name]
            pool.more = more[name]
            pool.kept = _part(spare, standing[name]) if on else 1.0
            pool.dose = _part(spare - standing[name], more[name]) if on else 1.0
            pool.spare = max(0.0, spare - standing[name] - more[name])
            pool.along = 0.0
        self.moved = {}
        for staff, groups, stage in self._moved_from:
            support = self.region.regular[stage].support
            assert support is not None
            per_slot = sum(q.value for q in support.staff.values())
            there = groups * self.kept(staff)
            fte = there * sum(q.value for q in staff.values())
            for name, q in staff.items():
                self.pools[name].along += there * q.value
            self.moved[stage] = self.moved.get(stage, 0.0) + fte / max(per_slot, NOTHING_LEFT)

    def dose(self, staff: Fte) -> float:
        """Share of what is asked above day 0 that gets its people: the smallest over the pools named (1 for none)."""
        return min((self.pools[name].dose for name in staff), default=1.0)

    def kept(self, staff: Fte) -> float:
        """Share of what stood there on day 0 that still has its people: the smallest over the pools named (1 for none)."""
        return min((self.pools[name].kept for name in staff), default=1.0)

    def hands_dose(self, type_: int) -> float:
        """Share of the extra hands of a type that was found."""
        return self.dose(self._hands_of(type_))

    def given(self, today: float, wanted: float, staff: Fte) -> float:
        """How much of something is really there: what stood there on day 0 and is still wanted, and what came above it."""
        return min(today, wanted) * self.kept(staff) + max(0.0, wanted - today) * self.dose(staff)

    def unfilled(self, open_groups: Sequence[float]) -> list[dict[str, float]]:
        """FTE of groups that are open with nobody there, per type and pool: vacancies of day 0 and what is short above."""
        by_groups = self.of_groups(open_groups)
        out = []
        for r, n in zip(self.world.rules, open_groups, strict=True):
            mine = {}
            for name, q in r.model.staff.items():
                pool = self.pools[name]
                asked = by_groups[name]
                empty = max(0.0, pool.vacant * asked - pool.spare) + max(0.0, asked - pool.present)
                mine[name] = n * q.value * empty / asked if asked else 0.0
            out.append(mine)
        return out

    def record(self, *, new_year: bool) -> None:
        """Write down who is asked, present, ill and gone, and the doses."""
        log, now = self.world.log, self.world.env.now
        for pool in self.pools.values():
            rows = [
                (Level.STAFF_PRESENT, pool.present),
                (Level.STAFF_ASKED, pool.asked),
                (Level.DOSE, pool.dose),
                (Level.STAFF_EXTRA, pool.more * pool.dose + pool.along),
            ]
            if pool.model.sick:
                rows.append((Level.SICK, pool.sick))
            if new_year or now == 0:
                rows.append((Level.LEFT, pool.left))
            for what, value in rows:
                log.level(now, what, value, type=pool.code, place=pool.place)
        known = [p for p in self.pools.values() if p.model.sick]
        if known:
            own = sum(p.own for p in known)
            log.level(now, Level.SICK, sum(p.sick * p.own for p in known) / own if own else 0.0)
        if self.pools:
            more = sum(p.more for p in self.pools.values())
            got = sum(p.more * p.dose for p in self.pools.values())
            log.level(now, Level.DOSE, got / more if more > 0 else 1.0)


def _part(there: float, asked: float) -> float:
    """Share of what is asked that is there."""
    return 1.0 if asked <= NOTHING_LEFT or there >= asked - NOTHING_LEFT else max(0.0, there / asked)


def _children_by_district(regular: Mapping[str, Regular]) -> dict[str | None, float]:
    """Share of the children of all regular stages per district; a region without children counts as one."""
    count: dict[str | None, float] = {}
    for stage in regular.values():
        for district, q in stage.count.items():
            count[district] = count.get(district, 0.0) + q.value
    total = sum(count.values())
    return {d: n / total for d, n in count.items()} if total else {None: 1.0}


_ONE = Quantity(value=1.0, unit="FTE per group")
