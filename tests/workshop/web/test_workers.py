"""Two workers on one database: a request is led to the worker that owns its session, and to no other host."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sql
from tornado import web

from course.core import moments
from course.workshop.script.script import find_script
from course.workshop.sessions.session import Session
from course.workshop.store.ownership import APPLICATION, SESSION_LOCKS
from course.workshop.web.listeners import Listeners, read_public_address
from tests.postgresql import PostgreSQL, running_postgresql
from tests.waiting import wait_until
from tests.workshop.follower import Follower
from tests.workshop.live_server import Browser, LiveServer, Reply, answer

pytestmark = pytest.mark.slow
PUBLIC = "https://trust.example.org/rooms"
HOST = {"Host": "trust.example.org"}


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql() as postgresql:
        yield postgresql


@dataclass
class Workers:
    """Two workers, and what a proxy in front of them sends to each."""

    postgresql: PostgreSQL
    a: LiveServer
    b: LiveServer
    url: str

    def proxy(self, worker: LiveServer, cookies: dict[str, str] | None = None) -> Browser:
        return Browser(worker.server.listeners.proxy_port, {**(cookies or {})})

    def stop_first(self) -> None:
        """Stop the first worker, and wait until the database has noticed: that takes it a moment."""
        self.a.run(self.a.server.stop())
        query = f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{APPLICATION}a'"
        wait_until(lambda: self.postgresql.execute(query) == [(0,)])

    def cut(self, worker: str) -> None:
        """Cut a worker off, and wait until the database has let go of what it held: it tells the worker first."""
        ours = f"SELECT pid FROM pg_stat_activity WHERE application_name = '{APPLICATION}{worker}'"
        cut = {*self.postgresql.execute(ours)}
        for (process,) in cut:
            self.postgresql.execute(f"SELECT pg_terminate_backend({process})")
        wait_until(lambda: not cut & {*self.postgresql.execute(ours)})


@pytest.fixture
def workers(
    edition: Path, json_pages: None, tmp_path: Path, postgresql: PostgreSQL, request: pytest.FixtureRequest
) -> Iterator[Workers]:
    url = postgresql.new_database(f"{zlib.crc32(request.node.name.encode())}")
    a = LiveServer(tmp_path, public=PUBLIC, url=url, worker="a")
    b = LiveServer(tmp_path, public=PUBLIC, url=url, worker="b")
    yield Workers(postgresql, a, b, url)
    a.close()
    b.close()


def opened(worker: LiveServer) -> Session:
    """Return a session of a worker whose first question is open."""
    session = worker.new_session()
    for question in session.model.script.steps[0].questions:
        worker.run(session.perform("open", {"question": question.slug}, 0.0))
    return session


def joined(workers: Workers, worker: LiveServer, session: Session) -> Browser:
    phone = workers.proxy(worker)
    assert phone.form(f"/rooms/j/{session.access.link}", {}, **HOST).status == 303
    assert phone.get(f"/rooms/r/{session.id}/", **HOST).status == 200
    return phone


def at(workers: Workers, worker: LiveServer, phone: Browser) -> Browser:
    """Return a phone whose requests come out at another worker."""
    return workers.proxy(worker, phone.cookies)


def test_the_wrong_worker_leads_to_the_right_one(workers: Workers) -> None:
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    assert phone.cookies["worker"] == "a"
    lost = at(workers, workers.b, phone)
    lost.cookies["worker"] = "b"
    reply = lost.get(f"/rooms/r/{session.id}/mine?part=leak", **HOST)
    assert (reply.status, reply.headers["location"]) == (307, f"/rooms/r/{session.id}/mine?part=leak")
    assert lost.cookies["worker"] == "a"
    cookie = reply.headers["set-cookie"]
    assert all(part in cookie for part in ("worker=a", "HttpOnly", "Path=/rooms/", "SameSite=Lax", "Secure"))
    assert at(workers, workers.a, lost).get(f"/rooms/r/{session.id}/mine", **HOST).status == 200


def test_a_facilitators_list_has_the_rooms_of_all_workers_and_of_no_other_group(workers: Workers) -> None:
    for worker, group in ((workers.a, "ours"), (workers.b, "ours"), (workers.b, "theirs")):
        worker.run(worker.server.new_session(find_script(), facilitators=group))
    for worker in (workers.a, workers.b):
        ours = worker.run(worker.server.sessions.listed({"ours"}))
        assert len(ours) == 2
        assert {session.facilitators for session in ours} == {"ours"}
        assert ours[0].made >= ours[1].made
        assert all(session.is_open for session in ours)


def test_whoever_has_no_cookie_yet_is_led_there_too(workers: Workers) -> None:
    session = opened(workers.a)
    reply = workers.proxy(workers.b).get(f"/rooms/j/{session.access.link}", **HOST)
    assert (reply.status, reply.headers["location"]) == (307, f"/rooms/j/{session.access.link}")
    typed = workers.proxy(workers.b).form("/rooms/", {"code": session.access.code}, **HOST)
    assert (typed.status, typed.headers["location"]) == (303, f"/rooms/j/{session.access.link}")


def test_an_answer_is_sent_again_as_it_is(workers: Workers) -> None:
    """307 keeps method and body; browsers do the rest."""
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    message = {"part": "leak", "revision": 1, "answer": "A"}
    lost = workers.proxy(workers.b, {**phone.cookies, "worker": "b"})
    path = f"/rooms/r/{session.id}/answer"
    assert lost.send(path, message, **HOST).status == 307
    assert at(workers, workers.a, lost).send(path, message, **HOST).json["saved"]


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/r/{id}/mine", "/rooms//elsewhere.example/r/{id}/", "/\\e/r/{id}/"]
)
def test_nobody_is_led_to_another_host(workers: Workers, path: str) -> None:
    session = opened(workers.a)
    reply = workers.proxy(workers.b).get(path.format(id=session.id), **HOST)
    assert (reply.status, reply.headers.get("location")) == (404, None)
    other = workers.proxy(workers.b).get(f"/r/{session.id}/mine", Host="elsewhere.example")
    assert other.status == 421


def test_a_proxy_that_takes_the_base_off_gets_it_back(workers: Workers) -> None:
    session = opened(workers.a)
    reply = workers.proxy(workers.b).get(f"/r/{session.id}/mine", **HOST)
    assert (reply.status, reply.headers["location"]) == (307, f"/rooms/r/{session.id}/mine")


def test_where_the_owner_was_asked_already_one_is_to_wait(workers: Workers) -> None:
    """The proxy falls back to another worker where the owner does not answer: leading there again would never end."""
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    reply = at(workers, workers.b, phone).get(f"/rooms/r/{session.id}/now", **HOST, Accept="application/json")
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert reply.json["status"] == 503


def test_a_session_that_nobody_owns_is_taken_with_all_that_was_acknowledged(workers: Workers) -> None:
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    message = {"part": "leak", "revision": 1, "answer": "B"}
    assert phone.send(f"/rooms/r/{session.id}/answer", message, **HOST).json["saved"]
    workers.stop_first()
    moved = at(workers, workers.b, phone)
    mine = moved.get(f"/rooms/r/{session.id}/mine", **HOST)
    assert mine.json["mine"] == {"leak": {"revision": 1, "answer": "B"}}
    assert moved.cookies["worker"] == "b", "from now on the proxy goes there at once"
    assert moved.send(f"/rooms/r/{session.id}/answer", {**message, "revision": 2}, **HOST).json["revision"] == 2


def test_many_who_come_at_once_take_a_session_once(workers: Workers) -> None:
    session = opened(workers.a)
    workers.stop_first()
    shared = workers.b.server.shared
    assert shared

    async def ask_all() -> set[str]:
        return set(await asyncio.gather(*(shared.owner(session.id) for _ in range(50))))

    taken: list[Session] = []
    shared.taken = taken.append
    assert workers.b.run(ask_all()) == {""}
    assert [one.id for one in taken] == [session.id]


def test_a_cut_database_session_lets_everybody_go_and_they_go_on(workers: Workers) -> None:
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    before = workers.a.server.sessions.by_id[session.id]
    workers.cut("a")
    wait_until(lambda: session.id not in workers.a.server.sessions.by_id)
    reply: Reply = phone.get(f"/rooms/r/{session.id}/mine", **HOST)
    assert reply.status == 200
    assert workers.a.server.sessions.by_id[session.id] is not before
    with pytest.raises(Exception, match="on its way"):
        workers.a.run(before.saved())
    assert workers.a.server.health.is_alive


def test_what_does_not_exist_is_not_here_and_is_not_taken(workers: Workers) -> None:
    reply = workers.proxy(workers.b).get("/rooms/r/01234567/now", **HOST, Accept="application/json")
    assert reply.status == 404
    assert workers.postgresql.execute("SELECT count(*) FROM pg_locks WHERE objid = 19088743") == [(0,)]


def test_while_keys_or_database_are_away_nobody_is_told_that_the_session_is_gone(
    workers: Workers, tmp_path: Path
) -> None:
    """A phone that hears 404 forgets what it has not sent."""
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    workers.stop_first()
    (tmp_path / "keys").rename(tmp_path / "away")
    (tmp_path / "keys").mkdir()
    moved = at(workers, workers.b, phone)
    assert moved.get(f"/rooms/r/{session.id}/now", **HOST).status == 503
    assert moved.get(f"/rooms/j/{session.access.link}", **HOST).status == 503
    assert moved.form("/rooms/", {"code": session.access.code}, **HOST).status == 503
    (tmp_path / "keys").rmdir()
    (tmp_path / "away").rename(tmp_path / "keys")
    assert moved.get(f"/rooms/r/{session.id}/now", **HOST).status == 200
    assert moved.form("/rooms/", {"code": session.access.code}, **HOST).status == 303


def test_while_nobody_can_say_who_owns_a_session_one_is_to_wait(workers: Workers) -> None:
    """Such as where the owner is connected as another user of the database, whose name is not shown."""
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    workers.stop_first()
    with owned_by_a_stranger(workers, session):
        moved = at(workers, workers.b, phone)
        assert moved.get(f"/rooms/r/{session.id}/now", **HOST).status == 503
    wait_until(lambda: moved.get(f"/rooms/r/{session.id}/now", **HOST).status == 200)


def test_a_session_that_is_due_is_closed_by_a_worker_that_nobody_asked(workers: Workers, tmp_path: Path) -> None:
    session = opened(workers.a)
    phone = joined(workers, workers.a, session)
    answer_path, message = f"/rooms/r/{session.id}/answer", {"part": "leak", "revision": 1, "answer": "B"}
    assert phone.send(answer_path, message, **HOST).json["saved"]
    workers.b.run(workers.b.server.sweep(moments.now()))
    assert workers.b.server.sessions.by_id == {}, "nothing is due"
    workers.stop_first()
    (key,) = (tmp_path / "keys").glob("*.json")
    make_due(key)
    workers.b.run(workers.b.server.sweep(moments.now()))
    assert not workers.b.server.sessions.by_id[session.id].is_open
    assert not key.exists()
    assert phone_rows(workers, session) == 0


def test_a_sweep_leaves_alone_what_another_worker_owns(workers: Workers, tmp_path: Path) -> None:
    session = opened(workers.a)
    (key,) = (tmp_path / "keys").glob("*.json")
    make_due(key)
    workers.b.run(workers.b.server.sweep(moments.now()))
    assert key.exists()
    assert session.id not in workers.b.server.sessions.by_id


def test_what_is_left_of_a_session_without_keys_is_erased(workers: Workers, tmp_path: Path) -> None:
    session, other = opened(workers.a), opened(workers.a)
    workers.stop_first()
    for key in (tmp_path / "keys").glob(f"{session.id}-*.json"):
        key.unlink()
    workers.b.run(workers.b.server.sweep(moments.now()))
    store = workers.b.server._store
    assert store.session_ids() == {other.id}


def test_a_session_of_which_nobody_can_say_who_owns_it_holds_up_no_other(workers: Workers, tmp_path: Path) -> None:
    held, due = opened(workers.a), opened(workers.a)
    workers.stop_first()
    for key in (tmp_path / "keys").glob("*.json"):
        make_due(key)
    with owned_by_a_stranger(workers, held):
        workers.b.run(workers.b.server.sweep(moments.now()))
        assert {name: one.is_open for name, one in workers.b.server.sessions.by_id.items()} == {due.id: False}
    workers.b.run(workers.b.server.sweep(moments.now()))
    assert not workers.b.server.sessions.by_id[held.id].is_open


@contextlib.contextmanager
def owned_by_a_stranger(workers: Workers, session: Session) -> Iterator[None]:
    """Have a program that is no worker hold the lock of a session in this block."""
    engine = sql.create_engine(workers.url, poolclass=sql.pool.NullPool)
    with engine.connect() as stranger:
        number = int(session.id, 16)
        signed = number - (1 << 32) if number >= 1 << 31 else number
        assert stranger.execute(sql.select(sql.func.pg_try_advisory_lock(SESSION_LOCKS, signed))).scalar_one()
        yield


def make_due(key: Path) -> None:
    """Have the session end by itself, as its keys say: at a full hour."""
    hours_ago = (time.time() // 3600 - 2) * 3600
    os.utime(key, (hours_ago, hours_ago))


def phone_rows(workers: Workers, session: Session) -> int:
    return len(workers.b.server._store.answers(session.id)) + len(workers.b.server._store.people(session.id))


def test_liveness_is_told_under_any_name(workers: Workers) -> None:
    reply = workers.proxy(workers.a).get("/health", Host="10.1.2.3:8891")
    assert (reply.status, reply.body) == (200, b"ok")
    workers.a.server.health._writer = "stuck"
    assert workers.proxy(workers.a).get("/health", Host="10.1.2.3:8891").status == 503


def test_a_laptop_names_no_worker(live_server: LiveServer, session: Session) -> None:
    phone = live_server.phone(session)
    assert "worker" not in phone.cookies
    assert answer(phone, session, "leak", "A").status == 409, "the question is not open"


def test_the_proxy_may_be_on_another_computer_and_the_console_never_is() -> None:
    async def addresses() -> set[str]:
        listeners = Listeners(
            lambda _: web.Application(), lambda: 0, public=read_public_address(PUBLIC), proxy_at="0.0.0.0"
        )
        listeners.start()
        try:
            return {listening.getsockname()[0] for listening, _ in listeners.sockets()}
        finally:
            await listeners.stop()

    assert asyncio.run(addresses()) == {"127.0.0.1", "0.0.0.0"}


def paired(workers: Workers, phone: Browser, code: str, path: str = "/rooms/co-host") -> Reply:
    return phone.form(path, {"code": code}, **HOST)


def test_a_co_host_s_code_is_found_at_whichever_worker_knows_it(workers: Workers) -> None:
    session = opened(workers.a)
    pairing = workers.a.server.pairing
    pairing.new_code(session.id, workers.a.server.clock())
    code = pairing.latest(session.id, workers.a.server.clock()).code
    phone = workers.proxy(workers.b)
    led = paired(workers, phone, code)
    assert (led.status, led.headers["location"]) == (307, "/rooms/co-host?asked=b")
    assert phone.cookies["worker"] == "a"
    done = paired(workers, at(workers, workers.a, phone), code, led.headers["location"])
    assert (done.status, done.headers["location"]) == (303, f"/rooms/h/{session.id}/")


def test_a_wrong_code_is_refused_once_every_worker_was_asked(workers: Workers) -> None:
    opened(workers.a)
    led = paired(workers, workers.proxy(workers.b), "AAAAAAAA")
    refusal = paired(workers, workers.proxy(workers.a), "AAAAAAAA", led.headers["location"])
    assert (refusal.status, "location" in refusal.headers) == (404, False)
    for strange in ("?asked=https://elsewhere.example", "?asked=b%0d%0aX:1", "?asked=" + "b," * 500 + "b"):
        reply = paired(workers, workers.proxy(workers.a), "AAAAAAAA", f"/rooms/co-host{strange}")
        assert reply.headers.get("location", "/rooms/co-host?asked=a") in (
            "/rooms/co-host?asked=a",
            "/rooms/co-host?asked=b,a",
        )


@pytest.mark.parametrize("at_once", [True, False], ids=["crashed", "stopped"])
def test_a_database_that_begins_again_loses_nothing_and_no_worker(
    workers: Workers, at_once: bool, caplog: pytest.LogCaptureFixture
) -> None:
    session = opened(workers.a)
    phone, console = joined(workers, workers.a, session), workers.a.console(session)
    answer_path, now_path = f"/rooms/r/{session.id}/answer", f"/rooms/r/{session.id}/now"
    message = {"part": "leak", "revision": 1, "answer": "B"}
    assert phone.send(answer_path, message, **HOST).json["saved"]
    with contextlib.closing(Follower(phone, f"/rooms/r/{session.id}/events", HOST["Host"])) as stream:
        stream.next()
        workers.postgresql.stop(at_once=at_once)
        with pytest.raises(EOFError):
            stream.follow()
    try:
        assert phone.send(answer_path, {**message, "revision": 2, "answer": "C"}, **HOST).status == 503
        for reply in (
            phone.get(now_path, **HOST, Accept="application/json"),
            workers.proxy(workers.b).get(now_path, **HOST, Accept="application/json"),
            phone.get(f"/rooms/j/{session.access.link}", **HOST),
            console.get(f"/console/{session.id}/"),
        ):
            assert (reply.status, bool(reply.headers["retry-after"])) == (503, True), "and none is told that it is gone"
        for worker in (workers.a, workers.b):
            assert workers.proxy(worker).get("/health/live").status == 200, "a new process would help nobody"
        assert workers.proxy(workers.a).get("/health/ready").status == 503
        logged = len(caplog.records)
        for _ in range(20):
            assert phone.get(now_path, **HOST).status == 503
        assert len(caplog.records) == logged, "a room of phones would fill the log"
    finally:
        workers.postgresql.start()
    wait_until(lambda: phone.get(now_path, **HOST).status == 200)
    mine = phone.get(f"/rooms/r/{session.id}/mine", **HOST).json["mine"]
    assert mine == {"leak": {"revision": 1, "answer": "B"}}, "what was called saved, and nothing else"
    assert phone.send(answer_path, {**message, "revision": 2, "answer": "C"}, **HOST).json["saved"]
    assert console.get(f"/console/{session.id}/").status == 200
    wait_until(lambda: workers.proxy(workers.a).get("/health/ready").status == 200)


def test_without_a_hub_a_console_waits_at_its_own_worker_until_that_has_the_room_again(workers: Workers) -> None:
    session = opened(workers.a)
    console = workers.a.console(session)
    phone = joined(workers, workers.a, session)
    workers.a.run(workers.a.server._close_store())
    workers.a.server.drop_sessions()
    wait_until(lambda: at(workers, workers.b, phone).get(f"/rooms/r/{session.id}/now", **HOST).status == 200)
    workers.a.restart()
    console.port = workers.a.port
    path = f"/rooms/console/{session.id}/"
    led = console.get(path)
    assert (led.status, led.headers["location"], console.cookies["worker"]) == (307, path, "b")
    assert console.get(path).status == 503, "and it is not led in a circle"
    workers.b.run(workers.b.server.stop())
    wait_until(lambda: console.get(path).status == 200)
