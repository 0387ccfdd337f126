"""What all commands have in common: how they end when they are stopped, or when something fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from course.cli import main
from course.core import error_log
from tests.paths import ROOT


def test_ctrl_c_before_a_command_has_begun_ends_it_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("course.authoring.commands.tidy", interrupted)
    done = CliRunner().invoke(main, ["tidy"])
    assert (done.exit_code, done.output) == (130, "Stopped.\n")


SECRET = "what a learner wrote"


def unexpected(*_: object, **__: object) -> int:
    raise KeyError(SECRET)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path))
    monkeypatch.setenv(error_log.DEBUG, "")
    monkeypatch.setattr("course.authoring.commands.tidy", unexpected)
    return error_log.log_path()


def test_ctrl_c_that_python_drops_in_a_callback_ends_the_command_without_a_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Gone:
        pass

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    @click.command()
    def wait() -> None:
        target = Gone()
        reference = weakref.ref(target, interrupt)
        del target
        for _ in range(1000):
            time.sleep(0.001)
        click.echo(f"went on after {reference}")

    monkeypatch.setitem(main.commands, "wait", wait)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background have none
    try:
        ended = CliRunner().invoke(main, ["wait"])
    finally:
        signal.signal(signal.SIGINT, before)
    assert (ended.exit_code, ended.output) == (130, "Stopped.\n")
    assert "Traceback" not in capsys.readouterr().err


def test_an_error_that_nobody_expected_goes_to_a_log_that_the_message_names(log: Path) -> None:
    done = CliRunner().invoke(main, ["tidy"])
    assert done.exit_code == 1
    assert f"did not expect: KeyError.\nWhere it happened is noted in {log}" in done.output
    assert "course --debug tidy" in done.output
    assert " tidy: KeyError at test_cli.py:" in log.read_text(encoding="utf-8")
    assert SECRET not in done.output + log.read_text(encoding="utf-8")


def test_with_debug_the_whole_of_it_is_shown(log: Path) -> None:
    done = CliRunner().invoke(main, ["--debug", "tidy"])
    assert f"KeyError: '{SECRET}'" in done.output
    assert SECRET not in log.read_text(encoding="utf-8")


def test_what_click_answers_itself_is_no_such_error(log: Path) -> None:
    done = CliRunner().invoke(main, ["tidy", "--no-such-option"])
    assert done.exit_code == 2
    assert not log.exists()


OUTPUT = """
import sys
from course.cli import main
from course.trainer.summary import CollectedFile, Refusal, Standing, Summary

SUMMARY = Summary(
    "collect",
    standings=[Standing("repair", handed_in=1)],
    collected=[CollectedFile("Łucja Żółć_112_assignsubmission_file_", "s01", "repair", "2026-11-22", "platform")],
    refused=[Refusal("Łucja", "repair", "Żółć 🙂")],
    notes=["Żółć \\udce9 wrote “yes” and left."],
)

@main.command()
def say() -> None:
    import click
    click.echo("Łucja")
    click.echo("Łucja", err=True)
    SUMMARY.show(as_json=False)

@main.command()
def say_json() -> None:
    SUMMARY.show(as_json=True)

main(sys.argv[1:])
"""


def output(line: str, encoding: str) -> str:
    """Run a command as Windows does for `> log.txt`, and return what it wrote."""
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", OUTPUT, line], cwd=ROOT, env=environment, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    return done.stdout.decode(encoding, "replace")  # click writes UTF-8 where a machine knows ASCII alone


@pytest.mark.parametrize(
    "encoding",
    ["cp1252", *(pytest.param(name, marks=pytest.mark.slow) for name in ("cp437", "ascii", "cp932", "utf-8"))],
)
def test_a_name_that_a_code_page_lacks_is_replaced_and_the_rest_is_written(encoding: str) -> None:
    said = output("say", encoding)
    assert "ucja" in said.splitlines()[0]
    assert "_112_assignsubmission_file_" in said
    assert "repair" in said
    assert "and left." in said
    listed = json.loads(output("say-json", encoding))
    assert [refusal["name"] for refusal in listed["refused"]] == ["Łucja"]
    assert output("--help", encoding).startswith("Usage:")
    assert "workshop" in output("--help", encoding)


def test_a_file_that_a_message_quotes_does_not_steer_the_terminal(tmp_path: Path) -> None:
    sheet = tmp_path / "no\x1b[2J\u00a0such.csv"
    refused = CliRunner().invoke(main, ["roster", str(sheet), "--yes"])
    assert refused.exit_code != 0
    assert "\x1b" not in refused.output
    assert "\\x1b[2J\u00a0such.csv" in refused.output


LOOKED_THROUGH = """
import gc, sys
from course.cli import main

class Looped:
    def __init__(self):
        self.itself = self

    def __del__(self):
        sys.stdout.write("looked through")

gc.disable()
Looped()
main(sys.argv[1:])
"""


def test_at_its_end_a_command_does_not_look_through_all_that_it_imported() -> None:
    """Python would, and after nbgrader was imported it takes a fifth of a second."""
    line = [sys.executable, "-c", LOOKED_THROUGH, "--version"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "version" in done.stdout
    assert "looked through" not in done.stdout
