"""What was run, with what, on what: all that is needed to repeat a study and see that it came out equal."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.posterior import POSTERIOR
from sim.scenario.region import Region
from sim.scenario.resolve import find_root
from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.results import Results

FORMAT = 1
DISTRIBUTION = "doorstroom"


class FolderError(ValueError):
    """An output folder is not whole, was changed, or was written by another version."""


def describe(
    results: Results,
    *,
    engine: Engine,
    command: Sequence[str],
    given: Sequence[str | Path] = (),
) -> dict[str, Any]:
    """The manifest of a study without its tables (the export adds these).

    Args:
        results: The results.
        engine: The functions that were run.
        command: Words of the command that asked for them.
        given: How the scenarios were asked for; files among them are inputs.
    """
    return {
        "format": FORMAT,
        "command": list(command),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "region": results.baseline.region.id,
        "baseline": results.baseline.id,
        "scenarios": [
            {"id": s.id, "kind": s.kind, "digest": s.digest(), "title": s.title.model_dump()}
            for s in results.scenarios
        ],
        "seed": results.seed,
        "replications": results.replications,
        "complete": results.complete,
        "years": results.baseline.years,
        "replay_years": results.baseline.region.replay_years,
        "school_years": list(results.school_years),
        "modes": list(results.modes),
        "engine": {
            "simulate": engine.simulate,
            "compute": engine.compute,
            "digest": results.engine,
            "indicators": results.indicators,
        },
        "inputs": inputs(results.baseline.region, given),
        "packages": packages(),
        "python": platform.python_version(),
        "platform": system(),
        "git": git(),
        "messages": list(results.messages),
    }


def inputs(region: Region, given: Sequence[str | Path] = ()) -> dict[str, str]:
    """File name -> sha256 of the region's files and of the scenario files that were named."""
    found: dict[str, Path] = {}
    root = find_root()
    for file in root.glob("**/region.yaml"):
        if file.parent.name == region.id:
            for path in (*file.parent.rglob("*.yaml"), *file.parent.glob(POSTERIOR)):
                found[f"{root.name}/{path.relative_to(root).as_posix()}"] = path
    known = {p.resolve() for p in found.values()}
    for name in given:
        path = Path(name)
        if path.is_file() and path.resolve() not in known:
            found[path.name if path.is_absolute() else path.as_posix()] = path
    return {name: sha256(path) for name, path in sorted(found.items())}


def packages() -> dict[str, str]:
    """Versions of this package and of what it needs to run."""
    try:
        needed = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        needed = []
    names = {DISTRIBUTION}
    for line in needed:
        if "extra ==" not in line:
            names.add("".join(c if c.isalnum() or c in "-_." else " " for c in line).split()[0])
    found = {}
    for name in sorted(names):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def system() -> dict[str, str]:
    """System and processor level, as far as they can move a last digit."""
    config: dict[str, Any] = dict(np.show_config(mode="dicts"))
    simd = config.get("SIMD Extensions", {})
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "implementation": sys.implementation.name,
        "simd": ", ".join(simd.get("found", [])),
    }


def git() -> dict[str, Any] | None:
    """Commit of the working folder and whether files differ from it; None without git."""
    try:
        commit = _git("rev-parse", "HEAD")
        return {"commit": commit, "dirty": bool(_git("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return None


def read(path: Path) -> dict[str, Any]:
    """Read a manifest.

    Raises:
        FolderError: It is not a manifest that this version can read.
        OSError: It cannot be opened.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FolderError(f"{path} is not a manifest: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FolderError(f"{path} is not a manifest of this version (format {FORMAT})")
    return data


def sha256(path: Path) -> str:
    """Hash (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def snapshot(scenarios: Sequence[Scenario]) -> str:
    """The resolved scenarios as JSON, region and posterior once: they can be repeated wherever their files are now."""
    data = [s.model_dump(mode="json", by_alias=True) for s in scenarios]
    shared: dict[str, list[Any]] = {"regions": [], "posteriors": []}
    for scenario in data:
        for key, known in (("region", shared["regions"]), ("posterior", shared["posteriors"])):
            part = scenario.pop(key)
            if part not in known:
                known.append(part)
            scenario[key] = known.index(part)
    # Keys stay in their own order: codes, and so draws, follow the order in which a region names things.
    return json.dumps({"format": FORMAT, **shared, "scenarios": data}, indent=1) + "\n"


def from_snapshot(text: str) -> tuple[Scenario, ...]:
    """The scenarios of a snapshot.

    Raises:
        FolderError: It is not a snapshot that this version can read.
    """
    try:
        data = json.loads(text)
        # JSON has no dates and no whole numbers as keys: not strict here; the digests are checked later.
        return tuple(
            Scenario.model_validate({**s, **_shared(s, data)}, strict=False) for s in data["scenarios"]
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise FolderError(f"the scenarios beside the manifest cannot be read: {str(error)[:300]}") from error


def _shared(scenario: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Region and posterior of a scenario; snapshots from before there was a posterior have none."""
    found = {"region": data["regions"][scenario["region"]]}
    if "posterior" in scenario:
        found["posterior"] = data["posteriors"][scenario["posterior"]]
    return found


def _git(*words: str) -> str:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(
        ["git", *words], capture_output=True, text=True, check=True, timeout=10, env=environment
    )  # fmt: skip
    return done.stdout.strip()
