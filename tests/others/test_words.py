"""The words of the raters' pages: each is used, each that a page asks for is there, and they are plain."""

from __future__ import annotations

import re
import tomllib

from course.content import read_texts
from course.others.refusals import PAGE_WORDS
from tests.paths import ROOT

OTHERS = ROOT / "course" / "others"
CODE = "\n".join(path.read_text(encoding="utf-8") for path in OTHERS.rglob("*") if path.suffix in (".py", ".html"))
TEXTS = read_texts(PAGE_WORDS)


def test_each_text_is_used_and_each_that_is_asked_for_is_there() -> None:
    shown = set(re.findall(r'"((?:page|start|form|thanks|forgotten|gone|problem)\.(?!html)[a-z-]+)"', CODE))
    refusals = set(re.findall(r'refused\("([a-z-]+)"', CODE)) | {
        name for names in re.findall(r'key = ("[^\n]+)', CODE) + re.findall(r"refused\((\"[^)]+) if", CODE)
        for name in re.findall(r'"([a-z-]+)"', names)
    }  # fmt: skip
    refusals |= {"not-here"}
    assert shown | {f"refused.{name}{end}" for name in refusals for end in ("", "-hint")} == set(TEXTS.by_key)


def test_the_words_are_plain() -> None:
    for key, text in TEXTS.flat().items():
        assert "!" not in text, f"{key} shouts"
        for sentence in re.split(r"(?<=[.?:]) ", text):
            assert len(sentence.split()) <= 26, f"{key} has a long sentence: {sentence}"


LIMITS = (
    "Somebody who is set on it could still work out much of what you answered.",
    "Answer only what you could stand by.",
    "The person knows whom they asked, and could fill in forms themselves.",
    "If they filled in four and yours were the fifth, they could work out much of what you answered.",
    "If they ask the same people again, they can compare the two results.",
    "Answer only what you could stand by.",
    "Until the person opens the result, whoever runs this server could read the answers, without names.",
)
"""What raters are told so that they do not take the promises for more than they are."""


def test_each_sentence_of_who_sees_what_is_a_promise_or_a_limit() -> None:
    promises = tomllib.loads((ROOT / "tests" / "promises.toml").read_text("utf-8"))["promise"]
    promised = " ".join(promise["says"] for promise in promises)
    told = [str(text) for key, text in TEXTS.by_key.items() if key.startswith(("start.first-", "start.sees-"))]
    told = [text for text in told if text.endswith(".")]  # the others are headings
    sentences = [
        sentence for text in [*told, str(TEXTS.by_key["form.until"])] for sentence in re.split(r"(?<=\.)\s+", text)
    ]
    assert len(sentences) > len(LIMITS)
    assert [sentence for sentence in sentences if sentence not in promised] == list(LIMITS)
