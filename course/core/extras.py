"""Packages that only trainers or facilitators need, and the error that names the extra where one is not installed.

`pip install .` has what a learner needs. The extras of `pyproject.toml` have the rest; a test compares the two.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Final

from course.core.errors import ExtraMissing

EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "trainer": ("jinja2", "nbconvert", "nh3", "rich", "scipy", "sqlalchemy"),
    "facilitator": ("jinja2", "segno", "sqlalchemy", "tornado"),
}
"""The modules that each extra brings, by the extra's name."""


@contextlib.contextmanager
def explain_missing_packages() -> Iterator[None]:
    """Turn a package that is not installed into ExtraMissing, which names the extra; any other error passes.

    >>> with explain_missing_packages():
    ...     raise ModuleNotFoundError(name="scipy.stats")
    Traceback (most recent call last):
    course.core.errors.ExtraMissing: This needs the package scipy, which is not installed.
    Install it with what trainers need: pip install 'building-trust[trainer]'
    """
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        extra = next((name for name, modules in EXTRAS.items() if module in modules), None)
        if extra is None:
            raise
        raise ExtraMissing(
            f"This needs the package {module}, which is not installed.",
            f"Install it with what {extra}s need: pip install 'building-trust[{extra}]'",
        ) from None
