"""What all commands have in common: how they end when they are stopped, or when something fails."""

from __future__ import annotations

import time
import weakref
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from course.cli import main
from course.core import error_log


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
    ended = CliRunner().invoke(main, ["wait"])
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
