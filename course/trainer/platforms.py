r"""Read from the names that learning platforms give to what they hand out: who sent it, and when.

- Moodle names a learner's folder or file `Full name_1234567_assignsubmission_file_`. Its number belongs to one
  assignment only, so the same person has another in the next. In team assignments the group's name stands in front.
  Where submissions are anonymous, everybody's name is “Participant”.
- Canvas names a file `lovelaceada_12345_67890_name.zip`, or `lovelaceada_late_12345_67890_name.zip`: the name as it
  is sorted, in small letters without signs, and the person's number, which stays the same.
- Blackboard names a file `Exercise_ada_attempt_2026-11-22-12-01-02_name.zip`, with the account and the time.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Final

_ANONYMOUS: Final = "participant"
LONGEST: Final = 400
"""The longest name that is looked at."""
_MOODLE: Final = re.compile(r"(?P<name>[^_/]{1,200})_(?P<number>\d{1,12})_assignsubmission_[a-z]{1,20}(_.*)?")
_BLACKBOARD: Final = re.compile(
    r"(.*_)?(?P<account>[^_/]{1,100})_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(_.*|\.txt)?"
)
_CANVAS: Final = re.compile(
    r"(?P<name>[^\W\d_]\w{0,100}?)_(late_)?(?P<number>\d{1,18})_\d{1,18}_[^/]{1,200}\.zip", re.IGNORECASE
)


@dataclass(frozen=True)
class Sender:
    """Who sent something, as a platform's name for it tells."""

    platform: str
    """The whole name of the folder or the file."""
    name: str = ""
    """A person's name; Canvas leaves out spaces and signs."""
    number: str = ""
    """The person's number: on Moodle for this exercise, on Canvas for all."""
    account: str = ""
    time: datetime.datetime | None = None
    """When it was handed in, in the platform's own zone; None where the name does not tell."""

    @property
    def person(self) -> tuple[str, str, str]:
        """Name, number and account, which together are unique within one exercise."""
        return (self.name, self.number, self.account)

    @property
    def keeps_number(self) -> bool:
        """Whether the number is the person's own, also in the next exercise."""
        return "_assignsubmission_" not in self.platform

    @property
    def is_anonymous(self) -> bool:
        """Whether the platform hides who it is: Moodle then calls everybody a participant."""
        return not self.keeps_number and self.name.casefold() == _ANONYMOUS


def read_name(text: str) -> Sender | None:
    """Return who sent what a platform calls so, or None for any other name.

    >>> read_name("Ada Lovelace_1234567_assignsubmission_file_").name
    'Ada Lovelace'
    >>> read_name("lovelaceada_late_12345_67890_hand-in-repair.zip").number
    '12345'
    >>> read_name("hand-in-repair.zip")
    """
    if len(text) > LONGEST:
        return None
    if match := _MOODLE.fullmatch(text):
        return Sender(text, name=match["name"].strip(), number=match["number"])
    if match := _BLACKBOARD.fullmatch(text):
        return Sender(text, account=match["account"], time=_time(match["time"]))
    if match := _CANVAS.fullmatch(text):
        return Sender(text, name=match["name"], number=match["number"])
    return None


def _time(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None
