"""A small folder of proof tables with known numbers, and the sources that they say they were made with."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.report.proofs import sources_digest

PLAIN = ("case", "what", "expected", "found", "se", "replications", "rule", "holds")
WIDE = (*PLAIN, "low", "high", "beside", "unit")
SOURCE = "sim/model/engine.py"


def line(case: str, what: str, found: float, **more: Any) -> dict[str, Any]:
    """One line that is only shown, unless told otherwise."""
    plain = {"expected": "nan", "se": 0, "replications": 30, "rule": "beside", "holds": True}
    return {
        "case": case,
        "what": what,
        "found": found,
        "low": "nan",
        "high": "nan",
        "beside": "",
        "unit": "",
        **plain,
        **more,
    }


def checked(case: str, what: str, found: float, **more: Any) -> dict[str, Any]:
    """One line that can fail."""
    return line(case, what, found, **{"rule": "within 3 se", "expected": 1, **more})


def backtest(model: Sequence[float], covered: float = 0.75) -> list[dict[str, Any]]:
    """Scores of as many series as `model` has; the naive ones score 10 (last year) and 12 (trend)."""

    def scores(case: str, mine: Sequence[float]) -> list[dict[str, Any]]:
        series = [*((f"pupils in S{i}", x) for i, x in enumerate(mine)), ("all six", sum(mine) / len(mine))]
        named = {"model": 0.0, "last year": 10.0, "linear trend": 12.0}
        return [line(case, f"{s} | {name}", value or x) for s, x in series for name, value in named.items()]

    return [
        checked("What it had to show", "series won", 1),
        *scores("CRPS, national", model),
        *[line("Coverage of the 80 % interval, national", f"{s} | {f}", x, unit="share")
          for s in ("pupils in S0", "all six") for f, x in (("model", covered), ("last year", 0.1))],
        *scores("CRPS by years ahead, national", [1.0]),
        *scores("CRPS, national, nothing given", [99.0]),
    ]  # fmt: skip


def make(root: Path, tables: dict[str, list[dict[str, Any]]], columns: tuple[str, ...] = WIDE) -> Path:
    """Write sources, tables and manifest under `root`; returns the folder of the tables."""
    source = root / SOURCE
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text("speed = 1\n", encoding="utf-8")
    folder = root / "docs" / "proof"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {}
    for part, rows in tables.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{part}.csv").write_text(out.getvalue(), encoding="utf-8", newline="\n")
        manifest[part] = {
            "seed": 7,
            "python": "3.11",
            "packages": {"numpy": "2"},
            "reads": {"engine": ["sim/model"]},
            "engine": sources_digest(root, ["sim/model"]),
            "csv_sha256": hashlib.sha256(out.getvalue().encode()).hexdigest(),
        }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
