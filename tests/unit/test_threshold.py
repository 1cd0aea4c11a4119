"""Which effects a scenario drives, which of them moves most, and the answer in words."""

from __future__ import annotations

import pytest

from sim.cli.threshold_words import condition
from sim.scenario.resolve import load
from sim.study.breakeven import Crossing
from sim.study.threshold import driven, which_moves
from sim.study.trials import Trials


def test_an_effect_is_driven_by_the_lever_that_moves_its_cause() -> None:
    assert driven(load("toy/breakeven/only-help")) == ("help",)
    assert driven(load("toy/breakeven/only-fewer-groups")) == ()
    observed = driven(load("almere/wijkobservatiegroepen"))
    assert "observed_referral" in observed and "class_size_back" not in observed
    larger = driven(load("almere/grotere-klassen"))
    assert "class_size_back" in larger and "hands_crowding" in larger and "support_referral" not in larger
    for name in (*observed, *larger):
        assert load("almere/baseline").effects[name].is_assumption


def test_an_effect_that_is_known_is_no_candidate() -> None:
    scenario = load("toy/breakeven/only-help")
    size = scenario.effects["help"].size.model_copy(update={"grade": "B"})
    known = scenario.effects["help"].model_copy(update={"size": size})
    assert driven(scenario.model_copy(update={"effects": {"help": known}})) == ()


def test_the_effect_that_moves_most_comes_first() -> None:
    scenario, baseline = load("toy/breakeven/only-help"), load("toy/breakeven/baseline")
    strong = scenario.effects["help"]
    size = strong.size.model_copy(update={"value": 1.0, "range": (0.95, 1.0)})
    effects = {"weak": strong.model_copy(update={"size": size}), "help": strong}
    both = [s.model_copy(update={"effects": effects, "years": 4}) for s in (scenario, baseline)]
    found = which_moves(*both, Trials(2, jobs=1), ("weak", "help"), "K02.mean")
    assert [m.id for m in found] == ["help", "weak"]
    assert all(m.low <= m.high for m in found), "at a lower ratio fewer children are referred"


@pytest.mark.parametrize(
    ("measure", "hook", "value", "better", "nl"),
    [
        ("risk_ratio", "referral", 0.88, "below", "als van de 100 kinderen er minstens 12 geen verwijzing meer nodig hebben"),
        ("risk_ratio", "referral", 0.88, "above", "als van de 100 kinderen er hoogstens 12 geen verwijzing meer nodig hebben"),
        ("hazard_ratio", "absence", 1.2, "below", "als dit hoogstens 20 % groter wordt: kans per jaar om thuis"),
        ("hazard_ratio", "absence", 0.7, "below", "als dit minstens 30 % kleiner wordt: kans per jaar om thuis"),
        ("hazard_ratio", "closing", 1.5, "above", "als dit minstens 50 % groter wordt: kans per jaar dat thuiszitten stopt"),
        ("elasticity", "referral", 0.25, "below", "als 10 % meer plekken hoogstens 2,5 % meer vragen geeft"),
        ("months", "early", 3.0, "above", "als een signaal minstens 3,0 maanden eerder komt"),
    ],
)  # fmt: skip
def test_a_value_is_said_in_words(measure: str, hook: str, value: float, better: str, nl: str) -> None:
    scenario = load("toy/breakeven/only-help")
    effect = scenario.effects["help"].model_copy(update={"measure": measure, "acts_on": hook})
    crossing = Crossing(value, better, (value, value))
    assert condition(effect, crossing, scenario.region, "nl").startswith(nl)
    assert condition(effect, crossing, scenario.region, "en").startswith("if ")
