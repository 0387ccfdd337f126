"""What stands in a record: what counts, how long it takes, and which of the learner's own words are in it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from course.activities.card import Card
from course.activities.controls import flat
from course.activities.kinds.branch import Branch
from course.activities.kinds.log import Log
from course.activities.notebook_cards import make_card
from course.content import words
from course.content.lessons import follow_up, lessons
from course.core.moments import clock_at
from course.core.notebooks import ask_calls, ask_keys, material, read_notebook
from course.learner.record.completion import completion
from course.learner.record.contents import (
    CHARTS,
    RecordChoices,
    RecordSection,
    read_choices,
    record_pieces,
    record_sections,
)
from course.learner.record.document import record_text
from course.records.journal import Journal
from tests import version_0_1_0 as old
from tests.cases import every

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def answer(journal: Journal, lesson: str, *keys: str) -> None:
    """Give an answer that cards of any kind read, or one of the shape that the named kind has."""
    shapes: dict[str, object] = {"group": ["nurses", "share beds"], "small-plan": ["it is Tuesday", "ring the ward"]}
    for key in keys:
        journal.page(lesson).save(key, shapes.get(key, "A"))  # type: ignore[arg-type]


def sections(journal: Journal, **texts: str) -> dict[str, RecordSection]:
    pieces = texts.pop("pieces", "").split()
    choices = read_choices({**texts, "pieces": pieces})
    with clock_at(NOON):
        listed = record_sections(completion(journal), record_pieces(journal), choices)
    return {section.heading: section for section in listed}


def facts(journal: Journal, heading: str, **texts: str) -> dict[str, str]:
    return dict(sections(journal, **texts)[words(f"record.{heading}")].facts)


def test_where_nothing_was_answered_there_is_nothing_to_record(journal: Journal) -> None:
    done = completion(journal)
    assert (done.works, done.minutes, done.answered) == ((), 0, 0)
    assert record_pieces(journal) == []


def test_the_minutes_of_a_lesson_are_shared_out_over_its_activities_and_count_for_those_answered(
    journal: Journal,
) -> None:
    answer(journal, "starting-point", "how-long", "authority", "group")
    (work,) = completion(journal).works
    assert (work.answered, work.total, work.minutes) == (3, 7, 13), "3 of 7 of 30 minutes"
    assert sections(journal)[words("record.lessons")].rows == (
        tuple(words(f"record.column-{name}") for name in ("lesson", "activities", "minutes")),
        ("Where you are starting from", "3 of 7", "13"),
        (words("record.all"), "3", "13"),
    )


def test_skipped_emptied_and_former_activities_and_answers_in_part_do_not_count(journal: Journal) -> None:
    page = journal.page("starting-point")
    page.save("small-plan", ["it is Tuesday", ""])
    page.save("how-long", "B", state="skipped")
    page.save("group", ["", "  "])
    page.save("asked-in-an-older-edition", "x")
    assert completion(journal).works == ()


def answer_all(card: Card) -> None:
    """Give a card the first answer that it takes in each of its fields."""
    for control in flat(card.controls()):
        match control["kind"]:
            case "radios":
                card.set(control["id"], control["options"][0]["value"])
            case "checks":
                card.set(control["id"], {control["options"][0]["value"]: True})
            case "order":
                card.set(control["id"], [item["value"] for item in control["items"]])
            case "line" | "area":
                card.set(control["id"], "words")
            case "number":
                card.set(control["id"], control["low"])
            case "date":
                card.set(control["id"], "2026-02-03")
    if isinstance(card, Log):
        card.press("add")
    if isinstance(card, Branch):
        for number, step in enumerate(card.steps[1:], start=1):
            card.press(f"next-{number - 1}")
            card.set(f"pick-{number}", step.words.options[0].code)


def test_all_of_it_is_all_the_minutes_of_the_course(journal: Journal) -> None:
    for lesson in (*lessons(), follow_up()):
        for call in ask_calls(read_notebook(material() / "notebooks" / f"{lesson.key}.ipynb")):
            answer_all(make_card(call, journal.page(lesson.key)))
    done = completion(Journal(journal.folder))
    assert [(work.lesson.key, work.answered) for work in done.works if work.answered < work.total] == []
    assert done.minutes == sum(lesson.minutes for lesson in (*lessons(), follow_up())) == 315
    assert done.hours == "5.3"  # 5.25, with the half going up


def test_how_the_hours_were_worked_out_is_said_and_an_own_figure_too(journal: Journal) -> None:
    answer(journal, "starting-point", "how-long", "authority", "group")
    reckoned = words("record.reckoned", minutes=13, hours="0.2")
    assert facts(journal, "what", hours="0.2")[words("record.how-reckoned")] == reckoned
    own = facts(journal, "what", hours="1,5")
    assert own[words("record.hours")] == "1,5"
    assert own[words("record.how-reckoned")] == f"{reckoned} {words('record.own-hours')}"


def test_what_was_filled_in_is_there_and_what_was_not_is_a_place_to_fill_in(journal: Journal) -> None:
    answer(journal, "starting-point", "how-long")
    filled = facts(journal, "what", name="Ann Example", first="2026-09-01", last="2026-11-20")
    assert filled[words("record.name")] == "Ann Example"
    assert filled[words("record.days")] == "1 September 2026 to 20 November 2026"
    assert filled[words("record.made")] == "22 November 2026"
    assert facts(journal, "what")[words("record.days")] == ""
    assert facts(journal, "learned") == {words("record.own-learned"): ""}
    assert facts(journal, "changed") == {words("record.own-changed"): ""}
    assert set(facts(journal, "practice").values()) == {""}


def test_parts_of_the_code_are_named_as_they_are_chosen(journal: Journal) -> None:
    answer(journal, "starting-point", "how-long")
    choices = read_choices({"code": ["trust", "people", "none-such"]})
    listed = record_sections(completion(journal), [], choices)
    assert dict(listed[-1].facts)[words("record.code")] == "Prioritise people and Promote professionalism and trust"


def test_no_word_of_the_learners_is_in_it_unless_it_was_chosen(journal: Journal) -> None:
    journal.page("trust-plan").save("one-sentence", "I ring back on the same day.")
    journal.page("day-30").save("plans-carried-out", "I rang on Fridays.\nIt helped.")
    assert [(piece.name, piece.part) for piece in record_pieces(journal)] == [
        ("trust-plan/one-sentence", "learned"),
        ("day-30/plans-carried-out", "changed"),
    ]
    said = str(sections(journal))
    assert "I ring back" not in said
    assert "I rang" not in said
    assert "I ring back" not in repr(record_pieces(journal))
    chosen = sections(journal, pieces="trust-plan/one-sentence")
    assert list(dict(chosen[words("record.learned")].facts).values()) == ["I ring back on the same day."]
    assert dict(chosen[words("record.changed")].facts) == {words("record.own-changed"): ""}


def test_own_words_stand_below_the_chosen_ones(journal: Journal) -> None:
    journal.page("trust-plan").save("one-sentence", "I ring back.")
    learned = facts(journal, "learned", pieces="trust-plan/one-sentence", learned="Small acts count.")
    assert list(learned.values()) == ["I ring back.", "Small acts count."]


def test_a_log_is_offered_with_its_question_and_its_days(journal: Journal) -> None:
    entry = {"date": "2026-02-03", "words": ["the clerk", "the list", "a smile"], "mark": ""}
    journal.page("thanks").save("thanks-log", {"entries": [entry], "draft": None})
    (piece,) = record_pieces(journal)
    assert piece.label == "Thanks, and trust freely given: Who did you thank, and for what?"
    assert piece.text == "3 February 2026: the clerk; the list; a smile"


def test_each_card_that_the_list_of_lessons_names_is_in_its_lesson() -> None:
    for lesson in (*lessons(), follow_up()):
        asked = ask_keys(read_notebook(material() / "notebooks" / f"{lesson.key}.ipynb"))
        assert set((*lesson.plans, *lesson.learned, *lesson.changed)) <= set(asked), lesson.key
    assert any(lesson.learned for lesson in lessons())


def test_a_journal_of_version_0_1_0_makes_a_record(tmp_path: Path) -> None:
    journal = Journal(old.journal(tmp_path / "journal"))
    done = completion(journal)
    assert [work.lesson for work in done.works] == [*lessons(), follow_up()]
    assert 0 < done.minutes < 315
    assert {piece.name for piece in record_pieces(journal)} >= {"starting-point/small-plan", CHARTS}


def test_a_page_of_a_newer_version_is_said_to_be_left_out_and_the_others_count(journal: Journal) -> None:
    answer(journal, "starting-point", "how-long")
    (journal.folder / "repair.json").write_text('{"format": 99, "lesson": "repair", "answers": {"q": "A"}}')
    record = sections(Journal(journal.folder))[words("record.lessons")]
    ((lesson, said),) = record.facts
    assert lesson == "When trust is broken"
    assert said.startswith(words("record.unread"))
    assert "newer" in said
    assert [row[0] for row in record.rows[1:]] == ["Where you are starting from", words("record.all")]


@every(
    "texts, wrong, problem",
    [
        ({"hours": "3.5", "with-others": "1"}, "", ""),
        ({"hours": "", "with-others": ""}, "", ""),
        ({"hours": "many"}, "hours", "bad-hours"),
        ({"hours": "-1"}, "hours", "bad-hours"),
        ({"hours": "3", "with-others": "inf"}, "with-others", "bad-hours"),
        ({"hours": "3", "with-others": "4"}, "with-others", "too-many-hours"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "last", "bad-days"),
        ({"first": "2026-03-01", "last": "no day"}, "", ""),
    ],
)
def test_what_cannot_be_right_is_said_and_of_which_field(texts: dict[str, str], wrong: str, problem: str) -> None:
    assert RecordChoices(texts).problem == (wrong, words(f"record.{problem}") if problem else "")


@every("sent", [None, [], "x", {"pieces": "all"}, {"hours": 3, "code": {}}, {"pieces": [1, None], "name": ["x"]}])
def test_what_is_no_choice_is_left_out(sent: object) -> None:
    assert read_choices(sent) == RecordChoices()


HOSTILE = "<b onclick=x>=SUM(A1)</b>\x00\x1b[2J & מילים"


def test_hostile_words_stay_words_and_a_huge_text_is_whole(journal: Journal) -> None:
    journal.page("trust-plan").save("one-sentence", HOSTILE)
    journal.page("day-30").save("plans-carried-out", "word " * 3999 + "end")
    pieces = record_pieces(journal)
    assert all(len(piece.beginning) <= 160 for piece in pieces)
    choices = RecordChoices({"name": HOSTILE}, pieces=frozenset(piece.name for piece in pieces))
    text = record_text(record_sections(completion(journal), pieces, choices))
    assert text.count("<b onclick=x>=SUM(A1)</b>??[2J & מילים") == 2
    assert "word end\n" in text
    assert len(text) > 20_000
