"""The answers that are on disk: of each part and phone the latest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from course.privacy.live_release import rounded_down
from course.workshop.answer_rules import Answer

Reply = tuple[int, Answer | None]
"""A phone's latest revision of one part, and its answer."""


class KeptAnswers:
    """By part and pseudonym. An older revision that arrives late changes nothing."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, Reply]] = {}

    def put(self, part: str, person: str, number: int, answer: Answer | None) -> bool:
        """Take in an answer; say whether it is newer than what there was."""
        replies = self._of.setdefault(part, {})
        known = replies.get(person)
        if known and number <= known[0]:
            return False
        replies[person] = (number, answer)
        return True

    def of(self, part: str) -> Mapping[str, Reply]:
        """Return what there is of one part, by pseudonym."""
        return self._of.get(part, {})

    def parts(self) -> set[str]:
        """Return the parts of which there is any."""
        return set(self._of)

    def revision(self, part: str, person: str) -> int:
        """Return the latest revision that a phone has given of one part."""
        return self.of(part).get(person, (0, None))[0]

    def mine(self, person: str) -> dict[str, dict[str, Any]]:
        """Return one phone's own answers by part."""
        return {
            part: {"revision": replies[person][0], "answer": replies[person][1]}
            for part, replies in self._of.items()
            if person in replies
        }

    def people(self, parts: Iterable[str]) -> int:
        """Return how many phones have answered or passed some of these parts, in steps of five."""
        return rounded_down(len({person for part in parts for person in self.of(part)}))

    def forget(self) -> None:
        """Forget them all."""
        self._of.clear()
