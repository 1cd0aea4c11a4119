"""Vergelijk, the choice: what can be compared, what is compared when nothing was chosen, and the scenarios it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.app.asked import MOST_COMPARED, Asked
from sim.app.choice import Choice
from sim.app.language import own, words
from sim.app.resolve import UnknownChoiceError, own_title, resolve
from sim.app.server import Shop
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.study.overview import in_order

S, T = words("shared"), words("compare")
USUAL = 3
"""Ideas beside each other when nothing was chosen."""


@dataclass(frozen=True)
class Chosen:
    """What is compared.

    Attributes:
        against: What it is compared with.
        baseline: The choice that this is: what the visitor asked, or carrying on when that is not here.
        scenarios: The others, in the order chosen.
        choices: The choices that these scenarios are.
        problems: What was left out and why, in words.
    """

    against: Scenario
    baseline: Choice
    scenarios: tuple[Scenario, ...]
    choices: tuple[Choice, ...]
    problems: tuple[str, ...] = ()


def options_of(found: Shop, mine: Sequence[Choice]) -> dict[str, str]:
    """Choice -> title: what the visitor made first, then all ideas in the documents' order.

    Args:
        found: What this server has.
        mine: Own choices; those that are not here (any more), or no longer fit, are left out.
    """
    titles = {}
    for choice in mine:
        if not choice.is_own:
            continue
        try:
            titles[str(choice)] = T.OWN.format(name=own(own_title(choice, found)))
        except (UnknownChoiceError, ScenarioError):
            continue
    return titles | {s.id: own(s.title) for s, _ in in_order(found.ideas)}


def usual(found: Shop, now: Asked) -> tuple[Choice, ...]:
    """What is compared: what the link says; else what is on screen elsewhere, else the first ideas of the documents."""
    if now.compare:
        return now.compare[:MOST_COMPARED]
    ideas = [Choice((s.id,)) for s, under in in_order(found.ideas) if s.kind == "idea" and not under]
    if not now.choice.is_baseline:
        return (now.choice,)
    return tuple([c for c in ideas if c != now.baseline][:USUAL])


def chosen_from(found: Shop, now: Asked) -> Chosen:
    """The scenarios of a comparison; what cannot be compared is left out and named."""
    problems: list[str] = []

    def scenario(choice: Choice) -> Scenario | None:
        try:
            return resolve(choice, found)
        except UnknownChoiceError:
            problems.append(str(T.MISSING))
        except ScenarioError as error:
            problems.append(str(T.SKIPPED.format(problem=error.problems[0].reason)))
        return None

    asked_for = scenario(now.baseline)
    against = asked_for or found.baseline
    kept: dict[str, tuple[Choice, Scenario]] = {}
    for choice in usual(found, now):
        one = scenario(choice)
        if one is not None and one.id != against.id:
            kept.setdefault(one.id, (choice, one))
    return Chosen(
        against,
        now.baseline if asked_for else Choice(),
        tuple(s for _, s in kept.values()),
        tuple(c for c, _ in kept.values()),
        tuple(dict.fromkeys(problems)),
    )
