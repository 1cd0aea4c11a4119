"""What the diary does: run a forecast, take in a count, print both beside each other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from itertools import groupby
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from sim.cli.comparison import console
from sim.cli.explain_work import goes_on, run_again
from sim.cli.explanation import WORDS, columns, number, print_inputs, shown
from sim.cli.progress import REPLICATIONS, Meter, problems, stoppable, writable
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.resolve import load
from sim.study import diary as diaries
from sim.study import plan, scorecard, stream
from sim.study.counts import MASK, SEATED, WAITING, from_file, from_words
from sim.study.manifest import FolderError
from sim.study.results import DRAWN, FIXED
from sim.study.runs import StudyError
from sim.study.store import Store, default_store

HOME = Path("diary")
_SCORED = ("counted", "difference", "score", "naive")
_SAY: dict[str, dict[str, str]] = {
    "nl": {
        SEATED: "met plek", WAITING: "wacht", "all": "alle", "made": "gemaakt op",
        "type": "soort", "expected": "verwacht", "chance": "toeval", "band": "met aannames",
        "counted": "geteld", "difference": "verschil", "score": "score", "naive": "als vorige",
        "scenario": "scenario",
        "kept": "Bewaard in {folder}: {n} teldata, van {first} tot en met {last}.",
        "count_kept": "Telling bewaard als {name}.",
        "no_forecast": "Voor {on} staat er geen verwachting in dit dagboek; de telling telt mee als 'vorige telling'.",
        "no_counts": "Nog geen telling bij een verwachting in dit dagboek.",
        "running": "Stand over {n} tellingen ({scenario}): score {score} (gemiddeld, in kinderen; 0 is perfect). Binnen de "
        "band van toeval {chance} van {n}, binnen de band met aannames {band} van {n} (acht van de tien is goed).",
        "beside": "Waar een eerdere telling was ({n}): verwachting {score}, 'zelfde als vorige telling' {naive}.",
        "legend": "toeval, met aannames: acht van de tien runs liggen hiertussen; ✓: de telling ook. "
        "score: CRPS van de verwachting. als vorige: dezelfde score als je zegt dat het blijft zoals bij de vorige telling.",
        "as_said": "zoals verwacht",
        "because": "{name}, op {on}: verwacht {was} (gemaakt op {made}), geteld {now}: {why}.",
    },
    "en": {
        SEATED: "seated", WAITING: "waiting", "all": "all", "made": "made on",
        "type": "type", "expected": "expected", "chance": "chance", "band": "with assumptions",
        "counted": "counted", "difference": "difference", "score": "score", "naive": "as last",
        "scenario": "scenario",
        "kept": "Kept in {folder}: {n} count dates, from {first} to {last}.",
        "count_kept": "Count kept as {name}.",
        "no_forecast": "This diary has no forecast for {on}; the count serves as a last count for later ones.",
        "no_counts": "No count beside a forecast in this diary yet.",
        "running": "So far, over {n} counts ({scenario}): score {score} (mean, in children; 0 is perfect). Inside the band of "
        "chance {chance} of {n}, inside the band with assumptions {band} of {n} (eight of ten is right).",
        "beside": "Where there was an earlier count ({n}): forecast {score}, 'same as last count' {naive}.",
        "legend": "chance, with assumptions: eight of ten runs lie between these; ✓: the count does too. "
        "score: CRPS of the forecast. as last: the same score when you say that it stays as at the last count.",
        "as_said": "as expected",
        "because": "{name}, on {on}: expected {was} (made on {made}), counted {now}: {why}.",
    },
}  # fmt: skip


def forecast(
    scenario: str,
    *,
    replications: int,
    seed: int,
    folder: Path | None,
    today: str | None,
    jobs: int | None,
    store: Path | None,
    lang: str,
) -> None:
    """Run one scenario and keep what it says about the coming count dates."""
    with problems():
        made = _date(today) if today else date.today()
        asked = load(scenario)
        diaries.dates_ahead(asked, made)
        study = plan(
            [], baseline=asked, replications=replications, seed=seed, modes=(FIXED, DRAWN)
        )  # fmt: skip
        where = folder or HOME / asked.region.id
        _of_region(where, asked.region.id)
        writable(where)
        kept = Store(store or default_store())
        last = None
        with (
            stoppable(lambda: goes_on(kept)),
            closing(stream(study, store=kept, jobs=jobs)) as steps,
            Meter(console(error=True)) as meter,
        ):
            for last in steps:
                meter.show(REPLICATIONS, last.done, last.total, last.reused)
        assert last is not None
        entry = diaries.add_forecast(
            where, last.collector.results(), made, command=["doorstroom", *sys.argv[1:]], asked=scenario
        )
        diary = diaries.read(where)
    words, out = _SAY[lang], console()
    dates = sorted({f.on for f in entry.forecasts})
    rows = [r for r in scorecard.laid(diary) if r.entry.name == entry.name and r.forecast.on in dates[:2]]
    _print_laid(out, rows, lang)
    out.print(
        words["kept"].format(folder=entry.folder.as_posix(), n=len(dates), first=dates[0], last=dates[-1])
    )
    _print_problems(diary)


def count(
    on: str, counts: list[str], *, source: str, folder: Path | None, today: str | None, lang: str
) -> None:
    """Keep a count and lay it beside the forecasts for its date."""
    with problems():
        day, now = _date(on), _date(today) if today else date.today()
        if day > now:
            reason = "this date lies ahead: nothing was counted on it yet"
            raise ScenarioError([Problem("command line", 0, "DATE", str(day), reason, f"{now} or earlier")])
        if f"{day:%m-%d}" not in diaries.COUNTED:
            known = ", ".join(f"{day.year}-{d}" for d in diaries.COUNTED)
            raise ScenarioError([Problem("command line", 0, "DATE", str(day), "not a count date", known)])
        if not source.strip():
            reason = "a count needs a source"
            raise ScenarioError([Problem("command line", 0, "--source", "", reason, "words")])
        where = _diary(folder)
        diary = diaries.read(where)
        known_types = diary.place_types
        one = Path(counts[0])
        if len(counts) == 1 and (one.is_file() or one.suffix.lower() == ".csv"):
            found = from_file(one, day, source, known_types)
        else:
            found = from_words(counts, day, source, known_types)
        name = diaries.add_counts(diary, found, now)
        diary = diaries.read(where)
    words, out = _SAY[lang], console()
    out.print(words["count_kept"].format(name=(where / name).as_posix()))
    rows = [r for r in scorecard.laid(diary) if r.forecast.on == day and r.count is not None]
    if not rows:
        out.print(words["no_forecast"].format(on=day))
    else:
        _print_laid(out, rows, lang)
    _print_problems(diary)


def show(on: str | None, *, folder: Path | None, lang: str) -> None:
    """Print the diary: one date with all its forecasts, or all that was counted and the next dates."""
    with problems():
        day = _date(on) if on else None
        diary = diaries.read(_diary(folder))
        rows = scorecard.laid(diary)
        dates = sorted({r.forecast.on for r in rows})
        if day is not None and day not in dates:
            reason = "no forecast was made for this date"
            known = ", ".join(str(d) for d in dates)
            raise ScenarioError([Problem(str(diary.folder), 0, "DATE", str(day), reason, known)])
    out, words = console(), _SAY[lang]
    if day is not None:
        _print_laid(out, [r for r in rows if r.forecast.on == day], lang)
    else:
        _print_laid(out, _worth_showing(rows), lang)
    said = False
    for scenario, own in _by_scenario(rows):
        score = scorecard.running(own)
        if score is not None:
            said = True
            out.print()
            out.print(
                words["running"].format(
                    n=score.counted, scenario=scenario, score=number(score.score, lang),
                    chance=score.within_chance, band=score.within_band,
                )
            )  # fmt: skip
            if score.paired:
                numbers = {"score": score.paired_score, "naive": score.naive}
                texts = {k: number(v, lang) for k, v in numbers.items()}
                out.print(words["beside"].format(n=score.paired, **texts))
    if not said:
        out.print(words["no_counts"])
    if _print_problems(diary):
        raise typer.Exit(1)


def explain_count(
    on: str,
    *,
    made: str | None,
    scenario: str | None,
    folder: Path | None,
    jobs: int | None,
    store: Path | None,
    lang: str,
) -> None:
    """Divide counted minus expected over its causes, for one date and one forecast."""
    with problems():
        day = _date(on)
        diary = diaries.read(_diary(folder))
        _print_problems(diary)
        entries = [e for e in diary.entries if any(f.on == day for f in e.forecasts)]
        if made is not None:
            known = ", ".join(e.name for e in entries) or "none"
            entries = [e for e in entries if e.name == made]
            if not entries:
                raise StudyError(f"'{made}' is no forecast for {day}; there are: {known}")
        if not entries:
            raise StudyError(f"the diary in {diary.folder} has no forecast for {day}")
        entry = entries[-1]
        rows = [r for r in scorecard.laid(diary) if r.entry.name == entry.name and r.forecast.on == day]
        today = load(scenario or entry.about["asked"])
        with run_again(jobs, store, lang) as again:
            found, surprises = scorecard.explain_count(entry, rows, today, again)
    out, words, causes = console(), _SAY[lang], WORDS[lang]
    parts = list(surprises[0].parts)
    heads = (*(words[w] for w in ("expected", "counted", "difference")), *(causes[c] for c in parts))
    table = columns((words["type"],), heads)
    largest = max(surprises, key=lambda s: abs(sum(s.parts.values())))
    for s in surprises:
        total = sum(s.parts.values())
        text = shown("children", s.counted - total, s.counted, s.parts, lang)
        name, counted = _named(s.forecast.place_type, s.forecast.what, words), f"{s.counted:g}"
        table.add_row(name, text.was, counted, text.difference, *(text.parts[c] for c in parts))
        if s is largest:
            why = ", ".join(f"{p} {causes[f'by {c}']}" for c, p in text.parts.items() if p[0] in "+−")
            said = words["because"].format(
                name=name, on=day, was=text.was, made=entry.made, now=counted, why=why or words["as_said"]
            )
            out.print(said[0].upper() + said[1:], style="bold")
            out.print()
    out.print(table)
    print_inputs(out, found, lang)
    if diary.problems:
        raise typer.Exit(1)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ScenarioError([
            Problem("command line", 0, "DATE", f"'{text}'", "not a date", "year-month-day, as 2027-02-01")
        ]) from None  # fmt: skip


def _diary(given: Path | None) -> Path:
    """The diary that is meant: the one given, else the only one in `diary/`."""
    if given is not None:
        return given
    found = sorted(p.parent for p in HOME.glob(f"*/{diaries.LEDGER}"))
    if len(found) == 1:
        return found[0]
    names = ", ".join(p.as_posix() for p in found)
    reason = f"there is more than one diary: {names}" if found else f"there is no diary in {HOME}/ here"
    hint = "name one with --diary" if found else "make a forecast first, with 'doorstroom diary forecast'"
    raise FolderError(f"{reason}; {hint}")


def _of_region(folder: Path, region: str) -> None:
    if (folder / diaries.LEDGER).is_file():
        for entry in diaries.read(folder).entries:
            if entry.about["region"] != region:
                raise StudyError(
                    f"{folder} is the diary of region '{entry.about['region']}', not of '{region}': "
                    "name another folder with --diary"
                )


def _worth_showing(rows: Iterable[scorecard.Laid]) -> list[scorecard.Laid]:
    """All that was counted, and of the next date to count the last forecast of each scenario."""
    every = list(rows)
    last = max((r.forecast.on for r in every if r.count is not None), default=date.min)
    coming = min((r.forecast.on for r in every if r.forecast.on > last), default=None)
    newest = {_scenario(r): r.entry.name for r in every if r.forecast.on == coming}
    return [
        r
        for r in every
        if r.count is not None or (r.forecast.on == coming and newest[_scenario(r)] == r.entry.name)
    ]


def _scenario(row: scorecard.Laid) -> str:
    # A region that lies deeper stands before the name; it is the same for the whole diary.
    return str(row.entry.about["scenarios"][0]["id"]).rpartition("/")[2]


def _by_scenario(rows: Iterable[scorecard.Laid]) -> list[tuple[str, list[scorecard.Laid]]]:
    ordered = sorted(rows, key=_scenario)
    return [(name, list(own)) for name, own in groupby(ordered, key=_scenario)]


def _print_laid(out: Console, rows: Iterable[scorecard.Laid], lang: str) -> None:
    """One table per count date; a tick stands beside the bands that hold the count."""
    words = _SAY[lang]
    found = sorted(rows, key=lambda r: r.forecast.on)
    counted = any(r.count is not None for r in found)
    several = len({_scenario(r) for r in found}) > 1
    for on, of_date in groupby(found, key=lambda r: r.forecast.on):
        out.print(str(on), style="bold")
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
        for name in ("type", "made", *(("scenario",) if several else ())):
            table.add_column(words[name], overflow="fold")
        for name in ("expected", "chance", "band", *(_SCORED if counted else ())):
            table.add_column(words[name], justify="right")
        for row in of_date:
            table.add_row(*_cells(row, words, lang, several=several, counted=counted))
        out.print(table)
        out.print()
    if counted:
        out.print(words["legend"], style="dim")


def _cells(
    row: scorecard.Laid, words: dict[str, str], lang: str, *, several: bool, counted: bool
) -> list[str]:
    f, value = row.forecast, row.count.value if row.count is not None else None
    cells = [_named(f.place_type, f.what, words), row.entry.name, *([_scenario(row)] if several else [])]
    cells.append(f"{f.expected:.0f}")
    for low, high in (f.chance, f.band):
        tick = "" if value is None else " ✓" if low <= value <= high else "  "
        cells.append(f"{low:.0f} … {high:.0f}{tick}")
    if not counted:
        return cells
    if row.count is None:
        return [*cells, *[""] * len(_SCORED)]
    if value is None or row.difference is None or row.score is None:
        return [*cells, MASK, "–", "–", "–"]
    naive = "–" if row.naive is None else number(row.naive, lang)
    return [*cells, f"{value:g}", _whole(row.difference), number(row.score, lang), naive]


def _whole(difference: float) -> str:
    size = f"{abs(difference):.0f}"
    return size if size == "0" else f"{'−' if difference < 0 else '+'}{size}"


def _named(place_type: str, what: str, words: dict[str, str]) -> str:
    return f"{words.get(place_type, place_type)}, {words[what]}"


def _print_problems(diary: diaries.Diary) -> bool:
    for problem in diary.problems:
        typer.echo(f"Changed: {problem}.", err=True)
    return bool(diary.problems)
