"""Other people's packages: which extra brings one that is missing, and which ones Jupyter starts sooner without."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from typing import Final

from course.core.errors import ExtraMissing

EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "trainer": ("jinja2", "nbconvert", "nh3", "rich", "scipy", "sqlalchemy", "tomlkit"),
    "facilitator": ("cryptography", "jinja2", "prometheus_client", "psutil", "segno", "sqlalchemy", "tornado"),
    "hub": ("jupyterhub", "jupyterhub_idle_culler", "psycopg"),
}
"""The modules that each extra of `pyproject.toml` brings, by its name. `pip install .` has what a learner needs."""
UNUSED: Final[Mapping[str, tuple[str, ...]]] = {
    "rfc3987_syntax": ("iri", "iri-reference"),
    "rfc3986_validator": ("uri", "uri-reference"),
    "isoduration": ("duration",),
}
"""Packages by which jsonschema checks formats that no schema here needs, with the formats."""


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


def leave_out_format_parsers() -> None:
    """Let Jupyter and nbgrader start two seconds sooner: without the packages in UNUSED, as if they were not installed.

    Importing rfc3987_syntax builds 38 parsers; the others take a few hundredths of a second. jsonschema alone imports
    them, where they are there, to check formats of texts. Of Jupyter's and nbgrader's schemas, only that of Jupyter's
    own events has one of these formats, for the name of a schema. A process that has imported them already keeps them.
    """
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # Python's own way to say "not installed"
