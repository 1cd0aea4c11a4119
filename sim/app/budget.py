"""How much work one visitor may ask for, and whose turn it is: one visitor cannot starve the others."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

HOUR = 3_600.0
KNOWN_VISITORS = 10_000
Clock = Callable[[], float]


@dataclass
class Budget:
    """So much an hour for each visitor: it fills up evenly, and never above one hour's worth.

    Attributes:
        most: What one visitor may use in an hour; 0 = no limit.
        clock: Seconds, never going back.
    """

    most: int
    clock: Clock = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, who: str, amount: int = 1) -> bool:
        """Take from a visitor's budget, if it holds so much; say whether it did."""
        if not self.most:
            return True
        with self._lock:
            left = self._now(who)
            # More than fits in an hour is paid by a full budget: nobody waits for what can never come.
            price = min(amount, self.most)
            enough = left >= price
            self._keep(who, left - price if enough else left)
            return enough

    def take(self, who: str, amount: int = 1) -> None:
        """Take from a visitor's budget what work costs that is done anyhow; it never holds less than nothing."""
        if self.most:
            with self._lock:
                self._keep(who, max(0.0, self._now(who) - amount))

    def wait(self, who: str, amount: int = 1) -> float:
        """Seconds until a visitor may use so much; 0 = now."""
        if not self.most:
            return 0.0
        with self._lock:
            return max(0.0, (min(amount, self.most) - self._now(who)) * HOUR / self.most)

    def _keep(self, who: str, left: float) -> None:
        self._left[who] = (left, self.clock())
        self._left.move_to_end(who)
        while len(self._left) > KNOWN_VISITORS:
            self._left.popitem(last=False)

    def _now(self, who: str) -> float:
        left, since = self._left.get(who, (float(self.most), self.clock()))
        return min(float(self.most), left + (self.clock() - since) * self.most / HOUR)


class Turns:
    """Whose turn it is among those who wait now: the one for whom least was done.

    Who comes in after a while starts level with the others: what somebody did not use is no claim on later.
    """

    def __init__(self) -> None:
        """Start with nobody."""
        self._done: dict[str, int] = {}

    def among(self, waiting: Iterable[str]) -> list[str]:
        """The visitors who wait, who comes first in front; those who wait no more are forgotten."""
        now = list(dict.fromkeys(waiting))
        least = min((self._done[who] for who in now if who in self._done), default=0)
        self._done = {who: self._done.get(who, least) for who in now}
        return sorted(now, key=lambda who: self._done[who])

    def done(self, who: str, amount: int) -> None:
        """Count work that was done for a visitor."""
        self._done[who] = self._done.get(who, 0) + amount
