"""Starters: what is double-clicked runs the Python that has the course, whatever its folder is called."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import course
from course.content import words
from course.core.errors import PortUnavailable
from course.learner import commands, set_up, starters
from course.learner.address import LOCALHOST
from tests.paths import ROOT

ODD = "Zoë O'Neill & Söhne 100% $HOME `id` !PATH!"
"""What a folder may be called, though a shell, a batch file or a desktop entry could misread it."""
POSIX = pytest.mark.skipif(os.name != "posix", reason="the script is for macOS and Linux")


def python_that(folder: Path, does: str) -> Path:
    """Return a program in the place of Python."""
    program = folder / "python"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o700)
    return program


def run_script(
    folder: Path, python: Path, *command: str, set_already: dict[str, str] | None = None, **kept: str
) -> subprocess.CompletedProcess[str]:
    [(name, text)] = starters.starter_files("macos", "Open", folder, str(python), command, kept).items()
    (folder / name).write_text(text)
    return subprocess.run(
        ["sh", folder / name],
        env=os.environ | (set_already or {}),
        input="\n",
        capture_output=True,
        text=True,
        timeout=60,
    )


@POSIX
def test_a_script_runs_its_python_with_every_name_as_it_is(tmp_path: Path) -> None:
    python = python_that(tmp_path / ODD, 'printf "%s\\n" "$BUILDING_TRUST_DATA" "$@"')
    told = run_script(tmp_path, python, "learn", "--folder", f"/srv/{ODD}", BUILDING_TRUST_DATA=f"/data/{ODD}")
    assert told.stdout.splitlines() == [f"/data/{ODD}", "-P", "-m", "course", "learn", "--folder", f"/srv/{ODD}"]
    assert (told.returncode, told.stderr) == (0, "")


@POSIX
def test_a_setting_that_was_changed_since_counts(tmp_path: Path) -> None:
    python = python_that(tmp_path, 'printf "%s\\n" "$BUILDING_TRUST_DATA"')
    for now, counts in (("/new", "/new"), ("", "/old")):
        told = run_script(
            tmp_path, python, "learn", set_already={"BUILDING_TRUST_DATA": now}, BUILDING_TRUST_DATA="/old"
        )
        assert told.stdout == f"{counts}\n"
    [text] = starters.starter_files(
        "windows", "Open", Path(), "python", [], {"BUILDING_TRUST_DATA": "E:\\old"}
    ).values()
    assert 'if not defined BUILDING_TRUST_DATA set "BUILDING_TRUST_DATA=E:\\old"\r\n' in text


def test_a_starter_opens_the_same_copy_with_the_same_settings_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "JOURNAL", "WORK", "EXCHANGE"):
        monkeypatch.setenv(f"BUILDING_TRUST_{name}", f" {name.lower()} ")
    monkeypatch.setenv("BUILDING_TRUST_LEARNER", "kim-7")
    starters.offer("learn", tmp_path)
    text = "".join(path.read_text() for path in tmp_path.iterdir())
    for name in ("DATA", "JOURNAL", "WORK", "EXCHANGE"):
        assert re.search(rf"BUILDING_TRUST_{name}={re.escape(str(tmp_path / name.lower()))}\b", text)
    assert "BUILDING_TRUST_LEARNER=kim-7" in text


def test_two_copies_in_one_folder_have_a_starter_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_WORK", str(tmp_path / "usual"))
    with socket.socket() as taken:
        taken.bind((LOCALHOST, 0))
        taken.listen()
        for folder in (None, tmp_path / "second", tmp_path / "usual"):
            with pytest.raises(PortUnavailable):
                commands.learn(folder, port=taken.getsockname()[1], browser=False, lab=False)
    first, second = (
        "".join(path.read_text() for path in tmp_path.glob(f"{words('starter.learn')}{name}.*"))
        for name in ("", " (second)")
    )
    assert str(tmp_path / "second") not in first.replace(f"{words('starter.learn')} (second)", "")
    assert f"--folder {tmp_path / 'second'}" in second.replace('"', "")
    assert str(tmp_path / "usual") in first


@POSIX
def test_a_script_without_its_python_says_so_and_waits(tmp_path: Path) -> None:
    told = run_script(tmp_path, tmp_path / "gone" / "python", "learn")
    assert told.stdout.splitlines() == [words("starter.gone"), words("starter.enter")]
    assert told.returncode == 1


@POSIX
def test_a_script_whose_course_fails_leaves_the_reason_to_be_read(tmp_path: Path) -> None:
    told = run_script(tmp_path, python_that(tmp_path, "echo No module named course; exit 1"), "learn")
    assert told.stdout.splitlines() == ["No module named course", words("starter.failed"), words("starter.enter")]


def test_a_desktop_entry_names_its_script_as_it_is() -> None:
    entry, script = starters.starter_files("linux", "Open", Path("/srv") / (ODD + "\\"), "python", ["learn"], {})
    text = starters.starter_files("linux", "Open", Path("/srv") / (ODD + "\\"), "python", ["learn"], {})[entry]
    program, argument = re.search(r'^Exec=(\S+) "(.*)"$', text, re.MULTILINE).groups()  # type: ignore[union-attr]
    of_file = argument.replace("\\\\", "\\")
    assert re.sub(r"\\(.)", r"\1", of_file).replace("%%", "%") == str(Path("/srv") / (ODD + "\\") / script)
    assert not re.search(r'(?<!\\)(?:\\\\)*["`$]', of_file)
    assert program == "/bin/sh"
    assert "Terminal=true" in text


def test_a_batch_file_keeps_every_name_and_reads_none_twice() -> None:
    python = rf"C:\{ODD}\python.exe"
    [(name, text)] = starters.starter_files(
        "windows", "Open", Path(), python, ["learn", "--folder", "D:\\"], {"BUILDING_TRUST_DATA": rf"E:\{ODD}"}
    ).items()
    lines = text.split("\r\n")
    set_to = {
        name: value.replace("%%", "%")
        for name, value in re.findall(r'^(?:if not defined \w+ )?set "(\w+)=(.*)"\r$', text, re.MULTILINE)
    }
    assert name == "Open.cmd"
    assert set_to["COURSE_PYTHON"] == python
    assert set_to["BUILDING_TRUST_DATA"] == rf"E:\{ODD}"
    assert set_to["ARGUMENT_2"] == "D:\\\\"  # else the quotation mark after it would be part of the name
    assert '"%COURSE_PYTHON%" -P -m course "%ARGUMENT_0%" "%ARGUMENT_1%" "%ARGUMENT_2%"' in lines
    assert lines.index("setlocal DisableDelayedExpansion") < lines.index(
        f'set "COURSE_PYTHON={python}"'.replace("%", "%%")
    )
    assert lines[:3] == ["@echo off", "rem Written by the course Building Trust.", "chcp 65001 >nul"]
    assert "\n" not in "".join(lines)


def test_a_batch_file_says_words_and_runs_none_of_them() -> None:
    assert starters._batch_words("Tea & 5% (now)!") == "Tea ^& 5%% ^(now^)^!"
    [text] = starters.starter_files("windows", "Open", Path(), "python", ["learn"], {}).values()
    gone = text[text.index(":gone") :]
    assert gone.index("echo") < gone.index(":wait") < gone.index("pause >nul")


def test_a_starter_is_told_of_once_and_then_kept_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    starters.offer("learn", tmp_path)
    first = sorted(path.name for path in tmp_path.iterdir())
    assert words("starter.made", name=first[0], folder=tmp_path) in capsys.readouterr().out
    monkeypatch.setattr(sys, "executable", "/another/python")
    starters.offer("learn", tmp_path)
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == first
    assert any("/another/python" in path.read_text() for path in tmp_path.iterdir())
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o700}


def test_a_file_of_ones_own_stays_and_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = next(iter(starters.starter_files(starters.this_system(), words("starter.teach"), tmp_path, "", [], {})))
    (tmp_path / first).write_text("mine")
    starters.offer("teach", tmp_path)
    starters.offer("teach", tmp_path / first)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]
    assert capsys.readouterr().out == ""


FILES = ("course/learner/set_up.py", "course/learner/installing.py", "course/content/interface.toml")
"""What the scripts run, and the words that it says."""


def downloaded(folder: Path) -> Path:
    """Fill a folder with the little of a downloaded course that setting up looks at."""
    text = (ROOT / "set-up.command").read_text(encoding="utf-8")
    files = {
        "set-up.command": re.sub(r"(?<= )/\S+/python3", "/nowhere/python3", text),
        **{name: (ROOT / name).read_text(encoding="utf-8") for name in FILES},
        "notebooks/start.ipynb": "{}",
        "requirements.lock": "",
        "pyproject.toml": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run_set_up(folder: Path, programs: str, script: str = "set-up.command") -> subprocess.CompletedProcess[str]:
    """Run the script as in the folder itself, or as a double-click does where its whole path is given."""
    return subprocess.run(
        ["/bin/sh", script],
        env={"PATH": programs},
        input="\n",
        capture_output=True,
        text=True,
        cwd=folder if script == "set-up.command" else "/",
        timeout=60,
    )


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A folder with a Python whose environments note what they are asked to install and to open."""
    inside = python_that(
        tmp_path / "inside",
        f'case "$*" in\n*set_up.py*|*installing.py*) exec "{sys.executable}" "$@" ;;\n"-c "*) exit 0 ;;\n'
        f'*) echo "$*" | sed "s/.*-m \\([a-z]* [a-z]*\\).*/\\1/" >> "{tmp_path / "done.txt"}" ;;\nesac',
    )
    python_that(
        tmp_path / "programs",
        f'if [ "$2" = venv ]; then\n  [ "$3" = --clear ] && rm -rf .venv && echo clear >> "{tmp_path / "done.txt"}"\n'
        f'  mkdir -p .venv/bin && cp "{inside}" .venv/bin/python\nfi',
    ).rename(tmp_path / "programs" / "python3")
    return f"{tmp_path / 'programs'}{os.pathsep}{os.environ['PATH']}"


@POSIX
def test_setting_up_without_a_python_says_where_to_get_one_and_waits(tmp_path: Path) -> None:
    before = sorted(downloaded(tmp_path).rglob("*"))
    told = run_set_up(tmp_path, "/nowhere", str(tmp_path / "set-up.command"))
    assert "https://www.python.org/downloads/" in told.stdout
    assert told.stdout.endswith("Press Enter to close this window.\n")
    assert (told.returncode, sorted(tmp_path.rglob("*"))) == (1, before)


@POSIX
@pytest.mark.parametrize("name", ["course", ODD])
def test_what_is_set_up_is_opened_at_once_and_a_newer_download_is_installed_first(
    name: str, programs: str, tmp_path: Path
) -> None:
    folder, done = downloaded(tmp_path / name), tmp_path / "done.txt"
    whole = ["clear", "pip install", "pip install", "course learn"]
    for script, change, expected in (
        ("set-up.command", None, whole),
        (str(folder / "set-up.command"), None, whole[-1:]),
        ("set-up.command", folder / "notebooks" / "start.ipynb", whole[1:]),
        ("set-up.command", folder / "requirements.lock", whole[1:]),
    ):
        done.unlink(missing_ok=True)
        if change:
            change.write_text("newer")
        told = run_set_up(folder, programs, script)
        assert (told.returncode, told.stderr) == (0, "")
        assert done.read_text().splitlines() == expected
        assert ("Setting up" in told.stdout) == (expected != whole[-1:])


@POSIX
def test_setting_up_again_repairs_an_environment_whose_python_is_gone(programs: str, tmp_path: Path) -> None:
    folder, done = downloaded(tmp_path / "course"), tmp_path / "done.txt"
    assert run_set_up(folder, programs).returncode == 0
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/gone/python3")
    done.unlink()
    assert run_set_up(folder, programs).returncode == 0
    assert done.read_text().splitlines()[0] == "clear"


@POSIX
def test_setting_up_stopped_half_way_goes_on_the_next_time(programs: str, tmp_path: Path) -> None:
    folder, done = downloaded(tmp_path / "course"), tmp_path / "done.txt"
    (folder / "requirements.lock").unlink()
    told = run_set_up(folder, programs)
    assert (told.returncode, done.exists()) == (1, False)
    assert "Unpack the whole zip" in told.stdout
    (folder / "requirements.lock").write_text("")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "course").touch(0o700)
    assert run_set_up(folder, programs).returncode == 0
    assert "pip install" in done.read_text()


def test_an_installation_that_follows_the_folder_is_left_as_it_is(tmp_path: Path) -> None:
    folder = Path(course.__file__).parents[1]
    assert set_up.is_set_up(folder, tmp_path)
    assert not set_up.is_set_up(downloaded(tmp_path), tmp_path)


@POSIX
def test_setting_up_can_be_double_clicked() -> None:
    assert (ROOT / "set-up.command").stat().st_mode & 0o111


def test_both_ways_to_set_up_say_the_same_steps_and_jump_to_places_that_are_there() -> None:
    batch = (ROOT / "set-up.cmd").read_bytes()
    assert batch.count(b"\n") == batch.count(b"\r\n") > 0
    texts = [batch.decode("ascii"), (ROOT / "set-up.command").read_text(encoding="utf-8")]
    batch_steps, script_steps = (re.findall(r"Setting up, \d of 3: [^.]+", text) for text in texts)
    assert batch_steps == script_steps
    assert len(batch_steps) == 3
    assert set(re.findall(r"goto (\w+)", texts[0])) == set(re.findall(r"^:(\w+)", texts[0], re.MULTILINE))


def test_both_ways_to_set_up_ask_for_the_same() -> None:
    batch, script = ((ROOT / name).read_text(encoding="utf-8") for name in ("set-up.cmd", "set-up.command"))
    parts = (r"pip install (.*?)(?: \|\|)?$", r"set_up\.py (\.venv(?: --done)?)", r"-m (course \w+)", r"(--clear)")
    for part in parts:
        asked = re.findall(part, batch, re.MULTILINE)
        assert asked == re.findall(part, script, re.MULTILINE)
        assert asked
