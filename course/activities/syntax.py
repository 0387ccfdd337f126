"""Read the words of an exercise as an author writes them in a notebook.

Paragraphs have an empty line between them. The last one above the first option is the question,
what stands before it leads up to it. Then come options (lettered A, B, C) or cards (with a dash),
each on one line, with its feedback after an arrow, there or on the next line:

    You chair. The story is out.

    What do you do first?
    -> Feedback for every option that has none of its own.

    A. Email everyone.
    -> No one answers.
    B. Bring everyone together soon. -> Uncomfortable, and shared.

    - You send papers three days before. [Competence] -> People can plan around you.

An option is saved as its letter. Where it ends in a key in braces, before any arrow, it is saved as that instead:

    A. Email everyone. {email-everyone} -> No one answers.

Then options can be added, dropped and moved, and no answer ever changes its meaning.

`[x]` behind an option says that it is right, in a question that has a right answer; without it, a question asks
for an opinion. Cards to put in order are numbered, `1. …`, where their order is the right one.

Feedback may go on in a second line that begins with `->`. An arrow in brackets, (old -> new), is a part
of the text. In an exercise that sorts cards, square brackets at the end of a card name its group.
`~>` gives the feedback for an option that was left blank; above the first option,
what to say where the line `->` there does not fit.
`! always, never -> This may sound like a verdict.` is a check on the text that is typed.
`## Wednesday` begins a step of a branching exercise; `---` begins its closing words.
An exercise from memory has no options: each paragraph with `->` under it is a question and what Check shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from course.core.errors import BadWords

_LETTER = re.compile(r"([A-Z])\. +(\S.*)")
_CARD = re.compile(r"- +(\S.*)")
_NUMBERED = re.compile(r"(\d+)\. +(\S.*)")
_RIGHT = re.compile(r"(.*?)\s*\[x\]")
_OTHER_ARROWS = ("→", "–>", "—>", "=>")
_MOST = 26
_BRACES = re.compile(r"(.*?)\s*\{([^{}]*)\}")
_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SHORTEST_KEY = 2
_KEY_HINT = "Write it at the end of the option, in small letters with hyphens, as {asks-first}."
_LIMIT = re.compile(r"over (\d+) words")


@dataclass(frozen=True)
class Check:
    """Something to look for in a typed text, and what to say about it."""

    phrases: tuple[str, ...]
    """Words or beginnings of sentences to look for; none for a text that is empty."""
    most_words: int | None
    advice: str

    def applies(self, text: str) -> bool:
        """Say whether the advice fits a text.

        >>> Check(("always", "never"), None, "").applies("You are Never on time")
        True
        """
        if self.most_words is not None:
            return len(text.split()) > self.most_words
        if not self.phrases:
            return not text.strip()
        plain = _comparable(text)
        return any(re.search(rf"(?<!\w){re.escape(_comparable(phrase))}(?!\w)", plain) for phrase in self.phrases)


@dataclass
class ActivityOption:
    """One option, card or field."""

    letter: str
    """Where it stands: A for the first."""
    text: str
    key: str = ""
    """What it is saved as; empty where that is its letter."""
    feedback: str = ""
    missed: str = ""
    checks: list[Check] = field(default_factory=list)
    is_right: bool = False
    """Whether the words say that it is right: marked with [x], or a card of a numbered order."""
    is_optional: bool = False
    """Whether the words say that it may stay empty."""

    @property
    def code(self) -> str:
        """What stands for it in an answer: its key, or its letter where it has none."""
        return self.key or self.letter


@dataclass
class ActivityWords:
    """The words of one exercise, or of one step of it."""

    question: str
    lead: list[str]
    """The paragraphs before the question."""
    options: list[ActivityOption]
    otherwise: str = ""
    """Feedback for every option that has none of its own, or for the exercise as a whole."""
    missed: str = ""
    """What to say where `otherwise` does not fit, in an exercise that tells the two apart."""
    checks: list[Check] = field(default_factory=list)

    def option(self, code: object) -> ActivityOption | None:
        """Return the option with that code, or None."""
        return next((option for option in self.options if option.code == code), None)

    @property
    def right(self) -> list[str]:
        """What the options are saved as that the words say are right; none in a question of opinion."""
        return [option.code for option in self.options if option.is_right]

    @property
    def has_keys(self) -> bool:
        """Whether options are saved as their keys."""
        return any(option.key for option in self.options)

    def feedback(self, option: ActivityOption) -> str:
        """Return what to say about an option."""
        return option.feedback or self.otherwise


@dataclass
class ActivityStep:
    """One step of a branching exercise."""

    title: str
    words: ActivityWords


def read_words(
    text: str,
    where: str,
    *,
    least: int = 0,
    keys: bool = True,
    right: Literal["", "marked", "numbered", "grouped"] = "",
) -> ActivityWords:
    """Return the words of one exercise, or raise BadWords that names the line.

    An exercise of this kind needs `least` options; `keys` says whether braces at their end are keys, and `right` how
    the words say what is right: by [x] behind an option, by numbers in front of cards, in a card's group (which is
    left in its text), or not at all.
    Lines are counted from the first one with words.
    """
    words = ActivityWords("", [], [])
    paragraphs: list[list[str]] = [[]]
    for number, line in enumerate(text.strip().splitlines(), start=1):
        here = f"{where}, line {number}"
        line = line.strip()
        if not line:
            paragraphs.append([])
        elif line.startswith(_OTHER_ARROWS):
            raise BadWords(f"{here} begins with an arrow of another kind: “{line[:40]}”.", "Write the arrow as “->”.")
        elif line.startswith(("->", "~>", "!")):
            _note(words, line, here)
        elif match := _LETTER.fullmatch(line) or _CARD.fullmatch(line):
            _add(words, match, here, keys)
            if right != "grouped":
                _take_mark(words.options[-1], here, is_allowed=right == "marked")
        elif right == "numbered" and (match := _NUMBERED.fullmatch(line)):
            _add(words, match, here, keys)
        elif words.options:
            raise BadWords(
                f"{here} stands after the options but is none itself: “{line[:40]}”.",
                "Begin it with “A. ”, “- ”, “-> ” or “! ”, or move it above the first option.",
            )
        else:
            paragraphs[-1].append(line)
    texts = [" ".join(lines) for lines in paragraphs if lines]
    if not texts:
        raise BadWords(f"{where} has no question.", "Write the question above the first option.")
    if len(words.options) < least:
        raise BadWords(f"{where} needs {least} or more options, one on each line.", "Begin each with “A. ” or “- ”.")
    if keys:
        _check_keys(words, where)
    if right == "numbered" and words.right and len(words.right) < len(words.options):
        raise BadWords(f"{where}: some cards are numbered, and some are not.", "Number all of them, or none.")
    words.question, words.lead = texts[-1], texts[:-1]
    return words


def read_steps(text: str, where: str) -> tuple[list[ActivityStep], str]:
    """Return the steps of a branching exercise and its closing words, with an empty line between paragraphs."""
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    body, _, closing = f"{text}\n".partition("\n---\n")
    pieces = re.split(r"^## +(.+)$", body, flags=re.MULTILINE)
    if pieces[0].strip() or len(pieces) < 3:
        raise BadWords(f"{where} does not begin with a step.", "Begin each step with a line such as “## Wednesday”.")
    steps = [
        ActivityStep(title.strip(), read_words(words, f"{where}, step “{title.strip()}”", least=1))
        for title, words in zip(pieces[1::2], pieces[2::2], strict=True)
    ]
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", closing))
    return steps, "\n\n".join(filter(None, paragraphs))


def read_recall(text: str, where: str) -> tuple[list[str], list[ActivityOption]]:
    r"""Return the paragraphs before the first question, and the questions with what Check shows as their feedback.

    A question has its `->` on the lines right under it. Raises BadWords that names the line.

    >>> lead, questions = read_recall("From memory.\n\nWhat is asked?\n-> Two things.\n-> And why.", "key")
    >>> lead, questions[0].text, questions[0].feedback
    (['From memory.'], 'What is asked?', 'Two things. And why.')
    """
    lead: list[str] = []
    questions: list[ActivityOption] = []
    for number, words, shown in _blocks(text, where):
        here = f"{where}, line {number}"
        if not words:
            raise BadWords(f"{here} has no question above it.", "Write the question on the line above “->”.")
        if shown:
            questions.append(ActivityOption(str(len(questions) + 1), words, feedback=shown))
        elif not questions:
            lead.append(words)
        else:
            raise BadWords(f"{here}: Check has nothing to show for “{words[:40]}”.", "Write it under it: “-> …”.")
    if not questions:
        raise BadWords(f"{where} has no question.", "Write each one with what Check shows under it: “-> …”.")
    return lead, questions


def _blocks(text: str, where: str) -> list[tuple[int, str, str]]:
    """Return for each block the number of its first line, its words, and what stands behind the arrows under them."""
    blocks: list[tuple[int, str, str]] = []
    is_open = False
    for number, line in enumerate(text.strip().splitlines(), start=1):
        line = line.strip()
        if line.startswith(("~>", "!", *_OTHER_ARROWS)):
            raise BadWords(f"{where}, line {number} begins with another sign: “{line[:40]}”.", "Write it as “-> …”.")
        is_shown = line.startswith("->")
        if line and (not is_open or (blocks[-1][2] and not is_shown)):
            blocks.append((number, "", ""))
        if line:
            first, words, shown = blocks[-1]
            words, shown = (words, f"{shown} {line[2:].strip()}") if is_shown else (f"{words} {line}", shown)
            blocks[-1] = (first, words.strip(), shown.strip())
        is_open = bool(line)
    return blocks


def _add(words: ActivityWords, match: re.Match[str], where: str, keys: bool) -> None:
    body = match[match.lastindex or 1]
    expected = chr(ord("A") + len(words.options))
    is_numbered = match.re is _NUMBERED
    if is_numbered and match[1] != str(len(words.options) + 1):
        raise BadWords(
            f"{where}: card {match[1]} should be {len(words.options) + 1}.", "Number the cards 1, 2, 3 in order."
        )
    if match.lastindex == 2 and not is_numbered and match[1] != expected:
        raise BadWords(f"{where}: option {match[1]} should be {expected}.", "Letter the options A, B, C in order.")
    if len(words.options) == _MOST:
        raise BadWords(f"{where}: there are more than {_MOST} options.", "Split it into two activities.")
    text, feedback = _at_arrow(body)
    if not text:
        raise BadWords(f"{where} has feedback and no option before it.", "Write the option in front of “->”.")
    text, key = _at_key(text, where) if keys else (text, "")
    words.options.append(ActivityOption(expected, text, key, feedback, is_right=is_numbered))


def _take_mark(option: ActivityOption, where: str, *, is_allowed: bool) -> None:
    """Take [x] off the end of an option, and note that it is right."""
    marked = _RIGHT.fullmatch(option.text)
    if not marked:
        return
    if not is_allowed or not marked[1]:
        raise BadWords(
            f"{where}: “[x]” marks an answer as right, and there is none to mark here.",
            "Put it behind an option of ask.choose or ask.tick; a card to sort has its group: “[x Group]”.",
        )
    option.text, option.is_right = marked[1], True


def _at_key(text: str, where: str) -> tuple[str, str]:
    """Return an option without the key in braces at its end, and the key.

    >>> _at_key("Ask first. {asks-first}", ""), _at_key("Ask first.", "")
    (('Ask first.', 'asks-first'), ('Ask first.', ''))
    """
    match = _BRACES.fullmatch(text)
    if not match:
        return text, ""
    if not _KEY.fullmatch(match[2]) or len(match[2]) < _SHORTEST_KEY:
        raise BadWords(f"{where}: “{{{match[2]}}}” is no key of an option.", _KEY_HINT)
    if not match[1]:
        raise BadWords(f"{where} has a key and no option before it.", "Write the option in front of its key.")
    return match[1], match[2]


def _check_keys(words: ActivityWords, where: str) -> None:
    """Raise BadWords where keys are not all in their place, or one stands for two options."""
    for option in words.options:
        if _BRACES.fullmatch(option.feedback) or _BRACES.fullmatch(option.missed):
            raise BadWords(f"{where}, option {option.letter}: its feedback ends in a key.", _KEY_HINT)
    if not words.has_keys:
        return
    keys = [option.key for option in words.options]
    for option in words.options:
        if not option.key:
            raise BadWords(
                f"{where}: option {option.letter} has no key, and others have one.",
                "Give every option of a question a key, or none.",
            )
        if keys.count(option.key) > 1:
            raise BadWords(f"{where}: the key “{option.key}” is there twice.", "Give each option a key of its own.")


def _at_arrow(body: str) -> tuple[str, str]:
    """Return what stands before and after the first arrow that is in no brackets.

    >>> _at_arrow("Change it (old -> new). -> A change people see.")
    ('Change it (old -> new).', 'A change people see.')
    """
    for arrow in re.finditer("->", body):
        before = body[: arrow.start()]
        if before.count("(") <= before.count(")"):
            return before.strip(), body[arrow.end() :].strip()
    return body.strip(), ""


def _comparable(text: str) -> str:
    return text.casefold().replace("’", "'")


def _note(words: ActivityWords, line: str, where: str) -> None:
    last = words.options[-1] if words.options else None
    if line.startswith("!"):
        (last.checks if last else words.checks).append(_check(line, where))
        return
    text = line[2:].strip()
    if line.startswith("~>"):
        (last or words).missed = text
    elif last is None:
        words.otherwise = f"{words.otherwise} {text}".strip()
    else:
        last.feedback = f"{last.feedback} {text}".strip()


def _check(line: str, where: str) -> Check:
    wanted, arrow, advice = line[1:].partition("->")
    wanted, advice = wanted.strip(), advice.strip()
    if not arrow or not advice or not wanted.strip(", "):
        raise BadWords(f"{where}: this check has no advice.", "Write it as “! always, never -> What did you see?”.")
    if limit := _LIMIT.fullmatch(wanted):
        return Check((), int(limit[1]), advice)
    if wanted == "empty":
        return Check((), None, advice)
    return Check(tuple(filter(None, (phrase.strip() for phrase in wanted.split(",")))), None, advice)
