"""The way through the script: what comes next, what in its place, and the way back; and how a group of a size is run.

Each question is opened, closed and shown in turn; then comes the next step. Lines that people wrote are read before
they are shown. What is shown on several pages of the screen is turned through, page by page, before anything else. A
group of five or fewer talks, and is led to no question. All of it follows from where the session stands, so what was
done by another button, was skipped or was undone needs no note of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from course.privacy.live_release import rounded_down
from course.workshop.errors import refused
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import ScriptQuestion, Step

PLACES: Final = ("read", "finish")
"""Kinds that lead to a part of the console and change nothing."""
FEW_PEOPLE: Final = 5
"""So many people or fewer talk, with cards: with phones, nothing could be shown without telling who said it."""
SMALL_GROUP: Final = 9
"""So many or fewer see bands at most."""
LARGE_GROUP: Final = 100
"""So many or more have hosts at tables."""
LARGEST_GROUP: Final = 5000
"""The largest number of people that is taken."""


@dataclass(frozen=True)
class WalkAction:
    """One thing to do.

    `kind` is an action on a question (“open”, “close”, “reveal”, “undo”), “step” for a step to go to, “page” for a page
    of the screen, “read” for lines of a question that nobody has read, or “finish” at the end of the script.
    """

    kind: str
    slug: str = ""
    """The question, the step or the number of the page."""

    @property
    def name(self) -> str:
        """Return a name for it: a browser that sends it back says what it showed when a key was pressed.

        >>> WalkAction("close", "group").name
        'close group'
        """
        return f"{self.kind} {self.slug}".strip()


@dataclass(frozen=True)
class PageTurns:
    """The pages before and after the one on the screen, of what is shown there; 0 where there is none."""

    before: int = 0
    after: int = 0


NO_TURNS: Final = PageTurns()


def next_action(model: SessionModel, turns: PageTurns = NO_TURNS) -> WalkAction | None:
    """Return what comes next in the script, or None once the session is closed."""
    return next(_ahead(model, turns), None)


def skip_action(model: SessionModel, turns: PageTurns = NO_TURNS) -> WalkAction | None:
    """Return what comes after the next action, to be done in its place; None where that cannot be left out."""
    ahead = _ahead(model, turns)
    first = next(ahead, None)
    return next(ahead, None) if first and first.kind != "close" else None


def back_action(model: SessionModel, turns: PageTurns = NO_TURNS) -> WalkAction | None:
    """Return the way back: turn back a page, take what was shown last off the screen, or go to the step before.

    A question is not opened again in this way, as answers would come in that nobody expects.
    """
    if model.state.is_closed:
        return None
    if turns.before:
        return WalkAction("page", str(turns.before))
    step = _step_here(model)
    last = _last_used(model, step)
    if last >= 0:
        state = model.state.question(step.questions[last].slug)
        if state.is_shown and state.phase == "closed":
            return WalkAction("undo", step.questions[last].slug)
    number = model.script.steps.index(step)
    return WalkAction("step", model.script.steps[number - 1].slug) if number else None


def find_offered(model: SessionModel, name: str, turns: PageTurns = NO_TURNS) -> WalkAction:
    """Return the action of that name, if the console offers it now.

    Raises SessionRefused otherwise: so a key that is pressed twice within a moment does one thing.
    """
    for action in (next_action(model, turns), skip_action(model, turns), back_action(model, turns)):
        if action and action.name == name and action.kind not in PLACES:
            return action
    raise refused("not-next", 409)


def may_be_shown(model: SessionModel, question: ScriptQuestion) -> bool:
    """Say whether it is worth showing a question: five people or more have answered it, or wrote what is approved.

    What may be shown of it in the end is for `course.privacy` to say.
    """
    if question.is_written:
        return bool(model.walls.shown(question))
    cards = [sum(model.state.paper.get(part, {}).values()) for part in model.parts(question)]
    return bool(model.answered_count(question) or rounded_down(max(cards, default=0)))


def unread_lines(model: SessionModel, question: ScriptQuestion) -> int:
    """Return how many lines of a question wait to be read."""
    return sum(line.status == "waiting" for line in model.lines.delivered(question.slug))


def _ahead(model: SessionModel, turns: PageTurns) -> Iterator[WalkAction]:
    """Yield what is left to do, in its order, up to the next step."""
    if model.state.is_closed:
        return
    if turns.after:
        yield WalkAction("page", str(turns.after))
    step = _step_here(model)
    asked = [(question, model.state.question(question.slug)) for question in step.questions]
    yield from (WalkAction("close", question.slug) for question, state in asked if state.phase == "open")
    for question, state in asked:
        if state.phase == "closed" and not state.is_shown:
            yield from _reading_and_showing(model, question)
    for question in step.questions[_last_used(model, step) + 1 :]:
        if _can_open(model, question):
            yield WalkAction("open", question.slug)
    number = model.script.steps.index(step) + 1
    following = model.script.steps[number : number + 1]
    if following:
        yield WalkAction("step", following[0].slug)
    else:
        yield from _left_behind(model, step)
        yield WalkAction("finish")


def _left_behind(model: SessionModel, step: Step) -> Iterator[WalkAction]:
    """Yield what is lost when the session closes: questions of other steps that are open, and lines nobody has read."""
    questions = [question for question in model.script.questions() if question not in step.questions]
    for question in questions:
        if model.state.question(question.slug).phase == "open":
            yield WalkAction("close", question.slug)
    for question in questions:
        if unread_lines(model, question):
            yield WalkAction("read", question.slug)
            return  # all of them are in one place


def _reading_and_showing(model: SessionModel, question: ScriptQuestion) -> Iterator[WalkAction]:
    if unread_lines(model, question):
        yield WalkAction("read", question.slug)
    elif may_be_shown(model, question):
        yield WalkAction("reveal", question.slug)


def _can_open(model: SessionModel, question: ScriptQuestion) -> bool:
    if question.is_optional or group_kind(model.state.group_size) == "few":
        return False
    return question.kind != "sort" or bool(model.lines_to_sort(question))


def _step_here(model: SessionModel) -> Step:
    return model.script.step(model.state.step) or model.script.steps[0]


def _last_used(model: SessionModel, step: Step) -> int:
    """Return the place of the last question of a step that was opened; those before it that were not are skipped."""
    used = [
        number for number, question in enumerate(step.questions) if model.state.question(question.slug).phase != "new"
    ]
    return max(used, default=-1)


# The size of the group: advice for the console. No threshold knows it: `course.privacy` counts answers


def group_kind(people: int) -> str:
    """Return “few”, “small”, “usual” or “large”; an empty text while the number is not known.

    >>> [group_kind(people) for people in (0, 5, 6, 9, 10, 99, 100)]
    ['', 'few', 'small', 'small', 'usual', 'usual', 'large']
    """
    if not people:
        return ""
    kinds = ((FEW_PEOPLE, "few"), (SMALL_GROUP, "small"), (LARGE_GROUP - 1, "usual"))
    return next((kind for most, kind in kinds if people <= most), "large")
