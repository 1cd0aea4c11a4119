"""Addresses of rows on the page Aannames: where a number, an outcome or what a lever does is explained.

Other pages call these; they are plain functions of what is asked, so that a link holds everything that matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from sim.app.asked import Asked
from sim.scenario.evidence import STATES
from sim.scenario.region import Region
from sim.scenario.scenario import Scenario

ADDRESS = "aannames"
NUMBER, OUTCOME, PART, SEARCH, KIND, GRADE, SHEET = "getal", "uitkomst", "deel", "zoek", "soort", "zeker", "blad"
OWN = (NUMBER, OUTCOME, PART, SEARCH, KIND, GRADE, SHEET)
"""Settings of this page in a link."""


def href(asked: Asked, **own: str) -> str:
    """Address of the page Aannames with everything that is asked now.

    Args:
        asked: What the visitor looks at.
        own: Settings of this page; those not named are left out.
    """
    query = {name: value for name, value in asked.to_query().items() if name not in OWN}
    return f"/{ADDRESS}?{urlencode({**query, **{k: v for k, v in own.items() if v}}, doseq=True)}"


def link(asked: Asked, text: str, **own: str) -> str:
    """HTML of a link to the page Aannames."""
    return f'<a href="{escape(href(asked, **own))}" target="_self">{escape(text)}</a>'


def number_href(asked: Asked, path: str) -> str:
    """Address of the row of one number."""
    return href(asked, **{NUMBER: path})


def outcome_href(asked: Asked, indicator: str) -> str:
    """Address of the definition of one outcome (`K02.oct`, or `short`)."""
    return href(asked, **{OUTCOME: indicator})


def effect_paths(scenario: Scenario, lever: str) -> tuple[str, ...]:
    """Paths of the effects that moving a lever sets to work, in the order of the register.

    Args:
        scenario: Any scenario of the region: the register is the same for all.
        lever: Path of the lever (`<owner>.<key>`).
    """
    owner, _, key = lever.rpartition(".")
    return tuple(
        f"effects.{name}.size"
        for name, effect in scenario.effects.items()
        if (effect.lever == key and (not effect.types or owner in effect.types) if effect.cause in STATES
            else effect.cause == owner)
    )  # fmt: skip


def seat_paths(region: Region, place_type: str) -> tuple[str, ...]:
    """Paths of the graded numbers that the seats of one kind of school are made of: groups and children per group."""
    kind = region.place_types[place_type]
    found = []
    if kind.class_size is not None and kind.class_size.grade:
        found.append(f"region.place_types.{place_type}.class_size")
    for name, place in region.places.items():
        if place.type != place_type:
            continue
        found += [f"region.places.{name}.groups.{need}" for need, q in place.groups.items() if q.grade]
        if place.class_size is not None and place.class_size.grade:
            found.append(f"region.places.{name}.class_size")
    return tuple(found)


def lever_number(region: Region, lever: str) -> str:
    """Path of the number that a lever starts from today; empty when it starts from several or from none."""
    owner, _, key = lever.rpartition(".")
    homes: Sequence[tuple[str, str, object | None]] = (
        (f"region.place_types.{owner}", "class_size", region.place_types.get(owner)),
        (f"region.programmes.{owner}", key, region.programmes.get(owner)),
        (f"region.approaches.{owner}", "coverage", region.approaches.get(owner)),
        (f"region.teams.{owner}", "every_weeks", region.teams.get(owner)),
    )
    for path, field, model in homes:
        q = getattr(model, field, None) if model is not None and key == field else None
        if q is not None and getattr(q, "grade", None):
            return f"{path}.{field}"
    regular = region.regular.get(owner)
    if key == "support_slots" and regular is not None and regular.support is not None and regular.support.slots.grade:
        return f"region.regular.{owner}.support.slots"
    return ""
