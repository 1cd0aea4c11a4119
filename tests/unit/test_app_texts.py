"""Texts of screens: both languages, the same blanks in both, every text that the code asks for, and the right words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from sim.app.language import FOLDER, LANGUAGES, raw, spoken

PAGES = sorted(p.stem for p in FOLDER.glob("*.yaml"))
APP = FOLDER.parent


def pairs(node: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    if isinstance(node, Mapping):
        if set(node) & set(LANGUAGES):
            yield path, node
        else:
            for key, value in node.items():
                yield from pairs(value, f"{path}.{key}" if path else str(key))


@pytest.mark.parametrize("page", PAGES)
def test_every_text_stands_in_both_languages_with_the_same_blanks(page: str) -> None:
    for path, node in pairs(raw(page)):
        assert set(node) == set(LANGUAGES), path
        blanks = [{name for _, name, _, _ in Formatter().parse(node[lang]) if name} for lang in LANGUAGES]
        assert blanks[0] == blanks[1], path


@pytest.mark.parametrize("page", PAGES)
def test_words_on_screen(page: str) -> None:
    for path, node in pairs(raw(page)):
        assert not re.search(
            r"\b(queue|baseline|capaciteit|optima\w*|winnaar|verliezers|worst|naïef|gevallen|betrouwbaarheidsinterval|"
            r"P10|replicatie|zittenden|wachtrij|entiteiten|vangnet|ernst|je|jij|jouw|SBO sluiten|SBO stopt)\b",
            node["nl"],
            re.IGNORECASE,
        ), path
        assert not re.search(
            r"\b(losers?|winner|naive|worst case|severity|entities|optimal)\b", node["en"], re.IGNORECASE
        ), path


def asked(path: Path) -> Iterator[tuple[str, str]]:
    """Page and name of each text that a module asks for through `X = words("page")`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    pages: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for target, value in zip(targets, values, strict=False):
            if (
                isinstance(target, ast.Name)
                and isinstance(value, ast.Call)
                and isinstance(value.func, ast.Name)
                and value.func.id == "words"
                and value.args
                and isinstance(value.args[0], ast.Constant)
            ):
                pages[target.id] = str(value.args[0].value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in pages:
            yield pages[node.value.id], node.attr


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda p: p.name)
def test_every_text_that_is_asked_for_is_there(path: Path) -> None:
    missing = [f"{page}: {name}" for page, name in asked(path) if name not in spoken(page, "nl")]
    assert not missing


def test_no_text_stands_unused() -> None:
    used = {pair for path in APP.rglob("*.py") for pair in asked(path)}
    code = "".join(path.read_text(encoding="utf-8") for path in APP.rglob("*.py"))
    unused = [
        f"{page}: {name}"
        for page in PAGES
        if page != "glossary"
        for name in spoken(page, "nl")
        if (page, name) not in used and f".{name}" not in code
    ]
    assert not unused
