"""Visitors without a browser: they speak the messages of Streamlit over a websocket, so that ten of them cost little."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0
_KINDS = ("slider", "selectbox", "checkbox", "radio", "button", "button_group", "multiselect", "number_input")
_VALUE = {
    "slider": "double_array_value",
    "selectbox": "string_value",
    "radio": "int_value",
    "checkbox": "bool_value",
    "button": "trigger_value",
}


@dataclass
class Visitor:
    """One visitor of a page.

    Attributes:
        link: The connection.
        widgets: What stands on the page: its words -> kind and id.
        texts: HTML and Markdown texts of the last run, in order.
        failed: Errors on screen.
    """

    link: ClientConnection
    widgets: dict[str, tuple[str, str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _query: str = ""
    _page: str = ""

    async def open(self, query: str) -> float:
        """Load the page with this query; returns seconds until the script had ended."""
        self._query = query
        return await self._rerun()

    async def move(self, label: str, value: float | str | bool | int) -> float:
        """Give a widget another value, as a visitor's click does; returns seconds until the page was drawn anew."""
        kind, widget = self.widgets[label]
        state = WidgetState(id=widget)
        if kind == "slider":
            state.double_array_value.data.append(float(value))
        else:
            setattr(state, _VALUE[kind], value)
        self._states[widget] = state
        seconds = await self._rerun()
        if kind == "button":
            del self._states[widget]
        return seconds

    async def _rerun(self) -> float:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        began = time.perf_counter()
        await self.link.send(message.SerializeToString())
        await self._until_drawn()
        return time.perf_counter() - began

    async def _until_drawn(self) -> None:
        """Read messages until the script ended without asking for another run at once."""
        async with asyncio.timeout(PATIENCE):
            while True:
                raw = await self.link.recv()
                assert isinstance(raw, bytes)
                message = ForwardMsg.FromString(raw)
                kind = message.WhichOneof("type")
                if kind == "new_session":
                    self._page = message.new_session.page_script_hash
                    self.texts.clear()
                elif kind == "delta":
                    self._note(message.delta)
                elif kind == "page_info_changed":
                    self._query = message.page_info_changed.query_string
                elif kind == "script_finished" and message.script_finished in (
                    ForwardMsg.FINISHED_SUCCESSFULLY,
                    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
                ):
                    return

    def _note(self, delta: Delta) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        body = getattr(element, kind)
        if kind in _KINDS:
            self.widgets[body.label] = (kind, body.id)
        elif kind in ("html", "markdown"):
            self.texts.append(body.body)
        elif kind == "exception":
            self.failed.append(f"{body.type}: {body.message}")


async def visitor(port: int) -> Visitor:
    """A new visitor of the server on this port of this machine."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    return Visitor(await connect(address, subprotocols=["streamlit"], max_size=None))  # type: ignore[list-item]
