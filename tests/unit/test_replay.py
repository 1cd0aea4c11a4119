"""The replay: every fact of after 1 August 2023 is held against a count or named as absent; a status follows from tables."""

from __future__ import annotations

import math

import numpy as np
import pytest

from proof import almere_counts as c
from proof import replay, replay_counts, replay_facts
from proof.replay_facts import BAND, FITTED, MEASURES, NEAR, NOT_IN_MODEL, WHY, Measure
from sim.data.facts import Facts, facts_of


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_of("almere")


@pytest.fixture(scope="module")
def counts() -> dict[str, float]:
    return replay_counts.replicate(c.AS_IT_IS, 0)


def measure(series: str, rule: str = NEAR, why: str = "") -> Measure:
    return Measure("Case", "row", "key", (series,), why=why, rule=rule)


def test_no_fact_of_after_the_start_is_forgotten(facts: Facts) -> None:
    assert len(replay_facts.asked(facts)) > 100
    for fact in replay_facts.unmeasured(facts):
        assert replay_facts.of(NOT_IN_MODEL, fact.series), f"{fact.file}:{fact.line}: {fact.series}"


def test_every_entry_of_the_tables_is_about_a_fact(facts: Facts) -> None:
    for name in (*FITTED, *NOT_IN_MODEL):
        assert any(series.startswith(name) for series in facts.names()), name
    assert {m.why for m in MEASURES if m.why} == set(WHY)


def test_the_published_list_of_olivijn_is_not_said_to_be_fitted() -> None:
    assert replay_facts.of(FITTED, "almere.olivijn.waiting") == ""
    assert replay_facts.of(FITTED, "almere.olivijn.empty_groups") == ""
    assert replay_facts.of(FITTED, "almere.olivijn.empty")
    assert replay_facts.of(FITTED, "almere.absent.end")


def test_every_measure_has_a_fact_and_a_count(facts: Facts, counts: dict[str, float]) -> None:
    for m in MEASURES:
        assert m.facts(facts), m.what
        assert math.isfinite(counts[m.key]), m.key


@pytest.mark.parametrize(
    ("series", "rule", "why", "values", "status", "holds"),
    [
        # 17 waiting at Olivijn, not used: inside P10 to P90, outside it, and outside it without a reason.
        ("almere.olivijn.waiting", BAND, "olivijn", (10, 14, 18), "checked", True),
        ("almere.olivijn.waiting", BAND, "olivijn", (10, 11, 12), "finding", True),
        ("almere.olivijn.waiting", BAND, "", (10, 11, 12), "finding", False),
        # 62 long absentees, used: 66 is within 10 %, 70 is not.
        ("almere.absent.start", NEAR, "", (65, 66, 67), "fitted", True),
        ("almere.absent.start", NEAR, "", (69, 70, 71), "finding", False),
        # A stay of 3.7 years has bounds of 3.6 and 3.8, which are narrower than 10 %.
        ("national.stay.vso", NEAR, "", (4.0, 4.0, 4.0), "checked", True),
    ],
)
def test_status_follows_from_the_fact_and_the_runs(
    facts: Facts, series: str, rule: str, why: str, values: tuple[float, ...], status: str, holds: bool
) -> None:
    line = replay.line(measure(series, rule, why), facts, np.array(values, dtype=np.float64))
    assert (replay.state_of(line), line.holds) == (status, holds)


def test_a_percentage_is_compared_as_a_share(facts: Facts) -> None:
    line = replay.line(measure("almere.absent.closing"), facts, np.array([0.36, 0.37, 0.38]))
    assert line.unit == "share" and line.expected == pytest.approx(0.37) and line.holds


def test_with_drawn_assumptions_nothing_is_judged(facts: Facts) -> None:
    line = replay.line(measure("almere.absent.start"), facts, np.array([1.0, 2.0, 3.0]), replay.DRAWN)
    assert line.holds and line.rule == "beside" and "does not hold the fact" in line.beside


def test_findings_in_words_count_each_status(facts: Facts) -> None:
    lines = list(replay.checks(full=False, spread=lambda f, jobs: [f(*job) for job in jobs]))
    first, *rest = replay.findings(lines)
    judged = [x for x in lines if x.rule != "beside"]
    assert first.startswith(f"**In all.** {len(judged)} counts")
    assert any("Olivijn, children waiting" in text for text in rest)
    page = replay._page(replay.PART, lines)
    assert "nan" not in page
    for fact in replay_facts.unmeasured(facts):
        assert f"{fact.series}, {fact.when}" in page
