"""One card in Firefox, drawn by the real card.js and answered by the real Python; a server stands in for Jupyter."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from course.activities.card import Card
from tests.browser.bidi import FirefoxPage
from tests.browser.card_bench import CardBench

HERE = Path(__file__).parent
TO_PYTHON = """<script>
  window.toPython = async (message) => {
    const answer = await fetch("python", { method: "POST", body: JSON.stringify(message) });
    return answer.json();
  };
</script>
</head>"""


class FirefoxBench(CardBench):
    """A page with one card, and Python behind it, for as long as the `with` lasts."""

    def __init__(self, page: FirefoxPage) -> None:
        super().__init__()
        self.page = page
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._file, self.take))
        self._thread = threading.Thread(target=self._server.serve_forever, name="bench", daemon=True)

    def __enter__(self) -> FirefoxBench:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def show(self, card: Card, *, dark: bool = False) -> None:
        """Draw a card in place of the one before."""
        self.put(card)
        self.received.clear()
        self.page.goto(f"http://127.0.0.1:{self._server.server_port}/card_bench.html")
        self.page.wait_for("'bench' in window")
        self.page.evaluate("([state, dark]) => bench.start(state, dark, 1)", [self.traits(), dark])

    def settle(self) -> None:
        """Wait until Python has answered everything."""
        self.page.wait_for("bench.isQuiet()")

    def press(self, label: str) -> None:
        """Press a button with the mouse, and wait for the answer."""
        self.page.click("button", text=label)
        self.settle()

    def focused(self) -> str:
        """Return the name of what has the focus, as the browser tells it to a screen reader."""
        return str(self.page.evaluate("bench.focused()"))

    def live(self) -> str:
        """Return what is read out."""
        return str(self.page.evaluate("document.querySelector('[role=status]').innerText"))

    def _file(self, name: str) -> tuple[str, str] | None:
        """Return the kind and text of a file of the bench, and of the card as it ships."""
        if name == "card_bench.html":
            return "text/html", (HERE / name).read_text(encoding="utf-8").replace("</head>", TO_PYTHON, 1)
        if name == "card.js":
            return "text/javascript", str(self.widget._esm)
        return ("text/css", str(self.widget._css)) if name == "card.css" else None


def _handler(
    find: Callable[[str], tuple[str, str] | None], take: Callable[[dict[str, Any]], dict[str, Any]]
) -> type[BaseHTTPRequestHandler]:
    """Return what answers the page: with a file, or with what Python says to a message."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = find(self.path.strip("/"))
            if file is None:
                self.send_error(404)
            else:
                self._answer(*file)

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer("application/json", json.dumps(take(message)))

        def log_message(self, format: str, *values: object) -> None:
            """Say nothing: the tests do."""

        def _answer(self, kind: str, text: str) -> None:
            data = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
