"""Doorstroom: how pupils flow into, through and out of special education."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# The four verbs. They are looked up when asked for, so that `import sim` loads nothing and no layer is skipped.
_VERBS = {
    "load": "sim.scenario.resolve",
    "simulate": "sim.model",
    "run": "sim.study",
    "compare": "sim.study",
}
__all__ = ["compare", "load", "run", "simulate"]


def __getattr__(name: str) -> Any:
    """Import a verb from its layer when it is first asked for."""
    if name not in _VERBS:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_VERBS[name]), name)
