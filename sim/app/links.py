"""Addresses within the dashboard: they carry all that is asked, so that nothing is lost on the way."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from sim.app.language import words
from sim.app.session import asked

S = words("shared")
NUMBER, OUTCOME, STEPS, VALUE, KIND = "getal", "uitkomst", "stap", "waarde", "aanname_soort"
_OF_ONE_ROW = (NUMBER, OUTCOME, STEPS, VALUE)


def address(page: str, **parameters: str) -> str:
    """Address of a page (key of PAGES in the texts) with what is asked now, safe within an HTML attribute."""
    # A link opens one row of the page Aannames at most; what was open there before is no part of it.
    kept = {name: value for name, value in asked().to_query().items() if name not in _OF_ONE_ROW}
    query = {**kept, **parameters}
    return escape(f"{S.ADDRESSES.get(page, './')}?{urlencode(query, doseq=True)}")


def number_link(path: str, text: str) -> str:
    """A link to the row of one number of the model: value, range, grade, source.

    Args:
        path: Path as in `Scenario.quantities()`.
        text: What stands in the page; escaped here.
    """
    return _link(address("explain", **{NUMBER: path}), text)


def outcome_link(indicator: str, text: str) -> str:
    """A link to what an outcome counts exactly."""
    return _link(address("explain", **{OUTCOME: indicator}), text)


def _link(href: str, text: str) -> str:
    return f'<a class="ds-quiet" href="{href}" target="_self">{escape(text)}</a>'
