"""What a phone may answer, checked and cleaned to plain data; and of each part and phone the latest answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from course.content.scales import find_scale
from course.core.errors import RatingOutOfRange
from course.privacy.live_release import rounded_down
from course.workshop.errors import refused
from course.workshop.plain_text import clean_text
from course.workshop.script.script import ScriptQuestion
from course.workshop.wire import Answer, OwnAnswer

MOST_REVISIONS: Final = 10**9


def check_answer(question: ScriptQuestion, value: object) -> Answer | None:
    """Return an answer as it is stored, or None for Skip; raise SessionRefused for anything else.

    >>> check_answer(ScriptQuestion("leak", "vote", "What first?", options={"A": "Ask", "B": "Wait"}), "A")
    'A'
    """
    if value is None:
        return None
    if question.kind == "rate":
        return _rating(question, value)
    if question.kind in ("vote", "keep", "sort", "promises"):
        if isinstance(value, str) and value in question.options:
            return value
        raise refused("not-an-option")
    if question.fields:
        return _texts(question, value)
    text = clean_text(value, question.most)
    if not text:
        raise refused("empty")
    return text


def _rating(question: ScriptQuestion, value: object) -> Answer:
    """Return a rating or “Can't say”, also as a form sends it."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 3 else value
    try:
        find_scale(question.scale).check(number)
    except RatingOutOfRange:
        raise refused("not-an-option") from None
    return number if isinstance(number, int | str) else ""


def _texts(question: ScriptQuestion, value: object) -> Answer:
    """Return the texts by field; of a commitment that stays private, no text at all."""
    allowed = {*question.fields, *(("show",) if question.kind == "commitment" else ())}
    if not isinstance(value, Mapping) or not set(value) <= allowed:
        raise refused("not-a-form")
    if question.kind == "commitment":
        if not isinstance(value.get("show"), bool):
            raise refused("not-a-form")
        if not value["show"]:
            return {"show": False}
    texts = {name: clean_text(value.get(name, ""), question.most) for name in question.fields}
    if not any(texts.values()):
        raise refused("empty")
    return {**texts, "show": True} if question.kind == "commitment" else {**texts}


def check_revision(value: object) -> int:
    """Return a revision number, or raise SessionRefused."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < MOST_REVISIONS:
        raise refused("no-revision")
    return value


def to_json(value: object) -> str:
    """Return plain data as short JSON, the same for the same data."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


LatestAnswer = tuple[int, Answer | None]
"""A phone's latest revision of one part, and its answer."""


class LatestAnswers:
    """The answers that are on disk, by part and pseudonym. An older revision that arrives late changes nothing."""

    def __init__(self) -> None:
        self._by_part: dict[str, dict[str, LatestAnswer]] = {}

    def put(self, part: str, person: str, revision: int, answer: Answer | None) -> bool:
        """Take in an answer; say whether it is newer than what there was."""
        answers = self._by_part.setdefault(part, {})
        known = answers.get(person)
        if known and revision <= known[0]:
            return False
        answers[person] = (revision, answer)
        return True

    def of(self, part: str) -> Mapping[str, LatestAnswer]:
        """Return the answers to one part, by pseudonym."""
        return self._by_part.get(part, {})

    def parts(self) -> set[str]:
        """Return the parts that have answers."""
        return set(self._by_part)

    def revision(self, part: str, person: str) -> int:
        """Return the latest revision that a phone has sent of one part; 0 for none."""
        return self.of(part).get(person, (0, None))[0]

    def of_phone(self, person: str) -> dict[str, OwnAnswer]:
        """Return one phone's own answers by part."""
        return {
            part: {"revision": answers[person][0], "answer": answers[person][1]}
            for part, answers in self._by_part.items()
            if person in answers
        }

    def people(self, parts: Iterable[str]) -> int:
        """Return how many phones have answered or passed some of these parts, in steps of five."""
        return rounded_down(len({person for part in parts for person in self.of(part)}))

    def forget(self) -> None:
        """Forget them all."""
        self._by_part.clear()
