"""A program at a port of this machine that is no server of the course."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Final

NO_ANSWERS: Final = (
    b"SSH-2.0-other\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1]",
    b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}",
)
"""What such programs say: another protocol, JSON that is not ours, and an answer that breaks off."""


@contextlib.contextmanager
def answering(text: bytes) -> Iterator[int]:
    """Answer one caller with this, whatever they ask."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(4096)
                caller.sendall(text)

        thread = threading.Thread(target=answer)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join()
