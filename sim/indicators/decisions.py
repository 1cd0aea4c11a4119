"""Decisions (K19) and whether they came in time (K07)."""

from __future__ import annotations

import numpy as np

from sim.indicators.counting import Floats, Ints
from sim.indicators.indicator import NO_CLOCK, Indicator, Words
from sim.indicators.view import View, never, ratio
from sim.record import Why

TERM_DAYS = 70.0
PEAK = (5, 6, 7)  # the months that the samenwerkingsverband's own dashboard watches
_ASKED = Words("verzoek gedaan (het dossier is compleet)", "request made (the file is complete)")
_DECIDED = Words("beslissing genomen", "decision taken")
_OF = Words(
    "verzoeken om een beslissing over een plek in het speciaal onderwijs", "requests for a decision on a seat"
)


def _count(key: str, title: Words, population: Words) -> Indicator:
    return Indicator(
        f"K19.{key}",
        title,
        "decisions",
        population,
        _ASKED,
        _DECIDED,
        NO_CLOCK,
        Words("het schooljaar van de beslissing", "the school year of the decision"),
        additive=True,
        better="neither",
        note=Words(
            "per soort waarvoor gevraagd is; elk verzoek telt, ook meer verzoeken voor één kind",
            "by the type asked for; each request counts, also more requests for one child",
        ),
    )


INDICATORS = (
    Indicator(
        "K07.within_term",
        Words("Beslissing binnen 10 weken", "Decision within 10 weeks"),
        "share",
        Words("verzoeken die minstens 10 weken geleden zijn gedaan", "requests made at least 10 weeks ago"),
        _ASKED,
        _DECIDED,
        Words(
            "geen: een verzoek dat nog loopt, telt als niet op tijd",
            "none: an open request counts as not in time",
        ),
        Words("het schooljaar van het verzoek", "the school year of the request"),
        better="higher",
        note=Words(
            "de wettelijke termijn (6 weken en hooguit 4 weken verlenging) gaat over de beslissing, niet "
            "over het krijgen van een plek",
            "the legal term (6 weeks and at most 4 more) is about the decision, not about getting a seat",
        ),
    ),
    _count(
        "new",
        Words("Nieuwe beslissingen", "New decisions"),
        Words(
            "toegekende verzoeken van kinderen die op die dag geen plek van deze soort hebben",
            "granted requests of children without a seat of this type on that day",
        ),
    ),
    _count(
        "renewed",
        Words("Verlengde beslissingen", "Renewed decisions"),
        Words(
            "toegekende verzoeken van kinderen die op die dag al een plek van deze soort hebben",
            "granted requests of children who have a seat of this type on that day",
        ),
    ),
    _count(
        "refused",
        Words("Afgewezen verzoeken", "Refused requests"),
        Words("afgewezen verzoeken", "refused requests"),
    ),
    Indicator(
        "K19.peak",
        Words("Verzoeken die in mei, juni of juli komen", "Requests that come in May, June or July"),
        "share",
        Words("nieuwe verzoeken om een beslissing", "new requests for a decision"),
        _ASKED,
        Words("geen", "none"),
        NO_CLOCK,
        Words("het schooljaar van het verzoek", "the school year of the request"),
        better="neither",
    ),
)


def decisions(view: View) -> dict[str, Floats]:
    """K07 and K19 (margins x years)."""
    asked = view.requests
    table = view.record.visits
    destination: Ints = table["destination"][asked].astype(np.intp)
    spread = view.spread(view.rows(asked, destination))
    made, decided, why = view.day("listed", asked), view.day("left", asked), table["why"][asked]

    def taken(which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
        return spread.events(np.where(which, decided, np.nan), view.edges)

    old_enough = made + TERM_DAYS <= view.record.end
    in_time = old_enough & (never(decided) - made <= TERM_DAYS)
    of_new = np.where(view.renewals, np.nan, made)
    day = np.datetime64(view.record.start) + np.nan_to_num(np.floor(made)).astype("timedelta64[D]")
    peak = np.isin(day.astype("datetime64[M]").astype(int) % 12 + 1, PEAK)
    all_made = spread.events(np.where(old_enough, made, np.nan), view.edges)
    return {
        "K07.within_term": ratio(spread.events(np.where(in_time, made, np.nan), view.edges), all_made),
        "K19.peak": ratio(
            spread.events(np.where(peak, of_new, np.nan), view.edges), spread.events(of_new, view.edges)
        ),
        "K19.new": taken((why == Why.GRANTED) & ~view.renewals),
        "K19.renewed": taken((why == Why.GRANTED) & view.renewals),
        "K19.refused": taken(why == Why.REFUSED),
    }
