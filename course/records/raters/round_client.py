"""What a learner's notebook asks of a server of rounds, with nothing but Python's own library.

The secret goes in a header of a POST, to the address that the learner typed and nowhere else: a server that leads
elsewhere is not followed.
"""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import json
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from course.content import words as say
from course.content.scales import find_scale, instrument_version
from course.core.errors import RoundRefused
from course.core.moments import read_iso_stamp
from course.records.raters.others import OthersResult, OthersWay, RatersText, StatementByOthers, read_statement
from course.records.raters.round_wire import (
    OWNER_PATH,
    RATERS_PATH,
    Counter,
    NewRoundMessage,
    OwnerMessage,
    RoundSecret,
)

PATIENCE: Final = 8
"""Seconds to wait for an answer: an opening asks twice, and a page waits 20 seconds for its Python."""
_LARGEST: Final = 64 * 1024
_GONE: Final = 404
_ADDRESS: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


@dataclass(frozen=True)
class RoundState:
    """How a round stands."""

    address: str
    """What raters open."""
    last_answers: datetime.date
    last_opening: datetime.date
    counter: Counter
    is_opened: bool


class RoundClient:
    """One round on one server, as its owner asks for it. Each method raises RoundRefused, which says what is wrong."""

    def __init__(self, server: str, secret: RoundSecret) -> None:
        self.server, self._secret = server, secret

    def make(self, days: int) -> RoundState:
        """Make the round, or find that it is there."""
        return self._read_state(self._ask({"action": "new", "days": days}))

    def state(self) -> RoundState:
        """Return how the round stands."""
        return self._read_state(self._ask({"action": "state"}))

    def open(self) -> OthersResult | None:
        """Close the round for good and return its result, the same each time until `done`.

        None stands for a round of which nothing can be released, as too many answers were taken back.
        """
        return _read_result(self._ask({"action": "open"}).get("result"))

    def done(self) -> None:
        """Have the server destroy the result, which is saved."""
        self._ask({"action": "done"})

    def cancel(self) -> None:
        """Have the server destroy the round with all that is in it."""
        self._ask({"action": "cancel"})

    def _ask(self, message: NewRoundMessage | OwnerMessage) -> Mapping[str, object]:
        try:
            request = urllib.request.Request(
                self.server + OWNER_PATH,
                json.dumps(message).encode(),
                {"Authorization": f"Bearer {self._secret.text}", "Content-Type": "application/json"},
                method="POST",
            )
            with _opener(self.server).open(request, timeout=PATIENCE) as reply:
                data = reply.read(_LARGEST)
        except urllib.error.HTTPError as error:
            raise _refusal(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise _unreachable(error) from None
        except ValueError:  # what a loaded journal names is no address
            raise _no_server() from None
        return _object(data)

    def _read_state(self, reply: Mapping[str, object]) -> RoundState:
        address, counter = reply.get("address"), reply.get("counter")
        try:
            last_answers, last_opening = (
                datetime.date.fromisoformat(str(reply.get(name))) for name in ("last_answers", "last_opening")
            )
        except ValueError:
            raise _no_server() from None
        told = next((text for text in get_args(Counter) if text == counter), None)
        is_link = isinstance(address, str) and address.endswith(RATERS_PATH + self._secret.link)
        if told is None or not is_link or not _ADDRESS.fullmatch(str(address)):
            raise _no_server()
        return RoundState(str(address), last_answers, last_opening, told, reply.get("is_opened") is True)


def read_server(typed: str) -> str:
    """Return the address of a server as somebody typed or pasted it; raises RoundRefused for what is none.

    >>> read_server(" Https://Trust.example.org/rounds/ "), read_server("192.168.1.20:8870")
    ('https://Trust.example.org/rounds', 'http://192.168.1.20:8870')
    """
    text = re.sub(r"(?<![:/])/+$", "", typed.strip())
    scheme, has_scheme, rest = text.partition("://")
    if text and not has_scheme:
        scheme, rest = ("http" if _is_local(text.partition("/")[0].partition(":")[0]) else "https"), text
    text = f"{scheme.lower()}://{rest}"
    if not _is_address(text):
        raise RoundRefused(say("rater-round.no-address"), say("rater-round.no-address-hint"))
    return text


def _is_address(text: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(text)
        (parts.hostname or "").encode("idna")  # it raises for a name that no computer can have
        parts.port  # noqa: B018  # it raises where it is no number
    except ValueError:
        return False
    return text.isascii() and bool(_ADDRESS.fullmatch(text)) and bool(parts.hostname)


def is_encrypted(server: str) -> bool:
    """Say whether others on the network cannot read what goes to a server, or it is this computer itself."""
    return server.startswith("https:") or is_this_computer(server)


def is_this_computer(address: str) -> bool:
    """Say whether an address leads to the computer on which it is opened, whichever that is."""
    return (urllib.parse.urlsplit(address).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _is_local(host: str) -> bool:
    """Say whether a host is an address inside a network of its own, which no proxy leads to."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nowhere, as the secret would go along."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _opener(server: str) -> urllib.request.OpenerDirector:
    host = urllib.parse.urlsplit(server).hostname or ""
    direct = [urllib.request.ProxyHandler({})] if _is_local(host) else []
    return urllib.request.build_opener(_NoRedirect(), *direct)


def _object(data: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise _no_server() from None
    if not isinstance(value, dict):
        raise _no_server()
    return value


def _refusal(error: urllib.error.HTTPError) -> RoundRefused:
    """Return what the server says in its own words, which are for people."""
    if 300 <= error.code < 400:
        error.close()
        return _no_server("leads-on-hint")
    try:
        with error:
            told = json.loads(error.read(_LARGEST))
        message, hint = told["error"], told["hint"]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, RecursionError):
        return _no_server()
    if not isinstance(message, str) or not isinstance(hint, str):
        return _no_server()
    return RoundRefused(message[:300], hint[:300], is_gone=error.code == _GONE)


def _no_server(hint: str = "no-server-hint") -> RoundRefused:
    return RoundRefused(say("rater-round.no-server"), say(f"rater-round.{hint}"), is_away=True)


def _unreachable(error: BaseException) -> RoundRefused:
    reason = getattr(error, "reason", error)
    key = "untrusted" if isinstance(reason, ssl.SSLError) else "unreachable"
    return RoundRefused(say(f"rater-round.{key}"), say(f"rater-round.{key}-hint"), is_away=True)


def _read_result(told: object) -> OthersResult | None:
    """Return a result as the journal keeps it; raises RoundRefused where it is not what a server of rounds tells."""
    try:
        return _checked_result(told)
    except (TypeError, ValueError, KeyError, AttributeError):
        raise _no_server() from None


def _checked_result(told: Any) -> OthersResult | None:
    raters: RatersText | None = next((text for text in get_args(RatersText) if text == told["raters"]), None)
    if raters is None and told["raters"] != "":
        raise ValueError
    moment, version, figures = read_iso_stamp(told["moment"]), told["version"], told["statements"]
    if moment is None or not isinstance(figures, dict):
        raise TypeError
    if type(version) is not int or not 1 <= version <= instrument_version():
        raise ValueError
    codes = [item.code for item in find_scale("habits").in_version(version).items]
    statements = {code: _statement(figures[code]) for code in codes if code in figures}
    if raters is None or not statements:
        return None
    return OthersResult(moment, OthersWay.HOSTED, raters, statements, version)


def _statement(told: Any) -> StatementByOthers:
    statement = read_statement(told["average"], told["middle_half"])
    if statement is None:
        raise ValueError
    return statement
