"""What calibrate does: read the facts, call the study, show how far it is, write and print what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Any

from joblib import Parallel, delayed

from sim.cli.comparison import console
from sim.cli.progress import Meter, stoppable, writable
from sim.data.facts import facts_of
from sim.data.posterior import posterior_text
from sim.data.regionfile import replace_files
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files import shown
from sim.scenario.posterior import POSTERIOR
from sim.scenario.resolve import find_root, load
from sim.scenario.scenario import Scenario
from sim.study.calibrate.calibrate import calibrate as find
from sim.study.calibrate.prior import prior_of
from sim.study.calibrate.report import about, text
from sim.study.calibrate.targets import TARGETS, read_targets
from sim.study.calibrate.waves import CalibrationError

REPORT, RUNS = "calibration.md", "runs"


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
    scenario = baseline(region, root)
    beside = find_root(root) / region
    asked = targets or beside / TARGETS
    against = read_targets(asked, scenario.region, facts_of(region, root))
    if rates is None:
        prior = prior_of(scenario, against.rates, str(asked))
    else:
        prior = prior_of(scenario, [r.strip() for r in rates.split(",")])
    folder = out or Path("results", "calibration", region)
    writable(folder)
    going_on = f"What was run is kept in {folder / RUNS}; the same command goes on from there."
    try:
        with stoppable(lambda: going_on), Meter(console(error=True)) as meter:
            found = find(
                scenario, prior, against, _spread(jobs), waves=waves, design=design, draws=draws, seed=seed,
                matching=matching, folder=folder / RUNS, told=meter.show,
            )  # fmt: skip
    except CalibrationError as error:
        raise ScenarioError([Problem("calibrate", 0, "", "", str(error))]) from None
    joint = posterior_text(
        prior.names,
        prior.quantities,
        found.draws.tolist(),
        about(found, datetime.now(UTC).date().isoformat()),
    )
    report = f"# Calibration of {region}\n\n{text(found)}"
    replace_files({folder / REPORT: report, folder / POSTERIOR: joint}, keep=False)
    print(report)
    if write:
        replace_files({beside / POSTERIOR: joint}, keep=False)
        print(f"{shown(beside / POSTERIOR)} is written: drawn runs of {region} use it from now on.")
    else:
        print(f"Report and draws are in {folder}. --write puts the draws beside the region, for drawn runs.")


def baseline(region: str, root: Path | None) -> Scenario:
    """The baseline, without its present posterior when that no longer fits: it is what is made anew."""
    try:
        return load(f"{region}/baseline", root)
    except ScenarioError as error:
        if any(Path(p.file).name != POSTERIOR for p in error.problems):
            raise
    with TemporaryDirectory() as other:
        copytree(find_root(root) / region, Path(other, region), ignore=ignore_patterns(POSTERIOR))
        return load(f"{region}/baseline", other)


def _spread(jobs: int | None) -> Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], list[Any]]:
    """Calls on worker processes (one job: in this process), answers in order."""
    pool = Parallel(n_jobs=jobs or -1)
    return lambda function, todo: list(pool(delayed(function)(*one) for one in todo))
