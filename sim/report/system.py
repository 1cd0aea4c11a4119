"""What the region, the model and this installation consist of, counted from the files themselves."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.indicators import INDICATORS
from sim.model.draws import Purpose
from sim.report.content import Tongue
from sim.report.proofs import Proofs
from sim.scenario.describe import grade_counts, number_rows
from sim.scenario.levers import levers_of
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario
from sim.scenario.units import OUTSIDE
from sim.study.engine import Engine
from sim.study.manifest import packages


@dataclass(frozen=True)
class Facts:
    """Counts and lists that the checklists fill in.

    Attributes:
        scenario: Carrying on as we do.
        scenarios: Ids of all scenarios of the region.
        proofs: The proof tables, for seeds and replications.
        packages: Package -> version that is installed here.
    """

    scenario: Scenario
    scenarios: Sequence[str]
    proofs: Proofs
    packages: Mapping[str, str]

    @property
    def region(self) -> Region:
        """The region."""
        return self.scenario.region

    @property
    def levers(self) -> int:
        """What can be decided."""
        return len(levers_of(self.region))

    @property
    def indicators(self) -> int:
        """What is counted."""
        return len(INDICATORS)

    @property
    def purposes(self) -> int:
        """Kinds of random draw."""
        return len(Purpose)

    @property
    def engine(self) -> str:
        """First signs of the digest of the model's source."""
        return Engine().digest()[:12]

    @property
    def python(self) -> str:
        """Version of Python."""
        return platform.python_version()

    @property
    def machine(self) -> str:
        """System and processor."""
        return f"{platform.system()} {platform.machine()}"

    @property
    def fitted(self) -> int:
        """Numbers that drawn runs take together from the calibration."""
        return len(self.scenario.posterior.paths)

    @property
    def moves(self) -> int:
        """Moves between types that the yearly review may decide."""
        return sum(len(x.review.moves) for x in self.region.place_types.values() if x.review)

    @property
    def back(self) -> int:
        """Types from which children go back to a regular school."""
        return sum(bool(x.review and x.review.back) for x in self.region.place_types.values())

    @property
    def transitions(self) -> int:
        """Destinations at the end of a stage, over all types."""
        return sum(len(x.transition.to) for x in self.region.place_types.values() if x.transition)

    @property
    def from_outside(self) -> int:
        """Sources from outside the region."""
        return sum(x.of == OUTSIDE for x in self.region.sources.values())

    @property
    def roll(self) -> float:
        """Children who have a place at the start."""
        return sum(q.value for place in self.region.places.values() for q in place.roll.values())

    @property
    def waiting(self) -> float:
        """Children on a list at the start."""
        return sum(q.value for place in self.region.places.values() for q in place.waiting.values())

    @property
    def horizon(self) -> int:
        """Years of a run: replayed and reported."""
        return self.region.replay_years + self.scenario.years

    @property
    def switched_on(self) -> tuple[str, ...]:
        """Mechanisms that run."""
        return tuple(name for name, on in self.region.mechanisms.model_dump().items() if on)

    def grades(self) -> str:
        """Numbers by grade in a few signs."""
        return ", ".join(f"{n} {g}" for g, n in grade_counts(number_rows(self.scenario)).items() if n)

    def numbers(self) -> int:
        """How many graded numbers there are."""
        return len(number_rows(self.scenario))

    def disciplines(self, t: Tongue) -> str:
        """Orders of the waiting lists in use."""
        words = {
            "date": t("wie het langst op de lijst staat", "who is longest on the list"),
            "last": t("wie het laatst op de lijst kwam", "who came on the list last"),
            "home_first": t(
                "wie thuis wacht, dan wie het langst wacht",
                "who waits at home, then who is longest on the list",
            ),
            "oldest_first": t("het oudste kind", "the oldest child"),
            "priority": t("voorrang, dan wie het langst wacht", "priority, then who is longest on the list"),
        }
        used = dict.fromkeys(x.list.discipline for x in self.region.place_types.values())
        return ", ".join(words[x] for x in used)

    def names(self, t: Tongue, part: str) -> str:
        """Titles of the members of one part of the region."""
        return ", ".join(t.text(item.title) for item in getattr(self.region, part).values())

    def seeds(self) -> str:
        """Seeds of the proof tables."""
        seeds = sorted({str(x.manifest["seed"]) for x in self.proofs.tables.values() if "seed" in x.manifest})
        return ", ".join(seeds)

    def versions(self) -> str:
        """Versions of what computes."""
        return ", ".join(f"{name} {number}" for name, number in self.packages.items())


def facts(scenario: Scenario, scenarios: Sequence[str], proofs: Proofs) -> Facts:
    """Collect what the checklists need."""
    return Facts(scenario, tuple(scenarios), proofs, packages())
