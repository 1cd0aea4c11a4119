"""Every mechanism matters in Almere: switched off, a named indicator moves beyond its band.

The band is that of the paired differences, the same children with and without the mechanism: all pairs must move in the
direction that is written down here, and their mean must lie more than two of their standard deviations from nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from loky import get_reusable_executor

import sim
from sim.indicators import compute
from sim.scenario.levers import Change
from sim.scenario.region import Mechanisms
from sim.scenario.scenario import Scenario

SEED, PAIRS = 11, 4
FIRST_YEAR = "2025-2026"  # what is compared is the mean from this school year on
EARLY = date(2024, 8, 1)


def fuller_groups() -> Scenario:
    """Three children more in every group of SBO and SO: enough for crowding, and for seats that bring requests."""
    more = (Change.model_validate({"add": 3, "from": EARLY}),)
    levers = {"sbo.class_size": more, "so.class_size": more}
    return sim.load("baseline", years=5).model_copy(update={"levers": levers})


def fewer_groups() -> Scenario:
    """Six groups of SBO less: children wait long before they are placed."""
    fewer = (Change.model_validate({"add": -6, "from": EARLY}),)
    return sim.load("baseline", years=5).model_copy(update={"levers": {"sbo.groups": fewer}})


def students() -> Scenario:
    """Twenty students a year start training before the groups of special schools."""
    more = (Change.model_validate({"add": 20, "from": EARLY}),)
    return sim.load("baseline", years=5).model_copy(update={"levers": {"leraar.training": more}})


def fewer_schools() -> Scenario:
    """Ten small primary schools close."""
    closed = (Change.model_validate({"set": 10, "from": EARLY}),)
    return sim.load("baseline", years=5).model_copy(update={"levers": {"bo.schools_closed": closed}})


def fewer_exits() -> Scenario:
    """Twenty places for work, day care or mbo less: pupils of VSO stay longer."""
    fewer = (Change.model_validate({"set": -20, "from": EARLY}),)
    return sim.load("baseline", years=3).model_copy(update={"levers": {"vso.exit_places": fewer}})


def moved(levers: dict[str, float], years: int, first: date = EARLY) -> Scenario:
    """Levers set to these values from one date."""
    changes = {k: (Change.model_validate({"set": v, "from": first}),) for k, v in levers.items()}
    return sim.load("baseline", years=years).model_copy(update={"levers": changes})


def one_team() -> Scenario:
    """The team of school and youth help everywhere, with all the people it asks for."""
    people = {"jeugdhulp-triade": 60, "gedragswetenschapper": 15, "begeleider": 20, "assistent": 40}
    return moved({"interprofessioneel-team.coverage": 1} | {f"{k}.extra": v for k, v in people.items()}, 5)


def seen_early() -> Scenario:
    """Children are seen sooner from the first school year that is compared; there is no other."""
    return moved(
        {"vroegsignalering.coverage": 1, "jgz.extra": 10, "jeugdhulp-triade.extra": 10}, 1, date(2025, 8, 1)
    )


SCENARIOS = {
    "baseline": lambda: sim.load("baseline", years=3),
    "grotere-klassen": lambda: sim.load("grotere-klassen", years=3),
    "fuller groups": fuller_groups,
    "fewer groups": fewer_groups,
    "students": students,
    "fewer schools": fewer_schools,
    "fewer exits": fewer_exits,
    "one team": one_team,
    "seen early": seen_early,
    "quick declaration": lambda: moved({"tlv.weeks": 0.1}, 3),
    "more go back": lambda: moved(
        {"betrokken-school.coverage": 1, "begeleider.extra": 5, "bo.support_slots": 0}, 5
    ),
}


@dataclass(frozen=True)
class Claim:
    """What happens without a mechanism: which indicator goes up (+1) or down (-1), and why."""

    indicator: str
    place_type: str
    direction: int
    why: str
    scenario: str = "baseline"


CLAIMS = {
    "demand_growth": Claim("K19.new", "tag:secondary", -1, "no more children in the city, so no more requests"),
    "trend": Claim("K02.mean", "all", -1, "SO and VSO are asked for as often as today, so fewer wait"),
    "support": Claim("K18.supported", "all", -1, "nobody gets help in the regular school"),
    "decisions": Claim("K19.new", "all", -1, "nobody needs a declaration"),
    "offers_refused": Claim("K02.oct", "all", -1, "every offered seat is taken, so lists empty sooner"),
    "reneging": Claim("K02.mean", "all", +1, "nobody stops waiting, so more wait"),
    "moments": Claim("K02.oct", "all", -1, "a free seat is given at once and not after a holiday"),
    "regrouping": Claim(
        "K22.empty_while_waiting_oct", "all", +1, "groups stay divided over ages as they were, children do not"
    ),
    "returns": Claim("K16.returns", "all", -1, "nobody goes back to a regular school"),
    "step_up": Claim("K14.changes", "all", -1, "nobody moves to a more intensive type between the ends of stages"),
    "step_down": Claim("K14.changes", "so", -1, "nobody moves from SO to SBO"),
    "transition": Claim("K22.occupancy", "pro", -1, "nobody comes from SBO or SO at about 12"),
    "leaving": Claim("K02.oct", "all", +1, "VSO and PrO are left at the age limit only, so their seats stay taken"),
    "moving": Claim("K22.empty_oct", "tag:special", -1, "no seat comes free because a family moves"),
    "home": Claim("K12.total", "all", -1, "nobody is counted at home"),
    "staff": Claim("K26.dose", "all", +1, "extra hands are always found", "grotere-klassen"),
    "sickness": Claim("K27.sick", "all", -1, "unrest in fuller groups makes nobody ill", "fuller groups"),
    "sent_home": Claim("K12.sent_home", "all", -1, "no group is sent home for a post that nobody fills"),
    "training": Claim("K12.sent_home", "all", +1, "nobody comes to fill a vacant post after training", "students"),
    "school_closure": Claim("K26.found", "all", -1, "no teachers come free from small schools", "fewer schools"),
    "crowding": Claim("K16.returns", "tag:primary", +1, "fuller groups keep fewer from going back", "fuller groups"),
    "induced_demand": Claim("K19.new", "tag:primary", -1, "more seats bring no more requests", "fuller groups"),
    "programmes": Claim("K02.programme", "all", -1, "an open temporary place has room for all, so nobody waits for it"),
    "blocking": Claim("K09.blocked_days", "all", -1, "nobody stays in treatment for want of a seat"),
    "interim": Claim("K12.no_place", "all", +1, "no child that waits at home has a temporary place meanwhile"),
    "exemption": Claim("K13.stock", "all", -1, "nobody is exempt"),
    "approaches": Claim("K19.new", "all", +1, "a team in every school keeps nobody from a referral", "one team"),
    "fading": Claim("K19.new", "tag:primary", -1, "the team keeps its strength as people come and go", "one team"),
    "early_signal": Claim("K19.new", "tag:primary", -1, "nobody comes a school year sooner", "seen early"),
    "easy_access": Claim(
        "K19.new", "tag:primary", -1, "a quicker declaration brings no more requests", "quick declaration"
    ),
    "returns_need_help": Claim(
        "K18.supported", "all", +1, "who comes back asks for no help, so more of the others get it", "more go back"
    ),
    "failed_starts": Claim("K15.failed", "all", -1, "every start holds"),
    "teams": Claim("K06.meeting", "all", -1, "nobody waits for a meeting"),
    "money_wait": Claim("K06.money", "all", -1, "nobody waits until the money is agreed"),
    "exits": Claim("K02.mean", "vso", -1, "pupils leave VSO as always, so seats come free", "fewer exits"),
    "waiting_needs": Claim("K19.new", "so", -1, "a long wait for SBO leads to SO no more often", "fewer groups"),
}  # fmt: skip


def measure(name: str, without: str, replication: int) -> dict[tuple[str, str], float]:
    """Mean over the school years of every indicator that a claim names, in one replication."""
    scenario = SCENARIOS[name]()
    if without:
        region = scenario.region
        switched = region.mechanisms.model_copy(update={without: False})
        scenario = scenario.model_copy(update={"region": region.model_copy(update={"mechanisms": switched})})
    table = compute(sim.simulate(scenario, SEED, replication))
    table = table[(table["district"] == "all") & (table["profile"] == "all")]
    table = table[table["school_year"].astype(str) >= FIRST_YEAR]
    means = table.groupby(["indicator", "place_type"], observed=True)["value"].mean()
    wanted = {(c.indicator, c.place_type) for c in CLAIMS.values()}
    return {key: float(means[key]) for key in wanted}


@pytest.fixture(scope="module")
def runs() -> dict[tuple[str, str], list[dict[tuple[str, str], float]]]:
    """All runs, by scenario and mechanism that is off ("" = none)."""
    cells = [(name, "") for name in SCENARIOS] + [(c.scenario, m) for m, c in CLAIMS.items()]
    jobs = [(*cell, r) for cell in cells for r in range(PAIRS)]
    found = list(get_reusable_executor(max_workers=2).map(measure, *zip(*jobs, strict=True)))
    return {cell: found[i * PAIRS : (i + 1) * PAIRS] for i, cell in enumerate(cells)}


def test_every_mechanism_has_a_claim_and_is_on_in_almere():
    assert set(CLAIMS) == set(Mechanisms.model_fields)
    assert all(sim.load("baseline").region.mechanisms.model_dump().values())


@pytest.mark.parametrize("mechanism", CLAIMS)
def test_without_it_the_indicator_moves_beyond_its_band(runs, mechanism):
    claim = CLAIMS[mechanism]
    key = claim.indicator, claim.place_type
    pairs = zip(runs[claim.scenario, mechanism], runs[claim.scenario, ""], strict=True)
    moved = np.array([off[key] - on[key] for off, on in pairs])
    assert (np.sign(moved) == claim.direction).all(), f"{moved} should go {claim.direction:+d}: {claim.why}"
    assert abs(moved.mean()) > 2 * moved.std(ddof=1), f"{moved} lies within its band: {claim.why}"
