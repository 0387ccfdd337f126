"""A connection to a browser that speaks WebDriver BiDi, whose messages are those of https://w3c.github.io/webdriver-bidi/.

It has an event loop in a thread of its own, so that it never meets the one of Playwright.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from concurrent.futures import Future
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

Message = dict[str, Any]
WAIT = 30.0
"""For how many seconds something may take that a test waits for."""
LARGEST = 100_000_000
"""The size in bytes of the largest message, such as a picture of a page."""


class BidiError(Exception):
    """Firefox could not do what it was asked; the text begins with the code of the error."""


class Connection:
    """Sends commands and waits for their results, from whichever thread; keeps the events that come between."""

    def __init__(self, address: str) -> None:
        """Connect to a WebDriver BiDi server."""
        self.events: list[Message] = []
        self._waiting: dict[int, Future[Message]] = {}
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="firefox", daemon=True)
        self._thread.start()
        self._socket: WebSocketClientConnection = self._run(self._connect(address))

    def send(self, method: str, parameters: Message) -> Message:
        """Return the result of a command; raises BidiError, or TimeoutError where there is none."""
        number = next(self._numbers)
        answer = self._waiting[number] = Future()
        text = json.dumps({"id": number, "method": method, "params": parameters})
        self._run(self._write(text))
        return answer.result(WAIT * 2)

    def close(self) -> None:
        """End the connection and its thread."""
        self._loop.call_soon_threadsafe(self._socket.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _connect(self, address: str) -> WebSocketClientConnection:
        return await websocket_connect(address, on_message_callback=self._take, max_message_size=LARGEST)

    async def _write(self, text: str) -> None:
        await self._socket.write_message(text)

    def _take(self, text: str | bytes | None) -> None:
        if text is None:
            for answer in self._waiting.values():
                answer.set_exception(BidiError("the connection to Firefox was closed"))
            self._waiting.clear()
            return
        message = json.loads(text)
        if message["type"] == "event":
            self.events.append(message)
        elif message["type"] == "success":
            self._waiting.pop(message["id"]).set_result(message["result"])
        else:
            self._waiting.pop(message["id"]).set_exception(BidiError(f"{message['error']}: {message['message']}"))

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WAIT)
