"""One open session: rules and store together. An answer counts when it is on disk, and is acknowledged only then."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from course.workshop import actions
from course.workshop.errors import refused
from course.workshop.lines import Line
from course.workshop.rate_limit import RateLimit, answer_limit
from course.workshop.session_model import PaperTally, SessionModel
from course.workshop.session_store import SessionStore
from course.workshop.store import RowChange, Store
from course.workshop.tokens import PhoneTokens, SessionAccess
from course.workshop.wire import AnswerMessage

MOST_PEOPLE: Final = 5000
MOST_DAYS: Final = 7


class Session:
    """One session: its rules, its keys and its place in the store."""

    def __init__(
        self, store: Store, session_id: str, key: bytes, people_key: bytes | None, model: SessionModel
    ) -> None:
        self.id = session_id
        self.access = SessionAccess(key)
        self.phone_tokens = PhoneTokens(people_key) if people_key else None
        """None once the session is closed: then its key is destroyed."""
        self.model = model
        self.gone_after: str | None = None
        """The day, as in 2031-05-04, after which a closed session is erased."""
        self.unread = 0
        """How many of its answers and lines could not be read at a restart."""
        self.changed: Callable[[], None] = lambda: None
        self._store = SessionStore(store, session_id)
        self._busy = asyncio.Lock()
        self._closing: set[str] = set()
        self._limits: dict[str, RateLimit] = {}
        self._unsaved_lines: dict[str, Line] = {}
        self._is_row_saved = True

    @property
    def is_open(self) -> bool:
        """Whether phones can join and answer: until the session is closed for good."""
        return self.phone_tokens is not None

    # What phones do

    async def join(self) -> str:
        """Let one more phone in; return its token once it is on disk."""
        if self.phone_tokens is None:
            raise refused("closed", 410)
        if len(self.model.people) >= MOST_PEOPLE:
            raise refused("full", 503)
        token = self.phone_tokens.new_token()
        person = self.phone_tokens.person(token) or ""
        await self._store.put([self._store.person(person)])
        self.model.people.add(person)
        self.changed()
        return token

    def person(self, token: str) -> str:
        """Return the pseudonym of a phone that is in this session, or raise SessionRefused."""
        if self.phone_tokens is None:
            raise refused("closed", 410)
        person = self.phone_tokens.person(token)
        if person is None:
            raise refused("not-in-session", 401)
        return person

    async def answer(self, person: str, message: AnswerMessage, now: float) -> int:
        """Save a phone's answer, at a time in seconds of any clock; return the revision that counts once it is on disk.

        Raises SessionRefused for an answer that cannot be accepted or written.
        """
        self._limit(person, now)
        question, part, revision, answer = self.model.checked_answer(
            message["part"], message["revision"], message["answer"]
        )
        if question.slug in self._closing:
            raise refused("not-open", 409)
        if revision > self.model.answers.revision(part, person):

            def record() -> None:
                before = self.model.lines.by(part, person)
                self.model.record_answer(part, person, revision, answer)
                if before and before.is_seen:
                    self._unsaved_lines[before.name] = before  # it may have been shown while this was on its way
                self.changed()

            answer_row = self._store.answer(part, person, revision, answer)
            await self._store.put([answer_row, *self._seen_line(part, person)], record)
        return self.model.answers.revision(part, person)

    def _seen_line(self, part: str, person: str) -> list[RowChange]:
        """Return the row of the line that stays on its wall though its writer writes anew."""
        line = self.model.lines.by(part, person)
        return [self._store.line(line.name, self.model.lines.with_words(line))] if line and line.is_seen else []

    def _limit(self, person: str, now: float) -> None:
        """Refuse what a phone sends faster than a person can answer."""
        self._limits.setdefault(person, answer_limit()).take_or_refuse(now, "too-fast")

    # What the facilitator does

    async def perform(self, action: str, message: Mapping[str, object], now: float) -> None:
        """Do one thing on the console, after the answers that came before it; return once it is on disk.

        `now` is in seconds since 1970. Raises SessionRefused for what cannot be done or written.
        """
        async with self._busy:
            closing = str(message.get("question")) if action == "close" else ""
            self._closing.add(closing)
            try:
                await self._store.put([])
                self._perform(action, message, now)
                await self._save()
            finally:
                self._closing.discard(closing)
                self.changed()

    def _perform(self, action: str, message: Mapping[str, object], now: float) -> None:
        changed: Sequence[Line] = ()
        try:
            changed = actions.perform(self.model, action, message, now)
        finally:
            self._note_unsaved([*changed, *self.model.walls.changed().values()])

    async def let_in(self, address: str) -> None:
        """Remember where phones are let in, for a restart."""
        async with self._busy:
            self.model.state.let_in = address
            self._note_unsaved()
            await self._save()

    async def count_paper(self, tally: PaperTally) -> None:
        """Count the cards of those who took part on paper, in place of earlier ones."""
        async with self._busy:
            self.model.put_paper(tally)
            self._note_unsaved()
            await self._save()
        self.changed()

    async def saved(self) -> None:
        """Wait until all that may be shown now is on disk: nothing is shown before."""
        async with self._busy:
            if self.is_open:
                await self._save()

    # What is stored

    async def save_new(self) -> None:
        """Store a new session."""
        await self._store.put([self._row()])

    def _note_unsaved(self, lines: Sequence[Line] = ()) -> None:
        """Note what the facilitator changed: it is written next, or where that fails, before anything is shown."""
        self._is_row_saved = False
        self._unsaved_lines |= {line.name: line for line in lines}

    async def _save(self) -> None:
        """Write what has changed, and the pictures that have grown with it."""
        pictures = self.model.counts.new_pictures()
        changes = [] if self._is_row_saved else [self._row()]
        unsaved, self._unsaved_lines = self._unsaved_lines, {}
        changes += [self._store.line(name, self.model.lines.to_store(line)) for name, line in unsaved.items()]
        changes += [self._store.total(part, picture) for part, picture in pictures.items()]
        if changes:
            try:
                await self._store.put(changes)
            except BaseException:
                self._unsaved_lines = unsaved | self._unsaved_lines
                raise
            self.model.counts.pictures_saved(pictures)
            self._is_row_saved = True

    def _row(self) -> RowChange:
        people_key = self.phone_tokens.key if self.phone_tokens else None
        return self._store.session(self.access.key, people_key, self.model.script, self.model.state, self.gone_after)

    # The end

    async def close(self, days: int, today: datetime.date) -> None:
        """Destroy pseudonyms and their key; totals and approved lines stay for so many days."""
        if not 0 < days <= MOST_DAYS:
            raise refused("no-action")
        async with self._busy:
            await self._store.put([])
            for question in self.model.script.questions():
                if self.model.state.question(question.slug).phase == "open":
                    self._perform("close", {"question": question.slug}, 0.0)
            self.model.state.is_closed = True
            self.phone_tokens = None
            self._limits.clear()
            self._unsaved_lines.clear()
            self.gone_after = (today + datetime.timedelta(days=days)).isoformat()
            lines, totals = self.model.forget_people()
            changes = [self._store.line(name, stored) for name, stored in lines.items()]
            changes += [self._store.total(part, total) for part, total in totals.items()]
            await self._store.forget_people([self._row(), *changes])
        self.changed()

    async def erase(self) -> None:
        """Erase everything of this session."""
        async with self._busy:
            self.model.state.is_closed = True
            self.phone_tokens = None
            await self._store.erase()
