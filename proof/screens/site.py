"""A dashboard of its own for tests, proof and benchmarks: on a free port of this machine, with its own store."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 90.0
SMALL: Mapping[str, str] = MappingProxyType({"DOORSTROOM_REPLICATIONS": "6", "DOORSTROOM_YEARS": "3"})
"""Few and short runs, for what is about the screen and not about the numbers."""


class Site:
    """One server, which can be stopped and started again with what it kept.

    Args:
        folder: Holds the store, the files of visitors and the log.
        settings: Environment of the server besides this one's.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] = SMALL) -> None:
        """Choose a free port; nothing runs yet."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.store = folder / "store"
        kept = {"DOORSTROOM_STORE": str(self.store), "DOORSTROOM_OWN": str(folder / "own")}
        self._environment = {**os.environ, **kept, **settings}
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> int:
        """Number of the process that serves; its workers are its children.

        Raises:
            RuntimeError: Nothing runs.
        """
        if self._server is None:
            raise RuntimeError("the dashboard does not run")
        return self._server.pid

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            RuntimeError: It stopped, or did not answer in time; with the end of its log.
        """
        with self.log.open("ab") as out:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard.py"), f"--server.port={self.port}"],
                cwd=ROOT, env=self._environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end:
            if self._server.poll() is not None:
                raise RuntimeError(f"the dashboard stopped:\n{self.last_words()}")
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                    if answer.read() == b"ok":
                        return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the dashboard did not answer in {SECONDS_TO_START:.0f} s:\n{self.last_words()}")

    def stop(self) -> None:
        """Stop the server with its workers; its store stays."""
        if self._server is None:
            return
        self._server.terminate()
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        with suppress(AttributeError, ProcessLookupError):
            # Workers have the group of the server; one that was busy may outlive it.
            os.killpg(self._server.pid, signal.SIGTERM)
        self._server = None

    def last_words(self) -> str:
        """The end of the log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:] if self.log.exists() else ""


@contextmanager
def serving(folder: Path, settings: Mapping[str, str] = SMALL) -> Iterator[Site]:
    """A running dashboard that is stopped afterwards."""
    site = Site(folder, settings)
    site.start()
    try:
        yield site
    finally:
        site.stop()
