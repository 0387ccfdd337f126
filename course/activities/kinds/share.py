"""Share ratings from the learner's own journal with their trainer: off until they have seen what would be sent."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Button, Control
from course.content import words as say
from course.core.errors import BadWords
from course.records.answers.answers import Answers
from course.records.habit_check import HabitCheck, journal_habit_check, read_habit_check
from course.records.journal import Journal, rating_places


class Share(Card):
    """Ask whether the ratings of one moment may go with the hand-in.

    They are kept as numbers, null where there is none, with the version of the questions.
    What was listed on the card is what is shared, whatever the journal says a moment later.
    Without a journal (while nbgrader marks, and in `source/`) there is nothing to list.
    """

    kind = "share"
    saved = "share.done"
    asks = False

    def __init__(self, key: str, answers: Answers, moment: str, journal: Journal | None) -> None:
        super().__init__(key, answers)
        if moment not in rating_places():
            raise BadWords(f"“{key}”: there is no rating “{moment}”.", f"Use one of: {', '.join(rating_places())}.")
        self.moment = moment
        self.journal = journal
        self._listed: HabitCheck | None = None

    @property
    def shared(self) -> HabitCheck | None:
        """What goes with the next hand-in, or None."""
        return read_habit_check(self.value)

    @property
    def rated(self) -> HabitCheck | None:
        """What the journal says now, or None where nothing was rated."""
        page = self._page()
        return journal_habit_check(page.get(rating_places()[self.moment][1])) if page else None

    def _page(self) -> Answers | None:
        """Return the page of the journal with these ratings, as it is on disk now."""
        return Journal(self.journal.folder).page(rating_places()[self.moment][0]) if self.journal else None

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because nothing is shared unless asked for."""
        return [*self.body(), controls.buttons("buttons", self.actions())]

    def body(self) -> list[Control]:
        """Return what would be sent and to whom, how it stands, and the list once it was asked for."""
        label = [say("synthetic.label")] if self.journal and self.journal.is_synthetic else []
        return [
            controls.text("question", say("share.question", what=say(f"share.{self.moment}")), "question"),
            *controls.lead([*label, say("share.what"), say("share.who"), say("share.back")]),
            *self._problem(),
            controls.text("state", say(f"share.{self._state()}"), "feedback", live=True),
            *([self._list(self._listed)] if self._listed else []),
        ]

    def _problem(self) -> list[Control]:
        page = self._page()
        return [controls.text("problem", page.problem.message, "warning")] if page and page.problem else []

    def _state(self) -> str:
        """Return `none`, `off`, `on`, `older` or `gone`: how what is shared compares with the journal."""
        rated, shared = self.rated, self.shared
        if shared is None:
            return "none" if rated is None else "off"
        if rated is None:
            return "gone"
        return "on" if rated == shared else "older"

    def _list(self, listed: HabitCheck) -> Control:
        shared = self.shared
        before = shared.ratings if shared and shared.version == listed.version else None
        rows: list[Control] = []
        if shared and before is None:
            rows.append(controls.text("earlier", say("share.other-version")))
        for place, (item, answer) in enumerate(zip(listed.scale.items, listed.ratings, strict=True)):
            label = _label(listed, answer)
            if before and before[place] != answer:
                label = say("share.other", new=label, old=_label(listed, before[place]))
            rows.append(controls.text(f"row-{item.code}", say("share.row", statement=item.text, answer=label)))
        return controls.group("list", say("share.listed" if listed == shared else "share.would"), rows)

    def actions(self) -> list[Button]:
        """Return the next steps: look, then share; or stop."""
        shared = self.shared
        row = []
        if self._listed is None:
            row.append(controls.button("show", say("share.show" if self._state() != "on" else "share.show-shared")))
        else:
            if self._listed != shared:
                row.append(
                    controls.button("share", say("share.share" if shared is None else "share.update"), main=True)
                )
            row.append(controls.button("close", say("share.close")))
        if shared is not None:
            row.append(controls.button("stop", say("share.stop")))
        return row

    def change(self, control: str, value: object) -> None:
        """Take nothing: this card has buttons only."""

    def press(self, button: str) -> None:
        """List what would be shared, close the list, share what is listed, or stop sharing."""
        with self.answers.newest():
            if button == "show":
                self._listed = self.rated or self.shared
            elif button == "share" and self._listed is not None:
                self.save(self._listed.to_json())
                self._listed = None
            elif button == "stop":
                self.save(None)
                self._listed = None
            elif button == "close":
                self._listed = None

    @property
    def heading(self) -> str:
        """What the line of the answer is about."""
        return say("share.shared")

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return whether the ratings are shared, and none of them."""
        return [(say(f"share.{self.moment}"), say("share.no" if self.shared is None else "share.yes"))]


def _label(check: HabitCheck, answer: int | None) -> str:
    return say("share.empty") if answer is None else check.scale.points[answer - 1]
