"""What plan was asked, checked against the region: names in any case, dates and school years within the horizon."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from sim.scenario.errors import Problem, ScenarioError, did_you_mean, listing
from sim.scenario.quantity import Text
from sim.scenario.region import Region
from sim.study.places_plan import Asked

_YEAR = re.compile(r"^(\d{4})-(\d{4})$")


def asked_of(
    region: Region, kind: str, waiting: float, school_year: str, profile: str | None, opens: str | None
) -> Asked:
    """The question, with ids and dates.

    Raises:
        ScenarioError: A name, date or school year that the region does not have.
    """
    type_ = _named(
        "--type", kind, {k: (t.title, *([t.name] if t.name else [])) for k, t in region.place_types.items()}
    )
    if region.place_types[type_].seats == "unlimited":
        with_groups = [k for k, t in region.place_types.items() if t.seats == "groups"]
        raise _wrong("--type", kind, "this type has as many seats as are asked", listing(with_groups))
    need = None
    if profile is not None:
        own = {n for p in region.places.values() if p.type == type_ for n in p.groups}
        need = _named("--profile", profile, {n: (p.title,) for n, p in region.profiles.items() if n in own})
    first = region.start.replace(year=region.start.year + region.replay_years)
    day = _date(opens, region) if opens is not None else first
    year = _first_year(school_year, region, day)
    return Asked(type_, waiting, f"{year}-{year + 1}", day, need)


def _first_year(text: str, region: Region, opens: date) -> int:
    first = region.start.year + region.replay_years
    years = [y for y in range(first, first + region.years) if date(y, 10, 1) >= opens]
    allowed = f"{years[0]}-{years[0] + 1} to {years[-1]}-{years[-1] + 1}" if years else "none"
    match = _YEAR.match(text.strip())
    if match is None or int(match[2]) != int(match[1]) + 1:
        raise _wrong("--school-year", text, "this is not a school year", f"two years, as in {allowed}")
    if int(match[1]) not in years:
        reason = "this school year is not reported, or its 1 October comes before the groups open"
        raise _wrong("--school-year", text, reason, allowed)
    return int(match[1])


def _date(text: str, region: Region) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _wrong("--from", text, "this is not a date", "a date as 2027-08-01") from None
    end = date(region.start.year + region.replay_years + region.years, 8, 1)
    if not region.start <= day < end:
        raise _wrong("--from", text, "this date lies outside the simulated years", f"{region.start} to {end}")
    return day


def _named(option: str, asked: str, known: Mapping[str, tuple[Text, ...]]) -> str:
    text = asked.strip().lower()
    for name, titles in known.items():
        if text in (name, *(t for title in titles for t in (title.nl.lower(), title.en.lower()))):
            return name
    raise _wrong(
        option, asked, "there is nothing with this name here", listing(known), did_you_mean(text, known)
    )


def _wrong(option: str, found: str, reason: str, allowed: str, hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(option, 0, "", f"'{found}'", reason, allowed, hint)])
