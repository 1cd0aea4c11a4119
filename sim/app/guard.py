"""Who may come in, and who asks: a shared password, and the name under which a visitor's work is counted.

A visitor is a network address (of IPv6 the part that one connection gets), as a hash under a key that this
process makes when it starts and never writes: enough to share the work fairly, of no use to know who it was.
Behind a proxy the address is the one that the proxy tells, if the server was told to trust it.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
import threading
import time
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sim.app.budget import HOUR, KNOWN_VISITORS, Budget, Clock
from sim.app.language import words
from sim.app.settings import settings

VISITOR_HEADER = "x-doorstroom-visitor"
PASS_SECONDS = 12 * HOUR
FREE_GUESSES = 5
LONGEST_WAIT = 300.0
_KEY = secrets.token_bytes(32)

T = words("guard")


def visitor_of(address: str) -> str:
    """A visitor's name for this process: a hash of the network address that cannot be turned back."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        part = address
    else:
        if isinstance(found, ipaddress.IPv6Address):
            mapped = found.ipv4_mapped
            part = str(mapped or ipaddress.ip_network((found, 64), strict=False))
        else:
            part = str(found)
    return hmac.new(_KEY, part.encode(), hashlib.sha256).hexdigest()[:16]


def visitor() -> str:
    """The visitor whose page is being made; the same for all outside a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return "here"
    return st.context.headers.get(VISITOR_HEADER) or "here"


@dataclass
class Guesses:
    """Wrong passwords of each visitor: five are free, then each costs twice as long a wait."""

    clock: Clock = time.monotonic
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, who: str) -> float:
        """Seconds until a visitor may guess; 0 = now."""
        with self._lock:
            number, since = self._wrong.get(who, (0, 0.0))
            if number < FREE_GUESSES:
                return 0.0
            # The exponent is bounded before the power is taken: somebody may guess for years.
            pause = min(LONGEST_WAIT, 2.0 ** min(number - FREE_GUESSES, 20))
            return max(0.0, since + pause - self.clock())

    def wrong(self, who: str) -> None:
        """Remember a wrong guess; an hour without any wipes the slate."""
        with self._lock:
            number, since = self._wrong.get(who, (0, 0.0))
            now = self.clock()
            self._wrong[who] = (1 if now - since > HOUR else number + 1, now)
            self._wrong.move_to_end(who)
            while len(self._wrong) > KNOWN_VISITORS:
                self._wrong.popitem(last=False)

    def right(self, who: str) -> None:
        """Forget a visitor's wrong guesses."""
        with self._lock:
            self._wrong.pop(who, None)


class Door:
    """The shared password, and the signed pass that a browser gets for it.

    The key of the passes comes from the password: a restart leaves visitors in, another password does not.
    """

    def __init__(self, password: str, clock: Clock = time.time) -> None:
        """Make the key of this password."""
        self._clock = clock
        self._right = _digest(password)
        self._key = hashlib.scrypt(_normal(password), salt=b"doorstroom pass", n=2**14, r=8, p=1)

    def opens(self, guess: str) -> bool:
        """True for the password; takes as long for any other of any length."""
        return hmac.compare_digest(_digest(guess), self._right)

    def make_pass(self) -> str:
        """A pass that holds twelve hours."""
        until = f"{int(self._clock() + PASS_SECONDS)}"
        return f"{until}.{self._sign(until)}"

    def admits(self, given: str) -> bool:
        """True for a pass that this door made and that still holds."""
        until, _, mark = given.partition(".")
        if not hmac.compare_digest(mark.encode(), self._sign(until).encode()):
            return False
        return self._clock() < int(until)

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def span(seconds: float) -> str:
    """A time to wait in words, rounded up: `40 seconden`, `3 minuten`."""
    whole = max(1, math.ceil(seconds))
    if whole > 90:
        return str(T.MINUTES).format(n=math.ceil(whole / 60))
    return str(T.SECOND) if whole == 1 else str(T.SECONDS).format(n=whole)


def may_save() -> str:
    """Why this visitor cannot save a text now, in words; empty when it can. Counts as one save."""
    if settings().read_only:
        return str(T.READ_ONLY)
    who = visitor()
    if not saves().spend(who):
        return str(T.SAVES_SPENT).format(time=span(saves().wait(who)))
    return ""


@cache
def saves() -> Budget:
    """Texts that each visitor may save in an hour."""
    return Budget(settings().visitor_saves)


def _normal(password: str) -> bytes:
    # One password typed on two keyboards may have its accents in two ways.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _digest(password: str) -> bytes:
    return hashlib.sha256(_normal(password)).digest()
