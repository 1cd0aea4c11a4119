"""Requests for a seat from 1 August, made and decided in the spring before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import Floats, drawn, words
from sim.model.decide import write_steps
from sim.model.draws import Purpose
from sim.model.laws import on_grid, pick_one
from sim.model.pupil import Pupil
from sim.model.world import World
from sim.record import Why

# Requests for 1 August come this many days before it (February to May).
FIRST_REQUEST, LAST_REQUEST = 180.0, 60.0


def profile_after(p: Pupil, profiles: tuple[int, ...], shares: tuple[float, ...], u: float) -> int:
    """Profile after a move: its own, or one of those that the move names."""
    if not profiles:
        return p.profile
    return profiles[pick_one(u, shares)]


def draw_offers(world: World, people: list[Pupil]) -> None:
    """Draw the answer to the next offer for all of them at once: cheaper than one by one in the middle of an event."""
    if people and min(rule.accept for rule in world.policy) < 1.0:
        hi, lo, occasion = words(people, "offers")
        for p, u in zip(people, world.draws.block(Purpose.OFFER, hi, lo, occasion).tolist(), strict=True):
            p.next_offer = u


def draw_starts(world: World, people: list[Pupil]) -> None:
    """Draw whether the next start fails, for all of them at once."""
    if people and any(r.fails > 0 for r in world.rules):
        hi, lo, number = words(people, "stays")
        u = world.draws.block(Purpose.FAILED, hi, lo, number)
        for p, value in zip(people, u.tolist(), strict=True):
            p.next_start = value


class Requests:
    """Requests for a seat from 1 August, made and decided in the spring before it."""

    def __init__(self, world: World, year: int) -> None:
        """None yet."""
        self.world, self.year = world, year
        self._all: list[tuple[Pupil, int, Why, int]] = []

    def add(self, p: Pupil, target: int, why: Why, profile: int) -> None:
        """A child asks for a type."""
        self._all.append((p, target, why, profile))

    def decide(self) -> None:
        """Draw the days of request and decision; put those who are granted on the lists."""
        if not self._all:
            return
        world, layout = self.world, self.world.layout
        people = [r[0] for r in self._all]
        purposes = [
            Purpose.REQUEST_DAY, Purpose.CHOICE, Purpose.ELSEWHERE, Purpose.AT_HOME,
        ]  # fmt: skip
        u = drawn(world.draws, people, purposes, self.year + 1_000)
        draw_offers(world, people)
        draw_starts(world, people)
        now = world.env.now
        start = np.full(len(people), now)
        if layout.region.calendar == "school_year":
            start = on_grid(now - FIRST_REQUEST + u[Purpose.REQUEST_DAY] * (FIRST_REQUEST - LAST_REQUEST))
        listed, refused = self._decisions(start)
        for i, (p, target, why, profile) in enumerate(self._all):
            if refused[i] and why != Why.MOVED_ON:
                continue
            rule = world.rules[target].model.list
            p.requests += 1
            p.want, p.want_profile, p.why = target, profile, why
            p.want_times = (float(start[i]), float(listed[i]), now)
            p.want_choice = None
            p.chooses = float(u[Purpose.CHOICE][i])
            p.elsewhere = bool(
                rule.accept_elsewhere and u[Purpose.ELSEWHERE][i] < rule.accept_elsewhere.value
            )
            p.at_home = bool(u[Purpose.AT_HOME][i] < world.listing.at_home(target))
            p.patience = 0.0
            world.listing.enlist(p)

    def _decisions(self, asked: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Days of listing, before 1 August as these children must move on then, and who is refused."""
        world = self.world
        listed, refused = asked.copy(), np.zeros(len(asked), dtype=bool)
        names = [world.rules[target].model.decision for _, target, _, _ in self._all]
        for name in dict.fromkeys(n for n in names if n and world.on.decisions):
            mine = np.flatnonzero([n == name for n in names])
            rows = [self._all[i] for i in mine]
            hi, lo = words([r[0] for r in rows])
            district, index = (np.array([getattr(r[0], k) for r in rows]) for k in ("district", "index"))
            target, profile = (np.array([r[k] for r in rows]) for k in (1, 3))
            found = world.decisions.take(
                name, asked[mine], hi, lo, district, self.year + 1_000, latest=world.env.now
            )
            listed[mine], refused[mine] = found.listed, found.refused
            write_steps(world.log, world.layout, found.steps, index, profile, asked[mine], target)
        return listed, refused
