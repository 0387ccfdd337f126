"""A hand-in file holds three files and nothing else; a stranger's is refused unless it is exactly that."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import __version__
from course.core.errors import BadHandIn, BadLearnerId, UnknownLesson
from course.records import submission_file
from course.records.answers.answers import Answers
from course.records.submission_file import make, read
from tests.packing import SLUG, exercise, packed
from tests.packing import hand_in as honest

NOW = datetime.datetime(2026, 2, 3, 13, 5, 6, 70, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
NAMES = [f"{SLUG}.ipynb", "answers.json", "receipt.json"]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return honest(tmp_path_factory.mktemp("ours"))


def reason(file: io.BytesIO | Path) -> str:
    with pytest.raises(BadHandIn) as caught:
        read(file)
    assert caught.value.hint
    return caught.value.message


def with_receipt(ours: dict[str, bytes], change: Callable[[dict[str, Any]], Any]) -> io.BytesIO:
    """Return a hand-in file in which the receipt says something else."""
    receipt = json.loads(ours["receipt.json"])
    change(receipt)
    return packed({**ours, "receipt.json": json.dumps(receipt).encode()})


def test_what_is_made_can_be_read_and_is_all_there_is(tmp_path: Path) -> None:
    folder = exercise(tmp_path, q2="D", reflection="I listened.")
    (folder / "diary.txt").write_text("private")
    before = {path.name for path in folder.iterdir()}
    path = make(folder, SLUG, " synthetic-017 ", now=NOW)
    assert {file.name for file in folder.iterdir()} - before == {f"hand-in-{SLUG}.zip"}
    assert zipfile.ZipFile(path).namelist() == NAMES
    found = read(path)
    assert (found.exercise, found.learner, found.version) == (SLUG, "synthetic-017", __version__)
    assert found.time == NOW
    assert found.time.isoformat() == "2026-02-03T12:05:06.000070+00:00"
    assert {name: found.contents[name] for name in NAMES[:2]} == {
        name: (folder / name).read_bytes() for name in NAMES[:2]
    }
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_the_receipt_says_no_more_than_it_should(ours: dict[str, bytes]) -> None:
    receipt = json.loads(ours["receipt.json"])
    assert sorted(receipt) == ["exercise", "exercise-version", "format", "learner", "sha256", "time", "version"]
    assert set(receipt["sha256"]) == set(NAMES[:2])


def test_the_file_is_made_again_over_an_older_one_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = exercise(tmp_path, q2="D")
    first = make(folder, SLUG, "synthetic-017").read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(BadHandIn, match="No space left"):
            make(folder, SLUG, "synthetic-018")
    assert make(folder, SLUG, "synthetic-017").read_bytes() != first
    assert {path.name for path in folder.iterdir()} == {NAMES[0], "answers.json", f"hand-in-{SLUG}.zip"}


def test_without_answers_or_with_damaged_ones_nothing_is_made(tmp_path: Path) -> None:
    folder = exercise(tmp_path)
    with pytest.raises(BadHandIn, match="There are no answers to hand in yet"):
        make(folder, SLUG, "synthetic-017")
    answers = folder / "answers.json"
    answers.write_text(json.dumps({"format": 1, "exercise": SLUG, "answers": {}}))
    with pytest.raises(BadHandIn, match="There are no answers to hand in yet"):
        make(folder, SLUG, "synthetic-017")
    for held in ("{", '{"format": 1, "exercise": "repair", "answers": {"q1": "A"}}', "[" * 5000):
        answers.write_text(held)
        with pytest.raises(BadHandIn, match=r"answers\.json is damaged"):
            make(folder, SLUG, "synthetic-017")
    answers.write_text('{"format": 3}')
    with pytest.raises(BadHandIn, match="newer version"):
        make(folder, SLUG, "synthetic-017")
    assert not list(folder.glob("*.zip"))


def test_a_page_that_is_gone_damaged_or_too_large_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = exercise(tmp_path, q2="D")
    page = folder / f"{SLUG}.ipynb"
    whole = page.read_bytes()
    page.unlink()
    with pytest.raises(BadHandIn, match="cannot be read"):
        make(folder, SLUG, "synthetic-017")
    page.write_text("{}")
    with pytest.raises(BadHandIn, match="cannot be read"):
        make(folder, SLUG, "synthetic-017")
    page.write_bytes(whole)
    monkeypatch.setattr(submission_file, "LARGEST_NOTEBOOK", len(whole) - 1)
    with pytest.raises(BadHandIn, match="cannot be read"):
        make(folder, SLUG, "synthetic-017")


@pytest.mark.skipif(os.name != "posix", reason="links as Unix has them")
@pytest.mark.parametrize("name", NAMES[:2])
def test_a_link_is_not_followed_into_a_hand_in(tmp_path: Path, name: str) -> None:
    folder = exercise(tmp_path, q2="D")
    (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)
    with pytest.raises(BadHandIn):
        make(folder, SLUG, "synthetic-017")


def test_an_unknown_exercise_or_a_bad_id_makes_nothing(tmp_path: Path) -> None:
    folder = exercise(tmp_path, q2="D")
    for slug in ("day-30", "../two-questions", ""):
        with pytest.raises(UnknownLesson):
            make(folder, slug, "synthetic-017")
    with pytest.raises(BadLearnerId):
        make(folder, SLUG, "a+b")
    assert not list(folder.glob("*.zip"))


def test_a_file_that_went_through_a_folder_is_still_ours(ours: dict[str, bytes]) -> None:
    again = packed({f"hand-in-{SLUG}/{name}": data for name, data in ours.items()})
    assert read(again).contents == ours


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_is_named(ours: dict[str, bytes], name: str) -> None:
    said = reason(packed({other: data for other, data in ours.items() if other != name}))
    assert said == f"The zip does not hold {'*.ipynb' if name == NAMES[0] else name}."


def test_a_file_too_many_is_named(ours: dict[str, bytes]) -> None:
    assert reason(packed({**ours, "ipywidgets.py": b"print(1)"})).endswith("does not belong there: “ipywidgets.py”.")
    assert "more than one exercise" in reason(packed({**ours, "repair.ipynb": ours[NAMES[0]]}))


@pytest.mark.parametrize("name", NAMES[:2])
def test_what_was_changed_after_it_was_made_is_named(ours: dict[str, bytes], name: str) -> None:
    assert reason(packed({**ours, name: ours[name] + b" "})) == f"The file {name} was changed after the zip was made."


def test_answers_that_the_course_would_not_write_are_refused(ours: dict[str, bytes]) -> None:
    for held in (b"{", b"[]", b'{"format": 1, "exercise": "repair", "answers": {}}'):
        receipt = json.loads(ours["receipt.json"])
        receipt["sha256"]["answers.json"] = hashlib.sha256(held).hexdigest()
        files = {**ours, "answers.json": held, "receipt.json": json.dumps(receipt).encode()}
        assert reason(packed(files)) == "The answers in the zip are damaged."


@pytest.mark.parametrize("written", ['{"format": 3}', f'{{"format": 2, "exercise": "{SLUG}", "version": 3}}'])
def test_answers_of_a_later_course_or_exercise_are_said_to_be_newer(ours: dict[str, bytes], written: str) -> None:
    receipt = json.loads(ours["receipt.json"])
    receipt["sha256"]["answers.json"] = hashlib.sha256(written.encode()).hexdigest()
    files = {**ours, "answers.json": written.encode(), "receipt.json": json.dumps(receipt).encode()}
    assert "newer version" in reason(packed(files))


def test_of_answers_to_an_earlier_version_of_the_exercise_nothing_is_made(tmp_path: Path) -> None:
    folder = exercise(tmp_path, q2="D", reflection="I listened.")
    answers = folder / "answers.json"
    answers.write_text(json.dumps({"format": 1, "exercise": SLUG, "answers": {"q2": "D", "reflection": "I listened."}}))
    with pytest.raises(BadHandIn, match="earlier version of this exercise") as caught:
        make(folder, SLUG, "synthetic-017")
    assert "answer its questions again" in caught.value.hint
    Answers(answers, "exercise", SLUG).save("q2", "asks-first")
    made = read(make(folder, SLUG, "synthetic-017"))
    assert made.exercise_version == 2
    assert json.loads(made.contents["answers.json"])["answers"]["reflection"] == "I listened."


SAYS = {
    "another format": ({"format": 0}, "receipt.json in the zip is not one"),
    "a newer format": ({"format": 3}, "newer version"),
    "the format before": ({"format": 1}, "receipt.json in the zip is not one"),
    "another version of the exercise": ({"exercise-version": 1}, "receipt.json in the zip is not one"),
    "a format that is no number": ({"format": True}, "receipt.json in the zip is not one"),
    "something more": ({"marks": 20}, "receipt.json in the zip is not one"),
    "another exercise": ({"exercise": "repair"}, "about another exercise"),
    "an unknown exercise": ({"exercise": "../two-questions"}, "not in this course"),
    "an exercise that is no name": ({"exercise": ["two-questions"]}, "not in this course"),
    "a learner with a path": ({"learner": "../kim"}, "learner id"),
    "a learner with a plus": ({"learner": "kim+x"}, "learner id"),
    "a learner with space around": ({"learner": " kim"}, "learner id"),
    "no learner": ({"learner": None}, "learner id"),
    "a time without a zone": ({"time": "2026-02-03T12:00:00"}, "not a time"),
    "a time that is none": ({"time": "soon"}, "not a time"),
    "a time at the end of all days": ({"time": "0001-01-01T00:00:00+23:00"}, "not a time"),
    "a time that is a number": ({"time": 5}, "not a time"),
    "a version that is a page": ({"version": "<b>1</b>"}, "receipt.json in the zip is not one"),
    "no hashes": ({"sha256": {}}, "receipt.json in the zip is not one"),
    "hashes of other files": ({"sha256": {"x.py": "00"}}, "receipt.json in the zip is not one"),
    "hashes that are a list": ({"sha256": ["00", "00"]}, "receipt.json in the zip is not one"),
}


@pytest.mark.parametrize("says", SAYS.values(), ids=SAYS.keys())
def test_a_receipt_that_the_course_would_not_write_is_refused(
    ours: dict[str, bytes], says: tuple[dict[str, Any], str]
) -> None:
    changed, said = says
    assert said in reason(with_receipt(ours, lambda receipt: receipt.update(changed)))


@pytest.mark.parametrize("field", ["format", "exercise", "learner", "time", "version", "sha256"])
def test_a_receipt_without_one_of_its_fields_is_refused(ours: dict[str, bytes], field: str) -> None:
    assert "receipt.json in the zip is not one" in reason(with_receipt(ours, lambda receipt: receipt.pop(field)))


@pytest.mark.parametrize("held", ["[]", "2", "null", '"receipt"', "{", ""])
def test_a_receipt_that_is_no_table_is_refused(ours: dict[str, bytes], held: str) -> None:
    file = packed({**ours, "receipt.json": held.encode()})
    assert "receipt.json in the zip is not one" in reason(file)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=10), inside, max_size=3),
    max_leaves=6,
)


@given(field=st.sampled_from(["format", "exercise", "learner", "time", "version", "sha256"]), value=JSON)
def test_whatever_a_receipt_says_the_answer_is_a_hand_in_or_a_reason(
    ours: dict[str, bytes], field: str, value: Any
) -> None:
    try:
        found = read(with_receipt(ours, lambda receipt: receipt.update({field: value})))
    except BadHandIn:
        return
    assert found.exercise == SLUG
    assert found.contents.keys() == set(NAMES)
    assert json.loads(found.contents["receipt.json"])[field] == value


NAME = st.sampled_from([*NAMES, "repair.ipynb", "../answers.json", "x/answers.json", "a\u202e", "C:\\x"]) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12
)


@given(st.lists(st.tuples(NAME, st.binary(max_size=60)), max_size=6))
def test_whatever_else_a_zip_holds_it_is_refused(
    files: list[tuple[str, bytes]],
) -> None:
    with pytest.raises(BadHandIn):
        read(packed(files))


@given(files=st.lists(st.tuples(NAME, st.binary(max_size=60)), max_size=3), place=st.integers(0, 3))
def test_an_honest_hand_in_with_anything_added_is_not_read_as_another(
    ours: dict[str, bytes], files: list[tuple[str, bytes]], place: int
) -> None:
    entries = list(ours.items())
    try:
        found = read(packed([*entries[:place], *files, *entries[place:]]))
    except BadHandIn:
        return
    assert found.contents == ours


def test_reading_writes_nothing(ours: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read(packed(ours))
    reason(packed({"../escaped": b"", **ours}))
    assert not list(tmp_path.iterdir())
