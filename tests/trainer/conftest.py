"""What tests of marking share.

`no_shell` (always): marking keeps a shell in its process; none is left for other tests, where notebooks' displays
are looked at.
`one_look_at_migrations` (always): nbgrader looks through its migrations once, and not for each new gradebook.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator

import pytest

from course.core.packages import leave_out_format_parsers


@pytest.fixture(autouse=True)
def no_shell() -> Iterator[None]:
    """Leave no shell of marking behind."""
    yield
    runner = sys.modules.get("course.trainer.marking.in_process_runner")
    if runner is not None:
        runner._Shell.clear_instance()


@pytest.fixture(scope="session", autouse=True)
def one_look_at_migrations() -> Iterator[None]:
    """Have nbgrader start Alembic for the first new gradebook alone: it takes seconds, and says the same each time."""
    leave_out_format_parsers()
    from nbgrader import api

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", functools.cache(api.get_alembic_version))
        yield
