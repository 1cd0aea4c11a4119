"""All indicators of one replication as one tidy table."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sim.indicators import (
    choice,
    class_size,
    decisions,
    durations,
    from_signal,
    home,
    money,
    moves,
    places,
    programmes,
    reasons,
    staff,
    support,
    waiting,
)
from sim.indicators.counting import Floats, Ints
from sim.indicators.register import INDICATORS
from sim.indicators.view import View
from sim.record import Record

COLUMNS = ("school_year", "indicator", "place_type", "district", "profile", "value", "unit")
MEASURES: tuple[Callable[[View], dict[str, Floats]], ...] = (
    waiting.waiting_lists,
    waiting.without_place,
    durations.wait_to_seat,
    from_signal.from_signal,
    reasons.reasons,
    decisions.decisions,
    choice.own_district,
    choice.first_choice,
    home.home,
    moves.changes,
    moves.failed_starts,
    moves.returns,
    programmes.programmes,
    places.children,
    places.seats,
    support.support,
    class_size.class_size,
    staff.incidents,
    staff.staff,
    money.money,
)


def compute(record: Record) -> pd.DataFrame:
    """Compute every indicator of `INDICATORS` for every school year and margin.

    Margins: everything together, each place type, each tag (`tag:` before it), each district and each profile
    alone, the other two columns `all`; some indicators also by regular stage. A value that is not defined (no
    seats, a median that is never reached, a year that cannot be followed long enough) has no row.

    Args:
        record: One replication.

    Returns:
        Table with columns school_year, indicator, place_type, district, profile, value and unit; sorted by
        indicator (order of `INDICATORS`), margin and school year. Text columns are categorical, with the same
        categories for every record of one region and horizon.
    """
    view = View(record)
    found: dict[str, Floats] = {}
    for measure in MEASURES:
        found.update(measure(view))
    table = np.stack([found[key] for key in INDICATORS])
    shown = np.stack([view.mask(indicator.splits) for indicator in INDICATORS.values()])
    indicator, margin, year = np.nonzero(~np.isnan(table) & shown[:, :, None])
    units = list(dict.fromkeys(i.unit for i in INDICATORS.values()))
    unit_of = np.array([units.index(i.unit) for i in INDICATORS.values()])
    return pd.DataFrame(
        {
            "school_year": pd.Categorical.from_codes(year, categories=list(record.school_years)),
            "indicator": pd.Categorical.from_codes(indicator, categories=list(INDICATORS)),
            "place_type": _labels(view.place_types, margin),
            "district": _labels(view.districts, margin),
            "profile": _labels(view.profiles, margin),
            "value": table[indicator, margin, year],
            "unit": pd.Categorical.from_codes(unit_of[indicator], categories=units),
        }
    )


def _labels(labels: list[str], margin: Ints) -> pd.Categorical:
    names = list(dict.fromkeys(labels))
    code = np.array([names.index(label) for label in labels])
    return pd.Categorical.from_codes(code[margin], categories=names)
