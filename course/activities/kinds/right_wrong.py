"""How a card says which parts of an answer are right: in words, with a sign, and in a colour.

Only questions whose words mark what is right are told so; a question of opinion never is.
"""

from __future__ import annotations

from dataclasses import dataclass

from course.activities import controls
from course.activities.controls import Button, Control, Tone
from course.content import words as say


@dataclass(frozen=True)
class Note:
    """What stands under a part of a question."""

    words: str = ""
    tone: Tone = "feedback"


def judged(is_right: bool, feedback: str = "") -> Note:
    """Return what stands under a part: whether it is right, then what the course says of it.

    >>> judged(True, "People can plan."), judged(False)
    (Note(words='**Right.** People can plan.', tone='right'), Note(words='**Not right.**', tone='wrong'))
    """
    verdict = say("right-wrong.right" if is_right else "right-wrong.wrong")
    return Note(f"**{verdict}** {feedback}".strip(), "right" if is_right else "wrong")


def right_answer(feedback: str) -> Note:
    """Return what stands under the right option where another one was chosen."""
    return Note(f"**{say('right-wrong.answer')}** {feedback}".strip(), "right")


def told(words: str) -> Control:
    """Return the line below the parts, which says how many are right. It is read out once."""
    return controls.text("told", words, "question", live=True)


def retry_button(control: str) -> Button:
    """Return the button for another try; the focus then goes to that control."""
    return controls.button("retry", say("button.retry"), main=True, leads_to=control)


def answers_button() -> Button:
    """Return the button that shows what is right."""
    return controls.button("all", say("button.show-answers"))
