"""What calibrate does: read the facts, call the study, show how far it is, write and print what came out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from joblib import Parallel, delayed
from rich.console import Console

from sim.data.facts import facts_of
from sim.data.posterior import posterior_text, write_text
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.posterior import POSTERIOR
from sim.scenario.resolve import find_root, load
from sim.study.calibrate.calibrate import calibrate as find
from sim.study.calibrate.prior import prior_of
from sim.study.calibrate.report import about, text
from sim.study.calibrate.targets import TARGETS, read_targets
from sim.study.calibrate.waves import CalibrationError

REPORT, RUNS = "calibration.md", "runs"
_LINE_SECONDS = 15.0


def calibrate(
    region: str,
    *,
    rates: str | None,
    targets: Path | None,
    waves: int,
    design: int,
    draws: int,
    seed: int,
    matching: int,
    out: Path | None,
    write: bool,
    jobs: int | None,
    root: Path | None,
) -> None:
    """Calibrate a region, print the report and write it with the draws; exit 2 for what the user can mend."""
    scenario = load(f"{region}/baseline", root)
    beside = find_root(root) / region
    asked = targets or beside / TARGETS
    against = read_targets(asked, scenario.region, facts_of(region, root))
    if rates is None:
        prior = prior_of(scenario, against.rates, str(asked))
    else:
        prior = prior_of(scenario, [r.strip() for r in rates.split(",")])
    folder = out or Path("results", "calibration", region)
    folder.mkdir(parents=True, exist_ok=True)
    say = Console(stderr=True, highlight=False)
    try:
        found = find(
            scenario, prior, against, _spread(jobs), waves=waves, design=design, draws=draws, seed=seed, matching=matching,
            folder=folder / RUNS, told=_Teller(say).tell,
        )  # fmt: skip
    except CalibrationError as error:
        raise ScenarioError([Problem("calibrate", 0, "", "", str(error))]) from None
    except KeyboardInterrupt:
        say.print(f"Stopped. What was run is kept in {folder / RUNS}; the same command goes on from there.")
        raise typer.Exit(130) from None
    joint = posterior_text(
        prior.names,
        prior.quantities,
        found.draws.tolist(),
        about(found, datetime.now(UTC).date().isoformat()),
    )
    report = f"# Calibration of {region}\n\n{text(found)}"
    write_text(folder / REPORT, report)
    write_text(folder / POSTERIOR, joint)
    print(report)
    if write:
        write_text(beside / POSTERIOR, joint)
        print(f"{beside / POSTERIOR} is written: drawn runs of {region} use it from now on.")
    else:
        print(f"Report and draws are in {folder}. --write puts the draws beside the region, for drawn runs.")


class _Teller:
    """Says how far it is: at each new step, at its end, and now and then."""

    def __init__(self, say: Console) -> None:
        self._say = say
        self._title, self._said = "", 0.0

    def tell(self, title: str, done: int, total: int) -> None:
        """So much of a step is done."""
        now = time.monotonic()
        if title != self._title or done >= total or now - self._said >= _LINE_SECONDS:
            self._say.print(f"{title}: {done} of {total}")
            self._title, self._said = title, now


def _spread(jobs: int | None) -> Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], list[Any]]:
    """Calls on worker processes (one job: in this process), answers in order."""
    pool = Parallel(n_jobs=jobs or -1)
    return lambda function, todo: list(pool(delayed(function)(*one) for one in todo))
