"""The counts of a session: of each part that can be counted, the answers on phones and on paper cards.

`course.privacy` decides what of them may be on the wire. Whose answers are behind each picture is stored with the
session until it closes, with who had answered by then what asks the same, so that after a restart no later picture
differs from an earlier one by fewer people than the rules allow, and none is refused that they would have allowed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from course.content import words
from course.content.scales import NO_CHANCE, find_scale
from course.privacy.live_release import LiveQuestion
from course.privacy.release import Distribution, Release, ResponseType
from course.privacy.two_sources import TwoSourceQuestion
from course.workshop.rules.answers import LatestAnswers
from course.workshop.script.earlier_promises import RATINGS, published_ratings
from course.workshop.script.script import Script, ScriptQuestion
from course.workshop.view_parts import Shown
from course.workshop.wire import Answer

if TYPE_CHECKING:
    from course.workshop.rules.session_model import SessionState


class StoredPicture(TypedDict):
    """What is stored of what was shown of one part: all that decides on the next."""

    released: dict[str, int | str]
    """The answers behind it, by pseudonym or card."""
    touched: dict[str, dict[str, int]] | None
    """Who had answered which other part that asks the same before, with the latest revision; None if not known."""


def new_count(
    question: ScriptQuestion, after: TwoSourceQuestion | None = None, earlier: Sequence[Distribution] = ()
) -> TwoSourceQuestion:
    """Return the count of one part of a question.

    `after` is that of the same part asked before, `earlier` all that earlier sessions published of it.
    """
    if question.kind == "rate":
        return TwoSourceQuestion(ResponseType.rating(len(find_scale(question.scale).points)), after, earlier)
    return TwoSourceQuestion(ResponseType.vote(question.options), after)


def countable(answer: Answer | None) -> int | str | None:
    """Return an answer as it is counted; “Can't say” is not."""
    return None if isinstance(answer, dict) or answer == NO_CHANCE else answer


def shown(release: Release) -> Shown | None:
    """Return what `course.privacy` releases as the wire has it.

    >>> shown(ResponseType.rating().release([2, 3, 5, 6, 7]))
    {'counts': {'1–3': 2, '4': 0, '5–7': 3}, 'people': 5, 'in_bands': True}
    >>> shown(ResponseType.vote("AB").release("AAAA"))
    {'said': 'not-enough', 'option': ''}
    """
    if release is None:
        return None
    if isinstance(release, Distribution):
        counts = {str(answer): cell.count for answer, cell in release.counts.items()}
        return {"counts": counts, "people": release.people.count, "in_bands": release.in_bands}
    return {"said": release.key, "option": str(release.option)}


def notice_text(shown: Shown | None, options: Mapping[str, str]) -> str:
    """Return the sentence that stands for a picture, or nothing where there is a picture."""
    if shown is None or "said" not in shown:
        return ""
    return words(f"session.said-{shown['said']}", option=options.get(shown["option"], ""))


class SessionCounts:
    """The count of each part. `parts` says which parts a question has in this session."""

    def __init__(
        self,
        script: Script,
        state: SessionState,
        answers: LatestAnswers,
        parts: Callable[[ScriptQuestion], tuple[str, ...]],
    ) -> None:
        self._script, self._state, self._answers, self._parts = script, state, answers, parts
        self._counts: dict[str, TwoSourceQuestion] = {}
        self._stored_released: dict[str, dict[str, int | str]] = {}
        """By part, the answers behind the picture that is on disk."""
        self._last: dict[str, Shown] = {}
        """What is left of each part once the session is closed."""

    def count(self, part: str, question: ScriptQuestion, person: str, revision: int, answer: Answer | None) -> None:
        """Count an answer in place of an earlier one."""
        self._count(part, question).phones.take(person, countable(answer), revision)

    def remove(self, part: str, question: ScriptQuestion, revisions: Mapping[str, int]) -> frozenset[str]:
        """Take back a removed group's answers to a part where the rules let them leave; return whose.

        `revisions` has for each of the group who was asked the revision of that.
        """
        return self._count(part, question).phones.remove(revisions)

    def of_question(self, question: ScriptQuestion) -> list[TwoSourceQuestion]:
        """Return the counts of a question; none if its answers are text.

        So are those of sorted lines that are not there any more; not those of boundaries in former words.
        """
        if question.is_written:
            return []
        former = [part for part in self._counts if _slug(part) == question.slug and not question.lines]
        return [self._count(part, question) for part in dict.fromkeys([*self._parts(question), *former])]

    def published(self, part: str, question: ScriptQuestion) -> Shown | None:
        """Return what may be sent of one part's count."""
        return self._last[part] if part in self._last else shown(self._count(part, question).published)

    # Pictures

    def new_pictures(self) -> dict[str, StoredPicture]:
        """Return whose answers are in each picture that has grown, to be stored before the picture is sent."""
        for question in self._script.questions():
            if self._state.question(question.slug).is_shown:
                for count in self.of_question(question):
                    count.update()
        names = {source: name for name, source in self._sources().items()}
        self._state.refused = sorted(name for source, name in names.items() if source.is_refused)
        return {
            part: {"released": dict(count.released), "touched": _touched(count, names)}
            for part, count in self._counts.items()
            if count.released and self._stored_released.get(part) != count.released
        }

    def _sources(self) -> dict[str, LiveQuestion]:
        """Return the phones and the cards of each part by a name."""
        phones = {part: count.phones for part, count in self._counts.items()}
        return phones | {_cards_of(part): count.cards for part, count in self._counts.items()}

    def pictures_saved(self, new: Mapping[str, StoredPicture]) -> None:
        """Note that these pictures are on disk."""
        self._stored_released |= {part: picture["released"] for part, picture in new.items()}

    # Paper

    def leaves_out_cards(self, question: ScriptQuestion) -> bool:
        """Say whether cards of a question were counted that are not in a picture of it that is shown."""
        parts = [part for part in self._parts(question) if any(self._state.paper.get(part, {}).values())]
        counts = [self._count(part, question) for part in parts]
        return any(count.published is not None and count.leaves_out(count.cards) for count in counts)

    def put_paper(self, question: ScriptQuestion, part: str, tally: Mapping[str, int]) -> None:
        """Count the cards of a part, in place of those counted before."""
        if part in self._state.paper:
            self._state.earlier_paper.setdefault(part, []).append(self._state.paper[part])
        former = self._state.paper.get(part, {})
        self._state.paper[part] = dict(tally)
        _take_cards(self._count(part, question).cards, _cards(question, former), _cards(question, tally))

    # Restart and end

    def recount(self, stored: Mapping[str, Any]) -> None:
        """Count what the store had, going on from the pictures that were seen."""
        pictures = {part: _read_picture(picture) for part, picture in stored.items()}
        parts = {*self._answers.parts(), *pictures, *self._state.paper}
        asked = [
            (part, question)
            for question in self._script.questions()
            if not question.is_written
            for part in sorted({*self._parts(question), *(part for part in parts if _slug(part) == question.slug)})
        ]
        for part, question in asked:
            self._take_again(part, question)
        sources = self._sources()
        for part, question in asked:
            self._resume(part, question, pictures.get(part, {"released": {}, "touched": None}), sources)
        for count in self._counts.values():
            count.update()
        self._stored_released = {part: picture["released"] for part, picture in pictures.items()}

    def _take_again(self, part: str, question: ScriptQuestion) -> None:
        """Take in all answers and cards of a part, with how often each of them was another one before."""
        count = self._count(part, question)
        count.reopen()
        for person, (revision, answer) in self._answers.of(part).items():
            count.phones.take(person, countable(answer), revision)
        former: Mapping[str, int] = {}
        for tally in (*self._state.earlier_paper.get(part, ()), self._state.paper.get(part, {})):
            _take_cards(count.cards, _cards(question, former), _cards(question, tally))
            former = tally

    def _resume(
        self, part: str, question: ScriptQuestion, picture: StoredPicture, sources: Mapping[str, LiveQuestion]
    ) -> None:
        state, on_phones = self._state.question(question.slug), self._answers.of(part)
        is_former = part not in self._parts(question) and bool(question.lines)
        touched = picture["touched"]
        for name in (part, _cards_of(part)):
            sources[name].resume(
                {
                    person: answer
                    for person, answer in picture["released"].items()
                    if (person in on_phones) == (name == part)
                },
                None if touched is None else {sources[other]: touches for other, touches in touched.items()},
                is_open=state.phase != "closed" and not is_former,
                is_revealed=state.is_shown and not is_former,
                is_refused=name in self._state.refused,
            )

    def restore_closed(self, totals: Mapping[str, Shown]) -> None:
        """Take back in what is left of a closed session."""
        self._last = dict(totals)

    def forget_people(self) -> dict[str, Shown]:
        """Forget who answered; return what is left: by part, what was shown."""
        last = {part: shown(count.published) for part, count in self._counts.items()}
        self._last |= {part: total for part, total in last.items() if total}
        self._counts.clear()
        self._stored_released.clear()
        return self._last

    def _count(self, part: str, question: ScriptQuestion) -> TwoSourceQuestion:
        """Return the count of one part; of what is asked again, or in other words, it goes on from the first time."""
        if part not in self._counts:
            earlier = self._script.question(question.same_as)
            before = part.replace(question.slug, question.same_as, 1) if earlier else ""
            after = self._count(before, earlier) if earlier and before in self._parts(earlier) else None
            if question.lines and (former := former_wordings(part)):
                after = self._count(former[-1], question)
            self._counts[part] = new_count(question, after, self._published_earlier(part, question))
            if self._state.question(question.slug).phase == "closed":
                self._counts[part].close()
        return self._counts[part]

    def _published_earlier(self, part: str, question: ScriptQuestion) -> list[Distribution]:
        """Return what is known of a part of the totals that earlier sessions published."""
        record = self._script.earlier
        if record is None or question.source != RATINGS:
            return []
        return published_ratings(record, part.partition(".")[2], question.scale)


def former_wordings(part: str) -> list[str]:
    """Return the parts by which a boundary was answered to in former words, the first one first.

    >>> former_wordings("drafts.sources.2"), former_wordings("drafts.sources")
    (['drafts.sources', 'drafts.sources.1'], [])
    """
    slug, line, number = [*part.split("."), "", ""][:3]
    return [f"{slug}.{line}{f'.{former}' if former else ''}" for former in range(int(number or 0))]


def _slug(part: str) -> str:
    """Return the slug of the question that a part belongs to."""
    return part.partition(".")[0]


def _touched(count: TwoSourceQuestion, names: Mapping[LiveQuestion, str]) -> dict[str, dict[str, int]]:
    """Return who had answered which other part when the picture of one was made, by phone and by card."""
    both = {**count.phones.touched_before, **count.cards.touched_before}
    return {names[source]: dict(touches) for source, touches in both.items()}


def _read_picture(stored: Mapping[str, Any]) -> StoredPicture:
    """Return a picture as it was stored: in earlier versions, the answers behind it alone."""
    if isinstance(stored.get("released"), Mapping):
        return {"released": dict(stored["released"]), "touched": stored["touched"]}
    return {"released": dict(stored), "touched": None}


def _cards_of(part: str) -> str:
    """Return what the cards of a part are called where phones go by the part alone."""
    return f"{part} cards"


def _cards(question: ScriptQuestion, tally: Mapping[str, int]) -> dict[str, Answer]:
    """Return each card of a tally by a name of its own, which it keeps where more cards are counted later."""
    cards: dict[str, Answer] = {}
    for value, many in tally.items():
        answer = int(value) if question.kind == "rate" and value.isdecimal() else value
        cards |= {_name_of_card(value, number): answer for number in range(many)}
    return cards


def _take_cards(cards: LiveQuestion, before: Mapping[str, Answer], now: Mapping[str, Answer]) -> None:
    """Count the cards of a tally in place of those of an earlier one."""
    for card in before.keys() - now.keys():
        cards.take(card, None)
    for card in now.keys() - before.keys():
        cards.take(card, countable(now[card]))


def _name_of_card(answer: str, number: int) -> str:
    """Return a name that lies among the pseudonyms of phones as if by chance."""
    return hashlib.blake2b(f"{answer} {number}".encode(), digest_size=16).hexdigest()
