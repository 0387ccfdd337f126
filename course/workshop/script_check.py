"""Check a script as a whole: its names, the line that none may leave out, and the words of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from course import content
from course.workshop.page_words import misfits, page_words
from course.workshop.script import LIMITS, Question, Script
from course.workshop.script_table import Place

NAME: Final = "workshop.toml"


def check_slugs(script: Script, place: Place) -> None:
    """Refuse names that are there twice, and questions that name a later one."""
    steps = [step.slug for step in script.steps]
    for number, step in enumerate(script.steps):
        if steps.index(step.slug) != number:
            raise place.at(number).bad(f"the step “{step.slug}” is there twice", "Give each its own slug.", "slug")
    earlier: dict[str, Question] = {}
    for question, here in _places(script, place):
        if question.slug in earlier:
            raise here.bad(f"the question “{question.slug}” is there twice", "Give each its own slug.", "slug")
        for key, other, kind in (("from", question.source, "lines"), ("same-as", question.same_as, question.kind)):
            if other and (other not in earlier or earlier[other].kind != kind):
                raise here.bad(f"“{key}” names no earlier question of that kind", "Put that one before it.", key)
        if question.same_as and question.kind not in ("rate", "vote"):
            raise here.bad("only ratings and votes can be asked again", "Leave “same-as” out.", "same-as")
        first = earlier.get(question.same_as)
        if first and not _asks_the_same(first, question):
            raise here.bad("“same-as” names a question with other answers", "Give both the same answers.", "same-as")
        earlier[question.slug] = question


def _asks_the_same(first: Question, again: Question) -> bool:
    """Say whether answers can be set side by side; the second may leave out some items."""
    same = (first.kind, first.scale, dict(first.options)) == (again.kind, again.scale, dict(again.options))
    return same and set(again.items) <= set(first.items)


def _places(script: Script, place: Place) -> Iterator[tuple[Question, Place]]:
    """Return each question and where it stands."""
    for number, step in enumerate(script.steps):
        for index, question in enumerate(step.questions):
            yield question, place.at(number, index)


def check_limits(script: Script, place: Place) -> None:
    """Refuse a script without the line that no agreement may override, in the words of the course."""
    kept = [(line, here) for question, here in _places(script, place) for line in question.lines if line.slug == LIMITS]
    remedy = f'Keep the line with slug = "{LIMITS}", fixed = true in a question of the kind keep.'
    if not kept:
        raise place.bad("the limits line is missing", remedy)
    ours = _limits_text(content.read(NAME).get("step", []))
    for line, here in kept:
        if not line.fixed:
            raise here.bad("the limits line is not fixed", remedy, "line")
        if line.text != ours:
            raise here.bad("the limits line has other words", f"Write it as it is: {ours}", "line")


def _limits_text(steps: Any) -> str:
    """Return the limits line of the course's own script."""
    lines = [line for step in steps for question in step.get("question", []) for line in question.get("line", [])]
    return next((str(line.get("text")) for line in lines if line.get("slug") == LIMITS), "")


def words_in(given: Any, place: Place) -> dict[str, str]:
    """Return all words of the pages, the facilitator's own in place of the course's; of a stored script, what fits."""
    own = _flat(given, place)
    for key, what, remedy in misfits(own):
        if not place.is_stored:
            raise place.bad(what, remedy, key.rpartition(".")[2])
        own = {name: text for name, text in own.items() if name != key}
    return page_words() | own


def _flat(given: Any, place: Place) -> dict[str, str]:
    """Return the texts of nested tables by their dotted keys."""
    if not isinstance(given, dict):
        raise place.bad("“words” is not a table", "Begin it with a line [words].", "words")
    found: dict[str, str] = {}
    for key, value in given.items():
        if isinstance(value, dict):
            found |= {f"{key}.{name}": text for name, text in _flat(value, place).items()}
        elif isinstance(value, str):
            found[key] = value
        else:
            raise place.bad(f"“{key}” in words is not text", f'Write {key} = "…".', key)
    return found
