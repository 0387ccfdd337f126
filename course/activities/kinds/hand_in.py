"""Make the hand-in file of an exercise, and offer it as a download."""

from __future__ import annotations

import io
from pathlib import Path

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control
from course.activities.open_questions import open_questions
from course.content import row_of, say_day, say_time
from course.content import words as say
from course.core import names, storage
from course.core.archive import LARGEST
from course.core.errors import BadHandIn, BadLearnerId, BadNotebook
from course.core.notebooks import read_notebook
from course.core.pages.web_edition import is_web_edition
from course.records import submission_file
from course.records.answers.answers import Answers
from course.records.learner_id import check_learner_id, configured_learner_id, save_learner_id, saved_learner_id
from course.records.reply import differs_in_reply_alone


class HandInCard(Card):
    """Ask for the learner's id once, make the file and say what is in it; nothing is kept among the answers."""

    kind = "hand-in"
    asks = False
    shows_page = True

    def __init__(self, key: str, answers: Answers) -> None:
        super().__init__(key, answers)
        self._set, self._trouble = "", ""
        try:
            self._set = configured_learner_id()
        except BadLearnerId as error:
            self._trouble = f"{error.message} {error.hint}"
        self._typed = self._set or saved_learner_id()

    @property
    def folder(self) -> Path | None:
        """The exercise's folder in a learner's copy, or None where answers are not kept beside a notebook."""
        return self.answers.path.parent if self.answers.path and self.answers.kind == "exercise" else None

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because no answer is asked for."""
        if self.folder is None:
            return [controls.text("memory", say("hand-in.memory"), "help")]
        notice = [controls.text("notice", self.notice, "warning", live=True)] if self.notice else []
        file_controls = self._file_controls(self.folder)
        label = say("hand-in.make-again" if file_controls else "hand-in.make")
        make = controls.button("make", label, main=not any(control.get("main") for control in file_controls))
        return [*self.body(), *notice, *file_controls, controls.buttons("buttons", [make])]

    def body(self) -> list[Control]:
        """Return what goes in, and the learner's id."""
        return [
            controls.text("question", say("hand-in.question"), "question"),
            *controls.lead([say("hand-in.what")]),
            *([controls.text("trouble", self._trouble, "warning")] if self._trouble else []),
            self._id(),
        ]

    def _id(self) -> Control:
        if self._set:
            return controls.text("learner-set", say("hand-in.learner-set", learner=self._set))
        hint = say("hand-in.learner-hint")
        return controls.line("learner", say("hand-in.learner"), self._typed, most=0, hint=hint)

    def _file_controls(self, folder: Path) -> list[Control]:
        """Return the state of the file that was made last, and its download; nothing where there is none."""
        path = folder / submission_file.file_name(self.answers.name)
        try:
            data = storage.read_whole(path, largest=LARGEST)
            file = submission_file.read(io.BytesIO(data))
        except (OSError, storage.Unusable, BadHandIn):
            return []
        state, name = self._state(file), path.name
        back = [say("hand-in.feedback")] if is_web_edition() else []  # on a computer, the start page leads to it
        lines = [say("hand-in.where", name=name, folder=folder), *self._gaps(folder), *back]
        label, is_main = say("hand-in.download", name=name), state == "ready"
        return [
            controls.text("made", self._status_line(state, file), "feedback", live=True),
            *controls.lead(lines, "made"),
            controls.download("download", label, name, data, "application/zip", main=is_main),
        ]

    def _state(self, file: submission_file.SubmissionFile) -> str:
        """Return `ready`, `changed`, `reply-new` or `other-learner`: how a file compares with answers, reply and id."""
        if self._typed.strip() not in ("", file.learner):
            return "other-learner"
        kept, packed = self._kept(), file.contents[submission_file.ANSWERS]
        if kept == packed:
            return "ready"
        return "reply-new" if differs_in_reply_alone(kept, packed, self.answers.name) else "changed"

    def _status_line(self, state: str, file: submission_file.SubmissionFile) -> str:
        local = file.time.astimezone()
        return say(f"hand-in.{state}", day=say_day(local.date()), time=say_time(local), learner=file.learner)

    def _kept(self) -> bytes | None:
        """Return the file of answers as it is now."""
        assert self.answers.path
        try:
            return self.answers.path.read_bytes()
        except OSError:
            return None

    def _gaps(self, folder: Path) -> list[str]:
        """Return a line on the questions that have no answer, or a part of it missing."""
        try:
            notebook = read_notebook(folder / names.notebook_name(self.answers.name))
        except (OSError, BadNotebook):
            return []
        missing = [question.title for question in open_questions(notebook, self.answers)]
        return [say("hand-in.gaps", questions=row_of(missing))] if missing else []

    def change(self, control: str, value: object) -> None:
        """Take the id, and keep it if it is one."""
        if control != "learner" or not isinstance(value, str) or self._set:
            return
        self._typed = value
        if self._typed.strip():
            save_learner_id(self._typed)

    def press(self, button: str) -> None:
        """Make the file, or say what to do first."""
        self.notice = ""
        if button != "make" or self.folder is None:
            return
        try:
            learner = check_learner_id(self._typed)
        except BadLearnerId:
            self.notice = say("hand-in.id-first")
            return
        try:
            submission_file.make(self.folder, self.answers.name, learner)
        except BadHandIn as error:
            self.notice = f"{error.message} {error.hint}"

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return nothing: this card asks no question."""
        return []
