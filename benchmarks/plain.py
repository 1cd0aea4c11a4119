"""A yardstick: the same children as a plain SimPy model, written as one would write it without thinking of speed.

One generator process per child, a `simpy.PriorityResource` per place type and profile, random numbers drawn one at a time,
`|` for whoever may give up, a dict per row and pandas at the end. It reads its numbers from the same scenario and follows
the same steps: signal, help, decision, list, seat, yearly review, transition, leaving, moving away, children at home.
Simpler than the engine in one way: the seats of a type and profile are one pool, not schools with groups by age. It has no
levers, no staff, no common futures; it is here to be timed, and to be compared in size (`benchmarks/almere.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import simpy

from sim.scenario.places import PlaceType
from sim.scenario.quantity import Quantity
from sim.scenario.routes import Source
from sim.scenario.scenario import Scenario

YEAR = 365.25
REQUEST = 90.0  # requests for 1 August are made about this many days before it
Process = Generator[simpy.Event, Any, None]
Request = simpy.resources.resource.PriorityRequest
Row = dict[str, Any]


@dataclass
class Child:
    number: int
    birth: float
    district: str
    profile: str


@dataclass
class Where:
    """A seat that a child has or asks for: type, profile, row of the visit and the request."""

    kind: str
    profile: str
    row: Row
    seat: Request


class Plain:
    """One run: processes, resources and lists of dict rows."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.region = scenario, scenario.region
        self.env = simpy.Environment()
        self.random = np.random.default_rng(seed)
        self.augusts = [self.day(y, 8, 1) for y in range(-1, scenario.total_years + 3)]
        self.end = self.august(scenario.total_years)
        self.pupils: list[dict[str, Any]] = []
        self.visits: list[dict[str, Any]] = []
        self.offers: list[dict[str, Any]] = []
        self.seats = {key: simpy.PriorityResource(self.env, n) for key, n in self.capacity().items()}
        self.reach, self.ratio = self.help()

    # --- reading the scenario --------------------------------------------------------------------------------------

    def day(self, year: int, month: int, day: int) -> float:
        start = self.region.start
        return float((datetime.date(start.year + year, month, day) - start).days)

    def august(self, year: int) -> float:
        return self.augusts[year + 1]

    def year(self) -> int:
        return next(y for y in range(self.scenario.total_years + 2) if self.august(y + 1) > self.env.now)

    def age(self, child: Child, year: int) -> int:
        month, day = (int(x) for x in self.region.age_date.split("-"))
        return int((self.day(year, month, day) - child.birth) // YEAR)

    def capacity(self) -> dict[tuple[str, str], int]:
        seats: dict[tuple[str, str], float] = {}
        for place in self.region.places.values():
            size = place.class_size or self.region.place_types[place.type].class_size
            for profile, groups in place.groups.items():
                key = (place.type, profile)
                seats[key] = seats.get(key, 0.0) + groups.value * (size.value if size else 1.0)
        return {key: round(n) for key, n in seats.items()}

    def help(self) -> tuple[dict[str, float], dict[str, float]]:
        """Share of those who ask for help that gets it, and what help does to the chance of a referral."""
        reach, ratio = {}, {}
        for name, stage in self.region.regular.items():
            if stage.support is None:
                continue
            ratio[name] = 1.0
            for effect in self.scenario.effects.values():
                if (effect.cause, effect.acts_on) == ("support", "referral") and (
                    not effect.types or name in effect.types
                ):
                    ratio[name] *= effect.size.value
            mine = [s for s in self.region.sources.values() if s.of == name and s.support]
            reach[name] = 1.0
            for _ in range(30):
                behind = (1 - stage.support.resolves.value) * (reach[name] * ratio[name] + 1 - reach[name])
                asked = sum(sum(self.referrals(s, 0).values()) for s in mine) / behind
                reach[name] = min(1.0, stage.support.slots.value / (asked * stage.support.months.value / 12))
        return reach, ratio

    def referrals(self, source: Source, year: int) -> dict[str, float]:
        """Expected number in a school year, by district."""
        grow = (1 + source.trend.value) ** year if source.trend else 1.0
        if source.flow is not None:
            n = len(self.region.districts)
            return {d: source.flow.value * grow / n for d in self.region.districts}
        assert source.rate is not None
        stage = self.region.regular[source.of]
        span = stage.ages[1] - stage.ages[0] + 1
        return {
            d: q.value * (1 + (stage.growth[d].value if d in stage.growth else 0.0)) ** year
            * len(source.ages) / span * source.rate.value * grow
            for d, q in stage.count.items()
        }  # fmt: skip

    def choose(self, shares: dict[Any, Any]) -> Any:
        keys = list(shares)
        if len(keys) == 1:
            return keys[0]
        weights = np.array([getattr(x, "value", x) for x in shares.values()], dtype=float)
        return keys[int(self.random.choice(len(keys), p=weights / weights.sum()))]

    # --- where children come from ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Children present and waiting on day 0, and those on their way to a decision then."""
        everywhere = {
            d: sum(r.count[d].value for r in self.region.regular.values()) for d in self.region.districts
        }
        for place in self.region.places.values():
            kind = self.region.place_types[place.type]
            for waits, counts in ((False, place.roll), (True, place.waiting)):
                for profile, count in counts.items():
                    for _ in range(round(count.value)):
                        birth = self.birth(self.choose(kind.start_ages), 0)
                        child = self.child(birth, self.choose(everywhere), profile, "start", np.nan)
                        if waits:
                            mean = place.waited.value if place.waited else 0.0
                            listed = -self.random.exponential(mean)
                            self.env.process(self.live(child, place.type, profile, listed, listed))
                        else:
                            since = -self.random.uniform(0, max(0.25, -birth / YEAR - 4)) * YEAR
                            seat = self.seats[place.type, profile].request(priority=-1e9)
                            self.env.process(self.present(child, place.type, profile, since, seat))

    def birth(self, age: int, year: int) -> float:
        month, day = (int(x) for x in self.region.age_date.split("-"))
        return self.day(year, month, day) - (age + self.random.random()) * YEAR

    def child(self, birth: float, district: str, profile: str, origin: str, signalled: float) -> Child:
        self.pupils.append(
            {
                "pupil": len(self.pupils), "birth": birth, "district": district, "profile": profile,
                "origin": origin, "signalled": signalled,
            }
        )  # fmt: skip
        return Child(len(self.pupils) - 1, birth, district, profile)

    def source(self, name: str, source: Source) -> Process:
        """Every 1 August, the first signals of the coming school year; at first also those still on their way."""
        for year in range(-1, self.scenario.total_years):
            begin, length = self.august(year), self.august(year + 1) - self.august(year)
            behind = 1.0
            if source.support and source.of in self.reach:
                support = self.region.regular[source.of].support
                assert support is not None
                reach, ratio = self.reach[source.of], self.ratio[source.of]
                behind = (1 - support.resolves.value) * (reach * ratio + 1 - reach)
            for district, mean in self.referrals(source, max(year, 0)).items():
                for _ in range(self.random.poisson(mean / behind)):
                    months = source.months or (1,) * 12
                    month = self.choose(dict(enumerate(months)))
                    at = begin + (month + self.random.random()) * length / 12
                    child = (at, self.birth(self.choose(source.ages or {0: 1}), year), district)
                    self.env.process(self.signal(name, source, *child, year))
            if year >= 0:
                yield self.env.timeout(self.august(year + 1) - self.env.now)

    def signal(self, name: str, source: Source, at: float, birth: float, district: str, year: int) -> Process:
        """Help in the regular school, the decision, and then the list."""
        env, profile = self.env, self.choose(source.profiles)
        asks, resolved = at, False
        support = self.region.regular[source.of].support if source.support else None
        if support is not None:
            asks = at + support.months.value * YEAR / 12
            ratio = self.ratio[source.of] if self.random.random() < self.reach[source.of] else 1.0
            resolved = self.random.random() >= (1 - support.resolves.value) * ratio
        decision = self.region.place_types[source.to].decision
        weeks = self.weeks(decision) if decision and not source.decided else 0.0
        later = source.moment == "transition"
        if asks + weeks * 7 < 0 or (later and year < 0):
            return  # before day 0: counted among those present
        yield env.timeout(max(0.0, at - env.now))
        child = self.child(birth, district, profile, name, at)
        yield env.timeout(max(0.0, asks - env.now))
        if support is not None:
            self.visit(child, "support", source.of, at, at, at, asks, "resolved" if resolved else "referred")
        if resolved:
            return
        if weeks:
            yield env.timeout(max(0.0, asks + weeks * 7 - env.now))
            if not self.decided(child, source.to, at, asks):
                return
        listed = env.now
        if later:
            yield env.timeout(self.august(year + 1) - env.now)
        yield from self.live(child, source.to, profile, at, listed)

    def weeks(self, decision: str) -> float:
        d = self.region.decisions[decision]
        low, mode, high = sorted((d.shortest.value, d.usual.value, d.longest.value))
        return float(self.random.triangular(low, mode, high))

    def decided(self, child: Child, kind: str, signalled: float, asked: float) -> bool:
        name = self.region.place_types[kind].decision
        if name is None:
            return True
        share = self.region.decisions[name].refused
        refused = share is not None and self.random.random() < share.value
        why = "refused" if refused else "granted"
        self.visit(child, "decision", kind, signalled, asked, asked, self.env.now, why)
        return not refused

    # --- list, seat, review ----------------------------------------------------------------------------------------

    def live(self, child: Child, kind: str, profile: str, signalled: float, listed: float) -> Process:
        """Wait for a seat and stay, until the child has left special education."""
        where = yield from self.wait(child, kind, profile, signalled, listed)
        while where is not None:
            where = yield from self.stay(child, where)

    def present(self, child: Child, kind: str, profile: str, since: float, seat: Request) -> Process:
        """The same for a child that has a seat on day 0."""
        row = self.visit(child, "stay", kind, since, since, since, np.nan, "")
        where: Where | None = Where(kind, profile, row, seat)
        while where is not None:
            where = yield from self.stay(child, where)

    def wait(
        self, child: Child, kind: str, profile: str, signalled: float, listed: float
    ) -> Generator[simpy.Event, Any, Where | None]:
        """On the list until there is a seat, the parents stop, the child moves away or has grown too old."""
        env = self.env
        row = self.visit(child, "wait", kind, signalled, listed, np.nan, np.nan, "")
        yield env.timeout(self.next_moment(kind) - env.now)
        model = self.region.place_types[kind]
        rule = model.list
        away = None
        if rule.at_home is not None and self.random.random() < rule.at_home.value:
            away = self.visit(child, "absence", "no_place", listed, listed, listed, np.nan, "")
        gives_up = env.timeout(self.after(rule.patience))
        moves = env.timeout(self.after(model.moving))
        request = self.seats[kind, profile].request(priority=listed)
        why = ""
        while not why:
            birthday = env.timeout(self.august(self.year() + 1) - env.now)
            yield request | gives_up | moves | birthday
            if request.triggered:
                if self.offer(child, kind, rule.accept):
                    row.update(kind="stay", placed=env.now)
                    if away is not None:
                        away.update(left=env.now, why="returned")
                    return Where(kind, profile, row, request)
                self.seats[kind, profile].release(request)
                yield env.timeout(1.0)
                request = self.seats[kind, profile].request(priority=listed)
            elif gives_up.processed or moves.processed:
                why = "gave up" if gives_up.processed else "moved away"
            elif self.too_old(child, model):
                why = "aged out"
        self.cancel(kind, profile, request)
        row.update(left=env.now, why=why)
        if away is not None:
            away.update(left=env.now, why="returned")
        if why == "aged out" and model.transition:
            target = self.choose(model.transition.to)
            if target in self.region.place_types and self.decided(child, target, env.now, env.now - REQUEST):
                new = self.profile_there(kind, target, profile)
                return (yield from self.wait(child, target, new, env.now, env.now))
        return None

    def after(self, rate: Quantity | None) -> float:
        return self.random.exponential(YEAR / rate.value) if rate is not None and rate.value else 1e6

    def offer(self, child: Child, kind: str, accept: Quantity | None) -> bool:
        accepted = accept is None or self.random.random() < accept.value
        self.offers.append({"time": self.env.now, "pupil": child.number, "type": kind, "accepted": accepted})
        return accepted

    def cancel(self, kind: str, profile: str, request: Request) -> None:
        if request.triggered:
            self.seats[kind, profile].release(request)
        else:
            request.cancel()

    def next_moment(self, kind: str) -> float:
        rule = self.region.place_types[kind].list
        if rule.placement != "moments":
            return self.env.now
        year, found = self.year(), []
        for y in (year, year + 1):
            for text in rule.moments:
                month, day = (int(x) for x in text.split("-"))
                when = self.day(y + (month < 8), month, day)
                if when >= self.env.now:
                    found.append(when)
        return min(found)

    def too_old(self, child: Child, model: PlaceType) -> bool:
        age = self.age(child, self.year())
        if model.limit is not None and age >= model.limit:
            return True
        return bool(model.transition) and self.at_age(model.transition.ages, age) >= 0.5

    def at_age(self, table: Any, age: int) -> float:
        if not table or age < min(table):
            return 0.0
        return float(table[min(age, max(table))].value) if min(age, max(table)) in table else 0.0

    def profile_there(self, kind: str, target: str, profile: str) -> str:
        transition = self.region.place_types[kind].transition
        shares = transition.profiles.get(target) if transition else None
        return str(self.choose(dict(shares))) if shares else profile

    def stay(self, child: Child, here: Where) -> Generator[simpy.Event, Any, Where | None]:
        """Reviewed every 1 August; ends by leaving, or with a seat of another type."""
        env, kind, model = self.env, here.kind, self.region.place_types[here.kind]
        there: Where | None = None
        while True:
            self.may_stop_attending(child, model)
            summer = self.august(self.year() + 1) - env.now
            birthday = env.timeout(summer)
            risk = 1 - np.exp(-model.moving.value) if model.moving else 0.0
            moving = self.random.random()
            events = [birthday]
            if moving < risk:
                events.append(env.timeout(summer * moving / risk))
            if there is not None:
                events.append(there.seat)
            yield env.any_of(events)
            why, wanted = "", None
            if there is not None and there.seat.triggered:
                self.offer(child, there.kind, None)
                self.leave(here, there.row["why"])
                there.row.update(kind="stay", placed=env.now, why="")
                return there
            if not birthday.processed:
                why = "moved away"
            else:
                age = self.age(child, self.year())
                self.renew(child, model, here)
                why, wanted = self.review(model, age)
                if not why and wanted is None and model.limit is not None and age >= model.limit:
                    why = "left"
            if wanted is not None and there is None:
                target, reason = wanted
                asked = env.now - REQUEST
                if self.decided(child, target, asked, asked) or reason == "moved on":
                    profile = self.new_profile(kind, target, here.profile, reason)
                    row = self.visit(child, "wait", target, asked, asked, np.nan, np.nan, reason)
                    there = Where(target, profile, row, self.seats[target, profile].request(priority=asked))
            if why:
                self.leave(here, why)
                if there is not None:
                    self.cancel(there.kind, there.profile, there.seat)
                    there.row.update(left=env.now, why=why)
                    if why == "left":
                        return (yield from self.wait(child, there.kind, there.profile, env.now, env.now))
                elif why == "back" and self.comes_again(model):
                    return (yield from self.again(child, here))
                return None

    def comes_again(self, model: PlaceType) -> bool:
        again = model.review.again if model.review else None
        return again is not None and self.random.random() < again.value

    def again(self, child: Child, here: Where) -> Generator[simpy.Event, Any, Where | None]:
        """Referred again within two years after going back to a regular school."""
        yield self.env.timeout(self.random.uniform(0, 2) * YEAR)
        signalled, decision = self.env.now, self.region.place_types[here.kind].decision
        if decision:
            yield self.env.timeout(self.weeks(decision) * 7)
            if not self.decided(child, here.kind, signalled, signalled):
                return None
        return (yield from self.wait(child, here.kind, here.profile, signalled, self.env.now))

    def renew(self, child: Child, model: PlaceType, here: Where) -> None:
        every = max(1, int(model.renew_years.value)) if model.renew_years else 0
        years = int((self.env.now - here.row["placed"]) // YEAR)
        if every and model.decision and years and years % every == 0:
            now = self.env.now
            self.visit(child, "decision", here.kind, now, now, now, now + 21, "granted")

    def new_profile(self, kind: str, target: str, profile: str, reason: str) -> str:
        review = self.region.place_types[kind].review
        if reason == "moved on":
            return self.profile_there(kind, target, profile)
        shares = dict(review.moves[target].profiles) if review else {}
        return str(self.choose(shares)) if shares else profile

    def review(self, model: PlaceType, age: int) -> tuple[str, tuple[str, str] | None]:
        """What 1 August brings: (why the stay ends now, what is asked for)."""
        if self.random.random() < self.at_age(model.leave, age):
            return "left", None
        if model.transition and self.random.random() < self.at_age(model.transition.ages, age):
            target = self.choose(model.transition.to)
            if target in self.region.place_types:
                return "", (target, "moved on")
            return "moved on", None
        if model.review is None:
            return "", None
        if model.review.back and self.random.random() < model.review.back.value:
            return "back", None
        for target, move in model.review.moves.items():
            if self.random.random() < move.rate.value:
                return "", (target, move.kind)
        return "", None

    def leave(self, here: Where, why: str) -> None:
        self.seats[here.kind, here.profile].release(here.seat)
        here.row.update(left=self.env.now, why=why)

    def may_stop_attending(self, child: Child, model: PlaceType) -> None:
        if model.absence and self.random.random() < 1 - np.exp(-model.absence.value):
            name = next(k for k, h in self.region.home.items() if h.has_place)
            since = self.env.now + self.random.random() * YEAR
            until = since + self.random.exponential(YEAR / self.region.home[name].closing.value)
            self.visit(child, "absence", name, since, since, since, until, "returned")

    # --- at home ---------------------------------------------------------------------------------------------------

    def home(self, name: str) -> Process:
        """Spells at home of children who are not followed elsewhere."""
        home = self.region.home[name]
        for _ in range(round(home.start.value)):
            self.env.process(self.spell(name, 0.0))
        while True:
            yield self.env.timeout(self.random.exponential(YEAR / home.flow.value))
            self.env.process(self.spell(name, self.env.now))

    def spell(self, name: str, since: float) -> Process:
        home = self.region.home[name]
        age = self.choose(home.ages or {10: 1})
        district = self.choose(dict.fromkeys(self.region.districts, 1))
        child = self.child(self.birth(age, 0) + since, district, "", name, since)
        row = self.visit(child, "absence", name, since, since, since, np.nan, "")
        yield self.env.timeout(self.random.exponential(YEAR / home.closing.value))
        row.update(left=self.env.now, why="returned")

    def visit(
        self, child: Child, kind: str, type_: str, signalled: float, listed: float, placed: float, left: float, why: str
    ) -> Row:  # fmt: skip
        row: Row = {
            "pupil": child.number, "district": child.district, "profile": child.profile, "kind": kind,
            "type": type_, "signalled": signalled, "listed": listed, "placed": placed, "left": left, "why": why,
        }  # fmt: skip
        self.visits.append(row)
        return row


def simulate_plainly(scenario: Scenario, seed: int) -> dict[str, pd.DataFrame]:
    """One run: tables of pupils, visits (open ones without an end) and offers."""
    run = Plain(scenario, seed)
    run.start()
    for name, source in run.region.sources.items():
        run.env.process(run.source(name, source))
    for name in run.region.home:
        run.env.process(run.home(name))
    run.env.run(until=run.end)
    return {
        "pupils": pd.DataFrame(run.pupils),
        "visits": pd.DataFrame(run.visits),
        "offers": pd.DataFrame(run.offers),
    }


def dates(scenario: Scenario) -> Iterator[tuple[int, str, float]]:
    """School year, month-day and day of each count date."""
    start = scenario.region.start
    for year in range(scenario.total_years):
        for text in scenario.region.count_dates:
            month, day = (int(x) for x in text.split("-"))
            yield year, text, float((datetime.date(start.year + year + (month < 8), month, day) - start).days)


def summarise(scenario: Scenario, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A few of the indicators, with the same margins: children waiting and present, waits, decisions, missed weeks."""
    visits = tables["visits"]
    parts = []
    margins = (["type"], ["type", "district"], ["type", "profile"], ["district"], ["profile"])
    for year, text, day in dates(scenario):
        waits = visits[
            visits["kind"].isin(["wait", "stay"])
            & (visits["listed"] <= day)
            & ~(visits[["placed", "left"]].min(axis=1) <= day)
        ]
        there = (visits["placed"] <= day) & ~(visits["left"] <= day)
        present, home = (
            visits[(visits["kind"] == "stay") & there],
            visits[(visits["kind"] == "absence") & there],
        )
        for name, rows in (("waiting", waits), ("present", present), ("home", home)):
            for margin in margins:
                counts = rows.groupby(margin).size().reset_index(name="value")
                parts.append(counts.assign(indicator=f"{name}.{text}", year=year))
    year = np.searchsorted(
        [d for _, t, d in dates(scenario) if t == scenario.region.count_dates[0]], visits["listed"]
    )
    visits = visits.assign(
        year=year, wait=visits["placed"] - visits["listed"], away=visits["left"] - visits["placed"]
    )
    for name, kind, column, how in (
        ("wait.median", "stay", "wait", "median"),
        ("away.sum", "absence", "away", "sum"),
        ("decided", "decision", "pupil", "count"),
    ):
        rows = visits[visits["kind"] == kind]
        for margin in margins:
            values = rows.groupby([*margin, "year"])[column].agg(how).reset_index(name="value")
            parts.append(values.assign(indicator=name))
    return pd.concat(parts, ignore_index=True)
