"""Moment matching: rates moved inside their ranges until the counted stocks hold, with chance out of the way.

Growth and trend are off, so that "the stock of the first count stays" is the only thing asked; nothing else is tuned, a
waiting list least of all. The same replications at every point (common random numbers) leave hardly any chance in a
difference between two points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from sim.model import simulate
from sim.scenario.scenario import Scenario
from sim.study.calibrate.points import Spread
from sim.study.calibrate.prior import Floats, Prior
from sim.study.calibrate.summaries import COUNTED, Summary, summaries

YEARS = 3
# Default seats are what must hold; unlimited seats show a wrong inflow that full schools hide.
SEATED_WEIGHT = 2.0
# How much of the misfit it costs to leave the value in the file by half a range. Stocks fix some rates only as a sum (two
# routes into one school): along such a line the value in the file should stand, and not what chance makes of it.
PULL = 0.03


@dataclass(frozen=True)
class Fit:
    """Fitted rates and the stocks they give.

    Attributes:
        values: Path of the rate (without `region.`) -> value.
        seated, unlimited: Stock after 1, 2 and 3 years relative to the count, less 1 (years x types), with the seats that
            there are and with unlimited seats.
    """

    values: dict[str, float]
    seated: Floats
    unlimited: Floats


def held(scenario: Scenario, *, unlimited: bool) -> Scenario:
    """A scenario without growth and trend; with its own seats or with unlimited ones."""
    region = scenario.region
    switched = region.mechanisms.model_copy(update={"demand_growth": False, "trend": False})
    update: dict[str, object] = {"mechanisms": switched}
    if unlimited:
        update["place_types"] = {
            k: t.model_copy(update={"seats": "unlimited"}) for k, t in region.place_types.items()
        }
    return scenario.model_copy(update={"region": region.model_copy(update=update)})


def stocks(scenario: Scenario, seed: int, replication: int) -> Floats:
    """Children per special type on 1 October of each simulated school year (years x types)."""
    record = simulate(scenario, seed, replication)
    types = list(scenario.region.place_types)
    years = [record.start.year + i for i in range(len(record.count_days(COUNTED)))]
    wanted = [Summary("stock", (t,), year=y) for y in years for t in types]
    return summaries(record, wanted).reshape(len(years), len(types))


def relative(
    scenario: Scenario,
    values: dict[str, float],
    spread: Spread,
    *,
    unlimited: bool,
    seed: int,
    replications: int,
) -> Floats:
    """Mean stock after 1, 2 and 3 years relative to the count, less 1 (years x types)."""
    chosen = held(scenario, unlimited=unlimited).with_values({f"region.{k}": v for k, v in values.items()})
    mean = np.mean(spread(stocks, [(chosen, seed, r) for r in range(replications)]), axis=0)
    return np.asarray(mean[1 : YEARS + 1] / counted(scenario) - 1.0)


def counted(scenario: Scenario) -> Floats:
    """Children of the first count per special type."""
    region = scenario.region
    return np.array(
        [
            sum(q.value for p in region.places.values() if p.type == t for q in p.roll.values())
            for t in region.place_types
        ]
    )


def fit(
    scenario: Scenario,
    prior: Prior,
    spread: Spread,
    *,
    seed: int,
    replications: int,
    shown: int | None = None,
) -> Fit:
    """Least squares on the relative stocks, with seats as they are and unlimited, within the ranges of the rates.

    Args:
        scenario: The region carrying on as now, for at least four school years.
        prior: The rates.
        spread: Where the runs are done.
        seed: Master seed.
        replications: Runs per point and kind of seats.
        shown: Runs for the stocks of the result; None = as many.
    """
    low, high = (np.array([q.range[i] for q in prior.quantities if q.range]) for i in (0, 1))
    start = np.array([q.value for q in prior.quantities])
    half = (high - low) / 2

    def at(values: dict[str, float], unlimited: bool, n: int) -> Floats:
        return relative(scenario, values, spread, unlimited=unlimited, seed=seed, replications=n)

    def misfit(x: Floats) -> Floats:
        values = dict(zip(prior.names, low + x * 2 * half, strict=True))
        seated, unlimited = (at(values, u, replications).ravel() for u in (False, True))
        return np.concatenate([SEATED_WEIGHT * seated, unlimited, PULL * (x * 2 - (start - low) / half)])

    # Stocks are nearly linear in the rates: one step is enough, and runs are better spent on less chance in each.
    found = least_squares(misfit, (start - low) / (2 * half), bounds=(0, 1), diff_step=0.1, max_nfev=2)
    values = {k: float(f"{v:.3g}") for k, v in zip(prior.names, low + found.x * 2 * half, strict=True)}
    return Fit(values, *(at(values, u, shown or replications) for u in (False, True)))
