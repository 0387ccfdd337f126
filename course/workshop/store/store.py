"""The store of all sessions, and the one writer that writes it.

The writer takes what has arrived, holds the batch open for a fiftieth of a second, commits once, and only then tells
all who wait: an answer that was acknowledged is on disk.
"""

from __future__ import annotations

import contextlib
import functools
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sql

from course.content import words
from course.core.errors import LocksMissing, StoreUnusable
from course.workshop.errors import log_error
from course.workshop.store.ownership import (
    DatabaseSessionLost,
    NotOwned,
    OwnedElsewhere,
    Ownership,
    is_key_folder,
)
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.session_rows import RowChange, encrypt_plain_sessions
from course.workshop.store.store_reader import StoreReader
from course.workshop.store.tables import (
    ANSWERS,
    KEY_FOLDER,
    LINES,
    PEOPLE,
    SESSIONS,
    TABLES,
    TOTALS,
    create_tables,
    empty_log,
    file_of,
    lock,
    open_engine,
    remove,
    scrub,
    store_unusable,
    upserts,
)
from course.workshop.store.writer_progress import WriterProgress, WriterState, WriterStopped

HOLD: Final = 0.02
"""How long a batch stays open, in seconds."""
CALM: Final = 1.0
"""After so many seconds without anything to write, the order of what was written is wiped from the disk."""
CLOSE_SECONDS: Final = 30.0
"""For how long the writer may go on writing when the store is closed."""
CALMS_BETWEEN_TRIES: Final = 5
"""How many times as long it waits before it tries again what another program held up."""
MOST_AT_ONCE: Final = 5000
ONLY_WORKER: Final = "workshop"
"""The name of a worker that was given none."""
_IN_ORDER_OF_COMING: Final = (ANSWERS.name, PEOPLE.name)
"""The tables whose rows are written as people act."""
Done = Callable[[Exception | None], None]


class BytesLeft(Exception):
    """What was erased can still be found in the write-ahead log: another program reads the file."""


@dataclass(frozen=True)
class _Job:
    changes: Sequence[RowChange]
    done: Done
    empties: tuple[sql.Table, ...] = ()
    session_id: str = ""
    wipes_order: bool = False
    takes: bool = False

    def session_ids(self) -> set[str]:
        """Return the sessions that it changes."""
        return {self.session_id} | {change.row["room"] for change in self.changes}


class Store(StoreReader):
    """The sessions, in SQLite beside the person's other things or wherever the URL says.

    `deliver` gets a function to run where the answers' senders wait, once a batch is on disk or has failed. `keys` has
    the keys of what is stored, and is for those who read and make the rows. Several servers share a PostgreSQL
    database, each a `worker` of its own name: there, a session has to be taken before anything of it is written.
    """

    def __init__(
        self,
        url: str,
        keys: KeyFolder,
        deliver: Callable[[Callable[[], None]], object],
        hold: float = HOLD,
        worker: str = ONLY_WORKER,
    ) -> None:
        self.keys = keys
        self._url = sql.make_url(url)
        self._file = file_of(self._url)
        self._deliver = deliver
        self._hold = hold
        self._is_new = False
        self._is_emptied = False
        """Whether a session was erased: only then may there be none left."""
        self.failure: Exception | None = None
        """Why what came last could not be written, or None. It is logged once, not for every batch."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._progress = WriterProgress()
        self._in_flight: list[_Job] = []
        """What the writer has taken and not answered yet."""
        self._is_closed = False
        self.worker = worker
        self.lost: Callable[[], None] = lambda: None
        """Called by way of `deliver` when every session that was taken is lost: another worker may decide now."""
        self.heard: Callable[[str], None] = lambda message: None
        """Called by way of `deliver` with what a worker has announced, this one too."""
        self._ownership: Ownership | None = None
        try:
            self._lock = lock(self._file)
            self._engine = open_engine(self._url, worker)
            try:
                self._open()
            except BaseException:
                self._engine.dispose()
                raise
        except (sql.exc.SQLAlchemyError, OSError) as error:
            if isinstance(error, StoreUnusable | LocksMissing):
                raise
            raise store_unusable(self._file, error) from error
        self._thread = self._start_writer()

    def _open(self) -> None:
        """Make what is not there yet, and finish what the last server left."""
        self._upserts = upserts(self._engine.dialect.name)
        create_tables(self._engine)
        if self._file is None:
            if not is_key_folder(self._engine, KEY_FOLDER, self.keys):
                raise StoreUnusable(words("session.keys-elsewhere"), words("session.keys-elsewhere-hint"))
            self._ownership = Ownership(self._url, self.worker, lambda said: self._deliver(lambda: self.heard(said)))
        encrypt_plain_sessions(self._engine, self.keys)
        self._is_scrubbed = scrub(self._engine)

    @property
    def is_shared(self) -> bool:
        """Whether other servers may use it at the same time, so that each session has to be taken first."""
        return self._ownership is not None

    # What is written

    def take(self, session_id: str, done: Done) -> None:
        """Own a session of a store that is shared; `done` is told OwnedElsewhere where another worker owns it."""
        self._add(_Job((), done, session_id=session_id, takes=True))

    def put(self, changes: Sequence[RowChange], done: Done) -> None:
        """Write these together with whatever else has arrived; `done` is told when they are on disk, or why not."""
        self._add(_Job(changes, done))

    def wipe_order(self) -> None:
        """Have rows lie on the disk in the order of their keys alone, as `_first` does once it is calm."""
        self._add(_Job((), lambda error: None, wipes_order=True))

    def forget_people(self, session_id: str, changes: Sequence[RowChange], done: Done) -> None:
        """Destroy who said what in a session, and write what is then left of it: totals, lines, no key."""
        self._add(_Job(changes, done, (ANSWERS, PEOPLE, LINES, TOTALS), session_id))

    def erase(self, session_id: str, done: Done) -> None:
        """Erase everything of a session, also from free pages and the write-ahead log.

        Where another program that reads the file keeps bytes of it there, `done` is told so; erase it again then.
        """
        self._add(_Job((), done, (ANSWERS, PEOPLE, LINES, TOTALS, SESSIONS), session_id))

    def _add(self, job: _Job) -> None:
        if self._progress.state in ("stuck", "dead"):
            job.done(WriterStopped())
        else:
            self._jobs.put(job)

    def close(self) -> None:
        """Write what has arrived and stop. A writer that is stuck is left: nothing of it was acknowledged."""
        self._is_closed = True
        self._jobs.put(None)
        self._thread.join(CLOSE_SECONDS)
        self._engine.dispose()
        if self._ownership and not self._thread.is_alive():
            self._ownership.close()
        if self._lock:
            self._lock.release()

    # The writer

    def tend(self) -> WriterState:
        """Look after the writer, as is to be done twice a second from where senders wait; return how it is.

        One that died is started again: what it had taken was not acknowledged, and is sent again. Where it stands still
        for long, or has died too often, nobody waits for it any longer.
        """
        before = self._progress.state
        if self._is_closed or before == "dead":
            return before
        if not self._thread.is_alive():
            self._give_up()
            self._in_flight = []
            if self._progress.may_begin_again():
                self._thread = self._start_writer()
        elif self._progress.look(bool(self._in_flight) or not self._jobs.empty()) == "stuck" != before:
            self._give_up()
        if self._progress.state in ("stuck", "dead") and self._progress.state != before:
            self._deliver(self.lost)
        return self._progress.state

    def _start_writer(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="session store", daemon=True)
        thread.start()
        return thread

    def _give_up(self) -> None:
        """Tell all who wait that nothing was written, also those whose batch may be on disk: they send it again."""
        waiting = list(self._in_flight)
        with contextlib.suppress(queue.Empty):
            while True:
                job = self._jobs.get_nowait()
                waiting += [job] if job else []
        if waiting:
            _tell(waiting, WriterStopped(), self._is_scrubbed)

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # `tend` finds it dead
            log_error(error)

    def _work(self) -> None:
        stop = False
        while not stop:
            jobs, stop = self._batch()
            if jobs:
                self._in_flight = jobs
                jobs = self._allowed(jobs)
                error = self._write(jobs)
                self._note_failure(error, jobs)
                if jobs:
                    self._deliver(functools.partial(_tell, jobs, error, self._is_scrubbed))
                self._in_flight = []
                self._progress.note_batch()
                if any(job.wipes_order for job in jobs):
                    self._try_to_scrub()

    def _note_failure(self, error: Exception | None, jobs: Sequence[_Job]) -> None:
        if error and not self.failure:
            log_error(error)
        if error or any(job.changes or job.empties for job in jobs):
            self.failure = error

    def _allowed(self, jobs: list[_Job]) -> list[_Job]:
        """Take the sessions that jobs ask for, and return the jobs that may be written; the others are told why not."""
        if self._ownership is None:
            return jobs
        refusals: dict[int, Exception] = {}
        for number, job in enumerate(jobs):
            try:
                if job.takes and not self._ownership.take(job.session_id):
                    refusals[number] = OwnedElsewhere()
            except Exception as error:  # whatever it is: who waits is told
                refusals[number] = error
                self._note_failure(error, [])
                self._lose_if_ended()
            if not self._ownership.owns(job.session_ids()):
                refusals.setdefault(number, NotOwned())
        for number, job in enumerate(jobs):
            if number not in refusals and not self._ownership.owns(job.session_ids()):
                refusals[number] = NotOwned()  # lost while a later one was taken
        for number, refusal in refusals.items():
            self._deliver(functools.partial(_tell, [jobs[number]], refusal, self._is_scrubbed))
        return [job for number, job in enumerate(jobs) if number not in refusals]

    def _lose_if_ended(self) -> None:
        """Let every session go that was taken, where the database session ended that they were taken in."""
        if self._ownership and not self._ownership.is_alive():
            self._note_failure(DatabaseSessionLost(), [])
            if self._ownership.lose():
                self._deliver(self.lost)

    def _batch(self) -> tuple[list[_Job], bool]:
        """Return what has arrived, and whether that is all there will be."""
        first = self._first()
        if first is None:
            return [], True
        jobs = self._in_flight = [first]
        time.sleep(self._hold)  # waking for each arrival would cost the server more than the wait
        while len(jobs) < MOST_AT_ONCE:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _first(self) -> _Job | None:
        """Wait for what arrives next; once it is calm, wipe the order in which answers and phones came.

        The write-ahead log has it, and so has each page of a table, which is filled from its end as rows come.

        What another program that reads the file holds up is tried again until it is done.
        """
        is_done, seconds = self._is_new, CALM
        while self.is_shared or not is_done:
            try:
                return self._jobs.get(timeout=seconds)
            except queue.Empty:
                if self._ownership:
                    self._lose_if_ended()
                    continue
                seconds = CALM * CALMS_BETWEEN_TRIES
                with contextlib.suppress(Exception):  # such as a full disk: tried again
                    is_done = empty_log(self._engine) if self._is_scrubbed else self._scrub()
        return self._jobs.get()

    def _write(self, jobs: Sequence[_Job]) -> Exception | None:
        """Commit all of a batch together; return why it could not be."""
        if self._ownership and not any(job.changes or job.empties for job in jobs):
            return None
        try:
            with self._ownership.begin() if self._ownership else self._engine.begin() as connection:
                if self._is_new:
                    TABLES.create_all(connection)
                self._write_all(connection, jobs)
                self._commit(connection)
            self._is_new = False
            if any(change.table in _IN_ORDER_OF_COMING for job in jobs for change in job.changes):
                self._is_scrubbed = False
        except Exception as error:  # whatever it is: all who wait are told, and the writer goes on
            self._lose_if_ended()
            return error
        for job in jobs:
            if self._ownership and SESSIONS in job.empties:
                self._ownership.release(job.session_id)
        if any(job.empties for job in jobs):
            self._is_emptied = True
            self._try_to_scrub()  # nobody can read the rest anyway
        return None

    def _commit(self, connection: sql.Connection) -> None:
        """Put the batch on disk."""
        connection.commit()

    def _write_all(self, connection: sql.Connection, jobs: Sequence[_Job]) -> None:
        """Send the rows of neighbouring jobs together; what empties tables does so in its turn."""
        waiting: dict[str, list[dict[str, Any]]] = {}
        for job in jobs:
            if job.empties:
                self._send(connection, waiting)
                for table in job.empties:
                    connection.execute(sql.delete(table).where(table.c.room == job.session_id))
            for change in job.changes:
                waiting.setdefault(change.table, []).append(change.row)
        self._send(connection, waiting)

    def _send(self, connection: sql.Connection, waiting: dict[str, list[dict[str, Any]]]) -> None:
        for table, rows in waiting.items():
            self._upserts[table].send(connection, rows)
        waiting.clear()

    def _try_to_scrub(self) -> None:
        """Do so where that can be done now; else it is tried again until it is done."""
        with contextlib.suppress(Exception):
            self._scrub()

    def _scrub(self) -> bool:
        """Leave no byte of what was deleted, no row in the order of its coming, and without any session no file at all.

        Returns whether that is done.
        """
        self._is_scrubbed = False
        self._is_scrubbed = scrub(self._engine)
        if self._is_scrubbed and self._is_emptied and self._file and not self.sessions():
            self._engine.dispose()
            remove(self._file)
            self._is_new = True
            self._engine = open_engine(self._url)
        return self._is_scrubbed


def _tell(jobs: Sequence[_Job], error: Exception | None, is_scrubbed: bool) -> None:
    for job in jobs:
        is_left = SESSIONS in job.empties and not is_scrubbed
        try:
            job.done(error or (BytesLeft() if is_left else None))
        except Exception as failure:  # the others are told all the same
            log_error(failure)
