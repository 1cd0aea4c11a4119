"""The house: imports point downwards, the engine does no input or output, and knows no place, type or school."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.scenario.resolve import find_root, region_of, regions

PACKAGE = Path(str(sim.__file__)).parent
# From the top of the house down; rooms on one floor do not see each other.
FLOORS = (
    ("doors",),
    ("app",),
    ("report",),
    ("charts",),
    ("study",),
    ("model", "indicators"),
    ("data",),
    ("scenario", "record"),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
ENGINE = ("scenario", "model", "indicators", "record")
FILES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")
ENGINE_FILES = [p for p in FILES if p.relative_to(PACKAGE).parts[0].removesuffix(".py") in ENGINE]


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "doors" if first == "cli" else first


def name(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """Modules of the package that a file imports, also by name through importlib."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("sim."))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            yield from (
                (f"{node.module}.{a.name}" for a in node.names) if node.module == "sim" else [node.module]
            )
        elif (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "sim"
            and not node.attr.startswith("__")
        ):
            yield "sim"  # a verb of the package may lie in any room
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield "sim"  # a relative import hides the room
        elif (
            isinstance(node, ast.Call)
            and "import_module" in ast.unparse(node.func)
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and str(node.args[0].value).startswith("sim.")
        ):
            yield str(node.args[0].value)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_downwards(path: Path) -> None:
    room = room_of(path)
    assert room in FLOOR, f"{name(path)} lies in a room that the house does not have"
    for module in imported(ast.parse(path.read_text(encoding="utf-8"))):
        parts = module.split(".")
        assert len(parts) > 1, f"{name(path)} imports '{module}': name the module, so that its room is seen"
        target = "doors" if parts[1] == "cli" else parts[1]
        assert target in FLOOR, f"{name(path)} imports {module}, which is no room"
        assert target == room or FLOOR[target] > FLOOR[room], f"{name(path)} imports {module} from above"


@pytest.mark.parametrize("path", ENGINE_FILES, ids=name)
def test_the_engine_does_no_input_or_output(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    forbidden = {
        "print",
        "open",
        "input",
        "write_text",
        "write_bytes",
        "read_text",
        "read_bytes",
        "mkdir",
        "unlink",
    }
    if name(path) == "sim/scenario/files.py":
        forbidden -= {"read_bytes"}
    modules = {"socket", "urllib", "http", "requests", "subprocess", "random", "time", "os", "io", "sys"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            assert called not in forbidden, f"{name(path)}:{node.lineno} calls {called}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            wrong = {n.split(".")[0] for n in names} & modules
            assert not wrong, f"{name(path)}:{node.lineno} imports {', '.join(wrong)}"
        assert not isinstance(node, ast.Global), f"{name(path)}:{getattr(node, 'lineno', 0)} has global state"


# Ids that are also plain words: of these only a text that is the id itself, or a path with it, is a name.
PLAIN_WORDS = {"so", "pro", "haven", "buiten"}


def names_of_regions() -> dict[str, str]:
    """Every id and title of the regions that describe the world -> where it stands."""
    found: dict[str, str] = {}
    for folder in regions(find_root()):
        region = region_of(folder.name)
        found[region.title.nl] = found[region.id] = f"region {region.id}"
        for part in (
            "place_types",
            "places",
            "districts",
            "profiles",
            "regular",
            "decisions",
            "programmes",
        ):
            for key, item in getattr(region, part).items():
                found[key] = f"{region.id}: {part}"
                if part in ("place_types", "places", "districts"):
                    found[item.title.nl] = found[item.title.en] = f"{region.id}: {part}"
    return found


NAMES = names_of_regions()


@pytest.mark.parametrize("path", ENGINE_FILES, ids=name)
def test_the_engine_knows_no_place_type_or_school(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    texts = [
        n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    for word, where in NAMES.items():
        if word in PLAIN_WORDS:
            named = [t for t in texts if word in t.split(".") and " " not in t]
            assert not named, f"{name(path)} names '{word}' ({where})"
        else:
            # Titles are written with capitals; ids in any case.
            flags = re.IGNORECASE if word.islower() else re.NOFLAG
            found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, flags)
            assert found is None, f"{name(path)} names '{word}' ({where})"


def test_there_are_names_to_look_for() -> None:
    assert len(NAMES) > 40


def test_importing_the_package_loads_nothing() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    modules = [m for m in imported(tree) if m != "sim"]
    assert modules == []
    assert set(sim.__all__) == {"load", "simulate", "run", "compare"}
    for verb in sim.__all__:
        assert callable(getattr(sim, verb))
    with pytest.raises(AttributeError):
        _ = sim.nothing
