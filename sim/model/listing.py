"""Waiting lists: asking for a seat, the school of first choice and others, the order of a list, and giving up."""

from __future__ import annotations

import math
from heapq import heappush
from typing import TYPE_CHECKING

from sim.model.cells import Cell, Entry, entry
from sim.model.clock import ARRIVE
from sim.model.decide import write_steps
from sim.model.draws import Purpose
from sim.model.laws import YEAR, grid
from sim.model.layout import MAX_AGE
from sim.model.lists import policies
from sim.model.pupil import Pupil
from sim.record import Why

if TYPE_CHECKING:
    from sim.model.world import World


class Listing:
    """All lists of a region.

    Attributes:
        waiting: Children on a list, per place of first choice (for the limit of a list).
    """

    def __init__(self, world: World) -> None:
        """Nobody waits yet."""
        self.world, self.env, self.rules = world, world.env, world.rules
        self.draws, self.layout = world.draws, world.layout
        self.waiting = [0] * len(world.layout.places)

    def new_policies(self) -> None:
        """The calendar or a lever may have changed how seats are given: children are put in the new order."""
        old, self.world.policy = self.world.policy, policies(self.world)
        changed = [
            i
            for i, (was, rule) in enumerate(zip(old, self.world.policy, strict=True))
            if (was.discipline, was.hosts, was.guests) != (rule.discipline, rule.hosts, rule.guests)
        ]
        if changed:
            self.list_anew({*changed, *(i for i, rule in enumerate(self.world.policy) if rule.hosts)})

    def list_anew(self, types: set[int]) -> None:
        """Put everyone who waits for these types on the lists again: the old entries are stale."""
        for p in self.world.active:
            if p.want in types and p.want_choice is not None:
                p.token += 1
                self.push(p)
                self.watch_patience(p)

    def ask_now(
        self, p: Pupil, target: int, signalled: float | None = None, listed: float | None = None
    ) -> None:
        """Come on the list of a type now (the decision, if any, has been taken)."""
        now = self.env.now
        rules = self.rules[target]
        p.requests += 1
        one = self.draws.one
        p.want, p.want_profile = target, p.profile
        p.want_times = (
            signalled if signalled is not None else now,
            listed if listed is not None else now,
            now,
        )
        p.want_choice = None
        p.chooses = one(Purpose.CHOICE, p.hi, p.lo, p.requests) if len(rules.places) > 1 else 0.0
        rule = rules.model.list
        p.elsewhere = bool(
            rule.accept_elsewhere
            and one(Purpose.ELSEWHERE, p.hi, p.lo, p.requests) < rule.accept_elsewhere.value
        )
        u = one(Purpose.PATIENCE, p.hi, p.lo, p.requests) if rule.patience else 0.0
        p.patience = self.patience(target, u)
        p.at_home = bool(rule.at_home) and one(Purpose.AT_HOME, p.hi, p.lo, p.requests) < self.at_home(target)
        self.enlist(p)

    def asks_again(self, what: tuple[Pupil, int]) -> None:
        """A child that went back to a regular school is referred again to the same type."""
        p, target = what
        if p.active and (p.seat is not None or p.want >= 0 or p.stage >= 0):
            return
        self.request(p, target)

    def request(self, p: Pupil, target: int, signalled: float | None = None) -> bool:
        """Ask for a decision now; the child is listed on the day it is granted. Its clock runs from `signalled`.

        Returns:
            False when the request is refused.
        """
        now, model = self.env.now, self.rules[target].model
        listed = now
        since = now if signalled is None else signalled
        p.want_profile = p.want_profile if p.want_profile >= 0 else p.profile
        if model.decision and self.world.on.decisions:
            found = self.world.decisions.take(model.decision, now, p.hi, p.lo, p.district, p.requests)
            listed = found.listed
            write_steps(self.world.log, self.layout, found.steps, p.index, p.want_profile, since, target)
            if found.refused:
                return False
        self.world.at(listed, ARRIVE, self._granted, (p, target, since, listed))
        return True

    def _granted(self, what: tuple[Pupil, int, float, float]) -> None:
        p, target, signalled, listed = what
        if p.seat is None and p.want < 0 and p.stage < 0:
            self.ask_now(p, target, signalled, listed)

    def enlist(self, p: Pupil) -> None:
        """Put a child on the list of the type it wants (from the moment of its decision), or tell it there is none."""
        rules = self.rules[p.want]
        if p.want_profile < 0:
            p.want_profile = p.profile
        if rules.max_age < MAX_AGE and p.seat is None and p.stage < 0 and self.world.age(p) >= rules.max_age:
            self.world.unlist(p, Why.AGED_OUT)
            return
        choice = self._choose(p)
        if choice is None:
            self.world.stay_in_regular(p)
            return
        if choice.present < choice.seats:
            if not rules.moments and not choice.own and not self.world.seats.asks_yes[rules.index]:
                if not p.active:
                    self.world.join(p)  # a free seat and nobody before this child: it never comes on the list
                self.world.place(p, choice)
                return
        elif self.waiting[choice.place] >= rules.limit:
            self.world.unlist(p, Why.TURNED_AWAY)
            return
        p.want_choice = choice
        self.waiting[choice.place] += 1
        if not p.active:
            self.world.join(p)
        if p.at_home and p.seat is None and p.stage < 0 and p.home_from is None and self.world.homes:
            self.world.goes_home(p, max(p.want_times[1], p.want_times[2]))
        if not rules.moments and self.world.seats.try_now(p, choice):
            return
        self.push(p)
        if p.patience > 0:
            self.watch_patience(p)

    def list_again(self, p: Pupil) -> None:
        """A child on a list is a year older: new age band, and another school when its own takes no one now."""
        old = p.want_choice
        p.token += 1
        band = self.world.band(p, p.want)
        stays = old is not None and old.type == p.want
        cell = self.world.cell_for(old.place, p.want_profile, band) if old is not None and stays else None
        if cell is None or not cell.open:
            if old is not None:
                self.waiting[old.place] -= 1
            p.want_choice = None
            cell = self._choose(p)
            if cell is None:
                self.world.stay_in_regular(p)
                return
            self.waiting[cell.place] += 1
        p.want_choice = cell
        self.push(p)
        self.watch_patience(p)

    def waits_at(self, p: Pupil, place: int) -> None:
        """A child that was already waiting on day 0, at this place."""
        cell = self.world.cell_for(place, p.want_profile, self.world.band(p, p.want))
        assert cell is not None
        p.want_choice = cell
        self.waiting[place] += 1
        self.world.join(p)
        if p.at_home and self.world.homes:
            self.world.goes_home(p, p.want_times[1])
        self.push(p)
        self.watch_patience(p)

    def push(self, p: Pupil) -> None:
        """Put a child on the lists of its first choice and of other places where it would go."""
        choice = p.want_choice
        assert choice is not None
        item = self.entry(p, p.want)
        refused = self.world.seats.refused.get(p.index, ()) if self.world.seats.refused else ()
        if choice.place not in refused:
            heappush(choice.own, item)
        if p.elsewhere:
            for cell in self.elsewhere(p, choice):
                if cell.place not in refused:
                    heappush(cell.others, item if cell.type == p.want else self.entry(p, cell.type))

    def entry(self, p: Pupil, type_: int) -> Entry:
        """A child's entry in the order of a type (that of a group it shares is the order of that group's type)."""
        order = self.rules[type_].model.list.priorities
        rank = order.get(self.layout.profiles[p.want_profile], 0) if order else 0
        return entry(p, p.want_times[1], self.world.policy[type_].discipline, rank)

    def watch_patience(self, p: Pupil) -> None:
        """Plan the moment at which parents stop waiting, when it falls in this school year."""
        gives_up = p.want_times[1] + p.patience
        if p.patience > 0 and gives_up < self.world.year_end:
            self.world.at(max(gives_up, self.env.now), self.world.give_up_rank, self._gives_up, (p, p.token))

    def _gives_up(self, what: tuple[Pupil, int]) -> None:
        p, token = what
        if p.token == token and p.want >= 0:
            self.world.unlist(p, Why.GAVE_UP)

    def gives_up(self, type_: int) -> bool:
        """True when parents may stop waiting for this type."""
        rule = self.rules[type_].model.list
        return self.world.on.reneging and (rule.patience is not None or rule.patience_days is not None)

    def patience(self, type_: int, u: float) -> float:
        """Days until parents stop waiting; 0 = they never do."""
        exactly = self.rules[type_].model.list.patience_days
        if exactly is not None and self.world.on.reneging:
            return grid(exactly.value)
        rate = self.rules[type_].model.list.patience
        if rate is None or rate.value == 0 or not self.world.on.reneging:
            return 0.0
        per_year = (
            rate.value
            * self.world.policy[type_].impatience
            * self.world.approaches.city("giving_up", self.rules[type_].id)
        )
        return max(grid(-math.log1p(-u) * YEAR / per_year), 1 / 1024) if per_year > 0 else 0.0

    def at_home(self, type_: int) -> float:
        """Share of those who wait for a type that is at home."""
        rule = self.rules[type_].model.list
        return (
            rule.at_home.value * self.world.approaches.city("at_home", self.rules[type_].id)
            if rule.at_home
            else 0.0
        )

    def _choose(self, p: Pupil) -> Cell | None:
        """Cell of first choice: an open place of the type with the child's profile, by seats."""
        band = self.world.band(p, p.want) if self.rules[p.want].n_bands > 1 else 0
        fitting = self.world.fitting(p.want, p.want_profile, band)
        if len(fitting) == 1 and fitting[0].open:
            return fitting[0]
        options = [c for c in fitting if c.open] or self._hosted(p)
        if not options:
            return None
        if len(options) == 1:
            return options[0]
        seats = self.world.choice_weights
        weights = [seats[c.place, c.profile] for c in options]
        left = p.chooses * sum(weights)
        for c, weight in zip(options, weights, strict=True):
            left -= weight
            if left < 0:
                return c
        return options[-1]

    def elsewhere(self, p: Pupil, choice: Cell) -> list[Cell]:
        """Other open places for a child that is willing to go there."""
        band = self.world.band(p, p.want)
        found = [c for c in self.world.fitting(p.want, p.want_profile, band) if c is not choice and c.open]
        if self.world.policy[p.want].hosts:
            found += [c for c in self._hosted(p) if c is not choice]
        return found

    def _hosted(self, p: Pupil) -> list[Cell]:
        """Open groups of other types that children of this type may join: with their own need, else any of that age."""
        found: list[Cell] = []
        for place in self.world.policy[p.want].hosts:
            rules = next(r for r in self.rules if place in r.places)
            age, lowest = self.world.age(p), rules.model.bands[0][0] if rules.model.bands else 0
            if p.seat is not None and p.seat.type == rules.index:
                continue  # it sits in such a group now and asks for something else
            if age < lowest or rules.too_old(age):
                continue
            band = self.world.band(p, rules.index)
            own = self.world.cell_for(place, p.want_profile, band)
            every = [c for c in self.world.cells_of[rules.index] if (c.place, c.band) == (place, band)]
            found += [c for c in ([own] if own is not None else every) if c.open]
        return found
