"""What is kept of a learner is removed as a whole, also where it was stopped, and while nobody writes it again."""

from __future__ import annotations

import itertools
import json
import tempfile
import zipfile
from pathlib import Path

import pytest

from course.core.errors import AlreadyRunning, BadLearnerId
from course.learner import serving
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.erasing import erase, remove_learner
from course.trainer.feedback.files import packed, put_zip
from course.trainer.marks_back.people_in_files import note_people, read_people
from course.trainer.second_marks.store import FOLDER, PAGE
from tests.cases import every
from tests.trainer.submissions import SLUG, course_directory, drop, hand_in

pytestmark = pytest.mark.nbgrader
LEARNER = "synthetic-001"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course directory in which something is marked of one learner."""
    root = course_directory(tmp_path / "course")
    place = root / "autograded" / LEARNER / "repair"
    place.mkdir(parents=True)
    (place / "answers.json").write_text("{}")
    return root


@pytest.mark.parametrize(
    "command", ["collect", "grade", "feedback", "marks", "second-marks", "report", "release", "roster", "due"]
)
def test_nothing_is_removed_while_a_command_is_at_work_that_could_write_it_again(root: Path, command: str) -> None:
    with single_instance(command, root, "synthetic"), pytest.raises(AlreadyRunning, match="at work"):
        erase(Coursework(root), LEARNER, yes=True)
    assert (root / "autograded" / LEARNER).is_dir()
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert not (root / "autograded" / LEARNER).exists()


def test_stopped_after_any_of_its_removals_the_next_time_removes_the_rest(root: Path) -> None:
    """The platform's name for a learner stands in the receipt of the hand-in, and their feedback lies under it."""
    platform = f"lovelaceada_12_34_hand-in-{SLUG}.zip"
    receipt = {"exercise": SLUG, "learner": LEARNER, "platform": platform}
    coursework, made, stops = Coursework(root), root / "feedback-files" / f"for-canvas-{SLUG}.zip", 0
    while True:
        for step in ("submitted", "autograded"):
            (root / step / LEARNER / SLUG).mkdir(parents=True, exist_ok=True)
        (root / "submitted" / LEARNER / SLUG / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
        put_zip(made, {platform: packed({f"{SLUG}.html": b"words"})})
        removals = remove_learner(coursework, LEARNER)
        is_through = len(list(itertools.islice(removals, stops))) < stops
        removals.close()
        assert erase(coursework, LEARNER, yes=True) == 0
        assert not made.exists(), f"stopped after {stops} removals"
        if is_through:
            break
        stops += 1
    assert stops > 2


@every(
    "platform, line, is_theirs",
    [
        ("Ada Lovelace_1234567_assignsubmission_file_", "Participant 1234567,9,", True),
        ("Ada Lovelace_1234567_assignsubmission_file_", "Participant 12345678,9,", False),
        (f"lovelaceada_4242_67890_hand-in-{SLUG}.zip", '"Love, A.",4242,,9', True),
        (f"Exercise_1_adal_attempt_2026-03-02-12-01-02_hand-in-{SLUG}.zip", '"Love","A.","adal","9"', True),
    ],
)
def test_a_file_of_marks_that_has_only_the_platforms_number_of_a_learner_goes_too(
    platform: str, line: str, is_theirs: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = course_directory(Path(folder) / "course")
        (root / "submitted" / LEARNER / SLUG).mkdir(parents=True)
        receipt = {"exercise": SLUG, "learner": LEARNER, "platform": platform}
        (root / "submitted" / LEARNER / SLUG / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
        made = root / "marks-files" / "for-moodle-two-questions.csv"
        made.parent.mkdir()
        made.write_text(f"Identifier,Grade\n{line}\n", encoding="utf-8")
        assert erase(Coursework(root), LEARNER, yes=True) == 0
        assert made.exists() is not is_theirs


def test_a_file_of_marks_that_found_a_learner_by_the_mail_address_alone_goes_too(root: Path) -> None:
    """Moodle's worksheet comes with addresses, and goes back with its own number alone, which no hand-in tells."""
    folder, other = root / "marks-files", "synthetic-002"
    folder.mkdir()
    for name, learners in {"a.csv": {LEARNER, other}, "b.csv": {other}}.items():
        note_people(folder, name, learners)
        (folder / name).write_text("Identifier,Grade,Feedback comments\nParticipant 71,9,words\n", encoding="utf-8")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["b.csv", "people.json"]
    assert read_people(folder) == {"b.csv": {other}}
    assert erase(Coursework(root), other, yes=True) == 0
    assert not [*folder.iterdir()]


def test_copies_that_jupyterlab_made_of_opened_files_go_where_they_name_the_learner(root: Path) -> None:
    """It makes one of each file that is opened, in a folder that nobody sees."""
    for folder in ("", "second-marks", "notebooks"):
        copies = root / folder / ".ipynb_checkpoints"
        copies.mkdir(parents=True)
        (copies / "people-checkpoint.csv").write_text(f"id\n{LEARNER}\n", encoding="utf-8")
        (copies / "others-checkpoint.csv").write_text("id\nsynthetic-002\n", encoding="utf-8")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    left = [path.relative_to(root).as_posix() for path in root.rglob("*-checkpoint.csv")]
    assert sorted(left) == [
        f"{folder}.ipynb_checkpoints/others-checkpoint.csv" for folder in ("", "notebooks/", "second-marks/")
    ]


def workspace(profile: str, name: str, *opened: str) -> Path:
    """A file as JupyterLab saves it for a profile, with the files that are open, the last one, and the folder."""
    data: dict[str, object] = {f"notebook:{path}": {"data": {"path": path, "factory": "Notebook"}} for path in opened}
    data["layout-restorer:data"] = {"main": {"dock": {"widgets": [f"notebook:{path}" for path in opened]}}}
    data["docmanager:recents"] = {"opened": [], "closed": [{"path": path} for path in opened]}
    folder = Path(serving.environment(serving.folder_of(profile))["JUPYTERLAB_WORKSPACES_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.jupyterlab-workspace"
    path.write_text(json.dumps({"data": data, "metadata": {"id": name}}), encoding="utf-8")
    return path


def test_what_jupyterlab_keeps_of_open_files_goes_where_it_names_the_learner(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It keeps their paths, with the learner's id, in the person's own folder, also those that were closed."""
    steps = ("submitted", "autograded", "feedback")
    gone = [
        workspace("teach", "default-37a8", *(f"{step}/{LEARNER}/{SLUG}/{SLUG}.ipynb" for step in steps)),
        workspace("teach", "auto-s-0b2c", f"submitted/{LEARNER.upper()}/{SLUG}/{SLUG}.ipynb"),
        workspace("trainers-server", "default-37a8", f"feedback/{LEARNER}/{SLUG}/{SLUG}.html"),
    ]
    left = workspace("teach", "auto-t-1d3e", f"submitted/{LEARNER}2/x.ipynb", "submitted/my-synthetic-001/x.ipynb")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert not [path for path in gone if path.exists()]
    assert left.exists()
    said = capsys.readouterr().out
    assert said.count("in which JupyterLab keeps") == 2 * len(gone), "named before and after"
    assert f"course forget-learner {LEARNER}" in said, "a page that is open writes them again"
    (root / "autograded" / LEARNER).mkdir(parents=True)
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert "JupyterLab" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["notes.docx", "people.ods", "notebooks/mine.ipynb", "mine.ipynb", "second-marks/to-mark.csv", "page.html"]
)
def test_a_file_of_the_trainers_own_that_names_the_learner_is_named_and_left(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / name
    path.parent.mkdir(exist_ok=True)
    words = f"<td>{LEARNER}</td>".encode()
    path.write_bytes(packed({"content.xml": words}) if path.suffix in (".docx", ".ods") else words)
    (root / "notebooks").mkdir(exist_ok=True)
    (root / "notebooks" / "other.ipynb").write_text("synthetic-002", encoding="utf-8")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    said = capsys.readouterr().out
    assert f"the learner is named in it: {name}" in said
    assert "other.ipynb" not in said
    assert path.exists()


def test_nothing_that_is_removed_is_named_as_what_the_trainer_has_to_look_at(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = root / FOLDER / PAGE
    page.parent.mkdir()
    page.write_text(f"<td>{LEARNER}</td>", encoding="utf-8")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert not page.exists()
    assert "the learner is named in it" not in capsys.readouterr().out


def test_where_a_report_went_it_says_to_make_it_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert "course report" not in capsys.readouterr().out, "there was none"
    (root / "autograded" / LEARNER).mkdir(parents=True)
    (root / "reports").mkdir()
    (root / "reports" / "given-out.json").write_text("{}", encoding="utf-8")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert "course report" not in capsys.readouterr().out, "what version 0.1.0 kept there is no report"
    (root / "autograded" / LEARNER).mkdir(parents=True)
    (root / "reports" / "people.csv").write_text(LEARNER, encoding="utf-8")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert "Next: course report, to make the report without this person." in capsys.readouterr().out


def test_a_folder_of_the_inbox_that_is_named_after_a_learner_goes_with_the_last_that_is_in_it(root: Path) -> None:
    named, shared = root / "inbox" / LEARNER, root / "inbox" / "march"
    drop(root, f"{LEARNER}/late/x.zip", hand_in(LEARNER))
    drop(root, "march/x.zip", packed({"x.zip": hand_in(LEARNER)}))
    drop(root, "march/y.zip", hand_in("synthetic-002"))
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert not named.exists()
    assert [path.name for path in shared.iterdir()] == ["y.zip"]
    assert (root / "inbox").is_dir()


def test_what_a_name_alone_makes_somebodys_stays_where_another_has_the_same_name(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Coursework(root).gradebook() as gradebook:
        for id in (LEARNER, "synthetic-002"):
            gradebook.add_student(id, first_name="Ada", last_name="Synthetic")
    own, other = (f"Ada Synthetic_{number}_assignsubmission_file_" for number in (111, 222))
    files = {
        f"{own}/x.zip": hand_in(LEARNER), f"{other}/x.zip": hand_in("synthetic-002"), f"{other}/essay.docx": b"mine",
        "Ada Synthetic_222_assignsubmission_onlinetext/onlinetext.html": b"mine",
    }  # fmt: skip
    zipped = drop(root, "moodle.zip", packed(files))
    loose = drop(root, "Ada Synthetic.docx", b"somebody's")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    with zipfile.ZipFile(zipped) as left:
        assert set(left.namelist()) == set(files) - {f"{own}/x.zip"}
    assert loose.exists()
    said = capsys.readouterr().out
    for place in (f"moodle.zip/{other}", "Ada Synthetic.docx"):
        assert f"the learner is named in it: inbox/{place}\n" in said
    with Coursework(root).gradebook() as gradebook:
        gradebook.add_student(LEARNER, first_name="Adam", last_name="Synthetic")
    drop(root, "Adam Synthetic.docx", b"theirs")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    assert sorted(path.name for path in (root / "inbox").iterdir()) == ["Ada Synthetic.docx", "moodle.zip"]


def test_who_has_the_name_of_a_learner_within_a_longer_one_keeps_their_work(root: Path) -> None:
    with Coursework(root).gradebook() as gradebook:
        gradebook.add_student(LEARNER, first_name="Ada", last_name="Synthetic")
        gradebook.add_student("synthetic-002", first_name="Mary Ada", last_name="Synthetic")
    other = "Mary Ada Synthetic_222_assignsubmission_file_"
    files = {f"{other}/x.zip": hand_in("synthetic-002"), f"{other}/essay.docx": b"mine"}
    own = {"Ada Synthetic_111_assignsubmission_file_/essay.docx": b"theirs"}
    zipped = drop(root, "moodle.zip", packed({**files, **own}))
    drop(root, f"{LEARNER}/{other}/essay.docx", b"which a trainer gave to the learner")
    assert erase(Coursework(root), LEARNER, yes=True) == 0
    with zipfile.ZipFile(zipped) as left:
        assert set(left.namelist()) == set(files)
    assert [path.name for path in (root / "inbox").iterdir()] == ["moodle.zip"]


def test_who_is_in_the_inbox_alone_is_looked_for_in_no_gradebook(root: Path) -> None:
    drop(root, "x.zip", hand_in("synthetic-002"))
    assert erase(Coursework(root), "synthetic-002", yes=True) == 0
    assert not [*(root / "inbox").iterdir()]


@pytest.mark.parametrize("typed", ["Synthetic-001", "ADA@example.org"])
def test_another_way_to_write_an_id_removes_nothing_and_says_who_is_meant(root: Path, typed: str) -> None:
    coursework = Coursework(root)
    with coursework.gradebook() as gradebook:
        gradebook.add_student(LEARNER, email="ada@example.org")
    (root / "reports").mkdir()
    (root / "reports" / "people.csv").write_text(f"{LEARNER},ada@example.org")
    with pytest.raises(BadLearnerId, match=f"may stand for {LEARNER}") as told:
        erase(coursework, typed, yes=True)
    assert "exactly" in told.value.hint
    assert (root / "reports" / "people.csv").exists()
    assert erase(coursework, LEARNER, yes=True) == 0
    assert not (root / "reports" / "people.csv").exists()
