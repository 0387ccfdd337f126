"""The table of settings in DEPLOYING.md, made from `course/core/settings.py`: `python -m tests.settings_table`."""

from __future__ import annotations

import ast
import itertools
import re
from typing import Final

from course.core.settings import Settings, settings
from tests.paths import ROOT

GUIDE: Final = ROOT / "DEPLOYING.md"
BEGIN: Final = "<!-- The settings: python -m tests.settings_table -->\n"
_FOR_CODE: Final = re.compile(r"(, or None|, or an empty text|; without one|\.$).*")
"""What only readers of the code need to know of a field: how it says that nothing is set."""
_HEAD: Final = ("| Variable | Sets | When it is not set |", "|---|---|---|")


def table() -> str:
    """Return the table as the code has it."""
    said = _descriptions()
    rows = re.findall(r"\| ((?:BUILDING_TRUST_\w+(?:, )?)+) \| `(\w+)` \| (.+) \|", settings.__doc__ or "")
    assert {field for _, field, _ in rows} == set(Settings.__annotations__) == said.keys()
    lines = [f"| {_as_code(variables)} | {said[field]} | {default} |" for variables, field, default in rows]
    return "\n".join([*_HEAD, *lines, ""])


def _as_code(variables: str) -> str:
    return " or ".join(f"`{variable}`" for variable in variables.split(", "))


def _descriptions() -> dict[str, str]:
    """Return what stands below each field, as people need to know it."""
    tree = ast.parse((ROOT / "course" / "core" / "settings.py").read_text(encoding="utf-8"))
    (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    found = {}
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(text, ast.Expr)
            words = str(ast.literal_eval(text.value))
            found[field.target.id] = _FOR_CODE.sub("", " ".join(words.split()))
    return found


def in_guide() -> str:
    """Return the table as the guide has it."""
    _, _, after = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    return after.partition("\n\n")[0] + "\n"


def main() -> None:
    """Write the table into the guide."""
    guide = GUIDE.read_text(encoding="utf-8")
    before, sign, after = guide.partition(BEGIN)
    assert sign, f"The guide has no line {BEGIN}"
    GUIDE.write_text(f"{before}{sign}{table()}\n{after.partition(chr(10) * 2)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
