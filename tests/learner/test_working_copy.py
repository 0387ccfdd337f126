"""The learner's own copy of the course."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course.core.errors import FolderUnusable
from course.core.notebooks import code_digest, material, read_notebook
from course.learner import working_copy
from course.learner.working_copy import FOR_OTHERS, fill
from tests.cases import every

LESSON = Path("notebooks/two-questions.ipynb")
EXERCISE = Path("exercises/two-questions/two-questions.ipynb")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small course that a test can change, as a newer version would."""
    folder = tmp_path / "shipped"
    for name in (LESSON, EXERCISE, Path("source/two-questions/key.ipynb")):
        (folder / name).parent.mkdir(parents=True)
        shutil.copy(material() / (name if "source" not in name.parts else EXERCISE), folder / name)
    monkeypatch.setattr(working_copy, "material", lambda: folder)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy"


def reword(path: Path, text: str) -> None:
    notebook = read_notebook(path)
    notebook["cells"][0]["source"] = text
    path.write_text(json.dumps(notebook), encoding="utf-8")


def first_words(path: Path) -> str:
    return str(read_notebook(path)["cells"][0]["source"])


def kept(copy: Path, name: Path) -> list[Path]:
    return sorted((copy / "kept").glob(f"*/{name.as_posix()}"))


def test_a_copy_has_no_page_for_trainers_or_facilitators(shipped: Path, copy: Path) -> None:
    for name in FOR_OTHERS:
        shutil.copy(material() / "notebooks" / name, shipped / "notebooks")
    shutil.copy(material() / "notebooks" / "start.ipynb", shipped / "notebooks")
    fill(copy)
    assert sorted(path.name for path in (copy / "notebooks").iterdir()) == ["start.ipynb", LESSON.name]
    start = (copy / "notebooks" / "start.ipynb").read_text(encoding="utf-8")
    assert [name for name in FOR_OTHERS if Path(name).stem in start] == []


def test_a_copy_has_lessons_and_exercises_and_no_keys(shipped: Path, copy: Path) -> None:
    assert fill(copy) == copy
    assert (copy / LESSON).is_file()
    assert (copy / EXERCISE).read_bytes() == (shipped / EXERCISE).read_bytes()
    assert not (copy / "source").exists()


def test_what_an_author_tried_out_is_not_shipped(shipped: Path, copy: Path) -> None:
    for name in ("answers.json", "hand-in-two-questions.zip"):
        (shipped / EXERCISE).with_name(name).write_bytes(b"tried out")
    fill(copy)
    assert [path.name for path in (copy / EXERCISE).parent.iterdir()] == [EXERCISE.name]


def test_the_cells_of_lessons_are_locked_and_their_code_is_as_shipped(shipped: Path, copy: Path) -> None:
    fill(copy)
    lesson = read_notebook(copy / LESSON)
    assert all(cell["metadata"]["editable"] is cell["metadata"]["deletable"] is False for cell in lesson["cells"])
    assert code_digest(lesson) == code_digest(read_notebook(shipped / LESSON))


def test_the_usual_copy_is_in_the_persons_home(shipped: Path, empty_home: Path) -> None:
    assert fill() == empty_home / "building-trust"


def test_a_clone_in_the_usual_place_is_left_to_its_authors(shipped: Path, empty_home: Path) -> None:
    (empty_home / "building-trust" / "course").mkdir(parents=True)
    (empty_home / "building-trust" / "course" / "cli.py").touch()
    assert fill() == empty_home / "building-trust-my-copy"
    with pytest.raises(FolderUnusable, match="is the course itself"):
        fill(empty_home / "building-trust" / "mine")


def test_filling_again_changes_nothing(shipped: Path, copy: Path) -> None:
    def state() -> dict[Path, tuple[bytes, int]]:
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in copy.rglob("*") if path.is_file()}

    fill(copy)
    before = state()
    fill(copy)
    assert state() == before


def test_a_newer_course_replaces_a_lesson(shipped: Path, copy: Path) -> None:
    fill(copy)
    reword(shipped / LESSON, "# New")
    fill(copy)
    assert first_words(copy / LESSON) == "# New"
    assert not kept(copy, LESSON)


def test_what_the_learner_added_stays(shipped: Path, copy: Path) -> None:
    fill(copy)
    answers = copy / EXERCISE.parent / "answers.json"
    own = copy / "notebooks" / "my thoughts.ipynb"
    for path in (answers, own):
        path.write_text("mine")
    reword(shipped / EXERCISE, "# New")
    fill(copy)
    assert answers.read_text() == own.read_text() == "mine"


def test_what_the_learner_changed_stays_while_the_course_is_the_same(shipped: Path, copy: Path) -> None:
    fill(copy)
    reword(copy / EXERCISE, "# Mine")
    fill(copy)
    assert first_words(copy / EXERCISE) == "# Mine"
    assert not kept(copy, EXERCISE)


def test_what_the_learner_changed_is_kept_aside_for_a_newer_course(shipped: Path, copy: Path) -> None:
    fill(copy)
    reword(copy / EXERCISE, "# Mine")
    reword(shipped / EXERCISE, "# New")
    fill(copy)
    assert first_words(copy / EXERCISE) == "# New"
    assert [first_words(path) for path in kept(copy, EXERCISE)] == ["# Mine"]


def test_outputs_alone_are_no_change_to_keep(shipped: Path, copy: Path) -> None:
    fill(copy)
    notebook = read_notebook(copy / EXERCISE)
    next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")["execution_count"] = 7
    (copy / EXERCISE).write_text(json.dumps(notebook))
    reword(shipped / EXERCISE, "# New")
    fill(copy)
    assert not kept(copy, EXERCISE)


def test_a_file_that_was_there_before_the_course_is_kept_aside(shipped: Path, copy: Path) -> None:
    (copy / LESSON).parent.mkdir(parents=True)
    (copy / LESSON).write_text("something else")
    fill(copy)
    assert [path.read_text() for path in kept(copy, LESSON)] == ["something else"]


def test_a_lesson_that_the_course_dropped_is_kept_aside(shipped: Path, copy: Path) -> None:
    fill(copy)
    (shipped / LESSON).unlink()
    fill(copy)
    assert not (copy / LESSON).exists()
    assert len(kept(copy, LESSON)) == 1


def test_the_next_filling_completes_one_that_was_stopped(
    shipped: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(working_copy, "_manifest", stop)
        with pytest.raises(KeyboardInterrupt):
            fill(copy)
    (copy / EXERCISE).unlink()
    fill(copy)
    assert (copy / EXERCISE).is_file()
    assert not (copy / "kept").exists()


@pytest.mark.parametrize("text", ["", "[]", '{"files": {"../../outside": {}}}', '{"files": {"a": 1}}'])
def test_a_damaged_list_of_what_was_installed_harms_nothing(shipped: Path, copy: Path, text: str) -> None:
    (copy.parent / "outside").write_text("not ours")
    fill(copy)
    (copy / ".course.json").write_text(text)
    fill(copy)
    assert (copy.parent / "outside").read_text() == "not ours"
    assert not (copy / "kept").exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusable, match=r"The folder .* cannot be used") as told:
        fill(tmp_path / "file" / "copy")
    assert "--folder" in told.value.hint


@pytest.mark.nbgrader
@pytest.mark.skipif(os.name != "posix", reason="nbgrader's exchange needs POSIX")
@pytest.mark.parametrize("where", ["", "exercises"])
def test_nbgrader_hands_in_from_the_copy(
    shipped: Path, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    slug, exchange = EXERCISE.parent.name, tmp_path / "exchange"
    released = exchange / "building-trust" / "outbound" / slug
    released.mkdir(parents=True)
    inbound = exchange / "building-trust" / "inbound"
    inbound.mkdir()
    shutil.copy(shipped / EXERCISE, released)
    monkeypatch.setenv("BUILDING_TRUST_EXCHANGE", str(exchange))
    fill(copy)
    (copy / EXERCISE.parent / "answers.json").write_text("{}")
    line = [sys.executable, "-m", "nbgrader", "submit", slug]
    done = subprocess.run(line, cwd=copy / where, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    [handed_in] = inbound.iterdir()
    assert {"answers.json", EXERCISE.name} <= {path.name for path in handed_in.iterdir()}


def test_a_filled_copy_says_where_its_exchange_is(
    shipped: Path, copy: Path, monkeypatch: pytest.MonkeyPatch, exchange_of: Callable[[Path], dict[str, str]]
) -> None:
    (shipped / "exchange").mkdir()
    fill(copy)
    assert exchange_of(copy / "nbgrader_config.py")["root"] == str(shipped / "exchange")


def test_a_copy_knows_the_exchange_that_a_trainer_makes_later(
    shipped: Path, copy: Path, exchange_of: Callable[[Path], dict[str, str]]
) -> None:
    fill(copy)
    assert not (shipped / "exchange").exists()
    assert exchange_of(copy / "exercises" / "nbgrader_config.py")["root"] == str(shipped / "exchange")


def test_a_copy_without_a_checkout_names_no_exchange(
    shipped: Path, copy: Path, exchange_of: Callable[[Path], dict[str, str]]
) -> None:
    shutil.rmtree(shipped / "source")
    fill(copy)
    assert "root" not in exchange_of(copy / "nbgrader_config.py")


@pytest.fixture
def exchange_of() -> Callable[[Path], dict[str, str]]:
    """Return a function that reads nbgrader's settings as nbgrader does."""

    def read(path: Path) -> dict[str, str]:
        from traitlets.config import PyFileConfigLoader

        return dict(PyFileConfigLoader(path.name, str(path.parent)).load_config().Exchange)

    return read


def test_a_page_that_was_changed_or_is_missing_is_told_and_a_fresh_one_is_put_in_its_place(tmp_path: Path) -> None:
    folder = working_copy.fill(tmp_path / "copy")
    for name in ("notebooks/repair.ipynb", "exercises/repair/repair.ipynb"):
        path = folder / name
        before = path.read_bytes()
        assert working_copy.is_as_shipped(folder, name)
        path.write_bytes(before.replace(b'"## ', b'"## My own '))
        assert not working_copy.is_as_shipped(folder, name)
        changed = path.read_bytes()
        working_copy.put_fresh(folder, name)
        assert path.read_bytes() == before
        assert working_copy.is_as_shipped(folder, name)
        [kept] = (folder / "kept").rglob(path.name)
        assert kept.read_bytes() == changed
        kept.unlink()
        path.unlink()
        assert not working_copy.is_as_shipped(folder, name)
        working_copy.put_fresh(folder, name)
        assert path.read_bytes() == before


@every("metadata", ["null", "3", "[" * 100_000 + "]" * 100_000])
def test_a_page_with_damaged_cells_is_told_as_changed_and_replaced(tmp_path: Path, metadata: str) -> None:
    folder, name = working_copy.fill(tmp_path / "copy"), "notebooks/repair.ipynb"
    (folder / name).write_text(f'{{"cells": [{{"cell_type": "code", "source": "", "metadata": {metadata}}}]}}')
    assert not working_copy.is_as_shipped(folder, name)
    working_copy.put_fresh(folder, name)
    assert working_copy.is_as_shipped(working_copy.fill(folder), name)


def test_a_changed_page_is_kept_however_often_a_fresh_one_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button that is pressed twice, and two changes, all in one second."""
    monkeypatch.setattr("course.core.moments.folder_stamp", lambda *_, **__: "2026-11-28-090000")
    folder, name = working_copy.fill(tmp_path / "copy"), "notebooks/repair.ipynb"
    for text in ("# Mine", "# Mine again"):
        reword(folder / name, text)
        working_copy.put_fresh(folder, name)
        working_copy.put_fresh(folder, name)
    assert {first_words(path) for path in kept(folder, Path(name))} == {"# Mine", "# Mine again"}
    assert len(kept(folder, Path(name))) == 2


def test_what_nbgrader_notes_of_a_cell_is_part_of_a_page(tmp_path: Path) -> None:
    folder = working_copy.fill(tmp_path / "copy")
    name = "exercises/repair/repair.ipynb"
    notebook = json.loads((folder / name).read_text(encoding="utf-8"))
    graded = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader"))
    graded["metadata"]["nbgrader"]["points"] = 1000
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    assert not working_copy.is_as_shipped(folder, name)


def test_only_pages_of_the_course_are_shown(tmp_path: Path) -> None:
    assert working_copy.shipped_page("notebooks/start.ipynb")
    for name in ("notebooks/for-trainers.ipynb", "source/repair/repair.ipynb", "notebooks/../README.md", "/etc/passwd"):
        assert working_copy.shipped_page(name) is None
