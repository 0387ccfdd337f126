"""The workshop as data, read from `content/workshop.toml` or from a facilitator's own copy of it.

A mistake in the file is a BadContent that names its line. The file:

    title = "…"
    language = "en-GB"                       # of its words, a tag of BCP 47; without it, that of the edition
    length = "short"                         # or "long": which of two lengths is run; "short" without it
    privacy = ["paragraph", …]               # before joining, and read aloud
    privacy-first = ["line", …]              # the same in short, on phones above the whole; without it, all is shown
    [[step]]
    slug = "rate"                            # letters, digits, dashes; a step may be dropped unless `fixed = true`
    name = "Rate our group"
    minutes = 10                             # or { short = 8, long = 10 }; a length without minutes has no such step
    fixed = false
    phone = ["paragraph", …]                 # on the phone at this step, above its open questions
    say = ["paragraph", …]                   # what the facilitator says
    do = ["paragraph", …]                    # what the facilitator does
    large = ["paragraph", …]                 # with 100 to 1,000 people
    [[step.question]]
    slug = "group"                           # unique in the script
    kind = "rate"
    prompt = "…"

Kinds, with what the script gives besides slug, kind and prompt; then what an answer is.

- `words`: `most` (letters, 40). Text.
- `lines`, `taking-away`: `most` (200). Text.
- `thanks`: `most`, `fields = {to = "label", for = "label", meant = "label"}`. `{"to", "for", "meant"}`.
- `commitment`: `most`, `fields = {if = "label", then = "label"}`. `{"if", "then", "show": true}`;
  with `"show": false` the server keeps no text: it stays on the phone.
- `rate`: `scale = "group"`, `items = ["G1", …]` (all without it). One part an item, `SLUG.G1`: 1 to 7, or "n".
- `keep`: `line = [{slug, text, fixed = false}]`, `options = {keep = "…", change = "…", not-sure = "…"}`.
  One part a line that is not fixed, `SLUG.LINE`: the key of an option.
- `promises`: `from = "boundaries"` (or `"parked"`, `"now"`, `"ours"`: what an earlier session agreed, in the file that
  `course workshop --follow-up` names), `options = {kept = "…", moved = "…", missed = "…"}`. One part a line of that,
  `SLUG.1`: the key of an option. Where the file has no such lines, there is no such question.
- `vote`: `options = {A = "…", …}`. The key of an option.
- `sort`: `from = "SLUG of a lines question"`, `most` (lines, 8), `options = {ours = "…", park = "…", now = "…"}`.
  One part a line of the wall, `SLUG.LINE`: the key of an option. When it opens, the lines are those that most people
  wrote, as the facilitator grouped them, without any that the facilitator has settled.

With `from = "ratings"`, a `rate` question is shown beside the first ratings in that file, by totals.

A part is the unit of answering; a question opens, closes and is shown as a whole. `null` as an answer is “Skip”: it
takes an earlier answer back. `same-as = "SLUG"` on a rate or vote question (asked again later) puts both in one chart.
With `optional = true` the console's next button passes a question over; its own button opens it.
A table `[words.PAGE]` puts the facilitator's own words in place of those in `content/workshop-pages.toml`.
A text with a number in it may have a form for each plural of the script's language, as in that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from course import content
from course.content.scales import find_scale
from course.core.errors import BadContent
from course.core.text_files import parse_toml, read_settings
from course.workshop.script.earlier_promises import BOUNDARIES, promise_texts, read_earlier, read_source
from course.workshop.script.script_syntax import ScriptPlace, ScriptTable, words_of_pages
from course.workshop.templates import PageWords
from course.workshop.view_parts import SessionRecord

NAME: Final = "workshop.toml"
KINDS: Final = ("words", "lines", "taking-away", "thanks", "commitment", "rate", "keep", "vote", "sort", "promises")
WRITTEN: Final = ("words", "lines", "taking-away", "thanks", "commitment")
"""Kinds whose answers are free text, which the facilitator looks at before anyone else does."""
LENGTHS: Final = ("short", "long")
LIMITS: Final = "limits"
"""The slug of the line that no script may leave out or reword."""


@dataclass(frozen=True)
class DraftLine:
    """One drafted boundary; a fixed one is shown and not asked about."""

    slug: str
    text: str
    fixed: bool = False


@dataclass(frozen=True)
class ScriptQuestion:
    """What phones are asked together: it opens, closes and is shown as a whole."""

    slug: str
    kind: str
    prompt: str
    most: int = 200
    """The longest text, in letters; of `sort`, how many lines are sorted."""
    fields: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[DraftLine, ...] = ()
    scale: str = ""
    items: tuple[str, ...] = ()
    source: str = ""
    """Whose approved lines are sorted; in a follow-up, what of the earlier session it is about."""
    same_as: str = ""
    """The question that this one asks again."""
    is_optional: bool = False
    """Whether the console leaves it to the facilitator to open it."""
    position: int = 0
    """Its place among the questions of its step in the file."""

    @property
    def is_written(self) -> bool:
        """Whether its answers are free text."""
        return self.kind in WRITTEN

    def parts(self) -> tuple[str, ...]:
        """Return the parts known beforehand; those of `sort` come from the session.

        >>> ScriptQuestion("group", "rate", "How often?", items=("G1", "G2")).parts()
        ('group.G1', 'group.G2')
        """
        if self.kind == "rate":
            return tuple(f"{self.slug}.{item}" for item in self.items)
        if self.kind in ("keep", "promises"):
            return tuple(f"{self.slug}.{line.slug}" for line in self.lines if not line.fixed)
        return () if self.kind == "sort" else (self.slug,)


@dataclass(frozen=True)
class Step:
    """One step of the workshop, with the words of phone and facilitator."""

    slug: str
    name: str
    minutes: int
    fixed: bool
    phone: tuple[str, ...]
    say: tuple[str, ...]
    do: tuple[str, ...]
    large: tuple[str, ...]
    questions: tuple[ScriptQuestion, ...]
    position: int = 0
    """Its place among the steps of the file; a step of another length is counted too."""


@dataclass(frozen=True)
class Script:
    """A whole workshop."""

    title: str
    language: str
    length: str
    privacy: tuple[str, ...]
    privacy_first: tuple[str, ...]
    """What phones show of it at first, with the whole folded away below; empty where they show the whole at once."""
    steps: tuple[Step, ...]
    words: PageWords
    earlier: SessionRecord | None
    """What is known of the session that this one follows up; None for any other."""
    text: str
    """The file itself, which is stored with a session so that a restart goes on with the same script."""

    def question(self, slug: str) -> ScriptQuestion | None:
        """Return the question of that name, or None."""
        return next((question for step in self.steps for question in step.questions if question.slug == slug), None)

    def step(self, slug: str) -> Step | None:
        """Return the step of that name, or None."""
        return next((step for step in self.steps if step.slug == slug), None)

    def questions(self) -> tuple[ScriptQuestion, ...]:
        """Return all questions in their order."""
        return tuple(question for step in self.steps for question in step.questions)


_LONGEST: Final = 500
_COUNTED: Final = {
    "vote": (), "keep": ("keep", "change", "not-sure"), "sort": ("ours", "park", "now"),
    "promises": ("kept", "moved", "missed"),
}  # fmt: skip
"""The options of each kind that is counted; those of a vote are the script's own."""
_MOST: Final = {"words": 40, "sort": 8}
"""The longest text of a kind, in letters, where the script does not say; of `sort` the number of lines."""
_FIELDS: Final = {"thanks": ("to", "for", "meant"), "commitment": ("if", "then")}
_SCRIPT: Final = {"title", "language", "length", "privacy", "privacy-first", "step", "words", "earlier"}
_STEP: Final = {"slug", "name", "minutes", "fixed", "phone", "say", "do", "large", "question"}
_QUESTION: Final = {
    "slug", "kind", "prompt", "most", "fields", "options", "line", "scale", "items", "from", "same-as", "optional",
}  # fmt: skip


def find_script(path: Path | None = None, *, is_long: bool = False) -> Script:
    """Return the facilitator's own script, or the course's; BadContent names the line to correct.

    With `is_long` it is the long one, whatever length the file names.
    """
    path = path or content.find_file(NAME)
    try:
        text = read_settings(path)
    except FileNotFoundError as error:
        raise BadContent(f"There is no file {path.name}.", "Name one that is there: --script FILE") from error
    return parse_script(_as_long(text) if is_long else text, path.name)


def _as_long(text: str) -> str:
    """Return a script's text with the long length, so that a restart of its session goes on with that."""
    line = f'length = "{LENGTHS[1]}"'
    changed, times = re.subn(r"^length\s*=.*$", line, text, count=1, flags=re.MULTILINE)
    return changed if times else f"{line}\n{text}"


def parse_script(text: str, name: str = NAME) -> Script:
    """Return the script in a text, checked for a session that begins; BadContent names the line to correct."""
    place = ScriptPlace(text, name)
    script = _read(place)
    check_slugs(script, place)
    check_limits(script, place)
    return script


def read_stored_script(text: str) -> Script:
    """Return the script of a session in the store, read by its syntax alone.

    It was checked when its session began: that the course says something in other words today is no mistake in it.
    """
    return _read(ScriptPlace(text, NAME, is_stored=True))


def _read(place: ScriptPlace) -> Script:
    return _script(ScriptTable(parse_toml(place.file, place.name), "script", _SCRIPT, place))


def _script(table: ScriptTable) -> Script:
    steps = table.values.get("step")
    if not isinstance(steps, list) or not steps:
        raise table.bad("there is no step", "Begin each step with a line [[step]].")
    language = table.text("language") if "language" in table else content.edition_language().tag
    length = table.one_of("length", LENGTHS)
    earlier = read_earlier(table)
    read = (_step(step, table.place, number, length, earlier) for number, step in enumerate(steps))
    return Script(
        title=table.text("title"),
        language=language,
        privacy=table.paragraphs("privacy", needed=True),
        privacy_first=table.paragraphs("privacy-first"),
        length=length,
        steps=tuple(step for step in read if step),
        words=words_of_pages(table.values.get("words", {}), language, table.place),
        earlier=earlier,
        text=table.place.file,
    )


def _step(values: object, root: ScriptPlace, number: int, length: str, earlier: SessionRecord | None) -> Step | None:
    """Return a step, or None where this length has no such step."""
    table = ScriptTable(values, "step", _STEP, root.at(number))
    questions = table.values.get("question", [])
    if not isinstance(questions, list):
        raise table.bad("“question” is not a list", "Begin each question with a line [[step.question]].", "question")
    read = [_question(question, root.at(number, index), earlier) for index, question in enumerate(questions)]
    minutes = table.by_name("minutes", LENGTHS, 1, 600).get(length)
    step = Step(
        slug=table.slug(),
        name=table.text("name"),
        minutes=minutes or 0,
        fixed=table.flag("fixed"),
        phone=table.paragraphs("phone"),
        say=table.paragraphs("say"),
        do=table.paragraphs("do"),
        large=table.paragraphs("large"),
        questions=tuple(question for question in read if question.kind != "promises" or question.lines),
        position=number,
    )
    return step if minutes else None


def _question(values: object, place: ScriptPlace, earlier: SessionRecord | None) -> ScriptQuestion:
    table = ScriptTable(values, "question", _QUESTION, place)
    kind = table.text("kind")
    if kind not in KINDS:
        raise table.bad(f"there is no kind “{kind}”", f"Use one of: {', '.join(KINDS)}.", "kind")
    scale = table.text("scale") if kind == "rate" else ""
    source = table.text("from") if kind == "sort" else read_source(table, kind, earlier)
    return ScriptQuestion(
        slug=table.slug(),
        kind=kind,
        prompt=table.text("prompt"),
        most=table.whole("most", 1, _LONGEST) if "most" in table else _MOST.get(kind, 200),
        fields=table.labels("fields", _FIELDS[kind]) if kind in _FIELDS else {},
        options=table.labels("options", _COUNTED[kind]) if kind in _COUNTED else {},
        lines=_lines(table) if kind == "keep" else _promises(source, earlier) if kind == "promises" else (),
        scale=scale,
        items=_items(table, scale) if scale else (),
        source=source,
        same_as=table.text("same-as") if "same-as" in table else "",
        is_optional=table.flag("optional"),
        position=place.question,
    )


def _promises(source: str, earlier: SessionRecord | None) -> tuple[DraftLine, ...]:
    """Return what an earlier session agreed; its boundaries begin with the limits line, in the words of the course."""
    texts = promise_texts(earlier, source) if earlier else []
    lines = tuple(DraftLine(str(number), text) for number, text in enumerate(texts, start=1))
    return (DraftLine(LIMITS, _limits_text(), fixed=True), *lines) if source == BOUNDARIES else lines


def _items(table: ScriptTable, scale: str) -> tuple[str, ...]:
    try:
        codes = tuple(item.code for item in find_scale(scale).items)
    except BadContent as error:
        raise table.bad(error.message.rstrip("."), error.hint, "scale") from error
    items = table.values.get("items", list(codes))
    if table.place.is_stored:
        return tuple(dict.fromkeys(map(str, items)))
    if not isinstance(items, list) or not items or any(item not in codes for item in items):
        raise table.bad(f"“items” are not all in the scale “{scale}”", f"Use some of: {', '.join(codes)}.", "items")
    return tuple(dict.fromkeys(items))


def _lines(table: ScriptTable) -> tuple[DraftLine, ...]:
    lines = table.values.get("line")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise table.bad("it has no lines", 'Write line = [{ slug = "…", text = "…" }].', "line")
    tables = [ScriptTable(line, "line", {"slug", "text", "fixed"}, table.place) for line in lines]
    return tuple(DraftLine(line.slug(), line.text("text"), line.flag("fixed")) for line in tables)


def check_slugs(script: Script, place: ScriptPlace) -> None:
    """Refuse names that are there twice, and questions that name a later one."""
    slugs = [step.slug for step in script.steps]
    for number, step in enumerate(script.steps):
        if slugs.index(step.slug) != number:
            raise place.at(step.position).bad(
                f"the step “{step.slug}” is there twice", "Give each its own slug.", "slug"
            )
    earlier: dict[str, ScriptQuestion] = {}
    for question, here in _places(script, place):
        if question.slug in earlier:
            raise here.bad(f"the question “{question.slug}” is there twice", "Give each its own slug.", "slug")
        sorts = question.source if question.kind == "sort" else ""
        for key, other, kind in (("from", sorts, "lines"), ("same-as", question.same_as, question.kind)):
            if other and (other not in earlier or earlier[other].kind != kind):
                raise here.bad(f"“{key}” names no earlier question of that kind", "Put that one before it.", key)
        if question.same_as and question.kind not in ("rate", "vote"):
            raise here.bad("only ratings and votes can be asked again", "Leave “same-as” out.", "same-as")
        first = earlier.get(question.same_as)
        if first and not _asks_the_same(first, question):
            raise here.bad("“same-as” names a question with other answers", "Give both the same answers.", "same-as")
        earlier[question.slug] = question


def _asks_the_same(first: ScriptQuestion, again: ScriptQuestion) -> bool:
    """Say whether answers can be set side by side; the second may leave out some items."""
    same = (first.kind, first.scale, dict(first.options)) == (again.kind, again.scale, dict(again.options))
    return same and set(again.items) <= set(first.items)


def _places(script: Script, place: ScriptPlace) -> Iterator[tuple[ScriptQuestion, ScriptPlace]]:
    """Return each question and where it stands."""
    for step in script.steps:
        for question in step.questions:
            yield question, place.at(step.position, question.position)


def check_limits(script: Script, place: ScriptPlace) -> None:
    """Refuse a script without the line that no agreement may override, in the words of the course."""
    limits = [
        (line, here) for question, here in _places(script, place) for line in question.lines if line.slug == LIMITS
    ]
    remedy = f'Keep the line with slug = "{LIMITS}", fixed = true in a question of the kind keep.'
    if not limits:
        raise place.bad("the limits line is missing", remedy)
    wording = _limits_text()
    for line, here in limits:
        if not line.fixed:
            raise here.bad("the limits line is not fixed", remedy, "line")
        if line.text != wording:
            raise here.bad("the limits line has other words", f"Write it as it is: {wording}", "line")


def _limits_text() -> str:
    """Return the limits line of the course's own script."""
    steps: Any = content.read(NAME).get("step", [])
    lines = [line for step in steps for question in step.get("question", []) for line in question.get("line", [])]
    return next((str(line.get("text")) for line in lines if line.get("slug") == LIMITS), "")
