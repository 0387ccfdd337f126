"""A group of commands for the terminal: what people read when one fails or is stopped.

An error that a person can put right is printed here, once, in two lines; one that nobody expected goes to a log.
"""

from __future__ import annotations

import _thread
import atexit
import contextlib
import gc
import io
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

import click

from course.core import error_log
from course.core.errors import CourseError, explain_file_error
from course.core.packages import explain_missing_packages
from course.core.text_files import IN_WORDS, printable

SOON: Final = 0.05
"""Seconds after which a Ctrl-C that Python dropped comes again."""


@contextlib.contextmanager
def _no_interrupt_lost() -> Iterator[None]:
    """Raise Ctrl-C again where Python would print and drop it: in the callback of a weak reference, or a finalizer."""
    default = sys.unraisablehook

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            again = threading.Timer(SOON, _thread.interrupt_main)  # at once, Python would drop it here too
            again.daemon = True
            again.start()
        else:
            default(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = default


class CommandGroup(click.Group):
    """Commands whose errors are printed in two lines, and whose output never fails for a letter."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run what was typed; a name that a terminal or a file cannot hold is written as far as it can."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        atexit.register(gc.freeze)  # else Python looks through all that was imported once more, which takes a while
        return super().main(*arguments, **options)

    def invoke(self, context: click.Context) -> object:
        """Run a command; print what went wrong and what to do next. Ctrl-C before it has begun ends it."""
        try:
            with explain_missing_packages(), _no_interrupt_lost():
                return super().invoke(context)
        except CourseError as error:
            click.echo(printable(str(error), kept=IN_WORDS), err=True)  # it may quote what a stranger wrote
            sys.exit(1)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # click's own, which it answers itself
        except OSError as error:
            if explained := explain_file_error(error):
                click.echo(printable(str(explained), kept=IN_WORDS), err=True)
            else:
                _report_unexpected(error, context.invoked_subcommand or context.info_name or "course")
            sys.exit(1)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(130)
        except Exception as error:
            _report_unexpected(error, context.invoked_subcommand or context.info_name or "course")
            sys.exit(1)


def _report_unexpected(error: Exception, command: str) -> None:
    log = error_log.log_error(error, command)
    place = f"Where it happened is noted in {log}" if log else "It could not be noted in the log"
    click.echo(f"Something happened that the course did not expect: {type(error).__name__}.", err=True)
    click.echo(f"{place}, with nothing personal. To see all of it: course --debug {command}", err=True)
