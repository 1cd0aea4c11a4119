"""docs/threshold-and-plan.md from begin to end, as a new user would type it."""

from __future__ import annotations

import os
from pathlib import Path

from test_tutorial import BLOCK, ROOT, Reader

PAGE = ROOT / "docs" / "threshold-and-plan.md"


def test_every_command_of_the_page_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DOORSTROOM_STORE", "COLUMNS", "FORCE_COLOR")
    }
    reader = Reader(tmp_path, environment | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"})
    for info, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        kind, _, mark = info.partition(" ")
        if kind == "text":
            reader.reads(text)
            continue
        assert kind == "sh", f"a block of an unknown kind: {info}"
        reader.printed = ""
        for line in text.splitlines():
            reader.type(line, int(mark.removeprefix("exit=") or 0))
    assert {line.split()[1] for line in reader.ran} == {"threshold", "plan"}
    assert (tmp_path / "results" / "threshold" / "threshold.json").is_file()
