"""Moment matching: a short list of named rates of Almere, moved inside their bands until the counted stocks hold.

`python -m proof.moments` fits and prints; `--write` also puts the fitted values in `scenarios/almere/region.yaml`. Growth
and trend are off, so that "the stock of 2023-24 stays" is the only thing asked; nothing else is tuned, the waiting list
least of all. Each rate is printed beside its band; one that ends at the edge of its band is a finding, not a fit.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from proof.lines import CROSS, Line, page
from proof.pool import Map, workers
from proof.table import REPO, Part
from sim import load, simulate
from sim.record import Kind
from sim.scenario.scenario import Scenario

REGION = REPO / "scenarios" / "almere" / "region.yaml"
SEED, REPLICATIONS, YEARS = 2023, 60, 3
RATES = (
    "sources.bo-sbo.rate", "sources.start-sbo.rate", "sources.bo-so.rate", "sources.start-so.rate",
    "sources.start-cluster2.rate", "sources.bo-pro.rate", "sources.vo-vso.rate", "sources.outside-vso.flow",
)  # fmt: skip
NEAR = 0.1  # a second fit, from the values in the file, may move a rate by this part of its band
SEATED_WEIGHT = (
    2.0  # default seats are what must hold; with unlimited seats a wrong inflow shows that full schools hide
)
PULL = 0.01  # how much of the misfit it costs to leave the value in the file by half a band


@dataclass(frozen=True)
class Fit:
    """Fitted rates and the stocks they give, relative to the count."""

    values: dict[str, float]
    seated: NDArray[np.float64]
    unlimited: NDArray[np.float64]


def still(values: dict[str, float], *, unlimited: bool, years: int = 1) -> Scenario:
    """Almere carrying on, without growth and trend, with these rates; with its own seats or with unlimited ones."""
    scenario = load("baseline", years=years).with_values({f"region.{k}": v for k, v in values.items()})
    region = scenario.region
    switched = region.mechanisms.model_copy(update={"demand_growth": False, "trend": False})
    update: dict[str, object] = {"mechanisms": switched}
    if unlimited:
        update["place_types"] = {
            k: t.model_copy(update={"seats": "unlimited"}) for k, t in region.place_types.items()
        }
    return scenario.model_copy(update={"region": region.model_copy(update=update)})


def stocks(scenario: Scenario, seed: int, replication: int) -> NDArray[np.float64]:
    """Children per special type on 1 October of each simulated school year (years x types)."""
    record = simulate(scenario, seed, replication)
    v = record.visits
    special = [i for i, r in enumerate(record.roles) if r == "special"]
    rows = []
    for day in record.count_days("10-01"):
        here = (v["kind"] == Kind.STAY) & (v["placed"] <= day) & ~(v["left"] <= day)
        rows.append(np.bincount(v["type"][here], minlength=len(special))[: len(special)])
    return np.array(rows, dtype=np.float64)


def relative(
    values: dict[str, float], spread, *, unlimited: bool, replications: int = REPLICATIONS
) -> NDArray[np.float64]:  # type: ignore[no-untyped-def]
    """Mean stock after 1, 2 and 3 years relative to the count (years x types)."""
    scenario = still(values, unlimited=unlimited)
    mean = np.mean(spread(stocks, [(scenario, SEED, r) for r in range(replications)]), axis=0)
    counted = _counted(scenario)
    return mean[1 : YEARS + 1] / counted - 1.0


def _counted(scenario: Scenario) -> NDArray[np.float64]:
    region = scenario.region
    return np.array(
        [
            sum(q.value for p in region.places.values() if p.type == t for q in p.roll.values())
            for t in region.place_types
        ]
    )


def fit(spread: Map[NDArray[np.float64]]) -> Fit:
    """Least squares on the relative stocks, with seats as they are and unlimited, within the bands of the rates."""
    quantities = load("baseline").quantities()
    q = [quantities[f"region.{name}"] for name in RATES]
    low, high = (np.array([x.range[i] for x in q if x.range]) for i in (0, 1))
    start = np.array([x.value for x in q])
    half = (high - low) / 2

    def misfit(x: NDArray[np.float64]) -> NDArray[np.float64]:
        values = dict(zip(RATES, low + x * 2 * half, strict=True))
        seated, unlimited = (relative(values, spread, unlimited=u).ravel() for u in (False, True))
        return np.concatenate([SEATED_WEIGHT * seated, unlimited, PULL * (x * 2 - (start - low) / half)])

    # Stocks are nearly linear in the rates: one step is enough, and runs are better spent on less chance in each.
    found = least_squares(misfit, (start - low) / (2 * half), bounds=(0, 1), diff_step=0.1, max_nfev=2)
    values = {k: float(f"{v:.3g}") for k, v in zip(RATES, low + found.x * 2 * half, strict=True)}
    return Fit(values, *(relative(values, spread, unlimited=u, replications=50) for u in (False, True)))


def checks(full: bool, spread: Map[NDArray[np.float64]]) -> Iterator[Line]:
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
                yield Line(case, what, 0.0, float(stock[year, i]), 0.0, 50, "beside", True, unit="change")


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


def write(values: dict[str, float]) -> None:
    """Put fitted values in the region file, leaving everything else in it as it stands."""
    text = REGION.read_text(encoding="utf-8")
    for name, value in values.items():
        _, source, field = name.split(".")
        pattern = rf"(?ms)(^  {re.escape(source)}:\n(?:(?!^  \S).)*?^    {field}: \{{value: )([0-9.]+)"
        text, n = re.subn(pattern, rf"\g<1>{value:g}", text, count=1)
        if n != 1:
            raise ValueError(f"{name} was not found in {REGION.name}")
    REGION.write_text(text, encoding="utf-8", newline="\n")


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
        write(result.values)


if __name__ == "__main__":
    main()
