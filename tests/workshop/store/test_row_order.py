"""Another program reads the store's file page by page: where rows lie tells nothing of when they came."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow

LEAF, INNER = 0x0A, 0x02
"""The kinds of pages of a table without row ids, in SQLite's file format."""


def places_of_rows(file: Path, table: str) -> list[tuple[int, int]]:
    """Return where each row of a table lies, as page and byte, in the order of the rows' keys."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        ((root,),) = connection.execute("select rootpage from sqlite_master where name = ?", (table,)).fetchall()
        ((size,),) = connection.execute("pragma page_size").fetchall()
    return [*_places(file.read_bytes(), size, root)]


def _places(data: bytes, size: int, number: int) -> Iterator[tuple[int, int]]:
    page = data[(number - 1) * size : number * size]
    head = 100 if number == 1 else 0
    kind, cells = page[head], int.from_bytes(page[head + 3 : head + 5], "big")
    start = head + (8 if kind == LEAF else 12)
    for index in range(cells):
        cell = int.from_bytes(page[start + 2 * index : start + 2 * index + 2], "big")
        if kind == INNER:
            yield from _places(data, size, int.from_bytes(page[cell : cell + 4], "big"))
        yield number, cell
    if kind == INNER:
        yield from _places(data, size, int.from_bytes(page[head + 8 : head + 12], "big"))


def lies_by_key(places: list[tuple[int, int]]) -> bool:
    """Say whether rows lie as a table does that was filled in the order of its keys: in each page from its end."""
    by_page: dict[int, list[int]] = {}
    for page, cell in places:
        by_page.setdefault(page, []).append(cell)
    return all(cells == sorted(cells, reverse=True) for cells in by_page.values())


def is_order_on_disk(file: Path) -> bool:
    return not all(lies_by_key(places_of_rows(file, table)) for table in ("answers", "people"))


def let_phones_answer(live_server: LiveServer, session: Session, console: Console, many: int = 30) -> None:
    """Let phones answer one after another, each in a batch of its own."""
    console.press("open", question="leak")
    for number in range(many):
        answer(live_server.phone(session), session, "leak", "AC"[number % 2])


def checkpoint(live_server: LiveServer) -> None:
    """Have what is in the write-ahead log written to the file, as SQLite does by itself."""
    with contextlib.closing(sqlite3.connect(live_server.file)) as connection:
        connection.execute("pragma wal_checkpoint(full)").fetchall()


def wait_until_calm(live_server: LiveServer) -> None:
    for _ in range(500):
        if not is_order_on_disk(live_server.file) and not Path(f"{live_server.file}-wal").stat().st_size:
            return
        live_server.run(_a_moment())
    pytest.fail("The order of answers is still on the disk.")


async def _a_moment() -> None:
    import asyncio

    await asyncio.sleep(0.01)


def test_while_answers_come_the_order_is_there_to_be_read(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The near miss: without what is done about it, this reader sees the order."""
    monkeypatch.setattr("course.workshop.store.store.CALM", 3600.0)
    let_phones_answer(live_server, session, console)
    checkpoint(live_server)
    assert is_order_on_disk(live_server.file)


def test_once_no_answer_comes_for_a_moment_rows_lie_in_the_order_of_their_keys(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.workshop.store.store.CALM", 0.2)
    let_phones_answer(live_server, session, console)
    wait_until_calm(live_server)


def test_closing_a_question_wipes_the_order_at_once(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.workshop.store.store.CALM", 3600.0)
    let_phones_answer(live_server, session, console)
    assert console.press("close", question="leak").status == 200
    console.press("timer", minutes="0")  # the writer takes this up once it is done with the rest
    checkpoint(live_server)
    assert not is_order_on_disk(live_server.file)


def test_a_program_that_reads_the_file_only_puts_it_off(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.workshop.store.store.CALM", 0.01)
    let_phones_answer(live_server, session, console)
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from answers").fetchall()
        assert console.press("close", question="leak").status == 200
        assert Path(f"{live_server.file}-wal").stat().st_size
    wait_until_calm(live_server)
