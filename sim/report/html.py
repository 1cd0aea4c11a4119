"""A report as one HTML page that needs no network: style, charts and all tables are inside."""

from __future__ import annotations

from itertools import count

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from sim.report.bars import svg
from sim.report.content import Bars, Content
from sim.report.words import words

LONG = 12
"""A table with more rows than this is folded; printing unfolds it."""


def html(content: Content) -> str:
    """The whole page."""
    numbers = count(1)

    def chart(bars: Bars) -> Markup:
        return Markup(svg(bars, next(numbers)))  # svg() escapes every text

    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(chart=chart, kind=lambda block: type(block).__name__, LONG=LONG)
    return environment.get_template("report.html.j2").render(content=content, words=words(content.lang))
