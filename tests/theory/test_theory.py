"""Toy regions against closed forms, thin: the cases of `proof.theory` with fewer children.

Ten replications or more, the formula within 3.3 standard errors, and a standard error of at most six times
what the full version allows (4.2 % for occupancy, utilisation, abandonment and stocks, 12 % for waits).
"""

from __future__ import annotations

import pytest

from proof import theory


@pytest.mark.parametrize("case_id", theory.cases())
def test_formula(case_id):
    rows = theory.check(theory.cases()[case_id], full=False)
    assert [r for r in rows if not r.holds] == []
