"""From `git clone` to a comparison on screen: what a newcomer waits for. Slow, and needs a network or a cache of packages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.page import Table

REPO = Path(__file__).resolve().parent.parent


def tables(rounds: int) -> list[Table]:
    """Wall time of cloning, installing and running; once, whatever the number of rounds."""
    del rounds
    folder = Path(tempfile.mkdtemp(prefix="doorstroom-"))
    try:
        clone = _wall("git", "clone", "--quiet", str(REPO), str(folder / "doorstroom"))
        home = folder / "doorstroom"
        install = _wall("make", "install", cwd=home)
        run = _wall("make", "run", "OPEN=0", cwd=home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    asked = dict(
        re.findall(r"^(REPLICATIONS|YEARS) = (\d+)$", (REPO / "Makefile").read_text(), flags=re.MULTILINE)
    )
    text = (
        f"Wall time of `git clone` and `make run OPEN=0`: {asked['REPLICATIONS']} pairs × {asked['YEARS']} years of each "
        "shipped scenario beside the baseline, both bands. Aim: 5 minutes together."
    )
    rows = [
        ("clone", clone),
        ("install", install),
        ("run and compare", run),
        ("together", clone + install + run),
    ]
    return [Table(text, ("step", "wall time"), [(name, f"{seconds:.0f} s") for name, seconds in rows])]


def _wall(*command: str, cwd: Path | None = None) -> float:
    """Seconds of a command, away from this environment; its output is shown, its failure stops the benchmark."""
    env = {
        k: v
        for k, v in os.environ.items()
        if k not in ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL")
    }
    began = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, env=env)
    return time.perf_counter() - began
