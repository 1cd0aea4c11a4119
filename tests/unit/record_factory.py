"""Makes records by hand, for tests of indicators (and of anything else that reads a record).

`Factory` writes one child or visit at a time,
with names instead of codes. `synthetic` makes a large random record
with the shape of a real one, for tests of speed and for properties that must hold on every record.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from sim.record import Cell, Kind, Level, OnceInfo, PayerInfo, PlaceInfo, PriceInfo, Record, Why

NAN = math.nan
# name -> (role, tags)
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "alpha": ("special", ("special", "young")),
    "beta": ("special", ("special", "young")),
    "gamma": ("special", ("special", "old")),
    "lower": ("regular", ("young",)),
    "upper": ("regular", ("old",)),
    "no_place": ("home", ()),
    "ill": ("home", ("has_place",)),
    "new": ("home", ()),
    "board": ("decision", ()),
    "course": ("programme", ()),
    "panel": ("team", ()),
    "purse": ("money", ()),
    "work": ("exit", ()),
}
PUPIL = {"key": "u8", "birth": "f8", "district": "i2", "profile": "i2", "origin": "i2", "signalled": "f8"}
VISIT = {
    "pupil": "i4", "kind": "i1", "place": "i2", "type": "i2", "cell": "i4", "profile": "i2",
    "signalled": "f8",
    "listed": "f8", "ready": "f8", "placed": "f8", "left": "f8", "why": "i1", "destination": "i2",
}  # fmt: skip
OFFER = {"time": "f8", "pupil": "i4", "place": "i2", "accepted": "?", "first": "?"}
STATE = {"time": "f8", "pupil": "i4", "attendance": "f8", "support": "f8", "need": "f8"}
LEVEL = {
    "time": "f8", "what": "i1", "type": "i2", "place": "i2", "cell": "i4", "district": "i2", "value": "f8",
}  # fmt: skip


def table(rows: list[dict[str, Any]], columns: dict[str, str]) -> dict[str, np.ndarray]:
    return {name: np.array([row[name] for row in rows], dtype=kind) for name, kind in columns.items()}


@dataclass
class Factory:
    """A record under construction. Day 0 is 1 August of `start`; each type has one place, named after it."""

    years: int = 4
    start: date = date(2020, 8, 1)
    types: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=lambda: dict(TYPES))
    districts: tuple[str, ...] = ("north", "south")
    profiles: tuple[str, ...] = ("p", "q")
    school_weeks: int = 40
    bands: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    pupils: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    levels: list[dict[str, Any]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    payers: tuple[PayerInfo, ...] = ()
    purposes: tuple[str, ...] = ()
    prices: list[PriceInfo] = field(default_factory=list)
    once: list[OnceInfo] = field(default_factory=list)
    attends: dict[str, float] = field(default_factory=dict)
    offers: list[dict[str, Any]] = field(default_factory=list)
    lies: dict[str, str] = field(default_factory=dict)  # place -> district

    @property
    def end(self) -> float:
        return float((date(self.start.year + self.years, 8, 1) - self.start).days)

    def day(self, year: int, month: int, day: int) -> float:
        return float((date(year, month, day) - self.start).days)

    def code(self, name: str | None) -> int:
        return -1 if name is None else list(self.types).index(name)

    def pupil(self, district: str | None = "north", profile: str | None = "p", birth: float = -2000.0) -> int:
        """A new child; returns its index."""
        self.pupils.append(
            {
                "key": len(self.pupils),
                "birth": birth,
                "district": -1 if district is None else self.districts.index(district),
                "profile": -1 if profile is None else self.profiles.index(profile),
                "origin": 0,
                "signalled": NAN,
            }
        )
        return len(self.pupils) - 1

    def visit(self, kind: Kind, pupil: int, name: str, **columns: Any) -> None:
        """A visit at the place named after the type. `why` and `destination` may be names or codes."""
        destination = columns.pop("destination", None)
        row = {
            "pupil": pupil, "kind": kind, "place": self.code(name), "type": self.code(name), "cell": -1,
            "profile": self.pupils[pupil]["profile"], "signalled": NAN, "listed": NAN, "ready": NAN,
            "placed": NAN,
            "left": NAN, "why": Why.OPEN, "destination": self.code(destination),
        }  # fmt: skip
        self.visits.append(row | columns)

    def wait(
        self, pupil: int, name: str, listed: float, left: float = NAN, why: Why = Why.OPEN, **more: Any
    ) -> None:
        more = {"signalled": listed, "ready": listed} | more
        self.visit(Kind.WAIT, pupil, name, listed=listed, left=left, why=why, **more)

    def stay(
        self, pupil: int, name: str, placed: float, left: float = NAN, why: Why = Why.OPEN,
        listed: float = NAN,
        **more: Any,
    ) -> None:  # fmt: skip
        listed = placed if math.isnan(listed) else listed
        more = {"signalled": listed, "ready": listed} | more
        self.visit(Kind.STAY, pupil, name, listed=listed, placed=placed, left=left, why=why, **more)

    def absence(self, pupil: int, name: str, placed: float, left: float = NAN) -> None:
        self.visit(
            Kind.ABSENCE, pupil, name, signalled=placed, listed=placed, ready=placed, placed=placed,
            left=left,
            why=Why.OPEN if math.isnan(left) else Why.RETURNED,
        )  # fmt: skip

    def help(
        self, pupil: int, name: str, placed: float, left: float = NAN, why: Why = Why.OPEN, **more: Any
    ) -> None:
        more = {"signalled": placed, "listed": placed, "ready": placed} | more
        self.visit(Kind.SUPPORT, pupil, name, placed=placed, left=left, why=why, **more)

    def decision(
        self, pupil: int, asked_for: str, made: float, left: float = NAN, why: Why = Why.OPEN, **more: Any
    ) -> None:
        more = {"signalled": made, "ready": made, "placed": made} | more
        self.visit(
            Kind.DECISION, pupil, "board", listed=made, left=left, why=why, destination=asked_for, **more
        )

    def offer(self, pupil: int, name: str, time: float, *, accepted: bool, first: bool = True) -> None:
        place = self.code(name)
        self.offers.append(
            {"time": time, "pupil": pupil, "place": place, "accepted": accepted, "first": first}
        )

    def cell(self, name: str, profile: str = "p", band: int = 0) -> int:
        """A new cell at the place of a type; returns its code."""
        self.cells.append(Cell(self.code(name), self.profiles.index(profile), band))
        return len(self.cells) - 1

    def level(
        self, what: Level, value: float, time: float = 0.0, type: str | None = None, place: str | None = None,
        cell: int = -1, district: str | None = None,
    ) -> None:  # fmt: skip
        self.levels.append(
            {
                "time": time, "what": what, "type": self.code(type), "place": self.code(place), "cell": cell,
                "district": -1 if district is None else self.districts.index(district), "value": value,
            }
        )  # fmt: skip

    def record(self) -> Record:
        return Record(
            scenario="by-hand", seed=1, replication=0, start=self.start, end=self.end, replay_years=0,
            count_dates=("10-01", "02-01"), school_weeks=self.school_weeks, types=tuple(self.types),
            roles=tuple(role for role, _ in self.types.values()),
            tags=tuple(tags for _, tags in self.types.values()),
            places=tuple(
                PlaceInfo(
                    k, k, role, tags, self.attends.get(k, 0.0 if role == "home" else 1.0),
                    self.districts.index(self.lies[k]) if k in self.lies else -1,
                )
                for k, (role, tags) in self.types.items()
            ),
            cells=tuple(self.cells),
            bands=tuple(self.bands.get(name, ()) for name in self.types),
            age_date="10-01", districts=self.districts, profiles=self.profiles, origins=("signals", "start"),
            pupils=table(self.pupils, PUPIL), visits=table(self.visits, VISIT), offers=table(self.offers, OFFER),
            states=table([], STATE), levels=table(self.levels, LEVEL), events=0, inspections=0,
            switched_on=(), payers=self.payers, purposes=self.purposes, prices=tuple(self.prices),
            once=tuple(self.once),
        )  # fmt: skip


def look_up(
    frame: Any,
    indicator: str,
    year: int = 0,
    place_type: str = "all",
    district: str = "all",
    profile: str = "all",
) -> float | None:
    """Value of one cell of a table of indicators; None when the table has no such row."""
    name = f"{2020 + year}-{2021 + year}"
    row = frame[
        (frame.indicator == indicator) & (frame.school_year == name) & (frame.place_type == place_type)
        & (frame.district == district) & (frame.profile == profile)
    ]  # fmt: skip
    assert len(row) <= 1
    return float(row.value.iloc[0]) if len(row) else None


def synthetic(
    pupils: int = 6500,
    years: int = 13,
    special: int = 8,
    districts: int = 6,
    profiles: int = 8,
    seed: int = 1,
) -> Record:
    """A random record with about three visits per child: help, request, wait and stay, or a spell at home."""
    rng = np.random.default_rng(seed)
    homes = ("no_place", "ill", "new")
    types = {f"type{i}": ("special", ("special", "young" if i % 2 else "old")) for i in range(special)}
    types |= {"lower": ("regular", ("young",)), "upper": ("regular", ("old",)), "board": ("decision", ())}
    types |= {home: ("home", ("has_place",) if home == "ill" else ()) for home in homes}
    factory = Factory(
        years=years, types=types, districts=tuple(f"d{i}" for i in range(districts)),
        profiles=tuple(f"p{i}" for i in range(profiles)),
        payers=(PayerInfo("board", "all-boards"), PayerInfo("city")), purposes=("support", "rides"),
        prices=[
            PriceInfo("board", "support", "pupil", ("type0", "lower"), 1000.0),
            PriceInfo("board", "support", "pupil", ("lower",), -50.0),
            PriceInfo("city", "rides", "ride", ("type0", "type1"), 4000.0, share=0.5),
        ],
    )  # fmt: skip
    n, end = pupils, factory.end
    grid = 1024.0

    def days(scale: float, size: int) -> np.ndarray:
        return np.round(rng.exponential(scale, size) * grid) / grid

    who = np.arange(n)
    profile, kind = rng.integers(0, profiles, n), rng.integers(0, special, n)
    signal = np.round(rng.uniform(-300, end, n) * grid) / grid
    asks = signal + days(120, n)
    listed = asks + days(25, n)
    placed = listed + days(150, n)
    left = placed + days(900, n)
    ready = np.where(rng.random(n) < 0.2, np.minimum(placed, listed + 60), listed)
    seated = rng.random(n) < 0.8
    cell = kind * profiles + profile
    board, lower = factory.code("board"), factory.code("lower")
    home = np.array([factory.code(h) for h in homes])[rng.integers(0, 3, n)]
    gone = rng.random(n) < 0.5
    reasons = np.array([Why.STEP_UP, Why.STEP_DOWN, Why.BACK, Why.LEFT, Why.MOVED_ON])
    nan = np.full(n, NAN)

    def block(
        visit: Kind, place: Any, codes: Any, times: tuple[Any, ...], why: Any, destination: Any, keep: Any
    ) -> list[Any]:
        columns = (
            who, np.full(n, visit), np.broadcast_to(place, n), np.broadcast_to(codes, n),
            np.where(visit == Kind.STAY, cell, -1), profile, *times, np.broadcast_to(why, n),
            np.broadcast_to(destination, n),
        )  # fmt: skip
        return [c[keep] for c in columns]

    everyone = np.ones(n, dtype=bool)
    blocks = [
        block(
            Kind.SUPPORT, lower, lower, (signal, signal, signal, signal, asks), Why.REFERRED, kind, everyone
        ),
        block(Kind.DECISION, board, board, (signal, asks, asks, asks, listed), Why.GRANTED, kind, everyone),
        block(
            Kind.STAY, kind, kind, (signal, listed, ready, placed, left), rng.choice(reasons, n), -1, seated
        ),
        block(Kind.WAIT, kind, kind, (signal, listed, ready, nan, placed), Why.GAVE_UP, -1, ~seated),
        block(Kind.ABSENCE, home, home, (left, left, left, left, left + 120), Why.RETURNED, -1, gone),
    ]
    rows = [np.concatenate(column) for column in zip(*blocks, strict=True)]
    visits = {name: row.astype(dtype) for (name, dtype), row in zip(VISIT.items(), rows, strict=True)}
    begins = np.fmin(visits["listed"], visits["placed"])
    visits = {name: column[begins < end] for name, column in visits.items()}
    for name in ("placed", "left"):
        visits[name] = np.where(visits[name] < end, visits[name], NAN)
    visits["why"] = np.where(np.isnan(visits["left"]), Why.OPEN, visits["why"]).astype("i1")
    factory.cells = [Cell(t, p, 0) for t in range(special) for p in range(profiles)]
    for y in range(years):
        time = float((date(2020 + y, 8, 1) - factory.start).days)
        for c, of in enumerate(factory.cells):
            name = f"type{of.place}"
            factory.level(Level.SEATS, float(rng.integers(5, 40)), time, name, name, c)
            factory.level(Level.GROUPS, float(rng.integers(1, 4)), time, name, name, c)
        for t in range(special):
            factory.level(Level.BINDS, float(rng.integers(0, 3)), time, f"type{t}", f"type{t}")
            factory.level(Level.FUNDED, float(rng.integers(8, 30)), time, f"type{t}", f"type{t}")
        for d in factory.districts:
            factory.level(Level.POPULATION, 4000.0 + 10 * y, time, "lower", None, -1, d)
            factory.level(Level.POPULATION, 2000.0 + 10 * y, time, "upper", None, -1, d)
        for what, value in ((Level.STAFF_ASKED, 260.0 + y), (Level.STAFF_PRESENT, 250.0), (Level.DOSE, 0.8),
                            (Level.SICK, 0.07), (Level.LEFT, 20.0), (Level.INCIDENTS, 103.0)):  # fmt: skip
            factory.level(what, value, time)
        factory.level(Level.HELP_SLOTS, 500.0, time, "lower")
        factory.level(Level.HELP_ASKED, 700.0, time, "lower")
    base = factory.record()
    codes = {
        "key": who,
        "birth": -2000.0 + 0 * signal,
        "district": rng.integers(0, districts, n),
        "profile": profile,
    }
    more = {"origin": 0 * who, "signalled": signal}
    people = {name: np.asarray((codes | more)[name]).astype(kind) for name, kind in PUPIL.items()}
    return Record(**{**vars(base), "pupils": people, "visits": visits})
