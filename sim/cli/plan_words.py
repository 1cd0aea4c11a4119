"""The answer of plan in words that a school board follows, in Dutch and English."""

from __future__ import annotations

from sim.scenario.quantity import Text
from sim.study.places_cost import Costs
from sim.study.places_plan import Moved, Need, Plan

COLUMNS = {
    "nl": ("schooljaar", "wachten nu", "groepen erbij", "in acht van tien keren", "plekken", "met personeel dat er is"),
    "en": ("school year", "waiting now", "groups more", "in eight of ten runs", "places", "with staff found"),
}  # fmt: skip
_SAID = {
    "nl": {
        "answer": "{type}: {groups} erbij vanaf {opens} ({places} plekken), dan wachten er op 1 oktober {year} gemiddeld "
        "{waiting} kinderen. Zonder: {today}.",
        "enough": "{type}: er hoeft geen groep bij. Op 1 oktober {year} wachten er gemiddeld {today} kinderen; gevraagd is "
        "hoogstens {at_most}.",
        "not": "{type}: hoogstens {at_most} wachtende kinderen op 1 oktober {year} lukt niet met groepen alleen. Korter dan "
        "ongeveer {waiting} wordt de lijst niet (zonder: {today}), en daarvoor is dit genoeg: {groups} erbij vanaf {opens} "
        "({places} plekken). Wie dan nog wacht, wacht op een plaatsingsmoment, een antwoord of een plek die past.",
        "profiles": "Waar: {parts}.",
        "one": "{n} groep",
        "many": "{n} groepen",
        "rooms": "Er zijn ook lokalen nodig: {parts}. Zonder deze lokalen gaan die groepen niet open.",
        "staffed": "Met het personeel dat te vinden is, gaan er van deze groepen {open} open; dan wachten er {waiting} "
        "kinderen. Gevraagd: {staff}.",
        "nostaff": "Personeel is in deze regio niet geteld.",
        "fte": "{n} voltijdbanen ({pool})",
        "cost": "Kosten per kalenderjaar: {parts}.",
        "nocost": "Kosten: niet bekend. Deze regio heeft geen prijs voor een groep, een leerling of personeel van deze soort.",
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
        "({places} places). Those who still wait, wait for a placement day, an answer, or a place that fits.",
        "profiles": "Where: {parts}.",
        "one": "{n} group",
        "many": "{n} groups",
        "rooms": "Rooms are needed too: {parts}. Without these rooms those groups do not open.",
        "staffed": "With the staff that can be found {open} of these groups open; then {waiting} children wait. "
        "Asked: {staff}.",
        "nostaff": "Staff is not counted in this region.",
        "fte": "{n} full-time jobs ({pool})",
        "cost": "Cost per calendar year: {parts}.",
        "nocost": "Cost: not known. This region has no price for a group, a pupil or staff of this type.",
        "moved": "The assumption that changes this most: {title} ({grade}). Lowest value: {low}; highest: {high}.",
        "unmoved": "No uncertain number stands behind this answer.",
        "waits": "no number is enough (with {groups} {waiting} wait)",
    },
}


def lines(found: Plan, cost: Costs | None, lang: str) -> list[str]:
    """The answer, where, rooms, staff, cost, and what it rests on most."""
    said, need, asked, region = _SAID[lang], found.answer, found.asked, found.scenario.region
    type_ = _say(region.place_types[asked.kind].title, lang)
    shape = "answer" if need.groups else "enough" if need.groups == 0 else "not"
    first = said[shape].format(
        type=type_, groups=_groups(need.near, lang), places=f"{need.places:.0f}", opens=asked.opens, year=asked.school_year[:4],
        waiting=f"{need.waiting:.0f}", today=f"{need.today:.0f}", at_most=f"{asked.at_most:g}",
    )  # fmt: skip
    found_lines = [first]
    if need.near:
        found_lines += [
            _where(need, found, lang),
            *_rooms(found, lang),
            _staff(found, lang),
            _cost(cost, found, lang),
        ]
    return [*found_lines, _moved(found.moved, need.near, lang)]


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


def _cost(cost: Costs | None, found: Plan, lang: str) -> str:
    if cost is None:
        return _SAID[lang]["nocost"]
    payers = found.scenario.region.payers
    parts = [
        f"{year} " + " + ".join(f"€ {_thousands(euros, lang)} ({_say(payers[p].title, lang)})" for p, euros in by_payer.items())
        for year, by_payer in cost.items()
    ]  # fmt: skip
    return _SAID[lang]["cost"].format(parts="; ".join(parts))


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
