"""The words that trainers read are in `trainer.toml`: each is used, and each that is asked for is there."""

from __future__ import annotations

import re

from course import content
from tests.paths import ROOT
from tests.syntax_trees import first_arguments, is_among, pattern, texts, texts_in_course

TEXTS = content.read_texts("trainer.toml")


IN_TEMPLATE = re.compile(r"""\bsay\(["']([\w.-]+)["']""")


def in_templates() -> set[str]:
    """Return the keys that nbgrader's page for marking asks for."""
    folder = ROOT / "course" / "trainer" / "templates" / "formgrade"
    return {re.escape(key) for path in folder.glob("*.j2") for key in IN_TEMPLATE.findall(path.read_text("utf-8"))}


def asked_for() -> set[str]:
    """Return what is given as the key in each call of `trainer_words(…)`, as regular expressions, and in templates."""
    keys = (key for function, key in first_arguments() if re.search(r"\btrainer_words$", function))
    in_python = {text for key in keys for text in (texts(key) if pattern(key) is None else [pattern(key)]) if text}
    return in_python | in_templates()


def test_every_text_is_used_somewhere() -> None:
    tables = tuple(re.escape(key.split(".")[0] + ".") for key in TEXTS.by_key)
    used = {text for text in texts_in_course() if text.startswith(tables)} | asked_for()
    unused = [key for key in TEXTS.by_key if not is_among(key, used)]
    assert unused == [], "Take them out of trainer.toml."


def test_every_text_that_is_asked_for_is_there() -> None:
    wanted = sorted(text for text in asked_for() if "\\." in text)
    assert [text for text in wanted if not any(re.fullmatch(text, key) for key in TEXTS.by_key)] == []


def test_the_words_are_plain_and_do_not_shout() -> None:
    for key, text in TEXTS.flat().items():
        assert "!" not in text, f"{key} shouts"
        assert not re.search(r"\b(invalid|failed to|null|e\.g\.|i\.e\.|etc)\b", text, re.IGNORECASE), key
