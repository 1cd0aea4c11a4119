"""Every scenario of Almere moves some indicator; with its levers after the horizon it moves none, to the last digit."""

from __future__ import annotations

import pytest
from zero_dose import at_zero_dose, moved

import sim
from sim.scenario.resolve import catalogue
from sim.scenario.scenario import Scenario

YEARS = 5
SCENARIOS = [s for s in catalogue(region="almere") if s.kind != "baseline"]


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return sim.load("almere/baseline", years=YEARS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_a_scenario_does_something_and_its_zero_dose_nothing(scenario: Scenario, baseline: Scenario) -> None:
    whole = scenario.model_copy(update={"years": YEARS})
    assert moved(whole, baseline) != frozenset()
    assert moved(at_zero_dose(whole), baseline, 1) == frozenset()
