"""The language in which figures and screens speak: Dutch, unless this run of a page says otherwise."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

Lang = Literal["nl", "en"]
LANGUAGES: tuple[Lang, ...] = ("nl", "en")

_language: ContextVar[Lang] = ContextVar("language", default="nl")


def current() -> Lang:
    """The language of this run."""
    return _language.get()


def speak(lang: Lang) -> None:
    """Speak this language for the rest of this run; each visitor's page runs in a context of its own."""
    _language.set(lang)
