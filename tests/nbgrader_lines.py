"""Run several nbgrader commands in one process, because starting one takes longer than most of them do.

Each line of the standard input is a folder, a tab and a command without its first word.
"""

from __future__ import annotations

import os
import shlex
import sys

from course.core.packages import leave_out_format_parsers

leave_out_format_parsers()

from nbgrader.apps.nbgraderapp import NbGraderApp  # noqa: E402


def run(folder: str, command: str) -> None:
    """Run one command in a folder as a terminal would, and stop at the first that fails."""
    os.chdir(folder)
    try:
        NbGraderApp.launch_instance(shlex.split(command))
    except SystemExit as done:
        if done.code:
            raise
    finally:
        for kind in (*NbGraderApp.subcommands.values(), (NbGraderApp, "")):
            kind[0].clear_instance()


if __name__ == "__main__":
    for line in sys.stdin.read().splitlines():
        run(*line.split("\t"))
