"""One open session: rules and store together. An answer counts when it is on disk, and is acknowledged only then."""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from course.core import moments
from course.workshop.access.rate_limit import RateLimit, answer_limit
from course.workshop.access.tokens import PhoneTokens, SessionAccess
from course.workshop.errors import refused
from course.workshop.rules import actions
from course.workshop.rules.lines import Line
from course.workshop.rules.script_walk import NO_TURNS, PageTurns
from course.workshop.rules.session_model import PaperTally, SessionModel, StoredWayIn
from course.workshop.sessions.co_hosts import CoHosts
from course.workshop.sessions.session_store import SessionStore
from course.workshop.store.session_keys import SessionKeys, is_quiet_end, quiet_end
from course.workshop.store.session_rows import RowChange
from course.workshop.store.store import Store
from course.workshop.wire import AnswerMessage, AnswerSaved

MOST_PEOPLE: Final = 5000


class Session:
    """One session: its rules, its keys and its place in the store."""

    def __init__(self, store: Store, session_id: str, keys: SessionKeys, model: SessionModel) -> None:
        self.id = session_id
        self.access = SessionAccess(keys.access)
        self.phone_tokens = PhoneTokens(keys.people) if keys.people else None
        """None once the session is closed: then its key is destroyed."""
        self.model = model
        self.gone_after: str | None = None
        """The day, as in 2031-05-04, after which a closed session is erased."""
        self.unread = 0
        """How many of its answers and lines could not be read at a restart."""
        self.changed: Callable[[], None] = lambda: None
        self._store = SessionStore(store, session_id, keys)
        self._is_answered = False
        """Whether somebody has answered since that was noted last."""
        self._kept: tuple[SessionStore, Sequence[RowChange]] | None = None
        """What is to be kept of a session that has closed, as long as it is not on disk."""
        self._busy = asyncio.Lock()
        self._closing: set[str] = set()
        self._is_removing = False
        """Whether phones are being removed: none joins then, and none of those that go can answer."""
        self._is_ending = False
        """Whether the session is being closed: none joins or answers then, as nothing of it would be kept."""
        self._limits: dict[str, RateLimit] = {}
        self._unsaved_lines: dict[str, Line] = {}
        self._is_row_saved = True
        self.co_hosts = CoHosts(self.access, model.state, self._save_state)

    @property
    def is_open(self) -> bool:
        """Whether phones can join and answer: until the session is closed for good."""
        return self.phone_tokens is not None

    # What phones do

    def join(self) -> str:
        """Return a token for one more phone. It is counted once its browser shows the token: some keep none."""
        if self.phone_tokens is None:
            raise refused("closed", 410)
        self._check_room()
        return self.phone_tokens.new_token()

    async def arrive(self, person: str) -> None:
        """Count a phone that shows its token for the first time, once that is on disk."""
        if person in self.model.people:
            return
        self._check_room()

        def count() -> None:
            self.model.people.add(person)
            self.changed()

        await self._store.put([self._store.person(person)], count)

    async def admit_again(self, token: str) -> None:
        """Let a phone in again that was removed, as the same one as before, once that is on disk."""
        async with self._busy:
            person = self.phone_tokens.person(token) if self.phone_tokens else None
            if person and self.model.admissions.is_removed(person):
                self._check_room()
                self.model.admit_again(person)
                self._note_unsaved()
                await self._save()
        self.changed()

    def is_removed(self, token: str) -> bool:
        """Say whether the phone with this token was removed."""
        person = self.phone_tokens.person(token) if self.phone_tokens else None
        return person is not None and self.model.admissions.is_removed(person)

    def _check_room(self) -> None:
        if self._is_ending:
            raise refused("closed", 410)
        if self.model.state.is_shut or self._is_removing:
            raise refused("shut", 403)
        if self.model.admissions.number(self.model.people) >= MOST_PEOPLE:
            raise refused("full", 503)

    def person(self, token: str) -> str:
        """Return the pseudonym of a phone that is in this session, or raise SessionRefused."""
        if self.phone_tokens is None:
            raise refused("closed", 410)
        person = self.phone_tokens.person(token)
        if person is None:
            raise refused("not-in-session", 401)
        if self.model.admissions.is_removed(person):
            raise refused("removed", 410)
        return person

    async def answer(self, person: str, message: AnswerMessage, now: float) -> AnswerSaved:
        """Save a phone's answer, at a time in seconds of any clock; return what counts once it is on disk.

        Raises SessionRefused for an answer that cannot be accepted or written.
        """
        self._limit(person, now)
        question, part, revision, answer = self.model.checked_answer(
            message["part"], message["revision"], message["answer"]
        )
        if self._is_ending:
            raise refused("closed", 410)
        if question.slug in self._closing:
            raise refused("not-open", 409)
        if self._is_removing and person in self.model.admissions.latest(self.model.people):
            raise refused("removed", 410)
        if answer is not None and (revision, None) == self.model.answers.of(part).get(person):
            raise refused("was-taken-back", 409)  # its page does not know: it left with this phone
        if revision > self.model.answers.revision(part, person):

            def record() -> None:
                before = self.model.lines.by(part, person)
                self.model.record_answer(part, person, revision, answer)
                if before and before.batch:
                    self._unsaved_lines[before.name] = before  # it may have been shown while this was on its way
                self.changed()

            answer_row = self._store.answer(part, person, revision, answer)
            await self._store.put([answer_row, *self._delivered_line(part, person)], record)
            self._is_answered = True
        latest, counting = self.model.answers.of(part).get(person, (revision, answer))
        return {"part": part, "revision": latest, "saved": counting == answer}

    def _delivered_line(self, part: str, person: str) -> list[RowChange]:
        """Return the row of the line that stays on console or wall for now though its writer writes anew."""
        line = self.model.lines.by(part, person)
        return [self._store.line(line.name, self.model.lines.once_replaced(line))] if line and line.batch else []

    def _limit(self, person: str, now: float) -> None:
        """Refuse what a phone sends faster than a person can answer."""
        self._limits.setdefault(person, answer_limit()).take_or_refuse(now, "too-fast")

    def deliver_lines(self, now: float) -> None:
        """Bring to the console the lines whose time has come, at a time in seconds of any clock."""
        if not self.model.state.is_closed and (changed := self.model.delivery.deliver(time.time(), now)):
            self._unsaved_lines |= {line.name: line for line in changed}
            self.changed()

    # What the facilitator does

    async def perform(
        self,
        action: str,
        message: Mapping[str, object],
        now: float,
        may: Callable[[], None] = lambda: None,
        turns: Callable[[], PageTurns] = lambda: NO_TURNS,
    ) -> None:
        """Do one thing on the console, after the answers that came before it; return once it is on disk.

        `now` is in seconds since 1970; `may` raises an error for somebody who may not do it any more by then; `turns`
        returns to which pages the screen can be turned then.
        Raises SessionRefused for what cannot be done or written.
        """
        async with self._busy:
            action, message = actions.resolved(self.model, action, message, turns())
            closing = str(message.get("question")) if action == "close" else ""
            self._closing.add(closing)
            self._is_removing = action == "remove-phones"
            try:
                await self._store.put([])
                may()
                self._perform(action, message, now)
                await self._save()
                if action == "close":
                    self._store.wipe_order()
            finally:
                self._closing.discard(closing)
                self._is_removing = False
                self.changed()

    def _perform(self, action: str, message: Mapping[str, object], now: float) -> None:
        changed: Sequence[Line] = ()
        try:
            changed = actions.perform(self.model, action, message, now)
        finally:
            self._note_unsaved([*changed, *self.model.walls.changed().values()])

    async def note_way_in(self, way_in: StoredWayIn) -> None:
        """Remember where phones come in, for a restart. Raises SessionRefused where that could not be written."""
        async with self._busy:
            state = self.model.state
            state.let_in, state.port, state.console_port = way_in.let_in, way_in.port, way_in.console_port
            state.reached, state.shown_anyway = way_in.reached, way_in.shown_anyway
            if self.is_open:
                self._note_unsaved()
                await self._save()

    async def _save_state(self) -> None:
        """Put on disk what has changed in the session's state."""
        async with self._busy:
            self._note_unsaved()
            await self._save()
        self.changed()

    async def count_paper(self, tally: PaperTally) -> None:
        """Count the cards of those who took part on paper, in place of earlier ones."""
        async with self._busy:
            self.model.put_paper(tally)
            self._note_unsaved()
            await self._save()
        self.changed()

    def drop(self) -> None:
        """Let the session go as it is: another worker may decide for it now. Nothing is written or shown any more."""
        self._store.drop()
        if self._kept:
            self._kept[0].drop()

    async def saved(self) -> None:
        """Wait until all that may be shown now is on disk: nothing is shown before."""
        async with self._busy:
            self._store.check()
            if self.is_open:
                await self._save()

    # What is stored

    async def save_new(self) -> None:
        """Store a new session, and when it ends by itself."""
        self._store.write_keys(quiet_end(moments.now()))
        await self._store.put([self._row()])

    def _note_unsaved(self, lines: Sequence[Line] = ()) -> None:
        """Note what the facilitator changed: it is written next, or where that fails, before anything is shown."""
        self._is_row_saved = False
        self._unsaved_lines |= {line.name: line for line in lines}

    async def _save(self) -> None:
        """Write what has changed, with answers that were taken back, and the pictures that have grown with it."""
        pictures = self.model.counts.new_pictures()
        if self.is_open:
            self._store.note_keep_days(self.model.state.keep_days)
        changes = [] if self._is_row_saved else [self._row()]
        unsaved, self._unsaved_lines = self._unsaved_lines, {}
        taken_back, self.model.taken_back = self.model.taken_back, {}
        changes += [self._store.answer(*of, revision, None) for of, revision in taken_back.items()]
        changes += [self._store.line(name, self.model.lines.to_store(line)) for name, line in unsaved.items()]
        changes += [self._store.total(part, picture) for part, picture in pictures.items()]
        if changes:
            try:
                await self._store.put(changes)
            except BaseException:
                self._unsaved_lines = unsaved | self._unsaved_lines
                self.model.taken_back = taken_back | self.model.taken_back
                raise
            self.model.counts.pictures_saved(pictures)
            self._is_row_saved = True

    def _row(self) -> RowChange:
        return self._store.session(self.model.script, self.model.state, self.gone_after)

    # The end

    def note_answered(self, now: datetime.datetime) -> None:
        """Put off the end of an open session in which somebody has answered since this was called last.

        So it is put off where it is not known, as another program has changed the time of the file of keys.
        """
        due = self._store.due()
        if self.is_open and (self._is_answered or (due is not None and not is_quiet_end(due))):
            self._store.note_due(quiet_end(now))
            self._is_answered = False

    def correct_end(self, now: datetime.datetime, *, is_followed: bool) -> None:
        """Have an open session end as if somebody answered now, where it would be later, or people follow it.

        For when the clock was set: `now` is what it says since.
        """
        due = self._store.due()
        if self.is_open and due is not None and (is_followed or due > quiet_end(now)):
            self._store.note_due(quiet_end(now))

    async def correct_days(self, today: datetime.date) -> None:
        """Have what is kept of a closed session go after its days from today, where it would stay for longer.

        For when it was closed under a wrong date. Raises SessionRefused where that could not be written.
        """
        last_day = today + datetime.timedelta(days=self.model.state.keep_days)
        if self.gone_after is None or self.gone_after <= last_day.isoformat():
            return
        async with self._busy:
            if self._kept is None:  # else it is being closed right now
                self.gone_after = last_day.isoformat()
                self._store.note_due(moments.start_of_day(last_day))
                self._note_unsaved()
                await self._save()
        self.changed()

    def is_due(self, now: datetime.datetime) -> bool:
        """Say whether it is to be closed, as nobody has answered for long, or erased, as its days are over."""
        if self.is_open:
            due = self._store.due()
            return due is not None and due <= now
        return self.gone_after is not None and self.gone_after <= moments.local(now).date().isoformat()

    async def close(self, days: int, today: datetime.date) -> None:
        """Destroy who said what, and with its key all that was not shown; the rest stays for so many days.

        Raises SessionRefused for more days than people were told of, and where that could not be written;
        `finish_close` tries it again.
        """
        if not 0 < days <= self.model.state.keep_days:
            raise refused("no-action")
        async with self._busy:
            if self.is_open:
                await self._end(today + datetime.timedelta(days=days))
        await self.finish_close()

    async def _end(self, last_day: datetime.date) -> None:
        """Close all questions once what has come is on disk, and forget who said what. Nothing comes in meanwhile."""
        self._is_ending = True
        try:
            await self._store.put([])
            for question in self.model.script.questions():
                if self.model.state.question(question.slug).phase == "open":
                    self._perform("close", {"question": question.slug}, 0.0)
            self._forget_people(last_day)
        finally:
            self._is_ending = False

    def _forget_people(self, last_day: datetime.date) -> None:
        """Forget who said what, and make the rows of what is kept until that day."""
        kept = self._store.after_close(moments.start_of_day(last_day))
        self.model.state.is_closed = True
        self.model.state.co_hosts = []
        self.phone_tokens = None
        self._limits.clear()
        self._unsaved_lines.clear()
        self.gone_after = last_day.isoformat()
        lines, totals = self.model.forget_people()
        rows = [kept.session(self.model.script, self.model.state, self.gone_after)]
        rows += [kept.line(name, stored) for name, stored in lines.items()]
        rows += [kept.total(part, total) for part, total in totals.items()]
        self._kept = kept, rows

    async def finish_close(self) -> None:
        """Write what is kept of a session that has closed, and destroy the key of the rest, if that is left to do."""
        async with self._busy:
            if self._kept:
                kept, rows = self._kept
                await kept.forget_people(rows)
                self._store, self._kept = kept, None
        self.changed()

    async def erase(self) -> None:
        """Erase everything of this session. Raises SessionRefused where that is not done yet; call it again then."""
        async with self._busy:
            self.model.state.is_closed = True
            self.phone_tokens = None
            self._kept = None
            await self._store.erase()
