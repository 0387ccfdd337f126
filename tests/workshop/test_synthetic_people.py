"""What made-up people answer: much alike twice, a little higher the second time, and never without their name."""

from __future__ import annotations

from statistics import mean
from typing import Any

from course.content import read
from course.workshop.rules.answers import check_answer
from course.workshop.script.script import find_script
from course.workshop.synthetic_phones import SyntheticPerson

REHEARSAL = read("rehearsal.toml")
PEOPLE = [SyntheticPerson(f"synthetic-{number:03}", REHEARSAL) for number in range(600)]


def open_part(part: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"part": part, "kind": kind, "options": [], "fields": [], "most": 0, **fields}


def rated(part: str) -> float:
    answers = [person.answer(open_part(part, "rate", options=["1"])) for person in PEOPLE]
    return mean(rating for rating in answers if rating != "n")


def test_the_second_rating_is_higher_by_about_what_the_file_says() -> None:
    before, after = rated("group.G2"), rated("group-again.G2")
    assert 4.0 < before < 4.4
    assert 0.7 < after - before < 1.1


def test_a_vote_goes_about_as_the_file_says() -> None:
    answers = [person.answer(open_part("first-act", "vote", options=[*"ABCDE"])) for person in PEOPLE]
    assert 0.38 < answers.count("C") / len(answers) < 0.50
    assert answers.count("D") < answers.count("A")


def test_a_vote_that_the_file_does_not_know_goes_any_way() -> None:
    answers = [person.answer(open_part("first-act", "vote", options=["yes", "no"])) for person in PEOPLE]
    assert {*answers} == {"yes", "no"}


def test_every_answer_fits_its_question_and_every_text_says_who_made_it_up() -> None:
    for question in find_script(is_long=True).questions():
        options = [*map(str, range(1, 8)), "n"] if question.kind == "rate" else [*question.options]
        for part in question.parts() or (f"{question.slug}.x",):
            part_view = open_part(part, question.kind, options=options, fields=[*question.fields], most=question.most)
            for person in PEOPLE[:20]:
                answer = person.answer(part_view)
                assert check_answer(question, answer) == answer
                assert not question.is_written or "(synthetic-0" in str(answer)
