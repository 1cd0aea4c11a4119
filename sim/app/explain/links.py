"""Which numbers stand behind what other pages show: what a lever does, what seats are made of, where a lever starts.

The paths go into `links.number_link`, which gives a link to the row of a number on the page Aannames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.scenario.describe import number_rows
from sim.scenario.evidence import STATES
from sim.scenario.levers import levers_of
from sim.scenario.quantity import Text
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario


def effect_paths(scenario: Scenario, lever: str) -> tuple[str, ...]:
    """Paths of the effects that moving a lever sets to work, in the order of the register.

    Args:
        scenario: Any scenario of the region: the register is the same for all.
        lever: Path of the lever (`<owner>.<key>`).
    """
    owner, _, key = lever.rpartition(".")
    return tuple(
        f"effects.{name}.size"
        for name, effect in scenario.effects.items()
        if (effect.lever == key and (not effect.types or owner in effect.types) if effect.cause in STATES
            else effect.cause == owner)
    )  # fmt: skip


def seat_paths(region: Region, place_type: str) -> tuple[str, ...]:
    """Paths of the graded numbers that the seats of one kind of school are made of: groups and children per group."""
    kind = region.place_types[place_type]
    found = []
    if kind.class_size is not None and kind.class_size.grade:
        found.append(f"region.place_types.{place_type}.class_size")
    for name, place in region.places.items():
        if place.type != place_type:
            continue
        found += [f"region.places.{name}.groups.{need}" for need, q in place.groups.items() if q.grade]
        if place.class_size is not None and place.class_size.grade:
            found.append(f"region.places.{name}.class_size")
    return tuple(found)


def lever_number(region: Region, lever: str) -> str:
    """Path of the number that a lever starts from today; empty when it starts from several or from none."""
    owner, _, key = lever.rpartition(".")
    homes: Sequence[tuple[str, str, object | None]] = (
        (f"region.place_types.{owner}", "class_size", region.place_types.get(owner)),
        (f"region.programmes.{owner}", key, region.programmes.get(owner)),
        (f"region.approaches.{owner}", "coverage", region.approaches.get(owner)),
        (f"region.teams.{owner}", "every_weeks", region.teams.get(owner)),
    )
    for path, field, model in homes:
        q = getattr(model, field, None) if model is not None and key == field else None
        if q is not None and getattr(q, "grade", None):
            return f"{path}.{field}"
    regular = region.regular.get(owner)
    if (
        key == "support_slots"
        and regular is not None
        and regular.support is not None
        and regular.support.slots.grade
    ):
        return f"region.regular.{owner}.support.slots"
    return ""


def behind(scenario: Scenario, levers: Iterable[str]) -> dict[str, Text]:
    """The numbers behind levers: path -> title of where each starts today and of each effect that it sets to work."""
    titles: dict[str, Text] = {}
    for lever in levers:
        start = lever_number(scenario.region, lever)
        # Titles of all levers would take longer than the rest of the page.
        if start and (known := levers_of(scenario.region, only=lever)):
            titles[start] = known[lever].title
        for path in effect_paths(scenario, lever):
            titles[path] = scenario.effects[path.split(".")[1]].title
    return titles


def behind_routes(scenario: Scenario) -> dict[str, Text]:
    """The numbers behind the flows between schools: how many children come, and which share goes where from there."""
    return {row.path: row.title for row in number_rows(scenario) if _is_of_routes(row.path)}


def _is_of_routes(path: str) -> bool:
    comes = path.startswith("region.sources.") and ".profiles." not in path
    return comes or any(part in path for part in (".transition.to.", ".exits.", ".next."))
