"""Saving many at once, one by one, and nbgrader's own steps leave the same rows in every table of the gradebook."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import compute_checksum
from sqlalchemy import event
from traitlets.config import Config

from benchmarks.gradebook_rows import all_rows
from course.trainer.collecting.roster import RosterEntry, add_unless_there
from course.trainer.configuration import configure
from course.trainer.marking import batch_saving
from course.trainer.marking.batch_saving import save_batch
from course.trainer.marking.saving import LatePenalties, PreparedSubmission, SaveMarks, save_one

pytestmark = pytest.mark.slow

SLUG = "an-exercise"
DUE = datetime.datetime(2026, 3, 2, 12)
LATE = Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})
CELLS: dict[str, tuple[str, dict[str, Any]]] = {
    "tests": ("code", {"grade": True, "solution": False, "task": False, "points": 3}),
    "words-marks": ("markdown", {"grade": True, "solution": True, "task": False, "points": 12}),
    "code": ("code", {"grade": True, "solution": True, "task": False, "points": 1.5}),
    "answer": ("code", {"grade": False, "solution": True, "task": False}),
    "task-marks": ("markdown", {"grade": False, "solution": False, "task": True, "points": 4}),
}
"""A cell of each kind that marks or comments belong to."""
MARKED = st.sampled_from([name for name, (_, marks) in CELLS.items() if "points" in marks])


def output(kind: str, **fields: Any) -> dict[str, Any]:
    return {"output_type": kind, **fields}


def result(text: str) -> dict[str, Any]:
    return output("execute_result", data={"text/plain": text}, metadata={}, execution_count=1)


OUTPUTS = st.lists(
    st.sampled_from(
        [
            output("error", ename="ValueError", evalue="", traceback=[]),
            output("stream", name="stderr", text="A warning."),
            output("stream", name="stdout", text="Printed."),
            output("display_data", data={"text/plain": "2"}, metadata={}),
            result("'words'"),
            result("-1"),
            *[result(str(mark)) for mark in (0, 0.1, 1 / 3, 1, 2.7, 3.0)],
        ]
    ),
    max_size=3,
)
HAND_IN = st.fixed_dictionaries(
    {
        "outputs": OUTPUTS,
        "answered": st.sets(st.sampled_from(sorted(CELLS))),
        "hours": st.none() | st.integers(-30, 30),
        "before": st.sampled_from(["nothing", "on the roster", "handed in"]),
        "extension": st.none() | st.integers(-20, 20),
        "manual": st.dictionaries(MARKED, st.sampled_from([0, 0.1, 2])),
        "extra": st.dictionaries(MARKED, st.sampled_from([0, 0.7])),
        "changed": st.none() | st.sets(st.sampled_from(["words", "task"])).map(tuple),
    },
    optional={"more time": st.none() | st.integers(1, 20)},
)


def cell(name: str, outputs: list[dict[str, Any]], *, is_answered: bool) -> NotebookNode:
    kind, marks = CELLS[name]
    metadata = {"nbgrader": {"grade_id": name, "locked": False, "schema_version": 3, **marks}}
    fields = {"outputs": outputs, "execution_count": None} if kind == "code" else {}
    made = from_dict({"cell_type": kind, "id": name, "metadata": metadata, "source": "As released.", **fields})
    made.metadata.nbgrader["checksum"] = compute_checksum(made)
    if is_answered:
        made.source = "Changed."
    return made


def prepared(learner: str, hand_in: dict[str, Any]) -> PreparedSubmission:
    cells = [cell(name, hand_in["outputs"], is_answered=name in hand_in["answered"]) for name in CELLS]
    fields: dict[str, Any] = {}
    if hand_in["hours"] is not None:
        fields["timestamp"] = DUE + datetime.timedelta(hours=hand_in["hours"])
    if "more time" in hand_in:
        fields["extension"] = hand_in["more time"] and datetime.timedelta(hours=hand_in["more time"])
    return PreparedSubmission(learner, SLUG, cells, fields, (), hand_in["changed"])


def open_gradebook(path: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{path}", "building-trust")


def lay_out(path: Path, people: dict[str, dict[str, Any]]) -> None:
    """Have in a gradebook what was there before, with a trainer's marks, comments and extensions."""
    with open_gradebook(path) as gradebook:
        for learner, hand_in in people.items():
            if hand_in["before"] == "nothing":
                continue
            gradebook.add_student(learner, first_name="Synthetic")
            if hand_in["before"] == "on the roster":
                continue
            submission = gradebook.add_submission(SLUG, learner, timestamp=DUE)
            submission.notebooks[0].flagged = True
            if hand_in["extension"] is not None:
                submission.extension = datetime.timedelta(hours=hand_in["extension"])
            for name, mark in hand_in["manual"].items():
                given = gradebook.find_grade(name, SLUG, SLUG, learner)
                given.manual_score, given.needs_manual_grade = mark, False
            for name, mark in hand_in["extra"].items():
                gradebook.find_grade(name, SLUG, SLUG, learner).extra_credit = mark
            gradebook.find_comment("words-marks", SLUG, SLUG, learner).manual_comment = "Go on."
        gradebook.db.commit()


def save_as_nbgrader(path: Path, submission: PreparedSubmission, config: Config) -> None:
    """Save one learner's marks with nbgrader's own steps, as its autograde does, and have changed words read again."""
    learner = submission.learner
    with open_gradebook(path) as gradebook:
        add_unless_there(gradebook, RosterEntry(learner))
        gradebook.update_or_create_submission(SLUG, learner, **submission.fields)
    resources = {"nbgrader": {**submission.resources["nbgrader"], "db_url": f"sqlite:///{path}"}}
    for step in (SaveAutoGrades, AssignLatePenalties):
        step(config=config)(submission.notebook, resources)
    with open_gradebook(path) as gradebook:
        for key in submission.changed or ():
            gradebook.find_grade(f"{key}-marks", SLUG, SLUG, learner).needs_manual_grade = True
        gradebook.db.commit()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with an exercise of two notebooks, and nothing handed in."""
    path = tmp_path_factory.mktemp("gradebook") / "empty.db"
    configure(Config(), path.parent)  # so that nbgrader finds what makes its tables
    with open_gradebook(path) as gradebook:
        gradebook.add_assignment(SLUG, duedate=DUE)
        for notebook in (SLUG, "another"):
            gradebook.add_notebook(notebook, SLUG)
            for name, (kind, marks) in CELLS.items():
                points = {"max_score": marks.get("points"), "cell_type": kind}
                if marks["grade"]:
                    gradebook.add_grade_cell(name, notebook, SLUG, **points)
                if marks["solution"]:
                    gradebook.add_solution_cell(name, notebook, SLUG)
                if marks["task"]:
                    gradebook.add_task_cell(name, notebook, SLUG, **points)
        gradebook.check_course()  # its own steps add a course without a name of ours, which nothing refers to
    return path


@pytest.mark.filterwarnings("ignore:Object of type .* not in session")  # nbgrader's own add_submission
@settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
@given(hand_ins=st.lists(HAND_IN, min_size=10, max_size=10), penalties=st.booleans())
def test_all_rows_are_those_of_nbgraders_own_steps(
    empty: Path, hand_ins: list[dict[str, Any]], penalties: bool
) -> None:
    people = {f"synthetic-{number}": hand_in for number, hand_in in enumerate(hand_ins)}
    batch = [prepared(learner, hand_in) for learner, hand_in in people.items()]
    config = LATE if penalties else Config()
    steps = [SaveMarks(config=config), LatePenalties(config=config)]
    paths = [empty.with_name(f"{way}.db") for way in ("nbgrader", "batch", "one-by-one")]
    for path in paths:
        shutil.copy(empty, path)
        lay_out(path, people)
    theirs, together, alone = paths
    for submission in batch:
        save_as_nbgrader(theirs, submission, config)
    with open_gradebook(together) as gradebook:
        save_batch(gradebook, batch, steps)
    with open_gradebook(alone) as gradebook:
        for submission in batch:
            save_one(gradebook, submission, steps)
    assert all_rows(together) == all_rows(theirs)
    assert all_rows(alone) == all_rows(theirs)


def test_a_batch_with_a_fault_writes_nothing(empty: Path) -> None:
    path = shutil.copy(empty, empty.with_name("fault.db"))
    before = all_rows(path)
    good = {"outputs": [], "answered": set(), "hours": 1, "changed": None}
    batch = [prepared("synthetic-1", good), prepared("synthetic-2", {**good, "outputs": [result("99")]})]
    with open_gradebook(path) as gradebook, pytest.raises(ValueError, match="partial credit"):
        save_batch(gradebook, batch, [SaveMarks(), LatePenalties()])
    assert all_rows(path) == before


def test_the_version_of_nbgrader_is_the_known_one() -> None:
    assert batch_saving.is_usable(), "compare Gradebook.add_submission and the steps with the last version, then say so"


def test_what_the_gradebook_says_already_is_not_written_again(empty: Path) -> None:
    path = shutil.copy(empty, empty.with_name("again.db"))
    hand_in = {"outputs": [result("1")], "answered": {"words-marks"}, "hours": -1, "changed": None}
    steps = [SaveMarks(), LatePenalties()]
    with open_gradebook(path) as gradebook:
        save_batch(gradebook, [prepared("synthetic-1", hand_in)], steps)
        statements: list[str] = []
        event.listen(gradebook.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
        save_batch(gradebook, [prepared("synthetic-1", hand_in)], steps)
        tables = ("grade", "comment", "submitted_notebook")
        assert not [line for line in statements if line.startswith(tuple(f"UPDATE {table}" for table in tables))]
        save_batch(gradebook, [prepared("synthetic-1", {**hand_in, "outputs": [result("2")]})], steps)
        assert [line for line in statements if line.startswith("UPDATE grade")]


def test_the_rows_of_a_first_submission_are_written_once(empty: Path) -> None:
    path = shutil.copy(empty, empty.with_name("first.db"))
    hand_in = {"outputs": [result("1")], "answered": {"words-marks"}, "hours": -1, "changed": None}
    with open_gradebook(path) as gradebook:
        statements: list[str] = []
        event.listen(gradebook.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
        save_batch(gradebook, [prepared("synthetic-1", hand_in)], [SaveMarks(), LatePenalties()])
        assert [line for line in statements if line.startswith("INSERT INTO grade")]
        assert not [line for line in statements if line.startswith(("UPDATE grade", "UPDATE comment"))]
        grade = gradebook.find_grade("tests", SLUG, SLUG, "synthetic-1")
        assert (grade.auto_score, grade.needs_manual_grade) == (1, False)
