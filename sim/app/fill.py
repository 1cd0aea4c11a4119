"""Run beforehand what the pages show of every shipped scenario, so that each answers at once: `python -m sim.app.fill`.

The answers go into the store of the settings in the environment (`settings.py`), and what is there is not run again:
this may be stopped and started. Needed before a server that only shows stored results; useful before any other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from sim.app.settings import Settings, settings_or_stop
from sim.scenario.resolve import catalogue
from sim.study.parallel import Workers
from sim.study.results import DRAWN, FIXED, MEASURED
from sim.study.routes import ENGINE as ROUTES
from sim.study.runs import Study, plan, stream
from sim.study.store import Store


def studies(chosen: Settings) -> Iterator[tuple[str, Study]]:
    """What is run, the most looked at first: the outcomes of every scenario, then the routes of every scenario."""
    found = catalogue(chosen.scenarios, chosen.region)
    baseline = next(s for s in found if s.kind == "baseline")
    for what, modes, engine in (
        ("outcomes", (FIXED, DRAWN, MEASURED), None),
        ("routes", (FIXED, DRAWN), ROUTES),
    ):
        for scenario in found:
            yield f"{what} of {scenario.id}", plan(
                [scenario], replications=chosen.replications, years=chosen.years, seed=chosen.seed, modes=modes,
                baseline=baseline, engine=engine,
            )  # fmt: skip


def main() -> None:
    """Run what is missing, one line for each scenario."""
    chosen = settings_or_stop()
    store, begun = Store(chosen.store), time.monotonic()
    with Workers(chosen.jobs) as workers:
        for title, study in studies(chosen):
            last = None
            for last in stream(study, store=store, executor=workers):
                pass
            assert last is not None
            new, minutes = last.done - last.reused, (time.monotonic() - begun) / 60
            print(f"{title}: {last.done} replications, {new} of them new ({minutes:.1f} minutes)", flush=True)


if __name__ == "__main__":
    main()
