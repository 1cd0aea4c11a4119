"""Where children get a seat: in their own district (K20), at the school of their first choice (K25)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats
from sim.indicators.indicator import NO_CLOCK, ON_OCT, OVER_YEAR, Indicator, Words
from sim.indicators.view import View, ratio

INDICATORS = (
    Indicator(
        "K20.own_district",
        Words("Kinderen met een plek in hun eigen stadsdeel", "Children with a seat in their own district"),
        "share",
        Words(
            "kinderen met een plek op een school waarvan bekend is in welk stadsdeel zij staat",
            "children with a seat at a school of which the district is known",
        ),
        Words("eerste dag op de plek", "first day in the seat"),
        Words(
            "de school staat in het stadsdeel waar het kind woont",
            "the school lies in the district where the child lives",
        ),
        NO_CLOCK,
        ON_OCT,
        better="higher",
        note=Words(
            "er zijn weinig scholen, dus voor de meeste kinderen is er geen in het eigen stadsdeel",
            "schools are few, so for most children there is none in their own district",
        ),
    ),
    Indicator(
        "K25.first_choice",
        Words("Geplaatst op de school van eerste keuze", "Placed at the school of first choice"),
        "share",
        Words(
            "kinderen die in het schooljaar ja zeiden tegen een plek, bij soorten waar ouders en school ja of nee zeggen",
            "children who accepted a seat in the school year, at types where parents and school say yes or no",
        ),
        Words("plek aangeboden", "seat offered"),
        Words("ja gezegd", "accepted"),
        NO_CLOCK,
        OVER_YEAR,
        better="higher",
    ),
)


def own_district(view: View) -> dict[str, Floats]:
    """K20.own_district (margins x years)."""
    stays, record = view.stays, view.record
    of_place = np.array([p.district for p in record.places], dtype=np.intp)
    lies = of_place[record.visits["place"][stays.visit].astype(np.intp)]
    known = (lies >= 0) & (stays.rows.district >= 0)
    spread = view.spread(stays.rows.where(known))
    start, end = stays.placed[known], stays.left[known]
    own = (lies == stays.rows.district)[known]
    near = spread.at(start, np.where(own, end, start), view.october)
    return {"K20.own_district": ratio(near, spread.at(start, end, view.october))}


def first_choice(view: View) -> dict[str, Floats]:
    """K25.first_choice (margins x years)."""
    offers = view.record.offers
    yes = np.flatnonzero(offers["accepted"])
    pupil, day = offers["pupil"][yes].astype(np.intp), offers["time"][yes].astype(np.float64)
    rows = view.offered(pupil, offers["place"][yes].astype(np.intp))
    spread, first = view.spread(rows), offers["first"][yes].astype(np.bool_)
    every = spread.events(day, view.edges)
    return {"K25.first_choice": ratio(spread.events(np.where(first, day, np.nan), view.edges), every)}
