"""The one way in which whole pages are made from templates: reports, feedback, marking, the live session.

Everything is escaped, whatever a template is called; a name that a template uses and nobody gave is an error.
Jinja2 is imported with the first environment, so that what a lesson imports needs no template engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def template_environment(
    *folders: Path,
    filters: Mapping[str, Callable[..., object]] | None = None,
    values: Mapping[str, object] | None = None,
) -> Environment:
    """Return a Jinja2 environment that looks for templates in these folders, the first one first.

    Keep it as long as pages are made: it holds the templates that it has compiled. A line that is only a tag
    (`{% if … %}`) leaves no line in the page.

    Parameters
    ----------
    folders
        Where the templates are, and the files that they include.
    filters
        Functions for `{{ value | name }}`. What they return is escaped, unless it is `course.core.pages.html.Markup`.
    values
        What every template may use by name: functions, words, and what `import` brings into another template.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # templates change with the course alone: whether they did is not looked up for each include
    )
    environment.filters.update(filters or {})
    environment.globals.update(values or {})
    return environment
