"""Groups of a type at its schools today, and a scenario in which some are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sim.scenario.levers import Change, Where, apply, split_over
from sim.scenario.scenario import Scenario

Key = tuple[str, str]
"""School and need (or `any`)."""


def groups_on(scenario: Scenario, kind: str, day: date) -> dict[Key, float]:
    """Funded groups of a type per school and need, on a date."""
    changes = scenario.levers.get(f"{kind}.groups", ())
    found = {
        (place, profile): q.value
        for place, p in scenario.region.places.items() if p.type == kind
        for profile, q in p.groups.items()
    }  # fmt: skip
    return {
        (place, profile): float(
            apply(
                changes, groups, day, place=place, profile=profile, split=split_over(found, (place, profile))
            )
        )
        for (place, profile), groups in found.items()
    }


def size_on(scenario: Scenario, kind: str, key: Key, day: date) -> float:
    """Children per group at a school, for a need, on a date."""
    place = scenario.region.places[key[0]]
    size = place.class_size or scenario.region.place_types[kind].class_size
    changes = scenario.levers.get(f"{kind}.class_size", ())
    return float(apply(changes, size.value if size else 1.0, day, place=key[0], profile=key[1]))


def share_out(number: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of a number, as near as can be to the weights (largest remainder, the first of equals)."""
    total = sum(weights)
    if not weights:
        return []
    exact = (
        [number * w / total for w in weights] if total > 0 else [float(number), *[0.0] * (len(weights) - 1)]
    )
    whole = [int(x + 1e-9) for x in exact]
    order = sorted(range(len(whole)), key=lambda i: (whole[i] - exact[i], i))
    for i in order[: number - sum(whole)]:
        whole[i] += 1
    return whole


def added(today: Mapping[Key, float], needs: Mapping[str, float], number: int) -> dict[Key, int]:
    """Where a number of groups is added: over needs by their weight, within a need over schools as they are today.

    Args:
        today: Groups per school and need.
        needs: Need -> weight; needs without a group anywhere are passed over.
        number: Groups to add.
    """
    profiles = list(dict.fromkeys(profile for _, profile in today if needs.get(profile, 0.0) > 0)) or list(
        dict.fromkeys(profile for _, profile in today)
    )
    found: dict[Key, int] = {}
    for profile, part in zip(profiles, share_out(number, [needs.get(p, 0.0) for p in profiles]), strict=True):
        keys = [k for k in today if k[1] == profile]
        found |= zip(keys, share_out(part, [today[k] for k in keys]), strict=True)
    return {k: n for k, n in found.items() if n}


def with_groups(scenario: Scenario, kind: str, more: Mapping[Key, int], day: date) -> Scenario:
    """The same scenario with groups added from a date, each with a room.

    Args:
        scenario: What it comes on top of.
        kind: The type.
        more: Groups added per school and need.
        day: First day.
    """
    today = groups_on(scenario, kind, day)
    groups = [
        Change(set=today[k] + n, from_=day, where=Where(place=(k[0],), profile=(k[1],)))
        for k, n in more.items()
    ]
    rooms = [
        Change(set=room.value + sum(n for k, n in more.items() if k[0] == place), from_=day,
               where=Where(place=(place,)))
        for place in dict.fromkeys(k[0] for k in more)
        if (room := scenario.region.places[place].rooms) is not None
    ]  # fmt: skip
    levers = dict(scenario.levers)
    for key, changes in (("groups", groups), ("rooms", rooms)):
        if changes:
            path = f"{kind}.{key}"
            levers[path] = (*levers.get(path, ()), *changes)
    return scenario.model_copy(update={"levers": levers})
