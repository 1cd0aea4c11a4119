"""The short answer: five sentences with figures, bad news included."""

from __future__ import annotations

from sim.report import score
from sim.report.content import Answer, Tone, Tongue
from sim.report.evidence import state_words
from sim.report.parts import VERIFICATION
from sim.report.proofs import Proofs
from sim.report.register import ASSUMED, command_of, counted_here
from sim.scenario.describe import grade_counts, number_rows
from sim.scenario.scenario import Scenario

FITTED = "Fitted rates"


def answers(t: Tongue, proofs: Proofs, scenario: Scenario) -> tuple[Answer, ...]:
    """Arithmetic, score, bands, what was fitted and what not, and what all of it rests on."""
    return (
        _arithmetic(t, proofs),
        *score.answers(t, proofs, t.text(scenario.region.title)),
        *_fitted(t, proofs),
        _assumed(t, scenario),
    )


def _arithmetic(t: Tongue, proofs: Proofs) -> Answer:
    tables = [proofs.table(part) for part in VERIFICATION]
    lines = [x for table in tables for x in table.checked]
    held = sum(x.holds for x in lines)
    faults = proofs.table("mutations").checked
    seen = sum(x.holds for x in faults)
    text = t(
        f"Het rekenwerk is getoetst met formules en proefruns. Van de {len(lines)} toetsen slagen er {held}. Wij zetten er ook "
        f"zelf een fout in, {len(faults)} keer. Die fout werd {seen} keer gezien.",
        f"The arithmetic: {held} of {len(lines)} checks against formulas and trial runs hold. In {seen} of "
        f"{len(faults)} trials "
        "with a fault that we put in ourselves, the fault was seen.",
    )
    states = {proofs.table(part).state for part in (*VERIFICATION, "mutations")}
    if "missing" in states:
        text += t(" Een deel is nog niet gemaakt.", " A part was not made yet.")
    if states - {"missing", "current"}:
        text += t(
            " Een deel is gemaakt met een eerdere versie van het model.",
            " A part was made with an earlier version of the model.",
        )
    good = held == len(lines) and seen == len(faults) and states == {"current"}
    figure = t(f"{held} van {len(lines)}", f"{held} of {len(lines)}")
    return Answer(
        text,
        "good" if good else "bad",
        figure,
        t("toetsen van het rekenwerk slagen", "checks of the arithmetic hold"),
        "python -m proof",
    )


def _fitted(t: Tongue, proofs: Proofs) -> list[Answer]:
    table = proofs.table("almere")
    replay = proofs.table("replay")
    used, unused = (
        {off: len(replay.judged(used=used, off=off)) for off in (False, True)} for used in (True, False)
    )
    tested, fitted = sum(unused.values()), sum(used.values())
    if tested:
        off = unused[True] + used[True]
        text = t(
            f"Wij legden {tested + fitted} cijfers van buiten naast het model. Daarvan wijken er {off} af. Met {tested} van de "
            f"cijfers is het model niet passend gemaakt. Daarvan komen er {unused[False]} uit. Met de andere {fitted} is dat "
            "wel gedaan. Dat die kloppen, bewijst niets.",
            f"Beside the model lie {tested + fitted} numbers from elsewhere; {off} are off. Of the {tested} that were not used "
            f"in fitting it, {unused[False]} come out right. {fitted} were used; that those are right proves nothing.",
        )
        text = f"{text} {state_words(t, replay.state)}".strip()
        figure = t(f"{unused[False]} van {tested}", f"{unused[False]} of {tested}")
        label = t("ongebruikte cijfers komen uit", "unused numbers come out right")
        good: Tone = "bad" if off else "good"
        return [Answer(text, good, figure, label, replay.command)]
    rates = [x for x in table.lines if x.case == FITTED]
    listed = table.found("Waiting beside published numbers", "city list")
    if not rates:
        return []
    text = t(
        f"{len(rates)} instroomcijfers zijn passend gemaakt op de telling van het eerste jaar. Dat ze kloppen, bewijst niets.",
        f"{len(rates)} inflow rates were fitted to the count of the first year; that proves nothing.",
    )
    if listed is not None:
        text += t(
            f" De wachtlijst is niet passend gemaakt. Het model begint met {t.number(listed.found, digits=2)} wachtende "
            f"kinderen. Volgens het landelijke cijfer zijn het er {t.number(listed.expected, digits=2)}.",
            f" The waiting list was not fitted: the model starts with {t.number(listed.found, digits=2)} children waiting, the "
            f"national rate would give {t.number(listed.expected, digits=2)}.",
        )
    return [
        Answer(
            text,
            "note",
            t.number(len(rates)),
            t("cijfers passend gemaakt, niet getoetst", "rates fitted, not tested"),
            table.command,
        )
    ]


def _assumed(t: Tongue, scenario: Scenario) -> Answer:
    rows = number_rows(scenario)
    counts = grade_counts(rows)
    own = sum(counts[g] for g in ASSUMED[:1])
    here = counted_here(rows)
    effects = (
        t(
            "Geen enkel effect van een maatregel is in de regio zelf gemeten.",
            "No effect of a measure was measured in the region itself.",
        )
        if here == 0
        else t(
            f"{here} effecten zijn in de regio zelf gemeten.",
            f"{here} effects were measured in the region itself.",
        )
    )
    text = t(
        f"{own} van de {len(rows)} getallen zijn een aanname van de makers (graad E). {effects}",
        f"{own} of the {len(rows)} numbers are an assumption of the makers (grade E). {effects}",
    )
    figure = t(f"{own} van {len(rows)}", f"{own} of {len(rows)}")
    return Answer(
        text,
        "bad",
        figure,
        t("getallen zijn onze aanname", "numbers are our assumption"),
        command_of(scenario),
    )
