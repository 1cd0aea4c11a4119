"""Children at home for another reason than a waiting list: with a place they cannot attend, or between schools.

They hold no seat and meet no queue, so a school year's spells are drawn at once and cost no events.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import COHORT_SIZE, Purpose, cohort_word, origin_word
from sim.model.laws import YEAR, on_grid, pick, poisson_count
from sim.model.world import World
from sim.record import Kind, Why


class Homes:
    """The stocks of role home that are not a waiting list."""

    def __init__(self, world: World) -> None:
        """Lay out districts by their share of children."""
        self.world = world
        region, layout = world.region, world.layout
        total = [
            sum(r.count[d].value for r in region.regular.values() if d in r.count) for d in layout.districts
        ] or [1.0]
        self._districts = [x / sum(total) if sum(total) else 1.0 / len(total) for x in total]

    def draw(self, year: int) -> None:
        """Spells that start in a school year (year 0 also: those present on day 0)."""
        layout, draws = self.world.layout, self.world.draws
        start, end = layout.first_august(year), layout.first_august(year + 1)
        birth_year = layout.region.start.year + year
        for name, home in self.world.region.home.items():
            grow = (1 + home.trend.value) ** year if home.trend and self.world.on.trend else 1.0
            hi, lo = origin_word(name, ""), cohort_word(birth_year, 0)
            u = draws.block(Purpose.ARRIVALS, hi, np.array([lo + COHORT_SIZE - 1], dtype=np.uint64))
            n = int(poisson_count(u, np.array([home.flow.value * (end - start) / YEAR * grow]))[0])
            ids = np.uint64(lo) + np.arange(n, dtype=np.uint64)
            since = on_grid(start + draws.block(Purpose.SIGNAL_DAY, hi, ids) * (end - start))
            self._spells(name, hi, ids, since, year, start)
            if year == 0:
                here = int(home.start.value + 0.5)
                word = origin_word(f"start|{name}", "")
                ids = np.uint64(lo) + np.arange(here, dtype=np.uint64)
                closing = max(home.closing.value, 1e-9)
                elapsed = -np.log(draws.block(Purpose.ELAPSED, word, ids)) * YEAR / closing
                self._spells(name, word, ids, on_grid(-np.minimum(elapsed, 3 * YEAR)), year, 0.0)

    def _spells(
        self, name: str, hi: int, ids: NDArray[np.uint64], since: Any, year: int, start: float
    ) -> None:
        """Write spells; for those already at home the rest of the spell is as long as a new one (constant closing)."""
        n = len(ids)
        if n == 0:
            return
        world, layout = self.world, self.world.layout
        home = world.region.home[name]
        rows = world.draws.block(
            np.array([[Purpose.ABSENT_TIME], [Purpose.DISTRICT], [Purpose.START_AGE], [Purpose.BIRTH_DAY]], dtype=np.uint64),
            hi, ids,
        )  # fmt: skip
        days = (
            -np.log(rows[0]) * YEAR / home.closing.value if home.closing.value > 0 else np.full(n, layout.end)
        )
        left = np.maximum(since, start) + on_grid(days)
        ages = np.array(list(home.ages) or [10])
        age = ages[pick(rows[2], list(home.ages.values()) or [1.0])] if len(ages) > 1 else np.full(n, ages[0])
        birth = on_grid(layout.age_day(year) - (age + rows[3]) * YEAR)
        district = pick(rows[1], self._districts) if layout.districts else np.full(n, -1)
        base = world.log.pupils(
            key=(np.uint64(hi) << np.uint64(32)) | ids, birth=birth, district=district, profile=np.full(n, -1),
            origin=np.full(n, layout.origins.index(name)), signalled=since,
        )  # fmt: skip
        world.log.visit_block(
            n, pupil=base + np.arange(n), kind=Kind.ABSENCE, place=layout.place_code(name), type=layout.types.index(name),
            signalled=since, listed=since, ready=since, placed=since, left=left, why=Why.RETURNED,
        )  # fmt: skip
