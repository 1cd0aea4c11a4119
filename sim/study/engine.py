"""Which code a study runs, by name, and the digests that say which version of that code made a result."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim

# Another version of these may give another last digit, or another draw.
ENGINE_LIBRARIES = ("numpy", "scipy", "simpy")
INDICATOR_LIBRARIES = ("numpy", "pandas")
_ROOT = Path(sim.__file__).parent
_SOURCES = {
    "sim.model": ("record.py", "scenario/**/*.py", "model/**/*.py"),
    "sim.indicators": ("indicators/**/*.py",),
    "sim.study.places_waiting": ("indicators/**/*.py", "study/places_waiting.py"),
    "sim.study.routes": ("indicators/**/*.py", "study/routes.py", "study/stations.py"),
}


@dataclass(frozen=True)
class Engine:
    """The two functions that make a result, as `module:function`: text that a worker anywhere understands.

    Attributes:
        simulate: `(scenario, seed, replication) -> Record`, pure.
        compute: `(record) -> DataFrame` of indicators, pure.
    """

    simulate: str = "sim.model:simulate"
    compute: str = "sim.indicators:compute"

    def functions(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        """Import both functions."""
        return _find(self.simulate), _find(self.compute)

    def digest(self) -> str:
        """Hash (hex) of the sources of the engine and the versions of the libraries that it computes with."""
        return _digest(self.simulate, ENGINE_LIBRARIES)

    def indicator_digest(self) -> str:
        """Hash (hex) of the sources of the indicators and the versions of the libraries that they use."""
        return _digest(self.compute, INDICATOR_LIBRARIES)


def _find(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


@lru_cache(maxsize=16)
def _digest(name: str, libraries: tuple[str, ...]) -> str:
    module = name.partition(":")[0]
    digest = hashlib.sha256()
    for library in libraries:
        digest.update(f"{library}=={version(library)}\n".encode())
    for label, path in _files(module):
        # Line ends differ between systems and do not change what the code does.
        digest.update(label.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _files(module: str) -> list[tuple[str, Path]]:
    patterns = _SOURCES.get(module)
    if patterns is not None:
        paths = sorted(p for pattern in patterns for p in _ROOT.glob(pattern))
        return [(p.relative_to(_ROOT).as_posix(), p) for p in paths]
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source file found for module '{module}'")
    return [(module, Path(spec.origin))]
