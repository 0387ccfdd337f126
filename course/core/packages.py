"""Other people's packages: which extra brings one that is missing, and which one Jupyter starts sooner without."""

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


def leave_out_iri_parser() -> None:
    """Let Jupyter and nbgrader start two seconds sooner: without rfc3987_syntax, as if it were not installed.

    Importing it builds 38 parsers. jsonschema alone imports it, where it is there, to check the formats "iri" and
    "iri-reference"; no schema of Jupyter or nbgrader has one. A process that has imported it already keeps it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # Python's own way to say "not installed"
