"""Share ratings from the learner's own journal with their trainer: off until they have seen what would be sent."""

from __future__ import annotations

from typing import Final

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Button, Control
from course.content import words as say
from course.content.scales import find_scale, read_ratings
from course.core.errors import BadWords
from course.records.answers import Answers
from course.records.journal import Journal, rating_places

Ratings = list[int | None]
"""An answer to each statement in screen order, None where there is none."""
_SCALE: Final = "habits"


class Share(Card):
    """Ask whether the ratings of one moment may go with the hand-in; kept as numbers, null where there is none.

    What was listed on the card is what is shared, whatever the journal says a moment later.
    Without a journal (while nbgrader marks, and in `source/`) there is nothing to list.
    """

    kind = "share"
    saved = "share.done"

    def __init__(self, key: str, answers: Answers, moment: str, journal: Journal | None) -> None:
        super().__init__(key, answers)
        if moment not in rating_places():
            raise BadWords(f"“{key}”: there is no rating “{moment}”.", f"Use one of: {', '.join(rating_places())}.")
        self.moment = moment
        self.journal = journal
        self.scale = find_scale(_SCALE)
        self._listed: Ratings | None = None

    @property
    def shared(self) -> Ratings | None:
        """What goes with the next hand-in, or None."""
        return self._valid(self.value)

    @property
    def rated(self) -> Ratings | None:
        """What the journal says now, or None where nothing was rated."""
        page = self._page()
        ratings = read_ratings(self.scale, page.get(rating_places()[self.moment][1]) if page else None)
        return self._valid([ratings.get(item.code) for item in self.scale.items])

    def _page(self) -> Answers | None:
        """Return the page of the journal with these ratings, as it is on disk now."""
        return Journal(self.journal.folder).page(rating_places()[self.moment][0]) if self.journal else None

    def _valid(self, value: object) -> Ratings | None:
        """Return ratings that fit the scale, or None for anything else and for a list without an answer."""
        points = range(1, len(self.scale.points) + 1)
        if not isinstance(value, list) or len(value) != len(self.scale.items):
            return None
        fits = all(answer is None or (type(answer) is int and answer in points) for answer in value)
        return value if fits and any(value) else None

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

    def _list(self, listed: Ratings) -> Control:
        shared = self.shared
        rows = []
        for place, (item, answer) in enumerate(zip(self.scale.items, listed, strict=True)):
            label = self._label(answer)
            if shared and shared[place] != answer:
                label = say("share.other", new=label, old=self._label(shared[place]))
            rows.append(controls.text(f"row-{item.code}", say("share.row", statement=item.text, answer=label)))
        return controls.group("list", say("share.listed" if listed == shared else "share.would"), rows)

    def _label(self, answer: int | None) -> str:
        return say("share.empty") if answer is None else self.scale.points[answer - 1]

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
        if button == "show":
            self._listed = self.rated or self.shared
        elif button == "share" and self._listed is not None:
            self.save(self._listed)
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
