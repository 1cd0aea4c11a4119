"""What the answer becomes when one number is different: the table and the sentences above it, as plain words.

No direction is claimed before the band leaves out zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.app.answer import Cell, claim, span
from sim.app.desk import FIRST_PAIRS
from sim.app.explain.card import EFFECTS
from sim.app.explain.numbers import kind_of
from sim.app.language import words
from sim.app.scene import FIGURES, amount, phrase
from sim.charts.bands import Spread, spread
from sim.scenario.scenario import Scenario
from sim.study.results import Floats, Results
from sim.study.what_if import NOW, Answer, Step, Tried, answers

S, T = words("shared"), words("explain")
MONEY = "K28.total"
_NOTHING: Floats = np.empty(0)


@dataclass(frozen=True)
class Row:
    """One outcome: its id, its name, and a cell per step of the plan."""

    outcome: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Told:
    """What is shown under a number: sentences, and the table below them."""

    sentences: tuple[str, ...]
    rows: tuple[Row, ...]


def outcomes_of(scenario: Scenario, path: str) -> tuple[str, ...]:
    """Outcomes that are shown for a number; a price moves money only, and money moves with few numbers else.

    Args:
        scenario: Any scenario that has the number.
        path: Path of the number.
    """
    effect = scenario.effects.get(path.removeprefix(EFFECTS).removesuffix(".size"))
    rides = path.startswith(EFFECTS) and effect is not None and effect.acts_on == "transport"
    return (*FIGURES, MONEY) if rides or kind_of(path) == "money" else FIGURES


def told(results: Results, tried: Tried, school_year: str, titles: dict[str, str]) -> Told:
    """Sentences and table, from the results so far.

    Args:
        results: Results of the plan.
        tried: The plan.
        school_year: The year.
        titles: Outcome -> its name on screen.
    """
    alone = tried.pairs[NOW][0] == tried.pairs[NOW][1]
    same = (
        T.SAME_EVERYWHERE_BASELINE.format(against=phrase(tried.baseline, "beside"))
        if alone
        else T.SAME_EVERYWHERE
    )
    focus = tried.baseline if alone else results.scenario(tried.pairs[NOW][1])
    found = {
        outcome: answers(results, tried, outcome, school_year)
        for outcome in outcomes_of(focus, tried.path)
        if outcome in titles
    }
    found = {outcome: those for outcome, those in found.items() if those}
    enough = min(FIRST_PAIRS, results.replications)
    rows = tuple(
        Row(outcome, titles[outcome], tuple(_cell(outcome, a, alone, enough) for a in those))
        for outcome, those in found.items()
    )
    return Told(_sentences(found, alone, enough, same), rows)


def _cell(outcome: str, one: Answer, alone: bool, enough: int) -> Cell:
    if one.runs < enough:
        return Cell("…", T.BUSY, "")
    level = _spread(one.level)
    if not alone:
        total = T.LEVEL_OF.format(value=amount(outcome, level.middle), range=_between(outcome, level))
        return Cell(difference(outcome, _spread(one.difference)), total, "")
    change = "" if one.step == NOW else difference(outcome, _spread(one.change))
    return Cell(amount(outcome, level.middle), f"({_between(outcome, level)})", change)


def _between(outcome: str, level: Spread) -> str:
    low, high = (amount(outcome, v, word=False) for v in level.outer)
    return str(S.RANGE.format(low=low, high=high))


def difference(outcome: str, d: Spread) -> str:
    """A band of differences in words: "20 tot 45 minder", "geen duidelijk verschil", "evenveel"."""
    if d.nothing:
        return str(S.DIFFERENCE_NONE)
    return span(outcome, d.outer, bare=True) if claim(outcome, d.outer) else str(S.DIFFERENCE_UNCLEAR)


def _sentences(found: dict[str, tuple[Answer, ...]], alone: bool, enough: int, same: str) -> tuple[str, ...]:
    """One sentence per step on the first outcome that moves; one in all (`same`) when nothing does."""
    if not found or all(len(those) == 1 for those in found.values()):
        return (T.CHOOSE_STEP,)
    done = {outcome: [a for a in those[1:] if a.runs >= enough] for outcome, those in found.items()}
    moved = [outcome for outcome, those in done.items() if any(map(_moves, those))]
    if not moved:
        if any(len(done[outcome]) < len(those) - 1 for outcome, those in found.items()):
            return (T.BUSY_SENTENCE,)
        return (same,)
    if moved == [MONEY]:
        return (T.ONLY_MONEY,)
    return tuple((_of_level if alone else _of_answer)(moved[0], a) for a in done[moved[0]])


def _moves(one: Answer) -> bool:
    """Whether any run differs from what it is with the number as it is."""
    return not (_spread(one.change).nothing and _spread(one.today - one.today_now).nothing)


def _of_level(outcome: str, other: Answer) -> str:
    """How the level changes, when nothing is compared."""
    d = _spread(other.change)
    parts = {"step": _name(other.step), "outcome": T.OUTCOME_WORDS[outcome]}
    if d.nothing or not claim(outcome, d.outer):
        return _sentence(T.VERDICT_UNCLEAR.format(**parts))
    return _sentence(T.VERDICT_CHANGE.format(**parts, range=span(outcome, d.outer, bare=True)))


def _of_answer(outcome: str, other: Answer) -> str:
    """Whether the direction of the answer stays, when an idea is compared with something else."""
    gaps = (other.level_now - other.today_now, other.difference)
    before, after = (claim(outcome, _spread(gap).outer) for gap in gaps)
    word = {1: T.MORE_WORD, -1: T.LESS_WORD, 0: ""}[after]
    parts = {"step": _name(other.step), "outcome": T.OUTCOME_WORDS[outcome], "direction": word}
    text = (
        T.VERDICT_STILL_UNCLEAR if not before and not after
        else T.VERDICT_LOST if not after
        else T.VERDICT_FOUND if not before
        else T.VERDICT_KEPT if before == after
        else T.VERDICT_TURNED
    )  # fmt: skip
    return _sentence(text.format(**parts))


def _name(step: Step) -> str:
    found: str = T.NAMES[step]
    return found


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spread(values: Floats) -> Spread:
    return spread(values, _NOTHING)
