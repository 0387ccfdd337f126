"""The scripts of widgets: several files joined into the one module that anywidget loads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

DOM: Final = Path(__file__).with_name("dom.js")
"""What every widget's script makes elements with."""
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "[./]+/[a-z_/]+\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=class|const|function)", re.MULTILINE)


def joined(*files: Path) -> str:
    """Return the text of these modules as one; each has to come behind those that it imports."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", file.read_text(encoding="utf-8"))) for file in files)
