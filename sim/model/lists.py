"""How each type gives out its seats now: order of the list, talks between schools, one list, shared groups, moments.

A region says how it is done today; levers change it. Seats are given by `World`; here stands by which rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.layout import TypeRules
from sim.model.teams import WEEK

if TYPE_CHECKING:
    from sim.model.world import World

_NONE = "none"
_MONTHS = 12
_AUGUST = 8
_ON = 0.5


@dataclass(frozen=True)
class Policy:
    """The rules of one type's list on a day.

    Attributes:
        discipline: Who comes first.
        accept: Chance of yes to an offered seat.
        at_once: A seat that comes free goes to the next child at once, not at the next placement moment.
        one_list: Schools of the type share one list by date, and do not first talk about each child.
        talks: Days before a seat that no child of the own list takes is offered to children of other lists.
        hosts: Places of other types whose groups are open to children who ask for this type.
        guests: Own places whose groups are open to children of another type.
        impatience: How much sooner (above 1) or later parents stop waiting than today.
    """

    discipline: str
    accept: float
    at_once: bool
    one_list: bool
    talks: float
    hosts: tuple[int, ...]
    guests: frozenset[int]
    impatience: float


def policies(world: World) -> list[Policy]:
    """The policy of every type today."""
    now, levers, layout = world.env.now, world.levers, world.layout
    hosts: list[list[int]] = [[] for _ in world.rules]
    guests: list[set[int]] = [set() for _ in world.rules]
    for r in world.rules:
        path = f"{r.id}.shared_with"
        for place in r.places if levers.touched(path) else ():
            other = levers.choice(path, _NONE, now, place=layout.places[place].id)
            if other != _NONE:
                hosts[layout.special.index(other)].append(place)
                guests[r.index].add(place)
    return [
        Policy(
            discipline=levers.choice(f"{r.id}.discipline", r.model.list.discipline, now),
            accept=_accept(world, r),
            at_once=not r.moments
            or levers.number(f"{r.id}.at_vacancy", float(r.model.list.at_vacancy), now) >= _ON,
            one_list=levers.number(f"{r.id}.one_list", 0.0, now) >= _ON,
            talks=r.model.list.friction_weeks.value * WEEK
            if r.model.list.friction_weeks and world.on.friction
            else 0.0,
            hosts=tuple(hosts[r.index]),
            guests=frozenset(guests[r.index]),
            impatience=world.effects.ratio("giving_up", r.id, world.doses(r.index)),
        )
        for r in world.rules
    ]


def _accept(world: World, r: TypeRules) -> float:
    """Chance of yes: today's, fewer or more refusals by the register, and refusals that boards agreed to overrule."""
    q = r.model.list.accept
    if q is None or not world.on.offers_refused:
        return 1.0
    ratio = world.effects.ratio("refusal", r.id, world.doses(r.index))
    yes = q.value if ratio == 1.0 else min(1.0, max(0.0, 1.0 - (1.0 - q.value) * ratio))
    return yes + world.levers.number(f"{r.id}.mandate", 0.0, world.env.now) * (1.0 - yes)


def moments(world: World, r: TypeRules, day: float) -> tuple[str, ...]:
    """Month-days of the placement moments of a type, by the rules of a day.

    The region's own dates as long as there are as many as today; another number is spread evenly over the school year, on
    first days of months, from 1 August.
    """
    today = r.model.list.moments
    n = round(world.levers.number(f"{r.id}.placement_moments", float(len(today)), day))
    return today if n == len(today) else spread(n)


def spread(n: int) -> tuple[str, ...]:
    """First days of `n` months, evenly over the school year from 1 August."""
    months = {(_AUGUST - 1 + int(_MONTHS * i / n + 0.5)) % _MONTHS + 1: None for i in range(n)}
    return tuple(f"{m:02d}-01" for m in months)


def agenda(world: World) -> dict[float, list[int]]:
    """Placement moments within the run: day -> types whose seats are given out then (1 August aside)."""
    layout, found = world.layout, dict[float, list[int]]()
    school_year = layout.region.calendar == "school_year"
    every = spread(_MONTHS)
    for r in world.rules:
        if not r.moments:
            continue
        moved = world.levers.touched(f"{r.id}.placement_moments")
        for md in dict.fromkeys((*r.model.list.moments, *(every if moved else ()))):
            for year in range(layout.scenario.total_years):
                day = layout.in_year(md, year)
                first = school_year and day == layout.first_august(year)
                if day > 0 and not first and md in moments(world, r, day):
                    found.setdefault(day, []).append(r.index)
    return found
