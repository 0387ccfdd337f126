"""The names that nbgrader and the course give to files and folders, and which names may be given to them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

ANSWERS: Final = "answers.json"
SELF_CHECK: Final = "self-check.json"
"""What a learner answered in one exercise, beside its notebook."""
RECEIPT: Final = "receipt.json"
"""What a submission file says of itself."""
TIMESTAMP: Final = "timestamp.txt"
"""nbgrader's file with the moment of a submission, as `moments.nbgrader_stamp` writes it."""
SECRET: Final = "submission_secret.txt"
"""nbgrader's file with what names the page of feedback in the exchange."""
GRADEBOOK: Final = "gradebook.db"

SOURCE: Final = "source"
RELEASE: Final = "exercises"
SUBMITTED: Final = "submitted"
EARLIER: Final = "earlier"
"""The folder of the submissions that were replaced by later ones; the course's, not nbgrader's."""
BROUGHT: Final = "brought"
"""The folder of lists that a trainer dropped on the desk, until the step that reads them has ended."""
AUTOGRADED: Final = "autograded"
FEEDBACK: Final = "feedback"

LONGEST_LEARNER_ID: Final = 64
_FOLDER_NAME: Final = re.compile(r"(?!\.)[^/\\\x00-\x1f\x7f*?\[\]]{1,128}")
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever ending it has: no folder there can be called so."""
_LEARNER_ID: Final = re.compile(rf"(?!\.|-)[A-Za-z0-9._@-]{{1,{LONGEST_LEARNER_ID}}}(?<!\.)")


@dataclass(frozen=True)
class SubmissionFolder:
    """What the name of a folder in nbgrader's exchange or cache says: learner+exercise+time, perhaps +random."""

    learner: str
    assignment: str
    time: str
    """The moment as it is written there; `moments.read_nbgrader_stamp` reads it."""


def submission_folder(learner: str, assignment: str, time: str) -> str:
    """Return how nbgrader calls the folder of a submission.

    >>> submission_folder("kim", "repair", "2026-11-22 12:01:02.345678 UTC")
    'kim+repair+2026-11-22 12:01:02.345678 UTC'
    """
    return f"{learner}+{assignment}+{time}"


def read_submission_folder(name: str, assignment: str) -> SubmissionFolder | None:
    """Return what the name of a folder says of a submission of that exercise, or None where it is of none.

    The exercise has to be known, since a learner's id may hold a plus itself.

    >>> read_submission_folder("a+b@example.org+repair+2026-11-22 12:01:02.345678 UTC+x1", "repair").learner
    'a+b@example.org'
    """
    learner, separator, rest = name.rpartition(f"+{assignment}+")
    time = rest.partition("+")[0]
    return SubmissionFolder(learner, assignment, time) if separator and learner and time else None


def notebook_name(assignment: str) -> str:
    """Return how the notebook of an exercise is called."""
    return f"{assignment}.ipynb"


def feedback_page_name(assignment: str) -> str:
    """Return how the page of feedback on an exercise is called in a learner's own folder."""
    return f"{assignment}.html"


def feedback_exchange_name(secret: bytes, assignment: str) -> str:
    """Return how the page of feedback on one submission is called in nbgrader's exchange.

    It is nbgrader's own `notebook_hash` of the submission's secret, so that only its owner can work it out.
    """
    return f"{hashlib.md5(secret + assignment.encode(), usedforsecurity=False).hexdigest()}.html"


def is_folder_name(text: str) -> bool:
    """Say whether an id can name a folder and nothing but a folder below the one it is put in.

    It is what a trainer may have in a gradebook; what a learner types is held to `is_learner_id`.
    The names of Windows' devices are none on any system, because a course directory may move there.

    >>> [is_folder_name(text) for text in ("a.b+c@example.org", "..", "a/b", "", "aux.txt")]
    [True, False, False, False, False]
    """
    return bool(_FOLDER_NAME.fullmatch(text)) and text == text.strip() and not _DEVICE.fullmatch(text)


def is_learner_id(text: str) -> bool:
    """Say whether a text is a learner's id: 1 to 64 of the letters A to Z, digits, and the signs . _ - @.

    There is no dot or dash in front and no dot at the end. It names folders, and nbgrader takes their names apart
    at each plus. It is none of the names of Windows' devices.

    >>> [is_learner_id(text) for text in ("kim.lee@example.org", "kim+lee", ".kim", "kim.", "CON", "console")]
    [True, False, False, False, False, True]
    """
    return bool(_LEARNER_ID.fullmatch(text)) and not _DEVICE.fullmatch(text)
