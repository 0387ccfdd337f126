"""How questions and answers read: what a question is called, what is unanswered, and a plan as sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from course.content import words
from course.records.answers.units import Json


def question_name(key: str) -> str:
    """Return how a sentence begins with a question.

    >>> question_name("q1a"), question_name("reflection")
    ('Question 1a', 'The reflection')
    """
    number = re.fullmatch(r"q(\d+[a-z]?)", key)
    if number:
        return words("mark.question", number=number[1])
    return words("mark.reflection" if key == "reflection" else "mark.other")


def is_missing(answer: Json) -> bool:
    """Say whether nothing was answered.

    >>> is_missing(None), is_missing(" "), is_missing([None, None]), is_missing([None, "A"]), is_missing(0)
    (True, True, True, False, False)
    >>> is_missing({"sends-papers": None}), is_missing({})
    (True, False)
    """
    if isinstance(answer, str):
        return not answer.strip()
    if isinstance(answer, dict):
        return bool(answer) and all(part is None for part in answer.values())
    return answer is None or (isinstance(answer, list) and all(part is None for part in answer))


def is_unfinished(answer: Json) -> bool:
    """Say whether a part of an answer is still open.

    >>> is_unfinished(["A", None]), is_unfinished(["A", "B"]), is_unfinished({"sends-papers": "C", "asks": None})
    (True, False, True)
    """
    parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return is_missing(answer) or any(part is None for part in parts)


def plan_sentences(texts: Sequence[str]) -> list[str]:
    """Return the sentences of an if-then plan with four fields: when, what I will do, what could stop me, my answer.

    A sentence with nothing in either of its fields is left out; one empty field becomes a gap.

    >>> plan_sentences(["it is Tuesday 8.50.", "ring the ward", "", ""])
    ['If it is Tuesday 8.50, then I will ring the ward.']
    >>> plan_sentences(["it is Tuesday", "", "", ""])
    ['If it is Tuesday, then I will …']
    """
    gap = words("card.gap")
    fields = [_without_full_stop(text) or gap for text in texts]
    sentences = []
    for place, name in ((0, "sentence"), (2, "obstacle-sentence")):
        pair = fields[place : place + 2]
        if len(pair) == 2 and pair != [gap, gap]:
            sentence = words(f"if-then.{name}", first=pair[0], second=pair[1])
            sentences.append(sentence.replace(f"{gap}.", gap))
    return sentences


def _without_full_stop(text: str) -> str:
    """Return a text as it reads inside a sentence: no full stop at its end.

    >>> _without_full_stop(" it is Tuesday 8.50. ")
    'it is Tuesday 8.50'
    """
    return " ".join(text.split()).rstrip(".").strip()
