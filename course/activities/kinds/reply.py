"""Write back to the trainer about the feedback on an exercise, once there is some."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import LONGEST_TEXT, Card, check_length
from course.activities.controls import Control, Counter
from course.content import read_texts
from course.content import words as say
from course.core.pages.web_edition import is_web_edition
from course.records.answers.answers import Answers
from course.records.reply import REPLY
from course.records.submissions import has_feedback, was_handed_in

ROOM = 1_000
"""For how many characters there is room; people may go over."""


def may_reply(answers: Answers) -> bool:
    """Say whether a learner may write back: in their own copy, once feedback is there or something is written.

    The web edition never sees the feedback, which opens on a page of its own: there it is once a hand-in file was made.
    """
    if answers.path is None or answers.kind != "exercise":
        return False
    if answers.get(REPLY) is not None:
        return True
    look = was_handed_in if is_web_edition() else has_feedback
    return look(answers.path.parent, answers.name)


class ReplyCard(Card):
    """Ask for nothing, and keep what a learner writes back with the answers, so that it goes with the next hand-in."""

    kind = "reply"
    asks = False

    def __init__(self, answers: Answers) -> None:
        super().__init__(REPLY, answers)

    @property
    def text(self) -> str:
        """What was written so far."""
        return self.value[:LONGEST_TEXT] if isinstance(self.value, str) else ""

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because no answer is asked for."""
        return self.body()

    def body(self) -> list[Control]:
        """Return who reads it and how it gets there, and the text box."""
        counter: Counter = {"unit": "characters", "say": read_texts().forms("card.characters", n="{n}")}
        return [
            controls.text("question", say("reply.question"), "question"),
            *controls.lead([say("reply.who"), say("reply.how")]),
            controls.area("text", say("reply.label"), self.text, most=ROOM, rows=4, count=counter),
        ]

    def change(self, control: str, value: object) -> None:
        """Take the text; an empty one takes the reply away."""
        if control == "text" and isinstance(value, str):
            self.save(check_length(value) if value.strip() else None)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the text, which is no answer."""
        return [(say("reply.question"), self.text)]
