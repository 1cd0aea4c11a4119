"""Moment matching: a short list of named rates of Almere, moved inside their bands until the counted stocks hold.

`python -m proof.moments` fits and prints; `--write` also puts the fitted values in `scenarios/almere/region.yaml`. Growth
and trend are off, so that "the stock of 2023-24 stays" is the only thing asked; nothing else is tuned, the waiting list
least of all. Each rate is printed beside its band; one that ends at the edge of its band is a finding, not a fit. It is the
first step of a calibration (`sim.study.calibrate`), with more runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

import numpy as np

from proof.lines import CROSS, Line, page
from proof.pool import Map, workers
from proof.table import REPO, Part
from sim import load
from sim.data.facts import facts_of
from sim.data.posterior import with_values
from sim.data.regionfile import replace_files
from sim.scenario.scenario import Scenario
from sim.study.calibrate import moments
from sim.study.calibrate.moments import YEARS, Fit
from sim.study.calibrate.prior import Floats, prior_of
from sim.study.calibrate.targets import TARGETS, read_targets

REGION = REPO / "scenarios" / "almere" / "region.yaml"
SEED, REPLICATIONS, SHOWN = 2023, 60, 50
RATES = read_targets(REGION.with_name(TARGETS), load("baseline").region, facts_of("almere")).rates
NEAR = 0.1  # a second fit, from the values in the file, may move a rate by this part of its band


def still(values: dict[str, float], *, unlimited: bool, years: int = 1) -> Scenario:
    """Almere carrying on, without growth and trend, with these rates; with its own seats or with unlimited ones."""
    scenario = load("baseline", years=years).with_values({f"region.{k}": v for k, v in values.items()})
    return moments.held(scenario, unlimited=unlimited)


def fit(spread: Map[Floats]) -> Fit:
    """Least squares on the relative stocks of Almere after 1, 2 and 3 years."""
    scenario = load("baseline", years=1)
    return moments.fit(
        scenario, prior_of(scenario, RATES), spread, seed=SEED, replications=REPLICATIONS, shown=SHOWN
    )


def checks(full: bool, spread: Map[Floats]) -> Iterator[Line]:
    """Fit again, starting from the region file: no rate moves far, so the file holds what this script finds."""
    if not full:
        return
    result = fit(spread)
    quantities = load("baseline").quantities()
    for name, value in result.values.items():
        q = quantities[f"region.{name}"]
        assert q.range is not None
        low, high = q.range
        near = abs(value - q.value) <= NEAR * (high - low)
        rule = f"within {NEAR:.0%} of its band"
        yield Line("Fitted again", name, q.value, value, 0.0, REPLICATIONS, rule, near, low, high, q.source)
    types = load("baseline").region.place_types
    cases = (
        ("Stock after the fit, default seats", result.seated),
        ("Stock after the fit, unlimited seats", result.unlimited),
    )
    for case, stock in cases:
        for i, type_id in enumerate(types):
            for year in range(YEARS):
                what = f"{type_id}{CROSS}after {year + 1} year(s)"
                yield Line(case, what, 0.0, float(stock[year, i]), 0.0, SHOWN, "beside", True, unit="change")


def report(result: Fit) -> str:
    """The fit as Markdown."""
    scenario = load("baseline")
    quantities = scenario.quantities()
    types = list(scenario.region.place_types)
    lines = ["| rate | value before | fitted | band | source |", "|---|--:|--:|---|---|"]
    for name, value in result.values.items():
        q = quantities[f"region.{name}"]
        assert q.range is not None
        edge = (
            " (edge of its band: a finding)"
            if min(value - q.range[0], q.range[1] - value) < 0.02 * np.ptp(q.range)
            else ""
        )
        lines.append(
            f"| {name} | {q.value:g} | {value:g}{edge} | {q.range[0]:g} to {q.range[1]:g} {q.unit} | {q.source} |"
        )
    lines += [
        "",
        "| type | " + " | ".join(f"after {y} year(s)" for y in (1, 2, 3)) + " | unlimited seats: 1 | 2 | 3 |",
    ]
    lines.append("|---" * 7 + "|")
    for i, name in enumerate(types):
        cells = [f"{x:+.1%}" for x in (*result.seated[:, i], *result.unlimited[:, i])]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _page(part: Part, lines: Sequence[Line]) -> str:
    return page(part, lines, ())


PART = Part(
    "moments",
    "Moment matching of Almere",
    __doc__ or "",
    reads={"engine": ("sim/scenario", "sim/model"), "almere": ("scenarios/almere",)},
    seed=SEED,
    page=_page,
)


def main() -> None:
    """Fit, print, and write when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the fitted values in the region file")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    with workers(args.jobs) as spread:
        result = fit(spread)
    print(report(result))
    if args.write:
        replace_files({REGION: with_values(REGION.read_text(encoding="utf-8"), result.values)})


if __name__ == "__main__":
    main()
