"""What was run beforehand is what the pages ask for: then a server that runs nothing has every answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.app import fill
from sim.app.desk import MODES, Desk
from sim.app.desk import Settings as How
from sim.app.settings import settings
from sim.scenario.resolve import catalogue
from sim.study.parallel import InProcess
from sim.study.results import DRAWN, FIXED
from sim.study.routes import ENGINE
from sim.study.store import Store


def test_after_filling_a_read_only_desk_answers_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "STORE": str(tmp_path),
        "REGION": "toy/breakeven",
        "REPLICATIONS": "2",
        "YEARS": "2",
        "JOBS": "1",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"DOORSTROOM_{name}", value)
    settings.cache_clear()
    fill.main()
    settings.cache_clear()
    assert "outcomes of toy/breakeven/baseline" in capsys.readouterr().out
    baseline, *ideas = catalogue(None, "toy/breakeven")
    assert ideas
    desk = Desk(How(replications=2, years=2), Store(tmp_path), InProcess, {}, read_only=True)
    for idea in ideas:
        for modes, engine in ((MODES, None), ((FIXED, DRAWN), ENGINE)):
            assert desk.ask(desk.study(baseline, [idea], modes=modes, engine=engine)).pairs == 2
