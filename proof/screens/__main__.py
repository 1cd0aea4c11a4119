"""Run cases of the screens and print what is wrong, without writing: `python -m proof.screens [CASE…]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from proof.screens.part import names, run
from proof.screens.ways import WAYS


def main(asked: Sequence[str]) -> int:
    """Run these cases, or all.

    Returns:
        0 when every line holds; 2 when there is no such case.
    """
    unknown = [name for name in asked if name not in names()]
    if unknown:
        print(f"there is no case {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    wrong = 0
    for name, found in run(asked or names()):
        failed = [line for line in found.lines if not line.holds]
        wrong += len(failed)
        print(f"{name}: {len(found.lines) - len(failed)} of {len(found.lines)} lines hold", flush=True)
        for line in found.lines if name in WAYS else failed:
            print(
                f"  {'holds' if line.holds else 'FAILS'}  {line.what}: {line.found:g} ({line.rule})",
                flush=True,
            )
        for text in found.told:
            print(f"  - {text}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
