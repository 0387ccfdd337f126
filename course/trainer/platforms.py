r"""Read from the names that learning platforms give to what they hand out: who sent it, and when.

Each is told with a public source, where the platform's own code or somebody's real download shows it. At its end
stands the name of the learner's own file, which may hold anything: what stands in front of it counts.

- Moodle (mod/assign/classes/downloader.php in https://github.com/moodle/moodle): a folder
  `Full name_1234567_assignsubmission_file` for each person, also with `_` at its end, or a file whose name begins
  so. The number belongs to one assignment only, so the same person has another in the next. Where submissions are
  anonymous, everybody's name is “Participant”; where teams hand in, it is the team's, or “Default group” without a
  number. `…_assignsubmission_onlinetext/onlinetext.html` is what was typed into the page.
- Canvas (lib/content_zipper.rb in https://github.com/instructure/canvas-lms): `lovelaceada_12345_67890_name.zip`,
  or `lovelaceada_LATE_12345_67890_name.zip`: the name as it is sorted, in small letters without signs, and the
  person's number, which stays the same. Anonymous: `anon_K2x9Q_67890_name.zip`. What was typed into the page is
  `lovelaceada_12345_text.html`, or `…_link.html`.
- Blackboard (https://github.com/kwurst/bb-file-cleanup): `Exercise_ada_attempt_2026-11-22-12-01-02_name.zip`, with
  the account and the time, and beside it one `….txt` for each attempt. All three may have `_` in them.
- Brightspace (https://community.d2l.com, “Evaluate assignments”; the shape as real downloads have it): a folder
  `12345-67890 - Ada Lovelace - Nov 22, 2026 1201 PM` for each attempt, the day also as `22 November 2026`, and an
  `index.html` beside the folders. The time is in the zone of whoever downloads.
- ILIAS (Modules/Exercise/classes/class.ilExSubmission.php in https://github.com/ILIAS-eLearning/ILIAS): a folder
  `Lovelace_Ada_ada_4321` for each person, with the account, also inside `Team 7`; a late file begins with
  `Late Submission - `; a workbook with the list of people may lie beside the folders.
- Teams (https://github.com/lwchkg/teams_assignment_explorer): `Submitted files/Ada Lovelace/Exercise 1/Version 2/…`,
  and the same below `Working files` for what nobody has turned in.
- Google Classroom (https://support.google.com/edu/classroom/answer/6020260) puts files into one folder an exercise,
  under the names that learners gave; copies of a teacher's file begin with `Ada Lovelace - `.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOODLE, CANVAS, BLACKBOARD, BRIGHTSPACE = "moodle", "canvas", "blackboard", "brightspace"
ILIAS, TEAMS, CLASSROOM = "ilias", "teams", "classroom"
_ANONYMOUS: Final = frozenset(
    {"participant", "participante", "partecipante", "deelnemer", "teilnehmer", "teilnehmerin", "teilnehmer in"}
)
"""What Moodle calls everybody whose name it hides, in small letters."""
LONGEST: Final = 400
"""The longest name that is looked at."""
_MOODLE: Final = re.compile(
    r"(?P<name>[^_/]{1,200})(_(?P<number>\d{1,12}))?_assignsubmission_(?P<kind>[a-z]{1,20})(_.*)?"
)
_BLACKBOARD: Final = re.compile(
    r"(?P<account>[^/]{1,200}?)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?P<rest>_.*|\.txt)?"
)
_CANVAS_PERSON: Final = (
    r"((?P<name>[^\W\d_]\w{0,100}?)_(late_)?(?P<number>\d{1,18})|(late_)?anon_(?P<hidden>[a-z0-9]{3,12}))"
)
_CANVAS: Final = re.compile(rf"{_CANVAS_PERSON}_\d{{1,18}}_[^/]{{1,200}}\.zip", re.IGNORECASE)
_CANVAS_PAGE: Final = re.compile(rf"{_CANVAS_PERSON}_(text|link)\.html", re.IGNORECASE)
_BRIGHTSPACE: Final = re.compile(
    r"\d{1,12}-\d{1,12} - (?P<name>.{1,200}?) - (?P<time>[^-]{8,40}?\d{1,2}:?\d\d( ?[AP]M)?)"
)
_BRIGHTSPACE_TIMES: Final = ("%b %d %Y %I%M %p", "%B %d %Y %I%M %p", "%d %b %Y %I%M %p", "%d %B %Y %I%M %p")
_BRIGHTSPACE_DAYS: Final = ("%b %d %Y %H%M", "%B %d %Y %H%M", "%d %b %Y %H%M", "%d %B %Y %H%M")
_ILIAS: Final = re.compile(r"(?P<last>[^_/]{1,100})_(?P<first>[^_/]{1,100})_(?P<account>[^/]{1,100})_\d{1,12}")
_TEAMS: Final = ("submitted files", "working files")
_NOT_TURNED_IN: Final = "working files"
_CLASSROOM: Final = re.compile(r"(?P<name>[^/]{1,200}) - hand-in-[^/]{1,200}\.zip", re.IGNORECASE)
_LATE_ON_ILIAS: Final = "late submission - "
_BESIDE_PEOPLE: Final = ("index.html", ".xlsx")
"""What Brightspace and ILIAS put beside the folders of people."""


@dataclass(frozen=True)
class Sender:
    """Who sent something, as a platform's name for it tells."""

    platform: str
    """The whole name of the folder or the file; on Teams with the folder around it."""
    service: str
    """Which platform it is, MOODLE for example."""
    name: str = ""
    """A person's name; Canvas leaves out spaces and signs."""
    number: str = ""
    """The person's number: on Moodle for this exercise, on Canvas for all."""
    account: str = ""
    time: datetime.datetime | None = None
    """When it was handed in, in the platform's own zone; None where the name does not tell."""
    other_accounts: tuple[str, ...] = ()
    """What else the account may be: on Blackboard it may have `_` in it, and so may the exercise in front of it."""
    other_names: tuple[str, ...] = ()
    """What else the name may be: Brightspace can be set to put an account or a number in front of it."""
    is_anonymous: bool = False
    """Whether the platform hides who it is: Moodle then calls everybody a participant, Canvas nobody anything."""

    @property
    def person(self) -> tuple[str, str, str]:
        """Name, number and account, which together are unique within one exercise.

        A disk may write an accented letter in another way than the platform, and an account may be typed in capitals.
        """
        return (unicodedata.normalize("NFC", self.name), self.number, self.account.casefold())

    @property
    def accounts(self) -> tuple[str, ...]:
        """All that the account may be."""
        return tuple(filter(None, (self.account, *self.other_accounts)))

    @property
    def keeps_number(self) -> bool:
        """Whether the number is the person's own, also in the next exercise."""
        return self.service == CANVAS


def read_name(text: str) -> Sender | None:
    """Return who sent what a platform calls so, or None for any other name.

    >>> read_name("Ada Lovelace_1234567_assignsubmission_file_").name
    'Ada Lovelace'
    >>> read_name("lovelaceada_LATE_12345_67890_hand-in-repair.zip").number
    '12345'
    >>> read_name("27236-46025 - Ada Lovelace - 05 March 2026 612 PM").time
    datetime.datetime(2026, 3, 5, 18, 12)
    >>> read_name("hand-in-repair.zip")
    """
    text = _storable(text)
    if len(text) > LONGEST:
        return None
    if match := _MOODLE.fullmatch(text):
        name = match["name"].strip()
        is_anonymous = name.casefold() in _ANONYMOUS
        return Sender(text, MOODLE, name=name, number=match["number"] or "", is_anonymous=is_anonymous)
    canvas = _CANVAS.fullmatch(text) or _CANVAS_PAGE.fullmatch(text)
    person_end = max(canvas.end("number"), canvas.end("hidden")) if canvas else len(text)
    if (match := _BLACKBOARD.fullmatch(text)) and match.start("time") < person_end:
        first, *others = _endings(match["account"])
        return Sender(text, BLACKBOARD, account=first, time=_time(match["time"]), other_accounts=tuple(others))
    if canvas:
        if canvas["hidden"]:
            return Sender(text, CANVAS, number=canvas["hidden"], is_anonymous=True)
        return Sender(text, CANVAS, name=canvas["name"], number=canvas["number"])
    if match := _BRIGHTSPACE.fullmatch(text):
        name = match["name"].strip()
        first, _, rest = name.partition(" ")
        parts = (rest, first) if any(sign.isdigit() for sign in first) else (rest,)
        time, other_names = _brightspace_time(match["time"]), tuple(filter(None, parts))
        return Sender(text, BRIGHTSPACE, name=name, time=time, other_names=other_names)
    if match := _CLASSROOM.fullmatch(text):
        name = match["name"].strip()
        return None if name.casefold() == _LATE_ON_ILIAS[:-3] else Sender(text, CLASSROOM, name=name)
    return None


def read_trail(trail: Sequence[str]) -> Sender | None:
    """Return who sent what lies at the end of these names of folders, zips and a file: by the outermost that tells.

    >>> read_trail(("Submitted files", "Ada Lovelace", "Exercise 1", "Version 2", "hand-in-repair.zip")).name
    'Ada Lovelace'
    >>> read_trail(("Submissions", "Lovelace_Ada_ada_4321", "hand-in-repair.zip")).account
    'ada'
    """
    found = find_sender_place(trail)
    return found[1] if found else None


def find_sender_place(trail: Sequence[str]) -> tuple[int, Sender] | None:
    """Return which of these names says who sent it, counted from 0, and who that is; None where none does."""
    for place, name in enumerate(map(_storable, trail)):
        if sender := read_name(name):
            return place, sender
        if place + 1 < len(trail):
            if place and trail[place - 1].casefold() in _TEAMS:
                return place, Sender(f"{trail[place - 1]}/{name}", TEAMS, name=name)
            if (match := _ILIAS.fullmatch(name)) and len(name) <= LONGEST:
                full_name = f"{match['first']} {match['last']}"
                return place, Sender(name, ILIAS, name=full_name, account=match["account"])
    return None


def read_platform(platform: str) -> Sender | None:
    """Return the sender whose `platform` was noted, with a receipt for example; None for an empty text."""
    return read_trail((*platform.split("/"), ""))


def is_companion(trail: Sequence[str], *, lies_beside_people: bool = False) -> bool:
    """Say whether a platform itself wrote what lies there, beside what a learner handed in.

    What was typed into a platform's page, or not turned in, is no hand-in file either. `lies_beside_people` is
    whether folders or files lie beside it whose names a platform gave them.
    """
    if trail[-1].lower().endswith(".zip") and _NOT_TURNED_IN not in [name.casefold() for name in trail]:
        return False
    for place, name in enumerate(trail):
        if len(name) > LONGEST:
            return False
        if (match := _MOODLE.fullmatch(name)) and match["kind"] in ("onlinetext", "comments"):
            return True
        is_last = place + 1 == len(trail)
        if not is_last and name.casefold() == _NOT_TURNED_IN:
            return True
        if is_last and _CANVAS_PAGE.fullmatch(name):
            return True
        if is_last and (match := _BLACKBOARD.fullmatch(name)) and match["rest"] == ".txt":
            return True
    return lies_beside_people and trail[-1].lower().endswith(_BESIDE_PEOPLE)


def _storable(name: str) -> str:
    """Return a file's name so that it can be kept as text: a disk may hold bytes that are no letter."""
    return name.encode("utf-8", "backslashreplace").decode()


def _endings(text: str) -> list[str]:
    """Return what may be the account at the end of a text with `_` in it, the shortest first.

    >>> _endings("Exercise_1_ada")
    ['ada', '1_ada', 'Exercise_1_ada']
    """
    parts = text.split("_")
    endings = ("_".join(parts[place:]) for place in range(len(parts) - 1, -1, -1))
    return [ending for ending in endings if ending]


def _time(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def _brightspace_time(text: str) -> datetime.datetime | None:
    """Return the time at the end of a folder's name: without a colon, and with four digits or three."""
    plain = re.sub(r"(?<!\d)(\d{3})(?= ?[AP]M$|$)", r"0\1", text.replace(",", "").replace(":", "").strip())
    plain = re.sub(r"(\d{4}) ?([AP]M)$", r"\1 \2", plain)
    for shape in _BRIGHTSPACE_TIMES if plain.endswith("M") else _BRIGHTSPACE_DAYS:
        try:
            return datetime.datetime.strptime(plain, shape)
        except ValueError:
            continue
    return None
