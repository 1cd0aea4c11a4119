"""One pool of staff: who is in service, and what follows from that for illness, vacancies and training."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.scenario import means

SUPERVISED = 2  # school years in which a student in training takes time of those who teach
NOTHING_LEFT = 1e-9  # FTE: less than this is rounding


@dataclass
class Pool:
    """One pool. All in FTE, except shares and years.

    Attributes:
        own: In service, also those who are ill or lent out.
        usual: Leaves and is replaced in a usual year.
        added: Brought in so far by levers, net; what a lever adds next is the difference with this.
        students: School year of starting -> students in training.
        sick: Share of time lost through illness.
        present: Can stand somewhere now.
        asked: Asked by all together.
        left: Left at the last 1 August.
        spare: Present beyond what is asked: they take posts that are vacant since day 0.
        kept: Share of what stood beside the groups on day 0 that still has its people.
        dose: Share of what is asked above day 0 that gets its people.
        more: Asked above day 0 by all but groups.
        along: Moved along to a regular stage when its groups ran empty.
    """

    model: means.Pool
    code: int
    place: int
    own: float
    usual: float
    left: float
    sick: float
    present: float = 0.0
    asked: float = 0.0
    added: float = 0.0
    students: dict[int, float] = field(default_factory=dict)
    kept: float = 1.0
    dose: float = 1.0
    more: float = 0.0
    spare: float = 0.0
    along: float = 0.0

    @property
    def vacant(self) -> float:
        """Share of the posts of groups that nobody fills on day 0."""
        return self.model.vacancies.value if self.model.vacancies else 0.0

    @property
    def health(self) -> float:
        """Working time per FTE, compared with day 0."""
        before = self.model.sick.value if self.model.sick else 0.0
        return (1.0 - self.sick) / max(1.0 - before, NOTHING_LEFT)

    @property
    def years(self) -> int:
        """School years of training, as 1 Augusts that pass before a student works."""
        years = self.model.training_years
        return math.ceil(years.value - NOTHING_LEFT) if years else 0

    @property
    def supervised(self) -> int:
        """School years in which a student is supervised."""
        return min(SUPERVISED, self.years)
