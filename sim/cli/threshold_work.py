"""What threshold does: try the values, show how far it is, say the answer in three lines, write the files."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.cli.comparison import console
from sim.cli.progress import Meter, problems, stoppable, writable
from sim.cli.threshold_words import in_language, lines, others
from sim.indicators import INDICATORS
from sim.scenario.resolve import load
from sim.study import manifest
from sim.study.engine import Engine
from sim.study.parallel import Workers
from sim.study.runs import Progress, find_baseline
from sim.study.store import Store, default_store, write_whole
from sim.study.threshold import Threshold
from sim.study.threshold import threshold as find
from sim.study.trials import Trials

JSON, CSV = "threshold.json", "threshold.csv"


def threshold(
    scenario: str,
    *,
    effect: str | None,
    indicator: str,
    replications: int,
    seed: int,
    jobs: int | None,
    store: Path | None,
    out: Path | None,
    lang: str,
) -> None:
    """Find the value and print it; write both files if a folder is asked."""
    with problems():
        asked = load(scenario)
        baseline = find_baseline(asked, scenario)
        if out is not None:
            writable(out)
        with trying(replications, seed, jobs, store, _STEPS[lang]) as trials:
            found = find(asked, baseline, trials, effect=effect, indicator=indicator)
        if out is not None:
            _write(found, out, given=scenario, seed=seed, replications=replications)
    say = console()
    for line in lines(found, lang):
        say.print(line)
    _print_points(say, found, lang)
    for line in others(found, lang):
        say.print(line, style="dim")
    if out is not None:
        say.print(f"\n{(out / JSON).as_posix()}, {(out / CSV).as_posix()}")


_STEPS = {
    "nl": {
        "effects": "Welk effect het meest doet", "baseline": "Zo doorgaan", "values": "Waarden van het effect",
    },
    "en": {"effects": "Which effect does most", "baseline": "Carrying on", "values": "Values of the effect"},
}  # fmt: skip


@contextmanager
def trying(
    replications: int, seed: int, jobs: int | None, store: Path | None, steps: dict[str, str]
) -> Generator[Trials, None, None]:
    """A way to try scenarios on one pool of workers, with a meter, that may be stopped and goes on from the store."""
    kept = Store(store or default_store())
    writable(kept.root)

    def so_far() -> str:
        return f"What was run is kept in {kept.root}; the same command goes on from there."

    with stoppable(so_far), Meter(console(error=True)) as meter:
        before: dict[
            str, int
        ] = {}  # replications of trials that are over: one meter for all trials of a kind

        def show(what: str, progress: Progress) -> None:
            done = before.get(what, 0)
            meter.show(steps[what], done + progress.done, done + progress.total, progress.reused)
            if progress.done == progress.total:
                before[what] = done + progress.total

        trials = Trials(replications, seed, kept, show, jobs)
        if jobs == 1:
            yield trials
        else:
            with Workers(jobs) as workers:
                yield replace(trials, executor=workers)


def about(
    *, region: str, digests: dict[str, str], seed: int, replications: int, given: tuple[str, ...] = ()
) -> dict[str, object]:
    """What was run, with what: enough to ask the same again."""
    engine = Engine()
    return {
        "command": ["doorstroom", *sys.argv[1:]], "region": region, "scenarios": digests, "given": list(given),
        "seed": seed, "replications": replications, "engine": engine.digest(), "indicators": engine.indicator_digest(),
        "packages": manifest.packages(), "system": manifest.system(), "git": manifest.git(),
    }  # fmt: skip


def _print_points(out: Console, found: Threshold, lang: str) -> None:
    if found.answer is None:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("waarde" if lang == "nl" else "value", justify="right")
    table.add_column(
        "verschil met zo doorgaan" if lang == "nl" else "difference with carrying on", justify="right"
    )
    table.add_column("±", justify="right")
    sign = 1.0 if found.lower_is_better else -1.0
    for point in found.answer.points:
        numbers = (f"{point.value:.3g}", f"{sign * point.difference:+.1f}", f"{point.half:.1f}")
        table.add_row(*(in_language(n, lang) for n in numbers))
    out.print(table)


def _write(found: Threshold, folder: Path, *, given: str, seed: int, replications: int) -> None:
    """Both files, each whole or not at all."""
    answer, effect = found.answer, found.effect
    sign = 1.0 if found.lower_is_better else -1.0
    unit = INDICATORS[found.indicator].unit
    data = {
        "scenario": found.scenario.id,
        "effect": found.effect_id or None,
        "size": None if effect is None else effect.size.model_dump(mode="json"),
        "measure": None if effect is None else effect.measure,
        "indicator": found.indicator,
        "unit": unit,
        "answer": "no_effect" if answer is None else answer.kind,
        "sure": None if answer is None else answer.sure,
        "crossings": [] if answer is None else [asdict(c) for c in answer.crossings],
        "difference_without_effect": found.at_none,
        "difference_at_value": found.at_value,
        "sentence": {lang: lines(found, lang) for lang in ("nl", "en")},
        "manifest": about(
            region=found.baseline.region.id, seed=seed, replications=replications, given=(given,),
            digests={s.id: s.digest() for s in (found.baseline, found.scenario)},
        ),
    }  # fmt: skip
    text = json.dumps(_plain(data), indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / JSON, lambda half: half.write_text(text, encoding="utf-8", newline="\n"))
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(["effect", "value", "indicator", "difference", "half_95", "unit"])
    for p in answer.points if answer is not None else ():
        rows.writerow([found.effect_id, p.value, found.indicator, sign * p.difference, p.half, unit])
    table = stream.getvalue()
    write_whole(folder / CSV, lambda half: half.write_text(table, encoding="utf-8", newline=""))


def _plain(data: object) -> object:
    """The same for JSON, which has no NaN."""
    if isinstance(data, dict):
        return {k: _plain(v) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(v) for v in data]
    return None if isinstance(data, float) and math.isnan(data) else data
