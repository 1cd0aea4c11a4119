"""What the server keeps for all visitors: scenarios, and the desk with its warm workers."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import streamlit as st

from sim.app.budget import Budget
from sim.app.desk import Desk, Settings
from sim.app.language import words
from sim.app.scene import KEPT
from sim.app.settings import settings
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

    @cached_property
    def resolved(self) -> dict[str, Scenario]:
        """Choices that were asked for before, so that the same one is the same scenario at every click."""
        return {}


@cache
def desk() -> Desk:
    """The one desk of this server; its workers start and import the model at once."""
    chosen = settings()
    how = Settings(chosen.replications, chosen.years, chosen.seed)
    engine = Engine()

    def workers() -> Workers:
        # Nothing waits in line for a worker: what a visitor asks now comes next.
        pool = Workers(chosen.jobs, ahead=0, seconds=chosen.replication_seconds, gives_way=True)
        pool.warm(engine)
        return pool

    return Desk(
        how,
        Store(chosen.store),
        workers,
        KEPT,
        engine,
        Budget(chosen.visitor_runs),
        read_only=chosen.read_only,
    )


@st.cache_resource(show_spinner=False)
def shop() -> Shop:
    """Scenarios and desk, read once: what is on screen does not change under a presenter's hands.

    Raises:
        ScenarioError: There is no baseline to compare with.
    """
    found, problems = survey(settings().scenarios, settings().region)
    baseline = next((s for s in found if s.kind == "baseline"), None)
    if baseline is None:
        raise ScenarioError(problems)
    baseline, ideas = dated(baseline), tuple(dated(s) for s in found if s.kind != "baseline")
    return Shop(baseline, ideas, tuple(str(p) for p in problems), desk(), model_version())


def dated(scenario: Scenario) -> Scenario:
    """The scenario with as many reported school years as this server is set to."""
    years = settings().years
    return scenario if years in (None, scenario.years) else scenario.model_copy(update={"years": years})


def model_version() -> str:
    """Version of the package, and the first signs of the digest of the engine that runs."""
    try:
        number = version("doorstroom")
    except PackageNotFoundError:
        number = "0"
    return f"{number} ({Engine().digest()[:7]})"


@asynccontextmanager
async def warm(_: Any) -> AsyncIterator[None]:
    """Start the workers and read the scenarios with the server, so that the first visitor does not wait for them."""
    threading.Thread(target=_open, name="open", daemon=True).start()
    yield


def _open() -> None:
    """Everything that the first page needs; what cannot be read is said on that page."""
    with suppress(ScenarioError):
        found = shop()
        found.desk.open(found.desk.study(found.baseline, []))
    # What was read stays; looking through it for garbage again and again would cost more than drawing a page.
    gc.collect()
    gc.freeze()


def on_error(error: Exception) -> None:
    """Say that something went wrong; the details go to the server's log."""
    st.error(words("shared").BROKEN.format(kind=type(error).__name__))
