"""The words of the web edition: those of the interface, but for what would be untrue in a browser."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from course.content import HERE, interface, words
from course.content.texts import WEB, read_texts
from course.core.errors import BadContent
from course.core.notebooks import read_notebook, source
from course.core.pages.web_edition import VARIABLE, is_web_edition
from course.frame.page import page_of
from course.learner.working_copy import shipped_pages
from tests.paths import ROOT

ELSEWHERE = (
    "rebuild", "packed", "session", "session-file", "session-notebook", "starter", "installing", "sign-in", "view",
    "feedback", "others-command",
)  # fmt: skip
"""Tables that only trainers, facilitators or people who start the course on a computer read."""
COMMANDS_ONLY = (
    "hand-in.no-learner", "hand-in.bad-set", "journal-file.exists", "journal-file.not-written", "journal-file.saved",
    "journal-file.safe", "journal-file.not-read",
)  # fmt: skip
"""What commands say, and beginnings of such keys."""
NO_SUCH_PAGE = (
    "frame.on-a-server",
    "frame.missing",
    "frame.fresh",
    "frame.changed",
    "frame.newer",
    "frame.show-code",
    "missing.other-page",
)
"""What is said of a page on a server of Jupyter, or that somebody has changed, removed, or looks at with its code."""
NO_EXCHANGE = (
    "frame.not-handed-in", "frame.no-exchange", "frame.not-released", "start.fetch", "start.feedback-",
    "start.feedback-refused",
)  # fmt: skip
"""What is said of nbgrader's exchange, and of feedback in the folder of the course."""
NO_ROUND = ("rater-round.over", "rater-round.own-server", "rater-round.this-computer")
"""What the card of a round says once there is one: in a browser it makes none, and leads to the printed forms."""
FALSE_IN_A_BROWSER = re.compile(
    r"\b(terminal|folder|command|drive|kernel|jupyter|restart|nbgrader|validate|install|program|work copy"
    r"|course (?:learn|journal|record|reminders|hand-in)|double-click|this computer|own computer|close the course"
    r"|open the course again|update the course|building_trust_\w+)\b|\{folder\}|\{variable\}|\{command\}",
    re.IGNORECASE,
)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")


def overridden() -> dict[str, str]:
    """Return the texts of the web edition by key, and each plural form by itself."""
    texts: dict[str, str] = {}
    for table, entries in tomllib.loads((HERE / WEB).read_text(encoding="utf-8")).items():
        for key, text in entries.items() if table != "edition" else ():
            forms = text if isinstance(text, dict) else {"": text}
            texts |= {f"{table}.{key}.{form}".rstrip("."): one for form, one in forms.items() if form != "by"}
    return texts


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_text_of_the_web_edition_takes_the_place_of_one_with_the_same_blanks_or_fewer() -> None:
    own = interface()
    assert len(overridden()) > 20
    for key, text in overridden().items():
        assert blanks(text) <= blanks(own[key]), key
        assert text != own[key], key


def test_they_are_used_in_the_web_edition_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "journal-file.where"
    on_a_computer = words(key)
    assert "on this computer" in on_a_computer
    monkeypatch.setenv(VARIABLE, "1")
    assert is_web_edition()
    assert "in this browser" in words(key)
    assert words("button.skip") == "Skip"
    monkeypatch.delenv(VARIABLE)
    assert words(key) == on_a_computer


@pytest.mark.usefixtures("web")
def test_no_word_that_can_be_reached_in_a_browser_speaks_of_what_is_not_there() -> None:
    untrue = {
        key: found[0]
        for key, text in interface().items()
        if key.partition(".")[0] not in ELSEWHERE
        and not key.startswith((*COMMANDS_ONLY, *NO_SUCH_PAGE, *NO_EXCHANGE, *NO_ROUND))
        and (found := FALSE_IN_A_BROWSER.search(text))
    }
    assert untrue == {}


@pytest.mark.usefixtures("web")
def test_no_page_in_a_browser_speaks_of_what_is_not_there() -> None:
    untrue = []
    for name in shipped_pages():
        page = page_of(read_notebook(ROOT / name))
        text = " ".join(block.html for section in page.sections for block in section.blocks if hasattr(block, "html"))
        shown = re.sub(r"<[^>]*>", "", text)
        untrue += [(name, found[0]) for found in FALSE_IN_A_BROWSER.finditer(shown)]
        untrue += [(name, comment) for comment in re.findall(r"<!--.*", text)]
    assert untrue == []


def test_what_is_said_of_a_computer_alone_has_words_for_a_browser() -> None:
    for name in shipped_pages():
        for cell in read_notebook(ROOT / name)["cells"]:
            marks = re.findall(r"<!--.*?(?=-->|:)", source(cell), re.DOTALL)
            first, second = "<!-- on a computer ", "<!-- in a browser"
            assert marks == [first, second] * (len(marks) // 2), name


def test_a_translation_without_words_for_the_web_keeps_its_own_and_a_key_that_is_none_is_refused(
    tmp_path: Path, web: None
) -> None:
    interface_file = (HERE / "interface.toml").read_text(encoding="utf-8")
    (tmp_path / "interface.toml").write_text(interface_file, encoding="utf-8")
    (tmp_path / WEB).write_text('[edition]\nlanguage = "de"\n[journal-file]\nwhere = "hier"\n', encoding="utf-8")
    assert "on this computer" in read_texts(folder=tmp_path).say("journal-file.where")
    other = tmp_path / "other"
    other.mkdir()
    (other / "interface.toml").write_text(interface_file, encoding="utf-8")
    (other / WEB).write_text('[edition]\nlanguage = "en-GB"\n[journal]\nnothing = "x"\n', encoding="utf-8")
    with pytest.raises(BadContent, match=r"journal\.nothing"):
        read_texts(folder=other)
