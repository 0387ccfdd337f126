"""Names of files and folders are nbgrader's, and none leads out of its folder."""

from __future__ import annotations

import pytest

from course.core import names
from tests.cases import every

TIME = "2026-11-22 12:01:02.345678 UTC"


@pytest.mark.parametrize("learner", ["kim", "a+b@example.org", "a+repair+b"])
@pytest.mark.parametrize("end", ["", "+a1b2"])
def test_the_name_of_a_submission_is_read_as_it_was_made(learner: str, end: str) -> None:
    name = names.submission_folder(learner, "repair", TIME) + end
    assert names.read_submission_folder(name, "repair") == names.SubmissionFolder(learner, "repair", TIME)


@every("name", ["", "kim", "kim+repair", f"kim+repairs+{TIME}", f"+repair+{TIME}", "kim+repair+"])
def test_the_name_of_anything_else_is_of_no_submission(name: str) -> None:
    assert names.read_submission_folder(name, "repair") is None


@every("text", ["..", ".a", "a/b", "a\\b", "a\nb", "a\x7f", "a*", "a?", "[a]", " a", "a ", "", "a" * 129])
def test_an_id_that_could_name_anything_else_names_no_folder(text: str) -> None:
    assert not names.is_folder_name(text)
    assert not names.is_learner_id(text)


@every("text", ["a" * 65, "a+b", "-a", "a.", "ä", "a b", "kim\n"])
def test_an_id_that_a_learner_may_not_have_is_no_learner_id(text: str) -> None:
    assert not names.is_learner_id(text)


def test_ids_up_to_their_full_length_are_good() -> None:
    assert names.is_folder_name("ä" * 128)
    assert names.is_learner_id("a" * 64)


@pytest.mark.nbgrader
def test_feedback_lies_in_the_exchange_where_nbgrader_puts_it() -> None:
    from nbgrader.utils import notebook_hash

    assert (
        names.feedback_exchange_name(b"secret", "repair")
        == f"{notebook_hash(secret='secret', notebook_id='repair')}.html"
    )
