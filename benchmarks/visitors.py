"""Visitors without a browser: they speak the messages of Streamlit over a websocket, so that ten of them cost little."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PATIENCE = 120.0
PAUSE = 1.0
"""Mean seconds between two moves of a visitor."""
MARK = 'class="ds-answer"'
"""What a screen with an answer holds."""


@dataclass
class Visitor:
    """One visitor of one page.

    Attributes:
        link: The connection.
        texts: HTML and Markdown texts of the last run, in order.
        failed: Errors on screen, of all runs.
    """

    link: ClientConnection
    texts: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _page: str = ""

    async def show(self, query: str) -> float:
        """Go to another link of the same page, as a moved control does; returns seconds until the page was drawn."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = self._page
        began = time.perf_counter()
        await self.link.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not self._read(await self.link.recv()):
                pass
        return time.perf_counter() - began

    def _read(self, raw: str | bytes) -> bool:
        """Take in one message; True when the script ended without asking for another run at once."""
        assert isinstance(raw, bytes)
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
            self.texts.clear()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            name = element.WhichOneof("type")
            if name in ("html", "markdown"):
                self.texts.append(getattr(element, name).body)
            elif name == "exception":
                self.failed.append(f"{element.exception.type}: {element.exception.message}")
        ended = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
        return kind == "script_finished" and message.script_finished in ended


async def visitor(port: int) -> Visitor:
    """A new visitor of the server on this port of this machine."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    return Visitor(await connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None))


async def moves(
    port: int, queries: Sequence[str], visitors: int, each: int, pause: float = PAUSE
) -> list[float]:
    """Let visitors move at once, each at moments of its own.

    Args:
        port: Of the server.
        queries: Links they go to in turn, each from another of them onwards.
        visitors: How many.
        each: Moves of each, after the first look.
        pause: Mean seconds between two moves; 0 = as fast as answers come.

    Returns:
        Seconds of every move.

    Raises:
        RuntimeError: A screen had no answer, or showed an error: then the times mean nothing.
    """

    async def one(number: int) -> list[float]:
        chance = random.Random(number)
        someone = await visitor(port)
        try:
            await someone.show(queries[number % len(queries)])
            seconds = []
            for move in range(1, each + 1):
                await asyncio.sleep(chance.uniform(0, 2 * pause))
                seconds.append(await someone.show(queries[(number + move) % len(queries)]))
                if someone.failed or not any(MARK in text for text in someone.texts):
                    raise RuntimeError(f"a screen had no answer: {someone.failed[:1]}")
            return seconds
        finally:
            await someone.link.close()

    return [s for seconds in await asyncio.gather(*map(one, range(visitors))) for s in seconds]
