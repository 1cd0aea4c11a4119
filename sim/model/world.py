"""The state of one replication and what can happen to one child: placed, on no list any more, leaving, at home.

How it comes on a list stands in `listing.py`, how seats are given in `seats.py`; what happens to everybody on one day
(1 August) in `year.py` and the files it calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import simpy

from sim.model.approaches import Approaches
from sim.model.cells import Cell
from sim.model.clock import FREE, GIVE_UP, Call
from sim.model.dated import Dated
from sim.model.decide import Decisions
from sim.model.draws import Draws, Purpose
from sim.model.effects import Effects
from sim.model.laws import YEAR, grid, on_grid, stay
from sim.model.layout import MAX_AGE, NO_PLACE, Layout
from sim.model.listing import Listing
from sim.model.lists import Policy, policies
from sim.model.log import NAN, Log
from sim.model.pupil import NOBODY, Pupil
from sim.model.seats import Seats
from sim.model.teams import Teams
from sim.record import Kind, Why

_DONE = int(Why.DONE)
_WAIT, _STAY, _SUPPORT, _DECISION, _ABSENCE = (
    int(k) for k in Kind
)  # rows hold plain numbers: they convert faster


def _nothing(p: Pupil, why: Why, destination: int) -> None:
    """A region without programmes."""


class World:
    """State of one replication.

    Attributes:
        env: SimPy environment; `env.now` is the only clock.
        cells: All cells; `cells_of[type]` those of one type; `cell_at` finds one by place, profile and band.
        active: Children with a seat, on a list or staying in a regular stage.
        crowd: Per special type, the dose of crowding (children per group above today's, after extra hands).
        policy: Per special type, how it gives out seats now.
        reach, reach_today: Share of those who ask for help in a regular stage that gets it, now and on day 0.
        returned: Children who went back to a regular stage on the last 1 August, per stage.
        listing, seats: What happens on waiting lists, and when a seat is free.
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
        self.crowd = [0.0] * len(self.rules)
        self.pending: list[list[Pupil]] = [[] for _ in range(layout.scenario.total_years + 2)]
        self.policy: list[Policy] = policies(self)
        self.choice_weights: dict[tuple[int, int], float] = {}
        self.start_year(0)
        self.reach: dict[str, float] = {}
        self.reach_today: dict[str, float] = {}
        self.returned: dict[str, float] = {}
        self.homes = self.on.home and NO_PLACE in layout.types
        self.when_home: list[Callable[[Pupil], None]] = []
        self.off_programme: Callable[[Pupil, Why, int], None] = _nothing
        self._fits: dict[tuple[int, int, int], tuple[Cell, ...]] = {}
        self.no_place = layout.types.index(NO_PLACE) if NO_PLACE in layout.types else NOBODY
        self.no_place_code = layout.place_code(NO_PLACE) if self.no_place >= 0 else NOBODY
        self.listing, self.seats = Listing(self), Seats(self)
        give_up_first = self.region.ties == "leave_first"
        self.free_rank, self.give_up_rank = (GIVE_UP, FREE) if give_up_first else (FREE, GIVE_UP)

    def too_old(self, p: Pupil) -> bool:
        """True when most children of this age have left the type that the child asks for."""
        return self.rules[p.want].too_old(self.age(p))

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

    def join(self, p: Pupil) -> None:
        """Count the child among the active."""
        if not p.active:
            p.active = True
            self.active.append(p)

    def cell_for(self, place: int, profile: int, band: int) -> Cell | None:
        """Cell of a place for a profile: its own groups, or groups for any profile."""
        return self.cell_at.get((place, profile, band)) or self.cell_at.get((place, NOBODY, band))

    def fitting(self, type_: int, profile: int, band: int) -> tuple[Cell, ...]:
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
        age = int((self.age_day - p.birth) // YEAR)
        return rules.band_of[0 if age < 0 else age if age < MAX_AGE else MAX_AGE - 1]

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
        self.seats.settle()
        self.listing.ask_now(p, type_)

    def off_list(self, p: Pupil) -> None:
        """The child is on no list any more; its list entries become stale."""
        p.token += 1
        if p.want_choice is not None:
            self.listing.waiting[p.want_choice.place] -= 1
        p.want, p.want_choice = NOBODY, None
        if self.seats.refused:
            self.seats.refused.pop(p.index, None)

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
        self.seats.freed.append(cell)

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
        self.seats.settle()

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
            self.listing.ask_now(p, target)
        self.seats.settle()

    def closing(self, stock: str) -> float:
        """Rate per year at which spells at home that begin now will end; those that began before keep theirs."""
        return self.region.home[stock].closing.value * self.approaches.city("closing", stock)

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

    def seen(self, stock: str, hi: Any, lo: Any, occasion: Any, since: Any) -> Any:
        """Day from which a child at home can be offered a temporary place: after the first meetings about its absence.

        Those at home since before day 0 have been spoken of. One child, or many (then `lo` and `since` are arrays).
        """
        day = since + on_grid(self.teams.wait("action", stock, hi, lo, occasion, since))
        return (
            np.where(since < 0, since, day) if isinstance(since, np.ndarray) else since if since < 0 else day
        )

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
