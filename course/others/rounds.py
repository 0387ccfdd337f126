"""The life of a round: it is made, raters answer, its owner opens it once, and nothing of it is left.

At the opening the result is made once and stored encrypted under a new key and the owner's secret together; then the
key of the answers is destroyed, then the answers, and only then is the result told. Until the notebook says that it is
saved, the same result is told again: the computer may have stopped in between. Then its key is destroyed as well.
Whoever stops the server anywhere in this finds it finished by the next sweep, or by the owner's next try.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from course.content.scales import find_scale, instrument_version
from course.core.moments import iso_stamp
from course.others.rater_forms import AnswersChanged, RaterForms, TooManyForms
from course.others.refusals import ROUND_OVER, refused
from course.others.round_days import RoundDays, next_look
from course.others.round_table import FORMAT, LockedRound, RoundOutline, RoundTable, StoredRound, over_on
from course.privacy.cells import Suppressed
from course.privacy.rater_release import RaterCounter, RaterForm, count_raters, release_forms
from course.records.raters.round_wire import DAYS, Counter, RoundResult, RoundSecret
from course.workshop.access.tokens import PhoneTokens
from course.workshop.errors import log_error
from course.workshop.store.encryption import Cipher, Unreadable
from course.workshop.store.session_keys import KeyFolder, SessionKeys

MOST_ROUNDS: Final = 5000
"""How many rounds one server has at once."""
RESULT_LENGTH: Final = 2047
"""The length of a stored result, in characters: whatever is in it, it is as long as any other."""
_LONG_OVER: Final = "1970-01-02"
"""The day on which a round is over that was ended early."""
_BEING_MADE: Final = datetime.timedelta(hours=1)
"""For so long, a key that no round has may be one that another process is making."""


@dataclass(frozen=True)
class RoundStatus:
    """What an owner is told of a round."""

    days: RoundDays
    counter: Counter
    is_opened: bool


class RoundForRaters:
    """A round whose link a rater has opened, while it takes answers."""

    def __init__(self, stored: StoredRound, keys: SessionKeys) -> None:
        assert keys.people
        self.id, self.version, self.days = stored.id, stored.version, RoundDays(over_on(stored))
        self._tokens = PhoneTokens(keys.people)

    def new_token(self) -> str:
        """Return what one more rater's browser keeps, or their link to change their answers."""
        return self._tokens.new_token()

    def rater(self, token: str) -> str | None:
        """Return the pseudonym of the rater with this token, or None if this round did not make it."""
        return self._tokens.person(token)


class Rounds:
    """All rounds of a server. Each method that is given a secret raises SessionRefused where it belongs to no round."""

    def __init__(self, table: RoundTable, keys: KeyFolder) -> None:
        """Take where the rounds and their keys are; raises StoreUnusable where the two do not belong together."""
        table.check_keys(keys)
        self._table, self._keys = table, keys

    def close(self) -> None:
        """Let the database go."""
        self._table.close()

    # The owner

    def create(self, secret: RoundSecret, days: int, now: datetime.datetime) -> RoundStatus:
        """Make a round that lasts so many days; of a secret that has one already, that is it."""
        if days not in DAYS:
            raise refused("days")
        round_days, scale = RoundDays.beginning(now, days), find_scale("others")
        with self._table.locked(secret.round_id) as held:
            stored = held.stored
            if stored is None:
                if held.count() >= MOST_ROUNDS:
                    raise refused("full-server", 503, 3600)
                keys = SessionKeys.new()
                self._keys.write(secret.round_id, keys, round_days.end)
                forms = RaterForms.new([item.code for item in scale.items])
                stored = StoredRound(
                    id=secret.round_id,
                    link=_hash(secret.link),
                    format=FORMAT,
                    key=keys.id,
                    version=instrument_version(),
                    over_on=round_days.over_on.isoformat(),
                    answers=_encrypted(keys, secret.round_id, forms),
                    result="",
                )
                held.add(stored)
            return self._status(stored, now)

    def status(self, secret: RoundSecret, now: datetime.datetime) -> RoundStatus:
        """Return what its owner is told of a round."""
        with self._table.locked(secret.round_id) as held:
            return self._status(self._of_owner(held, now), now)

    def open(self, secret: RoundSecret, now: datetime.datetime) -> RoundResult:
        """Close a round for good and return its result, once nothing but the result is left of it.

        Returns the same again until `acknowledge`. Raises SessionRefused where too few had answered when they were
        counted last, and OSError where the answers' key cannot be destroyed: nothing is told then.
        """
        with self._table.locked(secret.round_id) as held:
            stored = self._of_owner(held, now)
            if not stored.result:
                self._freeze(held, stored, secret, now)
        with self._table.locked(secret.round_id) as held:
            stored = self._of_owner(held, now)
            self._destroy_answers(held, stored)
        self._table.scrub()
        return self._frozen_result(stored, secret)

    def acknowledge(self, secret: RoundSecret) -> None:
        """Destroy the result of a round, which the owner's notebook has saved. Of a round that is gone, do nothing."""
        with self._table.locked(secret.round_id) as held:
            stored = held.stored
            if stored and not stored.result:
                raise refused("not-opened", 409)
        self._end_early(secret.round_id)

    def cancel(self, secret: RoundSecret) -> None:
        """Destroy a round with all that is in it, unread. Of a round that is gone, do nothing."""
        self._end_early(secret.round_id)

    # Raters

    def find_link(self, link: str, now: datetime.datetime) -> RoundForRaters | None:
        """Return the round that a link leads to while it takes answers, else None, whatever became of it."""
        stored = self._table.find_link(_hash(link))
        keys = self._keys_of(stored)
        if stored is None or keys is None or stored.result or not RoundDays(over_on(stored)).takes_answers(now):
            return None
        return RoundForRaters(stored, keys)

    def form(self, opened: RoundForRaters, rater: str) -> RaterForm:
        """Return what a rater has answered so far."""
        with self._table.locked(opened.id) as held:
            return self._read_forms(held.stored)[1].form(rater)

    def save(
        self, opened: RoundForRaters, rater: str, form: RaterForm, now: datetime.datetime, seen: RaterForm | None = None
    ) -> None:
        """Save a rater's form in the place of what they sent before, for good once this returns.

        `seen` is what they had sent when the form was shown to them. Raises AnswersChanged where another window, or
        somebody else in the same browser, has sent other answers since.
        """
        with self._table.locked(opened.id) as held:
            stored = held.stored
            if stored is None or not RoundDays(over_on(stored)).takes_answers(now):
                raise refused("round-over", ROUND_OVER)
            keys, forms = self._read_forms(stored)
            if not count_raters([form]) and rater not in forms.forms:
                raise refused("empty-form")
            if seen is not None and forms.form(rater) not in (seen, form):
                raise AnswersChanged(forms.form(rater))
            try:
                changed = forms.with_form(rater, form, next_look(now))
            except TooManyForms:
                raise refused("full-round", 409) from None
            held.update(answers=_encrypted(keys, opened.id, changed))
        self._table.empty_log()

    # The end

    def sweep(self, now: datetime.datetime) -> None:
        """Erase the rounds that are over, and finish each opening that was stopped. What fails is tried next time.

        A round in which nothing is due is not held, so that raters wait for nothing.
        """
        outlines, is_any = self._table.outlines(), False
        lost = self._without_keys(outlines)
        for outline in outlines:
            try:
                if outline.is_half_opened or outline.id in lost or RoundDays(over_on(outline)).is_over(now):
                    with self._table.locked(outline.id) as held:
                        is_any = self._sweep_one(held, now) or is_any
            except Exception as error:  # whatever is wrong with one round: the others go on
                log_error(error)
        with contextlib.suppress(FileNotFoundError):  # another process has just destroyed one
            self._keys.destroy_unused({outline.id for outline in outlines}, now - _BEING_MADE)
        if is_any:
            self._table.scrub()

    def _sweep_one(self, held: LockedRound, now: datetime.datetime) -> bool:
        """Do what is due in one round; say whether anything was. One whose key is lost is over, too."""
        stored = held.stored
        if stored is None:
            return False
        if RoundDays(over_on(stored)).is_over(now) or self._without_keys([stored]):
            self._end(held, stored.id)
            return True
        if stored.format == FORMAT and stored.result and stored.answers:
            self._destroy_answers(held, stored)
            return True
        return False

    def _without_keys(self, rounds: Sequence[RoundOutline | StoredRound]) -> set[str]:
        """Return the ids of those whose keys are lost.

        Where servers share a database, or the folder is not there, that is not known of any.
        """
        if not self._table.is_file:
            return set()
        try:
            return {one.id for one in rounds} - self._keys.session_ids()
        except OSError:
            return set()

    # Inside

    def _of_owner(self, held: LockedRound, now: datetime.datetime) -> StoredRound:
        stored = held.stored
        if stored is None or stored.format != FORMAT or RoundDays(over_on(stored)).is_over(now):
            raise refused("no-round", 404)
        return stored

    def _status(self, stored: StoredRound, now: datetime.datetime) -> RoundStatus:
        days = RoundDays(over_on(stored))
        if stored.result:
            return RoundStatus(days, RaterCounter.FIVE_OR_MORE.value, is_opened=True)
        counter = self._read_forms(stored)[1].counter(now)
        return RoundStatus(days, counter.value, is_opened=False)

    def _freeze(self, held: LockedRound, stored: StoredRound, secret: RoundSecret, now: datetime.datetime) -> None:
        """Make the result and store it; from then on the round is closed, and the result is what it is."""
        keys, forms = self._read_forms(stored)
        if forms.counter(now) is not RaterCounter.FIVE_OR_MORE:
            raise refused("too-few", 409)
        result = _result(stored.version, forms, now)
        new_keys = keys.after_close()
        self._keys.write(stored.id, new_keys, RoundDays(over_on(stored)).end)
        text = json.dumps(result, separators=(",", ":")).ljust(RESULT_LENGTH)
        held.update(key=new_keys.id, result=_result_cipher(new_keys, secret).encrypt(text, "result", stored.id))

    def _destroy_answers(self, held: LockedRound, stored: StoredRound) -> None:
        """Destroy the key of the answers, then the answers. Raises OSError where the key cannot be destroyed."""
        self._keys.destroy(stored.id, but=stored.key)
        if stored.answers:
            held.update(answers="")

    def _frozen_result(self, stored: StoredRound, secret: RoundSecret) -> RoundResult:
        keys = self._keys_of(stored)
        if keys is None:
            raise refused("no-round", 404)
        try:
            text = _result_cipher(keys, secret).decrypt(stored.result, "result", stored.id)
        except Unreadable:
            raise refused("no-round", 404) from None
        result: RoundResult = json.loads(text)
        return result

    def _end_early(self, round_id: str) -> None:
        """End a round before its days are over: first it is so for good, and whatever stops the rest, a sweep does."""
        with self._table.locked(round_id) as held:
            if held.stored:
                held.update(over_on=_LONG_OVER)
        with self._table.locked(round_id) as held:
            if held.stored:
                self._end(held, round_id)
        self._table.scrub()

    def _end(self, held: LockedRound, round_id: str) -> None:
        """Destroy all keys of a round, then the round."""
        self._keys.destroy(round_id)
        held.delete()

    def _keys_of(self, stored: StoredRound | None) -> SessionKeys | None:
        """Return the keys of a round, or None where they are lost. Raises OSError while their folder is away."""
        if stored is None or stored.format != FORMAT:
            return None
        keys = self._keys.read(stored.id, stored.key)
        if keys is None:
            self._keys.session_ids()
        return keys

    def _read_forms(self, stored: StoredRound | None) -> tuple[SessionKeys, RaterForms]:
        """Return the answers of a round that is still open, with their key; raises SessionRefused for any other."""
        keys = self._keys_of(stored)
        if stored is None or keys is None or not stored.answers or stored.result:
            raise refused("round-over", ROUND_OVER)
        try:
            return keys, RaterForms.from_text(Cipher(keys.contents).decrypt(stored.answers, "answers", stored.id))
        except (Unreadable, ValueError, KeyError, TypeError):
            raise refused("round-over", ROUND_OVER) from None


def _hash(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()


def _encrypted(keys: SessionKeys, round_id: str, forms: RaterForms) -> str:
    return Cipher(keys.contents).encrypt(forms.to_text(), "answers", round_id)


def _result_cipher(keys: SessionKeys, secret: RoundSecret) -> Cipher:
    """Return what encrypts a result: without the key's file nobody can read it, nor without the owner's secret."""
    return Cipher(hmac.digest(keys.contents, secret.derive("result").encode(), "sha256"))


def _result(version: int, forms: RaterForms, now: datetime.datetime) -> RoundResult:
    """Return what `course.privacy` releases of the forms."""
    released = release_forms([*forms.forms.values()], forms.codes)
    if isinstance(released, Suppressed):
        return {"moment": iso_stamp(now), "version": version, "raters": "", "statements": {}}
    return {
        "moment": iso_stamp(now),
        "version": version,
        "raters": released.raters.value,
        "statements": {
            code: {
                "average": statement.average,
                "middle_half": [*statement.middle_half] if statement.middle_half else None,
            }
            for code, statement in released.statements.items()
        },
    }
