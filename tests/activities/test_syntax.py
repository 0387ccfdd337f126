"""The words of an exercise as an author writes them, and what is said of words that cannot be read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.activities.syntax import Check, read_recall, read_steps, read_words
from course.core.errors import BadWords
from tests.cases import every

WORDS = """
You chair.
The story is out.

What do you do first?
-> For all that have none.
~> Where that does not fit.
! empty -> Say something.

A. Email everyone.
-> No one answers.
-> Not even the chair.
B. Call them together. -> They come.
~> You left this one out.
C. Wait.
! too long, a while -> How long is that?
"""


def test_the_last_paragraph_is_the_question_and_the_others_lead_up_to_it() -> None:
    words = read_words(WORDS, "q")
    assert words.lead == ["You chair. The story is out."]
    assert words.question == "What do you do first?"


def test_options_have_letters_texts_and_feedback() -> None:
    options = read_words(WORDS, "q").options
    assert [(option.code, option.text, option.feedback, option.missed) for option in options] == [
        ("A", "Email everyone.", "No one answers. Not even the chair.", ""),
        ("B", "Call them together.", "They come.", "You left this one out."),
        ("C", "Wait.", "", ""),
    ]


def test_feedback_above_the_options_is_for_those_that_have_none() -> None:
    words = read_words(WORDS, "q")
    assert [words.feedback(option) for option in words.options][1:] == ["They come.", "For all that have none."]
    assert words.missed == "Where that does not fit."


def test_checks_belong_to_the_option_above_them_or_to_the_whole() -> None:
    words = read_words(WORDS, "q")
    assert words.checks == [Check((), None, "Say something.")]
    assert words.options[2].checks == [Check(("too long", "a while"), None, "How long is that?")]


def test_cards_are_lettered_in_order() -> None:
    words = read_words("Sort them.\n\n- One -> first\n-  Two\n-> second", "q")
    assert [(card.code, card.text, card.feedback) for card in words.options] == [
        ("A", "One", "first"),
        ("B", "Two", "second"),
    ]


def test_a_question_alone_is_enough() -> None:
    assert read_words("What happened?", "q").question == "What happened?"


def test_line_ends_of_windows_and_spaces_around_make_no_difference() -> None:
    assert read_words(WORDS.replace("\n", " \r\n   "), "q") == read_words(WORDS, "q")


def test_an_arrow_in_brackets_is_text() -> None:
    (option, other) = read_words("Which?\n\nA. Swap (old -> new). -> Seen (a -> b).\nB. Not (x -> y)", "q").options
    assert (option.text, option.feedback) == ("Swap (old -> new).", "Seen (a -> b).")
    assert (other.text, other.feedback) == ("Not (x -> y)", "")


def test_a_bracket_that_is_only_closed_hides_no_arrow() -> None:
    assert read_words("Which?\n\nA. Smile :) -> Good.", "q").options[0].feedback == "Good."


def test_letters_with_a_stop_inside_a_question_are_no_options() -> None:
    words = read_words("Is plan A. or plan B. the one?\n\nA. The first\nB. The second", "q")
    assert words.question == "Is plan A. or plan B. the one?"
    assert len(words.options) == 2


@every("text", ["Ġreet – “naïve” 🦉", "日本語の質問", "سؤال", "e\u0301tude", "a\u00a0b"])
def test_unusual_letters_stay_as_they_are(text: str) -> None:
    words = read_words(f"{text}\n\nA. {text} -> {text}\nB. {text}", "q")
    assert (words.question, words.options[0].text, words.options[0].feedback) == (text, text, text)


def test_very_long_words_are_read() -> None:
    text = "word " * 50_000
    words = read_words(f"{text}\n\nA. {text} -> {text}", "q")
    assert len(words.options[0].feedback) == len(text.strip())


BAD = {
    "no words": ("", "q has no question"),
    "options alone": ("A. This", "q has no question"),
    "a wrong letter": ("Which?\n\nA. This\nC. That", "line 4: option C should be B"),
    "a line between options": ("Which?\n\nA. This\nand that", "line 4 stands after the options"),
    "another arrow": ("Which?\n\nA. This\n→ That is it.", "line 4 begins with an arrow of another kind"),
    "feedback without option": ("Which?\n\nA. -> That is it.", "line 3 has feedback and no option"),
    "a check without advice": ("Which?\n! always", "line 2: this check has no advice"),
    "a check without words": ("Which?\n! , -> Look again.", "line 2: this check has no advice"),
    "too few": ("Which?\n\nA. This", "q needs 2 or more options"),
    "too many": ("Which?\n\n" + "- card\n" * 27, "line 29: there are more than 26"),
}


@every("text,said", BAD.values())
def test_words_that_cannot_be_read_are_named_with_their_line_and_a_remedy(text: str, said: str) -> None:
    with pytest.raises(BadWords) as caught:
        read_words(f"\n{text}\n", "q", least=2)
    assert said in caught.value.message
    assert caught.value.message.startswith("q")
    assert caught.value.hint


STEPS = """
## Wednesday
What now?
A. Go on. -> Fine.

## The day after
And now?
A. Stop.

---

First
line.

Second.
"""


@pytest.mark.parametrize("text", [STEPS, STEPS.replace("\n", "\r\n"), STEPS.replace("---", "---  ")])
def test_a_scenario_has_steps_with_titles_and_closing_words(text: str) -> None:
    steps, closing = read_steps(text, "q")
    assert [step.title for step in steps] == ["Wednesday", "The day after"]
    assert [step.words.question for step in steps] == ["What now?", "And now?"]
    assert closing == "First line.\n\nSecond."


@pytest.mark.parametrize(
    "text,said",
    [
        ("What now?\nA. Go on.", "q does not begin with a step"),
        ("", "q does not begin with a step"),
        ("## One\nWhat now?", "q, step “One” needs 1 or more options"),
        ("## One\nWhat now?\nA. Go\nC. Stop", "q, step “One”, line 3: option C should be B"),
    ],
)
def test_a_scenario_that_cannot_be_read_is_named_with_its_step(text: str, said: str) -> None:
    with pytest.raises(BadWords) as caught:
        read_steps(text, "q")
    assert said in caught.value.message


@every(
    "phrases,text,applies",
    [
        (("always",), "You ALWAYS do.", True),
        (("always",), "sideways", False),
        (("you're",), "You’re late", True),
        (("you’re",), "you're late", True),
        (("they think…",), "they think… that", True),
        (("it's",), "its", False),
        ((), " ", True),
        ((), "x", False),
    ],
)
def test_a_check_looks_for_whole_words(phrases: tuple[str, ...], text: str, applies: bool) -> None:
    assert Check(phrases, None, "").applies(text) is applies


@pytest.mark.parametrize("text,applies", [("one two three", True), ("one two", False), ("", False)])
def test_a_check_can_count_words(text: str, applies: bool) -> None:
    check = read_words("What?\n! over 2 words -> Shorter.", "q").checks[0]
    assert check.applies(text) is applies


@given(st.text())
def test_any_text_is_read_or_refused_in_plain_words(text: str) -> None:
    for read in (read_words, read_steps):
        with contextlib.suppress(BadWords):
            read(text, "q")


# Questions from memory

RECALL = """
Before you go on.
From memory:

What are the four parts
of a clear promise?
-> What, by when,
-> what it depends on.

Who said so?
-> The chair (old -> new).
And then?
-> Nobody.
"""


def test_each_paragraph_over_an_arrow_is_a_question_and_what_check_shows() -> None:
    lead, questions = read_recall(RECALL, "q")
    assert lead == ["Before you go on. From memory:"]
    assert [(question.code, question.text, question.feedback) for question in questions] == [
        ("1", "What are the four parts of a clear promise?", "What, by when, what it depends on."),
        ("2", "Who said so?", "The chair (old -> new)."),
        ("3", "And then?", "Nobody."),
    ]


@every(
    "words, message",
    [
        ("Who?", "has no question"),
        ("", "has no question"),
        ("-> They.", "line 1 has no question above it"),
        ("Who?\n\n-> They.", "line 3 has no question above it"),
        ("Who?\n-> They.\n\nAnd\nthen?", "line 4: Check has nothing to show for “And then\\?”"),
        ("Who?\n->", "has no question"),
        ("Who?\n-> They.\n~> Not they.", "line 3 begins with another sign"),
        ("Who?\n→ They.", "line 2 begins with another sign"),
    ],
)
def test_questions_that_cannot_be_read_are_named(words: str, message: str) -> None:
    with pytest.raises(BadWords, match=message):
        read_recall(words, "q")


@given(text=st.text(st.sampled_from("ab -> \n~!A.→")))
def test_any_text_is_read_as_questions_or_refused(text: str) -> None:
    with contextlib.suppress(BadWords):
        lead, questions = read_recall(text, "q")
        assert all(lead)
        assert questions
        assert all(question.text and question.feedback for question in questions)
