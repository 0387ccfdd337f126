"""A card that is only read: what was asked and answered, every word escaped, nothing that runs."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from course.activities.card import static_html
from course.activities.kinds.arrange import Sort
from course.activities.kinds.choose import Choose
from course.activities.kinds.form import Form
from course.activities.kinds.write import Write
from course.records.answers.answers import Answers

NASTY = (
    st.lists(
        st.sampled_from(
            ["<script>", "</dd>", "<img src=x onerror=alert(1)>", "&lt;", '"', "'", "\n", "]]>", "<!--", "x"]
        )
    ).map("".join)
    | st.text()
)
TAGS = {"div", "dl", "dt", "dd", "p", "em", "strong"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Any]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def test_cards_that_were_sorted_stand_under_their_question() -> None:
    card = Sort("q", Answers(None, "exercise", "x"), "Which side?\n- One\n- Two", ["Here", "There"])
    assert read(static_html(card)).text.startswith("Which side?One")


def test_question_and_answer_are_written_out() -> None:
    answers = Answers(None, "exercise", "x")
    answers.save("q", "One.\n\nTwo & three.")
    assert static_html(Write("q", answers, "What happened?")) == (
        '<div class="course-still" lang="en-GB" dir="ltr">'
        '<dl><dt>What happened?</dt><dd><p dir="auto">One.</p><p dir="auto">Two &amp; three.</p></dd></dl></div>'
    )


def test_without_an_answer_it_says_so() -> None:
    page = static_html(Sort("q", Answers(None, "exercise", "x"), "Sort.\n\n- One.\n- Two.", ["A", "B"]))
    assert page.count("<em>No answer</em>") == 2


@given(value=NASTY)
def test_no_answer_can_bring_a_tag_with_it(value: str) -> None:
    answers = Answers(None, "exercise", "x")
    answers.save("q", value)
    answers.save("form", [value, value])
    for card in (Write("q", answers, "What?"), Form("form", answers, "Say.\n\n- I ___ and ___.")):
        reader = read(static_html(card))
        assert {tag for tag, _ in reader.found} <= TAGS
        first, *others = [attrs for tag, attrs in reader.found if attrs]
        assert first == [("class", "course-still"), ("lang", "en-GB"), ("dir", "ltr")]
        assert all(attrs == [("dir", "auto")] for attrs in others)


@given(value=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_every_word_of_an_answer_is_there(value: str) -> None:
    answers = Answers(None, "exercise", "x")
    answers.save("q", value)
    assert value in read(static_html(Write("q", answers, "What?"))).text


def test_words_of_the_author_are_escaped_too() -> None:
    answers = Answers(None, "exercise", "x")
    answers.save("q", "A")
    page = static_html(Choose("q", answers, "Is 1 < 2?\n\nA. <b>Yes</b>\nB. No"))
    assert "<b>" not in page
    assert "Is 1 &lt; 2?" in page
