"""Groups of the school year: open groups = min(rooms, funded, staffed), divided over age bands, times class size.

Also the staff pool behind them, which extra hands, programmes and help in regular schools ask from too: when the pool is
short, groups go first and the rest gets a smaller dose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.model.cells import Cell
from sim.model.laws import chance
from sim.model.world import World
from sim.record import Level
from sim.scenario.levers import apply
from sim.scenario.places import Place
from sim.scenario.units import ANY_PROFILE

HANDS_UNIT = 0.5  # FTE per group that the register's effect of extra hands is stated for
ROOMS, FUNDING, STAFF = 0, 1, 2
SHARED = 2  # a group may be shared by two age bands, half and half (combinatiegroep)
_ALMOST = 0.15  # a school takes this part of a class over the size before it asks for one more group


@dataclass
class Pool:
    """The staff pool. FTE; `usual` is what leaves and is replaced in a usual year."""

    level: float
    usual: float
    dose: float = 1.0
    moved_slots: dict[str, float] = field(default_factory=dict)


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
        self.fte = [sum(q.value for q in r.model.staff.values()) for r in world.rules]
        self.staff = next(iter(self.region.staff.values()), None)
        need = sum(self.today_groups[k] * self.fte[t] for t, keys in enumerate(self.keys) for k in keys)
        rate = self.staff.leaving.value if self.staff else 0.0
        self.pool = Pool(level=need, usual=need * chance(rate))
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
        split: float = 1.0,
    ) -> float:
        """Value of a number lever today."""
        changes = self.levers.get(path)
        if not changes:
            return base
        return float(apply(changes, base, self._date, place=place, profile=profile, split=split))

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
        self._staff(funded, new_year=new_year)
        self._crowding()
        rooms = self._rooms()
        staffed = self._staffed(funded)
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
            parts = []
            extra = 0.0
            for place, code in keys:
                here, profile = self.layout.places[place].id, self._profile(code)
                today = self.today_groups[place, code]
                part = today / total if total else 0.0
                groups = self.lever(f"{rules.id}.groups", today, place=here, profile=profile, split=part)
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
            world.discipline[t] = self.choice(f"{rules.id}.discipline", rules.model.list.discipline)
        for name in self.region.decisions:
            world.factor[f"{name}.weeks"] = self.lever(f"{name}.weeks", 1.0)
        return funded, sizes, closed

    def _staff(self, funded: dict[tuple[int, int], int], *, new_year: bool) -> None:
        """Staff leaves (more where it is crowded), is replaced and found; the rest of the asks get a dose."""
        world, region = self.world, self.region
        groups = sum(funded[k] * self.fte[t] for t, keys in enumerate(self.keys) for k in keys)
        rest = 0.0
        for t, keys in enumerate(self.keys):
            rest += self.lever(f"{world.rules[t].id}.hands", 0.0) * sum(funded[k] for k in keys)
        for name, model in region.programmes.items():
            if self.choice(f"{name}.gate", model.gate) != "none":
                fte = sum(q.value for q in model.staff.values())
                rest += self.lever(f"{name}.groups", model.groups.value) * fte
        for name, stage in region.regular.items():
            if stage.support:
                more = (
                    self.lever(f"{name}.support_slots", stage.support.slots.value) - stage.support.slots.value
                )
                rest += max(0.0, more) * sum(q.value for q in stage.support.staff.values())
        self._move_to_regular(funded)
        pool = self.pool
        asked = groups + rest
        if self.staff is None or not world.on.staff:
            pool.level, pool.dose = asked, 1.0
        elif new_year:
            crowd = self._crowd_on_staff()
            leaves = pool.level * chance(self.staff.leaving.value * crowd)
            found = min(max(0.0, asked - (pool.level - leaves)), pool.usual + self.staff.hire.value)
            pool.level = min(pool.level - leaves + found, max(asked, pool.level - leaves))
        pool.dose = 1.0 if rest <= 0 else min(1.0, max(0.0, (pool.level - groups) / rest))
        now = world.env.now
        if self.staff is not None:
            world.log.level(now, Level.STAFF_PRESENT, pool.level)
            world.log.level(now, Level.STAFF_ASKED, asked)
            world.log.level(now, Level.DOSE, pool.dose)
            world.log.level(now, Level.STAFF_EXTRA, rest * pool.dose)

    def _crowding(self) -> None:
        """Dose of crowding per type: children per group above today's, less where extra hands were found."""
        world = self.world
        for r in world.rules:
            hands = self.lever(f"{r.id}.hands", 0.0) * self.pool.dose
            relief = world.effects.ratio("crowding", r.id, {"hands": hands / HANDS_UNIT})
            world.crowd[r.index] = self._extra[r.index] * relief if world.on.crowding else 0.0

    def _crowd_on_staff(self) -> float:
        world = self.world
        weights = [self.fte[t] * sum(self.today_groups[k] for k in keys) for t, keys in enumerate(self.keys)]
        total = sum(weights)
        ratios = [
            world.effects.ratio("staff_leaving", r.id, {"class_size": world.crowd[r.index]})
            for r in world.rules
        ]
        return sum(w * x for w, x in zip(weights, ratios, strict=True)) / total if total else 1.0

    def _move_to_regular(self, funded: dict[tuple[int, int], int]) -> None:
        """Staff of groups that ran empty may go and help in the regular stage where the children stay."""
        slots: dict[str, float] = {}
        for t, keys in enumerate(self.keys):
            rules = self.world.rules[t]
            stage = rules.model.included_in
            share = self.lever(f"{rules.id}.staff_to_regular", 0.0)
            support = self.region.regular[stage].support if stage else None
            if stage and support and share > 0:
                freed = sum(max(0.0, self.today_groups[k] - funded[k]) for k in keys) * self.fte[t]
                per_slot = sum(q.value for q in support.staff.values())
                slots[stage] = slots.get(stage, 0.0) + share * freed / max(per_slot, 1e-9)
        self.pool.moved_slots = slots

    def help_slots(self) -> dict[str, float]:
        """Places for help per regular stage, this year: today's, those of levers (at the dose), and moved staff."""
        slots = {}
        for name, stage in self.region.regular.items():
            if stage.support:
                today = stage.support.slots.value
                more = self.lever(f"{name}.support_slots", today) - today
                slots[name] = (
                    today
                    + (more * self.pool.dose if more > 0 else more)
                    + self.pool.moved_slots.get(name, 0.0)
                )
        return slots

    def _rooms(self) -> dict[int, float]:
        """Rooms per place (infinite where the region names none)."""
        rooms = {}
        for t, keys in enumerate(self.keys):
            rules = self.world.rules[t]
            total = sum(self.today_groups[k] for k in keys)
            for place in rules.places:
                known = self._place(place).rooms
                part = sum(self.today_groups[k] for k in keys if k[0] == place) / total if total else 0.0
                here = self.layout.places[place].id
                rooms[place] = (
                    self.lever(f"{rules.id}.rooms", known.value, place=here, split=part)
                    if known
                    else math.inf
                )
        return rooms

    def _staffed(self, funded: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
        """Groups with a teacher. When the pool is short, groups with most empty seats close first."""
        staffed = dict(funded)
        short = (
            sum(funded[k] * self.fte[t] for t, keys in enumerate(self.keys) for k in keys) - self.pool.level
        )
        if short <= 1e-9:
            return staffed
        room = {
            k: sum(c.seats - c.present for c in self.world.cells_of[t] if (c.place, c.profile) == k)
            for t, keys in enumerate(self.keys) for k in keys if self.fte[t] > 0
        }  # fmt: skip
        fte = {k: self.fte[t] for t, keys in enumerate(self.keys) for k in keys}
        while short > 1e-9:
            key = max((k for k in room if staffed[k] > 0), key=lambda k: (room[k], k), default=None)
            if key is None:
                break
            if fte[key] / 2 > short:
                break
            staffed[key] -= 1
            room[key] -= self.today_size[key]
            short -= fte[key]
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
            for cell in world.cells_of[t]:
                if (cell.place, cell.profile) == key:
                    cell.open = key not in closed

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
