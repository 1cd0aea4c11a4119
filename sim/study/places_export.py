"""Places per school and arrangement as a file: today's, and those of a plan, under the names of `places_files`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from sim.indicators import present
from sim.study.places_files import (
    ARRANGEMENT,
    CODE,
    FREE,
    GROUPS,
    HIDDEN,
    NOW,
    PLACES,
    PLAN,
    SCHOOL,
    YEAR,
    Places,
    short,
)  # fmt: skip
from sim.study.places_groups import Key, groups_on, size_on
from sim.study.places_plan import Plan
from sim.study.store import write_whole


def write_places(plan: Plan, path: Path, given: Places | None, explanation: Sequence[str]) -> None:
    """Write today's places and the planned ones of the type asked, per school and arrangement.

    Args:
        plan: The plan.
        path: A CSV file (';' between columns) or a workbook.
        given: The list that was read, if any: its own numbers are written again.
        explanation: Lines for the second sheet of a workbook.

    Raises:
        OSError: The file cannot be written.
    """
    rows = _written(plan, given)
    if path.suffix.lower() == ".xlsx":
        write_whole(path, lambda half: _workbook(rows, explanation).save(half))
        return
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)
    write_whole(path, lambda half: half.write_text(stream.getvalue(), encoding="utf-8-sig", newline=""))


def _written(plan: Plan, given: Places | None) -> list[list[str | int]]:
    region, asked, more = plan.scenario.region, plan.asked, plan.answer.more
    first = region.start.year if given is None else given.first
    target = short(int(asked.school_year[:4]))
    names = (
        CODE,
        SCHOOL,
        ARRANGEMENT,
        YEAR,
        NOW,
        FREE,
        f"{PLACES} {short(first)}",
        f"{FREE} {short(first + 1)}",
        GROUPS,
    )
    rows: list[list[str | int]] = [
        [
            n.lower()
            for n in (*names, f"{PLAN} groepen {target}", f"{PLAN} plaatsen {target}", f"{PLAN} vanaf")
        ]
    ]
    for key, groups in groups_on(plan.scenario, asked.kind, asked.opens).items():
        place = region.places[key[0]]
        size = size_on(plan.scenario, asked.kind, key, asked.opens)
        planned = groups + more.get(key, 0)
        rows.append(
            [place.code, place.title.nl, key[1], f"{first}-{first + 1}", *_now(plan, given, key),
             round(planned), round(planned * size), asked.opens.isoformat()]
        )  # fmt: skip
    return rows


def _now(plan: Plan, given: Places | None, key: Key) -> list[str | int]:
    """Children now, free places, places, free next year and groups; a real count under five stays hidden."""
    row = None if given is None else given.rows.get(key)
    if row is not None:
        return [
            HIDDEN if row.now is None else _hidden(row.now), HIDDEN if row.free is None else row.free, row.places,
            row.free_next, row.groups,
        ]  # fmt: skip
    place, start = plan.scenario.region.places[key[0]], plan.scenario.region.start
    groups = place.groups[key[1]].value
    seats = round(groups * size_on(plan.scenario, plan.asked.kind, key, start))
    now = place.roll[key[1]].value if key[1] in place.roll else 0.0
    return [_hidden(now), max(0, seats - round(now)), seats, "", round(groups)]


def _hidden(count: float) -> str | int:
    shown_as = present(count, "children", real=True, with_unit=False)
    return HIDDEN if shown_as.startswith("<") else round(count)


def _workbook(rows: Sequence[Sequence[str | int]], explanation: Sequence[str]) -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Plaatsen"
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("Uitleg")
    for line in explanation:
        notes.append([line])
    return book
