"""The answer of plan in words that a school board follows, in Dutch and English."""

from __future__ import annotations

import numpy as np

from sim.scenario.quantity import Text
from sim.study.places_cost import placeholders
from sim.study.places_plan import Moved, Need, Plan
from sim.study.statistics import band

COLUMNS = {
    "nl": ("schooljaar", "wachten nu", "groepen erbij", "in acht van tien keren", "plekken", "met personeel dat er is"),
    "en": ("school year", "waiting now", "groups more", "in eight of ten runs", "places", "with staff found"),
}  # fmt: skip
# A payer whose part is smaller is not named: one child more or less at another school.
_LEAST = 0.02
_SAID = {
    "nl": {
        "answer": "{type}: {groups} erbij vanaf {opens} ({places} plekken), dan wachten er op 1 oktober {year} gemiddeld "
        "{waiting} kinderen. Zonder: {today}.",
        "enough": "{type}: er hoeft geen groep bij. Op 1 oktober {year} wachten er gemiddeld {today} kinderen; gevraagd is "
        "hoogstens {at_most}.",
        "not": "{type}: hoogstens {at_most} wachtende kinderen op 1 oktober {year} lukt niet met groepen alleen. Korter dan "
        "ongeveer {waiting} wordt de lijst niet (zonder: {today}), en daarvoor is dit genoeg: {groups} erbij vanaf {opens} "
        "({places} plekken).",
        "why": "Van wie dan nog wacht: {parts}.",
        "refused": "{n} zeiden dit schooljaar nee tegen een plek",
        "own": "voor {n} is een plek vrij op de school van hun keuze{days}",
        "days": " (plekken worden op vaste dagen verdeeld)",
        "elsewhere": "voor {n} is alleen op een andere school een plek vrij",
        "no_seat": "voor {n} is geen plek vrij die past bij wat zij nodig hebben en bij hun leeftijd",
        "profiles": "Waar: {parts}.",
        "one": "{n} groep",
        "many": "{n} groepen",
        "rooms": "Er zijn ook lokalen nodig: {parts}. Zonder deze lokalen gaan die groepen niet open.",
        "staffed": "Met het personeel dat te vinden is, gaan er van deze groepen {open} open; dan wachten er {waiting} "
        "kinderen. Gevraagd: {staff}.",
        "nostaff": "Personeel is in deze regio niet geteld.",
        "fte": "{n} voltijdbanen ({pool})",
        "cost": "Kosten per kalenderjaar, meer dan zonder deze groepen: {parts}. Het laatste jaar telt tot en met juli.",
        "between": " ({low} tot {high})",
        "unsure": "Het bedrag is niet bekend, en is voorlopig geschat, van: {parts}.",
        "nocost": "Kosten: niet bekend. Deze regio heeft geen prijs voor een groep of een leerling van deze soort.",
        "moved": "De aanname die dit het meest verandert: {title} ({grade}). Laagste waarde: {low}; hoogste: {high}.",
        "unmoved": "Achter dit antwoord staat geen onzeker getal.",
        "waits": "geen aantal is genoeg (met {groups} wachten er {waiting})",
    },
    "en": {
        "answer": "{type}: {groups} more from {opens} ({places} places); then {waiting} children wait on 1 October {year} on "
        "average. Without: {today}.",
        "enough": "{type}: no group is needed. On 1 October {year} {today} children wait on average; asked was at most "
        "{at_most}.",
        "not": "{type}: at most {at_most} children waiting on 1 October {year} cannot be reached by groups alone. The list "
        "gets no shorter than about {waiting} (without: {today}), and this is enough for it: {groups} more from {opens} "
        "({places} places).",
        "why": "Of those who then still wait: {parts}.",
        "refused": "{n} said no to a seat this school year",
        "own": "{n} have a free seat at the school of their choice{days}",
        "days": " (seats are given out on fixed days)",
        "elsewhere": "{n} have a free seat at another school only",
        "no_seat": "{n} have no free seat for their need and age",
        "profiles": "Where: {parts}.",
        "one": "{n} group",
        "many": "{n} groups",
        "rooms": "Rooms are needed too: {parts}. Without these rooms those groups do not open.",
        "staffed": "With the staff that can be found {open} of these groups open; then {waiting} children wait. "
        "Asked: {staff}.",
        "nostaff": "Staff is not counted in this region.",
        "fte": "{n} full-time jobs ({pool})",
        "cost": "Cost per calendar year, more than without these groups: {parts}. The last year counts up to July.",
        "between": " ({low} to {high})",
        "unsure": "The amount is not known, and a placeholder is counted, for: {parts}.",
        "nocost": "Cost: not known. This region has no price for a group or a pupil of this type.",
        "moved": "The assumption that changes this most: {title} ({grade}). Lowest value: {low}; highest: {high}.",
        "unmoved": "No uncertain number stands behind this answer.",
        "waits": "no number is enough (with {groups} {waiting} wait)",
    },
}


def lines(found: Plan, lang: str) -> list[str]:
    """The answer, where, rooms, staff, cost, and what it rests on most."""
    said, need, asked, region = _SAID[lang], found.answer, found.asked, found.scenario.region
    type_ = _say(region.place_types[asked.kind].title, lang)
    shape = "answer" if need.groups else "enough" if need.groups == 0 else "not"
    first = said[shape].format(
        type=type_, groups=_groups(need.near, lang), places=f"{need.places:.0f}", opens=asked.opens, year=asked.school_year[:4],
        waiting=f"{need.waiting:.0f}", today=f"{need.today:.0f}", at_most=f"{asked.at_most:g}",
    )  # fmt: skip
    found_lines = [first, *_why(need, found, lang)]
    if need.near:
        found_lines += [
            _where(need, found, lang),
            *_rooms(found, lang),
            _staff(found, lang),
            *_cost(found, lang),
        ]
    return [*found_lines, _moved(found.moved, need.near, lang)]


def _why(need: Need, found: Plan, lang: str) -> list[str]:
    """What keeps those who still wait from a seat; nothing when nobody waits."""
    said = _SAID[lang]
    days = said["days"] if found.scenario.region.place_types[found.asked.kind].list.moments else ""
    parts = [said[reason].format(n=f"{n:.0f}", days=days) for reason, n in need.why.items() if n >= 0.5]
    return [said["why"].format(parts=", ".join(parts))] if parts else []


def groups_text(groups: int | None, most: int) -> str:
    """A number of groups, or that no number that was tried is enough."""
    return f"> {most}" if groups is None else str(groups)


def _groups(number: int, lang: str) -> str:
    return _SAID[lang]["one" if number == 1 else "many"].format(n=number)


def _where(need: Need, found: Plan, lang: str) -> str:
    profiles = found.scenario.region.profiles
    by_need: dict[str, int] = {}
    for (_, profile), n in need.more.items():
        by_need[profile] = by_need.get(profile, 0) + n
    parts = [f"{_say(profiles[p].title, lang) if p in profiles else p} {n}" for p, n in by_need.items()]
    return _SAID[lang]["profiles"].format(parts=", ".join(parts))


def _rooms(found: Plan, lang: str) -> list[str]:
    places = found.scenario.region.places
    parts = ", ".join(f"{_say(places[p].title, lang)} {n}" for p, n in found.rooms.items())
    return [_SAID[lang]["rooms"].format(parts=parts)] if parts else []


def _staff(found: Plan, lang: str) -> str:
    said, pools = _SAID[lang], found.scenario.region.staff
    if not found.staff or not pools:
        return said["nostaff"]
    staff = ", ".join(
        said["fte"].format(n=f"{n:.1f}", pool=_say(pools[p].title, lang) if p in pools else p)
        for p, n in found.staff.items()
    )
    return said["staffed"].format(
        open=f"{max(0.0, found.open_of_asked):.0f}", waiting=f"{found.waiting_then:.0f}", staff=staff
    )


def _cost(found: Plan, lang: str) -> list[str]:
    said, payers = _SAID[lang], found.scenario.region.payers
    if found.cost is None:
        return [said["nocost"]]
    parts = []
    for year, by_payer in found.cost.items():
        runs = np.sum(list(by_payer.values()), axis=0)
        middle, low, high = (_thousands(float(euros), lang) for euros in (runs.mean(), *band(runs)))
        named = {
            _say(payers[p].title, lang): _thousands(float(euros.mean()), lang)
            for p, euros in by_payer.items()
            if abs(euros.mean()) > _LEAST * abs(runs.mean())
        }
        chance = "" if low == high else said["between"].format(low=low, high=high)
        parts_of = (f"{p} {n}" for p, n in named.items())
        who = f" ({next(iter(named))})" if len(named) == 1 else f": {' + '.join(parts_of)}" if named else ""
        parts.append(f"{year} € {middle}{chance}{who}")
    unsure = [_say(title, lang) for title in placeholders(found.scenario, found.asked.kind)]
    return [
        said["cost"].format(parts="; ".join(parts)),
        *([said["unsure"].format(parts=", ".join(unsure))] if unsure else []),
    ]


def _moved(moved: Moved | None, near: int, lang: str) -> str:
    said = _SAID[lang]
    if moved is None:
        return said["unmoved"]

    def end(groups: int | None, waiting: float) -> str:
        if groups is not None:
            return _groups(groups, lang)
        return said["waits"].format(groups=_groups(near, lang), waiting=f"{waiting:.0f}")

    a = moved.assumption
    low, high = end(moved.low, moved.low_waiting), end(moved.high, moved.high_waiting)
    return said["moved"].format(title=_say(a.title, lang), grade=a.grade, low=low, high=high)


def _thousands(euros: float, lang: str) -> str:
    text = f"{round(euros, -3):,.0f}"
    return text.replace(",", ".") if lang == "nl" else text


def _say(text: Text, lang: str) -> str:
    return text.nl if lang == "nl" else text.en
