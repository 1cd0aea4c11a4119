"""Groups of the school year: open groups = min(rooms, funded, staffed), divided over age bands, times class size.

Also what larger and closed groups lead to: crowding, incidents, and children sent home. `staff.py` says who there is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import timedelta

from sim.model.cells import Cell
from sim.model.pool import NOTHING_LEFT
from sim.model.staff import Staff
from sim.model.world import World
from sim.record import Level
from sim.scenario.levers import Where, apply, split_over
from sim.scenario.places import Place
from sim.scenario.units import ANY_PROFILE

HANDS_UNIT = 0.5  # FTE per group that the register's effect of extra hands is stated for
ROOMS, FUNDING, STAFF = 0, 1, 2
SCHOOL_WEEK = 5  # school days
TODAY = 100.0  # the index of incidents on day 0
MOST_INCIDENTS = 5.0  # times those of day 0: nobody knows what a group is like beyond that
SHARED = 2  # a group may be shared by two age bands, half and half (combinatiegroep)
_ALMOST = 0.15  # a school takes this part of a class over the size before it asks for one more group


def divide(groups: int, size: float, present: list[int], waiting: list[int]) -> list[int]:
    """Divide a school's (half) groups of one profile over its age bands, to fit enrolment and list.

    Bands first get what their children need; what is left goes, one by one, where most children have no seat yet. When
    the children do not fit, groups follow the number of children (largest remainder).
    """
    need = [math.ceil(max(0.0, p / size - _ALMOST)) for p in present]
    if sum(need) > groups:
        total = sum(present)
        exact = [groups * p / total for p in present]
        need = [int(x) for x in exact]
        order = sorted(range(len(need)), key=lambda b: (need[b] - exact[b], b))
        for b in order[: groups - sum(need)]:
            need[b] += 1
        return need
    for _ in range(groups - sum(need)):
        unmet = [p + w - g * size for p, w, g in zip(present, waiting, need, strict=True)]
        need[unmet.index(max(unmet))] += 1
    return need


def round_to_total(parts: list[float]) -> list[int]:
    """Whole numbers near the parts that add up to their rounded total (largest remainder)."""
    total = int(sum(parts) + 0.5)
    whole = [int(x + 1e-9) for x in parts]
    order = sorted(range(len(parts)), key=lambda i: (whole[i] - parts[i], i))
    for i in order[: max(0, total - sum(whole))]:
        whole[i] += 1
    return whole


class Groups:
    """Everything that decides how many seats a cell has."""

    def __init__(self, world: World) -> None:
        """Read what is funded, housed and staffed today."""
        self.world = world
        self.region, self.layout = world.region, world.layout
        self.levers = world.layout.scenario.levers
        self._extra = [0.0] * len(world.rules)
        self._opened: dict[tuple[int, int], int] = {}
        self._sizes: dict[tuple[int, int], float] = {}
        self._bands: dict[tuple[int, int], list[int]] = {}
        self.keys = [
            [
                (place, c.profile)
                for place in r.places
                for c in world.cells
                if c.place == place and c.band == 0
            ]
            for r in world.rules
        ]
        self.today_groups = {
            (place, profile): self._place(place).groups[self._profile(profile)].value
            if self._profile(profile) in self._place(place).groups else 0.0
            for keys in self.keys for place, profile in keys
        }  # fmt: skip
        self.today_size = {
            (place, profile): (self._place(place).class_size or world.rules[t].model.class_size).value  # type: ignore[union-attr]
            if (self._place(place).class_size or world.rules[t].model.class_size) else 1.0
            for t, keys in enumerate(self.keys) for place, profile in keys
        }  # fmt: skip
        self.staff = Staff(world, self._per_type(self.today_groups), self.lever, self.choice)
        world.choice_weights = {
            k: self.today_groups[k] * self.today_size[k] for keys in self.keys for k in keys
        }

    def _place(self, place: int) -> Place:
        return self.region.places[self.layout.places[place].id]

    def _profile(self, code: int) -> str:
        return self.layout.profiles[code] if code >= 0 else ANY_PROFILE

    def lever(
        self,
        path: str,
        base: float,
        *,
        place: str | None = None,
        profile: str | None = None,
        district: str | None = None,
        split: Callable[[Where], float] | None = None,
    ) -> float:
        """Value of a number lever today."""
        changes = self.levers.get(path)
        if not changes:
            return base
        where = {"place": place, "profile": profile, "district": district}
        return float(apply(changes, base, self._date, **where, split=split))

    def choice(self, path: str, base: str) -> str:
        """Value of a choice lever today."""
        changes = self.levers.get(path)
        return str(apply(changes, base, self._date)) if changes else base

    def update(self, *, new_year: bool) -> None:
        """Phases "staff" and "groups": who there is, which groups open, and their seats."""
        world, layout = self.world, self.layout
        now = world.env.now
        self._date = layout.date_of(now)
        funded, sizes, closed = self._wanted()
        emptied = {k: max(0.0, self.today_groups[k] - n) for k, n in funded.items()}
        self.staff.update(self._per_type(funded), self._per_type(emptied), self._date, new_year=new_year)
        rooms = self._rooms()
        staffed = self._staffed(funded)
        self.staff.share(self._per_type(staffed))
        self.staff.record(new_year=new_year)
        self._crowding(funded, staffed, sizes)
        for t, keys in enumerate(self.keys):
            rules = world.rules[t]
            if rules.model.seats == "unlimited":
                for cell in world.cells_of[t]:
                    cell.seats = math.inf
                    cell.open = (cell.place, cell.profile) not in closed
                continue
            for place in rules.places:
                mine = [k for k in keys if k[0] == place]
                self._open(t, place, mine, funded, sizes, rooms, staffed, closed)

    def _wanted(
        self,
    ) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], float], set[tuple[int, int]]]:
        """Funded groups, class size and closure per place and profile; list order per type."""
        world = self.world
        funded: dict[tuple[int, int], int] = {}
        sizes: dict[tuple[int, int], float] = {}
        closed: set[tuple[int, int]] = set()
        for t, keys in enumerate(self.keys):
            rules = world.rules[t]
            total = sum(self.today_groups[k] for k in keys)
            today_of = {
                (self.layout.places[p].id, self._profile(c)): self.today_groups[p, c] for p, c in keys
            }
            parts = []
            extra = 0.0
            for place, code in keys:
                here, profile = self.layout.places[place].id, self._profile(code)
                today = self.today_groups[place, code]
                split = split_over(today_of, (here, profile))
                groups = self.lever(f"{rules.id}.groups", today, place=here, profile=profile, split=split)
                parts.append(max(0.0, groups))
                base = self.today_size[place, code]
                size = self.lever(f"{rules.id}.class_size", base, place=here, profile=profile)
                sizes[place, code] = max(1e-9, size)
                extra += today * (size - self.today_size[place, code])
                if self.lever(f"{rules.id}.intake", 1.0, place=here, profile=profile) < 0.5:
                    closed.add((place, code))
            for key, n in zip(keys, round_to_total(parts), strict=True):
                funded[key] = n
                if key in closed:
                    present = sum(c.present for c in world.cells_of[t] if (c.place, c.profile) == key)
                    funded[key] = min(n, math.ceil(present / sizes[key]))
            self._extra[t] = extra / total if total else 0.0
        return funded, sizes, closed

    def _per_type(self, groups: Mapping[tuple[int, int], float]) -> list[float]:
        """Groups per special type."""
        return [sum(groups[k] for k in keys) for keys in self.keys]

    def _crowding(
        self, funded: dict[tuple[int, int], int], staffed: dict[tuple[int, int], int],
        sizes: dict[tuple[int, int], float],
    ) -> None:  # fmt: skip
        """Children per group above today's, and what they bring: incidents, staff that leaves, children sent home.

        The dose is less where extra hands were found, and more where children of groups that closed for lack of staff sit
        in the groups that are left.
        """
        world, effects = self.world, self.world.effects
        now = world.env.now
        seats = [sum(staffed[k] * sizes[k] for k in keys) for keys in self.keys]
        indices = []
        for r, keys in zip(world.rules, self.keys, strict=True):
            hands = self.lever(f"{r.id}.hands", 0.0) * self.staff.hands_dose(r.index)
            relief = effects.ratio("crowding", r.id, {"hands": hands / HANDS_UNIT})
            more = self._extra[r.index]
            left, seated = sum(staffed[k] for k in keys), seats[r.index]
            if 0 < left < sum(funded[k] for k in keys):
                no_seat = sum(c.present for c in world.cells_of[r.index]) - seated
                more += min(max(0.0, no_seat), seated) / left  # a group takes in at most as many again
            crowd = world.crowd[r.index] = more * relief if world.on.crowding else 0.0
            doses = {"class_size": crowd, "workload": crowd}
            reached = world.approaches.city("incidents", r.id)
            incidents = min(MOST_INCIDENTS, effects.ratio("incidents", r.id, doses) * reached)
            self.staff.doses[r.index] = {**doses, "incidents": incidents - 1.0}
            indices.append(TODAY * incidents)
            if r.model.seats == "groups":
                world.log.level(now, Level.INCIDENTS, indices[-1], type=r.index)
        if sum(seats):
            mean = sum(i * n for i, n in zip(indices, seats, strict=True)) / sum(seats)
            world.log.level(now, Level.INCIDENTS, mean)
        if world.on.sent_home:
            self._sent_home(self._per_type(staffed))

    def _sent_home(self, groups: list[float]) -> None:
        """School weeks per year that a child misses because its group has no teacher on a day."""
        world = self.world
        for r, n, unfilled in zip(world.rules, groups, self.staff.unfilled(groups), strict=True):
            days = {
                name: pool.model.sent_home_days.value
                for name, pool in self.staff.pools.items()
                if name in unfilled and pool.model.sent_home_days
            }
            if days and n:
                weeks = sum(unfilled[name] * d for name, d in days.items()) / n / SCHOOL_WEEK
                reached = world.approaches.city("sent_home", r.id)
                world.log.level(world.env.now, Level.SENT_HOME, weeks * reached, type=r.index)

    def help_slots(self) -> dict[str, float]:
        """Places for help per regular stage, this year: as far as their staff is there, with the staff that moved along."""
        slots = {}
        for name, stage in self.region.regular.items():
            if stage.support:
                today = stage.support.slots.value
                wanted = self.lever(f"{name}.support_slots", today)
                given = self.staff.given(today, wanted, stage.support.staff)
                slots[name] = given + self.staff.moved.get(name, 0.0)
        return slots

    def school_doses(self, stage: str) -> dict[str, float]:
        """Doses of closing small regular schools of a stage: share closed so far, and share closed in the past year."""
        schools = self.region.regular[stage].schools
        changes = self.levers.get(f"{stage}.schools_closed")
        if not schools or not schools.value or not changes or not self.world.on.school_closure:
            return {}
        now, before = (
            float(apply(changes, 0.0, day)) / schools.value
            for day in (self._date, self._date - timedelta(days=365))
        )
        return {"schools_closed": now, "schools_moved": max(0.0, now - before)}

    def _rooms(self) -> dict[int, float]:
        """Rooms per place (infinite where the region names none)."""
        rooms = {}
        for t, keys in enumerate(self.keys):
            rules = self.world.rules[t]
            today_of = {
                (self.layout.places[p].id, None): sum((self.today_groups[k] for k in keys if k[0] == p), 0.0)
                for p in rules.places
            }
            for place in rules.places:
                known = self._place(place).rooms
                here = self.layout.places[place].id
                rooms[place] = (
                    self.lever(
                        f"{rules.id}.rooms", known.value, place=here, split=split_over(today_of, (here, None))
                    )
                    if known
                    else math.inf
                )
        return rooms

    def _staffed(self, funded: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
        """Groups with their staff. When a pool is short, groups that ask from it close, those with most empty seats first."""
        staffed = dict(funded)
        asked = self.staff.of_groups(self._per_type(funded))
        short = {name: asked[name] - pool.present for name, pool in self.staff.pools.items()}
        if not self.world.on.staff or all(fte <= NOTHING_LEFT for fte in short.values()):
            return staffed
        room = {
            k: sum(c.seats - c.present for c in self.world.cells_of[t] if (c.place, c.profile) == k)
            for t, keys in enumerate(self.keys) for k in keys
        }  # fmt: skip
        for name in self.staff.pools:
            fte = {
                k: r.model.staff[name].value
                for r, keys in zip(self.world.rules, self.keys, strict=True) if name in r.model.staff
                for k in keys if r.model.staff[name].value > 0
            }  # fmt: skip
            while short[name] > NOTHING_LEFT:
                key = max((k for k in fte if staffed[k] > 0), key=lambda k: (room[k], k), default=None)
                if key is None or fte[key] / 2 > short[name]:
                    break
                staffed[key] -= 1
                room[key] -= self.today_size[key]
                type_ = next(t for t, keys in enumerate(self.keys) if key in keys)
                for pool, q in self.world.rules[type_].model.staff.items():
                    short[pool] -= q.value
        return staffed

    def _open(
        self, t: int, place: int, keys: list[tuple[int, int]], funded: dict[tuple[int, int], int],
        sizes: dict[tuple[int, int], float], rooms: dict[int, float], staffed: dict[tuple[int, int], int],
        closed: set[tuple[int, int]],
    ) -> None:  # fmt: skip
        world, log, now = self.world, self.world.log, self.world.env.now
        limits = (
            math.floor(rooms[place] + 1e-9) if rooms[place] != math.inf else math.inf,
            sum(funded[k] for k in keys),
            sum(staffed[k] for k in keys),
        )
        opened = min(limits)
        left = int(opened) if opened != math.inf else sum(funded[k] for k in keys)
        binds = (
            STAFF
            if limits[2] < limits[1] and limits[2] <= limits[0]
            else ROOMS
            if limits[0] < limits[1]
            else FUNDING
        )
        log.level(now, Level.BINDS, binds, type=t, place=place)
        log.level(now, Level.FUNDED, limits[1], type=t, place=place)
        shares = [min(staffed[k], funded[k]) for k in keys]
        if sum(shares) > left:
            shares = round_to_total([s * left / sum(shares) for s in shares])
        for key, n in zip(keys, shares, strict=True):
            self._opened[key], self._sizes[key] = n, sizes[key]
            if self.today_groups[key] == 0:  # a school that is new: chosen as far as it has seats
                world.choice_weights[key] = n * sizes[key]
            for cell in world.cells_of[t]:
                if (cell.place, cell.profile) == key:
                    cell.open = key not in closed and (n > 0 or self.today_groups[key] > 0)

    def regroup(self, types: list[int] | None = None) -> None:
        """Divide each school's groups again over age bands, within its profiles, to fit enrolment and list."""
        world = self.world
        now = world.env.now
        for t, keys in enumerate(self.keys):
            if world.rules[t].model.seats == "unlimited" or (types is not None and t not in types):
                continue
            for key in keys:
                cells = [c for c in world.cells_of[t] if (c.place, c.profile) == key]
                n = self._opened[key]
                size = self._sizes[key]
                bands = self._divide(t, key, n, size, cells)
                for cell, g, s in zip(cells, bands, round_to_total([g * size for g in bands]), strict=True):
                    cell.seats = s
                    self.world.log.level(now, Level.SEATS, s, type=t, place=key[0], cell=cell.index)
                    self.world.log.level(now, Level.GROUPS, g, type=t, place=key[0], cell=cell.index)

    def _divide(self, t: int, key: tuple[int, int], n: int, size: float, cells: list[Cell]) -> list[float]:
        world = self.world
        if len(cells) == 1:
            return [float(n)]
        again = world.rules[t].model.regroup and world.on.regrouping
        old = self._bands.get(key)
        halves = size / SHARED
        if again or old is None:
            waiting = [sum(1 for e in c.own if e[5].token == e[4]) for c in cells]
            new = divide(n * SHARED, halves, [c.present for c in cells], waiting)
        else:
            new = list(old)
            while sum(new) != n * SHARED:
                more = sum(new) < n * SHARED
                new[new.index(min(new) if more else max(new))] += 1 if more else -1
        self._bands[key] = new
        return [g / SHARED for g in new]
