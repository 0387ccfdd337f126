"""What all commands have in common: how they end when they are stopped."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from course.cli import main


def test_ctrl_c_before_a_command_has_begun_ends_it_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("course.authoring.commands.tidy", interrupted)
    done = CliRunner().invoke(main, ["tidy"])
    assert (done.exit_code, done.output) == (130, "Stopped.\n")
