"""Rows of each table in `docs/proof/`, run again at full size: the tables say what this engine does.

When a change to the engine moves numbers on purpose, `make proof` writes the tables again.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proof import appendix, backtest, closed_forms, importer, keyed, mutations, replay, theory
from proof.table import FOLDER, Check, csv_text
from sim.data.facts import facts_of


def _theory() -> list[Check]:
    return theory.check(theory.cases()["M/M/2/4 at 1"], full=True)


def _closed_forms() -> list[Check]:
    return [closed_forms.load_law("date"), closed_forms.neutrality(12, 13), closed_forms.gate(2, 10)]


def _appendix() -> list[Check]:
    what = "13 in a group"
    values = [appendix.list_after_ten_years(what, r) for r in range(180)]
    return [appendix.same(f"A5 load 1.03, {what}", "list after 10 years", appendix.A5[what], values)]


def _keyed() -> list[Check]:
    return [keyed.nothing_decided("school"), keyed.unused_purposes(), keyed.beginning_of("appendix")]


def _replay() -> list[Check]:
    counts = replay.samples([replay.replay_counts.replicate("as it is", r) for r in range(replay.RUNS)])
    measures = [m for m in replay.MEASURES if m.case in (replay.SITE, "Mean stays")]
    return [replay.line(m, facts_of("almere"), counts[m.key]) for m in measures]


def _backtest() -> list[Check]:
    main = [r for r in backtest.rows(backtest.DRAWS, None, True, 2022) if not backtest.is_part(r.series)]
    return [*backtest.from_year(2022, main)]


def _mutations() -> list[Check]:
    return [mutations.fault("one seat too many", "M/M/1 at 0.5", full=True)]


def _importer() -> list[Check]:
    return [importer.damaged(importer.CASES[3]), importer.hidden()]


ROWS: dict[str, Callable[[], list[Check]]] = {
    "theory": _theory,
    "closed-forms": _closed_forms,
    "appendix": _appendix,
    "keyed": _keyed,
    "replay": _replay,
    "backtest": _backtest,
    "mutations": _mutations,
    "importer": _importer,
}


@pytest.mark.proof
@pytest.mark.parametrize("part", ROWS)
def test_table_is_of_this_engine(part):
    table = (FOLDER / f"{part}.csv").read_text(encoding="utf-8").splitlines()
    again = csv_text(ROWS[part]()).splitlines()[1:]
    assert [row for row in again if row not in table] == []
