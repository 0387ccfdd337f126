"""Check a script, and say of a mistake in which line it is and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from course import content
from course.errors import BadContent
from course.room.page_words import misfits, page_words
from course.room.script import KINDS, LIMITS, NAME, DraftLine, Question, Script, Step
from course.scales import find_scale

_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_LONGEST: Final = 500
_COUNTED: Final = {"keep": ("keep", "change", "not-sure"), "sort": ("ours", "park", "now")}
_FIELDS: Final = {"thanks": ("to", "for", "meant"), "commitment": ("if", "then")}
_KEYS: Final = {
    "script": {"title", "language", "privacy", "step", "words"},
    "step": {"slug", "name", "minutes", "fixed", "phone", "say", "do", "large", "question"},
    "question": {
        "slug", "kind", "prompt", "most", "fields", "options", "line", "scale", "items", "from", "same-as",
    },
    "line": {"slug", "text", "fixed"},
}  # fmt: skip


class _Place:
    """Where in the file something stands: the nth step, the nth question in it."""

    def __init__(self, text: str, name: str, step: int = -1, question: int = -1) -> None:
        self._text, self._name, self._step, self._question = text, name, step, question

    def at(self, step: int, question: int = -1) -> _Place:
        return _Place(self._text, self._name, step, question)

    def bad(self, what: str, hint: str, key: str = "") -> BadContent:
        """Return the error that names the line."""
        return BadContent(f"{self._name}, line {self._line(key)}: {what}.", hint)

    def _line(self, key: str) -> int:
        """Return the number of the line where the key stands, or its table begins."""
        step, question, found = -1, -1, 1
        for number, line in enumerate(self._text.splitlines(), start=1):
            if re.match(r"\s*\[\[\s*step\s*\]\]", line):
                step, question = step + 1, -1
            elif re.match(r"\s*\[\[\s*step\s*\.\s*question\s*\]\]", line):
                question += 1
            if (step, question) == (self._step, self._question):
                if line.lstrip().startswith("[["):
                    found = number
                if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
                    return number
        return found


def read(given: Mapping[str, Any], text: str, name: str) -> Script:
    """Return the script that a parsed file holds."""
    place = _Place(text, name)
    _known(given, "script", place)
    steps = given.get("step")
    if not isinstance(steps, list) or not steps:
        raise place.bad("there is no step", "Begin each step with a line [[step]].")
    script = Script(
        title=_text(given, "title", place),
        language=_text(given, "language", place) if "language" in given else "en",
        privacy=_paragraphs(given, "privacy", place, needed=True),
        steps=tuple(_step(step, place.at(number), place, number) for number, step in enumerate(steps)),
        words=_page_words(_words(given.get("words", {}), place), place),
        text=text,
    )
    _check_slugs(script, place)
    _check_limits(script, place)
    return script


def _step(given: Any, place: _Place, root: _Place, number: int) -> Step:
    if not isinstance(given, dict):
        raise place.bad("this step is not a table", "Begin each step with a line [[step]].")
    _known(given, "step", place)
    questions = given.get("question", [])
    if not isinstance(questions, list):
        raise place.bad("“question” is not a list", "Begin each question with a line [[step.question]].", "question")
    return Step(
        slug=_slug(given, place),
        name=_text(given, "name", place),
        minutes=_whole(given, "minutes", place, 1, 600),
        fixed=_flag(given, "fixed", place),
        phone=_paragraphs(given, "phone", place),
        say=_paragraphs(given, "say", place),
        do=_paragraphs(given, "do", place),
        large=_paragraphs(given, "large", place),
        questions=tuple(_question(one, root.at(number, index)) for index, one in enumerate(questions)),
    )


def _question(given: Any, place: _Place) -> Question:
    if not isinstance(given, dict):
        raise place.bad("this question is not a table", "Begin each question with a line [[step.question]].")
    _known(given, "question", place)
    kind = _text(given, "kind", place)
    if kind not in KINDS:
        raise place.bad(f"there is no kind “{kind}”", f"Use one of: {', '.join(KINDS)}.", "kind")
    scale = _text(given, "scale", place) if kind == "rate" else ""
    return Question(
        slug=_slug(given, place),
        kind=kind,
        prompt=_text(given, "prompt", place),
        most=_whole(given, "most", place, 1, _LONGEST) if "most" in given else 40 if kind == "words" else 200,
        fields=_labels(given, "fields", place, _FIELDS[kind]) if kind in _FIELDS else {},
        options=_labels(given, "options", place, _COUNTED.get(kind)) if kind in ("vote", *_COUNTED) else {},
        lines=_lines(given, place) if kind == "keep" else (),
        scale=scale,
        items=_items(given, scale, place) if scale else (),
        source=_text(given, "from", place) if kind == "sort" else "",
        same_as=_text(given, "same-as", place) if "same-as" in given else "",
    )


def _items(given: Mapping[str, Any], scale: str, place: _Place) -> tuple[str, ...]:
    try:
        codes = tuple(item.code for item in find_scale(scale).items)
    except BadContent as error:
        raise place.bad(error.message.rstrip("."), error.hint, "scale") from error
    items = given.get("items", list(codes))
    if not isinstance(items, list) or not items or any(item not in codes for item in items):
        raise place.bad(f"“items” are not all in the scale “{scale}”", f"Use some of: {', '.join(codes)}.", "items")
    return tuple(dict.fromkeys(items))


def _lines(given: Mapping[str, Any], place: _Place) -> tuple[DraftLine, ...]:
    lines = given.get("line")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise place.bad("it has no lines", 'Write line = [{ slug = "…", text = "…" }].', "line")
    for line in lines:
        _known(line, "line", place)
    return tuple(
        DraftLine(_slug(line, place), _text(line, "text", place), _flag(line, "fixed", place)) for line in lines
    )


def _labels(given: Mapping[str, Any], key: str, place: _Place, names: tuple[str, ...] | None) -> dict[str, str]:
    labels = given.get(key)
    if not isinstance(labels, dict) or not labels:
        raise place.bad(f"“{key}” is missing or is not a table", f'Write {key} = {{ … = "…" }}.', key)
    if names and set(labels) != set(names):
        raise place.bad(f"“{key}” needs exactly: {', '.join(names)}", "Change the words, and keep these names.", key)
    if not names and (len(labels) < 2 or len(labels) > 12 or not all(_SLUG.fullmatch(name) for name in labels)):
        raise place.bad(f"“{key}” needs 2 to 12 entries such as A = “…”", "Name each with a letter.", key)
    return {name: _text(labels, name, place) for name in names or labels}


def _check_slugs(script: Script, place: _Place) -> None:
    seen: set[str] = set()
    steps = [step.slug for step in script.steps]
    for number, step in enumerate(script.steps):
        if steps.index(step.slug) != number:
            raise place.at(number).bad(f"the step “{step.slug}” is there twice", "Give each its own slug.", "slug")
        for index, question in enumerate(step.questions):
            here = place.at(number, index)
            if question.slug in seen:
                raise here.bad(f"the question “{question.slug}” is there twice", "Give each its own slug.", "slug")
            for key, other, kinds in (
                ("from", question.source, ("lines",)),
                ("same-as", question.same_as, (question.kind,)),
            ):
                earlier = script.question(other) if other in seen else None
                if other and (earlier is None or earlier.kind not in kinds):
                    raise here.bad(f"“{key}” names no earlier question of that kind", "Put that one before it.", key)
            seen.add(question.slug)


def _check_limits(script: Script, place: _Place) -> None:
    """Refuse a script without the line that no agreement may override, in the words of the course."""
    kept = [line for question in script.questions() for line in question.lines if line.slug == LIMITS]
    if not kept or not all(line.fixed for line in kept):
        raise place.bad(
            "the limits line is missing or not fixed",
            f'Keep the line with slug = "{LIMITS}", fixed = true in a question of the kind keep.',
        )
    ours = _limits_text(content.read(NAME).get("step", []))
    if any(line.text != ours for line in kept):
        raise place.bad("the limits line has other words", f"Write it as it is: {ours}", "line")


def _limits_text(steps: Any) -> str:
    """Return the limits line of the course's own script."""
    lines = [line for step in steps for question in step.get("question", []) for line in question.get("line", [])]
    return next((str(line.get("text")) for line in lines if line.get("slug") == LIMITS), "")


def _words(given: Any, place: _Place) -> dict[str, str]:
    """Return the texts of nested tables by their dotted keys."""
    if not isinstance(given, dict):
        raise place.bad("“words” is not a table", "Begin it with a line [words].", "words")
    found: dict[str, str] = {}
    for key, value in given.items():
        if isinstance(value, dict):
            found |= {f"{key}.{name}": text for name, text in _words(value, place).items()}
        elif isinstance(value, str):
            found[key] = value
        else:
            raise place.bad(f"“{key}” in words is not text", f'Write {key} = "…".', key)
    return found


def _page_words(given: Mapping[str, str], place: _Place) -> dict[str, str]:
    """Return all words of the pages, the facilitator's own in place of the course's."""
    for key, what, remedy in misfits(given):
        raise place.bad(what, remedy, key.rpartition(".")[2])
    return page_words() | dict(given)


def _known(given: Mapping[str, Any], what: str, place: _Place) -> None:
    unknown = sorted(set(given) - _KEYS[what])
    if unknown:
        raise place.bad(f"a {what} has no “{unknown[0]}”", f"Use only: {', '.join(sorted(_KEYS[what]))}.", unknown[0])


def _text(given: Mapping[str, Any], key: str, place: _Place) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise place.bad(f"“{key}” is missing or is not text", f'Write {key} = "…".', key)
    return value


def _slug(given: Mapping[str, Any], place: _Place) -> str:
    slug = _text(given, "slug", place)
    if not _SLUG.fullmatch(slug):
        raise place.bad(f"“{slug}” is no slug", "Use letters, digits and dashes.", "slug")
    return slug


def _whole(given: Mapping[str, Any], key: str, place: _Place, low: int, high: int) -> int:
    value = given.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise place.bad(f"“{key}” is not a whole number from {low} to {high}", f"Write {key} = {low}.", key)
    return value


def _flag(given: Mapping[str, Any], key: str, place: _Place) -> bool:
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise place.bad(f"“{key}” is neither true nor false", f"Write {key} = true.", key)
    return value


def _paragraphs(given: Mapping[str, Any], key: str, place: _Place, *, needed: bool = False) -> tuple[str, ...]:
    value = given.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise place.bad(f"“{key}” is not a list of texts", f'Write {key} = ["…"].', key)
    if needed and not value:
        raise place.bad(f"“{key}” is missing", f'Write {key} = ["…"].', key)
    return tuple(value)
