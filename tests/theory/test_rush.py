"""Requests that come together take longer; spread over the year they do not. The formula: busy weeks x (1 - spread)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import sim
from sim.record import Kind
from sim.scenario.levers import Change
from sim.scenario.scenario import Scenario

START = date(2024, 8, 1)


def today() -> Scenario:
    """Without meetings before the decision, so that a request is received on the day on which its decision begins."""
    base = sim.load("baseline", years=1)
    off = base.region.mechanisms.model_copy(update={"teams": False})
    return base.model_copy(update={"region": base.region.model_copy(update={"mechanisms": off})})


def spread(share: float) -> Scenario:
    base = today()
    change = Change.model_validate({"set": share, "from": START})
    return base.model_copy(update={"levers": {"tlv.spread": (change,)}})


def times(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Child, day and length of each first decision, by child."""
    r = sim.simulate(scenario)
    v = r.visits
    rows = np.flatnonzero((v["kind"] == Kind.DECISION) & (v["type"] == r.types.index("tlv")))
    rows = rows[np.lexsort((v["listed"][rows], v["pupil"][rows]))]
    rows = rows[np.unique(v["pupil"][rows], return_index=True)[1]]
    key = r.pupils["key"][v["pupil"][rows]]
    return key, v["listed"][rows], v["left"][rows] - v["listed"][rows]


@pytest.mark.parametrize("share", [0.4, 1.0])
def test_a_request_in_a_busy_month_is_quicker_by_what_is_spread(share: float) -> None:
    now, other = times(today()), times(spread(share))
    same, i, j = np.intersect1d(now[0], other[0], return_indices=True)
    asked = now[1][i]
    day = np.datetime64("2023-08-01") + np.floor(asked).astype("timedelta64[D]")
    busy = np.isin(day.astype("datetime64[M]").astype(int) % 12 + 1, (5, 6, 7))
    decided = ~np.isnan(now[2][i] - other[2][j])  # a request at the very end is still open
    later = (asked >= 366) & (asked == other[1][j]) & decided
    won = (now[2][i] - other[2][j])[later]
    weeks = sim.load("baseline").region.decisions["tlv"].busy_weeks
    assert weeks is not None and len(same) and busy[later].any()
    assert won[~busy[later]] == pytest.approx(0.0)
    # Requests for 1 August are decided by that day at the latest, and renewals follow no queue: they win less, or nothing.
    whole = share * weeks.value * 7
    assert np.all(won[busy[later]] <= whole + 1 / 1024)
    assert np.sum(np.abs(won[busy[later]] - whole) < 1 / 512) > 100
