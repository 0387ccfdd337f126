"""What a learner writes back is told from the answers that it is kept with."""

from __future__ import annotations

import json
from typing import Any

from course.core.notebooks import ask_keys, read_notebook
from course.records.answers.page import AnswerPage
from course.records.reply import REPLY, answers_alone, differs_in_reply_alone, reply_in
from tests.cases import every
from tests.paths import ROOT

SLUG = "repair"


def answers(**given: Any) -> bytes:
    return json.dumps({"format": 2, "exercise": SLUG, "version": 2, "answers": given}).encode()


def test_a_reply_is_a_text_beside_the_answers_and_none_of_them() -> None:
    page = AnswerPage({"q1": "A", REPLY: " Thank you. \n"})
    assert (reply_in(page), answers_alone(page)) == ("Thank you.", {"q1": "A"})
    strange: list[Any] = [None, "", "  ", 7, ["Thank you."], {"text": "Thank you."}]
    assert [reply_in(AnswerPage({REPLY: one})) for one in strange] == [""] * len(strange)


def test_no_question_of_an_exercise_has_the_key_of_a_reply() -> None:
    notebooks = sorted((ROOT / "exercises").glob("*/*.ipynb"))
    assert notebooks
    assert REPLY not in {key for path in notebooks for key in ask_keys(read_notebook(path))}


FIRST = answers(q1="A", reflection="Words.")
REPLIED = answers(q1="A", reflection="Words.", reply="Thank you.")


@every(
    "name, one, other, expected",
    [
        ("a reply", FIRST, REPLIED, True),
        ("a reply that is taken back", REPLIED, FIRST, True),
        ("another reply", REPLIED, answers(q1="A", reflection="Words.", reply="Thanks."), True),
        ("the same", REPLIED, REPLIED, False),
        ("an empty reply", FIRST, answers(q1="A", reflection="Words.", reply=" "), False),
        ("another answer", FIRST, answers(q1="B", reflection="Words."), False),
        ("another answer and a reply", FIRST, answers(q1="B", reflection="Words.", reply="Thank you."), False),
        ("no file", None, REPLIED, False),
        ("a damaged file", b"{", REPLIED, False),
    ],
)
def test_a_new_reply_alone_is_told_from_new_answers(name: str, one: bytes | None, other: bytes, expected: bool) -> None:
    assert differs_in_reply_alone(one, other, SLUG) is expected
