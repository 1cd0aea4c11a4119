"""Keyed draws: on the toys (thin), and on one replication of the shipped region."""

from __future__ import annotations

import sim
from proof import keyed


def test_toys():
    assert [row for row in keyed.checks(full=False) if not row.holds] == []


def test_shipped_region():
    """A zero dose is byte-equal to the baseline, and a shorter run is the beginning of a longer one."""
    baseline = sim.load("baseline", years=3)
    longer = sim.simulate(baseline, seed=3, replication=0)
    assert keyed.fingerprint(longer) == keyed.fingerprint(sim.simulate(keyed.zero_dose(baseline), 3, 0))
    shorter = sim.simulate(sim.load("baseline", years=1), seed=3, replication=0)
    assert keyed.same(keyed.beginning(shorter, shorter.end), keyed.beginning(longer, shorter.end))
