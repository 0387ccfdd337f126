"""The printed way of “How others see me” on a card: forms to print, and the table of who counted them."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import Card, in_one_line
from course.activities.controls import Button, Control
from course.activities.raters.form import rater_form_page
from course.activities.raters.result import about_result, printed_result, result_lines, result_name
from course.content import words as say
from course.core.errors import BadTally
from course.records.answers.answers import Answers
from course.records.raters.others import OTHERS, OthersResult, latest_result, others_results, remove_result, save_result
from course.records.raters.tally import LARGEST, empty_tally


class TallyCard(Card):
    """Take a table, say what would be kept of it, and keep that alone once the person agrees.

    The table is held in this window's memory until it was read, and nowhere else: no draft of it is kept. Until it is
    kept, nothing is shown of what others answered, because whoever counted is to be able to type it.
    """

    kind = "rater-tally"
    asks = False

    def __init__(self, answers: Answers) -> None:
        super().__init__(OTHERS[1], answers)
        self._table, self._told = "", ""
        self._read: OthersResult | None = None
        """What was read and waits for a yes."""
        self._removing: OthersResult | None = None
        """The result that it was asked about whether to erase it: another window may have added a later one."""

    @property
    def results(self) -> tuple[OthersResult, ...]:
        """The results that are kept, the oldest first, whichever way others were asked."""
        return others_results(self.answers)

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because no answer is asked for."""
        notice = [controls.text("notice", self.notice, "warning", live=True)] if self.notice else []
        return [*self.body(), *notice, controls.buttons("buttons", self.actions())]

    def body(self) -> list[Control]:
        """Return the files to print, the box for the table or what would be kept of it, and what is kept already."""
        page, table = rater_form_page().encode(), empty_tally()
        return [
            controls.text("question", say("rater-tally.question"), "question"),
            *controls.lead([say("rater-tally.print"), say("rater-tally.who")]),
            controls.download("form", say("rater-tally.form"), say("others-form.file"), page, "text/html"),
            controls.download("empty", say("rater-tally.empty"), say("others-tally.file"), table, "text/csv"),
            *(self._about(self._read) if self._read else [self._box()]),
            *([controls.text("told", self._told, "feedback", live=True)] if self._told else []),
            *self._kept(),
        ]

    def _box(self) -> Control:
        return controls.area("table", say("rater-tally.table"), self._table, most=0, rows=6, is_private=True)

    def _about(self, result: OthersResult) -> list[Control]:
        lines = [*about_result(result), say("others-result.what-is-kept"), say("others-form.before")]
        return [controls.text(f"about-{place}", line, live=not place) for place, line in enumerate(lines)]

    def _kept(self) -> list[Control]:
        lines = [say("rater-tally.kept", name=result_name(result)) for result in self.results]
        sure = [controls.text("sure", say("rater-tally.sure"), "warning", live=True)] if self._removing else []
        return [*(controls.text(f"kept-{place}", line) for place, line in enumerate(lines)), *sure]

    def actions(self) -> list[Button]:
        """Return the buttons for what can be done now."""
        if self._removing:
            return [
                controls.button("remove-yes", say("rater-tally.remove-yes"), leads_to="check"),
                controls.button("remove-no", say("rater-tally.remove-no"), main=True, leads_to="check"),
            ]
        if self._read:
            return [
                controls.button("keep", say("rater-tally.keep"), main=True, leads_to="check"),
                controls.button("drop", say("rater-tally.drop"), leads_to="check"),
            ]
        remove = [controls.button("remove", say("rater-tally.remove"), leads_to="remove-no")] if self.results else []
        return [controls.button("check", say("rater-tally.check"), main=True, leads_to="keep"), *remove]

    def change(self, control: str, value: object) -> None:
        """Hold the table for this window, up to its largest size; more is read as too large."""
        if control == "table" and isinstance(value, str):
            self._table, self._told = value[: LARGEST + 1], ""

    def act(self, button: str) -> None:
        """Read the table, keep what may be kept of it, or take the latest result away."""
        read, self._read, self._told = self._read, None, ""
        removing, self._removing = self._removing, None
        if button == "check":
            self._check()
        elif button == "keep" and read:
            self._keep(read)
        elif button == "drop":
            self._told = say("rater-tally.dropped")
        elif button == "remove":
            self._removing = latest_result(self.answers)
        elif button == "remove-yes" and removing:
            remove_result(self.answers, removing)
            self._told = say("rater-tally.removed")

    def _check(self) -> None:
        if not self._table.strip():
            self.notice = say("rater-tally.first")
            return
        try:
            self._read = printed_result(self._table)
        except BadTally as error:
            self.notice = in_one_line(error)
        else:
            self._table = ""

    def _keep(self, result: OthersResult) -> None:
        self._read = result  # until it is saved
        save_result(self.answers, result)
        self._read, self._told = None, f"{say('rater-tally.done')} {say('others-result.destroy')}"

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each result with what others answered, as the journal lists it."""
        return [(result_name(result), "\n".join(result_lines(result))) for result in self.results]
