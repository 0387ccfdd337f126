"""The inbox takes files from strangers: what cannot be used is refused by name with a reason, and stops nothing."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import string
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.core.names import is_folder_name
from course.trainer.collecting import inbox_scan
from course.trainer.collecting.inbox import InboxResults, collect_inbox
from course.trainer.collecting.roster import NotIdentified, Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.platforms import read_name
from tests.trainer.submissions import DAY, SLUG, contents, course_directory, drop, hand_in, packed, tree

MOODLE = "Ada Lovelace_1_assignsubmission_file_"
NAME = "hand-in-two-questions.zip"


def without(name: str) -> bytes:
    return packed({key: data for key, data in contents("eve").items() if key != name})


def with_extra(name: str, data: bytes = b"x") -> bytes:
    return packed({**contents("eve"), name: data})


def special(kind: int, name: str = NAME) -> bytes:
    """Return a platform's zip whose one entry is said to be a link or a device, and would else be a good hand-in."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        about = zipfile.ZipInfo(f"{MOODLE}/{name}")
        about.external_attr = (kind | 0o644) << 16
        zipped.writestr(about, hand_in("ada"))
    return file.getvalue()


def bomb() -> bytes:
    """Return a platform's zip with one file that says, truly, that it unpacks to 110 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped, zipped.open(f"{MOODLE}/{NAME}", "w") as entry:
        for _ in range(110):
            entry.write(bytes(1_000_000))
    return file.getvalue()


def lying() -> bytes:
    """Return a zip whose list says that a file is small, and it is not."""
    data = bytearray(packed({f"{MOODLE}/{NAME}": bytes(100_000)}))
    for sign, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", data, data.index(sign) + place, 10)
    return bytes(data)


def locked() -> bytes:
    data = bytearray(packed({f"{MOODLE}/{NAME}": hand_in()}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Return a zip whose two entries lie at the same place."""
    data = bytearray(packed({"Mallory_2_assignsubmission_file_/a.zip": hand_in(), f"{MOODLE}/b.zip": hand_in()}))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", data, second + 42, 0)
    return bytes(data)


def wrong_check() -> bytes:
    data = bytearray(packed({f"{MOODLE}/{NAME}": hand_in()}))
    data[data.index(b"PK\x01\x02") + 16] ^= 0xFF
    return bytes(data)


def nested(depth: int) -> bytes:
    data = hand_in("eve")
    for number in range(depth):
        data = packed({f"{number}.zip": data})
    return data


HOSTILE: dict[str, tuple[str, Callable[[], bytes] | bytes]] = {
    # what is no zip, or a broken one
    "an empty file": (NAME, b""),
    "no zip": (NAME, b"This is no zip."),
    "a cut zip": (NAME, hand_in()[:-40]),
    "a cut beginning": (NAME, hand_in()[200:]),
    "zeros": (NAME, bytes(5_000)),
    "a notebook alone": (f"{SLUG}.ipynb", contents()[f"{SLUG}.ipynb"]),
    "a text": ("essay.docx", b"words"),
    "a program": ("hand-in-two-questions.exe", b"MZ"),
    "no ending": ("hand-in", hand_in("eve")),
    "a tar": ("hand-in-two-questions.tar.gz", b"\x1f\x8b\x08"),
    "an empty zip": ("x.zip", packed({})),
    "a zip of a folder alone": ("x.zip", packed({"folder/": b""})),
    # what is in a hand-in
    "no receipt": (NAME, without("receipt.json")),
    "no answers": (NAME, without("answers.json")),
    "no notebook": (NAME, without(f"{SLUG}.ipynb")),
    "a module that shadows an import": (NAME, with_extra("ipywidgets.py")),
    "a way up": (NAME, with_extra("../evil.py")),
    "a way from the root": (NAME, with_extra("/etc/evil")),
    "two notebooks": (NAME, with_extra("repair.ipynb", b"{}")),
    "another exercise's notebook": (NAME, packed({**contents("eve", exercise="repair")})),
    "changed answers": (NAME, packed({**contents("eve"), "answers.json": b"{}"})),
    "a receipt that is no JSON": (NAME, packed({**contents("eve"), "receipt.json": b"{"})),
    "a receipt that is a list": (NAME, packed({**contents("eve"), "receipt.json": b"[]"})),
    "a receipt of a newer course": (NAME, hand_in("eve", format=3)),
    "an exercise that is none": (NAME, hand_in("eve", exercise="../../etc")),
    "an id that leads out": (NAME, hand_in("../../../eve")),
    "an id with a plus": (NAME, hand_in("a+b")),
    "an id of nothing": (NAME, hand_in("")),
    "an id of dots": (NAME, hand_in("..")),
    "a version that is a number": (NAME, hand_in("eve", version=7)),
    "deep answers": (
        NAME,
        lambda: packed({**contents("eve"), "answers.json": b"[" * 100_000 + b"]" * 100_000}),
    ),
    # what is in a platform's zip
    "a link in a zip": ("all.zip", special(stat.S_IFLNK)),
    "a pipe in a zip": ("all.zip", special(stat.S_IFIFO)),
    "a device in a zip": ("all.zip", special(stat.S_IFCHR)),
    "a way up in a zip": ("all.zip", packed({f"../{NAME}": hand_in("eve")})),
    "a way up in the middle": ("all.zip", packed({f"a/../../{NAME}": hand_in("eve")})),
    "a way from the root in a zip": ("all.zip", packed({f"/tmp/{NAME}": hand_in("eve")})),
    "a drive in a zip": ("all.zip", packed({f"C:/{NAME}": hand_in("eve")})),
    "backslashes in a zip": ("all.zip", packed({f"..\\..\\{NAME}": hand_in("eve")})),
    "an empty name in a zip": ("all.zip", packed({f"a//{NAME}": hand_in("eve")})),
    "a file without a name": ("all.zip", packed({"": b"x", f"{MOODLE}/y.txt": b"x"})),
    "a very long name": ("all.zip", packed({"x" * 3_000 + ".zip": hand_in("eve")})),
    "a password": ("all.zip", locked),
    "a wrong check": ("all.zip", wrong_check),
    "two at one place": ("all.zip", overlapping),
    "a size that lies": ("all.zip", lying),
    "a bomb": ("all.zip", bomb),
    "zips in zips in zips": ("all.zip", nested(4)),
    "an empty file in a zip": ("all.zip", packed({f"{MOODLE}/{NAME}": b""})),
    "no zip in a zip": ("all.zip", packed({f"{MOODLE}/{NAME}": b"no zip"})),
    "a page": ("all.zip", packed({f"{MOODLE}/onlinetext.html": b"<p>hello"})),
    "a name on nobody's list": ("all.zip", packed({"Mallory_1_assignsubmission_file_/x.zip": hand_in("mallory")})),
    "a name of signs": ("all.zip", packed({"…_1_assignsubmission_file_/x.zip": hand_in("mallory")})),
    "an account that leads out": (".._attempt_2026-03-02-12-00-00_x.zip", hand_in("mallory")),
    "an id on nobody's list": (NAME, hand_in("mallory")),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return course_directory(tmp_path / "outside" / "course")


def collect(root: Path) -> InboxResults:
    inbox = InboxResults()
    collect_inbox(
        Coursework(root),
        [SLUG],
        Roster([RosterEntry("eve"), RosterEntry("ann"), RosterEntry("ada", "Ada", "Lovelace")]),
        inbox,
        print,
    )
    return inbox


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    }


def test_at_least_forty_kinds_are_tried() -> None:
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("what", HOSTILE)
def test_each_is_refused_by_name_and_the_others_are_collected(root: Path, what: str) -> None:
    name, made = HOSTILE[what]
    drop(root, f"b/{name}", made() if callable(made) else made)
    for place in ("a", "c"):
        drop(root, f"{place}/x.zip", hand_in("ann", text=place))
    before = everything(root.parent)
    inbox = collect(root)
    assert [row.learner for row in inbox.collected if row.learner != "eve"].count("ann") == 2
    assert "eve" not in [row.learner for row in inbox.collected]
    assert inbox.refused
    for one in inbox.refused:
        assert one.name.startswith("b/")
        assert one.why.endswith((".", ".)"))
    after = everything(root.parent)
    assert {path: data for path, data in after.items() if path in before} == before
    assert all(
        "/course/submitted/ann/" in path or "/course/earlier/ann/" in path for path in after.keys() - before.keys()
    )


def test_links_pipes_and_folders_without_end_on_the_disk_are_refused(root: Path) -> None:
    outside = root.parent / "secret.zip"
    outside.write_bytes(hand_in("eve"))
    drop(root, "ann.zip", hand_in("ann"))
    inbox = root / "inbox"
    (inbox / "a-link.zip").symlink_to(outside)
    (inbox / "b-folder").symlink_to(root.parent)
    (inbox / "c-nowhere.zip").symlink_to(root / "nowhere")
    os.mkfifo(inbox / "d-pipe.zip")
    drop(root, "/".join(["e"] * 22) + "/x.zip", hand_in("eve"))
    drop(root, "f/receipt.json", contents()["receipt.json"])
    os.mkfifo(inbox / "f" / "answers.json")
    result = collect(root)
    assert [row.learner for row in result.collected] == ["ann"]
    assert [one.name.split("/")[0] for one in result.refused] == [
        "a-link.zip",
        "b-folder",
        "c-nowhere.zip",
        "d-pipe.zip",
        "e",
        "f",
    ]


@pytest.mark.slow
def test_a_file_of_a_hundred_megabytes_is_refused(root: Path) -> None:
    path = drop(root, NAME, b"")
    with path.open("r+b") as file:
        file.truncate(100_000_000)
    drop(root, "ann.zip", hand_in("ann"))
    result = collect(root)
    assert [row.learner for row in result.collected] == ["ann"]
    assert [one.name for one in result.refused] == [NAME]


def test_too_many_files_in_a_zip_and_too_much_in_all(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_scan, "MOST_ENTRIES", 20)
    drop(root, "a.zip", packed({f"{number}.txt": b"x" for number in range(21)}))
    drop(root, "b.zip", packed({f"{number}.txt": b"x" for number in range(101)}))
    monkeypatch.setattr(inbox_scan, "MOST_UNPACKED", 20_000)
    drop(root, "c.zip", packed({f"{MOODLE}/{number}.zip": hand_in("ada", text=str(number)) for number in range(8)}))
    result = collect(root)
    assert [one.why for one in result.refused][:2] == ["There are more than 20 files in this zip."] * 2
    assert 1 <= len(result.collected) < 8
    assert len(result.collected) + len(result.refused) == 10
    assert "more than is allowed" in result.refused[-1].why


def test_a_receipt_that_lies_many_times_in_one_folder_is_one_refusal_and_read_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    read = inbox_scan.InboxEntry.read
    monkeypatch.setattr(
        inbox_scan.InboxEntry, "read", lambda entry, budget: opened.append(entry.trail[-1]) or read(entry, budget)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, data in [*contents("ada").items(), *[("receipt.json", b"x")] * 50]:
            with pytest.warns(UserWarning, match="Duplicate") if data == b"x" else contextlib.nullcontext():
                zipped.writestr(f"folder/{name}", data)
    drop(root, "all.zip", packed({f"{MOODLE}/x.zip": file.getvalue()}))
    drop(root, "ann.zip", hand_in("ann"))
    result = collect(root)
    assert [row.learner for row in result.collected] == ["ann"]
    assert [(one.name, one.why) for one in result.refused] == [
        (f"all.zip/{MOODLE}/x.zip/folder", "The file is damaged, or is not a zip.")
    ]
    assert opened.count("receipt.json") == 1


def test_a_folder_that_is_a_link_where_a_hand_in_belongs_is_not_followed(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    (root / "submitted").mkdir()
    (root / "submitted" / "ann").symlink_to(elsewhere)
    drop(root, "ann.zip", hand_in("ann"))
    drop(root, "eve.zip", hand_in("eve"))
    result = collect(root)
    assert [row.learner for row in result.collected] == ["eve"]
    assert "link" in result.refused[0].why
    assert list(elsewhere.iterdir()) == []


def test_a_name_that_steers_a_terminal_is_shown_as_text(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from course.trainer.summary import Summary

    drop(root, "evil\x1b[2J[red].zip", b"no zip")
    result = collect(root)
    capsys.readouterr()
    Summary("collect", refused=result.refused).show(as_json=False)
    assert "\x1b[2J" not in capsys.readouterr().out


NAMES = st.text(alphabet=string.ascii_letters + "_-. +/\\~0123456789é中\x00\n’", max_size=40)


@given(NAMES)
def test_no_name_of_a_platform_leads_out_of_the_folder(text: str) -> None:
    for name in (f"{text}_12_assignsubmission_file_", f"{text}_attempt_2026-01-01-00-00-00_x.zip", f"{text}_1_2_x.zip"):
        sender = read_name(name)
        if sender:
            try:
                assert is_folder_name(Roster([]).find_sender(sender, text))
            except NotIdentified:
                continue


@given(NAMES)
def test_an_id_that_can_name_a_folder_names_one_below(text: str) -> None:
    if is_folder_name(text):
        assert (Path("/a/b") / text).resolve().parent == Path("/a/b")


@pytest.mark.slow
@settings(max_examples=200)
@given(st.data())
def test_a_zip_with_any_bytes_changed_stops_nothing(data: st.DataObject) -> None:
    good = packed({f"{MOODLE}/x.zip": hand_in("ada"), "y/hand-in.zip": hand_in("eve")})
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    del bad[data.draw(st.integers(0, len(bad))) :]
    walk = inbox_scan.InboxScan(DAY.tzinfo, [])  # type: ignore[arg-type]
    entry = inbox_scan.InboxEntry(("all.zip",), len(bad), lambda _: io.BytesIO(bytes(bad)))
    for found in walk.item(entry, inbox_scan.Origin(DAY)):
        assert isinstance(found, inbox_scan.InboxFile | inbox_scan.UnusableFile)


@given(st.dictionaries(NAMES, st.binary(max_size=50), max_size=5))
def test_a_zip_of_anything_is_walked_to_its_end(files: dict[str, bytes]) -> None:
    data = packed({name.replace("\x00", ""): content for name, content in files.items()})
    walk = inbox_scan.InboxScan(DAY.tzinfo, [])  # type: ignore[arg-type]
    entry = inbox_scan.InboxEntry(("all.zip",), len(data), lambda _: io.BytesIO(data))
    assert all(
        isinstance(found, inbox_scan.InboxFile | inbox_scan.UnusableFile)
        for found in walk.item(entry, inbox_scan.Origin(DAY))
    )


def test_nothing_that_was_refused_is_kept(root: Path) -> None:
    drop(root, NAME, hand_in("mallory"))
    collect(root)
    assert tree(root) == {}
