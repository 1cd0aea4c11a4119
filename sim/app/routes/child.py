"""The same child in two futures, in words and bars: from a road of the model to what is drawn and told."""

from __future__ import annotations

from html import escape

from sim.app.language import own, words
from sim.app.scene import day
from sim.charts.numbers import number
from sim.charts.roads import RoadLine, Stretch
from sim.charts.style import ACCENT, GREY, tint, type_colours
from sim.scenario.region import Region
from sim.study.child import NOT_ASKED, OUT, Child, Episode, Futures, Pick, Road

T = words("routes")
# Colour and pattern of what is no seat: waiting in the accent colour, help and requests in grey.
_LOOK = {
    "help": (tint(GREY, 0.45), "."),
    "request": (tint(GREY, 0.7), "/"),
    "agreed": (tint(ACCENT, 0.35), "-"),
    "list": (tint(ACCENT, 0.75), "/"),
    "home": (tint(ACCENT, 0.9), "x"),
    "programme_list": (tint(ACCENT, 0.55), "|"),
    "programme": (tint(ACCENT, 0.3), "."),
    "included": (tint(GREY, 0.3), ""),
}
_ELSEWHERE = (tint(GREY, 0.16), "")
_GONE = frozenset(("away", "gone", "gave_up", "refused", "exempt", OUT, NOT_ASKED))


def lines(child: Child, names: tuple[str, str], region: Region) -> tuple[RoadLine, RoadLine]:
    """Both roads for the chart: what is compared with in grey, the scenario in the accent colour."""
    first, second = (
        RoadLine(
            name[:1].upper() + name[1:], summary(road, region).replace("; ", ";<br>"),
            tuple(_stretch(e, region) for e in road.episodes), colour,
        )
        for name, road, colour in zip(names, child.roads, (GREY, ACCENT), strict=True)
    )  # fmt: skip
    return first, second


def title(child: Child, region: Region) -> str:
    """The message: how its wait changes, or that it goes elsewhere."""
    before, after = child.roads
    told = {"before": weeks(before.waited), "after": weeks(after.waited)}
    if before.seat != after.seat:
        return str(T.CHILD_MOVED.format(before=_goes(before, region), after=_goes(after, region)))
    if round(before.waited) == round(after.waited):
        # The records differ, perhaps by less than a reader can see in the steps.
        alike = _steps(before) == _steps(after)
        return str(T.CHILD_TITLE["alike" if alike else "same"].format(**told))
    kind = "shorter" if child.change < 0 else "longer"
    difference = abs(round(after.waited) - round(before.waited))
    return str(T.CHILD_TITLE[kind].format(weeks=weeks(difference), **told))


def _steps(road: Road) -> list[tuple[str, str, str, int]]:
    """What a reader sees of a road."""
    return [(e.kind, e.type, day(e.start), round(e.weeks)) for e in road.episodes]


def who(child: Child) -> str:
    """Who it is: made up, and its age; nothing else is told of a child."""
    if child.age is None:
        return str(T.CHILD_AGELESS)
    return str(T.CHILD_AGE.format(age=child.age))


def summary(road: Road, region: Region) -> str:
    """One road in a line: how long it waits, and for which seat."""
    parts = [T.ROAD_WAITED.format(weeks=weeks(road.waited)) if round(road.waited) else T.ROAD_WAITED_NOT]
    if road.waits_still:
        parts[0] += f" {T.ROAD_STILL}"
    if not road.seat:
        parts.append(T.ROAD_NO_SEAT)
    elif road.to_seat is None:
        parts.append(T.ROAD_SEAT.format(type=_type(road.seat, region)))
    else:
        parts.append(T.ROAD_TO_SEAT.format(type=_type(road.seat, region), weeks=weeks(road.to_seat)))
    return "; ".join(parts)


def counts(found: Futures, run: int) -> str:
    """For how many children of a run (counted from 1) nothing changes."""
    told = {"same": number(found.same), "children": number(found.children)}
    return str(T.CHILD_COUNTS.format(number=run, **told))


def divided(found: Futures) -> str:
    """For how many something does, and what."""
    told = {k: number(getattr(found, k)) for k in ("shorter", "longer", "other_type")}
    return str(T.CHILD_COUNTS_ALSO.format(**told))


def rule(pick: Pick) -> str:
    """How this child was chosen."""
    return str(T.CHILD_RULE if pick == "typical" else T.CHILD_RULES[pick])


def rows(child: Child, names: tuple[str, str], region: Region) -> list[tuple[str, ...]]:
    """Both roads as rows of a table."""
    return [
        (
            name, told(e, region), day(e.start), T.ROAD_OPEN if e.open else day(e.end),
            number(round(e.weeks)),
        )
        for name, road in zip(names, child.roads, strict=True)
        for e in road.episodes
    ]  # fmt: skip


def alt(child: Child, names: tuple[str, str], region: Region) -> str:
    """Both roads in words."""
    episodes = [e for road in child.roads for e in road.episodes]
    told_ = (
        T.ROAD_ALT_LINE.format(name=name, summary=summary(road, region))
        for name, road in zip(names, child.roads, strict=True)
    )
    return str(
        T.ROAD_ALT.format(
            first=day(min(e.start for e in episodes)), last=day(max(e.end for e in episodes)), lines=". ".join(told_)
        )
    )  # fmt: skip


def steps(road: Road, region: Region) -> str:
    """A road as an ordered list, in HTML: also readable where a bar is too short for words."""
    items = "".join(f"<li><b>{escape(told(e, region))}</b><br>{escape(_when(e))}</li>" for e in road.episodes)
    return f'<ol class="ds-steps">{items}</ol>'


def _when(e: Episode) -> str:
    if e.open:
        return str(T.STEP_OPEN.format(start=day(e.start)))
    return str(T.STEP.format(start=day(e.start), weeks=weeks(e.weeks)))


def told(e: Episode, region: Region) -> str:
    """What a child does in a stretch."""
    text = T.EPISODE[e.kind].format(type=_type(e.type, region))
    return str(T.ROAD_WAITS.format(what=text)) if e.waits and e.kind not in ("list",) else str(text)


def weeks(value: float) -> str:
    """A number of weeks with its word."""
    whole = round(value)
    return str(T.WEEK if whole == 1 else T.WEEKS.format(weeks=number(whole)))


def _stretch(e: Episode, region: Region) -> Stretch:
    colour, pattern = _LOOK.get(e.kind, _ELSEWHERE)
    if e.kind == "seat":
        colour = type_colours(list(region.place_types))[e.type]
    elif e.kind in _GONE:
        pattern = "-"
    end = T.ROAD_OPEN if e.open else day(e.end)
    tip = T.ROAD_TIP.format(what=told(e, region), start=day(e.start), end=end, weeks=weeks(e.weeks))
    name = T.EPISODE[e.kind].format(type=_type(e.type, region))
    short = T.EPISODE_SHORT.get(e.kind, "").format(type=_type(e.type, region))
    return Stretch(e.start, e.end, name, colour, pattern, tip, e.waits, short)


def _type(name: str, region: Region) -> str:
    return own(region.place_types[name].title) if name in region.place_types else ""


def _goes(road: Road, region: Region) -> str:
    """Where a child goes, in half a sentence."""
    kinds = {e.kind for e in road.episodes}
    if road.seat:
        return str(T.GOES["seat"].format(type=_type(road.seat, region)))
    return str(T.GOES[next((k for k in ("included", NOT_ASKED, "refused") if k in kinds), "none")])
