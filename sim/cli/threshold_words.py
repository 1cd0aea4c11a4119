"""The answer of threshold in three lines that a school director follows, in Dutch and English."""

from __future__ import annotations

from sim.indicators import INDICATORS, present
from sim.scenario.evidence import HOOK, Effect, dose_of
from sim.scenario.region import Region
from sim.study.breakeven import Crossing
from sim.study.threshold import Threshold

_SAID = {
    "nl": {
        "none": "Dit scenario steunt op geen enkel onzeker effect uit het register: er is geen waarde om te zoeken.",
        "value": "Het werkt {if_}.",
        "several": "Er is niet één antwoord: bij {count} waarden draait het om. Het werkt {if_}.",
        "always": "Het werkt bij elke waarde die denkbaar is ({low} tot {high}), ook bij de zwakste.",
        "never": "Het werkt bij geen enkele waarde die denkbaar is ({low} tot {high}), ook niet bij de sterkste.",
        "always_but": "Het werkt zodra er enig effect is. Alleen bij {even} maakt het niets uit (denkbaar: {low} tot {high}).",
        "never_but": "Het werkt bij geen enkele waarde ({low} tot {high}); bij {even} maakt het niets uit.",
        "nothing": "Deze uitkomst hangt niet van dit effect af: bij elke waarde ({low} tot {high}) is het verschil {same}.",
        "unsure": " Bij een deel van de waarden is het verschil kleiner dan het toeval.",
        "or": " of ",
        "about": "Effect: {title} ({id}). Werken: {outcome} {side} dan als we zo doorgaan.",
        "less": "minder", "more": "meer",
        "band": "95 % interval: {low} tot {high}; denkbaar is {least} tot {most}, in het register staat {value}.",
        "plain": "Denkbaar is {least} tot {most}, in het register staat {value} ({grade}).",
        "at": " Zonder effect: {none}; met de waarde uit het register: {at}.",
        "others": "Andere onzekere effecten van dit scenario (kies met --effect): {names}.",
    },
    "en": {
        "none": "This scenario rests on no uncertain effect of the register: there is no value to look for.",
        "value": "It works {if_}.",
        "several": "There is not one answer: it turns at {count} values. It works {if_}.",
        "always": "It works at every value that is conceivable ({low} to {high}), the weakest as well.",
        "never": "It works at no value that is conceivable ({low} to {high}), not even the strongest.",
        "always_but": "It works as soon as there is any effect. Only at {even} it changes nothing (range: {low} to {high}).",
        "never_but": "It works at no value ({low} to {high}); at {even} it changes nothing.",
        "nothing": "This outcome does not depend on this effect: at every value ({low} to {high}) the difference is {same}.",
        "unsure": " At some of the values the difference is smaller than chance.",
        "or": " or ",
        "about": "Effect: {title} ({id}). To work: {outcome} {side} than when we carry on.",
        "less": "less", "more": "more",
        "band": "95 % interval: {low} to {high}; conceivable is {least} to {most}, the register says {value}.",
        "plain": "Conceivable is {least} to {most}, the register says {value} ({grade}).",
        "at": " Without the effect: {none}; at the register's value: {at}.",
        "others": "Other uncertain effects of this scenario (choose with --effect): {names}.",
    },
}  # fmt: skip


def lines(found: Threshold, lang: str) -> list[str]:
    """The answer, what it is about, and how sure it is."""
    said, answer, effect = _SAID[lang], found.answer, found.effect
    if answer is None or effect is None:
        return [said["none"]]
    size, indicator = effect.size, INDICATORS[found.indicator]
    assert size.range is not None
    least, most = (in_language(f"{v:g}", lang) for v in size.range)

    def shown(value: float) -> str:
        return present(value, indicator.unit, against=0.0, language="nl" if lang == "nl" else "en")

    parts = said["or"].join(condition(effect, c, found.baseline.region, lang) for c in answer.crossings)
    even = " / ".join(in_language(f"{v:g}", lang) for v in answer.even)
    first = said[answer.kind + ("_but" if even else "")].format(
        if_=parts, count=len(answer.crossings), low=least, high=most, same=shown(found.at_value), even=even
    )
    first += "" if answer.sure else said["unsure"]
    side = said["less" if found.lower_is_better else "more"]
    title = effect.title.nl if lang == "nl" else effect.title.en
    outcome = indicator.title.nl if lang == "nl" else indicator.title.en
    second = said["about"].format(title=title, id=found.effect_id, outcome=_small(outcome), side=side)
    value, grade = in_language(f"{size.value:g}", lang), size.grade or ""
    if len(answer.crossings) == 1:
        low, high = (in_language(f"{v:.2f}", lang) for v in answer.crossings[0].interval)
        third = said["band"].format(low=low, high=high, least=least, most=most, value=f"{value} ({grade})")
    else:
        third = said["plain"].format(least=least, most=most, value=value, grade=grade)
    return [first, second, third + said["at"].format(none=shown(found.at_none), at=shown(found.at_value))]


def others(found: Threshold, lang: str) -> list[str]:
    """Which other effects could be asked about, and how far each moves the outcome over its range."""
    rest = [f"{m.id} ({m.low:+,.0f} … {m.high:+,.0f})" for m in found.tried if m.id != found.effect_id]
    return [_SAID[lang]["others"].format(names=", ".join(rest))] if rest else []


def condition(effect: Effect, crossing: Crossing, region: Region, lang: str) -> str:
    """`if at least 12 of 100 children no longer need a referral`: the side of a value where it works, in words."""
    v, below = crossing.value, crossing.better == "below"
    nl = lang == "nl"
    if effect.measure == "elasticity":
        if nl:
            more = in_language(f"{10 * v:.1f}", lang)
            return f"als 10 % meer plekken {'hoogstens' if below else 'minstens'} {more} % meer vragen geeft"
        return f"if 10 % more seats give {'at most' if below else 'at least'} {10 * v:.1f} % more requests"
    if effect.measure == "months":
        if nl:
            return f"als een signaal {'hoogstens' if below else 'minstens'} {in_language(f'{v:.1f}', lang)} maanden eerder komt"
        return f"if a signal comes {'at most' if below else 'at least'} {v:.1f} months earlier"
    # Below 1 is a decrease: "at least so much less" where it works below, "at most so much less" where it works above.
    percent, least = 100 * abs(1 - v), (v < 1) == below
    amount = in_language(f"{percent:.0f}" if percent >= 1 else f"{percent:.1f}", lang)
    if effect.acts_on == "referral" and v <= 1 and effect.cause != "seats_per_child":
        if nl:
            few = "minstens" if least else "hoogstens"
            return f"als van de 100 kinderen er {few} {amount} geen verwijzing meer nodig hebben"
        return f"if of 100 children {'at least' if least else 'at most'} {amount} no longer need a referral"
    hook = HOOK[effect.acts_on]["nl" if nl else "en"]
    dose = dose_of(effect.cause, region.programmes)["nl" if nl else "en"]
    if nl:
        size = f"{'minstens' if least else 'hoogstens'} {amount} % {'kleiner' if v < 1 else 'groter'}"
        return f"als dit {size} wordt: {hook}; per eenheid van: {dose}"
    size = f"{'at least' if least else 'at most'} {amount} % {'smaller' if v < 1 else 'larger'}"
    return f"if this becomes {size}: {hook}; per unit of: {dose}"


def in_language(number: str, lang: str) -> str:
    """A number with the decimal sign of its reader."""
    return number.replace(".", ",") if lang == "nl" else number


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
