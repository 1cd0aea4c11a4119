"""What happened: one columnar record per replication, rich enough that every indicator is a query on it.

A real register (pupils, visits, offers) could be loaded into the same shape. Times are float days since day 0, which is
1 August of the region's start year; NaN means "not (yet)". The horizon is half-open: nothing happens at `end` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Table = dict[str, NDArray[np.generic]]


class Kind(IntEnum):
    """What a child was doing during a visit (closed set)."""

    WAIT = 0  # on a list, never placed from it (left the list, or still waiting at the end)
    STAY = 1  # had a seat in a place of role special; `listed` to `placed` is the wait that came before
    SUPPORT = 2  # in a regular school with help, or in a programme (see the role of the place)
    DECISION = 3  # request made (`listed`) until decided (`left`), or a team's meeting, or money (see the role of the place);
    # destination = type asked for
    ABSENCE = 4  # at home (place of role home)


class Why(IntEnum):
    """Why a visit ended (closed set)."""

    OPEN = 0  # not ended within the horizon
    DONE = 1  # stay finished by its own law
    MOVED_ON = 2  # to another type: see destination (transition at the end of a stage)
    STEP_UP = 3
    STEP_DOWN = 4
    BACK = 5  # back to a regular school
    LEFT = 6  # left education, or past the age limit with nowhere to go
    MOVED_AWAY = 7  # left the region
    GAVE_UP = 8  # parents stopped waiting
    TURNED_AWAY = 9  # list full
    RESOLVED = 10  # help was enough, no referral
    REFERRED = 11  # help was not enough: a request follows
    GRANTED = 12
    REFUSED = 13
    RETURNED = 14  # an absence ended
    AGED_OUT = 15  # too old for the type while waiting
    FAILED = 20  # the start failed: on the list again
    EXEMPTED = 21  # freed from compulsory education by law


class Level(IntEnum):
    """What a row of `levels` measures."""

    SEATS = 0  # seats of a cell
    GROUPS = 1  # open groups of a cell
    BINDS = 2  # which limit binds at a place: 0 rooms, 1 funding, 2 staff
    STAFF_PRESENT = 3  # FTE in the pool
    STAFF_ASKED = 4  # FTE asked
    FUNDED = 5  # groups that are funded at a place
    HELP_SLOTS = 6  # places for help in a regular stage
    HELP_ASKED = 7  # children who ask for help there
    POPULATION = 8  # children of a regular stage in a district (not simulated one by one)
    DOSE = 9  # share of the staff that was asked above day 0, beside groups, and is there; without a type: of all pools
    SICK = 20  # share of the time of a pool lost through illness; without a type: of all pools of which it is known
    LEFT = 21  # FTE of a pool that left at the last 1 August
    INCIDENTS = 22  # incidents in a usual group of a type, 100 = day 0; without a type: the mean by seats
    SENT_HOME = 23  # school weeks per year that a child of a type misses because its group was sent home
    HELD = 30  # children in a programme whose time is up and who wait there for the place that follows
    TRANSPORT = 70  # ratio on the prices of rides to a type, compared with day 0
    REACH = 71  # share of the children it is meant for that an approach reaches (type code of the approach)
    STAFF_EXTRA = 80  # FTE of a pool at work above day 0 beside the groups: programmes, hands, help, approaches, moved along


@dataclass(frozen=True)
class PlaceInfo:
    """One place of the record: a school, a regular stage, a decision, a programme, a stock at home, a staff pool.

    Attributes:
        tags: Labels; a stock at home may be `has_place` or `exempt`.
        attends: Share of school time that counts as education here (0 at home, unless part of the time is agreed).
        district: Code of the district in which a school lies; -1 = none.
    """

    id: str
    type: str
    role: str
    tags: tuple[str, ...] = ()
    attends: float = 1.0
    district: int = -1


@dataclass(frozen=True)
class Cell:
    """A kind of group at one place: place x profile x age band. Seats are counted per cell."""

    place: int
    profile: int
    band: int


@dataclass(frozen=True)
class PayerInfo:
    """A budget from which is paid, and its organisation ("" = it stands alone)."""

    id: str
    organisation: str = ""


@dataclass(frozen=True)
class PriceInfo:
    """What one unit costs per year: `per` says what is counted, `of` of which types, pools or approaches.

    Attributes:
        amount: Euros per unit per year; below zero = income of the payer.
        share: Share of the units for which it is paid.
        above_today: Only what is above the number of day 0, place by place.
    """

    payer: str
    purpose: str
    per: str
    of: tuple[str, ...]
    amount: float
    profiles: tuple[str, ...] = ()
    share: float = 1.0
    above_today: bool = False


@dataclass(frozen=True)
class OnceInfo:
    """Euros spent on one day (below zero: freed)."""

    day: float
    payer: str
    purpose: str
    amount: float


@dataclass(frozen=True)
class Record:
    """One replication of one scenario.

    Attributes:
        scenario: Scenario id.
        seed, replication: Which futures.
        start: Date of day 0.
        end: Horizon in days (half-open).
        replay_years: First school years, which are checked and not reported as a forecast.
        count_dates: Month-days on which stocks are counted.
        school_weeks: School weeks in a year (missed weeks are counted in school weeks).
        types: Type ids: special types, regular stages, home stocks, decisions, programmes, pools, teams, agreements on
            money, exits (index = `type` code).
        places: Index = `place` code; `place_type[place]` gives the type code.
        cells: Index = `cell` code (-1 = none).
        bands: Age bands of each special type (index = type code; () = one band); ages are ages on `age_date`.
        districts, profiles: Index = code (-1 = none); codes in `origins` are sources ("start" = present at the start).
        pupils: key(u64), birth(f8, day of birth), district(i2), profile(i2), origin(i2), signalled(f8).
        visits: pupil(i4), kind(i1), place(i2), type(i2), cell(i4), profile(i2), signalled, listed, ready, placed,
            left(f8), why(i1), destination(i2, type code or -1). `place` is -1 for a wait at no particular school.
            signalled = first signal of this episode; listed = on the list (decision given); ready = earliest start
            (a child whose ready lies ahead waits for an agreed start); placed = start of stay/support/absence. In a
            programme with a perspective, ready = day on which it was known where the child goes.
        offers: time, pupil, place, accepted(bool), first(bool: the child's first choice); of types where an offer can be
            refused.
        states: time, pupil, attendance(share), support(0/1), need(level), written on change.
        levels: time, what(i1, `Level`), type(i2), place(i2), cell(i4), district(i2), value(f8), written on change.
        events: Kernel events of SimPy; `inspections`: waiting-list entries looked at.
        switched_on: Mechanisms that ran.
        payers, purposes: From which budgets, and what for, money is spent.
        prices: What a year of each thing costs; `once`: what is spent on one day.
    """

    scenario: str
    seed: int
    replication: int
    start: date
    end: float
    replay_years: int
    count_dates: tuple[str, ...]
    school_weeks: int
    types: tuple[str, ...]
    roles: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]
    places: tuple[PlaceInfo, ...]
    cells: tuple[Cell, ...]
    bands: tuple[tuple[tuple[int, int], ...], ...]
    age_date: str
    districts: tuple[str, ...]
    profiles: tuple[str, ...]
    origins: tuple[str, ...]
    pupils: Table
    visits: Table
    offers: Table
    states: Table
    levels: Table
    events: int
    inspections: int
    switched_on: tuple[str, ...]
    payers: tuple[PayerInfo, ...] = ()
    purposes: tuple[str, ...] = ()
    prices: tuple[PriceInfo, ...] = ()
    once: tuple[OnceInfo, ...] = ()

    @cached_property
    def year_starts(self) -> NDArray[np.float64]:
        """Day of each 1 August from day 0 up to and including the end."""
        days, year = [], self.start.year
        while (day := (date(year, 8, 1) - self.start).days) <= self.end:
            days.append(float(day))
            year += 1
        return np.array(days)

    @property
    def school_years(self) -> tuple[str, ...]:
        """Names of the simulated school years ("2026-2027")."""
        first = self.start.year
        return tuple(f"{first + i}-{first + i + 1}" for i in range(len(self.year_starts) - 1))

    def count_days(self, month_day: str) -> NDArray[np.float64]:
        """Day of one count date in each simulated school year."""
        month, day = (int(part) for part in month_day.split("-"))
        first = self.start.year
        return np.array(
            [
                float((date(first + i + (month < 8), month, day) - self.start).days)
                for i in range(len(self.year_starts) - 1)
            ]
        )

    def cells_on(self, day: float, visit: NDArray[np.intp] | None = None) -> NDArray[np.int64]:
        """Cell of each visit on a day (-1 = none): children go on to the groups of their age each 1 August.

        The `cell` of a visit is the one in which it ended; on an earlier day the child was in the band of its age then.

        Args:
            day: Day of the school year that is meant.
            visit: Indices of the visits asked for; None = all.
        """
        rows = np.arange(len(self.visits["cell"])) if visit is None else visit
        cell = self.visits["cell"][rows].astype(np.int64)
        year = int(np.searchsorted(self.year_starts, day, side="right")) - 1
        age_day = self.count_days(self.age_date)[min(max(year, 0), len(self.year_starts) - 2)]
        age = (age_day - self.pupils["birth"][self.visits["pupil"][rows]]) // 365.25
        for code, bands in enumerate(self.bands):
            if len(bands) < 2:
                continue
            mine = np.flatnonzero((self.visits["type"][rows] == code) & (cell >= 0))
            lows = np.array([low for low, _ in bands])
            band = np.clip(np.searchsorted(lows, age[mine], side="right") - 1, 0, len(bands) - 1)
            cell[mine] = self._of_band[cell[mine], band]
        return cell

    @cached_property
    def _of_band(self) -> NDArray[np.int64]:
        """Cell x age band -> the cell of that band at the same place, for the same profile."""
        index = {(c.place, c.profile, c.band): i for i, c in enumerate(self.cells)}
        most = max((len(bands) for bands in self.bands), default=1)
        return np.array(
            [[index.get((c.place, c.profile, b), i) for b in range(most)] for i, c in enumerate(self.cells)],
            dtype=np.int64,
        )

    def date_of(self, day: float) -> date:
        """Calendar date of a day."""
        return self.start + timedelta(days=int(day // 1))
