"""Answers survive whatever happens to their file, and a file that is not ours survives them."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import filelock
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core.errors import AnswersDamaged, AnswersNotKept, AnswersTooNew
from course.core.settings import settings
from course.records.answers.answers import Answers
from course.records.answers.page import LARGEST
from course.records.answers.units import Layout

SLUG = "two-questions"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal" / f"{SLUG}.json"


def window(file: Path, wait: float = 10) -> Answers:
    return Answers(file, "lesson", SLUG, wait=wait)


def on_disk(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8"))["answers"])


def run(code: str, *arguments: object) -> str:
    """Run code in a process of its own and return what it printed."""
    line = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# What is kept


def test_an_answer_comes_back_after_the_window_was_closed(file: Path) -> None:
    window(file).save("q", {"COMP7": 5}, state="checked")
    again = window(file)
    assert (again.get("q"), again.state("q"), again.keys()) == ({"COMP7": 5}, "checked", ["q"])


def test_the_file_can_be_read_in_a_text_editor(file: Path) -> None:
    window(file).save("q", "naïve – “quoted” 🦉")
    text = file.read_text(encoding="utf-8")
    assert "naïve – “quoted” 🦉" in text
    assert json.loads(text) == {"format": 2, "lesson": SLUG, "answers": {"q": "naïve – “quoted” 🦉"}, "states": {}}


def test_an_exercise_hands_in_answers_and_nothing_else(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.json", "exercise", SLUG)
    answers.save("q1", "B", state="checked")
    assert json.loads((tmp_path / "answers.json").read_text()) == {
        "format": 2,
        "exercise": SLUG,
        "version": 2,
        "answers": {"q1": "B"},
    }
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]


def earlier_page(tmp_path: Path, **answers: object) -> Path:
    """Write the answers to an exercise as version 0.1.0 kept them."""
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"format": 1, "exercise": SLUG, "answers": answers}))
    return path


def test_of_an_earlier_version_of_an_exercise_the_reflection_stays_and_questions_are_asked_again(
    tmp_path: Path,
) -> None:
    path = earlier_page(tmp_path, q1=["C", "K"], q2="D", q3a="A", reflection="Mine.", shared=[1, 2])
    before = path.read_bytes()
    answers = Answers(path, "exercise", SLUG)
    assert answers.problem is None
    assert answers.keys() == ["reflection", "shared"]
    assert [key for key in ("q1", "q2", "q3a", "q4", "reflection") if answers.has_earlier(key)] == ["q1", "q2", "q3a"]
    assert path.read_bytes() == before, "reading changed something"


def test_answers_to_an_earlier_version_stay_in_the_file_beside_those_to_todays(tmp_path: Path) -> None:
    path = earlier_page(tmp_path, q1=["C", "K"], q2="D", reflection="Mine.")
    Answers(path, "exercise", SLUG).save("q2", "asks-first")
    assert json.loads(path.read_text()) == {
        "format": 2,
        "exercise": SLUG,
        "version": 2,
        "answers": {"q2": "asks-first", "reflection": "Mine."},
        "earlier": {"1": {"q1": ["C", "K"], "q2": "D"}},
    }
    again = Answers(path, "exercise", SLUG)
    assert again.get("q2") == "asks-first"
    assert again.has_earlier("q1")
    assert again.get("q1") is None


def test_a_page_of_the_earlier_version_reads_its_answers_as_they_are(tmp_path: Path) -> None:
    path = earlier_page(tmp_path, q2="D")
    answers = Answers(path, "exercise", SLUG, version=1)
    assert answers.get("q2") == "D"
    answers.save("q2", "B")
    assert json.loads(path.read_text())["version"] == 1


@pytest.mark.parametrize("earlier", [[], "text", {"1": 5}, {"1": {"q1": "A"}}, None])
def test_whatever_is_kept_of_earlier_versions_a_page_can_be_read(tmp_path: Path, earlier: object) -> None:
    path = tmp_path / "answers.json"
    page = {"format": 2, "exercise": SLUG, "version": 2, "answers": {"q1": "B"}, "earlier": earlier}
    path.write_text(json.dumps(page))
    assert Answers(path, "exercise", SLUG).get("q1") == "B"


def test_answers_to_a_later_version_of_an_exercise_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"format": 2, "exercise": SLUG, "version": 3, "answers": {"q1": "B"}}))
    answers = Answers(path, "exercise", SLUG)
    assert isinstance(answers.problem, AnswersTooNew)
    assert answers.keys() == []


def test_in_an_exercise_a_skipped_card_stays_skipped_while_another_is_answered(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.json", "exercise", SLUG)
    answers.save("q1", state="skipped")
    answers.save("q2", "B")
    assert answers.state("q1") == "skipped"


def test_none_takes_an_answer_away_and_an_empty_state_a_state(file: Path) -> None:
    answers = window(file)
    answers.save("q", "B", state="checked")
    answers.save("q", None, state="")
    assert window(file).keys() == []
    assert window(file).state("q") == ""


def test_a_state_alone_leaves_the_answer_as_it_is(file: Path) -> None:
    answers = window(file)
    answers.save("q", "B")
    answers.save("q", state="skipped")
    assert (window(file).get("q"), window(file).state("q")) == ("B", "skipped")


def test_a_kept_answer_does_not_change_with_the_list_that_it_was_made_of() -> None:
    answers, ticks = Answers(None, "lesson", SLUG), ["A"]
    answers.save("q", ticks)
    ticks.append("B")
    assert answers.get("q") == ["A"]


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_only_the_owner_can_read_the_journal(file: Path) -> None:
    window(file).save("q", "private")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((settings().data / "locks").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="the rights of a folder, as Linux and macOS have them")
def test_a_journal_that_was_copied_with_wider_rights_becomes_the_owners_alone(tmp_path: Path) -> None:
    for folder, rights in ((settings().data / "journal", 0o700), (tmp_path / "chosen", 0o755)):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        window(folder / "repair.json").save("q", "private")
        assert stat.S_IMODE(folder.stat().st_mode) == rights


def test_reading_makes_no_file_and_no_folder(file: Path) -> None:
    window(file)
    assert not file.parent.exists()
    assert not settings().data.exists()


# Units

SORTED = Layout("list", "ABC", dict.fromkeys("ABC"), is_exact=True)


def test_an_answer_of_several_units_is_kept_as_a_table_by_unit_and_read_as_a_list(file: Path) -> None:
    window(file).save_units("q", {"C": "K"}, SORTED)
    assert on_disk(file) == {"q": {"kind": "list", "units": {"A": None, "B": None, "C": "K"}}}
    assert window(file).get("q") == [None, None, "K"]
    assert window(file).units("q", SORTED) == {"A": None, "B": None, "C": "K"}


def test_a_rating_is_kept_by_item_code_alone(file: Path) -> None:
    window(file).save_units("q", {"COMP7": 5}, Layout("table"))
    assert on_disk(file) == {"q": {"COMP7": 5}}


def test_an_answer_whose_units_are_all_empty_is_none(file: Path) -> None:
    answers = window(file)
    answers.save_units("q", {"A": "K"}, SORTED)
    answers.save_units("q", {"A": None}, SORTED)
    assert on_disk(file) == {}


def test_ticks_without_a_tick_are_an_answer(file: Path) -> None:
    answers = window(file)
    answers.save_units("q", {}, Layout("ticks", empty={"A": None}), state="checked")
    assert (window(file).get("q"), window(file).state("q")) == ([], "checked")


def test_a_list_of_version_0_1_0_becomes_a_table_when_a_unit_is_changed_and_not_before(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(page('["K", "C", null, "of a card that is gone"], "other": ["K"]'))
    answers = window(file)
    assert answers.units("q", SORTED)["B"] == "C"
    answers.save_units("q", {"C": "C"}, Layout("list", "ABC", dict.fromkeys("ABC")))
    units = {"A": "K", "B": "C", "C": "C", "4": "of a card that is gone"}
    assert on_disk(file) == {"q": {"kind": "list", "units": units}, "other": ["K"]}
    assert window(file).get("q") == ["K", "C", "C", "of a card that is gone"]


def test_a_unit_is_removed_only_while_it_holds_what_was_seen(file: Path) -> None:
    layout = Layout("log")
    window(file).save_units("q", {"draft:1": "seen", "draft:2": "written meanwhile"}, layout)
    window(file).save_units("q", {"entry:1": "x"}, layout, remove={"draft:1": "seen", "draft:2": "seen"})
    assert window(file).units("q", layout) == {"draft:2": "written meanwhile", "entry:1": "x"}


def test_a_unit_of_a_failed_save_goes_with_the_next_one_and_nothing_else_of_the_answer(file: Path) -> None:
    one, two = window(file, wait=0), window(file)
    one.save("other", 1)
    with filelock.FileLock(lock_of(file)), pytest.raises(AnswersNotKept):
        one.save_units("q", {"A": "K"}, SORTED)
    two.save_units("q", {"B": "C"}, SORTED)
    one.save_units("q", {"C": "C"}, SORTED)
    assert window(file).get("q") == ["K", "C", "C"]


def test_a_refreshed_window_knows_what_another_wrote_and_what_it_could_not_save(file: Path) -> None:
    one, two = window(file, wait=0), window(file)
    two.save("q1", "B")
    with filelock.FileLock(lock_of(file)), pytest.raises(AnswersNotKept):
        one.save("q2", "typed")
    two.save("q1", "C")
    one.refresh()
    assert (one.get("q1"), one.get("q2")) == ("C", "typed")
    assert on_disk(file) == {"q1": "C"}, "refreshing wrote something"


@pytest.mark.parametrize(
    "table", ['{"kind": "list", "units": []}', '{"kind": "new", "units": {}}', '{"kind": ["list"], "units": {}}']
)
def test_a_table_of_another_shape_is_an_answer_as_it_is(file: Path, table: str) -> None:
    file.parent.mkdir()
    file.write_text(page(table))
    assert window(file).get("q") == json.loads(table)
    assert window(file).units("q", SORTED) == {}


# Two windows


def test_of_two_windows_the_later_save_wins_a_key_and_no_key_is_lost(file: Path) -> None:
    one, two = window(file), window(file)
    one.save("q1", "from one")
    two.save("q2", "from two")
    two.save("q1", "later")
    one.save("q3", "from one")
    assert on_disk(file) == {"q1": "later", "q2": "from two", "q3": "from one"}
    assert one.get("q1") == "later"


SAVE_MANY = """
import sys
from pathlib import Path
from course.records.answers.answers import Answers
answers = Answers(Path(sys.argv[1]), "lesson", sys.argv[2])
for number in range(20):
    answers.save(f"{sys.argv[3]}-{number}", number)
"""


@pytest.mark.slow
def test_two_processes_that_save_at_once_lose_no_key(file: Path) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", SAVE_MANY, str(file), SLUG, name]) for name in "ab"]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert on_disk(file) == {f"{name}-{number}": number for name in "ab" for number in range(20)}


# A stopped process

SAVE_FOR_EVER = """
import sys
from pathlib import Path
from course.records.answers.answers import Answers
answers = Answers(Path(sys.argv[1]), "lesson", sys.argv[2])
print("ready", flush=True)
number = 0
while True:
    number += 1
    answers.save("first", number)
    answers.save("second", "x" * (number % 7) * 2000)
    print(number, flush=True)
"""


@pytest.mark.slow
def test_killed_while_saving_the_file_is_the_old_one_or_the_new_one(file: Path) -> None:
    dice, last_seen = random.Random(7), 0
    for _ in range(15):
        with subprocess.Popen(
            [sys.executable, "-c", SAVE_FOR_EVER, str(file), SLUG], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            for _ in range(dice.randrange(1, 4)):
                last_seen = int(process.stdout.readline())
            stop = threading.Timer(dice.random() * 0.004, process.send_signal, [signal.SIGKILL])
            stop.start()
            rest = process.stdout.read().split("\n")
            stop.join()
        told = max([last_seen, *(int(line) for line in rest if line)])
        kept = on_disk(file)
        assert told <= kept["first"] <= told + 1
        assert len(kept["second"]) in (kept["first"] % 7 * 2000, (kept["first"] - 1) % 7 * 2000)
    window(file).save("third", "after the kills")
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_what_a_stopped_save_left_is_cleaned_up_by_the_next_one(file: Path) -> None:
    window(file).save("q", "B")
    left_over = file.with_name(f".{file.name}.abc.tmp")
    left_over.write_bytes(b"half a fi")
    window(file).save("q", "C")
    assert not left_over.exists()


# What cannot be saved is still known, and goes with the next save


def test_after_a_failed_save_the_answer_is_known_and_the_next_save_writes_it_too(file: Path) -> None:
    file.parent.parent.joinpath("journal").write_text("a file where the folder should be")
    answers, told = window(file, wait=0), []
    answers.listen(told.append)
    for key in ("q1", "q2"):
        with pytest.raises(AnswersNotKept, match="could not be saved"):
            answers.save(key, f"typed in {key}", state="checked")
    assert answers.get("q1") == "typed in q1"
    file.parent.unlink()
    answers.save("q3", "and now it works")
    assert on_disk(file) == {"q1": "typed in q1", "q2": "typed in q2", "q3": "and now it works"}
    assert window(file).state("q1") == "checked"
    assert told == ["q1", "q2", "q3"]
    assert answers.problem is None


def test_an_answer_taken_away_in_a_failed_save_is_taken_away_by_the_next(file: Path) -> None:
    answers = window(file, wait=0)
    answers.save("q1", "B")
    with filelock.FileLock(lock_of(file)), pytest.raises(AnswersNotKept):
        answers.save("q1", None)
    answers.save("q2", "C")
    assert on_disk(file) == {"q2": "C"}


def lock_of(file: Path) -> Path:
    """Return the lock that saving to this file made."""
    locks = list((settings().data / "locks").iterdir())
    assert len(locks) == 1, f"one lock was expected for {file}"
    return locks[0]


HOLD = """
import sys, filelock
with filelock.FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_that_another_process_holds_is_a_clear_error_and_changes_nothing(file: Path) -> None:
    answers = window(file, wait=0)
    answers.save("q", "before")
    line = [sys.executable, "-c", HOLD, str(lock_of(file))]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AnswersNotKept, match="Another window or program still holds"):
            answers.save("q", "typed meanwhile")
        assert on_disk(file) == {"q": "before"}
        assert window(file).get("q") == "before"
        other.communicate("")
    answers.save("other", "B")
    assert on_disk(file) == {"q": "typed meanwhile", "other": "B"}


FULL_DISK = """
import resource, sys
from pathlib import Path
from course.records.answers.answers import Answers
from course.core.errors import AnswersNotKept
answers = Answers(Path(sys.argv[1]), "lesson", sys.argv[2])
answers.save("q", "short")
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
try:
    answers.save("q", "x" * 5000)
except AnswersNotKept as error:
    print(error.message)
print(answers.get("q") == "x" * 5000)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
before = Path(sys.argv[1]).read_text()
answers.save("other", "B")
print("short" in before, sorted(answers.keys()), len(list(Path(sys.argv[1]).parent.iterdir())))
"""


@pytest.mark.skipif(os.name != "posix", reason="only these systems can limit the size of a file")
def test_a_full_disk_leaves_the_old_file_and_the_typed_text(file: Path) -> None:
    said, known, after = run(FULL_DISK, file, SLUG).splitlines()
    assert said.startswith("Your answer could not be saved: ")
    assert known == "True"
    assert after == "True ['other', 'q'] 1"
    assert len(on_disk(file)["q"]) == 5000


READ_ONLY = """
import os, sys
from pathlib import Path
from course.records.answers.answers import Answers
from course.core.errors import AnswersNotKept
file = Path(sys.argv[1])
Answers(file, "lesson", sys.argv[2]).save("q", "old")
os.chmod(file.parent, 0o555)
os.chmod(file, 0o444)
os.environ["BUILDING_TRUST_DATA"] = sys.argv[3]
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
answers = Answers(file, "lesson", sys.argv[2], wait=0)
print(answers.problem is None, answers.get("q"))
try:
    answers.save("q", "new")
except AnswersNotKept as error:
    print(error)
print(answers.get("q"))
"""


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_a_read_only_folder_is_read_and_named_in_the_error() -> None:
    with tempfile.TemporaryDirectory() as folder:  # a root user's own temporary folders are closed to all others
        os.chmod(folder, 0o755)
        (data := Path(folder) / "data").mkdir()
        os.chmod(data, 0o777)
        file = Path(folder) / "journal" / "page.json"
        opened, message, hint, known = run(READ_ONLY, file, SLUG, data).splitlines()
        assert opened == "True old"
        assert message == "Your answer could not be saved: Permission denied."
        assert str(file.parent) in hint
        assert known == "new"
        assert on_disk(file) == {"q": "old"}


def test_a_folder_that_cannot_hold_locks_stops_saving_and_not_reading(file: Path) -> None:
    window(file).save("q", "old")
    lock = lock_of(file)
    lock.unlink()
    lock.parent.rmdir()
    lock.parent.write_text("a file where the locks should be")
    answers = window(file, wait=0)
    assert (answers.problem, answers.get("q")) == (None, "old")
    with pytest.raises(AnswersNotKept, match="could not be saved"):
        answers.save("q", "new")


def test_a_page_that_would_become_too_long_is_refused_until_the_answer_is_shorter(file: Path) -> None:
    answers = window(file)
    answers.save("q1", "fine")
    with pytest.raises(AnswersNotKept, match="too long"):
        answers.save("q2", "x" * LARGEST)
    assert on_disk(file) == {"q1": "fine"}
    answers.save("q2", "shorter")
    assert on_disk(file) == {"q1": "fine", "q2": "shorter"}


# A file that is not what the course wrote


def deep(levels: int) -> str:
    return page("[" * levels + "]" * levels)


def page(answer: str) -> str:
    return f'{{"format": 1, "lesson": "{SLUG}", "answers": {{"q": {answer}}}}}'


DAMAGED = {
    "empty": "",
    "half": '{"format": 1, "lesson": "01-tw',
    "not JSON": "q = B",
    "nothing": "null",
    "a list": "[]",
    "no answers": '{"format": 1, "lesson": "two-questions"}',
    "answers that are a list": '{"format": 1, "lesson": "two-questions", "answers": []}',
    "another lesson's": '{"format": 1, "lesson": "keeping-your-word", "answers": {}}',
    "an exercise's": '{"format": 1, "exercise": "two-questions", "answers": {}}',
    "no format": '{"lesson": "two-questions", "answers": {}}',
    "format true": '{"format": true, "lesson": "two-questions", "answers": {}}',
    "format 0": '{"format": 0, "lesson": "two-questions", "answers": {}}',
    "format text": '{"format": "1", "lesson": "two-questions", "answers": {}}',
    "deep": deep(20),
    "very deep": deep(100_000),
    "deep enough to end a careless reader": deep(900),
    "huge number": page("9" * 5000),
    "endless": page("1e999"),
    "not a number": page("NaN"),
    "half of a character": page('"\\ud83e"'),
    "too large": page(json.dumps("x" * LARGEST)),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_said_so_kept_aside_and_never_overwritten(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    answers = window(file)
    assert isinstance(answers.problem, AnswersDamaged)
    assert answers.keys() == []
    assert [path.name for path in file.parent.iterdir()] == [file.name], "reading changed something"

    answers.save("q", "B")
    assert on_disk(file) == {"q": "B"}
    [aside] = [path for path in file.parent.iterdir() if path != file]
    assert aside.read_text() == text
    assert aside.name in str(answers.problem), "the window does not say where the old file went"
    assert window(file).problem is None

    answers.save("q", "C")
    assert isinstance(answers.problem, AnswersDamaged), "the notice went with the next save"
    assert len(list(file.parent.iterdir())) == 2


def test_a_file_that_is_not_text_is_damaged(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    assert isinstance(window(file).problem, AnswersDamaged)


def test_damaged_while_the_window_is_open_its_answers_go_into_the_new_file(file: Path) -> None:
    answers = window(file)
    answers.save("q1", "typed before")
    file.write_text("{")
    answers.save("q2", "typed after")
    assert on_disk(file) == {"q1": "typed before", "q2": "typed after"}
    assert isinstance(answers.problem, AnswersDamaged)


def test_erased_while_the_window_is_open_the_erased_answers_do_not_come_back(file: Path) -> None:
    answers = window(file)
    answers.save("q1", "typed before")
    file.unlink()
    answers.save("q2", "typed after")
    assert on_disk(file) == {"q2": "typed after"}


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are made in other ways elsewhere")
@pytest.mark.parametrize("kind", ["link", "link to nothing", "pipe", "folder"])
def test_what_is_no_plain_file_is_not_followed_and_kept_aside(file: Path, tmp_path: Path, kind: str) -> None:
    file.parent.mkdir()
    secret = tmp_path / "secret.json"
    secret.write_text(page('"not for this lesson"'))
    make: dict[str, Callable[[], object]] = {
        "link": lambda: file.symlink_to(secret),
        "link to nothing": lambda: file.symlink_to(tmp_path / "nothing"),
        "pipe": lambda: os.mkfifo(file),
        "folder": file.mkdir,
    }
    make[kind]()
    answers = window(file)
    assert isinstance(answers.problem, AnswersDamaged)
    assert answers.get("q") is None
    answers.save("q", "B")
    assert on_disk(file) == {"q": "B"}
    assert secret.read_text() == page('"not for this lesson"')
    assert not (tmp_path / "nothing").exists()
    assert len(list(file.parent.iterdir())) == 2


@pytest.mark.parametrize("number", [3, 10**30])
def test_a_file_of_a_newer_course_is_never_written_to(file: Path, number: int) -> None:
    file.parent.mkdir()
    text = json.dumps({"format": number, "lesson": SLUG, "answers": "in a shape that is not known yet"})
    file.write_text(text)
    answers = window(file)
    assert isinstance(answers.problem, AnswersTooNew)
    for _ in range(2):
        with pytest.raises(AnswersTooNew, match="newer version"):
            answers.save("q", "B")
    assert file.read_text() == text
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert answers.get("q") == "B"


def test_half_of_a_character_is_kept_as_a_question_mark(file: Path) -> None:
    window(file).save("q", "owl \ud83e")
    assert window(file).get("q") == "owl ?"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=8,
)


@given(whole=JSON)
def test_whatever_a_file_holds_it_can_be_opened_and_answered(
    tmp_path_factory: pytest.TempPathFactory, whole: Any
) -> None:
    file = tmp_path_factory.mktemp("page") / "page.json"
    file.write_text(json.dumps(whole))
    answers = window(file)
    assert answers.keys() == []
    answers.save("q", "B")
    assert window(file).get("q") == "B"


# What is only looked at


def test_looking_at_a_file_touches_nothing(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text("{")
    answers = Answers.read_only(file, "exercise", SLUG)
    answers.save("q", "B")
    assert isinstance(answers.problem, AnswersDamaged)
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]
    assert file.read_text() == "{"
    assert not settings().data.exists()


# Forgetting


def test_forgetting_erases_the_file_what_was_kept_aside_left_overs_and_the_lock(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{")
    answers = window(file)
    answers.save("q", "B")
    file.with_name(f".{file.name}.abc.tmp").write_bytes(b"half")
    stranger = file.with_name("notes.txt")
    stranger.write_text("not the course's")
    other = file.with_name("keeping-your-word.json")
    other.write_text("another page")

    erased = answers.forget()
    assert len(erased) == 3
    assert sorted(file.parent.iterdir()) == [other, stranger]
    assert list((settings().data / "locks").iterdir()) == []
    assert (answers.keys(), answers.problem) == ([], None)


def test_forgetting_what_was_never_written_erases_nothing(file: Path) -> None:
    assert window(file).forget() == []


# What nobody else may read


def test_answers_are_in_no_text_about_them(file: Path) -> None:
    secret = "Sam said so"
    answers = window(file, wait=0)
    answers.save("q", secret)
    assert secret not in repr(answers)
    file.write_text(f'{{"answers": {{"q": "{secret}"')
    answers = window(file, wait=0)
    assert secret not in "".join(traceback.format_exception(answers.problem))
    with filelock.FileLock(lock_of(file)), pytest.raises(AnswersNotKept) as caught:
        answers.save("q", secret)
    assert secret not in str(caught.value)
    assert secret not in "".join(answers.problem._render_traceback_() if answers.problem else [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_page_that_a_text_editor_saved_is_read_and_written_on(encoding: str, file: Path) -> None:
    file.parent.mkdir()
    window(file).save("q1", "Zoë")
    file.write_bytes(file.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))
    answers = window(file)
    assert (answers.get("q1"), answers.problem) == ("Zoë", None)
    answers.save("q2", "B")
    assert on_disk(file) == {"q1": "Zoë", "q2": "B"}
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
def test_on_a_drive_without_locks_a_card_names_the_cause_and_the_way_out(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    window(file).save("q1", "before")
    monkeypatch.setattr("fcntl.flock", flock)
    answers = window(file)
    for act in (partial(answers.save, "q2", "B"), answers.forget):
        with pytest.raises(AnswersNotKept, match="cannot lock files") as caught:
            act()
        assert "BUILDING_TRUST_DATA" in caught.value.hint
        assert "room" not in caught.value.hint
    monkeypatch.undo()
    assert on_disk(file) == {"q1": "before"}


def test_what_is_decided_on_the_newest_page_no_other_window_changes_meanwhile(file: Path) -> None:
    here, other = window(file), window(file, wait=0)
    here.save("q", 1)
    with here.newest():
        here.save("q", 2)
        with pytest.raises(AnswersNotKept):
            other.save("p", "meanwhile")
        assert not other.is_all_saved
    other.save_again()
    assert other.is_all_saved
    assert on_disk(file) == {"q": 2, "p": "meanwhile"}
