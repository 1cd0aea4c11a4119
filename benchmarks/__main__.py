"""Print and write how long things take: `python -m benchmarks [PART…] [--rounds N]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from benchmarks import page
from benchmarks.page import Table

PARTS = {
    "almere": "A replication of Almere",
    "queues": "A textbook queue",
    "growth": "Growth with the size of the region",
    "pool": "The pool of workers",
    "dashboard": "The dashboard",
    "clone": "From clone to comparison",
}
SLOW = ("clone",)  # minutes; only when asked for by name


def main(arguments: list[str] | None = None) -> int:
    """Run the parts asked for and write their sections of the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART",
        help=f"which parts: {', '.join(PARTS)} (default: all but {', '.join(SLOW)}, which clones, installs and runs "
        "everything and takes minutes)",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=7, help="how often contenders take turns (default: 7)")
    asked = parser.parse_args(arguments)
    unknown = [p for p in asked.parts if p not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    if asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    facts = page.machine()
    print(facts, flush=True)
    for part in asked.parts or [p for p in PARTS if p not in SLOW]:
        tables: Callable[[int], list[Table]] = import_module(f"benchmarks.{part}").tables
        body = "\n\n".join([*(t.markdown() for t in tables(asked.rounds)), f"Measured on: {facts}."])
        print(f"\n{PARTS[part]}\n\n{body}", flush=True)
        page.write(PARTS[part], body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
