"""Children against places: load (K01), children with a seat (K17), seats used and empty (K22)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats, borders, count_at, days_in, steps
from sim.indicators.home import population_at
from sim.indicators.indicator import NO_CLOCK, ON_FEB, ON_OCT, OVER_YEAR, TYPE_SPLITS, Indicator, Split, Words
from sim.indicators.margins import Rows
from sim.indicators.view import View, ratio
from sim.record import Level

_TYPES_AND_PROFILES: tuple[Split, ...] = ("all", "type", "tag", "profile")
_SEATED = Words(
    "kinderen met een plek in het speciaal onderwijs of een soort die ernaast geteld wordt",
    "children with a seat in special education or a type counted beside it",
)
_PLACED = Words("eerste dag op de plek", "first day in the seat")
_GONE = Words("laatste dag op de plek", "last day in the seat")
_SEATS = Words(
    "plekken in open groepen (groepen keer kinderen per groep) van soorten met een vast aantal plekken",
    "seats in open groups (groups times children per group) of types with a fixed number of seats",
)
_OPEN = Words("de groep is open", "the group is open")
_SHUT = Words("de groep gaat dicht", "the group closes")
_BY_LOCATION = Words(
    "geteld naar de plek van de school, niet naar de woonplaats", "counted by school location, not by home"
)
_EMPTY_NOTE = Words(
    "per groep geteld (school, leeftijd en soort hulp): een lege plek in de ene groep past niet bij elk "
    "kind dat wacht",
    "counted by group (school, age and kind of need): an empty seat in one group does not fit every child "
    "that waits",
)

INDICATORS = (
    Indicator(
        "K01.load",
        Words("Belasting: vraag gedeeld door plekken", "Load: demand divided by seats"),
        "load",
        Words("alle keren dat een kind op de lijst kwam", "all times that a child came on the list"),
        Words("op de lijst gekomen in het schooljaar", "listed in the school year"),
        Words(
            "gemiddelde duur van een verblijf: dagen op een plek gedeeld door het aantal kinderen dat er begon, over "
            "alle gesimuleerde jaren samen",
            "mean length of a stay: days in a seat divided by entries, over all simulated years together",
        ),
        Words(
            "een verblijf dat nog loopt of eerder begon, telt mee met zijn dagen in deze jaren",
            "a stay that goes on or began before counts with its days in these years",
        ),
        OVER_YEAR,
        TYPE_SPLITS,
        better="neither",
        note=Words(
            "boven 1 groeit de wachtlijst, hoe de plekken ook verdeeld worden; bij meer soorten samen: "
            "gevraagde plekken van alle soorten, gedeeld door al hun plekken",
            "above 1 the list grows, however seats are given out; for several types together: seats asked "
            "by all types divided by all their seats",
        ),
    ),
    Indicator(
        "K17.children_oct",
        Words("Kinderen met een plek op 1 oktober", "Children with a seat on 1 October"),
        "children",
        _SEATED,
        _PLACED,
        _GONE,
        NO_CLOCK,
        ON_OCT,
        additive=True,
        better="neither",
        note=_BY_LOCATION,
    ),
    Indicator(
        "K17.children_feb",
        Words("Kinderen met een plek op 1 februari", "Children with a seat on 1 February"),
        "children",
        _SEATED,
        _PLACED,
        _GONE,
        NO_CLOCK,
        ON_FEB,
        additive=True,
        better="neither",
        note=_BY_LOCATION,
    ),
    Indicator(
        "K17.share",
        Words("Deel van de kinderen met een plek op 1 oktober", "Share of children with a seat, 1 October"),
        "share",
        Words(
            "kinderen in de gewone scholen van dezelfde leeftijdsgroep, en kinderen met een plek in "
            "soorten die daarbij horen (een label delen met die gewone scholen); zonder zulke labels: alle "
            "kinderen",
            "children in the regular stages that share a tag with the type, and children with a seat in "
            "types that share a tag with those stages; without such tags: all children",
        ),
        _PLACED,
        _GONE,
        NO_CLOCK,
        ON_OCT,
        ("all", "type", "tag", "district"),
        better="neither",
        note=Words(
            "een samenwerkingsverband telt zelf anders: daar is per soort vastgelegd welke andere soorten "
            "in de noemer staan (soms alleen de eigen soort en de gewone school), en tellen kinderen bij "
            "hun eigen samenwerkingsverband; hier naar de plek van de school",
            "a samenwerkingsverband counts in another way: it fixes per type which other types stand in "
            "the denominator (sometimes only the type and the regular school), and counts children at "
            "their own samenwerkingsverband; here by school location",
        ),
    ),
    Indicator(
        "K22.occupancy",
        Words("Bezetting: deel van de plekken dat gebruikt is", "Occupancy: share of seats in use"),
        "share",
        _SEATS,
        _OPEN,
        _SHUT,
        Words("dagen dat een kind op de plek zit", "days with a child in the seat"),
        OVER_YEAR,
        _TYPES_AND_PROFILES,
        better="neither",
        note=Words(
            "boven 100% zitten er meer kinderen dan er plekken zijn",
            "above 100 % there are more children than seats",
        ),
    ),
    Indicator(
        "K22.seats_oct",
        Words("Plekken op 1 oktober", "Seats on 1 October"),
        "seats",
        _SEATS,
        _OPEN,
        _SHUT,
        NO_CLOCK,
        ON_OCT,
        _TYPES_AND_PROFILES,
        additive=True,
        better="neither",
    ),
    Indicator(
        "K22.empty_oct",
        Words("Lege plekken op 1 oktober", "Empty seats on 1 October"),
        "seats",
        _SEATS,
        _OPEN,
        _SHUT,
        NO_CLOCK,
        ON_OCT,
        _TYPES_AND_PROFILES,
        additive=True,
        better="neither",
        note=_EMPTY_NOTE,
    ),
    Indicator(
        "K22.empty_while_waiting_oct",
        Words(
            "Lege plekken terwijl kinderen op deze soort wachten, op 1 oktober",
            "Empty seats while children wait for the same type, 1 October",
        ),
        "seats",
        Words(
            "lege plekken van soorten waarvoor op die dag een kind wacht zonder toegezegde startdag",
            "empty seats of types for which some child waits that day without an agreed start",
        ),
        _OPEN,
        _SHUT,
        NO_CLOCK,
        ON_OCT,
        _TYPES_AND_PROFILES,
        additive=True,
        note=_EMPTY_NOTE,
    ),
)


def children(view: View) -> dict[str, Floats]:
    """K17: children with a seat, and their share of all children (margins x years)."""
    stays, spread = view.stays, view.stay_spread
    seated = spread.children(stays.placed, stays.left)
    now = seated.at(view.october)
    return {
        "K17.children_oct": now,
        "K17.children_feb": seated.at(view.february),
        "K17.share": ratio(now, _everyone(view, now)),
    }


def _everyone(view: View, seated: Floats) -> Floats:
    """Denominator of K17.share: children of the same regular stages, and of special types beside them."""
    record, margin = view.record, view.margin_of_type
    population = population_at(view, view.october)
    special, stages = np.flatnonzero(view.special), np.flatnonzero(view.regular)
    tags = [set(own) for own in record.tags]
    # For everything together and for districts: all children.
    out = population + seated
    groups = [(int(margin[t]), [t]) for t in special]
    groups += [(int(m), list(np.flatnonzero(view.tagged[:, j]))) for j, m in enumerate(view.margin_of_tag)]
    for m, members in groups:
        mine = [s for s in stages if any(tags[s] & tags[t] for t in members)]
        shared = set().union(*(tags[s] for s in mine))
        beside = [t for t in special if t in members or not mine or tags[t] & shared]
        out[m] = population[margin[mine or stages]].sum(axis=0) + seated[margin[beside]].sum(axis=0)
    out[:, population[0] <= 0] = np.nan
    return out


def seats(view: View) -> dict[str, Floats]:
    """K01 and K22: load, occupancy, seats and empty seats (margins x years).

    Only for types with a fixed number of seats.
    """
    record, stays = view.record, view.stays
    cells = len(record.cells)
    rows = steps(record, Level.SEATS)
    fixed = (rows.cell >= 0) & np.append(view.special, False)[rows.type]
    cell, start, end, value = rows.cell[fixed], rows.start[fixed], rows.end[fixed], rows.value[fixed]
    # Cells of types without a fixed number of seats keep type -1, and so does the entry for "no cell".
    cell_type = np.full(cells + 1, -1)
    cell_type[cell] = rows.type[fixed]
    used = np.flatnonzero(cell_type >= 0)
    none = np.full(len(used), -1)
    profile = np.array([c.profile for c in record.cells] + [-1], dtype=np.intp)
    spread = view.spread(Rows(none, cell_type[used], none, profile[used]))

    def total(per_cell: Floats) -> Floats:
        summed = np.zeros((view.margins, view.years))
        np.add.at(summed, spread.margin, per_cell[used][spread.row])
        return summed

    seated = cell_type[stays.cell] >= 0
    at, placed, left = stays.cell[seated], stays.placed[seated], stays.left[seated]
    seat_days = total(days_in(cell, borders(start, end, view.edges), cells, view.edges, value))
    open_now = count_at(cell, start, end, cells, view.october, value)
    empty = np.maximum(0.0, open_now - in_cells(view))
    waited_for = view.waiting.at(view.october)[view.margin_of_type[cell_type[:-1]]] > 0
    out = {
        "K01.load": _load(view, seat_days),
        "K22.occupancy": ratio(
            total(days_in(at, borders(placed, left, view.edges), cells, view.edges)), seat_days
        ),
        "K22.seats_oct": total(open_now),
        "K22.empty_oct": total(empty),
        "K22.empty_while_waiting_oct": total(empty * waited_for),
    }
    with_seats = np.zeros(view.margins, dtype=np.bool_)
    with_seats[spread.margin] = True
    return {key: np.where(with_seats[:, None], table, np.nan) for key, table in out.items()}


def in_cells(view: View) -> Floats:
    """Children in each cell on 1 October: in the groups of their age in that school year (cells x years)."""
    stays, cells = view.stays, len(view.record.cells)
    out = np.zeros((cells, view.years))
    for year, day in enumerate(view.october):
        here = (stays.placed <= day) & (day < stays.left) & (stays.cell >= 0)
        out[:, year] = np.bincount(view.record.cells_on(day, stays.visit[here]), minlength=cells)
    return out


def _load(view: View, seat_days: Floats) -> Floats:
    """Seat-days asked by the children listed in a year, divided by the seat-days there are."""
    asked = view.wait_spread.events(view.waits.listed, view.edges)
    limited = [t for t in np.flatnonzero(view.special) if seat_days[view.margin_of_type[t]].any()]
    demand = np.zeros_like(asked)
    for t in limited:
        m = view.margin_of_type[t]
        demand[m] = asked[m] * _mean_stay(view, int(t))
        demand[0] += demand[m]
    for j, m in enumerate(view.margin_of_tag):
        demand[m] = sum(demand[view.margin_of_type[t]] for t in limited if view.tagged[t, j])
    return ratio(demand, seat_days)


def _mean_stay(view: View, type_: int) -> float:
    """Mean length of a stay in a type, in days: days with a child in a seat divided by entries (Little's law).

    Both are counted from the first school year's start up to and including the last one's, so that every 1 August but
    the first, whose state is the count, gives its entries; in a run of one year, over that year. Lengths of stays
    themselves are not averaged: how long the children of the count have been there is an assumption. Little's law
    holds for a stock that does not change much; one that grows by 1 % a year makes the mean some per cents too low.
    NaN when nobody entered.
    """
    stays = view.stays
    mine = stays.rows.type == type_
    placed, left = stays.placed[mine], stays.left[mine]
    start, end = view.edges[0], view.edges[-2] if view.years > 1 else view.edges[-1]
    entries = np.count_nonzero((placed > start) & (placed <= end))
    days = (np.minimum(left, end) - np.maximum(placed, start)).clip(min=0.0).sum()
    return float(days / entries) if entries else float("nan")
