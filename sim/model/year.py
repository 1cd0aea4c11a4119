"""The calendar: the fixed phases of 1 August, the placement moments, and levers that change on another date.

Phases: levers -> ages -> exits and transitions -> staff -> groups open and close -> lists -> matching -> snapshot. Then
the coming school year's signals are drawn. A region without a school calendar has only the drawing of signals.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sim.model import lists, review
from sim.model.demand import Demand
from sim.model.groups import Groups
from sim.model.help import Help
from sim.model.home import Homes
from sim.model.programmes import Programmes
from sim.model.referrals import Referrals
from sim.model.sources import Sources
from sim.model.start import fill_programmes
from sim.model.world import CALENDAR, World
from sim.record import Level
from sim.scenario.levers import dates

FIRST_DAY = "08-01"


def _opened(today: float, asked: float, kept: float, dose: float) -> float:
    """Groups that open: those of today as far as they keep their staff, of more only whole groups whose staff is found."""
    return min(asked, today) * kept + int(max(0.0, asked - today) * dose + 1e-9)


class Calendar:
    """Runs everything that happens to everybody on one day."""

    def __init__(self, world: World) -> None:
        """Make the parts."""
        self.world = world
        self.groups = Groups(world)
        self.help = Help(world)
        world.reach = self.help.reach
        self.programmes = Programmes(world)
        self.sources = Sources(world)
        self.referrals = Referrals(world, self.sources)
        self.demand = Demand(world, self.sources, self.help, self.programmes)
        self.homes = Homes(world, self.programmes)
        self._seats_per_child: list[float] | None = None

    def plan(self) -> None:
        """Put the whole calendar on the agenda."""
        world, layout = self.world, self.world.layout
        for year in range(1, layout.scenario.total_years + 1):
            world.always(layout.first_august(year), CALENDAR, self._first_august, year)
        starts = tuple(layout.date_of(d) for d in layout.year_days)
        for day in dates(layout.scenario.levers, starts):
            when = layout.day_of(day)
            if when > 0:
                world.at(when, CALENDAR, self._lever_date, None)
        for when, types in lists.agenda(world).items():
            world.at(when, CALENDAR, self._moment, types)

    def start(self) -> None:
        """Day 0: the count is the state after the phases of 1 August; only groups, help and signals remain."""
        self.help.calibrate(self.sources, review.expected_returns(self.world))
        self._year_begins(0)
        fill_programmes(self.world, self.programmes, self.sources)
        self.demand.draw(-1)
        self._draw(0)

    def open_groups(self) -> None:
        """Seats of day 0, before the children of the count are put in them."""
        self.groups.update(new_year=False)
        self.groups.regroup()

    def _first_august(self, year: int) -> None:
        """One 1 August. The last falls on the horizon itself: only what it says of the spring before it is kept."""
        world = self.world
        world.start_year(year)
        if world.region.calendar == "school_year":
            world.matching_day = True
            review.exits_and_transitions(world, year)
            review.renewals(world, year)
            self.groups.update(new_year=True)
            world.new_policies()
            review.relist(world, year)
            for p in world.pending[year]:
                world.enlist(p)
            self._match_first_august()
            review.leave_at_limit(world, year)
            world.serve_freed([r.index for r in world.rules if self._matched_today(r.index)])
            world.matching_day = False
            world.freed.clear()
        else:
            self.groups.update(new_year=True)
            world.new_policies()
            self.groups.regroup()
            for p in world.active:
                if p.want >= 0:
                    world.watch_patience(p)
        if year < world.layout.scenario.total_years:
            self._year_begins(year)
            self._draw(year)

    def _match_first_august(self) -> None:
        """Type by type in their order: children who move on are gone before the groups they leave are divided again."""
        world = self.world
        for order in sorted({r.model.order for r in world.rules}):
            tier = [r.index for r in world.rules if r.model.order == order]
            self.groups.regroup(tier)
            world.match([t for t in tier if self._matched_today(t)])
            world.matching_day = True

    def _matched_today(self, type_: int) -> bool:
        r = self.world.rules[type_]
        return not r.moments or FIRST_DAY in lists.moments(self.world, r, self.world.env.now)

    def _year_begins(self, year: int) -> None:
        """What is looked at once a year when everyone has a place: help, programmes, seats per child."""
        world = self.world
        review.drop_inactive(world)
        self._induced()
        self._approaches()
        self._help()
        self._programmes()
        self.sources.record_population(year)
        if world.region.calendar == "school_year":
            review.fates_of_the_year(world, year)
            review.record_help(world, year)

    def _approaches(self) -> None:
        """Doses of the approaches, and what they and easier access do to referrals and to transport."""
        world, groups = self.world, self.groups
        world.approaches.update(
            world.env.now, self.sources.children(world.year), groups.staff.given, world.log
        )
        self.referrals.update(groups.school_doses)
        if world.region.approaches:
            for r in world.rules:
                ratio = world.approaches.city("transport", r.id)
                world.log.level(world.env.now, Level.TRANSPORT, ratio, type=r.index)

    def _help(self) -> None:
        """Places for help, and how many children ask for them."""
        world = self.world
        staying: dict[str, int] = {}
        for p in world.active:
            if p.stage >= 0:
                name = world.layout.types[p.stage]
                staying[name] = staying.get(name, 0) + 1
        self.help.update(self.sources, world.year, self.groups.help_slots(), staying)

    def _draw(self, year: int) -> None:
        self.demand.draw(year)
        if self.world.on.home:
            self.homes.draw(year)

    def _induced(self) -> None:
        """Easier to get a seat than on day 0 -> more is asked; harder -> less. Closed types are left out."""
        world = self.world
        now = []
        waiting = Counter(p.want for p in world.active if p.seat is None)
        for r in world.rules:
            cells = world.cells_of[r.index]
            seats = sum(c.seats for c in cells if c.open)
            asks = sum(c.present for c in cells) + waiting[r.index]
            now.append(seats / asks if asks and seats and any(c.open for c in cells) else 0.0)
        if self._seats_per_child is None:
            self._seats_per_child = now
        if not world.on.induced_demand:
            return
        for r in world.rules:
            then, today = self._seats_per_child[r.index], now[r.index]
            power = world.effects.elasticity("seats_per_child", "referral", r.id)
            ok = then > 0 and today > 0 and power and r.model.seats != "unlimited"
            self.sources.induced[r.index] = min(2.0, max(0.5, (today / then) ** power)) if ok else 1.0

    def _programmes(self) -> None:
        region, groups = self.world.region, self.groups
        names = list(region.programmes)
        models = region.programmes
        self.programmes.update(
            {
                n: _opened(
                    models[n].groups.value,
                    groups.lever(f"{n}.groups", models[n].groups.value),
                    groups.staff.kept(models[n].staff),
                    groups.staff.dose(models[n].staff),
                )
                for n in names
            },
            {n: groups.lever(f"{n}.seats", models[n].seats.value) for n in names},
            {n: groups.lever(f"{n}.stay_weeks", models[n].stay_weeks.value) for n in names},
            {n: groups.choice(f"{n}.gate", models[n].gate) for n in names},
        )

    def _lever_date(self, _: Any) -> None:
        """A lever changes in the middle of a school year: staff, groups, matching."""
        world = self.world
        self.groups.update(new_year=False)
        world.new_policies()
        self.groups.regroup()
        world.match([r.index for r in world.rules if world.policy[r.index].at_once])
        self._approaches()
        self._help()
        self._programmes()

    def _moment(self, types: list[int]) -> None:
        first = self.world.layout.first_august(self.world.year)
        self.world.match(types, talked=self.world.env.now == first)
