"""How the workshop is run with so many people, as the facilitator counts them: advice for the console, and no more.

No threshold knows this number: whether answers may be shown is decided by how many answered, in `course.privacy`.
"""

from __future__ import annotations

from typing import Final

FEW: Final = 5
"""So many people or fewer talk, with cards: with phones, nothing could be shown without telling who said it."""
SMALL: Final = 9
"""So many or fewer see bands at most."""
LARGE: Final = 100
"""So many or more have hosts at tables."""
MOST: Final = 5000
"""The largest number that is taken."""


def group_kind(people: int) -> str:
    """Return “few”, “small”, “usual” or “large”; an empty text while the number is not known.

    >>> [group_kind(people) for people in (0, 5, 6, 9, 10, 99, 100)]
    ['', 'few', 'small', 'small', 'usual', 'usual', 'large']
    """
    if not people:
        return ""
    kinds = ((FEW, "few"), (SMALL, "small"), (LARGE - 1, "usual"))
    return next((kind for most, kind in kinds if people <= most), "large")
