"""What can be chosen on the page Analyse, and how far each own scenario is, in words."""

from __future__ import annotations

from collections.abc import Iterable

from sim.app.choice import Choice
from sim.app.downloads import kept
from sim.app.language import own, words
from sim.app.resolve import UnknownChoiceError, resolve
from sim.app.scene import name_of
from sim.app.server import Shop
from sim.charts.numbers import number
from sim.indicators import INDICATORS
from sim.scenario.errors import ScenarioError
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario
from sim.study.overview import in_order

T = words("analyse")
RUNS = (12, 30, 50, 100, 200)
"""Numbers of runs that a visitor may ask."""

FEWEST_PLACES = 10
"""Nothing is said about kinds of school with fewer places than this: children could be known from it."""


def named_choices(found: Shop, mine: Iterable[Choice]) -> dict[str, str]:
    """Choice as in a link -> its name: carrying on, own choices, then all shipped ones in the documents' order."""
    names = {"": T.GO_ON}
    shipped = {s.id: own(s.title) for s, _ in in_order(found.ideas)}
    for choice in mine:
        if str(choice) in names or str(choice) in shipped:
            continue
        try:
            names[str(choice)] = name_of(resolve(choice, found))
        except (UnknownChoiceError, ScenarioError):
            continue
    return names | shipped


def runs_offered(usual: int, most: int = RUNS[-1]) -> list[int]:
    """Numbers of runs to choose from: those of the page, and what this server usually runs."""
    return sorted({usual, *(n for n in RUNS if n <= most)})


def status_of(found: Shop, scenario: Scenario, goal: int, *, here: bool) -> str:
    """How far a scenario is, in words."""
    done = kept(found.desk.study(found.baseline, [scenario], replications=goal), found.desk.store)
    if not done:
        text = T.STATUS["none"]
    elif done < goal:
        text = T.STATUS["part"].format(done=number(done), goal=number(goal))
    else:
        text = T.STATUS["done"].format(done=number(done))
    return f"{text} · {T.STATUS['now']}" if here else str(text)


def types_of(indicator: str, region: Region) -> list[str]:
    """Kinds of school by which an outcome is shown: all together, and each that is large enough."""
    if "type" not in INDICATORS[indicator].splits:
        return ["all"]
    return ["all", *(kind for kind in region.place_types if places_of(kind, region) >= FEWEST_PLACES)]


def places_of(kind: str, region: Region) -> float:
    """Places of a kind of school: groups times children per group, over its schools."""
    size = region.place_types[kind].class_size
    total = 0.0
    for place in region.places.values():
        each = place.class_size or size
        if place.type == kind:
            total += sum(q.value for q in place.groups.values()) * (each.value if each else 1.0)
    return total
