"""The suite would notice: each fault in the engine makes a theory check fail; without it the check holds."""

from __future__ import annotations

import pytest

from proof import mutations, theory


@pytest.mark.parametrize("name", mutations.MUTATIONS)
def test_fault_is_noticed(name):
    _, case_ids = mutations.MUTATIONS[name]
    assert mutations.failures(name, case_ids[0], full=False) != []
    assert all(row.holds for row in theory.check(theory.cases()[case_ids[0]], full=False)), (
        "the fault was not taken out"
    )
