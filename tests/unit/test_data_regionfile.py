"""Changing numbers of a region file leaves every other character as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from little_region import REGION

from sim.data.regionfile import Edit, changed, flow, open_region, replace_files, yaml_of
from sim.scenario.errors import ScenarioError
from sim.scenario.files import parse

COUNT = {
    "value": 950,
    "unit": "children",
    "range": (940, 960),
    "grade": "A",
    "source": "count",
    "date": "2024",
}


def little(folder: Path, text: str = REGION) -> Path:
    path = folder / "region.yaml"
    path.write_bytes(text.encode())
    return path


def test_only_the_value_changes(tmp_path: Path) -> None:
    file = open_region(little(tmp_path, REGION.replace("south: 600", "south: 600   # by hand")))
    new = changed(file, {("regular", "primary", "count", "south"): Edit(COUNT)})
    assert new == file.text.replace("south: 600 ", f"south: {flow(COUNT)} ")


@pytest.mark.parametrize(
    ("path", "near"),
    [
        (("places", "oak", "roll", "calm"), "    groups: {calm: 2}\n"),
        (("places", "oak", "class_size"), "    groups: {calm: 2}\n"),
        (("places", "pine", "groups", "calm"), "    groups: {busy: 3"),
    ],
)
def test_a_key_that_was_not_there_is_added(path: tuple[str, ...], near: str, tmp_path: Path) -> None:
    file = open_region(little(tmp_path))
    new = changed(file, {path: Edit(12)})
    found = parse(new.encode(), "new").data
    for key in path:
        found = found[key]
    assert found == 12
    assert near in new
    kept = [line for line in file.text.splitlines() if line not in new.splitlines()]
    assert len(kept) <= 1, "other lines changed"


def test_a_remark_replaces_the_remark_of_an_earlier_time(tmp_path: Path) -> None:
    path = ("places", "birch", "roll", "busy")
    once = changed(open_region(little(tmp_path)), {path: Edit(26, "first")})
    twice = changed(open_region(little(tmp_path, once)), {path: Edit(27, "second")})
    assert "busy: 26 # first\n" in once
    assert "busy: 27 # second\n" in twice
    assert "first" not in twice


def test_a_shared_value_is_not_changed_for_another_place(tmp_path: Path) -> None:
    text = REGION.replace("groups: {calm: 2}", "groups: &two {calm: 2}", 1)
    text = text.replace("groups: {busy: 3}", "groups: *two", 1)
    file = open_region(little(tmp_path, text))
    for place in ("oak", "pine"):
        with pytest.raises(ScenarioError, match="shared with another place"):
            changed(file, {("places", place, "groups", "calm"): Edit(3)})


def test_what_would_not_be_a_region_is_refused(tmp_path: Path) -> None:
    file = open_region(little(tmp_path))
    with pytest.raises(ScenarioError, match="as it would be"):
        changed(file, {("places", "oak", "roll", "unheard"): Edit(3)})


def test_plain_values_come_back_from_yaml(tmp_path: Path) -> None:
    data = open_region(little(tmp_path)).source.data
    assert parse((yaml_of(data) + "\n").encode(), "again").data == data


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("old", encoding="utf-8")
    real = Path.write_bytes

    def full_disk(self: Path, data: bytes) -> int:
        if "b.yaml" in self.name:
            raise OSError(28, "No space left on device", str(self))
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        replace_files({first: "new", second: "new"})
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]
    assert first.read_text(encoding="utf-8") == "old"


def test_the_last_version_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("old", encoding="utf-8")
    replace_files({path: "new"})
    assert path.read_text(encoding="utf-8") == "new"
    assert (tmp_path / "a.yaml.bak").read_text(encoding="utf-8") == "old"
