"""Rows of a proof, and the tables and manifest that are made of them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.report.proofs import sources_digest

REPO = Path(__file__).resolve().parent.parent
FOLDER = REPO / "docs" / "proof"
PACKAGES = ("numpy", "scipy", "simpy", "pydantic", "ruamel.yaml")
READS = {"engine": ("sim/scenario", "sim/model"), "toys": ("scenarios/toy",)}


@dataclass(frozen=True)
class Check:
    """One line of a proof table.

    Attributes:
        case: The toy and its numbers.
        what: What is compared.
        expected: What theory (or the hand, or the source) says.
        found: What the engine did: the mean over replications.
        se: Standard error of that mean; 0 for an exact comparison.
        replications: How many runs.
        rule: When the line holds, in words.
        holds: Whether it does.
    """

    case: str
    what: str
    expected: float
    found: float
    se: float
    replications: int
    rule: str
    holds: bool


@dataclass(frozen=True)
class Part:
    """One part of the proof: a table with the choices behind it.

    Attributes:
        id: Its name on the command line and in `docs/proof/`.
        title, text: Heading and introduction of its page.
        reads: What it depends on, by name: folders of the repository.
        seed: Seed of its runs; None = that of the toys.
        page: Makes the page of the lines; None = one plain table.
    """

    id: str
    title: str
    text: str
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    seed: int | None = None
    page: Callable[[Part, Sequence[Any]], str] | None = None


def digest(*folders: str) -> str:
    """Hash of all source, region and data files in these folders of the repository."""
    return sources_digest(REPO, folders)


def inputs(part: Part) -> dict[str, str]:
    """Hashes of what the table of a part depends on."""
    return {name: digest(*folders) for name, folders in part.reads.items()}


def write(part: Part, checks: Sequence[Check], made_with: Mapping[str, Any]) -> None:
    """Write the table of one part as CSV and Markdown, and its entry in the manifest."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = csv_text(checks)
    (FOLDER / f"{part.id}.csv").write_text(text, encoding="utf-8", newline="\n")
    (FOLDER / f"{part.id}.md").write_text(
        (part.page or _markdown)(part, checks), encoding="utf-8", newline="\n"
    )
    manifest = read_manifest()
    manifest[part.id] = {
        **made_with,
        **inputs(part),
        "reads": {name: list(folders) for name, folders in part.reads.items()},
        "rows": len(checks),
        "holds": all(c.holds for c in checks),
        "csv_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": {name: version(name) for name in PACKAGES},
    }
    path = FOLDER / "manifest.json"
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def read_manifest() -> dict[str, Any]:
    """The manifest of all parts made so far."""
    path = FOLDER / "manifest.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def is_current(part: Part) -> bool:
    """True when the table of this part was made with what it depends on as that is today."""
    entry = read_manifest().get(part.id, {})
    return (FOLDER / f"{part.id}.csv").exists() and all(entry.get(k) == v for k, v in inputs(part).items())


def csv_text(checks: Sequence[Check]) -> str:
    """The table as CSV; numbers with 10 digits."""
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\n")
    out.writerow([f.name for f in fields(checks[0])])
    for c in checks:
        out.writerow([f"{v:.10g}" if isinstance(v, float) else v for v in asdict(c).values()])
    return stream.getvalue()


def _markdown(part: Part, checks: Sequence[Check]) -> str:
    lines = [
        f"# {part.title}",
        "",
        part.text.strip(),
        "",
        f"Written by `python -m proof {part.id}`; not by hand.",
        "",
    ]
    lines += [
        "| case | what | expected | found | standard error | runs | holds when | holds |",
        "|---|---|--:|--:|--:|--:|---|---|",
    ]
    for c in checks:
        se = f"{c.se:.3g}" if c.se else "exact"
        lines.append(
            f"| {c.case} | {c.what} | {c.expected:.6g} | {c.found:.6g} | {se} | {c.replications} | {c.rule} "
            f"| {'yes' if c.holds else '**NO**'} |"
        )
    return "\n".join(lines) + "\n"
