"""What a self-check needs of an exercise: its keys, the rubric of its reflection, and sample answers.

It is made from `source/` when an exercise is released, and lies beside the released notebook. There it is coded, so
that a glance does not give the answers away; it is no secret, and the course's keys are public anyway.
"""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.activities.answer_keys import KINDS, AnswerKey, ChoiceKey, GroupLines, MatchingKey, NumberKey, TicksKey
from course.content.rubric import read_rubric, read_samples
from course.core import storage
from course.core.notebooks import Notebook, calls, exercise_version, first_text, literal, source

FORMAT: Final = 1
LARGEST: Final = 200_000
"""The size in bytes of the largest file that is read."""
_DEEPEST: Final = 8


@dataclass(frozen=True)
class SampleParagraphs:
    """A made-up reflection at one level of the rubric."""

    level: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class RubricRow:
    """One level of the rubric, as the learner reads it."""

    title: str
    marks: float
    looks_like: str


@dataclass(frozen=True)
class SelfCheckData:
    """The keys of an exercise by question, the levels of its reflection, and sample answers."""

    version: int
    """That of the exercise."""
    keys: Mapping[str, AnswerKey]
    rubric: tuple[RubricRow, ...]
    samples: tuple[SampleParagraphs, ...]


def read_self_check(path: Path) -> SelfCheckData | None:
    """Return what the file beside a released exercise holds, or None where there is none that can be used."""
    try:
        wrapper = storage.read_json(path, largest=LARGEST, deepest=2)
        if not isinstance(wrapper, dict) or wrapper.get("format") != FORMAT:
            return None
        content = storage.parse_json(base64.b64decode(str(wrapper.get("content"))), deepest=_DEEPEST)
        return _from_content(content) if isinstance(content, dict) else None
    except (OSError, storage.Unusable, ValueError, KeyError, TypeError):
        return None


def self_check_bytes(notebook: Notebook) -> bytes:
    """Return the file for an exercise's notebook as `source/` has it, the same each time."""
    content = json.dumps(_content(notebook), ensure_ascii=False, sort_keys=True).encode()
    return storage.as_json({"format": FORMAT, "content": base64.b64encode(content).decode("ascii")})


def _content(notebook: Notebook) -> dict[str, object]:
    guide = "\n".join(source(cell) for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("task"))
    levels = [[level.title, level.marks, level.looks_like] for level in read_rubric(guide).levels]
    code = [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return {
        "version": exercise_version(code),
        "questions": [question for text in code for question in _questions(text)],
        "rubric": levels,
        "samples": [[sample.level, _paragraphs(sample.text)] for sample in read_samples(guide)],
    }


def _questions(code: str) -> Iterator[dict[str, object]]:
    """Yield each marking line as a table: its kind, its question and what it is given."""
    for call in calls(code, "mark"):
        if isinstance(call.func, ast.Attribute) and call.func.attr in KINDS and len(call.args) == 2:
            options = {str(word.arg): literal(word.value) for word in call.keywords}
            yield {"kind": call.func.attr, "key": first_text(call), "best": literal(call.args[1]), **options}


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]


def _from_content(content: Mapping[str, object]) -> SelfCheckData:
    """Return the data in a file; raises KeyError, TypeError or ValueError where it is not as the course writes it."""
    rubric, samples = _rows(content["rubric"]), _rows(content["samples"])
    version = content["version"]
    if type(version) is not int:
        raise TypeError("the version is no number")
    return SelfCheckData(
        version,
        {str(question["key"]): _answer_key(question) for question in _tables(content["questions"])},
        tuple(RubricRow(str(title), float(str(marks)), str(text)) for title, marks, text in map(_rows, rubric)),
        tuple(
            SampleParagraphs(_whole(level), tuple(map(str, _rows(paragraphs))))
            for level, paragraphs in map(_rows, samples)
        ),
    )


def _answer_key(question: Mapping[str, object]) -> AnswerKey:
    best, feedback = question["best"], _table(question["feedback"])
    lines = {key: str(line) for key, line in feedback.items()}
    match question["kind"]:
        case "choice":
            return ChoiceKey(str(best), _whole(question["marks"]), lines)
        case "ticks":
            return TicksKey([str(key) for key in _rows(best)], lines)
        case "matching":
            groups = question["groups"]
            codes = [str(code) for code in (groups if isinstance(groups, str) else _rows(groups))]
            placed = {card: str(group) for card, group in _table(best).items()}
            return MatchingKey(placed, {card: _group_lines(line) for card, line in feedback.items()}, codes)
        case "number":
            within = float(str(question.get("within", 0)))
            return NumberKey(float(str(best)), within, _whole(question["marks"]), lines)
    raise ValueError("there is no such question")


def _group_lines(line: object) -> GroupLines:
    return {group: str(text) for group, text in line.items()} if isinstance(line, dict) else str(line)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _rows(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError("no table")
    return value


def _tables(value: object) -> list[dict[str, object]]:
    return [_table(row) for row in _rows(value)]
