"""The order of what happens at one and the same moment, and the event by which it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy

# Places that come free count before children who come or give up.
CALENDAR, FREE, ARRIVE, GIVE_UP = 1, 2, 3, 4


class Call(simpy.Event):
    """A kernel event that calls one function with one argument: the cheapest step SimPy can make.

    All calls share one tuple of callbacks, and the fields stand in slots, because most of what an event costs is making it.
    """

    __slots__ = ("callbacks", "do", "what")
    _ok = True

    def __init__(self, do: Callable[[Any], None], what: Any) -> None:
        """Remember what to do; `World.at` puts it on SimPy's agenda."""
        self.callbacks = _CALLBACKS  # type: ignore[assignment]
        self.do, self.what = do, what


def _call(event: Any) -> None:
    """What SimPy calls when the moment is there."""
    event.do(event.what)


_CALLBACKS = (_call,)
