"""Read a script from `content/workshop.toml` or a facilitator's own copy of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from course import content
from course.content.scales import find_scale
from course.core.errors import BadContent
from course.workshop.script import KINDS, DraftLine, Question, Script, Step
from course.workshop.script_check import NAME, check_limits, check_slugs, words_in
from course.workshop.script_table import Place, Table

_LONGEST: Final = 500
_COUNTED: Final = {"vote": (), "keep": ("keep", "change", "not-sure"), "sort": ("ours", "park", "now")}
"""The options of each kind that is counted; those of a vote are the script's own."""
_MOST: Final = {"words": 40, "sort": 8}
"""The longest text of a kind, in letters, where the script does not say; of `sort` the number of lines."""
_FIELDS: Final = {"thanks": ("to", "for", "meant"), "commitment": ("if", "then")}
_SCRIPT: Final = {"title", "language", "privacy", "step", "words"}
_STEP: Final = {"slug", "name", "minutes", "fixed", "phone", "say", "do", "large", "question"}
_QUESTION: Final = {
    "slug", "kind", "prompt", "most", "fields", "options", "line", "scale", "items", "from", "same-as",
}  # fmt: skip


def find_script(path: Path | None = None) -> Script:
    """Return the facilitator's own script, or the course's; BadContent names the line to mend."""
    path = path or content.edition() / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadContent(f"There is no file {path.name}.", "Name one that is there: --script FILE") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadContent(f"{path.name} cannot be read.", "Name a text file: --script FILE") from error
    return parse_script(text, path.name)


def parse_script(text: str, name: str = NAME) -> Script:
    """Return the script in a text, checked for a session that begins; BadContent names the line to mend."""
    place = Place(text, name)
    script = _read(place)
    check_slugs(script, place)
    check_limits(script, place)
    return script


def stored_script(text: str) -> Script:
    """Return the script of a session that was kept, read by its syntax alone.

    It was checked when its session began: that the course says something in other words today is no mistake in it.
    """
    return _read(Place(text, NAME, is_stored=True))


def _read(place: Place) -> Script:
    try:
        document = tomllib.loads(place.file)
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{place.name} cannot be read: {error}.", "Mend that line.") from error
    return _script(Table(document, "script", _SCRIPT, place))


def _script(table: Table) -> Script:
    steps = table.given.get("step")
    if not isinstance(steps, list) or not steps:
        raise table.bad("there is no step", "Begin each step with a line [[step]].")
    return Script(
        title=table.text("title"),
        language=table.text("language") if "language" in table else "en",
        privacy=table.paragraphs("privacy", needed=True),
        steps=tuple(_step(given, table.place, number) for number, given in enumerate(steps)),
        words=words_in(table.given.get("words", {}), table.place),
        text=table.place.file,
    )


def _step(given: Any, root: Place, number: int) -> Step:
    table = Table(given, "step", _STEP, root.at(number))
    questions = table.given.get("question", [])
    if not isinstance(questions, list):
        raise table.bad("“question” is not a list", "Begin each question with a line [[step.question]].", "question")
    return Step(
        slug=table.slug(),
        name=table.text("name"),
        minutes=table.whole("minutes", 1, 600),
        fixed=table.flag("fixed"),
        phone=table.paragraphs("phone"),
        say=table.paragraphs("say"),
        do=table.paragraphs("do"),
        large=table.paragraphs("large"),
        questions=tuple(_question(one, root.at(number, index)) for index, one in enumerate(questions)),
    )


def _question(given: Any, place: Place) -> Question:
    table = Table(given, "question", _QUESTION, place)
    kind = table.text("kind")
    if kind not in KINDS:
        raise table.bad(f"there is no kind “{kind}”", f"Use one of: {', '.join(KINDS)}.", "kind")
    scale = table.text("scale") if kind == "rate" else ""
    return Question(
        slug=table.slug(),
        kind=kind,
        prompt=table.text("prompt"),
        most=table.whole("most", 1, _LONGEST) if "most" in table else _MOST.get(kind, 200),
        fields=table.labels("fields", _FIELDS[kind]) if kind in _FIELDS else {},
        options=table.labels("options", _COUNTED[kind]) if kind in _COUNTED else {},
        lines=_lines(table) if kind == "keep" else (),
        scale=scale,
        items=_items(table, scale) if scale else (),
        source=table.text("from") if kind == "sort" else "",
        same_as=table.text("same-as") if "same-as" in table else "",
    )


def _items(table: Table, scale: str) -> tuple[str, ...]:
    try:
        codes = tuple(item.code for item in find_scale(scale).items)
    except BadContent as error:
        raise table.bad(error.message.rstrip("."), error.hint, "scale") from error
    items = table.given.get("items", list(codes))
    if table.place.is_stored:
        return tuple(dict.fromkeys(map(str, items)))
    if not isinstance(items, list) or not items or any(item not in codes for item in items):
        raise table.bad(f"“items” are not all in the scale “{scale}”", f"Use some of: {', '.join(codes)}.", "items")
    return tuple(dict.fromkeys(items))


def _lines(table: Table) -> tuple[DraftLine, ...]:
    lines = table.given.get("line")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise table.bad("it has no lines", 'Write line = [{ slug = "…", text = "…" }].', "line")
    found = [Table(line, "line", {"slug", "text", "fixed"}, table.place) for line in lines]
    return tuple(DraftLine(line.slug(), line.text("text"), line.flag("fixed")) for line in found)
