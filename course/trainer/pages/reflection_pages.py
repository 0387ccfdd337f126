"""The formgrader's pages for many hand-ins: the next reflection that waits, what comes after the last, and replies.

They stand beside nbgrader's own pages, at addresses that it does not have.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from nbgrader.api import MissingEntry
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, BaseHandler, check_notebook_dir, check_xsrf
from tornado import web

from course.content import read_texts, trainer_words
from course.content.lessons import find_lesson
from course.core.errors import CourseError, UnknownLesson
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Markup
from course.core.pages.templates import template_environment
from course.trainer.course_directory import Coursework
from course.trainer.reflections.command import plan_blank
from course.trainer.reflections.replies import Reply, all_replies, find_reply, mark_read, number_unread
from course.trainer.reflections.waiting import (
    MarkedHandIn,
    has_no_words,
    mark_together,
    marked_hand_ins,
    next_waiting,
    reflection_of,
)

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).parent.parent / "templates" / "formgrade"
DESK: Final = "lab/tree/notebooks/for-trainers.ipynb"
"""The trainers' page, by its way from the server's own address."""


def for_the_trainer(get: Callable[..., Any]) -> Any:
    """Let only whoever is signed in ask, and only where there is a course directory, as nbgrader's pages do."""
    return web.authenticated(check_xsrf(check_notebook_dir(get)))


class ReflectionHandler(BaseHandler):
    """What the pages share."""

    @property
    def coursework(self) -> Coursework:
        """The course directory that the formgrader shows."""
        return Coursework(Path(self.coursedir.root))

    def hand_ins(self, assignment: str) -> list[MarkedHandIn]:
        """Return the marked hand-ins of an exercise; a 404 where the gradebook has no such exercise."""
        try:
            self.gradebook.find_assignment(assignment)
        except MissingEntry:
            raise web.HTTPError(404) from None
        return marked_hand_ins(self.coursework, self.gradebook, assignment)

    def assignment_of(self, submission: str) -> str:
        """Return the exercise of a hand-in; a 404 where there is no such hand-in."""
        try:
            return str(self.gradebook.find_submission_notebook_by_id(submission).assignment.assignment.name)
        except MissingEntry:
            raise web.HTTPError(404) from None

    def open_next(self, assignment: str, current: str = "", *, backwards: bool = False) -> None:
        """Lead to the next hand-in that waits, or to the page that says that none does."""
        found = next_waiting(self.hand_ins(assignment), current, backwards=backwards)
        page = f"submissions/{found}/" if found else f"reflections/{quote(assignment, safe='')}/read"
        self.redirect(f"{self.base_url}/formgrader/{page}")


class FirstWaitingHandler(ReflectionHandler):
    """Leads to the first hand-in of an exercise that waits."""

    @for_the_trainer
    def get(self, assignment: str) -> None:
        """Lead there."""
        self.open_next(assignment)


class NextWaitingHandler(ReflectionHandler):
    """Leads from a hand-in to the next one that waits, or to the one before."""

    @for_the_trainer
    def get(self, submission: str, direction: str) -> None:
        """Lead there."""
        self.open_next(self.assignment_of(submission), submission, backwards=direction == "previous")


class WaitingCountHandler(ReflectionHandler, BaseApiHandler):
    """Says how many reflections of the same exercise wait, and whether nothing is written in this one, as JSON.

    {"said": a sentence, "blank": true or false}
    """

    @for_the_trainer
    def get(self, submission: str) -> None:
        """Say it."""
        assignment = self.assignment_of(submission)
        hand_ins = self.hand_ins(assignment)
        here = next((one for one in hand_ins if one.id == submission and one.is_waiting), None)
        is_blank = here is not None and has_no_words(self.coursework, assignment, here.learner)
        self.write({"said": waiting_sentence(hand_ins, submission), "blank": is_blank})


class AllReadHandler(ReflectionHandler):
    """The page after the last reflection of an exercise: what comes next."""

    @for_the_trainer
    def get(self, assignment: str) -> None:
        """Show it."""
        waiting = {name: self._waiting(name) for name in self.coursework.assignments.values()}
        here = f"{self.base_url}/formgrader"
        page = page_templates().get_template("all-read.html.j2")
        self.write(
            page.render(
                assignment=assignment,
                exercise=exercise_name(assignment),
                total=len(self.hand_ins(assignment)),
                waiting=waiting.pop(assignment, 0),
                replies=number_unread(self.coursework),
                others=[(name, exercise_name(name), n) for name, n in waiting.items() if n],
                here=here,
                desk=f"{self.base_url}/{DESK}",
                **page_values(),
            )
        )

    def _waiting(self, assignment: str) -> int:
        return sum(one.is_waiting for one in marked_hand_ins(self.coursework, self.gradebook, assignment))


class BlankHandler(ReflectionHandler):
    """The page on which blank reflections are marked together."""

    @for_the_trainer
    def get(self, assignment: str) -> None:
        """Show whose they are, and what they would get."""
        self._show(assignment)

    @for_the_trainer
    def post(self, assignment: str) -> None:
        """Mark those that were chosen and are blank still, and show the page with what came of it."""
        self.hand_ins(assignment)
        learners = self.get_arguments("learner")
        try:
            marks = float(self.get_argument("marks"))
            done = mark_together(self.coursework, assignment, learners, marks, self.get_argument("comment", ""))
        except ValueError:
            raise web.HTTPError(400) from None
        except CourseError as error:
            self._show(assignment, [error.message, error.hint])
            return
        counts = (("page-marked", len(done.marked)), ("page-left", len(done.left)))
        self._show(assignment, [trainer_words(f"blank.{key}", n=n) for key, n in counts if n])

    def _show(self, assignment: str, said: Sequence[str] = ()) -> None:
        self.hand_ins(assignment)
        plan, reflection = plan_blank(self.coursework, assignment), reflection_of(self.coursework, assignment)
        if plan is None or reflection is None:
            raise web.HTTPError(404)
        page = page_templates().get_template("blank.html.j2")
        self.write(
            page.render(
                assignment=assignment,
                exercise=exercise_name(assignment),
                plan=plan,
                levels=reflection.rubric.levels,
                has_marks=self.coursework.cohort.marks,
                people=dict(self._people()),
                said=said,
                here=f"{self.base_url}/formgrader",
                xsrf=Markup(self.xsrf_form_html()),
                **page_values(),
            )
        )

    def _people(self) -> Iterator[tuple[str, str]]:
        """Yield the id of everyone in the gradebook, with the name where there is one."""
        for student in self.gradebook.students:
            name = " ".join(filter(None, (student.first_name, student.last_name)))
            yield student.id, f"{name} ({student.id})" if name else student.id


def waiting_sentence(hand_ins: list[MarkedHandIn], current: str) -> str:
    """Return how many of these wait, in words."""
    waiting = [one.id for one in hand_ins if one.is_waiting]
    if waiting == [current]:
        return trainer_words("reflections.only-this", total=len(hand_ins))
    key = "waiting" if waiting else "none-waits"
    return trainer_words(f"reflections.{key}", n=len(waiting), total=len(hand_ins))


def exercise_name(assignment: str) -> str:
    """Return how people know an exercise.

    >>> exercise_name("repair"), exercise_name("no-exercise-of-the-course")
    ('4. When trust is broken', 'no-exercise-of-the-course')
    """
    try:
        lesson = find_lesson(assignment)
    except UnknownLesson:
        return assignment
    return f"{lesson.number}. {lesson.title}"


def page_values() -> dict[str, object]:
    """Return what every page of the formgrader that is the course's own is given."""
    return {
        "language": read_texts("trainer.toml").language,
        "style": Markup(stylesheet(FOLDER / "marking.css")),
        "say": trainer_words,
    }


@functools.cache
def page_templates() -> Environment:
    """Return the environment of the templates of these pages."""
    return template_environment(FOLDER)


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


HANDLERS: Final = [
    (r"/formgrader/reflections/([^/]+)/?", FirstWaitingHandler),
    (r"/formgrader/reflections/([^/]+)/read/?", AllReadHandler),
    (r"/formgrader/reflections/([^/]+)/blank/?", BlankHandler),
    (r"/formgrader/submissions/([^/]+)/(next|previous)-waiting/?", NextWaitingHandler),
    (r"/formgrader/submissions/([^/]+)/waiting/?", WaitingCountHandler),
    (r"/formgrader/replies/?", RepliesHandler),
]
"""The addresses of the pages, as nbgrader writes its own."""
