"""New children: first signals of one school year, help in the regular school, and the request that may follow.

Everything here depends on no shared seat, so it is drawn for all children of a school year at once; only the moment at
which a child comes on a list (or asks for a contested programme) becomes an event.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import COHORT_SIZE, Purpose, cohort_word, origin_word
from sim.model.help import Help
from sim.model.laws import YEAR, on_grid, pick, poisson_count, stay, triangle, within_year
from sim.model.programmes import Programmes
from sim.model.pupil import Pupil
from sim.model.world import ARRIVE, World
from sim.record import Kind, Level, Why
from sim.scenario.region import OUTSIDE, Source

Floats = NDArray[np.float64]


class Demand:
    """All sources of one region, laid out for drawing a school year at a time."""

    def __init__(self, world: World, help_: Help, programmes: Programmes) -> None:
        """Lay out the sources."""
        self.world, self.help, self.programmes = world, help_, programmes
        layout, region = world.layout, world.region
        self.sources = list(region.sources.items())
        self.target = np.array([layout.special.index(s.to) for _, s in self.sources], dtype=np.int64)
        self.stage = [None if s.of == OUTSIDE else s.of for _, s in self.sources]
        self.helped = np.array([s.support and s.of in help_.stages for _, s in self.sources], dtype=bool)
        self.moment = np.array([s.moment == "transition" for _, s in self.sources], dtype=bool)
        decides = [world.rules[t].model.decision for t in self.target]
        self.decision = [
            None if s.decided or d is None or not world.on.decisions else d
            for (_, s), d in zip(self.sources, decides, strict=True)
        ]
        self._cells = [self._cells_of(name, s) for name, s in self.sources]
        self._weeks = {k: _triangle(d) for k, d in region.decisions.items()}
        lists = [r.model.list for r in world.rules]
        self._impatient = [world.on.reneging and (m.patience or m.patience_days) is not None for m in lists]
        self._needs = self._purposes()

    def _purposes(self) -> list[Purpose]:
        """Purposes that this region needs at a first signal; the others would be drawn for nothing."""
        world, wanted = self.world, [Purpose.SIGNAL_DAY, Purpose.TIE]
        rules = [world.rules[t] for t in set(self.target.tolist())]
        if any(s.ages for _, s in self.sources):
            wanted.append(Purpose.BIRTH_DAY)
        if any(len(s.profiles) > 1 for _, s in self.sources):
            wanted.append(Purpose.PROFILE)
        if self.helped.any():
            wanted += [Purpose.HELPED, Purpose.REFERRED]
        if self.programmes.any:
            wanted += [Purpose.UNCLEAR, Purpose.DIVERTED]
        if any(self.decision):
            wanted += [Purpose.DECISION_TIME, Purpose.REFUSED]
        if any(len(r.places) > 1 for r in rules):
            wanted += [Purpose.CHOICE, Purpose.ELSEWHERE]
        if any(r.model.list.patience or r.model.list.patience_days for r in rules):
            wanted.append(Purpose.PATIENCE)
        if any(r.model.list.at_home for r in rules):
            wanted.append(Purpose.AT_HOME)
        if any(r.model.stay.law != "hazard" for r in rules):
            wanted.append(Purpose.STAY)
        return wanted

    def _cells_of(
        self, name: str, s: Source
    ) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], list[int]]:
        """Children (or shares) at risk per district and age on day 0, and the identity words of the districts."""
        layout, region = self.world.layout, self.world.region
        ages = np.array(list(s.ages) or [0], dtype=np.int64)
        weights = np.array(list(s.ages.values()) or [1.0])
        if s.of == OUTSIDE:
            share = s.districts or {d: 1.0 for d in layout.districts}
            per = np.array([share.get(d, 0.0) for d in layout.districts] or [1.0])
            risk = np.outer(per / per.sum(), weights / weights.sum())
        else:
            stage = region.regular[s.of]
            span = stage.ages[1] - stage.ages[0] + 1
            per = np.array([stage.count[d].value if d in stage.count else 0.0 for d in layout.districts])
            risk = np.outer(per / span, weights / weights.mean())
        words = [origin_word(name, d) for d in layout.districts or ("",)]
        return risk, ages, np.arange(len(per)), words

    def population(self, stage: str, year: int) -> Floats:
        """Children of a regular stage per district in a school year."""
        region = self.world.region
        model = region.regular[stage]
        grows = self.world.on.demand_growth
        return np.array(
            [
                (model.count[d].value if d in model.count else 0.0)
                * ((1 + model.growth[d].value) ** year if grows and d in model.growth else 1.0)
                for d in self.world.layout.districts
            ]
        )

    def mean_signals(self, i: int, year: int) -> Floats:
        """Expected first signals of source `i` in a school year, per district and age."""
        _, s = self.sources[i]
        risk = self._cells[i][0]
        days = self.world.layout.first_august(year + 1) - self.world.layout.first_august(year)
        grow = (1 + s.trend.value) ** year if s.trend and self.world.on.trend else 1.0
        if s.flow is not None:
            return risk * (s.flow.value * days / YEAR * grow)
        assert s.rate is not None
        now, then = self.population(s.of, year), self.population(s.of, 0)
        growth = np.divide(now, then, out=np.ones_like(now), where=then > 0)
        mean = risk * growth[:, None] * (s.rate.value * grow * self.help.induced[int(self.target[i])])
        return mean * self.help.signals_per_referral(s.of) if self.helped[i] else mean

    def expected_help(self, stage: str, year: int) -> float:
        """Children who ask for help in a regular stage at one time, from this year's expected signals."""
        months = self.help.stages[stage].months.value
        asked = sum(
            float(self.mean_signals(i, year).sum())
            for i, (_, s) in enumerate(self.sources)
            if self.helped[i] and s.of == stage
        )
        return asked * months / 12

    def record_population(self, year: int) -> None:
        """Write the counts of those who are not simulated one by one."""
        layout = self.world.layout
        now = layout.first_august(year)
        for stage in self.world.region.regular:
            code = layout.types.index(stage)
            for d, count in enumerate(self.population(stage, year)):
                self.world.log.level(now, Level.POPULATION, float(count), type=code, district=d)

    def draw(self, year: int) -> None:
        """All first signals of a school year: rows for what is already known, events for what is not."""
        if not self.sources:
            return
        layout, draws = self.world.layout, self.world.draws
        start = layout.first_august(year)
        birth_year = layout.region.start.year + year
        parts: list[tuple[Any, ...]] = []
        means: list[Floats] = []
        cells: list[
            tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], int]
        ] = []
        for i, (_, s) in enumerate(self.sources):
            if s.at:
                parts.append(self._exact(i, s, year, start, layout.first_august(year + 1)))
                continue
            _, ages, districts, words = self._cells[i]
            lo = np.array([cohort_word(birth_year - int(a), int(a)) for a in ages], dtype=np.uint64)
            hi = np.array(words, dtype=np.uint64)
            shape = (len(words), len(ages))
            cells.append(
                (
                    np.repeat(hi, shape[1]),
                    np.tile(lo, shape[0]),
                    np.repeat(districts, shape[1]),
                    np.tile(ages, shape[0]),
                    i,
                )
            )
            means.append(self.mean_signals(i, year).ravel())
        if cells:
            hi, lo = np.concatenate([c[0] for c in cells]), np.concatenate([c[1] for c in cells])
            district, age = np.concatenate([c[2] for c in cells]), np.concatenate([c[3] for c in cells])
            source = np.concatenate([np.full(len(c[0]), c[4]) for c in cells])
            u = draws.block(Purpose.ARRIVALS, hi, lo + np.uint64(COHORT_SIZE - 1))
            n = poisson_count(u, np.concatenate(means))
            if n.max(initial=0) >= COHORT_SIZE - 1:
                raise ValueError(f"more than {COHORT_SIZE} signals of one source, district and age in a year")
            at = np.repeat(np.arange(len(n)), n)
            k = np.arange(len(at)) - np.repeat(np.cumsum(n) - n, n)
            parts.append(
                (
                    source[at],
                    hi[at],
                    lo[at] + k.astype(np.uint64),
                    district[at],
                    age[at],
                    np.full(len(at), np.nan),
                )
            )
        source, hi, lo, district, age, exact = (np.concatenate([p[j] for p in parts]) for j in range(6))
        if len(source):
            self._follow(year, source, hi, lo, district, age, exact)

    def _exact(self, i: int, s: Source, year: int, start: float, end: float) -> tuple[Any, ...]:
        at = np.array([t for t in s.at if start <= t < end])
        k = np.array([j for j, t in enumerate(s.at) if start <= t < end], dtype=np.uint64)
        hi = np.full(len(at), origin_word(self.sources[i][0], ""), dtype=np.uint64)
        lo = np.uint64(cohort_word(self.world.region.start.year, 0)) + k
        none = np.full(len(at), -1 if not self.world.layout.districts else 0)
        age = next(iter(s.ages), 0)  # a hand trace names one age
        return np.full(len(at), i), hi, lo, none, np.full(len(at), age, dtype=np.int64), at

    def _follow(
        self, year: int, source: Any, hi: Any, lo: Any, district: Any, age: Any, exact: Floats
    ) -> None:
        """From signal to list: what each child meets on the way."""
        world, layout = self.world, self.world.layout
        n, start = len(source), layout.first_august(year)
        rows = world.draws.block(np.array(self._needs, dtype=np.uint64)[:, None], hi, lo)
        zero = np.zeros(n)
        u = {p: rows[j] for j, p in enumerate(self._needs)}
        month_days = layout.month_days(year)
        signal = exact.copy()
        profile = np.full(n, -1)
        for i, (_, s) in enumerate(self.sources):
            mine = np.flatnonzero(source == i)
            if not len(mine):
                continue
            if not s.at:
                signal[mine] = start + within_year(u[Purpose.SIGNAL_DAY][mine], s.months, month_days)
            if s.profiles:
                codes = np.array([layout.profiles.index(p) for p in s.profiles])
                shares = [q.value for q in s.profiles.values()]
                profile[mine] = codes[
                    pick(u[Purpose.PROFILE][mine], shares) if len(codes) > 1 else np.zeros(len(mine), int)
                ]
        signal = on_grid(signal)
        aged = np.array([bool(s.ages) for _, s in self.sources])[source]
        birth = on_grid(
            np.where(aged, layout.age_day(year) - (age + 1 - u.get(Purpose.BIRTH_DAY, zero)) * YEAR, signal)
        )
        asks, resolved = self.help.outcome(self, source, signal, u)
        target = self.target[source]
        through = self.programmes.passes(source, u.get(Purpose.UNCLEAR, zero)) & ~resolved
        listed, refused, decided_by = self._decide(source, asks, u, year)
        waits = ~resolved & ~through & ~refused
        late = self.moment[source]
        ready = np.where(late, layout.first_august(year + 1), listed)
        final = np.where(resolved | through, asks, listed)
        keep = (final >= 0) & ~(late & (year < 0)) if year < 0 else np.ones(n, bool)
        if not keep.any():
            return
        source, hi, lo, district, birth, profile, signal, asks, listed, ready, target = (
            a[keep] for a in (source, hi, lo, district, birth, profile, signal, asks, listed, ready, target)
        )
        resolved, through, refused, waits, late = (a[keep] for a in (resolved, through, refused, waits, late))
        decided_by = decided_by[keep]
        u = {p: row[keep] for p, row in u.items()}
        base = world.log.pupils(
            key=(hi << np.uint64(32)) | lo,
            birth=birth,
            district=district,
            profile=profile,
            origin=source,
            signalled=signal,
        )
        index = base + np.arange(len(source))
        self._write(
            index, source, profile, signal, asks, listed, target, resolved, through, refused, decided_by
        )
        self._start(
            index,
            hi,
            lo,
            district,
            birth,
            profile,
            signal,
            asks,
            listed,
            ready,
            target,
            source,
            through,
            waits,
            late,
            u,
            year,
        )

    def _decide(
        self, source: Any, asks: Floats, u: dict[Purpose, Floats], year: int
    ) -> tuple[Floats, Any, Any]:
        """Day of the decision, whether refused, and by whom (type code, -1 = nobody)."""
        layout, region = self.world.layout, self.world.region
        listed, refused = asks.copy(), np.zeros(len(source), bool)
        by = np.full(len(source), -1)
        for name in region.decisions:
            mine = np.flatnonzero(np.array([d == name for d in self.decision], dtype=bool)[source])
            if len(mine):
                weeks = triangle(*self._weeks[name], u[Purpose.DECISION_TIME][mine])
                listed[mine] += on_grid(weeks * 7 * self.world.factor.get(f"{name}.weeks", 1.0))
                share = region.decisions[name].refused
                refused[mine] = u[Purpose.REFUSED][mine] < (share.value if share else 0.0)
                by[mine] = layout.types.index(name)
        return listed, refused, by

    def _write(
        self, index: Any, source: Any, profile: Any, signal: Any, asks: Any, listed: Any, target: Any,
        resolved: Any, through: Any, refused: Any, by: Any,
    ) -> None:  # fmt: skip
        log, layout = self.world.log, self.world.layout
        helped = np.flatnonzero(self.helped[source])
        if len(helped):
            code = np.array([layout.types.index(s) if s else -1 for s in self.stage])[source[helped]]
            place = np.array([layout.place_code(s) if s else -1 for s in self.stage])[source[helped]]
            log.visit_block(
                len(helped), pupil=index[helped], kind=Kind.SUPPORT, place=place, type=code, profile=profile[helped],
                signalled=signal[helped], listed=signal[helped], ready=signal[helped], placed=signal[helped],
                left=asks[helped], why=np.where(resolved[helped], Why.RESOLVED, Why.REFERRED), destination=target[helped],
            )  # fmt: skip
        asked = np.flatnonzero(~resolved & ~through & (by >= 0))
        if len(asked):
            names = {layout.types.index(d): layout.place_code(d) for d in self.world.region.decisions}
            log.visit_block(
                len(asked), pupil=index[asked], kind=Kind.DECISION, place=np.vectorize(names.get)(by[asked]), type=by[asked],
                profile=profile[asked], signalled=signal[asked], listed=asks[asked], ready=asks[asked], placed=asks[asked],
                left=listed[asked], why=np.where(refused[asked], Why.REFUSED, Why.GRANTED), destination=target[asked],
            )  # fmt: skip

    def _start(
        self, index: Any, hi: Any, lo: Any, district: Any, birth: Any, profile: Any, signal: Any, asks: Any, listed: Any,
        ready: Any, target: Any, source: Any, through: Any, waits: Any, late: Any, u: dict[Purpose, Floats], year: int,
    ) -> None:  # fmt: skip
        """Make the children who will be on a list or in a programme."""
        world, rules = self.world, self.world.rules
        some = np.flatnonzero(waits | through)
        some = some[np.argsort(np.where(through[some], asks[some], listed[some]), kind="stable")]
        model = [r.model.list for r in rules]
        would = np.array([m.accept_elsewhere.value if m.accept_elsewhere else 0.0 for m in model])[
            target[some]
        ]
        home = np.array([m.at_home.value if m.at_home else 0.0 for m in model])[target[some]]

        def column(p: Purpose, default: Any = 0.0) -> Any:
            return u[p][some].tolist() if p in u else repeat(default)

        rows = zip(
            *(a[some].tolist() for a in (index, hi, lo, district, birth, profile, signal, asks, listed, ready, target, source)),
            through[some].tolist(), late[some].tolist(), column(Purpose.TIE), column(Purpose.CHOICE),
            (u[Purpose.ELSEWHERE][some] < would).tolist() if Purpose.ELSEWHERE in u else repeat(False),
            (u[Purpose.AT_HOME][some] < home).tolist() if Purpose.AT_HOME in u else repeat(False),
            column(Purpose.PATIENCE), self._stays(u, target, some), column(Purpose.DIVERTED),
        )  # fmt: skip
        self._arrivals(rows, year)

    def _stays(self, u: dict[Purpose, Floats], target: Any, some: Any) -> Any:
        """Length of the first stay of each child, where the stay is one duration."""
        if Purpose.STAY not in u:
            return repeat(-1.0)
        days = np.full(len(some), -1.0)
        for r in self.world.rules:
            law = r.model.stay
            if law.law != "hazard":
                assert law.mean is not None
                mine = target[some] == r.index
                days[mine] = stay(law.law, law.mean.value, law.shape, u[Purpose.STAY][some][mine])
        return days.tolist()

    def _arrivals(self, rows: Iterator[tuple[Any, ...]], year: int) -> None:
        """Children one by one, in the order in which they come: each is made at its moment and plans the next."""
        world = self.world
        for i, h, low, d, b, pr, sig, ask, lst, rdy, tgt, src, thr, lat, tie, ch, el, ho, pat, st, div in rows:
            p = Pupil(i, h, low, b, d, pr, tie)
            p.requests, p.want, p.want_profile, p.want_times = 1, tgt, pr, (sig, lst, rdy)
            p.chooses, p.elsewhere, p.at_home, p.stay_days = ch, el, ho, st
            if self._impatient[tgt]:
                p.patience = world.patience(tgt, pat)
            if lat:
                world.pending[year + 1].append(p)
                continue
            when = ask if thr else lst
            if when >= world.layout.end:
                return
            world.always(when, ARRIVE, self._arrive, (p, src, thr, div, rows, year))
            return

    def _arrive(self, what: tuple[Pupil, int, bool, float, Iterator[tuple[Any, ...]], int]) -> None:
        p, source, through, diverted, rows, year = what
        self._arrivals(rows, year)
        if through:
            self.programmes.arrives(p, source, diverted)
        else:
            self.world.enlist(p)


def _triangle(d: Any) -> tuple[float, float, float]:
    low, mode, high = sorted((d.shortest.value, d.usual.value, d.longest.value))
    return low, mode, high
