"""The state of one replication and what can happen to one child: listed, offered, placed, leaving.

Everything that happens to everybody on one day (1 August) stands in `year.py` and the files it calls.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import numpy as np
import simpy

from sim.model.approaches import Approaches
from sim.model.cells import Cell, Entry, entry
from sim.model.dated import Dated
from sim.model.decide import Decisions, write_steps
from sim.model.draws import Draws, Purpose
from sim.model.effects import Effects
from sim.model.laws import YEAR, grid, stay
from sim.model.layout import MAX_AGE, NO_PLACE, Layout
from sim.model.lists import Policy, policies
from sim.model.log import NAN, Log
from sim.model.pupil import NOBODY, Pupil
from sim.model.teams import Teams
from sim.record import Kind, Why

# Order of what happens at one and the same moment. Places that come free count before children who come or give up.
MOSTLY = 0.5
CALENDAR, FREE, ARRIVE, GIVE_UP = 1, 2, 3, 4

_DONE = int(Why.DONE)
_WAIT, _STAY, _SUPPORT, _DECISION, _ABSENCE = (
    int(k) for k in Kind
)  # rows hold plain numbers: they convert faster


class Call(simpy.Event):
    """A kernel event that calls one function with one argument: the cheapest step SimPy can make.

    All calls share one tuple of callbacks, and the fields stand in slots, because most of what an event costs is making it.
    """

    __slots__ = ("callbacks", "do", "what")
    _ok = True

    def __init__(self, do: Callable[[Any], None], what: Any) -> None:
        """Remember what to do; `World.at` puts it on SimPy's agenda."""
        self.callbacks = _CALLBACKS  # type: ignore[assignment]
        self.do, self.what = do, what


def _call(event: Any) -> None:
    """What SimPy calls when the moment is there."""
    event.do(event.what)


_CALLBACKS = (_call,)


def _nothing(p: Pupil, why: Why, destination: int) -> None:
    """A region without programmes."""


class World:
    """State of one replication.

    Attributes:
        env: SimPy environment; `env.now` is the only clock.
        cells: All cells; `cells_of[type]` those of one type; `cell_at` finds one by place, profile and band.
        active: Children with a seat, on a list or staying in a regular stage.
        waiting: Children on a list, per place of first choice (for the limit of a list).
        crowd: Per special type, the dose of crowding (children per group above today's, after extra hands).
        policy: Per special type, how it gives out seats now; `accept` are the chances of yes to an offer, of
            the types where parents and school are asked (`asks_yes`).
        reach, reach_today: Share of those who ask for help in a regular stage that gets it, now and on day 0.
        returned: Children who went back to a regular stage on the last 1 August, per stage.
        inspections: List entries looked at.
    """

    def __init__(self, layout: Layout, seed: int, replication: int) -> None:
        """Make the cells; nobody is there yet."""
        self.layout, self.region = layout, layout.region
        self.env, self.end = simpy.Environment(), layout.end
        self.draws, self.log = Draws(seed, replication), Log()
        self.effects = Effects(layout.scenario)
        self.approaches = Approaches(layout)
        self.on = layout.region.mechanisms
        self.rules = layout.rules
        self.levers = Dated(layout)
        self.teams = Teams(layout, self.draws, self.levers)
        self.decisions = Decisions(layout, self.draws, self.levers, self.teams)
        self.cells: list[Cell] = []
        self.cell_at: dict[tuple[int, int, int], Cell] = {}
        for rules in self.rules:
            for place in rules.places:
                model = self.region.places[layout.places[place].id]
                for profile in model.groups:
                    code = layout.profile_code(profile)
                    for band in range(rules.n_bands):
                        cell = Cell(len(self.cells), rules.index, place, code, band)
                        self.cells.append(cell)
                        self.cell_at[place, code, band] = cell
        self.cells_of = [[c for c in self.cells if c.type == r.index] for r in self.rules]
        self.active: list[Pupil] = []
        self.waiting = [0] * len(layout.places)
        self.crowd = [0.0] * len(self.rules)
        self.pending: list[list[Pupil]] = [[] for _ in range(layout.scenario.total_years + 2)]
        self.freed: list[Cell] = []
        self.matching_day = False
        self.inspections = 0
        self.policy: list[Policy] = policies(self)
        self.accept = [rule.accept for rule in self.policy]
        self.asks_yes = [r.model.list.accept is not None and self.on.offers_refused for r in self.rules]
        self.choice_weights: dict[tuple[int, int], float] = {}
        self.start_year(0)
        self.end = layout.end
        self.reach: dict[str, float] = {}
        self.reach_today: dict[str, float] = {}
        self.returned: dict[str, float] = {}
        self._refused_at: dict[int, set[int]] = {}
        self.homes = self.on.home and NO_PLACE in layout.types
        self.when_home: list[Callable[[Pupil], None]] = []
        self.off_programme: Callable[[Pupil, Why, int], None] = _nothing
        self._fits: dict[tuple[int, int, int], tuple[Cell, ...]] = {}
        self.no_place = layout.types.index(NO_PLACE) if NO_PLACE in layout.types else NOBODY
        self.no_place_code = layout.place_code(NO_PLACE) if self.no_place >= 0 else NOBODY
        give_up_first = self.region.ties == "leave_first"
        self.free_rank, self.give_up_rank = (GIVE_UP, FREE) if give_up_first else (FREE, GIVE_UP)

    def too_old(self, p: Pupil) -> bool:
        """True when most children of this age have left the type that the child asks for."""
        r = self.rules[p.want]
        age = self.age(p)
        return age >= r.max_age or (0 <= age < MAX_AGE and r.ends[age] >= MOSTLY)

    def start_year(self, year: int) -> None:
        """The clock passes 1 August."""
        self.year, self.year_end = year, self.layout.first_august(year + 1)
        self.age_day = self.layout.age_day(year)

    def at(self, time: float, rank: int, do: Callable[[Any], None], what: Any) -> None:
        """Let `do(what)` happen at a time; at equal times the lower rank goes first."""
        if time < self.end:
            env = self.env
            env.schedule(Call(do, what), rank, time - env.now)  # type: ignore[arg-type]

    def always(self, time: float, rank: int, do: Callable[[Any], None], what: Any) -> None:
        """As `at`, also on the horizon itself."""
        env = self.env
        env.schedule(Call(do, what), rank, time - env.now)  # type: ignore[arg-type]

    def age(self, p: Pupil) -> int:
        """Age on the age date of this school year."""
        return int((self.age_day - p.birth) // YEAR)

    def doses(self, type_: int) -> dict[str, float]:
        """Causes in the register that act on the list of a type, and their doses now."""
        return {"class_size": self.crowd[type_]}

    def new_policies(self) -> None:
        """The calendar or a lever may have changed how seats are given: children are put in the new order."""
        old, self.policy = self.policy, policies(self)
        self.accept = [rule.accept for rule in self.policy]
        changed = [
            i
            for i, (was, rule) in enumerate(zip(old, self.policy, strict=True))
            if (was.discipline, was.hosts, was.guests) != (rule.discipline, rule.hosts, rule.guests)
        ]
        if changed:
            self.list_anew({*changed, *(i for i, rule in enumerate(self.policy) if rule.hosts)})

    def list_anew(self, types: set[int]) -> None:
        """Put everyone who waits for these types on the lists again: the old entries are stale."""
        for p in self.active:
            if p.want in types and p.want_choice is not None:
                p.token += 1
                self.push(p)
                self.watch_patience(p)

    def ratios(self, hook: str) -> Any:
        """What crowding and approaches do to a chance: special types x districts (and the whole) x places (and none)."""
        return np.stack(
            [
                self.effects.together(
                    hook, r.id, {"class_size": self.crowd[r.index]}, self.approaches.ratio(hook, r.id)
                )
                for r in self.rules
            ]
        )

    # --- asking for a seat -----------------------------------------------------------------------------------------

    def enlist(self, p: Pupil) -> None:
        """Put a child on the list of the type it wants (from the moment of its decision), or tell it there is none."""
        rules = self.rules[p.want]
        if p.want_profile < 0:
            p.want_profile = p.profile
        if rules.max_age < MAX_AGE and p.seat is None and p.stage < 0 and self.age(p) >= rules.max_age:
            self.unlist(p, Why.AGED_OUT)
            return
        choice = self._choose(p)
        if choice is None:
            self.stay_in_regular(p)
            return
        if choice.present < choice.seats:
            if not rules.moments and not choice.own and not self.asks_yes[rules.index]:
                if not p.active:
                    self.join(p)  # a free seat and nobody before this child: it never comes on the list
                self.place(p, choice)
                return
        elif self.waiting[choice.place] >= rules.limit:
            self.unlist(p, Why.TURNED_AWAY)
            return
        p.want_choice = choice
        self.waiting[choice.place] += 1
        if not p.active:
            self.join(p)
        if p.at_home and p.seat is None and p.stage < 0 and p.home_from is None and self.homes:
            self.goes_home(p, max(p.want_times[1], p.want_times[2]))
        if not rules.moments and self._try_now(p, choice):
            return
        self.push(p)
        if p.patience > 0:
            self.watch_patience(p)

    def join(self, p: Pupil) -> None:
        """Count the child among the active."""
        if not p.active:
            p.active = True
            self.active.append(p)

    def watch_patience(self, p: Pupil) -> None:
        """Plan the moment at which parents stop waiting, when it falls in this school year."""
        gives_up = p.want_times[1] + p.patience
        if p.patience > 0 and gives_up < self.year_end:
            self.at(max(gives_up, self.env.now), self.give_up_rank, self._gives_up, (p, p.token))

    def _choose(self, p: Pupil) -> Cell | None:
        """Cell of first choice: an open place of the type with the child's profile, by seats."""
        band = self.band(p, p.want) if self.rules[p.want].n_bands > 1 else 0
        fitting = self._fitting(p.want, p.want_profile, band)
        if len(fitting) == 1 and fitting[0].open:
            return fitting[0]
        options = [c for c in fitting if c.open] or self._hosted(p)
        if not options:
            return None
        if len(options) == 1:
            return options[0]
        weights = self.choice_weights
        total = sum(weights[c.place, c.profile] for c in options)
        left = p.chooses * total
        for c in options:
            left -= weights[c.place, c.profile]
            if left < 0:
                return c
        return options[-1]

    def cell_for(self, place: int, profile: int, band: int) -> Cell | None:
        """Cell of a place for a profile: its own groups, or groups for any profile."""
        return self.cell_at.get((place, profile, band)) or self.cell_at.get((place, NOBODY, band))

    def _fitting(self, type_: int, profile: int, band: int) -> tuple[Cell, ...]:
        """Cells of a type for a profile and an age band, one per place at most; remembered, as this never changes."""
        key = (type_, profile, band)
        found = self._fits.get(key)
        if found is None:
            cells = (self.cell_for(place, profile, band) for place in self.rules[type_].places)
            found = self._fits[key] = tuple(c for c in cells if c is not None)
        return found

    def to_band(self, p: Pupil, band: int) -> None:
        """A child with a seat goes on to the groups of its age, within its place and profile; nobody loses a seat."""
        cell = p.seat
        assert cell is not None
        new = self.cell_at[cell.place, cell.profile, band]
        cell.present -= 1
        new.present += 1
        p.seat = new

    def band(self, p: Pupil, type_: int) -> int:
        """Age band of a child in a type, this school year."""
        rules = self.rules[type_]
        if rules.n_bands == 1:
            return 0
        return rules.band_of[max(0, min(self.age(p), MAX_AGE - 1))]

    def _try_now(self, p: Pupil, choice: Cell) -> bool:
        """At once a seat where there is one: first choice, else elsewhere when willing."""
        for cell in (choice, *self._elsewhere(p, choice)) if p.elsewhere else (choice,):
            if (
                cell.present < cell.seats
                and not self._live(cell.own)
                and (cell is choice or self._talked(cell))
            ):
                self.inspections += 1
                if self._offer(p, cell):
                    return True
        return False

    def waits_at(self, p: Pupil, place: int) -> None:
        """A child that was already waiting on day 0, at this place."""
        cell = self.cell_for(place, p.want_profile, self.band(p, p.want))
        assert cell is not None
        p.want_choice = cell
        self.waiting[place] += 1
        self.join(p)
        if p.at_home and self.homes:
            self.goes_home(p, p.want_times[1])
        self.push(p)
        self.watch_patience(p)

    def forget_refusals(self) -> None:
        """A new school year: a school that was refused may be offered again."""
        self._refused_at.clear()

    def list_again(self, p: Pupil) -> None:
        """A child on a list is a year older: new age band, and another school when its own takes no one now."""
        old = p.want_choice
        p.token += 1
        band = self.band(p, p.want)
        stays = old is not None and old.type == p.want
        cell = self.cell_for(old.place, p.want_profile, band) if old is not None and stays else None
        if cell is None or not cell.open:
            if old is not None:
                self.waiting[old.place] -= 1
            p.want_choice = None
            cell = self._choose(p)
            if cell is None:
                self.stay_in_regular(p)
                return
            self.waiting[cell.place] += 1
        p.want_choice = cell
        self.push(p)
        self.watch_patience(p)

    def _live(self, heap: list[Entry]) -> bool:
        while heap and heap[0][5].token != heap[0][4]:
            self.inspections += 1
            heappop(heap)
        return bool(heap)

    def _elsewhere(self, p: Pupil, choice: Cell) -> list[Cell]:
        """Other open places for a child that is willing to go there."""
        band = self.band(p, p.want)
        found = [c for c in self._fitting(p.want, p.want_profile, band) if c is not choice and c.open]
        if self.policy[p.want].hosts:
            found += [c for c in self._hosted(p) if c is not choice]
        return found

    def _hosted(self, p: Pupil) -> list[Cell]:
        """Open groups of other types that children of this type may join: with their own need, else any of that age."""
        found: list[Cell] = []
        for place in self.policy[p.want].hosts:
            rules = next(r for r in self.rules if place in r.places)
            age, lowest = self.age(p), rules.model.bands[0][0] if rules.model.bands else 0
            if p.seat is not None and p.seat.type == rules.index:
                continue  # it sits in such a group now and asks for something else
            if not lowest <= age < rules.max_age or (age < MAX_AGE and rules.ends[max(0, age)] >= MOSTLY):
                continue
            band = self.band(p, rules.index)
            own = self.cell_for(place, p.want_profile, band)
            every = [c for c in self.cells_of[rules.index] if (c.place, c.band) == (place, band)]
            found += [c for c in ([own] if own is not None else every) if c.open]
        return found

    def push(self, p: Pupil) -> None:
        """Put a child on the lists of its first choice and of other places where it would go."""
        choice = p.want_choice
        assert choice is not None
        item = self._entry(p, p.want)
        refused = self._refused_at.get(p.index, ()) if self._refused_at else ()
        if choice.place not in refused:
            heappush(choice.own, item)
        if p.elsewhere:
            for cell in self._elsewhere(p, choice):
                if cell.place not in refused:
                    heappush(cell.others, item if cell.type == p.want else self._entry(p, cell.type))

    def _entry(self, p: Pupil, type_: int) -> Entry:
        """A child's entry in the order of a type (that of a group it shares is the order of that group's type)."""
        order = self.rules[type_].model.list.priorities
        rank = order.get(self.layout.profiles[p.want_profile], 0) if order else 0
        return entry(p, p.want_times[1], self.policy[type_].discipline, rank)

    # --- giving seats ----------------------------------------------------------------------------------------------

    def serve(self, cell: Cell, *, own_only: bool = False) -> None:
        """Offer free seats of a cell to its own list, then to children who would also come here.

        With one list for all schools, and in groups that two types share, both lists are one list by date.
        """
        rule = self.policy[cell.type]
        if rule.one_list or cell.place in rule.guests:
            self._serve_by_date(cell)
            return
        sure = not self.asks_yes[cell.type]
        for heap in (cell.own,) if own_only else (cell.own, cell.others):
            while heap and cell.present < cell.seats and cell.open:
                item = heappop(heap)
                self.inspections += 1
                p = item[5]
                if p.token != item[4]:  # it left this list before
                    continue
                if sure:
                    self.place(p, cell)
                else:
                    self._offer(p, cell)

    def _serve_by_date(self, cell: Cell) -> None:
        while cell.present < cell.seats and cell.open:
            heaps = [heap for heap in (cell.own, cell.others) if self._live(heap)]
            if not heaps:
                return
            self.inspections += 1
            self._offer(heappop(min(heaps, key=lambda heap: heap[0][:4]))[5], cell)

    def match(self, types: list[int], *, talked: bool = True) -> None:
        """The matching of a placement moment: first choices first, then elsewhere, then the seats that this frees.

        Seats that come free at types that are not matched now are left for when those are.

        Args:
            types: Types whose seats are given out.
            talked: Schools have talked about every child, so that no seat is kept for the own list.
        """
        self.matching_day = True
        ordered = sorted(types, key=lambda t: (self.rules[t].model.order, t))
        together = {t for t in ordered if self.policy[t].one_list}
        if together:
            self._match_one_list(together)
        cells = [c for t in ordered for c in self.cells_of[t] if t not in together]
        for cell in cells:
            if cell.place not in self.policy[cell.type].guests:
                self.serve(cell, own_only=True)
        for cell in cells:
            self.serve(cell, own_only=not talked and not self._talked(cell))
        self.serve_freed(types)
        self.matching_day = False

    def _match_one_list(self, types: set[int]) -> None:
        """Children of types with one list, all together in order: each gets its first choice, else a seat elsewhere."""
        waiting = [p for p in self.active if p.want in types and p.want_choice is not None]
        for p in [item[5] for item in sorted((self._entry(p, p.want) for p in waiting), key=lambda e: e[:4])]:
            choice = p.want_choice
            assert choice is not None
            refused = self._refused_at.get(p.index, ())
            for cell in (choice, *self._elsewhere(p, choice)) if p.elsewhere else (choice,):
                mine = (
                    cell.type in types and cell.place not in refused
                )  # others: later, by date with their own list
                if mine and cell.open and cell.present < cell.seats:
                    self.inspections += 1
                    if self._offer(p, cell):
                        break
        self.list_anew(types)

    def _talked(self, cell: Cell) -> bool:
        """True when schools have had the time to talk about a free seat (and when they need none)."""
        rule = self.policy[cell.type]
        return not rule.talks or rule.one_list or cell.vacant_since + rule.talks <= self.env.now

    def _after_talks(self, cell: Cell) -> None:
        """A seat that no child of the own list took is offered to children of other lists."""
        self.serve(cell)
        self.settle()

    def serve_freed(self, types: list[int]) -> None:
        """Serve seats of these types that came free by moving on, until nothing more moves."""
        others = []
        while self.freed:
            cell = self.freed.pop()
            if cell.type in types:
                self.serve(cell)
            else:
                others.append(cell)
        self.freed = others

    def _offer(self, p: Pupil, cell: Cell) -> bool:
        chance = self.accept[cell.type]
        if self.asks_yes[cell.type]:
            refused = self.approaches.city("refusal", self.rules[cell.type].id)
            if refused != 1.0:
                chance = 1.0 - (1.0 - chance) * refused
            u = p.next_offer if p.next_offer >= 0 else self.draws.one(Purpose.OFFER, p.hi, p.lo, p.offers)
            p.offers, p.next_offer, accepted = p.offers + 1, -1.0, u < chance
            self.log.offers.extend((self.env.now, p.index, cell.place, accepted, cell is p.want_choice))
            if not accepted:
                self._refused_at.setdefault(p.index, set()).add(cell.place)
                return False
        self.place(p, cell)
        return True

    def place(self, p: Pupil, cell: Cell) -> None:
        """Give a child a seat; an old seat or a place in a regular stage ends now."""
        now = self.env.now
        times = p.want_times
        self.off_list(p)
        if p.seat is not None:
            self.end_stay(p, int(p.why), cell.type)
        elif p.stage >= 0:
            self.end_stage(p, p.why, cell.type)
        if p.guest is not None:
            self.off_programme(p, Why.MOVED_ON, cell.type)
        if p.home_from is not None:
            self.back_from_home(p)
        p.profile = cell.profile if cell.profile >= 0 else p.want_profile
        signalled, listed, ready = times
        p.seat, p.seat_times = cell, (signalled, listed, ready, now)
        p.waited = (now - listed) / YEAR if now > listed else 0.0
        cell.present += 1
        rules = self.rules[cell.type]
        if rules.fails > 0:
            self._watch_start(p, rules.fails)
        p.stays += 1
        if rules.law != "hazard":
            days = p.stay_days
            if p.stays > 1 or days < 0:
                u = self.draws.one(Purpose.STAY, p.hi, p.lo, p.stays - 1)
                days = stay(rules.law, rules.mean, rules.shape, u)
            if now + days < self.end:
                self.env.schedule(Call(self.stay_over, (p, p.stays)), self.free_rank, days)  # type: ignore[arg-type]

    def _watch_start(self, p: Pupil, share: float) -> None:
        """Plan the moment at which a start fails, for the share of starts that do."""
        assert p.seat is not None
        reached = self.approaches.ratio("failed_start", self.rules[p.seat.type].id)
        share = min(1.0, share * max(self.effects.floor, float(reached[p.district, p.seat.place])))
        u = p.next_start if p.next_start >= 0 else self.draws.one(Purpose.FAILED, p.hi, p.lo, p.stays)
        p.next_start = -1.0
        if u < share:
            self.at(self.env.now + grid(u / share * YEAR / 2), self.free_rank, self._fails, (p, p.stays + 1))

    def _fails(self, what: tuple[Pupil, int]) -> None:
        """The start did not work out: the seat comes free, and the child is on the list of the same type again."""
        p, number = what
        if p.seat is None or p.stays != number or p.want >= 0:
            return
        type_ = p.seat.type
        self.end_stay(p, Why.FAILED, type_)
        self.settle()
        self.ask_now(p, type_)

    def off_list(self, p: Pupil) -> None:
        """The child is on no list any more; its list entries become stale."""
        p.token += 1
        if p.want_choice is not None:
            self.waiting[p.want_choice.place] -= 1
        p.want, p.want_choice = NOBODY, None
        if self._refused_at:
            self._refused_at.pop(p.index, None)

    def unlist(self, p: Pupil, why: Why, *, goes_on: bool = False) -> None:
        """End a wait without a seat and write it down (a child that stays in a regular stage at once never waited).

        With `goes_on` it comes on another list at once, and what it does meanwhile (at home, a temporary place) goes on.
        """
        type_, profile, times = p.want, p.want_profile, p.want_times
        cell = p.want_choice
        if times[1] < self.env.now or why != Why.TURNED_AWAY or p.stage < 0:
            self.log.visits.extend(
                (p.index, _WAIT, cell.place if cell else -1, type_, cell.index if cell else -1, profile, *times, NAN,
                 self.env.now, int(why), -1)
            )  # fmt: skip
        self.off_list(p)
        if why != Why.MOVED_ON and not goes_on:
            self.waits_no_more(p, why)

    def _gives_up(self, what: tuple[Pupil, int]) -> None:
        p, token = what
        if p.token == token and p.want >= 0:
            self.unlist(p, Why.GAVE_UP)

    # --- leaving ---------------------------------------------------------------------------------------------------

    def end_stay(self, p: Pupil, why: int, destination: int = -1) -> None:
        """A seat comes free; the stay is written down."""
        cell = p.seat
        assert cell is not None
        signalled, listed, ready, placed = p.seat_times
        self.log.visits.extend(
            (p.index, _STAY, cell.place, cell.type, cell.index, p.profile, signalled, listed, ready, placed, self.env.now,
             why, destination)
        )  # fmt: skip
        cell.present -= 1
        if cell.present < cell.seats <= cell.present + 1:
            cell.vacant_since = self.env.now
        p.seat = None
        self.freed.append(cell)

    def leave(self, p: Pupil, why: Why, destination: int = -1) -> None:
        """The child leaves special education (or its place in a regular stage); what it was waiting for ends too."""
        if p.want >= 0:
            self.unlist(p, why)
        if p.seat is not None:
            self.end_stay(p, why, destination)
        elif p.stage >= 0:
            self.end_stage(p, why, destination)
        self.waits_no_more(p, why)

    def moves_away(self, p: Pupil) -> None:
        """A child leaves the region: seat and list entry come free."""
        self.leave(p, Why.MOVED_AWAY)
        self.settle()

    def stay_over(self, what: tuple[Pupil, int]) -> None:
        """A stay that is one duration has ended: on to the next type, or gone."""
        p, number = what
        if p.seat is None or p.stays != number:  # the child had left before, for another reason
            return
        rules = self.rules[p.seat.type]
        target = NOBODY
        if len(rules.next_to) > 1:
            u = self.draws.one(Purpose.NEXT, p.hi, p.lo, p.stays)
            for target, share in zip(rules.next_to, rules.next_shares, strict=True):
                u -= share
                if u < 0:
                    break
        self.end_stay(p, _DONE, target)
        if target >= 0:
            self.ask_now(p, target)
        self.settle()

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
        if model.decision and self.on.decisions:
            found = self.decisions.take(model.decision, now, p.hi, p.lo, p.district, p.requests)
            listed = found.listed
            write_steps(self.log, self.layout, found.steps, p.index, p.want_profile, since, target)
            if found.refused:
                return False
        self.at(listed, ARRIVE, self._granted, (p, target, since, listed))
        return True

    def _granted(self, what: tuple[Pupil, int, float, float]) -> None:
        p, target, signalled, listed = what
        if p.seat is None and p.want < 0 and p.stage < 0:
            self.ask_now(p, target, signalled, listed)

    def gives_up(self, type_: int) -> bool:
        """True when parents may stop waiting for this type."""
        rule = self.rules[type_].model.list
        return self.on.reneging and (rule.patience is not None or rule.patience_days is not None)

    def at_home(self, type_: int) -> float:
        """Share of those who wait for a type that is at home."""
        rule = self.rules[type_].model.list
        return (
            rule.at_home.value * self.approaches.city("at_home", self.rules[type_].id)
            if rule.at_home
            else 0.0
        )

    def closing(self, stock: str) -> float:
        """Rate per year at which spells at home that begin now will end; those that began before keep theirs."""
        return self.region.home[stock].closing.value * self.approaches.city("closing", stock)

    def patience(self, type_: int, u: float) -> float:
        """Days until parents stop waiting; 0 = they never do."""
        exactly = self.rules[type_].model.list.patience_days
        if exactly is not None and self.on.reneging:
            return grid(exactly.value)
        rate = self.rules[type_].model.list.patience
        if rate is None or rate.value == 0 or not self.on.reneging:
            return 0.0
        per_year = (
            rate.value
            * self.policy[type_].impatience
            * self.approaches.city("giving_up", self.rules[type_].id)
        )
        return max(grid(-math.log1p(-u) * YEAR / per_year), 1 / 1024) if per_year > 0 else 0.0

    def settle(self) -> None:
        """Serve the seats that came free, until nothing more moves (unless this is the day of the matching)."""
        if self.matching_day:
            return
        while self.freed:
            cell = self.freed.pop()
            if not self.policy[cell.type].at_once:
                continue
            talked = self._talked(cell)
            self.serve(cell, own_only=not talked)
            if not talked and cell.present < cell.seats:
                self.at(self.env.now + self.policy[cell.type].talks, self.free_rank, self._after_talks, cell)

    # --- regular schools and home ----------------------------------------------------------------------------------

    def stay_in_regular(self, p: Pupil) -> None:
        """No open place takes new children of this kind: the child stays in a regular stage, or waits in vain."""
        rules = self.rules[p.want]
        signalled, now = p.want_times[0], self.env.now
        stage, wanted = rules.model.included_in, p.want
        if stage is not None and p.seat is None and p.stage < 0:
            p.stage, p.stage_of = self.layout.types.index(stage), wanted
            p.stage_from = (signalled, now, now)
            p.profile = p.want_profile
            self.join(p)
        self.unlist(p, Why.TURNED_AWAY)

    def end_stage(self, p: Pupil, why: int, destination: int = -1) -> None:
        """A child leaves the regular stage where it stayed."""
        signalled, listed, start = p.stage_from
        self.log.visits.extend(
            (p.index, _SUPPORT, self.layout.place_code(self.layout.types[p.stage]), p.stage, -1, p.profile,
             signalled, listed, start, start, self.env.now, int(why), destination)
        )  # fmt: skip
        p.stage = NOBODY

    def goes_home(self, p: Pupil, since: float) -> None:
        """A child that waits is at home from a day on, unless it has a temporary place."""
        if self.homes and p.guest is None:
            p.home_from = since
            for tell in self.when_home:
                tell(p)

    def seen(self, stock: str, p: Pupil, since: float) -> float:
        """Day from which a child at home can be offered a temporary place: after the first meetings about its absence.

        Those at home since before day 0 have been spoken of.
        """
        if since < 0:
            return since
        return since + grid(float(self.teams.wait("action", stock, p.hi, p.lo, p.requests, since)))

    def waits_no_more(self, p: Pupil, why: Why) -> None:
        """What a child did only because it waited (being at home, an interim place) is over."""
        if p.guest is not None:
            self.off_programme(p, why, NOBODY)
        self.back_from_home(p, Why.EXEMPTED if why == Why.EXEMPTED else Why.RETURNED)

    def back_from_home(self, p: Pupil, why: Why = Why.RETURNED) -> None:
        """The child has something to attend again, or is no longer counted."""
        if p.home_from is not None:
            since, p.home_from = p.home_from, None
            if since < self.env.now:
                self.log.visits.extend(
                    (p.index, _ABSENCE, self.no_place_code, self.no_place, -1, p.profile, since, since, since, since,
                     self.env.now, why, -1)
                )  # fmt: skip
