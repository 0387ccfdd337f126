"""Drive Firefox over WebDriver BiDi, which it speaks by itself: open pages, look at them, and use them as people do."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from tests.browser.bidi_connection import WAIT, BidiError, Connection, Message

START = 120.0
"""For how many seconds Firefox may take to start, also on a machine that has much else to do."""
DOWNLOADED = "browsingContext.downloadEnd"
ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
KEYS = {
    "Backspace": "\ue003",
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Shift": "\ue008",
    "Control": "\ue009",
    "Alt": "\ue00a",
    "Escape": "\ue00c",
    "PageUp": "\ue00e",
    "PageDown": "\ue00f",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Delete": "\ue017",
    "Meta": "\ue03d",
    "Space": " ",
}
"""Keys with a name, as WebDriver sends them."""
PREFERENCES = {
    "app.update.auto": False,
    "browser.helperApps.neverAsk.saveToDisk": "text/calendar",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "en-GB,en",
    "javascript.options.wasm_optimizingjit": False,  # as Chromium in conftest.py
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}
SHOWN = """(found) => {
  const box = found.getBoundingClientRect();
  if (!box.width || !box.height) return false;
  found.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  return true;
}"""


LOST_CONNECTION = "The connection to ws"
"""How Firefox itself reports a server that is gone, as if a script had thrown it."""


class Firefox:
    """A Firefox that runs, without a window on the screen, and with nothing of the person who runs the tests."""

    def __init__(self, path: str, folder: Path, own_names: Sequence[str] = ()) -> None:
        """Start the browser at this path, with its profile in this folder; it takes these names for this machine's."""
        profile = folder / "profile"
        profile.mkdir(parents=True)
        self.downloads = folder / "downloads"
        """Where files go that a page hands over."""
        self.downloads.mkdir()
        to_folder = {"browser.download.folderList": 2, "browser.download.dir": str(self.downloads)}
        preferences = {**PREFERENCES, **to_folder, "network.dns.localDomains": ",".join(own_names)}
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items())
        profile.joinpath("user.js").write_text("\n".join(lines), encoding="utf-8")
        self._process = subprocess.Popen(
            [path, "--headless", "--remote-debugging-port", "0", "--profile", str(profile), "--no-remote"],
            env={**os.environ, "HOME": str(folder), "MOZ_HEADLESS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._connection = Connection(_listening_at(self._process))
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded", DOWNLOADED])

    def send(self, method: str, **parameters: object) -> Message:
        """Send one command and return its result; raises BidiError."""
        return self._connection.send(method, parameters)

    def new_page(self, width: int = 1280, height: int = 900, *, any_certificate: bool = False) -> FirefoxPage:
        """Open a page with nothing kept from before: cookies and storage are its own.

        Certificates of tests are signed by nobody whom browsers know.
        """
        person = str(self.send("browser.createUserContext", acceptInsecureCerts=any_certificate)["userContext"])
        return FirefoxPage(self, person, width, height)

    def saved_files(self, context: str) -> list[str]:
        """Return the paths of the files that a page has saved, in order."""
        ended = [event["params"] for event in self._connection.events if event["method"] == DOWNLOADED]
        return [str(one["filepath"]) for one in ended if one["context"] == context and one["status"] == "complete"]

    def thrown(self, contexts: Sequence[str]) -> list[str]:
        """Return what scripts have thrown on these pages."""
        entries = [event["params"] for event in self._connection.events if event["method"] == "log.entryAdded"]
        return [
            str(entry["text"])
            for entry in entries
            if (entry["type"], entry["level"]) == ("javascript", "error")
            and entry["source"].get("context") in contexts
            and not str(entry["text"]).startswith(LOST_CONNECTION)
        ]

    def close(self) -> None:
        """End the browser."""
        with contextlib.suppress(Exception):
            self.send("browser.close")
        self._connection.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stderr
        self._process.stderr.close()


class FirefoxPage:
    """One window in Firefox."""

    def __init__(self, firefox: Firefox, person: str, width: int, height: int) -> None:
        self._firefox = firefox
        self._person = person
        self._size = width, height
        context = firefox.send("browsingContext.create", type="window", userContext=person)["context"]
        self.context = str(context)
        self._windows = [self.context]
        self.set_size(width, height)

    def second_window(self) -> FirefoxPage:
        """Open another window of the same person, who has the same cookies and storage in it."""
        other = FirefoxPage(self._firefox, self._person, *self._size)
        self._windows.append(other.context)
        return other

    def bring_to_front(self) -> None:
        """Make this the window that has the keyboard: in others, Enter presses no button and Tab leaves no field."""
        self._send("browsingContext.activate")

    def set_size(self, width: int, height: int, zoom: float = 1) -> None:
        """Set the size of the page in its own pixels, and how many of the screen's are in each."""
        self._send("browsingContext.setViewport", viewport={"width": width, "height": height}, devicePixelRatio=zoom)

    def goto(self, address: str) -> None:
        """Open an address, and return when the page has loaded."""
        self._send("browsingContext.navigate", url=address, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self._send("browsingContext.reload", wait="complete")

    def evaluate(self, code: str, argument: object = None) -> Any:
        """Return the value of an expression, or what a function returns when it is given the argument, as JSON has it.

        Raises BidiError with what it throws.
        """
        function = f"""async (argument) => {{
          const value = ({code});
          const result = await (typeof value === "function" ? value(JSON.parse(argument)) : value);
          return JSON.stringify(result === undefined ? null : result);
        }}"""
        return json.loads(self._call(function, _text(json.dumps(argument)))["value"])

    def wait_for(self, code: str, argument: object = None, *, seconds: float = WAIT) -> None:
        """Wait until an expression or function is true, also over the loading of another page; raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.evaluate(code, argument):
                    return
                problem = "it is not true"
            except BidiError as error:
                problem = str(error)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{code}: {problem} after {seconds:g} seconds")
            time.sleep(0.02)

    def find(self, selector: str, *, text: str = "") -> str:
        """Return a reference to the first element for a CSS selector whose label or text begins so, once it is seen.

        Raises TimeoutError where there is none.
        """
        try:
            self.wait_for(FIND_SHOWN, [selector, text])
        except TimeoutError as error:
            raise TimeoutError(f"there is no {selector} with “{text}”: {error}") from error
        found = self._call(FIND, _text(selector), _text(text))
        return str(found["sharedId"])

    def find_labelled(self, label: str) -> str:
        """Return a reference to the control that has this label for people, as a screen reader says it."""
        locator = {"type": "accessibility", "value": {"name": label}}
        deadline = time.monotonic() + WAIT
        while not (nodes := self._send("browsingContext.locateNodes", locator=locator)["nodes"]):
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing is labelled “{label}”")
            time.sleep(0.02)
        return str(nodes[0]["sharedId"])

    def words(self, selector: str) -> str:
        """Return the words of the first element for a selector that can be seen, as people read them."""
        return str(self.ask("(found) => found.innerText", self.find(selector)))

    def ask(self, function: str, element: str) -> Any:
        """Return what a function returns when it is given an element, as JSON has it; raises BidiError."""
        return json.loads(self._call(f"(node) => JSON.stringify(({function})(node) ?? null)", _node(element))["value"])

    def click(self, selector: str, *, text: str = "") -> None:
        """Click with the mouse in the middle of what a selector finds."""
        self.click_on(self.find(selector, text=text))

    def click_on(self, element: str) -> None:
        """Click with the mouse in the middle of an element."""
        self._point(element, [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}])

    def double_click(self, selector: str) -> None:
        """Click twice, as one does to edit."""
        once = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._point(self.find(selector), [*once, *once])

    def right_click(self, selector: str) -> None:
        """Ask for the menu of what a selector finds."""
        self._point(self.find(selector), [{"type": "pointerDown", "button": 2}, {"type": "pointerUp", "button": 2}])

    def drag(self, selector: str, by: tuple[int, int]) -> None:
        """Press the mouse on what a selector finds, move it so far to the right and down, and let go."""
        across, down = by
        moved = {"type": "pointerMove", "x": across, "y": down, "origin": "pointer", "duration": 100}
        self._point(
            self.find(selector), [{"type": "pointerDown", "button": 0}, moved, {"type": "pointerUp", "button": 0}]
        )

    def focus(self, selector: str, *, text: str = "") -> None:
        """Put the focus on what a selector finds."""
        self._call("(found) => found.focus()", _node(self.find(selector, text=text)))

    def press(self, keys: str, *, times: int = 1) -> None:
        """Press a key, or several at once, as often as said: "Tab", "a", "Shift+Tab"."""
        held = [KEYS.get(key, key) for key in (keys.split("+") if len(keys) > 1 else [keys])]
        down = [{"type": "keyDown", "value": key} for key in held]
        self._keys([*down, *({"type": "keyUp", "value": key} for key in reversed(held))] * times)

    def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        self._keys([{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")])

    def download(self, act: Callable[[], None], folder: Path) -> Path:
        """Do what saves a file, and return where it is once it is whole: in this folder. Raises TimeoutError."""
        to_folder = {"type": "allowed", "destinationFolder": str(folder)}
        self._firefox.send("browser.setDownloadBehavior", downloadBehavior=to_folder, userContexts=[self._person])
        before = len(self._firefox.saved_files(self.context))
        act()
        deadline = time.monotonic() + WAIT
        while len(saved := self._firefox.saved_files(self.context)) == before:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing was saved after {WAIT:g} seconds")
            time.sleep(0.02)
        return Path(saved[-1])

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Save a picture of the whole page, or of what can be seen of it, as a PNG file."""
        origin: Literal["document", "viewport"] = "document" if whole else "viewport"
        data = self._send("browsingContext.captureScreenshot", origin=origin)["data"]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(base64.b64decode(data))

    def thrown(self) -> list[str]:
        """Return what scripts have thrown in this window and in those that were opened from it."""
        return self._firefox.thrown(self._windows)

    def close(self) -> None:
        """Close this window; a page that asks whether to leave is left."""
        self._send("browsingContext.close", promptUnload=False)

    def forget(self) -> None:
        """Close all windows of this person, and forget their cookies and storage."""
        self._firefox.send("browser.removeUserContext", userContext=self._person)

    def _point(self, element: str, acts: list[Message]) -> None:
        self._call(SHOWN, _node(element))
        origin = {"type": "element", "element": {"sharedId": element}}
        moved = {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}
        self._act({"type": "pointer", "id": "mouse", "actions": [moved, *acts]})

    def _keys(self, acts: list[Message]) -> None:
        self._act({"type": "key", "id": "keyboard", "actions": acts})

    def _act(self, source: Message) -> None:
        self._send("input.performActions", actions=[source])

    def _call(self, function: str, *arguments: Message) -> Message:
        """Return what a function in the page returns, in BiDi's own form; raises BidiError with what it throws."""
        done = self._firefox.send(
            "script.callFunction",
            functionDeclaration=function,
            arguments=list(arguments),
            awaitPromise=True,
            target={"context": self.context},
        )
        if done["type"] == "exception":
            raise BidiError(str(done["exceptionDetails"]["text"]))
        return dict(done["result"])

    def _send(self, method: str, **parameters: object) -> Message:
        return self._firefox.send(method, context=self.context, **parameters)


FIND = """(selector, text) => {
  const isShown = (found) => found.checkVisibility({ visibilityProperty: true });
  const begins = (found) => (found.ariaLabel || found.innerText || "").trim().startsWith(text);
  return [...document.querySelectorAll(selector)].find((found) => isShown(found) && begins(found)) ?? null;
}"""
FIND_SHOWN = f"([selector, text]) => ({FIND})(selector, text) !== null"


def _text(value: str) -> Message:
    return {"type": "string", "value": value}


def _node(reference: str) -> Message:
    return {"sharedId": reference}


def _listening_at(process: subprocess.Popen[str]) -> str:
    """Return the address that Firefox says it listens at, and go on reading what it says, so that it never waits."""
    assert process.stderr
    said = ""
    patience = threading.Timer(START, process.kill)
    patience.start()
    for line in process.stderr:
        said += line
        if found := ADDRESS.search(line):
            patience.cancel()
            threading.Thread(target=_read_on, args=(process.stderr,), daemon=True).start()
            return f"{found[1]}/session"
    raise AssertionError(f"Firefox did not start:\n{said}")


def _read_on(lines: Iterator[str]) -> None:
    with contextlib.suppress(ValueError):  # it was closed
        for _ in lines:
            pass
