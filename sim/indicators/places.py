"""Children against places: load (K01), children with a seat and their share (K17), seats used and empty (K22)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats, count_at, days_in, steps
from sim.indicators.durations import CENSORED, SERVED, aalen_johansen
from sim.indicators.home import population_at
from sim.indicators.indicator import NO_CLOCK, ON_FEB, ON_OCT, OVER_YEAR, TYPE_SPLITS, Indicator, Split, Words
from sim.indicators.view import Rows, Spread, View, ratio
from sim.record import Level

_TYPES_AND_PROFILES: tuple[Split, ...] = ("all", "type", "tag", "profile")
_SEATED = Words("kinderen met een plek in het speciaal onderwijs", "children with a seat in special education")
_PLACED = Words("eerste dag op de plek", "first day in the seat")
_GONE = Words("laatste dag op de plek", "last day in the seat")
_SEATS = Words(
    "plekken in open groepen (groepen keer kinderen per groep) van soorten met een vast aantal plekken",
    "seats in open groups (groups times children per group) of types with a fixed number of seats",
)
_OPEN = Words("de groep is open", "the group is open")
_SHUT = Words("de groep gaat dicht", "the group closes")
_BY_LOCATION = Words("geteld naar de plek van de school, niet naar de woonplaats", "counted by school location, not by home")
_EMPTY_NOTE = Words(
    "per groep geteld (school, leeftijd en soort hulp): een lege plek in de ene groep past niet bij elk kind dat wacht",
    "counted by group (school, age and kind of need): an empty seat in one group does not fit every child that waits",
)

INDICATORS = (
    Indicator(
        "K01.load", Words("Belasting: vraag gedeeld door plekken", "Load: demand divided by seats"), "load",
        Words("alle keren dat een kind op de lijst kwam", "all times that a child came on the list"),
        Words("op de lijst gekomen in het schooljaar", "listed in the school year"),
        Words("gemiddelde duur van een verblijf, over alle gesimuleerde jaren samen",
              "mean length of a stay, over all simulated years together"),
        Words("een verblijf dat nog loopt, telt mee zolang het gevolgd is", "a stay that goes on counts while followed"),
        OVER_YEAR, TYPE_SPLITS, better="neither",
        note=Words("boven 1 groeit de wachtlijst, hoe de plekken ook verdeeld worden; bij meer soorten samen: gevraagde "
                   "plekken van alle soorten, gedeeld door al hun plekken",
                   "above 1 the list grows, however seats are given out; for several types together: seats asked by all "
                   "types divided by all their seats"),
    ),
    Indicator(
        "K17.children_oct", Words("Kinderen met een plek op 1 oktober", "Children with a seat on 1 October"), "children",
        _SEATED, _PLACED, _GONE, NO_CLOCK, ON_OCT, additive=True, better="neither", note=_BY_LOCATION,
    ),
    Indicator(
        "K17.children_feb", Words("Kinderen met een plek op 1 februari", "Children with a seat on 1 February"), "children",
        _SEATED, _PLACED, _GONE, NO_CLOCK, ON_FEB, additive=True, better="neither", note=_BY_LOCATION,
    ),
    Indicator(
        "K17.share", Words("Deel van de kinderen met een plek op 1 oktober", "Share of children with a seat, 1 October"),
        "share",
        Words("kinderen in de gewone scholen van dezelfde leeftijdsgroep, en kinderen met een plek in soorten die daarbij "
              "horen (een label delen met die gewone scholen); zonder zulke labels: alle kinderen",
              "children in the regular stages that share a tag with the type, and children with a seat in types that share a "
              "tag with those stages; without such tags: all children"),
        _PLACED, _GONE, NO_CLOCK, ON_OCT, ("all", "type", "tag", "district"), better="neither",
        note=Words("een samenwerkingsverband telt zelf anders: daar is per soort vastgelegd welke andere soorten in de noemer "
                   "staan (soms alleen de eigen soort en de gewone school), en tellen kinderen bij hun eigen "
                   "samenwerkingsverband; hier naar de plek van de school",
                   "a samenwerkingsverband counts in another way: it fixes per type which other types stand in the "
                   "denominator (sometimes only the type and the regular school), and counts children at their own "
                   "samenwerkingsverband; here by school location"),
    ),
    Indicator(
        "K22.occupancy", Words("Bezetting: deel van de plekken dat gebruikt is", "Occupancy: share of seats in use"),
        "share", _SEATS, _OPEN, _SHUT, Words("dagen dat een kind op de plek zit", "days with a child in the seat"),
        OVER_YEAR, _TYPES_AND_PROFILES, better="neither",
        note=Words("boven 100% zitten er meer kinderen dan er plekken zijn", "above 100 % there are more children than seats"),
    ),
    Indicator(
        "K22.seats_oct", Words("Plekken op 1 oktober", "Seats on 1 October"), "seats", _SEATS, _OPEN, _SHUT, NO_CLOCK,
        ON_OCT, _TYPES_AND_PROFILES, additive=True, better="neither",
    ),
    Indicator(
        "K22.empty_oct", Words("Lege plekken op 1 oktober", "Empty seats on 1 October"), "seats", _SEATS, _OPEN, _SHUT,
        NO_CLOCK, ON_OCT, _TYPES_AND_PROFILES, additive=True, better="neither", note=_EMPTY_NOTE,
    ),
    Indicator(
        "K22.empty_while_waiting_oct",
        Words("Lege plekken terwijl kinderen op deze soort wachten, op 1 oktober",
              "Empty seats while children wait for the same type, 1 October"),
        "seats",
        Words("lege plekken van soorten waarvoor op die dag een kind wacht zonder toegezegde startdag",
              "empty seats of types for which some child waits that day without an agreed start"),
        _OPEN, _SHUT, NO_CLOCK, ON_OCT, _TYPES_AND_PROFILES, additive=True, note=_EMPTY_NOTE,
    ),
)  # fmt: skip


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
    """Denominator of K17.share: children of the same stages of regular education, and special types beside them."""
    record = view.record
    population = population_at(view, view.october)
    stages = {record.types[i]: set(record.tags[i]) for i in np.flatnonzero(view.regular)}
    special = {record.types[i]: set(record.tags[i]) for i in np.flatnonzero(view.special)}
    margin = {(int(kind), name): m for m, (kind, name) in enumerate(zip(view.kinds, view.place_types, strict=True))}
    type_, stage = view.code("type"), view.code("stage")
    out = population + seated
    for (kind, name), m in margin.items():
        if kind not in {type_, view.code("tag")}:
            continue
        tags = special[name] if kind == type_ else {name.removeprefix("tag:")}
        members = {k for k, own in special.items() if k == name or own & tags} if kind != type_ else {name}
        of = {k for k, own in stages.items() if any(own & special[t] for t in members)} or set(stages)
        shared = set().union(*(stages[k] for k in of)) if of else set()
        beside = {k for k, own in special.items() if own & shared} if shared else set(special)
        out[m] = sum(population[margin[stage, k]] for k in of) + sum(seated[margin[type_, k]] for k in beside | members)
    out[:, population[0] <= 0] = np.nan
    return out


def seats(view: View) -> dict[str, Floats]:
    """K01 and K22: load, occupancy, seats and empty seats (margins x years)."""
    record = view.record
    cells = len(record.cells)
    rows = steps(record, Level.SEATS)
    limited = (rows.cell >= 0) & np.append(view.special, False)[rows.type]
    cell, start, end, value = rows.cell[limited], rows.start[limited], rows.end[limited], rows.value[limited]
    cell_type = np.full(cells, -1)
    cell_type[cell] = rows.type[limited]
    cell_profile = np.array([c.profile for c in record.cells], dtype=np.intp)
    # Types without a fixed number of seats have no margin here.
    spread = view.spread(Rows(np.full(cells, -1), cell_type, np.full(cells, -1), cell_profile))
    spread = Spread(spread.row[cell_type[spread.row] >= 0], spread.margin[cell_type[spread.row] >= 0], spread.rows, spread.margins)

    stays = view.stays
    seated = (stays.cell >= 0) & (np.append(cell_type, -1)[stays.cell] >= 0)
    at, placed, left = stays.cell[seated], stays.placed[seated], stays.left[seated]
    open_now = count_at(cell, start, end, cells, view.october, value)
    empty = np.maximum(0.0, open_now - count_at(at, placed, left, cells, view.october))
    waiting = view.waiting.at(view.october)[view.margin_of_type[cell_type]] > 0
    return {}
