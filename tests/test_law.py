"""What the course says about law is in `docs/law.md`, with its sources, as notebooks, words and guides say it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from course.core.notebooks import read_notebook, source
from tests.cases import every
from tests.paths import ROOT

FILES = (
    *sorted(ROOT.glob("notebooks/*.ipynb")),
    *sorted(ROOT.glob("source/*/*.ipynb")),
    *sorted((ROOT / "course" / "content").glob("*.toml")),
    *(path for path in sorted(ROOT.glob("*.md")) if path.name != "CHANGELOG.md"),
)
LAW = re.compile(
    r"""
    \b[A-Z]\w+(?:[ ](?:[A-Z]\w+|and|of|\([A-Z]\w+\)))*[ ]Act[ ](?:\([A-Z]\w+\)[ ])?(?:19|20)\d\d
    | \bRegulations?[ ](?:\d+|(?:19|20)\d\d)
    | \bCaldicott | \bGDPR\b | \bdata[ ]protection[ ]law | \bduty[ ]of[ ]candour
    | \bCare[ ]Quality[ ]Commission | \bCQC\b | \bNHS[ ]Resolution
    | \bGeneral[ ]Medical[ ]Council | \bGMC\b | \bNursing[ ]and[ ]Midwifery[ ]Council | \bNMC\b
    | \bHealth[ ]and[ ]Care[ ]Professions[ ]Council | \bHCPC\b
    | \bInformation[ ]Commissioner | \bin[ ]law\b
    | \bSpeak[ ]Up[ ]Guardian | \bring[ ]999 | \bhave[ ]to[ ](?:be[ ]released|release)\b
    """,
    re.VERBOSE,
)
"""What names a law, a regulator, or a route that an authority sets up."""


@dataclass(frozen=True)
class Statement:
    """A row of the table: what the course says, in which file, and what was read when."""

    text: str
    file: str
    rests_on: str
    read: str
    day: str


def statements() -> list[Statement]:
    """Return the rows of the table."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for line in (ROOT / "docs" / "law.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| Statement")
    ]
    return [Statement(text, file.strip("`"), *rest) for text, file, *rest in rows]


STATEMENTS = statements()


def plain(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())


def read(path: Path) -> str:
    """Return the words of a file; of a notebook, those of all its cells."""
    if path.suffix != ".ipynb":
        return plain(path.read_text(encoding="utf-8"))
    return plain("\n".join(source(cell) for cell in read_notebook(path)["cells"]))


def unlisted(text: str, listed: list[str]) -> set[str]:
    """Return what of law is named in a text outside the listed statements."""
    for statement in sorted(listed, key=len, reverse=True):
        text = text.replace(statement, " … ")
    return set(LAW.findall(text))


@every("statement", STATEMENTS)
def test_a_statement_is_in_its_file_as_it_is_listed(statement: Statement) -> None:
    assert plain(statement.text) in read(ROOT / statement.file)


@every("statement", STATEMENTS)
def test_a_statement_says_what_it_rests_on_and_when_that_was_read(statement: Statement) -> None:
    assert statement.rests_on
    assert statement.read
    assert datetime.date.fromisoformat(statement.day)


@every("path", FILES)
def test_what_a_file_says_of_law_is_listed(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    assert unlisted(read(path), [plain(one.text) for one in STATEMENTS if one.file == name]) == set()


@every(
    "text",
    [
        "See the Equality Act 2010.",
        "See the Health and Care Act 2022.",
        "See the Apologies (Scotland) Act 2016.",
        "That is Regulation 20.",
        "It is a duty in law.",
        "Ask the CQC.",
    ],
)
def test_a_law_that_is_not_listed_is_found(text: str) -> None:
    assert unlisted(text, [])
    assert not unlisted(text, [text])


def test_an_act_of_kindness_is_no_law() -> None:
    assert not unlisted("One act that others can see. Act on it today. In 1995 we sat in lawns.", [])
