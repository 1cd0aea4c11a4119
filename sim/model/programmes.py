"""Temporary places, each with its own queue: before a decision, beside a school, or instead of being at home.

A gate that everyone must pass becomes the queue: its throughput is groups x seats x school weeks / weeks of stay. A place
that its children can only leave for a seat that is not there (`holds`) lets through as many as that seat does.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.clock import FREE, GIVE_UP
from sim.model.draws import Purpose
from sim.model.guests import AT_HOME, GATE, INTERIM, OWN, Guest, Programme
from sim.model.laws import YEAR, grid, pick_one, stay
from sim.model.layout import NO_PLACE
from sim.model.log import NAN
from sim.model.pupil import NOBODY, Pupil
from sim.model.spells import Spell
from sim.model.world import World
from sim.record import Kind, Level, Why

NOT_ENDED_BY_LIST = (Why.MOVED_AWAY, Why.LEFT)


class Programmes:
    """All programmes of a region.

    Attributes:
        all: Each of them, in the order of the region.
        gates: Some referrals may pass one.
        takes: Stocks at home -> the programmes that take children from them.
    """

    def __init__(self, world: World) -> None:
        """Make them; `update` opens seats each school year."""
        self.world = world
        layout, region = world.layout, world.region
        self.all = [
            Programme(
                k, m, layout.types.index(k), layout.place_code(k),
                (tuple(layout.type_code(n) for n in m.next), tuple(q.value for q in m.next.values())),
                tuple(layout.profile_code(n) for n in m.profiles),
            )
            for k, m in region.programmes.items()
        ]  # fmt: skip
        names = list(region.sources)
        self._serves = [np.array([n in p.model.serves for n in names], bool) for p in self.all]
        self.gates = any(s.any() for s in self._serves)
        codes = {p.name: j for j, p in enumerate(self.all)}
        self._of_source = np.array([codes.get(s.to, NOBODY) for s in region.sources.values()], np.int64)
        self._by_code = {p.code: p for p in self.all}
        self._unclear = [p.model.unclear.value if p.model.unclear else 1.0 for p in self.all]
        self._ratio = [world.effects.ratio("referral", p.name, {p.name: 1.0}) for p in self.all]
        wanted = dict.fromkeys(stock for p in self.all for stock in p.model.takes)
        self.takes = {
            s: [p for p in self.all if s in p.model.takes]
            for s in wanted if world.on.home and (s != NO_PLACE or world.on.interim)
        }  # fmt: skip
        world.off_programme = self.off_list
        if NO_PLACE in self.takes:
            world.when_home.append(self._waits_at_home)

    # --- opening and coming in -------------------------------------------------------------------------------------

    def update(
        self, groups: dict[str, float], seats: dict[str, float], weeks: dict[str, float], gate: dict[str, str]
    ) -> None:
        """Open or close seats from now; who grew too old for a programme leaves it."""
        now = self.world.env.now
        for p in self.all:
            p.seats = int(groups[p.name] * seats[p.name] + 0.5)
            p.weeks, p.gate = weeks[p.name], gate[p.name]
            self.world.log.level(now, Level.SEATS, p.seats, type=p.code, place=p.place)
            for guest in [
                g for g in p.inside if g.route != GATE and not self._of_age(p, g.pupil, first=False)
            ]:
                self._leave(guest, Why.AGED_OUT)
                self._home_again(guest)
        for p in self.all:
            if not self._gate_open(p):
                refer = [g for g in p.queue if g.route == GATE]
                p.queue = deque(
                    g for g in p.queue if g.route == OWN or (g.route != GATE and self._welcome(p, g))
                )
                for guest in refer:
                    self._write(guest, NAN, Why.REFERRED)
                    self._refer(guest)
            self._fill(p)

    def _gate_open(self, p: Programme) -> bool:
        return p.seats > 0 and p.gate != "none"

    def of(self, source: NDArray[np.int64], unclear: Any, profile: NDArray[np.int64], age: Any) -> Any:
        """Index of the programme through which each child goes first (-1 = none): its source's own, or a gate.

        Gates that serve one source share its children: each takes its part of those that the gates before it left.
        """
        out = self._of_source[source]
        taken = np.zeros(len(source))
        for j, p in enumerate(self.all):
            if not self._gate_open(p):
                continue
            share = 1.0 if p.gate == "mandatory" else self._unclear[j]
            mine = self._serves[j][source] & (out < 0)
            if p.profiles:
                mine &= np.isin(profile, p.profiles)
            if p.model.ages:
                mine &= (age >= p.model.ages[0]) & (age <= p.model.ages[1])
            out = np.where(mine & (unclear < taken + share), j, out)
            taken = taken + np.where(mine, share, 0.0)
        return out

    def arrives(self, pupil: Pupil, programme: int, diverted: float, own: bool) -> None:
        """A child asks for a programme, on the day of its referral or because its source names it."""
        p, now = self.all[programme], self.world.env.now
        if own:
            pupil.want, pupil.requests, pupil.stay_days = NOBODY, 0, -1.0
        p.queue.append(Guest(pupil, p, now, OWN if own else GATE, pupil.want_times[0], diverted))
        self._fill(p)

    def present(
        self, p: Programme, pupil: Pupil, since: float, days: float, diverted: float, *, gate: bool
    ) -> None:
        """A child is there on day 0, since a day before it, for a stay of so many days in all."""
        guest = Guest(pupil, p, since, GATE if gate else OWN, since, diverted)
        pupil.guest, pupil.turns = guest, 1
        pupil.want_times = (since, since, since)
        self._stays(p, guest, since, days)

    def at_home(self, spell: Spell) -> None:
        """A child at home is seen: from now on a programme may offer it a place."""
        self._offer_home(
            Guest(spell.pupil, self.all[0], self.world.env.now, AT_HOME, spell.since, spell=spell),
            spell.stock,
        )

    def _waits_at_home(self, pupil: Pupil) -> None:
        """A child is at home for want of a seat; it is seen at the first meeting that stands before that."""
        since = pupil.home_from
        now = self.world.env.now
        when = now if pupil.turns else self.world.seen(NO_PLACE, pupil.hi, pupil.lo, pupil.requests, now)
        self.world.at(when, GIVE_UP, self._seen, (pupil, since))

    def _seen(self, what: tuple[Pupil, float]) -> None:
        pupil, since = what
        if pupil.home_from == since and pupil.guest is None:
            guest = Guest(
                pupil, self.all[0], self.world.env.now, INTERIM, pupil.want_times[0], home_from=since
            )
            self._offer_home(guest, NO_PLACE)

    def _offer_home(self, found: Guest, stock: str) -> None:
        """Put a child at home in the queue of every programme that takes from its stock; the first free place is its."""
        for p in self.takes[stock]:
            p.queue.append(found)
        for p in self.takes[stock]:
            self._fill(p)

    def _of_age(self, p: Programme, pupil: Pupil, *, first: bool) -> bool:
        if p.model.ages is None:
            return True
        age = self.world.age(pupil)
        return age <= p.model.ages[1] and (not first or age >= p.model.ages[0])

    def _welcome(self, p: Programme, guest: Guest) -> bool:
        """True when the child still wants this place and may have it."""
        pupil = guest.pupil
        if guest.route == GATE:
            return not self.world.too_old(pupil)
        if not self._of_age(p, pupil, first=guest.route != OWN):
            return False
        if guest.route == OWN:
            return True
        if p.profiles and pupil.profile >= 0 and pupil.profile not in p.profiles:
            return False
        if guest.spell is not None:
            return (
                guest.spell.at_home
                and guest.spell.left > self.world.env.now
                and guest.spell.since <= guest.asked
            )
        return pupil.guest is None and pupil.home_from is not None and pupil.home_from == guest.home_from

    def _fill(self, p: Programme) -> None:
        places = p.seats if self.world.on.programmes or p.seats == 0 else math.inf
        while p.queue and len(p.inside) < places:
            guest = p.queue.popleft()
            if self._welcome(p, guest):
                self._enter(p, guest)
            elif guest.route in (GATE, OWN):
                self._write(guest, NAN, Why.AGED_OUT)

    def _enter(self, p: Programme, guest: Guest) -> None:
        pupil, now = guest.pupil, self.world.env.now
        before: Guest | None = pupil.guest
        if guest.route == INTERIM:
            self.world.back_from_home(pupil)
        elif guest.spell is not None:
            guest.spell.interrupt(self.world.log, now)
        if guest.route in (INTERIM, AT_HOME):
            guest = replace(guest, programme=p, asked=now)  # it stood in the queues of more programmes
        pupil.guest = guest
        pupil.turns += 1
        if before is not None:
            self._leave(before, Why.MOVED_ON, p.code)
        self._stays(p, guest, now, self._days(p, pupil))

    def _stays(self, p: Programme, guest: Guest, placed: float, days: float) -> None:
        """The stay begins (or goes on since before day 0); plan its end and the day on which it is known where to."""
        p.inside[guest] = None
        guest.placed, guest.due = placed, placed + days
        if guest.spell is not None and not p.next[0]:
            guest.due = min(guest.due, guest.spell.left)
        part = p.model.perspective_weeks.value / p.weeks if p.model.perspective_weeks and p.weeks else 1.0
        if part < 1.0 and guest.route != INTERIM and (p.next[0] or guest.route == GATE):
            self.world.at(max(placed + grid(days * part), self.world.env.now), FREE, self._perspective, guest)
        self.world.at(guest.due, FREE, self._over, guest)

    def days_per_week(self) -> float:
        """Calendar days in which one school week passes."""
        region = self.world.region
        return YEAR / region.school_weeks if region.calendar != "none" else 7.0

    def _days(self, p: Programme, pupil: Pupil) -> float:
        mean = p.weeks * self.days_per_week()
        if p.model.law == "fixed":
            return grid(mean)
        u = self.world.draws.one(Purpose.PROGRAMME_STAY, pupil.hi, pupil.lo, pupil.turns)
        return max(float(stay(p.model.law, mean, p.model.phases, u)), 1 / 1024)

    # --- where to --------------------------------------------------------------------------------------------------

    def _perspective(self, guest: Guest) -> None:
        """It is known where the child goes: a request is made now, and it keeps its place while it may."""
        if guest.pupil.guest is guest and np.isnan(guest.known):
            guest.known = self.world.env.now
            self._decide(guest)

    def _decide(self, guest: Guest) -> None:
        """What follows after this place; a seat (or another programme) is asked for at once."""
        p, pupil = guest.programme, guest.pupil
        if guest.route == GATE:
            needed = guest.diverted < self._ratio[self.all.index(p)]
            guest.goal, guest.why = pupil.want, Why.REFERRED if needed else Why.RESOLVED
        else:
            u = self.world.draws.one(Purpose.PROGRAMME_NEXT, pupil.hi, pupil.lo, pupil.turns)
            guest.goal = p.next[0][pick_one(u, p.next[1])]
            role = self.world.layout.roles[guest.goal] if guest.goal >= 0 else "gone"
            guest.why = {"gone": Why.LEFT, "regular": Why.RESOLVED}.get(role, Why.REFERRED)
        if guest.why == Why.REFERRED and self._keeps(guest):
            guest.pending = self._refer(guest)

    def _keeps(self, guest: Guest) -> bool:
        """The child waits in its place for what follows: it holds it, or its time is not up yet."""
        holds = guest.programme.model.holds and self.world.on.blocking
        return holds or guest.due > self.world.env.now

    def _refer(self, guest: Guest) -> bool:
        """Ask for the seat or programme that follows; False when it was refused or is not there."""
        pupil = guest.pupil
        if (then := self._by_code.get(guest.goal)) is not None:
            if then.seats == 0:
                return False
            then.queue.append(Guest(pupil, then, self.world.env.now, OWN, guest.since))
            self.world.at(self.world.env.now, FREE, self._fill, then)
            return True
        target = pupil.want if guest.goal < 0 else guest.goal
        pupil.want, pupil.requests = NOBODY, 0
        if pupil.profile < 0:
            pupil.profile = self._profile(guest.programme, pupil, target)
        return self.world.listing.request(pupil, target, guest.since)

    def _profile(self, p: Programme, pupil: Pupil, target: int) -> int:
        """A need for a child of whom none was counted: as the groups of the type that it goes to."""
        cells = [
            c
            for c in self.world.cells_of[target]
            if c.band == 0 and (not p.profiles or c.profile in p.profiles)
        ]
        if not cells:
            return NOBODY
        weights = [max(self.world.choice_weights[c.place, c.profile], 1e-9) for c in cells]
        u = self.world.draws.one(Purpose.PROGRAMME_PROFILE, pupil.hi, pupil.lo, pupil.turns)
        return cells[pick_one(u, weights)].profile

    def _over(self, guest: Guest) -> None:
        """The time of the stay is up."""
        pupil, p = guest.pupil, guest.programme
        if pupil.guest is not guest:
            return
        if guest.route == INTERIM or (guest.spell is not None and not p.next[0]):
            ended = guest.spell is not None and guest.spell.left <= self.world.env.now
            self._leave(guest, Why.RETURNED if ended else Why.DONE)
            self._home_again(guest)
            return
        if guest.route == OWN and not p.next[0]:
            self._leave(guest, Why.RESOLVED)
            return
        if np.isnan(guest.known):
            guest.known = self.world.env.now
            self._decide(guest)
        if guest.pending and p.model.holds and self.world.on.blocking:
            guest.held = True
            self._count_held(p, 1)
            return
        asks = guest.why == Why.REFERRED and not guest.pending and guest.known == self.world.env.now
        self._leave(guest, guest.why, guest.goal)
        if asks and not (p.model.holds and self.world.on.blocking):
            self._refer(guest)
        elif pupil.want >= 0 and pupil.at_home:
            self.world.goes_home(pupil, self.world.env.now)

    def _home_again(self, guest: Guest) -> None:
        """A temporary place ends and nothing follows: the child is at home again, if its wait or spell goes on."""
        pupil, now = guest.pupil, self.world.env.now
        if guest.spell is not None:
            if guest.spell.left > now and not guest.programme.next[0]:
                guest.spell.since, guest.spell.at_home = now, True
                self.at_home(guest.spell)
        elif pupil.want >= 0 and pupil.at_home:
            self.world.goes_home(pupil, now)

    def off_list(self, pupil: Pupil, why: Why, destination: int = NOBODY) -> None:
        """A child in a programme has a seat now, or waits no longer: an interim or held place ends."""
        guest: Guest = pupil.guest
        waits = guest.held or guest.route == INTERIM
        guest.pending = False
        if waits or destination >= 0 or why in NOT_ENDED_BY_LIST:
            self._leave(guest, why, destination)

    def _leave(self, guest: Guest, why: Why, destination: int = NOBODY) -> None:
        p, pupil = guest.programme, guest.pupil
        del p.inside[guest]
        if guest.held:
            self._count_held(p, -1)
        if pupil.guest is guest:
            pupil.guest = None
        self._write(guest, guest.placed, why, destination)
        self._fill(p)

    def _count_held(self, p: Programme, change: int) -> None:
        p.held += change
        self.world.log.level(self.world.env.now, Level.HELD, p.held, type=p.code, place=p.place)

    # --- writing down ----------------------------------------------------------------------------------------------

    def _write(self, guest: Guest, placed: float, why: Why, destination: int | None = None) -> None:
        p, pupil = guest.programme, guest.pupil
        left = NAN if why == Why.OPEN else self.world.env.now
        known = guest.known if p.model.perspective_weeks else guest.asked
        profile = pupil.want_profile if pupil.want_profile >= 0 else pupil.profile
        goal = pupil.want if guest.route == GATE and np.isnan(guest.known) else guest.goal
        self.world.log.visits.extend(
            (pupil.index, Kind.SUPPORT, p.place, p.code, -1, profile, guest.since, guest.asked, known, placed, left, why,
             goal if destination is None else destination)
        )  # fmt: skip

    def finish(self) -> None:
        """At the end: write those who are in, and those who still wait."""
        for p in self.all:
            for guest in p.inside:
                self._write(guest, guest.placed, Why.OPEN)
            for guest in p.queue:
                if guest.route in (GATE, OWN):
                    self._write(guest, NAN, Why.OPEN)
