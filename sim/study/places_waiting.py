"""All indicators, and children who wait on 1 October by type and need together: what a plan of places per need is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators import compute as compute_all
from sim.indicators.indicator import SPLITS
from sim.indicators.view import View
from sim.record import Record

WAITING = "K02.oct"


def compute(record: Record) -> pd.DataFrame:
    """The tidy table of one replication, with rows of `K02.oct` for each type and need.

    Args:
        record: One replication.
    """
    view = View(record)
    waits = view.waits
    needs = np.flatnonzero(view.kinds == SPLITS.index("profile"))
    parts = [compute_all(record)]
    for code in np.flatnonzero(view.special):
        mine = waits.rows.type == code
        spread = view.spread(waits.rows.where(mine))
        waiting = spread.children(waits.free[mine], waits.end[mine]).at(view.october)[needs]
        need, year = (axis.ravel() for axis in np.indices(waiting.shape))
        parts.append(
            pd.DataFrame(
                {
                    "school_year": np.array(record.school_years, dtype=object)[year],
                    "indicator": WAITING,
                    "place_type": record.types[code],
                    "district": "all",
                    "profile": np.array(view.profiles, dtype=object)[needs[need]],
                    "value": waiting.ravel(),
                    "unit": "children",
                }
            )
        )
    whole = [p.astype({name: object for name in p.columns if name != "value"}) for p in parts if len(p)]
    return pd.concat(whole, ignore_index=True)
