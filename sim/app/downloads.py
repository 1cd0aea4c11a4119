"""Downloads of what is on screen: tables, workbook, scenario file, and the command that repeats it.

Bytes are made when someone presses the button, never while a page is drawn. What is exported comes from the store:
all runs that every scenario of the screen has, so that pairs stay pairs.
"""

from __future__ import annotations

import contextvars
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import streamlit as st

from sim.app import markup
from sim.app.choice import Choice
from sim.app.language import Lang, current, speak, words
from sim.app.repeat import Recipe, recipes_of, written
from sim.app.scene import FIGURES, ROWS
from sim.app.server import Shop
from sim.indicators import INDICATORS
from sim.study import export
from sim.study.compare import compare
from sim.study.overview import overview
from sim.study.results import DRAWN, FIXED, Collector, Results
from sim.study.runs import Study
from sim.study.store import Store
from sim.study.workbook import write_workbook

T = words("downloads")
MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "yaml": "application/yaml",
    "zip": "application/zip",
}


MAIN = (*(f for f in FIGURES if f in INDICATORS), *(r for r in ROWS if r not in FIGURES))
"""Outcomes of the first screen and its table."""

# Modes of the tidy table, as `doorstroom run` writes it.
_TIDY = (FIXED, DRAWN)


@dataclass(frozen=True)
class Download:
    """What a screen offers.

    Attributes:
        study: What is asked.
        store: Where its results are.
        version: Version of the model.
        recipes: Scenario id -> how it came to be, for what is no shipped scenario.
        indicators: Outcomes for the CSV files.
        lang: Language of titles.
    """

    study: Study
    store: Store
    version: str
    recipes: Mapping[str, Recipe]
    indicators: tuple[str, ...] = MAIN
    lang: Lang = "nl"


def buttons(
    found: Shop, study: Study, choices: Iterable[Choice], *, key: str, indicators: Sequence[str] = ()
) -> None:
    """Draw the buttons of all downloads, and the command that repeats the screen with its copy button.

    Args:
        found: What this server has.
        study: What is on screen: the baseline first.
        choices: What the visitor chose to get there, the baseline too; shipped scenarios may be left out.
        key: Prefix of the keys of these buttons, one of its own on the page.
        indicators: Outcomes of this screen, for the CSV files; by default the main ones. All of them are in Parquet
            only: as CSV they are hundreds of megabytes.
    """
    recipes = recipes_of(choices, found)
    asked = Download(study, found.desk.store, found.version, recipes, tuple(indicators) or MAIN, current())
    again = written(study, recipes)
    several = len(study.scenarios) > 2
    name = f"doorstroom-{T.COMPARISON if several else study.scenarios[-1].id.rpartition('/')[2]}"
    made = [
        _Button("CSV", f"{name}.csv", csv),
        _Button("CSV_SEMICOLON", f"{name}-excel.csv", csv_semicolon),
        _Button("XLSX", f"{name}.xlsx", xlsx),
        _Button("PARQUET", f"{name}.parquet", parquet),
    ]
    if len(again.files) == 1:
        made.append(_Button("YAML", next(iter(again.files)), scenario_files))
    elif again.files:
        made.append(_Button("ZIP", f"{name}.zip", scenario_files))
    with st.container(horizontal=True, gap="small", key=f"{key}-downloads"):
        for button in made:
            st.download_button(
                T.LABELS[button.label], partial(_prepared, button.make, asked), button.file,
                MIME[button.file.rpartition(".")[2]], key=f"{key}-{button.label}", help=T.HELP[button.label],
                on_click="ignore",
            )  # fmt: skip
    st.html(markup.note(f"{T.COMMAND}. {T.COMMAND_FILES if again.files else ''}", T.UNFINISHED))
    st.code(again.command, language=None, wrap_lines=True)


@dataclass(frozen=True)
class _Button:
    """One button: key of its words, name of the file, and what makes it."""

    label: str
    file: str
    make: Callable[[Download], bytes]


def from_store(study: Study, store: Store, modes: Sequence[str] = ()) -> Results:
    """All that the store has of a study: per mode (all, or those named) the runs that every scenario has."""
    if modes:
        study = replace(study, modes=tuple(m for m in study.modes if m in modes))
    engine = study.engine
    collector = Collector(
        study.scenarios, study.modes, study.seed, study.replications, engine.digest(),
        engine.indicator_digest(), store.problems,
    )  # fmt: skip
    for mode in study.modes:
        found = {
            s.id: {b.replication: b for b in store.read(study.keys[s.id, mode], range(study.replications))}
            for s in study.scenarios
        }
        paired = set.intersection(*(set(blocks) for blocks in found.values()))
        for name, blocks in found.items():
            for replication in sorted(paired):
                collector.add([(name, mode)], blocks[replication])
    return collector.results()


def only(results: Results, indicators: Sequence[str]) -> Results:
    """The same results with these outcomes only, as a whole and by kind of school."""
    wanted, kinds = set(indicators), {"all", *results.baseline.region.place_types}
    keep = [
        i
        for i, s in enumerate(results.series)
        if s.indicator in wanted and s.place_type in kinds and s.district == s.profile == "all"
    ]
    values = {cell: array[:, keep] for cell, array in results.values.items()}
    return replace(results, series=tuple(results.series[i] for i in keep), values=values)


def provenance(asked: Download, runs: int) -> dict[str, str]:
    """What every export bears beside the ids of its scenarios: seed, runs, version, date of the data, what it is not."""
    return {
        "seed": str(asked.study.seed),
        "runs": str(runs),
        "model": asked.version,
        "data_date": asked.study.scenarios[0].region.start.isoformat(),
        "note": T.NOTE,
    }


def table(asked: Download, results: Results) -> pa.Table:
    """The tidy table with the title of each outcome, and its provenance in every row.

    Columns and not lines of comment: rows that someone filters, copies or joins still say where they come from.
    """
    modes = [m for m in results.modes if m in _TIDY]
    parts = list(export.tables(results, modes))
    found = pa.concat_tables(parts).unify_dictionaries() if parts else export.SCHEMA.empty_table()
    titles = {key: _title(key) for key in INDICATORS}
    names = found["indicator"].unify_dictionaries().combine_chunks()
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    known = [titles.get(key, key) for key in names.dictionary.to_pylist()]
    title = pa.DictionaryArray.from_arrays(names.indices, pa.array(known, pa.string()))
    found = found.append_column("title", title)
    for name, text in provenance(asked, results.complete).items():
        same = pa.array(np.zeros(found.num_rows, dtype=np.int32))
        found = found.append_column(name, pa.DictionaryArray.from_arrays(same, pa.array([text])))
    return found


def csv(asked: Download) -> bytes:
    """The outcomes of the screen as CSV: comma, point, UTF-8."""
    return _csv(_rows(asked), ",")


def csv_semicolon(asked: Download) -> bytes:
    """The same for a Dutch Excel: semicolon, decimal comma, and the mark by which Excel knows UTF-8."""
    found = _rows(asked)
    numbers = pc.replace_substring(pc.cast(found["value"], pa.string()), ".", ",")
    found = found.set_column(found.column_names.index("value"), "value", numbers)
    return b"\xef\xbb\xbf" + _csv(found, ";")


def parquet(asked: Download) -> bytes:
    """Every outcome of every run, districts and profiles included."""
    sink = io.BytesIO()
    results = from_store(asked.study, asked.store, _TIDY)
    again = written(asked.study, asked.recipes)
    found = table(asked, results).replace_schema_metadata({"doorstroom": again.command})
    pq.write_table(found, sink, compression="zstd")
    return sink.getvalue()


def xlsx(asked: Download) -> bytes:
    """The workbook of `doorstroom run`, with its provenance on the sheet of explanations."""
    results = from_store(asked.study, asked.store)
    comparison = compare(results, margins=False)
    told = provenance(asked, results.complete) | {"command": written(asked.study, asked.recipes).command}
    about = [(T.COLUMNS[name], text) for name, text in told.items()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "doorstroom.xlsx")
        write_workbook(results, comparison, overview(results, comparison), path, about=about)
        return path.read_bytes()


def scenario_files(asked: Download) -> bytes:
    """The YAML of what is no shipped scenario: the file itself, or several in a zip."""
    again = written(asked.study, asked.recipes)
    told = provenance(asked, kept(asked.study, asked.store))
    date = told.pop("data_date")
    head = [
        T.HEAD.format(version=told["model"], seed=told["seed"], runs=told["runs"], date=date),
        f"{T.NOTE[:1].upper()}{T.NOTE[1:]}.",
        T.REPEAT.format(command=again.command),
    ]
    files = written(asked.study, asked.recipes, head).files
    if len(files) == 1:
        return next(iter(files.values())).encode()
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return sink.getvalue()


def kept(study: Study, store: Store) -> int:
    """Replications of a study that the store has in every scenario and mode."""
    sets = [store.replications(key) for key in study.keys.values()]
    return len(frozenset.intersection(*sets) & frozenset(range(study.replications)))


def _rows(asked: Download) -> pa.Table:
    """The tidy table of the outcomes on the screen."""
    return table(asked, only(from_store(asked.study, asked.store, _TIDY), asked.indicators))


def _prepared(make: Callable[[Download], bytes], asked: Download) -> bytes:
    """Make a download in the language of the page that offered it; Streamlit calls this in a thread of its own."""

    def spoken() -> bytes:
        speak(asked.lang)
        return make(asked)

    return contextvars.copy_context().run(spoken)


def _csv(found: pa.Table, delimiter: str) -> bytes:
    plain = [
        pc.cast(column, pa.string()) if pa.types.is_dictionary(column.type) else column
        for column in found.columns
    ]
    sink = io.BytesIO()
    options = pyarrow.csv.WriteOptions(delimiter=delimiter, quoting_style="needed")
    pyarrow.csv.write_csv(pa.table(plain, names=found.column_names), sink, options)
    return sink.getvalue()


def _title(indicator: str) -> str:
    title: str = getattr(INDICATORS[indicator].title, current())
    return title
