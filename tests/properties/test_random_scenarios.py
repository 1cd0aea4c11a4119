"""Whatever is decided in Almere, and whenever: children, staff and euros stay what they are.

No child is in two places or past its age limit, nothing holds more children than it has places, nobody is handed out who
is not there, and every euro has one payer and one purpose.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from test_many_programmes import too_full, whereabouts
from test_staff_shared import handed_out

import sim
from proof import invariants
from sim.indicators import compute
from sim.scenario.levers import Change, levers_of
from sim.scenario.scenario import Scenario

FROM = st.sampled_from([date(2023, 11, 15), date(2024, 8, 1), date(2025, 1, 1), date(2025, 8, 1)])
STEPS = st.integers(-4, 6)
FEW = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)


@cache
def almere() -> Scenario:
    return sim.load("almere/baseline", years=1)


@st.composite
def changes(draw: st.DrawFn) -> dict[str, tuple[float | str, date]]:
    """Up to a dozen levers of Almere, some steps of a slider away from today or on another choice, from a date."""
    levers = levers_of(almere().region)
    chosen: dict[str, tuple[float | str, date]] = {}
    for path in draw(st.lists(st.sampled_from(sorted(levers)), min_size=1, max_size=12, unique=True)):
        d, today = levers[path].definition, levers[path].today
        value: float | str
        if d.kind == "number":
            value = min(d.high, max(d.low, float(today) + draw(STEPS) * d.step))
        elif d.kind == "switch":
            value = draw(st.sampled_from([0.0, 1.0]))
        else:
            value = draw(st.sampled_from(sorted({*d.options, str(today)})))
        chosen[path] = (value, draw(FROM))
    return chosen


def two_sums(table: pd.DataFrame) -> list[str]:
    """Years and indicators of money in which the payers, or the purposes, do not add up to the whole."""
    whole = table[(table["district"].astype(str) == "all") & (table["profile"].astype(str) == "all")]
    found = []
    for name in ("K28.total", "K28.calendar_total"):
        rows = whole[whole["indicator"].astype(str) == name].astype({"place_type": str, "school_year": str})
        total = rows[rows["place_type"] == "all"].set_index("school_year")["value"]
        for split in ("payer:", "purpose:"):
            parts = rows[rows["place_type"].str.startswith(split)].groupby("school_year")["value"].sum()
            if not np.allclose(parts.reindex(total.index), total, rtol=0.0, atol=0.5, equal_nan=True):
                found.append(f"{name} by {split[:-1]}")
    return found


@FEW
@given(changes(), st.integers(0, 3))
def test_children_staff_and_euros_stay_what_they_are(
    chosen: dict[str, tuple[float | str, date]], replication: int
) -> None:
    levers = {k: (Change.model_validate({"set": v, "from": day}),) for k, (v, day) in chosen.items()}
    region = almere().region
    with pytest.MonkeyPatch.context() as patch:
        seen = handed_out(patch)
        record = sim.simulate(almere().model_copy(update={"levers": levers}), seed=5, replication=replication)
    assert all(used <= there + 1e-6 for there, used in seen)
    assert whereabouts(record, tuple(k for k, h in region.home.items() if h.has_place)) == []
    assert too_full(record) == []
    assert invariants.all_of(record) == []
    limits = {k: t.limit for k, t in region.place_types.items() if t.limit is not None}
    assert invariants.within_age_limits(record, limits) == []
    assert two_sums(compute(record)) == []
