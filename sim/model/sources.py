"""Where first signals come from: how many are expected per district and age, and who they are.

Numbers are Poisson quantiles of the cohort's own draw, so more demand only adds children and changes no other child.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import COHORT_SIZE, Purpose, cohort_word, origin_word
from sim.model.laws import YEAR, poisson_count
from sim.model.world import World
from sim.record import Level
from sim.scenario.levers import apply
from sim.scenario.routes import Source
from sim.scenario.units import OUTSIDE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Cohorts:
    """Districts x ages of one source: shares, and identity words.

    Attributes:
        risk: Share of a stage's children who are at risk (or shares that add up to 1, from outside), districts x ages.
        ages: Ages on the age date.
        words: First identity word per district.
    """

    risk: Floats
    ages: Ints
    words: Words


@dataclass(frozen=True)
class Signalled:
    """Children with a first signal in one school year: one entry per child in every array.

    Attributes:
        source: Index of the source.
        hi, lo: Identity.
        district: District code.
        age: Age on the age date of the school year.
        exact: Day of the signal when the region gives it (NaN = to be drawn).
    """

    source: Ints
    hi: Words
    lo: Words
    district: Ints
    age: Ints
    exact: Floats


class Sources:
    """All sources of one region.

    Attributes:
        all: Name and model of each source.
        target: Special type asked for, per source (of one that feeds a programme: the first that may follow).
        induced: Per special type, how much more (or less) is signalled because seats are easier (or harder) to get.
        pressure: Sources x districts: chance of a referral, compared with today. Above 1 there are more signals;
            below 1 part of them leads to no referral.
        per_referral: Per regular stage, first signals behind each referral (help resolves the others).
    """

    def __init__(self, world: World) -> None:
        """Lay out the sources."""
        self.world = world
        layout, region = world.layout, world.region
        self.all: list[tuple[str, Source]] = list(region.sources.items())
        self.target = np.array(
            [layout.special.index(_type_of(world, s.to)) for _, s in self.all], dtype=np.int64
        )
        self.helped = np.array(
            [s.support and s.of in region.regular and _helps(world, s.of) for _, s in self.all], dtype=bool
        )
        self.induced = [1.0] * len(world.rules)
        self.pressure = np.ones((len(self.all), max(1, len(layout.districts))))
        self.per_referral = dict.fromkeys(region.regular, 1.0)
        self._population: dict[tuple[str, int], Floats] = {}
        self._levers = layout.scenario.levers
        self._cohorts = [self._lay_out(name, s) for name, s in self.all]

    def _lay_out(self, name: str, s: Source) -> Cohorts:
        layout, region = self.world.layout, self.world.region
        ages = np.array(list(s.ages) or [0], dtype=np.int64)
        weights = np.array(list(s.ages.values()) or [1.0])
        if s.of == OUTSIDE:
            share = s.districts or self._lived_in()
            per = np.array([share.get(d, 0.0) for d in layout.districts] or [1.0])
            risk = np.outer(per / per.sum(), weights / weights.sum())
        else:
            stage = region.regular[s.of]
            span = stage.ages[1] - stage.ages[0] + 1
            risk = np.outer(np.ones(len(layout.districts)) / span, weights / weights.mean())
        words = np.array([origin_word(name, d) for d in layout.districts or ("",)], dtype=np.uint64)
        return Cohorts(risk, ages, words)

    def _lived_in(self) -> dict[str, float]:
        """From outside children come to any district where people live on day 0."""
        districts = self.world.layout.districts
        lived = self.children(0)
        return {d: 1.0 for i, d in enumerate(districts) if lived[i] > 0 or not lived.any()}

    def children(self, year: int) -> Floats:
        """Children of all regular stages together per district (one number without districts)."""
        if not self.world.layout.districts:
            return np.ones(1)
        none = np.zeros(len(self.world.layout.districts))
        return np.asarray(sum((self.population(k, year) for k in self.world.region.regular), none))

    def population(self, stage: str, year: int) -> Floats:
        """Children of a regular stage per district on 1 August: the count, its growth, and who moved into new houses."""
        if (stage, year) not in self._population:
            self._population[stage, year] = self._count(stage, year)
        return self._population[stage, year]

    def _count(self, stage: str, year: int) -> Floats:
        model = self.world.region.regular[stage]
        grows = self.world.on.demand_growth
        districts = self.world.layout.districts
        count = np.array([model.count[d].value if d in model.count else 0.0 for d in districts])
        growth = np.array([model.growth[d].value if grows and d in model.growth else 0.0 for d in districts])
        now = np.asarray(count * (1 + growth) ** year)
        day = self.world.layout.date_of(self.world.layout.first_august(year))
        for d, build in model.builds.items() if grows else ():
            until = min(day, build.until) if build.until else day
            now[districts.index(d)] += build.per_year.value * max(0, (until - build.from_).days) / YEAR
        return now

    def record_population(self, year: int) -> None:
        """Write the counts of those who are not simulated one by one."""
        layout = self.world.layout
        for stage in self.world.region.regular:
            code = layout.types.index(stage)
            for d, count in enumerate(self.population(stage, year)):
                self.world.log.level(
                    layout.first_august(year), Level.POPULATION, float(count), type=code, district=d
                )

    def expected(self, i: int, year: int) -> Floats:
        """Expected first signals of source `i` in a school year (districts x ages)."""
        s, risk = self.all[i][1], self._cohorts[i].risk
        layout = self.world.layout
        grow = (1 + s.trend.value) ** year if s.trend and self.world.on.trend else 1.0
        if (given := s.by_year.get(layout.region.start.year + year)) is not None:
            grow *= given.value
        grow *= self._lever(i, "signals", 1.0)
        more = np.maximum(1.0, self.pressure[i])[:, None]
        if s.flow is not None:
            days = layout.first_august(year + 1) - layout.first_august(year)
            admitted = self._lever(i, "admits", s.admits.value) if s.admits else 1.0
            return np.asarray(risk * more * (s.flow.value * days / YEAR * grow * admitted))
        assert s.rate is not None
        at_risk = risk * self.population(s.of, year)[:, None]
        mean = at_risk * more * (s.rate.value * grow * self.induced[int(self.target[i])])
        return np.asarray(mean * self.per_referral[s.of] if self.helped[i] else mean)

    def _lever(self, i: int, key: str, today: float) -> float:
        """Value of a number lever of a source now."""
        changes = self._levers.get(f"{self.all[i][0]}.{key}")
        return (
            float(apply(changes, today, self.world.layout.date_of(self.world.env.now))) if changes else today
        )

    def asking_for_help(self, stage: str, year: int) -> float:
        """First signals a year in a regular stage that helps before it refers."""
        mine = [i for i, (_, s) in enumerate(self.all) if self.helped[i] and s.of == stage]
        return float(sum(self.expected(i, year).sum() for i in mine))

    def draw(self, year: int, early: bool = False) -> Signalled | None:
        """Who is signalled in a school year; None = nobody. With `early`: only of sources that may be found earlier."""
        some = [(i, s) for i, (_, s) in enumerate(self.all) if s.early or not early]
        parts = [self._exact(i, s, year) for i, s in some if s.at]
        drawn = [i for i, s in some if not s.at]
        if drawn:
            parts.append(self._counted(drawn, year))
        if not parts:
            return None
        found = Signalled(
            *(np.concatenate([getattr(p, k) for p in parts]) for k in Signalled.__dataclass_fields__)
        )
        return found if len(found.source) else None

    def _counted(self, drawn: list[int], year: int) -> Signalled:
        birth_year = self.world.layout.region.start.year + year
        source, hi, lo, district, age, mean = [], [], [], [], [], []
        for i in drawn:
            c = self._cohorts[i]
            second = np.array([cohort_word(birth_year - int(a), int(a)) for a in c.ages], dtype=np.uint64)
            rows, ages = len(c.words), len(c.ages)
            source.append(np.full(rows * ages, i))
            hi.append(np.repeat(c.words, ages))
            lo.append(np.tile(second, rows))
            district.append(np.repeat(np.arange(rows), ages))
            age.append(np.tile(c.ages, rows))
            mean.append(self.expected(i, year).ravel())
        words, seconds = np.concatenate(hi), np.concatenate(lo)
        u = self.world.draws.block(Purpose.ARRIVALS, words, seconds + np.uint64(COHORT_SIZE - 1))
        n = poisson_count(u, np.concatenate(mean))
        if n.max(initial=0) >= COHORT_SIZE - 1:
            raise ValueError(f"more than {COHORT_SIZE} signals of one source, district and age in a year")
        at = np.repeat(np.arange(len(n)), n)
        k = np.arange(len(at)) - np.repeat(np.cumsum(n) - n, n)
        return Signalled(
            np.concatenate(source)[at], words[at], seconds[at] + k.astype(np.uint64), np.concatenate(district)[at],
            np.concatenate(age)[at], np.full(len(at), np.nan),
        )  # fmt: skip

    def _exact(self, i: int, s: Source, year: int) -> Signalled:
        layout = self.world.layout
        start, end = layout.first_august(year), layout.first_august(year + 1)
        k = np.array([j for j, t in enumerate(s.at) if start <= t < end], dtype=np.uint64)
        n = len(k)
        lo = np.uint64(cohort_word(layout.region.start.year, 0)) + k
        age = next(iter(s.ages), 0)  # a hand trace names one age
        return Signalled(
            np.full(n, i), np.full(n, origin_word(self.all[i][0], ""), dtype=np.uint64), lo,
            np.full(n, 0 if layout.districts else -1), np.full(n, age, dtype=np.int64),
            np.array([t for t in s.at if start <= t < end]),
        )  # fmt: skip


def _type_of(world: World, to: str) -> str:
    special = world.layout.special
    if to in special:
        return to
    return next((n for n in world.region.programmes[to].next if n in special), special[0])


def _helps(world: World, stage: str) -> bool:
    return world.on.support and world.region.regular[stage].support is not None
