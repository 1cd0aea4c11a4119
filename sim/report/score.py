"""The score on counts that were held out: is the model better than "same as last year", and are its bands honest?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sim.report.content import Answer, Bar, Bars, Block, Notice, Section, Tone, Tongue
from sim.report.dutch import say
from sim.report.evidence import part_blocks, state_words
from sim.report.proofs import Line, Proofs, Table

SCORE = "CRPS, "
_WHOLE = "all"
_LONGEST = 2.2
PROMISED, LEAST, MOST = 0.8, 0.7, 0.9
_COVERAGE = "Coverage"
_MODEL = ("model", "doorstroom")
_CLOSE = 0.1
"""Scores move by up to this share with another sample of futures: a series won or lost by less is won or lost narrowly."""


@dataclass(frozen=True)
class SeriesScore:
    """Mean CRPS of one series, of the model and of each naive forecaster.

    Attributes:
        name: The series in words.
        model: Score of the model, in the unit of the series.
        naive: Forecaster -> its score.
    """

    name: str
    model: float
    naive: dict[str, float]

    @property
    def won(self) -> bool:
        """Better than the best of the naive forecasts."""
        return self.model < self.best

    @property
    def best(self) -> float:
        """Score of the best of the naive forecasts."""
        return min(self.naive.values())


@dataclass(frozen=True)
class Score:
    """What the back-test says on one scale (a country, a region).

    Attributes:
        scale: Heading of the scores in the table.
        series: One score per series.
        coverage: Series (or `all` of them) -> share of the held-out counts inside the 80 % band of the model.
        whole: All series together; None when the table does not give it.
    """

    scale: str
    series: tuple[SeriesScore, ...]
    coverage: dict[str, float]
    whole: SeriesScore | None = None

    @property
    def won(self) -> int:
        """How many series are won."""
        return sum(s.won for s in self.series)

    @property
    def tone(self) -> Tone:
        """Good news only when every series is won; bad news when less than half is, or all together are lost."""
        n = len(self.series)
        if 2 * self.won < n or (self.whole and not self.whole.won):
            return "bad"
        return "good" if self.won == n else "note"

    @property
    def outside(self) -> dict[str, float]:
        """Series whose band holds too few or too many of the counts."""
        return {k: v for k, v in self.coverage.items() if not k.startswith(_WHOLE) and not LEAST <= v <= MOST}

    @property
    def covered(self) -> float:
        """Share of all held-out counts inside the band; NaN when the table does not give it."""
        whole = [v for k, v in self.coverage.items() if k.startswith(_WHOLE)]
        return whole[0] if whole else math.nan


def scores(table: Table) -> tuple[Score, ...]:
    """The scores in a back-test table, in its order: the first is the score that counts. Empty when there is none."""
    found = []
    for case, lines in table.cases().items():
        if case.startswith(SCORE) and (every := tuple(_series(lines))):
            scale = case.removeprefix(SCORE)
            series = tuple(s for s in every if not s.name.startswith(_WHOLE))
            whole = next((s for s in every if s.name.startswith(_WHOLE)), None)
            found.append(Score(scale, series, _coverage(table, scale), whole))
    return tuple(found)


def section(t: Tongue, proofs: Proofs) -> Section:
    """The hold-out scores: charts first, then the whole table."""
    table = proofs.table("backtest")
    found = scores(table)
    blocks: list[Block] = []
    for score in found:
        blocks.append(Notice(_sentence(t, score), score.tone, table.command))
    for score in found[:1]:
        blocks += [_skill(t, score), *_bands(t, score)]
    if found:
        words = t(
            "Wat dit niet zegt: wie de methode koos, had alle tellingen al gezien; en jaren die op elkaar volgen, lijken op "
            "elkaar. Hoe het is gedaan, wat is geprobeerd en waarom het zo uitkomt, staat in docs/backtest.md (Engels).",
            "What this does not say: whoever chose the method had seen all counts; and years that follow each other are alike. "
            "How it was done, what was tried and why it comes out so stands in docs/backtest.md.",
        )
        blocks.append(Notice(words, "bad"))
    title = t(
        "Voorspelt het beter dan ‘zelfde als vorig jaar’?",
        "Does it forecast better than “same as last year”?",
    )
    return Section("backtest", title, (*blocks, *part_blocks(t, table, heading=False)))


def answers(t: Tongue, proofs: Proofs, region: str) -> Iterator[Answer]:
    """The sentences on score and bands in the short answer; bad news is said first.

    Args:
        t: Language.
        proofs: The proof tables.
        region: Name of the region; when the table has no score of it, that is said.
    """
    table = proofs.table("backtest")
    best = next(iter(scores(table)), None)
    if best is None:
        text = t(
            "Er is nog geen score: het model is niet getoetst aan jaren die het niet kende.",
            "There is no score yet: the model was not tested on years that it did not know.",
        )
        yield Answer(text, "bad", "–", t("nog geen score", "no score yet"), table.command)
        return
    n = len(best.series)
    label = t(
        "reeksen beter dan ‘zelfde als vorig jaar’",
        "series better than “same as last year”",
    )
    text = f"{_sentence(t, best)} {state_words(t, table.state)}".strip()
    figure = t(f"{best.won} van {n}", f"{best.won} of {n}")
    yield Answer(text, best.tone, figure, label, table.command)
    if math.isnan(best.covered):
        return
    share = t.number(best.covered, "share")
    fits = LEAST <= best.covered <= MOST
    text = t(
        f"Het model geeft een band. Daarin horen 8 van de 10 tellingen te liggen. Van de tellingen die het niet kende, lag "
        f"{share} erin. Die band is ",
        f"Of the counts held out {share} lay inside the band that should hold 8 in 10: that band is ",
    )
    text += (
        t("alles samen breed genoeg.", "wide enough, taken together.") if fits
        else t("te smal: reken op meer onzekerheid.", "too narrow; expect more uncertainty.") if best.covered < LEAST
        else t("te breed.", "too wide.")
    )  # fmt: skip
    for said, mine in (
        (t("Te smal bij", "Too narrow for"), [n for n, v in best.outside.items() if v < LEAST]),
        (t("Te breed bij", "Too wide for"), [n for n, v in best.outside.items() if v > MOST]),
    ):
        named = [f"{say(t, n)} ({t.number(best.outside[n], 'share')})" for n in mine]
        text += f" {said} {', '.join(named)}." if named else ""
    if not any(region in score.scale for score in scores(table)):
        text += t(
            f" Van {region} zelf zijn er te weinig tellingen voor een score.",
            f" {region} itself has too few counts for a score.",
        )
    # A total that fits can hide series that are off both ways.
    many = 2 * len(best.outside) >= n
    tone: Tone = "bad" if not fits or many else "note" if best.outside else "good"
    label = t("tellingen binnen de band van 80 %", "counts inside the 80 % band")
    yield Answer(text, tone, share, label, table.command)


def _sentence(t: Tongue, score: Score) -> str:
    n, lost = len(score.series), [say(t, s.name) for s in score.series if not s.won]
    scale = f" ({say(t, score.scale)})" if score.scale else ""
    text = t(
        f"Bij {score.won} van de {n} reeksen{scale} voorspelt het model beter dan twee simpele regels: ‘zelfde als vorig jaar’ "
        "en een rechte lijn.",
        f"The model forecasts {score.won} of the {n} series{scale} better than “same as last year” and a straight line.",
    )
    if narrow := [say(t, s.name) for s in score.series if s.won and s.model > (1 - _CLOSE) * s.best]:
        text += t(f" Maar net beter: {', '.join(narrow)}.", f" Narrowly: {', '.join(narrow)}.")
    if lost:
        text += t(f" Niet beter: {', '.join(lost)}.", f" Not better: {', '.join(lost)}.")
    if score.whole and lost:
        better = t("beter", "better") if score.whole.won else t("slechter", "worse")
        mine, best = (t.number(x, digits=3) for x in (score.whole.model, score.whole.best))
        text += t(
            f" Alle reeksen samen: {better}. Afstand tot de tellingen: {mine} bij het model, {best} bij de beste simpele "
            "regel.",
            f" All together {better}: distance {mine} against {best}.",
        )
    return text


def _series(lines: tuple[Line, ...]) -> Iterator[SeriesScore]:
    names = dict.fromkeys(x.row for x in lines if x.column)
    for name in names:
        values = {x.column: x.found for x in lines if x.row == name and not math.isnan(x.found)}
        model = next((k for k in values if k.lower().startswith(_MODEL)), None)
        naive = {k: v for k, v in values.items() if k != model and _is_naive(k)}
        if model is not None and naive:
            yield SeriesScore(name, values[model], naive)


def _is_naive(column: str) -> bool:
    return any(word in column.lower() for word in ("last", "trend", "line", "naive"))


def _coverage(table: Table, scale: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for case, lines in table.cases().items():
        if case.startswith(_COVERAGE) and case.endswith(f", {scale}"):
            found |= {x.row: x.found for x in lines if not x.column or x.column.lower().startswith(_MODEL)}
    return found


def _skill(t: Tongue, score: Score) -> Bars:
    """Score of each forecaster as a part of that of the best naive one, per series: below 1 is better."""
    groups, points = [], []
    for s in score.series:
        best = min(s.naive.values())
        bars = [Bar(t("model", "model"), s.model / best, t.number(s.model, digits=3), strong=True)]
        bars += [Bar(say(t, k), v / best, t.number(v, digits=3)) for k, v in s.naive.items()]
        groups.append((say(t, s.name), tuple(bars)))
        points.append(f"{say(t, s.name)}: {', '.join(f'{b.name} {b.label}' for b in bars)}")
    # A hopeless forecast would make all other bars too short to compare; it is cut off and says so.
    most = min(max(bar.value for _, bars in groups for bar in bars), _LONGEST)
    title = t(
        "Afstand tussen voorspelling en telling: korter is beter",
        "Distance between forecast and count: shorter is better",
    )
    band = (
        0.0,
        1.0,
        t("korter dan dit is gewonnen; » loopt verder door", "shorter than this is won; » goes on"),
    )
    return Bars(title, f"{title}. {'; '.join(points)}.", tuple(groups), most, band)


def _bands(t: Tongue, score: Score) -> list[Block]:
    if not score.coverage:
        return []
    bars = tuple(
        (say(t, name), (Bar("", value, t.number(value, "share"), strong=True),))
        for name, value in score.coverage.items()
    )
    title = t("Deel van de tellingen binnen de band van 80 %", "Share of the counts inside the 80 % band")
    points = "; ".join(f"{say(t, name)} {t.number(value, 'share')}" for name, value in score.coverage.items())
    band = (LEAST, MOST, t("hier hoort het te liggen: 70 tot 90 %", "where it should lie: 70 to 90 %"))
    return [Bars(title, f"{title}: {points}.", bars, 1.0, band)]
