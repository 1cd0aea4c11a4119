"""Settings of pages in the address: no two pages share a name, so a visit to one leaves the other as it was."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import sim.app
from sim.app import links
from sim.app.asked import from_query

APP = Path(sim.app.__file__).parent
MEANT_TO_BE_SHARED = {links.NUMBER, links.OUTCOME, links.STEPS, links.VALUE, links.KIND}
"""Any page may link to a row of the page Aannames, and to a part of its list."""


def constants(tree: ast.Module) -> dict[str, str]:
    """Top-level names of texts in a module: `A, B = "a", "b"` and `A = "a"`."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = (
                zip(target.elts, value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
                else [(target, value)]
            )
            for name, text in pairs:
                if (
                    isinstance(name, ast.Name)
                    and isinstance(text, ast.Constant)
                    and isinstance(text.value, str)
                ):
                    found[name.id] = text.value
    return found


def keys(tree: ast.Module) -> Iterator[ast.expr]:
    """What stands for a name of a setting: in `extra.get(X)`, `given.get(X)` and `ask(extra={X: ...})`, helpers too."""
    helpers = {
        f.name: [a.arg for a in f.args.args] for f in tree.body if isinstance(f, ast.FunctionDef)
        and any(isinstance(n, ast.Attribute) and n.attr == "extra" for n in ast.walk(f))
    }  # fmt: skip
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        reads = isinstance(node.func, ast.Attribute) and node.func.attr == "get"
        if reads and node.args and "session_state" not in ast.unparse(node.func):
            yield node.args[0]
        for word in node.keywords:
            if word.arg == "extra" and isinstance(word.value, ast.Dict):
                yield from (key for key in word.value.keys if key is not None)
        if isinstance(node.func, ast.Name) and "name" in helpers.get(node.func.id, ()):
            at = helpers[node.func.id].index("name")
            yield from node.args[at : at + 1]


def used_by(page: Path) -> set[str]:
    """Names of settings in the address that the modules of one page use."""
    found = set()
    for file in page.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = constants(tree)
        found |= {known[key.id] for key in keys(tree) if isinstance(key, ast.Name) and key.id in known}
    return found


PAGES = {page.name: used_by(page) for page in sorted(APP.iterdir()) if (page / "page.py").is_file()}


def test_the_settings_of_pages_are_found() -> None:
    assert {"routes", "explain", "analyse", "compare"} <= {page for page, names in PAGES.items() if names}
    assert {"route_deel", "route_toon", "route_klok", "route_soort", "wie", "doorrekening"} <= PAGES["routes"]
    assert {"aanname_deel", "aanname_zoek", "aanname_zeker", "aanname_blad"} <= PAGES["explain"]
    assert "deel" in PAGES["analyse"]


def test_no_two_pages_share_the_name_of_a_setting() -> None:
    pages = list(PAGES)
    shared = {
        (one, other): names
        for at, one in enumerate(pages)
        for other in pages[at + 1 :]
        if (names := (PAGES[one] & PAGES[other]) - MEANT_TO_BE_SHARED)
    }
    assert shared == {}


def test_every_name_of_a_setting_survives_in_a_link() -> None:
    names = set().union(*PAGES.values(), MEANT_TO_BE_SHARED)
    asked = from_query({name: ["x"] for name in names})
    assert set(asked.extra) == names
