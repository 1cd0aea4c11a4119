"""New children: first signals of one school year, help in the regular school, and the request that may follow.

Everything here depends on no shared seat, so it is drawn for all children of a school year at once; only the moment at
which a child comes on a list (or asks for a contested programme) becomes an event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.clock import ARRIVE
from sim.model.decide import write_steps
from sim.model.draws import Purpose
from sim.model.early import Early
from sim.model.help import Help
from sim.model.laws import YEAR, on_grid, pick, stay, within_year
from sim.model.programmes import Programmes
from sim.model.pupil import Pupil
from sim.model.sources import Floats, Ints, Signalled, Sources, Words
from sim.model.teams import Step
from sim.model.world import World
from sim.record import Kind, Why

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Children:
    """Children of one school year's signals: one entry per child in every array.

    Attributes:
        index: Index in the record (-1 until written).
        source, target: Source, and special type asked for.
        hi, lo: Identity.
        signal: Day of the first signal.
        helped: Day on which help starts, after the meeting of the team that decides on it.
        asks: Day on which help has ended and a referral follows (or not).
        listed: Day on which the decision is given.
        ready: Earliest start.
        resolved: Help was enough.
        programme: Index of the programme that it goes through first, where what follows is decided; -1 = none.
        refused: The request was refused.
        later: Starts on the next 1 August.
        meets: What is waited for before help starts (teams), and from help to list (teams, decision, money).
        u: Uniforms by purpose, for what comes later.
    """

    index: Ints
    source: Ints
    target: Ints
    hi: Words
    lo: Words
    district: Ints
    profile: Ints
    birth: Floats
    signal: Floats
    helped: Floats
    asks: Floats
    listed: Floats
    ready: Floats
    resolved: Bools
    programme: Ints
    refused: Bools
    later: Bools
    meets: tuple[tuple[Step, ...], tuple[Step, ...]]
    u: dict[Purpose, Floats]

    def take(self, some: Any) -> Children:
        """The same for some of the children (mask or indices)."""
        columns = {f.name: getattr(self, f.name)[some] for f in fields(self) if f.name not in ("u", "meets")}
        before, after = (tuple(step.take(some) for step in steps) for steps in self.meets)
        return Children(**columns, meets=(before, after), u={p: row[some] for p, row in self.u.items()})

    @property
    def through(self) -> Bools:
        """Goes through a programme first."""
        return self.programme >= 0

    def of(self, purpose: Purpose) -> Floats:
        """Uniforms for a purpose; zeros where the region needs none."""
        return self.u[purpose] if purpose in self.u else np.zeros(len(self.source))


class Demand:
    """From first signal to list."""

    def __init__(self, world: World, sources: Sources, help_: Help, programmes: Programmes) -> None:
        """Remember what each source's children meet on the way."""
        self.world, self.sources, self.help, self.programmes = world, sources, help_, programmes
        self.early = Early(world, sources)
        layout, region = world.layout, world.region
        models = [s for _, s in sources.all]
        self.aged = np.array([bool(s.ages) for s in models])
        self.later = np.array([s.moment == "transition" for s in models], dtype=bool)
        needs = [
            None if s.decided or s.to in region.programmes else world.rules[t].model.decision
            for s, t in zip(models, sources.target, strict=True)
        ]
        names = [n if world.on.decisions else None for n in needs]
        self.own = np.array([s.to in region.programmes for s in models], dtype=bool)
        self.decision = np.array([layout.types.index(n) if n else -1 for n in names], dtype=np.int64)
        self.decisions = list(dict.fromkeys(n for n in names if n))
        self.stage = np.array([layout.types.index(s.of) if s.of in region.regular else -1 for s in models])
        self.place_of = np.array([layout.home_of_type(t) for t in range(len(layout.types))])
        self.impatient = [world.listing.gives_up(r.index) for r in world.rules]
        self._needs = self._purposes()

    def _purposes(self) -> list[Purpose]:
        """Purposes that this region needs at a first signal; the others would be drawn for nothing."""
        world, wanted = self.world, [Purpose.SIGNAL_DAY, Purpose.TIE]
        rules = [world.rules[t] for t in set(self.sources.target.tolist())]
        if self.aged.any():
            wanted.append(Purpose.BIRTH_DAY)
        if any(len(s.profiles) > 1 for _, s in self.sources.all):
            wanted.append(Purpose.PROFILE)
        if self.sources.helped.any():
            wanted.append(Purpose.HELPED)
        if self.sources.helped.any() or self._may_be_fewer():
            wanted.append(Purpose.REFERRED)
        if self.programmes.gates:
            wanted += [Purpose.UNCLEAR, Purpose.DIVERTED]
        if any(len(r.places) > 1 for r in rules):
            wanted += [Purpose.CHOICE, Purpose.ELSEWHERE]
        if any(self.impatient):
            wanted.append(Purpose.PATIENCE)
        if any(r.model.list.at_home for r in rules):
            wanted.append(Purpose.AT_HOME)
        if any(r.model.stay.law != "hazard" for r in rules):
            wanted.append(Purpose.STAY)
        if any(world.policy[r.index].accept < 1.0 for r in rules):
            wanted.append(Purpose.OFFER)
        if any(r.fails > 0 for r in rules):
            wanted.append(Purpose.FAILED)
        return wanted

    def draw(self, year: int) -> None:
        """All first signals of a school year: rows for what is already known, events for what is not."""
        self.early.look_ahead(year)
        for cohort in self.early.cohorts(year):
            who = self.sources.draw(cohort, early=cohort != year)
            if who is not None:
                self._come(self._follow(who, cohort, year), year)

    def _may_be_fewer(self) -> bool:
        """True when something may lower the number of requests that come from no help in a regular school."""
        levers = self.world.layout.scenario.levers
        return self.world.approaches.thins or any(
            f"{name}.{key}" in levers for name in self.world.region.decisions for key in ("weeks", "required")
        )

    def _come(self, children: Children, year: int) -> None:
        """Write children, and plan those who will be on a list."""
        if year < 0:  # before day 0: only those who are still on their way then; the others are in the count
            last = np.where(children.resolved | children.through, children.asks, children.listed)
            children = children.take((last >= 0) & ~children.later)
        if len(children.source):
            self._arrivals(self._rows(self._write(children)), year)

    def _follow(self, who: Signalled, cohort: int, year: int) -> Children:
        """What each child meets on the way: help, perhaps a programme, the decision.

        Args:
            who: Children of one school year's draw.
            cohort: That school year.
            year: The school year that begins: only those who are signalled in it are followed.
        """
        world, layout = self.world, self.world.layout
        rows = world.draws.block(np.array(self._needs, dtype=np.uint64)[:, None], who.hi, who.lo)
        u = {p: rows[j] for j, p in enumerate(self._needs)}
        signal, profile = self._signals(who, u, cohort)
        day = layout.age_day(cohort) - (who.age + 1 - u.get(Purpose.BIRTH_DAY, np.zeros(len(signal)))) * YEAR
        signal, comes = self.early.within(who, signal, day, cohort, year)
        comes &= self._asks_at_all(who, u)
        if not comes.all():
            who = Signalled(*(getattr(who, f.name)[comes] for f in fields(who)))
            u = {p: row[comes] for p, row in u.items()}
            signal, profile, day = signal[comes], profile[comes], day[comes]
        source, zero = who.source, np.zeros(len(signal))
        helped, before = self._meetings(who, signal)
        asks, resolved = self.help.outcome(self.sources, source, who.district, helped, u)
        programme = self.programmes.of(source, u.get(Purpose.UNCLEAR, zero), profile, who.age)
        later = self.later[source]
        start = layout.first_august(year + 1)
        listed, refused, after = self._decide(who, asks, np.where(later, start, np.inf))
        return Children(
            index=np.full(len(source), -1), source=source, target=self.sources.target[source], hi=who.hi, lo=who.lo,
            district=who.district, profile=profile, birth=on_grid(np.where(self.aged[source], day, signal)),
            signal=signal, helped=helped, asks=asks, listed=listed,
            ready=np.where(later, start, listed), resolved=resolved, programme=np.where(resolved, -1, programme),
            refused=refused, later=later, meets=(before, after), u=u,
        )  # fmt: skip

    def _asks_at_all(self, who: Signalled, u: dict[Purpose, Floats]) -> Bools:
        """False for children of whom nothing is asked any more; where a school helps first, `Help` says so."""
        if Purpose.REFERRED not in u:
            return np.ones(len(who.source), bool)
        less = self.sources.pressure[who.source, who.district]
        return self.sources.helped[who.source] | (u[Purpose.REFERRED] < less)

    def _signals(self, who: Signalled, u: dict[Purpose, Floats], year: int) -> tuple[Floats, Ints]:
        """Day of the signal and leading profile."""
        layout = self.world.layout
        start, months = layout.first_august(year), layout.month_days(year)
        signal, profile = who.exact.copy(), np.full(len(who.source), -1)
        for i, (_, s) in enumerate(self.sources.all):
            mine = np.flatnonzero(who.source == i)
            if not len(mine):
                continue
            if not s.at:
                signal[mine] = start + within_year(u[Purpose.SIGNAL_DAY][mine], s.months, months)
            codes = np.array([layout.profiles.index(p) for p in s.profiles])
            if len(codes) == 1:
                profile[mine] = codes[0]
            elif len(codes):
                shares = [q.value for q in s.profiles.values()]
                profile[mine] = codes[pick(u[Purpose.PROFILE][mine], shares)]
        return on_grid(signal), profile

    def _meetings(self, who: Signalled, signal: Floats) -> tuple[Floats, tuple[Step, ...]]:
        """Day on which help starts: after the meetings of the teams of the stage that decide on it."""
        world, source, n = self.world, who.source, len(who.source)
        helped, met = signal.copy(), []
        for stage in self.help.stages:
            code = world.layout.types.index(stage)
            mine = np.flatnonzero(self.sources.helped[source] & (self.stage[source] == code))
            if len(mine):
                steps = world.teams.steps("help", stage, who.hi[mine], who.lo[mine], 0, signal[mine])
                helped[mine] = steps[-1].end if steps else signal[mine]
                met += [s.spread(mine, n) for s in steps]
        return helped, tuple(met)

    def _decide(self, who: Signalled, asks: Floats, latest: Floats) -> tuple[Floats, Bools, tuple[Step, ...]]:
        """Day on which a child may be listed (before it must move on), who is refused, and what was waited for."""
        world, n = self.world, len(who.source)
        listed, refused, met = asks.copy(), np.zeros(n, bool), []
        for name in self.decisions:
            mine = np.flatnonzero(self.decision[who.source] == world.layout.types.index(name))
            if len(mine):
                found = world.decisions.take(
                    name, asks[mine], who.hi[mine], who.lo[mine], who.district[mine], 0, latest[mine]
                )
                listed[mine], refused[mine] = found.listed, found.refused
                met += [s.spread(mine, n) for s in found.steps]
        return listed, refused, tuple(met)

    def _write(self, c: Children) -> Children:
        """Write who they are, their help and their decision; returns them with their index."""
        log = self.world.log
        first = log.pupils(
            key=(c.hi << np.uint64(32)) | c.lo, birth=c.birth, district=c.district, profile=c.profile, origin=c.source,
            signalled=c.signal,
        )  # fmt: skip
        c = replace(c, index=first + np.arange(len(c.source)))
        h = c.take(self.sources.helped[c.source])
        stage = self.stage[h.source]
        log.visit_block(
            len(stage), pupil=h.index, kind=Kind.SUPPORT, place=self.place_of[stage], type=stage, profile=h.profile,
            signalled=h.signal, listed=h.signal, ready=h.signal, placed=h.helped, left=h.asks,
            why=np.where(h.resolved, Why.RESOLVED, Why.REFERRED), destination=h.target,
        )  # fmt: skip
        layout = self.world.layout
        write_steps(log, layout, c.meets[0], c.index, c.profile, c.signal, c.target)
        d = c.take(~c.resolved & ~c.through)
        write_steps(log, layout, d.meets[1], d.index, d.profile, d.signal, d.target)
        return c

    def _rows(self, c: Children) -> Iterator[tuple[Any, ...]]:
        """Those who will be on a list or in a programme, in the order in which they come."""
        c = c.take(c.through | ~(c.resolved | c.refused))
        when = np.where(c.through, c.asks, c.listed)
        c, when = c.take(order := np.argsort(when, kind="stable")), when[order]
        lists = [r.model.list for r in self.world.rules]
        would = np.array([m.accept_elsewhere.value if m.accept_elsewhere else 0.0 for m in lists])[c.target]
        home = np.array([self.world.listing.at_home(r.index) for r in self.world.rules])[c.target]

        def column(p: Purpose, without: float = 0.0) -> Any:
            return c.u[p].tolist() if p in c.u else repeat(without)

        people = map(
            Pupil, *(a.tolist() for a in (c.index, c.hi, c.lo, c.birth, c.district, c.profile)), column(Purpose.TIE),
            c.target.tolist(), zip(c.signal.tolist(), c.listed.tolist(), c.ready.tolist(), strict=True),
            column(Purpose.CHOICE), (c.of(Purpose.ELSEWHERE) < would).tolist(), (c.of(Purpose.AT_HOME) < home).tolist(),
            self._patience(c), self._stays(c), column(Purpose.OFFER, -1.0), column(Purpose.FAILED, -1.0),
            c.profile.tolist(),
        )  # fmt: skip
        where = zip(c.programme.tolist(), column(Purpose.DIVERTED), self.own[c.source].tolist(), strict=False)
        return zip(people, when.tolist(), c.later.tolist(), where, strict=False)

    def _patience(self, c: Children) -> Any:
        """Days until the parents of each child stop waiting (0 = never)."""
        if not any(self.impatient):
            return repeat(0.0)
        patience, impatient = self.world.listing.patience, self.impatient
        draws = zip(c.target.tolist(), c.of(Purpose.PATIENCE).tolist(), strict=True)
        return [patience(t, u) if impatient[t] else 0.0 for t, u in draws]

    def _stays(self, c: Children) -> Any:
        """Length of the first stay of each child, where the stay is one duration."""
        if Purpose.STAY not in c.u:
            return repeat(-1.0)
        days = np.full(len(c.target), -1.0)
        for r in self.world.rules:
            law = r.model.stay
            if law.mean is not None:
                mine = c.target == r.index
                days[mine] = stay(law.law, law.mean.value, law.shape, c.u[Purpose.STAY][mine])
        return days.tolist()

    def _arrivals(self, rows: Iterator[tuple[Any, ...]], year: int) -> None:
        """Children one by one: each is made at its moment, and plans the next."""
        for row in rows:
            p, when, later, _ = row
            p.requests = 1
            if later:
                self.world.pending[year + 1].append(p)
                continue
            if when < self.world.end:
                self.world.always(when, ARRIVE, self._arrive, (row, rows, year))
            return

    def _arrive(self, what: tuple[tuple[Any, ...], Iterator[tuple[Any, ...]], int]) -> None:
        (p, _, _, (programme, diverted, own)), rows, year = what
        self._arrivals(rows, year)
        if programme >= 0:
            self.programmes.arrives(p, programme, diverted, own)
        else:
            self.world.listing.enlist(p)
