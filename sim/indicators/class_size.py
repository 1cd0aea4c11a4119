"""Class size: children per group as children meet it and as schools count it, and groups above today's size (K21)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats, Ints, count_at, steps
from sim.indicators.indicator import NO_CLOCK, ON_OCT, TYPE_SPLITS, Indicator, Words
from sim.indicators.margins import Rows
from sim.indicators.places import in_cells
from sim.indicators.view import View, ratio
from sim.record import Level

_GROUPS = Words(
    "open groepen van soorten met een vast aantal plekken, per school en soort hulp samen",
    "open groups of types with a fixed number of seats, taken together per school and kind of need",
)
_CHILDREN = Words("kinderen in deze groepen", "children in these groups")
_PER_GROUP = Words("kinderen gedeeld door open groepen", "children divided by open groups")
_NOTHING = Words("geen", "none")

INDICATORS = (
    Indicator(
        "K21.class_size",
        Words("Kinderen per groep, zoals een kind het merkt", "Children per group, as a child meets it"),
        "children per group",
        _CHILDREN,
        _PER_GROUP,
        _NOTHING,
        NO_CLOCK,
        ON_OCT,
        TYPE_SPLITS,
        better="neither",
        note=Words(
            "elk kind telt één keer, dus een grote groep telt vaker dan een kleine: nooit minder dan het gemiddelde "
            "over groepen",
            "each child counts once, so a large group counts more often than a small one: never less than the mean "
            "over groups",
        ),
    ),
    Indicator(
        "K21.group_size",
        Words("Kinderen per groep, gemiddeld over groepen", "Children per group, mean over groups"),
        "children per group",
        _GROUPS,
        _PER_GROUP,
        _NOTHING,
        NO_CLOCK,
        ON_OCT,
        TYPE_SPLITS,
        better="neither",
    ),
    Indicator(
        "K21.above_norm",
        Words("Groepen die voller zijn dan nu is afgesproken", "Groups that are fuller than agreed today"),
        "share",
        _GROUPS,
        Words(
            "meer kinderen per groep dan de plekken per groep op de eerste dag",
            "more children per group than seats per group on the first day",
        ),
        _NOTHING,
        NO_CLOCK,
        ON_OCT,
        TYPE_SPLITS,
    ),
)


def class_size(view: View) -> dict[str, Floats]:
    """K21 (margins x years)."""
    record = view.record
    cells = len(record.cells)
    schools: dict[tuple[int, int], int] = {}
    unit = np.array(
        [schools.setdefault((c.place, c.profile), len(schools)) for c in record.cells], dtype=np.intp
    )
    rows = steps(record, Level.GROUPS)
    mine = rows.cell >= 0
    per_cell = count_at(
        rows.cell[mine], rows.start[mine], rows.end[mine], cells, view.october, rows.value[mine]
    )
    type_of = np.full(len(schools), -1)
    type_of[unit[rows.cell[mine]]] = rows.type[mine]
    groups, children = _sum(per_cell, unit, len(schools)), _sum(in_cells(view), unit, len(schools))
    there = (groups > 0) & (type_of >= 0)[:, None]
    size = np.divide(children, groups, out=np.zeros_like(groups), where=there)
    fuller = there & (
        children > np.ceil(_today(view, unit, type_of)[:, None] * np.where(there, groups, 1.0) - 1e-9)
    )
    spread = view.spread(
        Rows(np.full(len(schools), -1), type_of, np.full(len(schools), -1), np.full(len(schools), -1))
    )

    def total(per_school: Floats) -> Floats:
        return _sum((per_school * there)[spread.row], spread.margin, view.margins)

    return {
        "K21.class_size": ratio(total(children * size), total(children)),
        "K21.group_size": ratio(total(children), total(groups)),
        "K21.above_norm": ratio(total(groups * fuller), total(groups)),
    }


def _sum(rows: Floats, code: Ints, codes: int) -> Floats:
    """Rows added up by code."""
    out = np.zeros((codes, rows.shape[1]))
    np.add.at(out, code, rows)
    return out


def _today(view: View, unit: Ints, type_of: Ints) -> Floats:
    """Seats per group on the first day, per school and need; where there was no group, that of the whole type."""
    first = view.edges[:1]
    parts = []
    for what in (Level.SEATS, Level.GROUPS):
        rows = steps(view.record, what)
        mine = rows.cell >= 0
        cell, value = rows.cell[mine], rows.value[mine]
        at_first = count_at(cell, rows.start[mine], rows.end[mine], len(unit), first, value)
        parts.append(_sum(at_first, unit, len(type_of)))
    seats, groups = parts[0][:, 0], parts[1][:, 0]
    types = np.maximum(type_of, 0)
    of_type = np.bincount(types, seats), np.bincount(types, groups)
    whole = np.divide(*of_type, out=np.full(len(of_type[0]), np.inf), where=of_type[1] > 0)[types]
    found: Floats = np.divide(seats, groups, out=whole, where=groups > 0)
    return found
