"""What may happen to a child at any time in a school year, whatever it does.

It moves out of the region, or no longer attends the place it has.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.clock import FREE
from sim.model.columns import Floats, drawn, those, where
from sim.model.draws import Purpose
from sim.model.help import staying
from sim.model.laws import YEAR, chance, grid
from sim.model.pupil import Pupil
from sim.model.world import World
from sim.record import Kind, Why


def fates_of_the_year(world: World, year: int) -> None:
    """Who moves out of the region or stops attending in this school year, and when."""
    people = world.active
    if not people:
        return
    layout = world.layout
    start, end = layout.first_august(year), layout.first_august(year + 1)
    kind = np.array(
        [p.seat.type if p.seat is not None else p.stage_of if p.stage >= 0 else p.want for p in people]
    )
    u = drawn(world.draws, people, [Purpose.MOVES_AWAY, Purpose.ABSENT, Purpose.ABSENT_TIME], year + 1)
    if world.on.moving:
        rate = np.array([r.model.moving.value if r.model.moving else 0.0 for r in world.rules])
        at_risk = np.array([chance(x, (end - start) / YEAR) for x in rate])[kind]
        for i in those(u[Purpose.MOVES_AWAY] < at_risk):
            when = grid(start + (end - start) * float(u[Purpose.MOVES_AWAY][i] / at_risk[i]))
            if when < end:
                world.at(when, FREE, world.moves_away, people[i])
    if world.on.home:
        _stop_attending(world, people, kind, u, start, end, year)


def _stop_attending(
    world: World,
    people: list[Pupil],
    kind: Any,
    u: dict[Purpose, Floats],
    start: float,
    end: float,
    year: int,
) -> None:
    stock = next((k for k, h in world.region.home.items() if h.has_place), None)
    if stock is None:
        return
    layout, effects = world.layout, world.effects
    closing = world.closing(stock)
    usual = np.array([r.model.absence.value if r.model.absence else 0.0 for r in world.rules])
    base = usual[kind] * world.ratios("absence")[where(people, kind)]
    code, place = layout.types.index(stock), layout.place_code(stock)
    for i, p in enumerate(people):
        if p.stage >= 0:
            base[i] *= effects.ratio("absence", world.rules[p.stage_of].id, staying(world, p, year))
    risk = -np.expm1(-base * (end - start) / YEAR)
    for i in those(u[Purpose.ABSENT] < risk):
        p = people[i]
        if (p.seat is None and p.stage < 0) or p.absent_until > start:
            continue
        since = grid(start + (end - start) * float(u[Purpose.ABSENT][i] / risk[i]))
        days = (
            grid(-float(np.log1p(-u[Purpose.ABSENT_TIME][i])) * YEAR / closing) if closing > 0 else layout.end
        )
        p.absent_until = since + days
        world.log.visits.extend(
            (p.index, Kind.ABSENCE, place, code, -1, p.profile, since, since, since, since, since + days, Why.RETURNED, -1)
        )  # fmt: skip
