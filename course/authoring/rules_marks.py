"""Rules for the exercises that are marked: what nbgrader needs, found before nbgrader fails on it."""

from __future__ import annotations

import ast
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from course.activities.answer_keys import KINDS, NUMBER_LINES
from course.authoring.notebook_page import NotebookPage, Problem, calls, graded
from course.authoring.rules_questions import card_options
from course.authoring.rules_words import try_card
from course.content.lessons import exercise_version, lessons
from course.core import notebooks
from course.core.errors import CourseError
from course.core.notebooks import Cell, NbgraderMetadata

MARKED_BY_COURSE, MARKED_BY_TRAINER = 8, 12
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
SCHEME = ("=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ===")


def named_after_a_lesson(page: NotebookPage) -> Iterator[Problem]:
    """An exercise is named after its lesson."""
    slug = page.path.parent.name
    if page.path.stem != slug or slug not in {lesson.key for lesson in lessons()}:
        yield page.problem(
            None, "its folder and file are not both named after a lesson.", "Take one from lessons.toml."
        )


def no_answers_beside(page: NotebookPage) -> Iterator[Problem]:
    """No answers lie beside an exercise: nbgrader would lay them over every learner's own."""
    for path in sorted(page.path.parent.glob("answers*.json")):
        yield page.problem(None, f"{path.name} lies beside it.", "Delete it: it would replace every learner's answers.")


def marks_add_up(page: NotebookPage) -> Iterator[Problem]:
    """The course gives 8 marks, the trainer 12."""
    for who, wanted, is_counted in (
        ("the course gives", MARKED_BY_COURSE, _is_test),
        ("the trainer gives", MARKED_BY_TRAINER, _is_task),
    ):
        points = sum(_points(cell) for cell in page.cells if is_counted(graded(cell)))
        if points != wanted:
            yield page.problem(
                None, f"{who} {points:g} marks, not {wanted}.", "Set the points of its cells so that they add up."
            )


def marked_cells_have_points(page: NotebookPage) -> Iterator[Problem]:
    """Every cell that is marked says for how many marks."""
    for cell in page.cells:
        about = graded(cell)
        if (_is_test(about) or _is_task(about)) and not isinstance(about.get("points"), int | float):
            yield page.problem(cell, "it is marked and has no points.", "Set its points in the nbgrader panel.")


def marks_are_the_points(page: NotebookPage) -> Iterator[Problem]:
    """A marking line gives as many marks, at the most, as its cell has points."""
    for cell in page.code():
        for call in calls(cell, "mark") if _is_test(graded(cell)) else []:
            most = _most_marks(call)
            if most is not None and most != _points(cell):
                yield page.problem(
                    cell,
                    f"its marking line gives up to {most} marks, and the cell has {_points(cell):g} points.",
                    "Make both the same.",
                )


def cells_are_locked(page: NotebookPage) -> Iterator[Problem]:
    """Learners answer in cards: no cell is theirs to edit."""
    for cell in page.cells:
        about = graded(cell)
        is_ours = _is_test(about) or (cell["cell_type"] == "code" and calls(cell, "ask"))
        if is_ours and about.get("locked") is not True:
            yield page.problem(cell, "it is not locked.", "Make it read-only in the nbgrader panel.")
        if about.get("solution"):
            yield page.problem(cell, "it is a cell for a solution.", "Ask with a card, and mark in a locked cell.")


def grade_ids_are_names(page: NotebookPage) -> Iterator[Problem]:
    """Nbgrader knows each cell by the name that it has here, and by no other."""
    ids = Counter(graded(cell).get("grade_id") for cell in page.cells if graded(cell))
    for cell in page.cells:
        if not graded(cell):
            continue
        grade_id = graded(cell).get("grade_id")
        if grade_id != cell.get("id"):
            yield page.problem(cell, f"nbgrader calls it “{grade_id}”.", "Run make tidy.")
        if ids[grade_id] > 1:
            yield page.problem(cell, f"“{grade_id}” is used {ids[grade_id]} times.", "Run make tidy.")


def keys_are_hidden(page: NotebookPage) -> Iterator[Problem]:
    """The right answer stands where the release takes it out, and nowhere else."""
    for cell in page.code():
        about, marking = graded(cell), [call for call in calls(cell, "mark") if _method(call) != "answered"]
        if marking and not _is_test(about):
            yield page.problem(cell, "it marks an answer and is no cell that is marked.", "Give it points.")
        if not _is_test(about):
            continue
        lines = cell["source"].splitlines()
        places = [[number for number, line in enumerate(lines, 1) if line.strip() == mark] for mark in HIDDEN]
        if marking or about.get("points"):
            yield from _hidden(page, cell, places, [call.lineno for call in marking])


def _hidden(page: NotebookPage, cell: Cell, places: list[list[int]], marking: list[int]) -> Iterator[Problem]:
    begins, ends = places
    if len(begins) != 1 or len(ends) != 1:
        yield page.problem(cell, "its key is not hidden.", f"Put it between one {HIDDEN[0]} and one {HIDDEN[1]}.")
    elif not marking:
        yield page.problem(cell, "it marks nothing.", "Call mark.choice, mark.ticks, mark.matching or mark.number.")
    elif not all(begins[0] < line < ends[0] for line in marking):
        yield page.problem(cell, "its key stands outside the hidden lines.", f"Move it below {HIDDEN[0]}.")


def cards_tell_no_answer(page: NotebookPage) -> Iterator[Problem]:
    """Before it is marked, nothing on the card of a marked question tells right from wrong."""
    marked = {notebooks.first_text(call) for cell in page.code() for call in calls(cell, "mark")}
    for cell in page.code():
        for call in calls(cell, "ask"):
            if notebooks.first_text(call) in marked:
                with contextlib.suppress(CourseError):  # the words themselves are looked at by another rule
                    if any(button["id"] == "check" for button in try_card(call).actions()):
                        yield page.problem(
                            cell,
                            "its card tells learners what is right, before it is marked.",
                            "Take out “->”, “[x]” and “[Group]”: feedback stands in the marking line.",
                        )


def says_what_is_missing(page: NotebookPage) -> Iterator[Problem]:
    """Every marked cell shows a line with which Validate can say that an answer is missing."""
    question_keys = set(notebooks.ask_keys(page.notebook))
    for cell in page.code():
        if not _is_test(graded(cell)):
            continue
        marking = calls(cell, "mark")
        answered_keys = {notebooks.first_text(call) for call in marking if _method(call) == "answered"}
        marked_keys = {notebooks.first_text(call) for call in marking}
        if len(answered_keys) != 1 or answered_keys != marked_keys:
            yield page.problem(
                cell,
                "Validate cannot tell whether its question is answered.",
                'Begin it with mark.answered("the key").',
            )
        for key in sorted(str(key) for key in marked_keys - question_keys):
            yield page.problem(cell, f"it marks “{key}”, which is not asked here.", "Use the key of the question.")


def version_is_the_lists(page: NotebookPage) -> Iterator[Problem]:
    """An exercise says its own version, the one in lessons.toml: it goes into every file of answers."""
    says = notebooks.exercise_version(cell["source"] for cell in page.code())
    listed = exercise_version(page.path.stem)
    if says != listed:
        yield page.problem(
            None,
            f"it says that it is version {says}, and lessons.toml that it is {listed}.",
            "Write the same in both, as in exercise(…, version=2), and a higher one when a marked question changes.",
        )


def options_fit_their_key(page: NotebookPage) -> Iterator[Problem]:
    """Every option of a marked question has a key and a line of feedback, and what is right is among the options."""
    questions = {notebooks.first_text(call): call for cell in page.code() for call in calls(cell, "ask")}
    for cell in page.code():
        for call in calls(cell, "mark") if _is_test(graded(cell)) else []:
            question = questions.get(notebooks.first_text(call))
            if _method(call) in KINDS and question is not None:
                yield from (page.problem(cell, *problem) for problem in _misfits(call, question))


def _misfits(call: ast.Call, question: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield what does not fit between a marking line and the card whose answer it marks, with a remedy."""
    if _method(call) == "number":
        expected = list(NUMBER_LINES)
    else:
        options = card_options(question)
        if not options:
            return  # what is wrong with the card is said elsewhere
        if not all(option.key for option in options):
            yield "its question has options without keys.", "Give each one, as in “A. Ask first. {asks-first}”."
            return
        expected = [option.key for option in options]
        right = _right(call)
        wanted = [right] if isinstance(right, str) else list(right) if isinstance(right, list | dict) else []
        for key in sorted(str(key) for key in wanted if key not in expected):
            yield f"its key “{key}” is no option of its question.", f"The options are: {', '.join(expected)}."
    feedback = _keyword(call, "feedback")
    lines = feedback if isinstance(feedback, dict) else {}
    for key in expected:
        if not _has_words(lines.get(key)):
            yield f"“{key}” has no line of feedback.", f'Write one in feedback={{…}}, as "{key}": "What it misses.".'
    if list(lines) != expected and set(lines) >= set(expected):
        yield "its lines of feedback are not those of the options, in their order.", f"Order: {', '.join(expected)}."
    if _method(call) == "matching":
        yield from _group_misfits(call, question, lines)


def _group_misfits(call: ast.Call, question: ast.Call, lines: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    groups = notebooks.literal(next((word.value for word in question.keywords if word.arg == "groups"), None))
    known = list(groups) if isinstance(groups, dict) else []
    right, named = _right(call), _keyword(call, "groups")
    if list(named if isinstance(named, str | list) else []) != known:
        yield "it does not name the groups of its question.", f"Write groups={''.join(known)!r}."
    used = list(right.values()) if isinstance(right, dict) else []
    used += [group for line in lines.values() if isinstance(line, dict) for group in line]
    for group in sorted({str(group) for group in used if group not in known}):
        yield f"“{group}” is not one of the groups of its question.", f"The groups are: {', '.join(known)}."


def _has_words(line: object) -> bool:
    """Say whether feedback is there: a line, or a line for each of some groups."""
    if isinstance(line, dict):
        return bool(line) and all(_has_words(part) for part in line.values())
    return isinstance(line, str) and bool(line.strip())


def tasks_have_a_scheme(page: NotebookPage) -> Iterator[Problem]:
    """What a trainer marks comes with a marking guide, which learners do not see until later."""
    for cell in page.cells:
        if _is_task(graded(cell)):
            begin, end = (cell["source"].find(mark) for mark in SCHEME)
            if not 0 <= begin < end:
                yield page.problem(cell, "it has no marking guide.", f"Write it between {SCHEME[0]} and {SCHEME[1]}.")


def _is_test(about: NbgraderMetadata) -> bool:
    return bool(about.get("grade"))


def _is_task(about: NbgraderMetadata) -> bool:
    return bool(about.get("task"))


def _points(cell: Cell) -> float:
    points = graded(cell).get("points")
    return points if isinstance(points, int | float) else 0


def _most_marks(call: ast.Call) -> int | None:
    """Return the full marks of a marking line, or None where they are not written there."""
    if _method(call) in ("ticks", "matching"):
        best = _right(call)
        return len(best) if isinstance(best, list | dict) else None
    marks = _keyword(call, "marks")
    return marks if isinstance(marks, int) else None


def _right(call: ast.Call) -> object:
    """Return the key of a marking line: an option, a list of them, a group for each card, or a number."""
    return notebooks.literal(call.args[1]) if len(call.args) > 1 else None


def _keyword(call: ast.Call, name: str) -> object:
    return notebooks.literal(next((keyword.value for keyword in call.keywords if keyword.arg == name), None))


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


RULES: tuple[Callable[[NotebookPage], Iterator[Problem]], ...] = (
    named_after_a_lesson,
    no_answers_beside,
    marks_add_up,
    marked_cells_have_points,
    marks_are_the_points,
    cells_are_locked,
    grade_ids_are_names,
    keys_are_hidden,
    cards_tell_no_answer,
    says_what_is_missing,
    version_is_the_lists,
    options_fit_their_key,
    tasks_have_a_scheme,
)
