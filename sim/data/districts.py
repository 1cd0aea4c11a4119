"""Which district a postcode lies in: a small list of our own, the longest beginning wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.data.layouts import POSTCODES, fit
from sim.data.tables import read_table
from sim.scenario.errors import ScenarioError, did_you_mean, listing


def read_postcodes(path: Path, districts: Iterable[str]) -> dict[str, str]:
    """Read a list `postcode;wijk`: the first two, three or four figures (or all six signs), and a district of the region.

    Raises:
        ScenarioError: When a row is no postcode, or names no district.
    """
    table, known = read_table(path), list(districts)
    fitted = fit(table, POSTCODES)
    found: dict[str, str] = {}
    problems = []
    for row in table.rows:
        code, district = (
            row.cells[fitted.at["postcode"]].upper().replace(" ", ""),
            row.cells[fitted.at["district"]],
        )
        if not re.fullmatch(r"[1-9]\d{1,3}([A-Z]{2})?", code):
            problems.append(
                table.problem(
                    row.line,
                    "this is no (beginning of a) postcode",
                    column="POSTCODE",
                    allowed="such as 134 or 1345",
                )
            )
        elif district not in known:
            problems.append(
                table.problem(row.line, "there is no district with this id", column="WIJK", found=district,
                              allowed=listing(known), hint=did_you_mean(district, known))
            )  # fmt: skip
        elif found.setdefault(code, district) != district:
            problems.append(
                table.problem(
                    row.line,
                    "this postcode already has another district",
                    column="POSTCODE",
                    allowed="each once",
                )
            )
    if problems:
        raise ScenarioError(problems)
    return found


def district_of(postcode: str, postcodes: Mapping[str, str]) -> str:
    """The district of a postcode, or nothing when the list does not hold it."""
    text = postcode.upper().replace(" ", "")
    return next((postcodes[text[:n]] for n in range(len(text), 0, -1) if text[:n] in postcodes), "")
