"""Staff against closed forms, on the toy `staff`: 25 groups of 12, a teacher each, half an assistant, helpers beside."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

import sim
from proof.toys import toy
from sim.indicators import compute
from sim.record import Kind, Level

GROUPS, SIZE, LEAVING, SICK, SUPERVISION, TRAINING = 25, 12, 0.1, 0.06, 0.2, 4
USUAL = 1 - math.exp(-LEAVING)
SEED = 11
NO_EFFECTS = {f"effects.{name}.size": 1 for name in ("incidents", "sickness", "leaving", "moved")}


def from_year(year: int, **change: float) -> list[dict]:
    """A change from 1 August of a school year (0 = the first)."""
    return [change | {"from": date(2026 + year, 8, 1)}]


def run(levers=None, edits=None, *, effects=True, years=8, replication=0):
    """A record of the toy with these levers; without its effects if asked."""
    evidence = None if effects else NO_EFFECTS
    return sim.simulate(toy("staff", edits, levers, years=years, evidence=evidence), SEED, replication)


def on_1_august(record, what, name=None):
    """Value of a level after 1 August of each school year, for a type or pool."""
    rows = record.levels
    code = record.types.index(name) if name else -1
    mine = (rows["what"] == what) & (rows["type"] == code)
    time, value = rows["time"][mine], rows["value"][mine]
    return [float(value[time <= day][-1]) for day in record.year_starts[:-1]]


def test_in_a_usual_year_who_leaves_is_replaced():
    record = run()
    assert on_1_august(record, Level.STAFF_PRESENT, "teacher") == pytest.approx([GROUPS] * 8)
    assert on_1_august(record, Level.LEFT, "teacher") == pytest.approx([GROUPS * USUAL] * 8)
    assert on_1_august(record, Level.DOSE) == [1.0] * 8


def test_fb15_training_first_takes_teachers_and_brings_them_after_four_years():
    """Ten students a year from year 1: each takes 0.2 FTE in its first two years and works from its fifth.

    Nobody leaves and nobody can be hired. Cohorts of years 1, 2, ... are supervised in the year in which they start and the
    next, so 2 FTE are gone in year 1 and 4 from year 2; the cohort of year 1 works from year 5.
    """
    record = run({"teacher.training": from_year(1, add=10)}, {"staff.teacher.leaving": 0}, effects=False)
    expected = [GROUPS - 10 * SUPERVISION * min(year, 2) + 10 * max(0, year - TRAINING) for year in range(8)]
    assert on_1_august(record, Level.STAFF_PRESENT, "teacher") == pytest.approx(expected)
    groups = [min(GROUPS, math.floor(n)) for n in expected]
    assert on_1_august(record, Level.GROUPS, "school") == groups


def test_fb15_switched_off_nothing_happens():
    off = run({"teacher.training": from_year(1, add=10)}, {"mechanisms.training": False})
    plain = run(edits={"mechanisms.training": False})
    assert compute(off).equals(compute(plain))


def test_support_taken_from_special_schools_closes_groups():
    """Five teachers lent from year 2 fill fifty places for help (0.1 FTE each) and leave five groups without a teacher."""
    asked = {"primary.support_slots": from_year(2, add=50)}
    lent = run(asked | {"teacher.lent": from_year(2, set=5)}, {"staff.teacher.leaving": 0})
    alone = run(asked, {"staff.teacher.leaving": 0})
    assert on_1_august(lent, Level.GROUPS, "school") == [GROUPS] * 2 + [GROUPS - 5] * 6
    assert on_1_august(lent, Level.HELP_SLOTS, "primary") == pytest.approx([10] * 2 + [60] * 6)
    assert on_1_august(alone, Level.GROUPS, "school") == [GROUPS] * 8
    assert on_1_august(alone, Level.HELP_SLOTS, "primary") == pytest.approx([10] * 8)


def test_the_scarcest_pool_closes_groups():
    """Two assistants fewer (half of one per group) close four groups, though every teacher is there."""
    record = run({"assistant.extra": from_year(1, add=-2)}, {"staff.assistant.leaving": 0}, effects=False)
    assert on_1_august(record, Level.STAFF_PRESENT, "teacher") == pytest.approx([GROUPS] * 8)
    assert on_1_august(record, Level.GROUPS, "school") == [GROUPS] + [GROUPS - 4] * 7


def test_fb11_a_shock_of_5_percent_is_over_within_two_years():
    """1.25 of 25 teachers leave at once in February; without effects the gap closes by `hire` each 1 August.

    At 0.7 a year that is the second 1 August. The children of the closed group crowd the others for a while and the list
    takes the rest, so with the effects of the toy the gap closes on the same day.
    """
    shock = {"teacher.extra": [{"add": -0.05 * GROUPS, "from": date(2028, 2, 1)}]}
    hire = {"staff.teacher.hire": 0.7}
    calm = on_1_august(run(shock, hire, effects=False), Level.STAFF_PRESENT, "teacher")
    # Those who left in February do not leave again in August, but `usual` is still replaced.
    after = (GROUPS - 1.25) * (1 - USUAL) + GROUPS * USUAL + 0.7
    assert calm[:4] == pytest.approx([GROUPS, GROUPS, after, GROUPS])
    spiral = on_1_august(run(shock, hire), Level.STAFF_PRESENT, "teacher")
    assert spiral[2] < calm[2]
    assert spiral[3:] == pytest.approx([GROUPS] * 5)


@pytest.mark.parametrize("hire", [0.0, 0.3, 3.0])
def test_fb11_lasting_crowding_has_an_equilibrium(hire):
    """One child more in each group for good: 1.2 times the rate of leaving, and more illness, from the year after.

    In service x: x' = x (1 - c) + min(what is short, usual + hire), c = 1 - exp(-0.1 * 1.2); present is x times
    (1 - 0.06 * 2 ** 0.1) / (1 - 0.06), as one child more gives 1.1 times the incidents and those 2 ** 0.1 times the illness.
    """
    edits = {"staff.teacher.hire": hire, "mechanisms.sent_home": False}
    record = run({"school.class_size": from_year(1, add=1)}, edits)
    health = (1 - SICK * 2**0.1) / (1 - SICK)
    leaves = 1 - math.exp(-LEAVING * 1.2)
    own, present = float(GROUPS), [float(GROUPS)] * 2
    for _ in range(6):
        own *= 1 - leaves
        own += min(max(0.0, GROUPS / health - own), GROUPS * USUAL + hire)
        present.append(own * health)
    found = on_1_august(record, Level.STAFF_PRESENT, "teacher")
    assert found[2] == pytest.approx(present[2])
    if hire == 3.0:  # enough to replace all who leave: the higher equilibrium
        assert found == pytest.approx([GROUPS] * 8)
    else:  # groups close, which crowds the rest further: never better than without that
        assert all(a <= b + 1e-9 for a, b in zip(found, present, strict=True))
        assert found[-1] < found[2] < GROUPS
    assert on_1_august(record, Level.INCIDENTS, "school")[1] == pytest.approx(110)


def test_illness_below_the_switch_stays_as_it_is():
    record = run({"school.class_size": from_year(1, add=1)}, {"mechanisms.sickness": False})
    assert on_1_august(record, Level.SICK, "teacher") == pytest.approx([SICK] * 8)


def test_children_sent_home_for_posts_that_nobody_fills():
    """Vacancies of a fifth, ten days per unfilled job: a group misses 0.2 * 10 days, of which five make a week.

    Three of the five vacant posts are filled by people from outside who come in year 1, and nobody leaves.
    """
    edits = {"staff.teacher.vacancies": 0.2, "staff.teacher.sent_home_days": 10}
    record = run(edits=edits)
    assert on_1_august(record, Level.SENT_HOME, "school") == pytest.approx([0.2 * 10 / 5] * 8)
    missed = (
        compute(record)
        .query("indicator == 'K12.sent_home' and place_type == 'all' and district == 'all'")
        .value
    )
    assert missed.iloc[0] == pytest.approx(
        GROUPS * SIZE * 0.2 * 10 / 5, rel=0.02
    )  # seats that come free stand empty a while
    more = run({"teacher.extra": from_year(1, add=3)}, edits | {"staff.teacher.leaving": 0})
    assert on_1_august(more, Level.SENT_HOME, "school") == pytest.approx([0.4] + [(5 - 3) / 25 * 10 / 5] * 7)
    assert on_1_august(more, Level.STAFF_PRESENT, "teacher") == pytest.approx([25] + [28] * 7)
    assert Level.SENT_HOME not in run(edits=edits | {"mechanisms.sent_home": False}).levels["what"]


def test_fb13_closing_small_schools_frees_staff_and_moves_children():
    """Two of ten schools close in year 2: two FTE of helpers come in, and for a year referrals are 1.5 ** 0.2 times as many."""
    levers = {"primary.schools_closed": from_year(2, set=2), "primary.support_slots": from_year(2, add=20)}
    record = run(levers)
    assert on_1_august(record, Level.STAFF_PRESENT, "helper") == pytest.approx([1] * 2 + [3] * 6)
    assert on_1_august(record, Level.HELP_SLOTS, "primary") == pytest.approx([10] * 2 + [30] * 6)
    edits = {"regular.primary.count.town": 200_000}
    moved, plain = (
        np.histogram(r.visits["listed"][np.isin(r.visits["kind"], (Kind.STAY, Kind.WAIT))], r.year_starts)[0]
        for r in (
            run({"primary.schools_closed": from_year(2, set=2)}, edits, years=4),
            run(edits=edits, years=4),
        )
    )
    assert (moved[[0, 1, 3]] == plain[[0, 1, 3]]).all()
    ratio = 1.5**0.2
    spread = math.sqrt(plain[2] * (ratio - 1))  # nested draws: only the extra referrals are left to chance
    assert abs(moved[2] - ratio * plain[2]) < 4 * spread


def test_fb1_one_child_more_per_group_is_one_twelfth_more_seats_once():
    seats = on_1_august(
        run({"school.class_size": from_year(2, add=1)}, {"mechanisms.staff": False}), Level.SEATS, "school"
    )
    assert seats == [GROUPS * SIZE] * 2 + [GROUPS * (SIZE + 1)] * 6


def test_fb12_seats_have_a_head_start_and_then_the_slope_of_the_inflow_that_they_serve():
    """24 seats against 24 / 5 children a year fewer, on a list that never empties.

    New seats come free as a renewal process that begins with a fresh stay: after t years that is t / 5 + (cv2 - 1) / 2 times a
    seat, with cv2 = 1 / 4 for four phases. So seats place 24 + 24 (t / 5 - 3 / 8) children: a head start of 24 * 5 / 8 = 15.
    """
    years, seats = 12, 24
    full = {
        "mechanisms.staff": False,
        "mechanisms.support": False,
        "sources.signals.support": False,
        "places.all.waiting": {"any": 100},
    }
    differences = []
    for replication in range(24):
        lists = []
        for rate, add in ((0.0072, seats), (0.0072 - seats / 5 / 10_000, 0)):
            edits = full | {"sources.signals.rate": rate}
            levers = {"school.groups": from_year(0, add=add / SIZE)} if add else None
            record = run(levers, edits, years=years, replication=replication)
            v = record.visits
            lists.append([((v["listed"] <= d) & ~(v["placed"] <= d)).sum() for d in record.year_starts])
            assert min(lists[-1]) > 0
        differences.append(np.subtract(*lists))
    gap = np.array(differences, dtype=float)
    for year in (6, 9, 12):
        error = gap[:, year].std(ddof=1) / math.sqrt(len(gap))
        assert abs(gap[:, year].mean() + seats * 5 / 8) < 4 * error


def test_levers_of_staff_that_come_after_the_horizon_do_nothing():
    later = [{"add": 3, "from": date(2040, 8, 1)}]
    paths = ("teacher.extra", "teacher.training", "teacher.lent", "primary.schools_closed", "school.hands")
    record, plain = run(dict.fromkeys(paths, later)), run()
    for name in ("pupils", "visits", "levels"):
        one, other = getattr(record, name), getattr(plain, name)
        assert all(one[column].tobytes() == other[column].tobytes() for column in one)
