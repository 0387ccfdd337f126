"""Which tests failed in any part of `make test`, said once more at its end: `python -m tests.failures FOLDER`.

The parts write what came of their tests into that folder, in the XML of JUnit. Where only the end of a run is to be
had, as from continuous integration, the first of its four parts may have failed far above.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

LINES_OF_ONE = 3
"""How many lines of what pytest says of one failure are shown."""


def failures(results: Path) -> Iterator[str]:
    """Yield each failure in a file of results: where the test is, and the first lines of what was wrong."""
    for case in ElementTree.parse(results).iter("testcase"):
        for problem in [*case.findall("failure"), *case.findall("error")]:
            text = problem.text or ""
            reasons = [line for line in text.splitlines() if line.startswith("E  ")] or text.splitlines()[
                -LINES_OF_ONE:
            ]
            yield "\n".join([f"{case.get('classname')}::{case.get('name')}", *reasons[:LINES_OF_ONE]])


def main(folder: Path, parts: list[str]) -> None:
    """Print the failures of each part, and which parts ended without results, as a killed one does."""
    for part in parts:
        results = folder / f"{part}.xml"
        found = list(failures(results)) if results.exists() else ["It ended without results."]
        if found:
            sys.stdout.write("\n".join([f"\nFailed in the part {part!r}:", *found, ""]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
