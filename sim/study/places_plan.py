"""How many groups a type needs for its waiting list to be at most so long in a school year: a plan of places.

Groups are added from one date, each with a room, to carrying on as today; the list is asked on 1 October with the same
children every time, so whole groups can be searched by halving. Once as if teachers can always be found, once with those who
can be found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sim.scenario.region import Region
from sim.scenario.scenario import Scenario
from sim.study.places_assumptions import Assumption, assumptions
from sim.study.places_cost import SPENT, Costs, costs, priced
from sim.study.places_groups import Key, added, groups_on, size_on, with_groups
from sim.study.places_waiting import NO_SEAT, REASONS, WAITING
from sim.study.results import Floats, Series
from sim.study.statistics import BAND
from sim.study.trials import Trials, yearly

NOT_OPEN = "K26.groups_not_open"
# Doubling what is there is no plan any more: a list that is then still too long has another reason than places.
FEWEST = 12
# A list this near to the shortest that was found does not get shorter by places.
NEAR = 2.0
# Which assumption moves the answer most is a look, not a measurement.
LOOK_REPLICATIONS = 8


@dataclass(frozen=True)
class Asked:
    """What is asked.

    Attributes:
        kind: The type.
        at_most: Children that may wait on 1 October.
        school_year: The school year in which it must hold (`2029-2030`).
        opens: Date from which the groups are there.
        profile: Only groups for this need; None = for those who wait.
    """

    kind: str
    at_most: float
    school_year: str
    opens: date
    profile: str | None = None


@dataclass(frozen=True)
class Need:
    """What one school year needs, counted in groups beside today's, all open from one date.

    Attributes:
        today: Children waiting on 1 October without any group added (mean over runs).
        groups: Fewest groups with which the mean list is short enough; None = not with any number that was tried.
        near: Fewest groups with which the list is about as short as it gets by places (equals `groups` where there is one).
        few, many: As `groups`, for one in ten and for nine in ten runs.
        more: Where `near` are: school and need -> groups.
        places: Seats in these groups.
        waiting: Children waiting with these groups (mean over runs).
        why: What keeps those children from a seat: reason -> children (mean over runs).
    """

    school_year: str
    today: float
    groups: int | None
    near: int
    few: int | None
    many: int | None
    more: Mapping[Key, int]
    places: float
    waiting: float
    why: Mapping[str, float]


@dataclass(frozen=True)
class Moved:
    """What one assumption does to the answer, at both ends of its range.

    Attributes:
        low, high: Groups needed; None = not with any number that was tried.
        low_waiting, high_waiting: Children who wait with the groups of the answer.
    """

    assumption: Assumption
    low: int | None
    high: int | None
    low_waiting: float
    high_waiting: float


@dataclass(frozen=True)
class Plan:
    """The answer.

    Attributes:
        unstaffed: Per school year, as if staff can always be found.
        staffed: Per school year, with the staff that can be found.
        most: Most groups that were tried.
        open_of_asked: Of the groups of `unstaffed` in the year asked, those that open with the staff that can be found.
        waiting_then: Children who then wait.
        rooms: School -> rooms to be added, where today's rooms are counted.
        staff: Pool -> full-time jobs that these groups ask.
        cost: Euros more than without these groups, as if staff can be found; None = no price of a group or child is known.
        moved: The assumption that moves the answer most; None = no number behind it is uncertain.
    """

    scenario: Scenario
    asked: Asked
    unstaffed: tuple[Need, ...]
    staffed: tuple[Need, ...]
    most: int
    open_of_asked: float
    waiting_then: float
    rooms: Mapping[str, int]
    staff: Mapping[str, float]
    cost: Costs | None
    moved: Moved | None

    @property
    def answer(self) -> Need:
        """What the year asked needs, as if staff can always be found."""
        return self.unstaffed[-1]


def smallest(holds: Callable[[int], bool], most: int) -> int | None:
    """The smallest whole number from 0 for which something holds (that then goes on holding); None = not up to `most`."""
    if holds(0):
        return 0
    low, high = 0, 1
    while not holds(high):
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def places_plan(scenario: Scenario, asked: Asked, trials: Trials) -> Plan:
    """Search how many groups are needed.

    Args:
        scenario: Carrying on as today, with as many school years as the year asked needs.
        asked: What is asked.
        trials: How to run; its engine must give `K02.oct` by type and need together.

    Raises:
        SimulationError: A replication failed.
    """
    free = _Search(without_staff_limits(scenario), asked, trials, "unstaffed")
    held = _Search(scenario, asked, trials, "staffed", free.weights)
    unstaffed, staffed = free.needs(), held.needs()
    last = unstaffed[-1]
    number = last.near
    staff_per_group = scenario.region.place_types[asked.kind].staff
    year = last.school_year
    short = held.of(number, NOT_OPEN)[year] - held.of(0, NOT_OPEN)[year] if number else 0.0
    return Plan(
        scenario, asked, unstaffed, staffed, free.most,
        open_of_asked=number - (0.0 if np.isnan(short) else short),
        waiting_then=held.waiting(number)[:, free.years.index(year)].mean().item(),
        rooms=_rooms(scenario.region, last.more),
        staff={pool: number * q.value for pool, q in staff_per_group.items() if number * q.value > 0},
        cost=costs(free.spent_more(number), free.reported, asked.opens) if priced(scenario, asked.kind) else None,
        moved=_moved(free, number, trials),
    )  # fmt: skip


def without_staff_limits(scenario: Scenario) -> Scenario:
    """The same scenario in which staff can always be found."""
    on = scenario.region.mechanisms.model_copy(update={"staff": False})
    return scenario.model_copy(update={"region": scenario.region.model_copy(update={"mechanisms": on})})


def _rooms(region: Region, more: Mapping[Key, int]) -> dict[str, int]:
    counted = [k for k in more if region.places[k[0]].rooms is not None]
    return {place: sum(more[k] for k in counted if k[0] == place) for place, _ in counted}


@dataclass(frozen=True)
class _Tried:
    """What one number of groups gave.

    Attributes:
        waiting: Children waiting on 1 October (replication x school year).
        means: Indicator of the type -> mean over runs per school year.
        spent: Payer -> euros (replication x reported school year).
    """

    waiting: Floats
    means: Mapping[str, list[float]]
    spent: Mapping[str, Floats]


class _Search:
    """Numbers of groups that were tried in one world, and the lists that came of them."""

    def __init__(
        self, scenario: Scenario, asked: Asked, trials: Trials, what: str, weights: Mapping[str, float] | None = None
    ) -> None:  # fmt: skip
        self.scenario, self.asked, self.trials, self.what = scenario, asked, trials, what
        self._tried: dict[int, _Tried] = {}
        self.years: list[str] = []
        self.reported: list[str] = []
        self.today = groups_on(scenario, asked.kind, asked.opens)
        self.most = max(FEWEST, round(sum(self.today.values())))
        self.weights: Mapping[str, float] = {}
        self.weights = self._weights() if weights is None else weights

    def more(self, number: int) -> dict[Key, int]:
        """Where this number of groups stands."""
        return added(self.today, self.weights, number)

    def waiting(self, number: int) -> Floats:
        """Children waiting on 1 October: replication x school year."""
        return self._try(number).waiting

    def of(self, number: int, indicator: str) -> dict[str, float]:
        """Mean over runs of an indicator of the type, per school year."""
        return dict(zip(self.years, self._try(number).means[indicator], strict=True))

    def spent_more(self, number: int) -> dict[str, Floats]:
        """Payer -> euros more than without any group added: replication x reported school year."""
        with_, without = self._try(number).spent, self._try(0).spent
        return {payer: with_[payer] - without[payer] for payer in without}

    def needs(self) -> tuple[Need, ...]:
        """What each school year needs."""
        self._try(0)
        return tuple(self._need(i) for i in range(len(self.years)))

    def fewest(self, year: int) -> int | None:
        """Fewest groups with which the mean list of a year is short enough."""
        return smallest(lambda n: self._mean(n, year) <= self.asked.at_most, self.most)

    def _need(self, year: int) -> Need:
        def in_runs(share: float) -> int | None:
            return smallest(
                lambda n: float((self.waiting(n)[:, year] <= self.asked.at_most).mean()) >= share, self.most
            )

        groups = self.fewest(year)
        near = self._nearest(year) if groups is None else groups
        more = self.more(near)
        size = {k: size_on(self.scenario, self.asked.kind, k, self.asked.opens) for k in more}
        return Need(
            self.years[year], self._mean(0, year), groups, near, in_runs(BAND[0]), in_runs(BAND[1]),
            more, sum(n * size[k] for k, n in more.items()), self._mean(near, year),
            {reason: self._try(near).means[f"{WAITING}_{reason}"][year] for reason in REASONS},
        )  # fmt: skip

    def _mean(self, number: int, year: int) -> float:
        return float(self.waiting(number)[:, year].mean())

    def _nearest(self, year: int) -> int:
        shortest = min(self._mean(n, year) for n in self._tried)
        found = smallest(lambda n: self._mean(n, year) <= shortest + NEAR, self.most)
        return self.most if found is None else found

    def _try(self, number: int) -> _Tried:
        if number not in self._tried:
            more = self.more(number) if number else {}
            results = self.trials(
                [with_groups(self.scenario, self.asked.kind, more, self.asked.opens)], self.what
            )
            # The first count is the one on the first 1 October after the groups open.
            reported = [y for y in results.reported_years if y <= self.asked.school_year]
            keep = [i for i, y in enumerate(reported) if date(int(y[:4]), 10, 1) >= self.asked.opens]
            self.years, self.reported = [reported[i] for i in keep], reported
            kind, counted = self.asked.kind, (NOT_OPEN, *(f"{WAITING}_{reason}" for reason in REASONS))

            def of(series: Series) -> Floats:
                return yearly(results, 0, series)[:, keep]

            if not number:
                self._lacking = {
                    p: float(of(Series(f"{WAITING}_{NO_SEAT}", kind, "all", p))[:, -1].mean())
                    for p in dict.fromkeys(k[1] for k in self.today)
                }
            self._tried[number] = _Tried(
                np.nan_to_num(of(Series(WAITING, kind))),
                {name: of(Series(name, kind)).mean(axis=0).tolist() for name in counted},
                {
                    p: np.nan_to_num(yearly(results, 0, Series(SPENT, f"payer:{p}"))[:, : len(reported)])
                    for p in self.scenario.region.payers
                },
            )
        return self._tried[number]

    def _weights(self) -> dict[str, float]:
        """Need -> how much of the added groups it gets: as many children lack a seat for it, without any group added."""
        if self.asked.profile is not None:
            return {self.asked.profile: 1.0}
        self._try(0)
        return {p: 0.0 if np.isnan(n) else n for p, n in self._lacking.items()}


def _moved(free: _Search, number: int, trials: Trials) -> Moved | None:
    """The assumption that moves the list most at this number of groups, and the answers at both its ends."""
    found = assumptions(free.scenario, free.asked.kind)
    if not found:
        return None
    asked = free.asked
    look = replace(trials, replications=min(trials.replications, LOOK_REPLICATIONS))
    plan = with_groups(free.scenario, asked.kind, free.more(number), asked.opens)
    ends = [plan.with_values(values) for a in found for values in (a.low, a.high)]
    results = look(ends, "assumptions")
    at = results.reported_years.index(asked.school_year)
    series = Series(WAITING, asked.kind)
    lists = [float(np.nan_to_num(yearly(results, i, series)[:, at]).mean()) for i in range(len(ends))]
    span = [abs(lists[2 * i + 1] - lists[2 * i]) for i in range(len(found))]
    first = int(np.argmax(span))
    most = found[first]
    low, high = (
        _Search(free.scenario.with_values(values), asked, look, "assumptions", free.weights) for values in (most.low, most.high)
    )  # fmt: skip
    for search in (low, high):
        search.waiting(0)
    return Moved(
        most,
        low.fewest(len(low.years) - 1),
        high.fewest(len(high.years) - 1),
        *lists[2 * first : 2 * first + 2],
    )
