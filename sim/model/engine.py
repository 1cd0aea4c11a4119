"""One replication of one scenario: the public verb `simulate`."""

from __future__ import annotations

from sim.model.layout import lay_out, money_of
from sim.model.log import NAN
from sim.model.start import load_count
from sim.model.world import World
from sim.model.year import Calendar
from sim.record import Cell, Kind, Record, Why
from sim.scenario.scenario import Scenario

INSTANT = 1 / 1024  # the 1 August on the horizon still runs: it decides requests of the spring before it


def simulate(scenario: Scenario, seed: int = 1, replication: int = 0) -> Record:
    """Simulate one replication. Pure: the same arguments give the same record, whatever ran before.

    Args:
        scenario: A resolved scenario.
        seed: Which set of futures.
        replication: Which future of the set.

    Returns:
        What happened, from day 0 (1 August of the region's start year) to the end of the last school year.

    Raises:
        RuntimeError: When children got lost or were counted twice (a fault in the engine, checked on every run).
    """
    layout = lay_out(scenario)
    world = World(layout, seed, replication)
    calendar = Calendar(world)
    load_count_in_open_groups(world, calendar)
    calendar.start()
    calendar.plan()
    world.env.run(until=layout.end + INSTANT)
    return _record(world, calendar, seed, replication)


def load_count_in_open_groups(world: World, calendar: Calendar) -> None:
    """Seats first, then the children of the count, then the groups again around their ages."""
    calendar.open_groups()
    load_count(world)
    calendar.groups.regroup()


def _record(world: World, calendar: Calendar, seed: int, replication: int) -> Record:
    layout, scenario = world.layout, world.layout.scenario
    _write_open(world)
    calendar.programmes.finish()
    calendar.homes.finish()
    pupils, visits, offers, states, levels = world.log.tables(layout.end)
    _check(world)
    on = world.on
    return Record(
        scenario=scenario.id, seed=seed, replication=replication, start=layout.region.start, end=layout.end,
        replay_years=layout.region.replay_years, count_dates=layout.region.count_dates,
        school_weeks=layout.region.school_weeks, types=layout.types, roles=layout.roles, tags=layout.tags,
        places=layout.places, cells=tuple(Cell(c.place, c.profile, c.band) for c in world.cells),
        bands=tuple(r.model.bands for r in world.rules), age_date=layout.region.age_date,
        districts=layout.districts, profiles=layout.profiles, origins=layout.origins,
        pupils=pupils, visits=visits, offers=offers, states=states, levels=levels,
        events=next(world.env._eid), inspections=world.seats.inspections,
        switched_on=tuple(k for k in type(on).model_fields if getattr(on, k)), **money_of(layout),
    )  # fmt: skip


def _write_open(world: World) -> None:
    """Children who are still somewhere at the end: visits without an end."""
    log, layout = world.log, world.layout
    for p in world.active:
        if p.seat is not None:
            c = p.seat
            log.visits.extend(
                (p.index, Kind.STAY, c.place, c.type, c.index, p.profile, *p.seat_times, NAN, Why.OPEN, -1)
            )
        if p.stage >= 0:
            signalled, listed, start = p.stage_from
            log.visits.extend(
                (p.index, Kind.SUPPORT, layout.place_code(layout.types[p.stage]), p.stage, -1, p.profile, signalled, listed,
                 start, start, NAN, Why.OPEN, -1)
            )  # fmt: skip
        if p.want >= 0:
            w = p.want_choice
            log.visits.extend(
                (p.index, Kind.WAIT, w.place if w else -1, p.want, w.index if w else -1, p.want_profile, *p.want_times,
                 NAN, NAN, Why.OPEN, -1)
            )  # fmt: skip
        if p.home_from is not None:
            since = p.home_from
            log.visits.extend(
                (p.index, Kind.ABSENCE, world.no_place_code, world.no_place, -1, p.profile, since, since, since, since, NAN,
                 Why.OPEN, -1)
            )  # fmt: skip


def _check(world: World) -> None:
    """Conservation: seats taken equal children seated, and lists count each child once."""
    seated: dict[int, int] = {}
    for p in world.active:
        if p.seat is not None:
            seated[p.seat.index] = seated.get(p.seat.index, 0) + 1
    for cell in world.cells:
        if cell.present != seated.get(cell.index, 0):
            raise RuntimeError(
                f"children lost: {cell.present} seats taken but {seated.get(cell.index, 0)} children seated at "
                f"{world.layout.places[cell.place].id}"
            )
    if sum(world.listing.waiting) != sum(
        1 for p in world.active if p.want >= 0 and p.want_choice is not None
    ):
        raise RuntimeError("children lost: the lists and the children who wait do not agree")
