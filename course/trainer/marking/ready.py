"""Loads the marker, and makes what the first submission would have to wait for, where several processes mark.

It does so on import: the process of which the workers are copies can be told to import modules, and nothing else
(Python's `multiprocessing.set_forkserver_preload`). The one that saves imports it in the meantime.
"""

from __future__ import annotations

import contextlib
import gc
import importlib

from course.core.errors import CourseError
from course.core.settings import settings


def _load() -> None:
    import nbformat.v4
    from sqlalchemy.orm import configure_mappers

    from course.content import words
    from course.trainer.marking import marker  # noqa: F401

    configure_mappers()
    nbformat.validate(nbformat.v4.new_notebook())
    with contextlib.suppress(CourseError, ModuleNotFoundError):  # whoever meets it says what is wrong
        words("rebuild.unchanged")
        if settings().gradebook.startswith("postgresql"):
            importlib.import_module("psycopg")


gc.disable()  # it would look through all that is loaded while it grows, and find next to nothing
try:
    _load()
finally:
    gc.freeze()  # what copies share stays shared for as long as they leave it alone
    gc.enable()
