"""What the server keeps for all visitors: scenarios, the desk with its warm workers, the language.

Settings come from the environment, so that a presenter or a test can choose them without a command line:

- `DOORSTROOM_REGION`: region on screen (`almere`);
- `DOORSTROOM_SCENARIOS`: folder with the regions (by default `scenarios` here, else beside the package);
- `DOORSTROOM_STORE`: folder with results (`results/store`), the same as that of `doorstroom run`;
- `DOORSTROOM_PROOF`: folder of the proof tables (`docs/proof`);
- `DOORSTROOM_REPLICATIONS`: pairs wanted in the end (30);
- `DOORSTROOM_YEARS`: school years reported after the replay (as the region says);
- `DOORSTROOM_SEED`: master seed (1);
- `DOORSTROOM_JOBS`: worker processes (one per core).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.app.desk import Desk, Settings
from sim.app.language import words
from sim.app.scene import KEPT
from sim.scenario.errors import ScenarioError
from sim.scenario.resolve import survey
from sim.scenario.scenario import Scenario
from sim.study.engine import Engine
from sim.study.parallel import Workers
from sim.study.store import Store


@dataclass(frozen=True)
class Shop:
    """What all visitors share.

    Attributes:
        baseline: Carrying on as we do.
        ideas: The other scenarios, in the documents' order.
        problems: Files that could not be used, in words.
        desk: Runs what screens ask for.
        version: Version of the model.
    """

    baseline: Scenario
    ideas: tuple[Scenario, ...]
    problems: tuple[str, ...]
    desk: Desk
    version: str

    @cached_property
    def named(self) -> dict[str, Scenario]:
        """The shipped scenarios by id."""
        return {s.id: s for s in (self.baseline, *self.ideas)}


@cache
def desk() -> Desk:
    """The one desk of this server; its workers start and import the model at once."""
    environment = os.environ
    years = environment.get("DOORSTROOM_YEARS")
    settings = Settings(
        replications=int(environment.get("DOORSTROOM_REPLICATIONS") or Settings.replications),
        years=int(years) if years else None,
        seed=int(environment.get("DOORSTROOM_SEED") or Settings.seed),
    )
    jobs = int(environment.get("DOORSTROOM_JOBS") or 0) or None
    engine = Engine()

    def workers() -> Workers:
        # Nothing waits in line for a worker: what a visitor asks now comes next.
        pool = Workers(jobs, ahead=1)
        pool.warm(engine)
        return pool

    return Desk(settings, Store(), workers, KEPT, engine)


@st.cache_resource(show_spinner=False)
def shop() -> Shop:
    """Scenarios and desk, read once: what is on screen does not change under a presenter's hands.

    Raises:
        ScenarioError: There is no baseline to compare with.
    """
    region = os.environ.get("DOORSTROOM_REGION") or "almere"
    found, problems = survey(os.environ.get("DOORSTROOM_SCENARIOS") or None, region)
    baseline = next((s for s in found if s.kind == "baseline"), None)
    if baseline is None:
        raise ScenarioError(problems)
    ideas = tuple(s for s in found if s.kind != "baseline")
    return Shop(baseline, ideas, tuple(str(p) for p in problems), desk(), model_version())


def model_version() -> str:
    """Version of the package, and the first signs of the digest of the engine that runs."""
    try:
        number = version("doorstroom")
    except PackageNotFoundError:
        number = "0"
    return f"{number} ({Engine().digest()[:7]})"


@asynccontextmanager
async def warm(_: Any) -> AsyncIterator[None]:
    """Start the workers with the server, so that the first visitor does not wait for them."""
    desk()
    yield


def on_error(error: Exception) -> None:
    """Say that something went wrong; the details go to the server's log."""
    st.error(words("shared").BROKEN.format(kind=type(error).__name__))


class InDutch:
    """Serve pages as Dutch: Streamlit says `lang="en"`, and a screen reader would read English."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change the language of HTML pages; leave all else as it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started: Message = {}
        body = bytearray()

        async def in_dutch(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
                if not _is_html(message):
                    await send(message)
                return
            if not _is_html(started):
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                page = bytes(body).replace(b'<html lang="en"', b'<html lang="nl"', 1)
                kept = [(k, v) for k, v in started["headers"] if k not in (b"content-length", b"etag")]
                await send({**started, "headers": [*kept, (b"content-length", str(len(page)).encode())]})
                await send({"type": "http.response.body", "body": page})

        # Without compression the text of the page can be changed.
        headers = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, in_dutch)


def _is_html(message: Message) -> bool:
    return any(k == b"content-type" and v.startswith(b"text/html") for k, v in message.get("headers", []))


MIDDLEWARE = [Middleware(InDutch)]
