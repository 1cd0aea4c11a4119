"""Children who get help in the regular school, and those who do not (K18)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats, Ints, count_at, steps
from sim.indicators.indicator import ON_OCT, Indicator, Split, Words
from sim.indicators.view import View, never
from sim.record import Kind, Level

_SPLITS: tuple[Split, ...] = ("all", "district", "profile", "stage")
_WHO = Words(
    "kinderen in de gewone school voor wie om hulp is gevraagd, ook kinderen die daar blijven omdat een "
    "soort plek geen kinderen meer aanneemt",
    "children in a regular school for whom help was asked, also those who stay there because a type takes "
    "no new children",
)
_BEGIN = Words("begin van de hulp, of van het blijven", "start of the help, or of staying")
_END = Words(
    "hulp was genoeg, verwijzing, een plek in het speciaal onderwijs, of einde van de schoolsoort",
    "help was enough, referral, a seat in special education, or the end of the stage",
)
_SHARED = Words(
    "wie hulp krijgt, volgt uit het aantal plaatsen voor hulp gedeeld door het aantal kinderen dat erom "
    "vraagt; het kan dus een gebroken getal zijn",
    "who gets help follows from the places for help divided by the children who ask; it may be a fraction",
)


def _children(key: str, title: Words, better: str) -> Indicator:
    return Indicator(
        f"K18.{key}",
        title,
        "children",
        _WHO,
        _BEGIN,
        _END,
        Words("verhuisd", "moved away"),
        ON_OCT,
        _SPLITS,
        additive=True,
        better="higher" if better == "higher" else "lower",
        note=_SHARED,
    )


INDICATORS = (
    _children("supported", Words("In de gewone school met hulp", "In a regular school with help"), "higher"),
    _children(
        "unsupported",
        Words("In de gewone school zonder genoeg hulp", "In a regular school without help"),
        "lower",
    ),
)


def support(view: View) -> dict[str, Floats]:
    """K18: children in help in regular stages on 1 October, with and without a place for it (by year)."""
    visit = view.of_kind(Kind.SUPPORT, view.regular)
    spread = view.spread(view.rows(visit))
    start, end = view.day("placed", visit), never(view.day("left", visit))
    reach = _reach(view)
    stage = view.record.visits["type"][visit].astype(np.intp)[spread.row]
    # Count per margin and stage, because each stage has its own places for help.
    code = spread.margin * len(view.record.types) + stage
    shape = (view.margins, len(view.record.types), view.years)
    children = count_at(code, start[spread.row], end[spread.row], shape[0] * shape[1], view.october).reshape(
        shape
    )
    supported = (children * reach).sum(axis=1)
    return {"K18.supported": supported, "K18.unsupported": children.sum(axis=1) - supported}


def _reach(view: View) -> Floats:
    """Places for help divided by children who ask, at most 1; 1 where nobody asks (types x years)."""
    types = len(view.record.types)

    def total(what: Level) -> Floats:
        rows = steps(view.record, what)
        known: Ints = np.flatnonzero(rows.type >= 0)
        return count_at(
            rows.type[known], rows.start[known], rows.end[known], types, view.october, rows.value[known]
        )

    slots, asked = total(Level.HELP_SLOTS), total(Level.HELP_ASKED)
    return np.minimum(1.0, np.divide(slots, asked, out=np.ones_like(slots), where=asked > 0))
