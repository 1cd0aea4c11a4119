"""The tutorial does what it says: its files are written, its commands run in order, and its output is printed.

Commands run as on the page but for the number of replications, which is made small here. So numbers in the output are
not compared; the words around them are. A block marked `exit=2` must fail in that way, one marked `serve` must come
up and is stopped again. `make install` is what this test itself stands on; here it only has to exist.
"""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "[...]"
REPLICATIONS = "2"
SECONDS = 120


@dataclass
class Reader:
    """A new user at a keyboard: where they are and what their last commands printed."""

    folder: Path
    environment: dict[str, str]
    printed: str = ""
    ran: list[str] = field(default_factory=list)

    def save(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def type(self, line: str, expected: int) -> None:
        """Run one line of a shell block."""
        self.ran.append(line)
        words = shlex.split(line)
        if words[0] == "mkdir":
            (self.folder / words[1]).resolve().mkdir()
        elif words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve(strict=True)
        else:
            words, target = (words[:-2], words[-1]) if words[-2:-1] == [">"] else (words, "")
            done = subprocess.run(
                command(words), cwd=self.folder, env=self.environment, capture_output=True, text=True,
                encoding="utf-8", timeout=SECONDS, check=False,
            )  # fmt: skip
            assert done.returncode == expected, (
                f"{line}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
            )
            assert "Traceback" not in done.stderr, done.stderr
            if target:
                self.save(target, done.stdout)
            self.printed += done.stdout + done.stderr

    def serve(self, line: str) -> None:
        """Start a server, open its page, and stop it."""
        self.ran.append(line)
        server = subprocess.Popen(
            command(shlex.split(line)), cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )  # fmt: skip
        watchdog = threading.Timer(SECONDS, stop, [server])
        watchdog.start()
        try:
            assert server.stdout is not None
            for text in server.stdout:
                self.printed += text
                if "URL:" in text:
                    break
            address = re.search(r"http://127\.0\.0\.1:(\d+)", self.printed)
            assert address, self.printed
            connection = http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=SECONDS)
            connection.request("GET", "/")
            assert connection.getresponse().status == http.HTTPStatus.OK
        finally:
            watchdog.cancel()
            stop(server)

    def reads(self, quoted: str) -> None:
        """What the page shows was printed, in that order."""
        printed, at = plain(self.printed), 0
        for part in quoted.split(LEFT_OUT):
            wanted = plain(part)
            found = printed.find(wanted, at)
            assert found >= 0, f"after {self.ran[-1]!r} this was not printed:\n{wanted}\n--- but:\n{printed}"
            at = found + len(wanted)
        self.printed = ""


def command(words: list[str]) -> list[str]:
    assert words[0] == "doorstroom", f"the tutorial has a command that this test cannot run: {words}"
    for i, word in enumerate(words[:-1]):
        if word == "--replications":
            words[i + 1] = REPLICATIONS
    return [sys.executable, "-m", "sim.cli", *words[1:]]


def stop(process: subprocess.Popen[str]) -> None:
    """End a process and those that it started."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        return
    for member in family:
        member.kill()
    process.wait(timeout=SECONDS)


def plain(text: str) -> str:
    """Words without layout; every number is #, and what depends on the number of runs is levelled."""
    text = re.sub(r" \?(?= |$)|\(\d+ =\)|─+", " ", text, flags=re.MULTILINE)
    text = re.sub(r"[+−-]?\d(?:[\d.,]*\d)?%?", "#", text)
    text = " ".join(text.split())
    end = "(?:# (?:fewer|more)|no difference)"
    return re.sub(f": {end}(?: to {end})?\\.", ": a band.", text)


def make_has(target: str) -> bool:
    if shutil.which("make") is None:
        return f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=False)
    return done.returncode == 0


def test_the_tutorial_from_begin_to_end(tmp_path: Path) -> None:
    start = tmp_path / "doorstroom"
    start.mkdir()
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DOORSTROOM_STORE", "COLUMNS", "FORCE_COLOR")
    }
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    reader = Reader(start, environment)
    for info, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        kind, _, mark = info.partition(" ")
        if kind == "yaml":
            reader.save(mark, text)
        elif kind == "text":
            reader.reads(text)
        elif mark == "setup":
            lines = text.splitlines()
            assert lines == ["make install", ". .venv/bin/activate"]
            assert make_has("install")
        else:
            assert kind == "sh", f"a block of an unknown kind: {info}"
            reader.printed = ""
            for line in text.splitlines():
                if mark == "serve":
                    reader.serve(line)
                else:
                    reader.type(line, int(mark.removeprefix("exit=") or 0))
    verbs = {line.split()[1] for line in reader.ran if line.startswith("doorstroom")}
    assert verbs == {"list", "show", "validate", "run", "compare", "schema", "reproduce", "dashboard"}
    for name in ("indicators.csv", "indicators.xlsx", "indicators.parquet", "manifest.json"):
        assert (reader.folder / "results" / "both" / name).is_file()
