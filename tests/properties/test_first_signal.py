"""The clock from the first signal runs on through a programme: a gate may not restart it."""

from __future__ import annotations

import numpy as np

from sim import load, simulate
from sim.record import Kind


def test_a_child_that_passes_a_programme_keeps_its_first_signal():
    record = simulate(load("wijkobservatiegroepen-verplichte-poort", years=4), seed=3, replication=0)
    v, role = record.visits, np.array(record.roles)
    programme = (v["kind"] == Kind.SUPPORT) & (role[v["type"]] == "programme") & ~np.isnan(v["left"])
    signal = dict(zip(v["pupil"][programme].tolist(), v["signalled"][programme].tolist(), strict=True))
    left = dict(zip(v["pupil"][programme].tolist(), v["left"][programme].tolist(), strict=True))
    seen = 0
    for i in np.flatnonzero((v["kind"] == Kind.STAY) & np.isin(v["pupil"], list(signal))):
        pupil = int(v["pupil"][i])
        first_stay = v["placed"][(v["kind"] == Kind.STAY) & (v["pupil"] == pupil)].min() == v["placed"][i]
        if first_stay and v["listed"][i] >= left[pupil]:
            assert v["signalled"][i] == signal[pupil]
            seen += 1
    assert seen > 20
