"""If-then plans read back as sentences, on a card and on the page to take away."""

from __future__ import annotations

from collections.abc import Sequence

from course.content import words


def read_back(texts: Sequence[str]) -> list[str]:
    """Return a plan's sentences: of the moment and the act, and of the obstacle and the answer to it.

    A sentence that nobody began is left out; a field that is still empty is a gap.

    >>> read_back(["it is Tuesday 8.50.", "ring the ward", "", ""])
    ['If it is Tuesday 8.50, then I will ring the ward.']
    """
    gap = words("card.gap")
    inside = [_inside(text) or gap for text in texts]
    sentences = []
    for place, name in ((0, "sentence"), (2, "obstacle-sentence")):
        pair = inside[place : place + 2]
        if len(pair) == 2 and pair != [gap, gap]:
            sentences.append(words(f"if-then.{name}", first=pair[0], second=pair[1]))
    return sentences


def _inside(text: str) -> str:
    """Return a text as it reads inside a sentence: no full stop at its end.

    >>> _inside(" it is Tuesday 8.50. ")
    'it is Tuesday 8.50'
    """
    return " ".join(text.split()).rstrip(".").strip()
