"""Where those who leave education go, and how many can: places for work, day care or further education.

Today's places are inside today's chances of leaving. More places let more pupils go sooner; fewer keep pupils who would
have gone, so their seats do not come free. Nobody stays past the age limit of its type.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import drawn
from sim.model.draws import Purpose
from sim.model.laws import pick
from sim.model.layout import TypeRules
from sim.model.pupil import NOBODY, Pupil
from sim.model.world import World

Bools = NDArray[np.bool_]
READY_AGE = 16  # from this age on a pupil may go to work, day care or further education


def places(world: World, people: list[Pupil], age: Any, leaves: Bools) -> Bools:
    """Who leaves, given the places there are beyond today's (or that are lost).

    Args:
        world: The state.
        people: Everyone with a seat or in a regular stage.
        age: Their ages on the age date.
        leaves: Who would leave with today's places.
    """
    for r in world.rules:
        if not r.model.exits or not world.on.exits:
            continue
        more = round(world.levers.number(f"{r.id}.exit_places", 0.0, world.env.now))
        if more:
            leaves = leaves.copy()
            mine = np.array([p.seat is not None and p.seat.type == r.index for p in people])
            chosen = _sooner(people, mine & ~leaves & (age >= READY_AGE), more)
            leaves[chosen] = True
            leaves[_blocked(r, people, mine & leaves, age, -more)] = False
    return leaves


def _sooner(people: list[Pupil], may: Bools, n: int) -> list[int]:
    """The oldest of those who would have stayed."""
    return sorted(np.flatnonzero(may).tolist(), key=lambda i: (people[i].birth, people[i].tie))[: max(0, n)]


def _blocked(r: TypeRules, people: list[Pupil], goes: Bools, age: Any, n: int) -> list[int]:
    """The youngest of those who would have gone and may stay another year."""
    may = goes & (age < r.max_age) & (r.leaves[np.minimum(age, len(r.leaves) - 1)] < 1.0)
    return sorted(np.flatnonzero(may).tolist(), key=lambda i: (-people[i].birth, people[i].tie))[: max(0, n)]


def destinations(world: World, people: list[Pupil], year: int) -> list[int]:
    """Type code of the exit of each pupil that leaves; -1 where the region names none."""
    out = [NOBODY] * len(people)
    if not people or not world.on.exits or not world.region.exits:
        return out
    u = drawn(world.draws, people, [Purpose.EXIT], year + 1)[Purpose.EXIT]
    for r in world.rules:
        mine = [i for i, p in enumerate(people) if p.seat is not None and p.seat.type == r.index]
        if mine and r.model.exits:
            codes = [world.layout.types.index(name) for name in r.model.exits]
            for i, j in zip(mine, pick(u[mine], [q.value for q in r.model.exits.values()]), strict=True):
                out[i] = codes[int(j)]
    return out
