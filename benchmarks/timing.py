"""Timing on a machine that others use too: contenders take turns, and only ratios within one round are trusted."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Mapping
from statistics import median

Times = dict[str, list[float]]


def take_turns(contenders: Mapping[str, Callable[[int], object]], rounds: int) -> Times:
    """Seconds of processor time per contender and round.

    In each round every contender runs once, in an order that is shuffled anew, with the same garbage collector settings.

    Args:
        contenders: Name -> what to run with the number of the round. It runs once before, untimed.
        rounds: How often.
    """
    for run in contenders.values():
        run(0)
    times: Times = {name: [] for name in contenders}
    order = list(contenders)
    for number in range(1, rounds + 1):
        random.shuffle(order)
        for name in order:
            gc.collect()
            began = time.process_time()
            contenders[name](number)
            times[name].append(time.process_time() - began)
    return times


def ratio(times: Times, slow: str, fast: str) -> float:
    """Median over rounds of how many times longer `slow` took than `fast` in the same round."""
    return median(a / b for a, b in zip(times[slow], times[fast], strict=True))


def spread(times: Times, slow: str, fast: str) -> str:
    """That median with the lowest and highest round."""
    ratios = sorted(a / b for a, b in zip(times[slow], times[fast], strict=True))
    return f"{median(ratios):.2f} × [{ratios[0]:.2f}–{ratios[-1]:.2f}]"
