"""Children at home for another reason than a waiting list: with a place they cannot attend, between schools, or exempt.

They hold no seat and meet no queue, so a school year's spells are drawn at once and cost no events. Only where a programme
takes children from a stock is each of its spells an object that can be ended early.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.clock import ARRIVE, GIVE_UP
from sim.model.draws import COHORT_SIZE, Purpose, cohort_word, origin_word
from sim.model.laws import YEAR, grid, on_grid, pick, poisson_count
from sim.model.programmes import Programmes
from sim.model.pupil import Pupil
from sim.model.spells import Spell
from sim.model.world import World
from sim.record import Kind, Why
from sim.scenario.facilities import Home


def weights_at_start(home: Home) -> list[float]:
    """Weight of each age of `ages` among the children present on day 0.

    Spells that begin at the given ages and end by chance are soon over, so who is there is as old as who comes. Exempt
    children stay until compulsory education ends, so those of an age are all who came at it or before and have not ended.
    """
    weights = list(home.ages.values()) or [1.0]
    if not home.exempt:
        return weights
    ages = list(home.ages) or [0]
    return [
        sum(w * math.exp(-home.closing.value * (a - e)) for e, w in zip(ages, weights, strict=True) if e <= a)
        for a in ages
    ]


class Homes:
    """The stocks of role home that are not a waiting list."""

    def __init__(self, world: World, programmes: Programmes) -> None:
        """Lay out districts by their share of children."""
        self.world, self.programmes = world, programmes
        region, layout = world.region, world.layout
        total = [
            sum(r.count[d].value for r in region.regular.values() if d in r.count) for d in layout.districts
        ] or [1.0]
        self._districts = [x / sum(total) if sum(total) else 1.0 / len(total) for x in total]
        self._open: list[Spell] = []
        rates = {k: h.from_no_place.value for k, h in region.home.items() if h.from_no_place}
        self._leaves_list = {k: v for k, v in rates.items() if v > 0 and world.on.exemption}
        if self._leaves_list and world.homes:
            world.when_home.append(self._may_be_exempt)

    def draw(self, year: int) -> None:
        """Spells that start in a school year (year 0 also: those present on day 0)."""
        layout, draws = self.world.layout, self.world.draws
        stocks = {k: h for k, h in self.world.region.home.items() if self.world.on.exemption or not h.exempt}
        start, end = layout.first_august(year), layout.first_august(year + 1)
        lo = cohort_word(layout.region.start.year + year, 0)
        words = [origin_word(name, "") for name in stocks]
        u = draws.block(Purpose.ARRIVALS, np.array(words, dtype=np.uint64), lo + COHORT_SIZE - 1)
        grow = [
            (1 + h.trend.value) ** year if h.trend and self.world.on.trend else 1.0 for h in stocks.values()
        ]
        flow = np.array([self._flow(name) for name in stocks])
        counts = poisson_count(u, flow * (end - start) / YEAR * np.array(grow))
        for (name, home), hi, n in zip(stocks.items(), words, counts.tolist(), strict=True):
            ids, u = self._fates(Purpose.SIGNAL_DAY, hi, lo, n)
            weights = list(home.ages.values()) or [1.0]
            self._spells(name, hi, ids, on_grid(start + u[0] * (end - start)), u, year, start, weights)
            if year == 0:
                word = origin_word(f"start|{name}", "")
                ids, u = self._fates(Purpose.ELAPSED, word, lo, int(home.start.value + 0.5))
                elapsed = -np.log(u[0]) * YEAR / max(home.closing.value, 1e-9)
                since = on_grid(-np.minimum(elapsed, 3 * YEAR))
                self._spells(name, word, ids, since, u, year, 0.0, weights_at_start(home))

    def _flow(self, name: str) -> float:
        """New children per year now. Approaches act on it where an effect names the stock."""
        home, hook = self.world.region.home[name], "absence"
        if home.exempt:
            hook = "exemption"
        reached = self.world.approaches.ratio(hook, name, named=not home.exempt)[-1, -1]
        return home.flow.value * float(reached)

    def _fates(
        self, first: Purpose, hi: int, lo: int, n: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
        """Identities of `n` children, and their draws: the first as asked, then length, district, age and birthday."""
        ids = np.uint64(lo) + np.arange(n, dtype=np.uint64)
        purposes = (first, Purpose.ABSENT_TIME, Purpose.DISTRICT, Purpose.START_AGE, Purpose.BIRTH_DAY)
        return ids, self.world.draws.block(np.array(purposes, dtype=np.uint64)[:, None], hi, ids)

    def _spells(
        self, name: str, hi: int, ids: NDArray[np.uint64], since: Any, u: NDArray[np.float64], year: int, start: float,
        weights: list[float],
    ) -> None:  # fmt: skip
        """Write spells; for those already at home the rest of the spell is as long as a new one (constant closing)."""
        n = len(ids)
        if n == 0:
            return
        world, layout = self.world, self.world.layout
        home = world.region.home[name]
        closing = world.closing(name)
        days = -np.log(u[1]) * YEAR / closing if closing > 0 else np.full(n, layout.end)
        left = np.maximum(since, start) + on_grid(days)
        ages = np.array(list(home.ages) or [10])
        age = ages[pick(u[3], weights)] if len(ages) > 1 else np.full(n, ages[0])
        birth = on_grid(layout.age_day(year) - (age + u[4]) * YEAR)
        if home.exempt:
            left = np.minimum(left, np.maximum(since, birth + on_grid((ages[-1] + 1) * YEAR)))
        district = pick(u[2], self._districts) if layout.districts else np.full(n, -1)
        base = world.log.pupils(
            key=(np.uint64(hi) << np.uint64(32)) | ids, birth=birth, district=district, profile=np.full(n, -1),
            origin=np.full(n, layout.origins.index(name)), signalled=since,
        )  # fmt: skip
        code, place = layout.types.index(name), layout.place_code(name)
        if name in self.programmes.takes:
            day = world.seen(name, hi, ids, 0, since)
            columns = zip(*(a.tolist() for a in (ids, birth, district, since, left, day)), strict=True)
            for i, (lo, born, lives, first, last, seen) in enumerate(columns):
                pupil = Pupil(base + i, hi, lo, born, lives, -1, 0.5)
                spell = Spell(pupil, name, code, place, first, last)
                self._open.append(spell)
                if seen < last:
                    world.at(max(seen, world.env.now), ARRIVE, self.programmes.at_home, spell)
            return
        world.log.visit_block(
            n, pupil=base + np.arange(n), kind=Kind.ABSENCE, place=place, type=code, signalled=since, listed=since,
            ready=since, placed=since, left=left, why=Why.RETURNED,
        )  # fmt: skip

    def _may_be_exempt(self, p: Pupil) -> None:
        """A clock for a child that waits at home: it may be freed from compulsory education, and leaves the list then."""
        for name, today in self._leaves_list.items():
            rate = today * self.world.approaches.city("exemption", name)
            if rate > 0:
                u = self.world.draws.one(Purpose.EXEMPTED, p.hi, p.lo, p.requests)
                when = self.world.env.now + grid(-math.log1p(-u) * YEAR / rate)
                self.world.at(when, GIVE_UP, self._exempt, (p, p.home_from, name))

    def _exempt(self, what: tuple[Pupil, float, str]) -> None:
        p, since, name = what
        if p.home_from != since or p.want < 0:
            return
        world, home = self.world, self.world.region.home[name]
        world.unlist(p, Why.EXEMPTED)
        now, layout = world.env.now, world.layout
        u = world.draws.one(Purpose.EXEMPT_TIME, p.hi, p.lo, p.requests)
        left = (
            now + grid(-math.log1p(-u) * YEAR / home.closing.value) if home.closing.value > 0 else layout.end
        )
        if home.ages:
            left = max(now, min(left, p.birth + grid((max(home.ages) + 1) * YEAR)))
        place, code = layout.place_code(name), layout.types.index(name)
        world.log.visits.extend(
            (p.index, Kind.ABSENCE, place, code, -1, p.profile, now, now, now, now, left, Why.RETURNED, -1)
        )

    def finish(self) -> None:
        """At the end: write the spells that nothing ended early."""
        for spell in self._open:
            if spell.at_home:
                spell.write(self.world.log, spell.left)
