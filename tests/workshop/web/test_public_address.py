"""A public address: names, origins, cookies and paths come from it, and from nothing that a request says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.core.errors import BadAddress, BadCertificate
from course.workshop.commands import ListenOptions
from course.workshop.sessions.session import Session
from course.workshop.synthetic_phones import SyntheticPhones
from course.workshop.web.listeners import read_public_address
from tests.cases import every
from tests.workshop.live_server import Browser, LiveServer

pytestmark = pytest.mark.slow

PUBLIC = "https://trust.example.org/rooms"
ORIGIN = "https://trust.example.org"


@pytest.fixture
def remote(edition: Path, json_pages: None, tmp_path: Path) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path, public=PUBLIC)
    yield live_server
    live_server.close()


@pytest.fixture
def proxy(remote: LiveServer) -> Browser:
    """What a proxy sends on."""
    return Browser(remote.server.listeners.proxy_port)


@every(
    "typed, address, base",
    [
        (PUBLIC, PUBLIC, "/rooms"),
        (" HTTPS://Trust.Example.org/rooms/ ", PUBLIC, "/rooms"),
        ("https://trust.example.org", ORIGIN, ""),
        ("https://trust.example.org:443/", ORIGIN, ""),
        ("https://trust.example.org:8443/a/b", "https://trust.example.org:8443/a/b", "/a/b"),
        ("http://localhost:8080", "http://localhost:8080", ""),
    ],
)
def test_an_address_is_taken_apart(typed: str, address: str, base: str) -> None:
    parts = read_public_address(typed)
    assert (parts.address, parts.base, parts.is_secure) == (address, base, address.startswith("https:"))


@every(
    "typed",
    [
        "trust.example.org", "ftp://trust.example.org", "https://", "https:///rooms", "https://a b.org",
        "https://trust.example.org/?a=1", "https://trust.example.org/#top", "https://me@trust.example.org",
        "https://trust.example.org:99999", "https://trust.example.org/a//b", "https://trust.example.org/(x)",
        "https://trust.example.org/..%2f", "https://[::1", "https://-.org",
    ],
)  # fmt: skip
def test_any_other_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadAddress, match="public address") as refusal:
        read_public_address(typed)
    assert "https://trust.example.org/rooms" in refusal.value.hint


@every(
    "host, status",
    [
        ("trust.example.org", 200), ("TRUST.example.org:443", 200), ("trust.example.org:8443", 421),
        ("elsewhere.example", 421), ("trust.example.org.elsewhere.example", 421),
    ],
)  # fmt: skip
def test_a_proxy_passes_the_public_name_on(remote_once: tuple[LiveServer, Browser], host: str, status: int) -> None:
    assert remote_once[1].get("/", Host=host).status == status


@pytest.fixture(scope="module")
def remote_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, Browser]]:
    """Return a server with the pages that people see, and what a proxy sends on to it."""
    live_server = LiveServer(tmp_path_factory.mktemp("rooms"), public=PUBLIC)
    yield live_server, Browser(live_server.server.listeners.proxy_port)
    live_server.close()


def test_many_proxies_name_the_address_that_they_ask(proxy: Browser) -> None:
    for host in (f"127.0.0.1:{proxy.port}", f"localhost:{proxy.port}"):
        assert proxy.get("/", Host=host).status == 200


def test_pages_of_the_public_origin_alone_may_send(remote: LiveServer, proxy: Browser) -> None:
    session = remote.new_session()
    path = f"/j/{session.access.link}"
    for origin, status in (
        (ORIGIN, 303),
        ("http://trust.example.org", 403),
        ("https://trust.example.org:8443", 403),
        (f"http://127.0.0.1:{proxy.port}", 403),
        ("https://elsewhere.example", 403),
        ("null", 403),
    ):
        assert Browser(proxy.port).form(path, {}, Origin=origin, Host="trust.example.org").status == status, origin


@every(
    "forged",
    [
        {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "http"},
        {"X-Forwarded-For": "127.0.0.1", "X-Real-Ip": "127.0.0.1"},
        {"Forwarded": "host=elsewhere.example;proto=http;for=127.0.0.1", "X-Forwarded-Prefix": "/elsewhere"},
    ],
)
def test_no_forwarded_header_changes_anything(remote_once: tuple[LiveServer, Browser], forged: dict[str, str]) -> None:
    live_server, proxy = remote_once
    session = live_server.new_session()
    reply = Browser(proxy.port).ask("POST", f"/j/{session.access.link}", "", {"Origin": ORIGIN, **forged})
    assert reply.headers["location"] == f"/rooms/r/{session.id}/?joined=yes"
    assert "Secure" in reply.headers["set-cookie"]
    page = proxy.ask("GET", "/", headers=forged).body.decode()
    assert "elsewhere" not in page
    own = live_server.console(session)
    assert own.ask("GET", f"/console/{session.id}/", headers=forged).status == 200
    assert proxy.ask("GET", f"/console/{session.id}/", headers={**forged, "Cookie": "a=b"}).status == 404


def test_the_phones_cookie_goes_to_the_room_alone_and_over_https(remote: LiveServer, proxy: Browser) -> None:
    session = remote.new_session()
    cookie = proxy.form(f"/rooms/j/{session.access.link}", {}, Origin=ORIGIN).headers["set-cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/rooms/"} <= set(cookie.split("; "))


def test_each_page_of_a_phone_stays_below_the_base_path(remote_once: tuple[LiveServer, Browser]) -> None:
    live_server, proxy = remote_once
    session = live_server.new_session()
    joined = Browser(proxy.port)
    joined.form(f"/j/{session.access.link}", {}, Origin=ORIGIN)
    for step in session.model.script.steps:
        live_server.run(session.perform("step", {"step": step.slug}, 0.0))
        for question in step.questions:
            if question.kind != "sort":
                live_server.run(session.perform("open", {"question": question.slug}, 0.0))
        pages = [joined.get(path) for path in (f"/r/{session.id}/", f"/rooms/r/{session.id}/?joined=yes")]
        pages += [proxy.get(f"/j/{session.access.link}"), proxy.get("/"), proxy.get("/test")]
        pages += [proxy.ask("GET", "/nowhere", headers={"Accept": "text/html"})]
        for page in pages:
            links = re.findall(r'(?:href|src|action|data-path)="([^"#]+)"', page.body.decode())
            assert [link for link in links if not link.startswith(("/rooms/", "data:"))] == []
            for name in set(links):
                if "/static/" in name:
                    assert proxy.get(name).status == proxy.get(name.removeprefix("/rooms")).status == 200
    lost = Browser(proxy.port).get(f"/r/{session.id}/")
    assert (lost.status, lost.headers["location"]) == (303, "/rooms/?out=yes")


def test_the_code_on_the_screen_leads_to_the_public_address(
    remote: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from course.workshop.views import screen_view

    monkeypatch.setattr(screen_view, "qr_code", lambda link: link)
    session: Session = remote.new_session()
    console = remote.console(session)
    assert console.view("screen")["join"]["qr"] == ""
    assert Browser(remote.server.listeners.proxy_port).get("/test").status == 200
    join = console.view("screen")["join"]
    assert (join["address"], join["secure"]) == (PUBLIC, True)
    assert join["qr"] == f"{PUBLIC}/j/{session.access.link}"
    way_in = console.view()["way_in"]
    assert (way_in["is_public"], way_in["networks"], way_in["proxy_port"]) == (
        True, [], remote.server.listeners.proxy_port
    )  # fmt: skip
    assert console.press("let-in", address="127.0.0.2").status == 400


def test_a_restart_listens_where_the_proxy_and_the_console_look(remote: LiveServer) -> None:
    session = remote.new_session()
    proxy_port = remote.server.listeners.proxy_port
    Browser(proxy_port).get("/test")
    console = remote.port
    remote.restart()
    assert (remote.server.listeners.proxy_port, remote.port) == (proxy_port, console)
    assert proxy_port != console
    assert remote.console(session).view()["way_in"]["is_reached"]


def test_the_setting_counts_where_no_option_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ListenOptions().public() is None
    monkeypatch.setenv("BUILDING_TRUST_PUBLIC_ADDRESS", PUBLIC)
    public = ListenOptions().public()
    assert public
    assert public.address == PUBLIC
    other = ListenOptions(public_address="https://other.example.org").public()
    assert other
    assert other.address == "https://other.example.org"
    assert ListenOptions(public_address="").public() is None


def test_what_does_not_go_together_is_refused() -> None:
    with pytest.raises(BadAddress, match="no certificate"):
        ListenOptions(certfile="a", keyfile="b", public_address=PUBLIC).check()
    with pytest.raises(BadCertificate, match="key"):
        ListenOptions(certfile="a").check()


def test_made_up_phones_join_where_there_is_a_base_path(remote: LiveServer) -> None:
    session = remote.new_session()
    remote.run(session.perform("open", {"question": "leak"}, 0.0))

    async def rehearse() -> None:
        phones = SyntheticPhones(f"http://127.0.0.1:{remote.port}", session.access.link, 2)
        for phone in phones.phones:
            await phones.join(phone)
            await phones.answer(phone, await phones.open_parts(phone))

    remote.run(rehearse())
    assert len(session.model.people) == 2
    assert len(session.model.answers.of("leak")) == 2
