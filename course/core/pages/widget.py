"""What every widget of the course is built on, and its script, which may be joined of several files.

`Widget` is anywidget's in Jupyter, and a small one of our own in the web edition. It has synced traits, a script
(`_esm`) and a style sheet (`_css`), and the calls of anywidget that the course uses: `send`, `on_msg`, `observe`,
`close` and `comm`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.core.pages.web_edition import is_web_edition

__all__ = ["DOM", "Widget", "joined"]

if TYPE_CHECKING or not is_web_edition():
    from anywidget import AnyWidget as Widget
else:
    from course.core.pages.web_widget import WebWidget as Widget

DOM: Final = Path(__file__).with_name("dom.js")
"""What every widget's script makes elements with."""
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "[./]+/[a-z_/]+\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=class|const|function)", re.MULTILINE)


def joined(*files: Path) -> str:
    """Return the text of modules as the one that a widget loads; each has to come behind those that it imports."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", file.read_text(encoding="utf-8"))) for file in files)
