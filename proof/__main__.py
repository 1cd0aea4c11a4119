"""Run the proof: `python -m proof [PART…] [--jobs N] [--again] [--thin]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable

from proof import (
    almere,
    appendix,
    backtest,
    calibration,
    closed_forms,
    importer,
    keyed,
    moments,
    mutations,
    recovery,
    replay,
    schatkist,
    theory,
)
from proof.pool import Map, workers
from proof.screens import part as screens
from proof.table import Check, Part, is_current, write

Run = Callable[[bool, Map[object]], Iterable[Check]]
PARTS: tuple[tuple[Part, Run], ...] = (
    (Part("theory", "Toy regions against closed forms", theory.__doc__ or ""), theory.checks),
    (
        Part("closed-forms", "Closed forms behind the feedback loops", closed_forms.__doc__ or ""),
        closed_forms.checks,
    ),
    (Part("appendix", "The method's trial runs, repeated", appendix.__doc__ or ""), appendix.checks),
    (moments.PART, moments.checks),
    (recovery.PART, recovery.checks),
    (calibration.PART, calibration.checks),
    (almere.PART, almere.checks),
    (replay.PART, replay.checks),
    (backtest.PART, backtest.checks),
    (importer.PART, importer.checks),
    (schatkist.PART, schatkist.checks),
    (screens.PART, screens.checks),
    (Part("keyed", "Keyed draws", keyed.__doc__ or ""), keyed.checks),
    (
        Part("mutations", "Would the proof notice?", mutations.__doc__ or ""),
        lambda full, _: mutations.checks(full),
    ),
)


def main(arguments: list[str] | None = None) -> int:
    """Make the tables asked for; parts that are up to date are left alone, so a stopped proof goes on.

    Returns:
        0 when every line holds, else 1.
    """
    names = [part.id for part, _ in PARTS]
    parser = argparse.ArgumentParser(prog="python -m proof", description="Hold the engine against theory.")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"which parts: {', '.join(names)} (default: all)"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: all processors)"
    )
    parser.add_argument("--again", action="store_true", help="also parts that are up to date")
    parser.add_argument("--thin", action="store_true", help="few replications; prints, writes nothing")
    asked = parser.parse_args(arguments)
    unknown = [p for p in asked.parts if p not in names]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are: {', '.join(names)}")
    good = True
    with workers(asked.jobs) as spread:
        for part, run in PARTS:
            if asked.parts and part.id not in asked.parts:
                continue
            if is_current(part) and not asked.again and not asked.thin:
                print(f"{part.id}: up to date")
                continue
            good &= _make(part, run, asked.thin, spread)
    return 0 if good else 1


def _make(part: Part, run: Run, thin: bool, spread: Map[object]) -> bool:
    started = time.perf_counter()
    rows = []
    for row in run(not thin, spread):
        rows.append(row)
        mark = "holds" if row.holds else "FAILS"
        print(
            f"  {mark}  {row.case}: {row.what}: {row.found:.6g}, expected {row.expected:.6g} ({row.rule})",
            flush=True,
        )
    seconds = time.perf_counter() - started
    print(f"{part.id}: {sum(r.holds for r in rows)} of {len(rows)} lines hold, {seconds:.0f} s", flush=True)
    if not thin:
        write(part, rows, {"seed": theory.SEED if part.seed is None else part.seed})
    return all(r.holds for r in rows)


if __name__ == "__main__":
    sys.exit(main())
