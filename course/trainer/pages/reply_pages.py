"""The formgrader's page of replies: what learners wrote back about their feedback, to read and to mark as read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from course.core.html import Markup
from course.trainer.pages.reflection_pages import (
    ReflectionHandler,
    exercise_name,
    for_the_trainer,
    page_templates,
    page_values,
)
from course.trainer.reflections.replies import Reply, all_replies, find_reply, mark_read


@dataclass(frozen=True)
class ShownReply:
    """A reply with the hand-in that it came with, as the formgrader numbers it: whose it is stands on its page."""

    reply: Reply
    id: str
    """Nbgrader's id of the hand-in's notebook."""
    number: int

    @property
    def exercise(self) -> str:
        """How people know the exercise."""
        return exercise_name(self.reply.exercise)


class RepliesHandler(ReflectionHandler):
    """The page of all replies, those first that nobody has read."""

    @for_the_trainer
    def get(self) -> None:
        """Show them."""
        self._show()

    @for_the_trainer
    def post(self) -> None:
        """Keep that one was read, if it is still the one that was shown, and show the others."""
        submission, digest = self.get_argument("hand-in"), self.get_argument("reply")
        slug = self.assignment_of(submission)
        learner = str(self.gradebook.find_submission_notebook_by_id(submission).student.id)
        reply = find_reply(self.coursework, slug, learner)
        is_same = reply is not None and reply.digest == digest
        if reply and is_same:
            mark_read(self.coursework, reply)
        self._show("replies.marked" if is_same else "replies.changed")

    def _show(self, said: str = "") -> None:
        shown = self._replies()
        self.write(
            page_templates()
            .get_template("replies.html.j2")
            .render(
                unread=[one for one in shown if not one.reply.is_read],
                read=[one for one in shown if one.reply.is_read],
                said=said,
                here=f"{self.base_url}/formgrader",
                xsrf=Markup(self.xsrf_form_html()),
                **page_values(),
            )
        )

    def _replies(self) -> list[ShownReply]:
        replies = all_replies(self.coursework)
        shown = []
        for slug in dict.fromkeys(reply.exercise for reply in replies):
            hand_ins = self.hand_ins(slug)
            places = {one.learner: (one.id, number) for number, one in enumerate(hand_ins, 1)}
            shown += [
                ShownReply(reply, *places[reply.learner])
                for reply in replies
                if reply.exercise == slug and reply.learner in places
            ]
        return shown


HANDLERS: Final = [(r"/formgrader/replies/?", RepliesHandler)]
"""The address of the page, as nbgrader writes its own."""
