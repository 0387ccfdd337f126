"""Feedback in the zip that a learning platform takes back for all of an exercise at once, with the names it goes by.

Each is told with a public source.

- Moodle, “Upload multiple feedback files in a zip” (mod/assign/feedback/file/importziplib.php in
  https://github.com/moodle/moodle; docs.moodle.org, “Using Assignment”): a folder's name is taken apart at each
  underscore, as `Full name_number_assignsubmission_file_`, and the number says who it is. Older names without a folder
  begin alike, and the learner's own file name follows.
- Canvas, “Re-Upload Submissions” (`infer_comment_context_from_filename` in app/models/abstract_assignment.rb in
  https://github.com/instructure/canvas-lms): the name of the file as it was downloaded, with the numbers of the person
  and of what they handed in. The learner gets it under the name of what they handed in, which is a zip; so it is one.
- Brightspace, “Add Feedback Files” (https://carleton.ca/brightspace/instructors/, “Grade Offline and Bulk Upload
  Feedback Files”): the folder of each person as it was downloaded.
- ILIAS, “Multi-Feedback” (class.ilExAssignment.php in https://github.com/ILIAS-eLearning/ILIAS): in a folder whose name
  begins with `multi_feedback`, a folder for each person, and the number at its end says who it is.
- Blackboard itself takes feedback one file at a time. An add-on for marking offline takes `feedback_account`, with any
  ending (https://digitaleducation.blogs.bristol.ac.uk, “Blackboard Offline”); so each page has that name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from course.content import trainer_words
from course.core import names
from course.trainer.collecting.roster import Roster
from course.trainer.collecting.submission_store import read_receipt
from course.trainer.course_directory import Coursework
from course.trainer.feedback.files import FOLDER, PageKey, feedback_file, packed, page_of, put_zip
from course.trainer.platforms import BLACKBOARD, BRIGHTSPACE, CANVAS, ILIAS, MOODLE, Sender, read_platform
from course.trainer.summary import Refusal, Summary

_SERVICES: Final = (MOODLE, CANVAS, BRIGHTSPACE, ILIAS, BLACKBOARD)
_MOODLE: Final = re.compile(r"([^_/\\\x00-\x1f]{1,200}_\d{1,12}_assignsubmission_[a-z]{1,20})(_.*)?", re.DOTALL)
_SAFE: Final = re.compile(r"(?!\.)[^/\\:\x00-\x1f]{1,400}")


def write_platform_zips(
    coursework: Coursework,
    pages: Sequence[PageKey],
    held: Collection[PageKey],
    roster: Roster,
    summary: Summary,
) -> None:
    """Make one zip an exercise and platform, with the feedback of each learner whose hand-in it gave out.

    Whatever `held` has goes into none. Where two learners would have one name, neither does, nor does a learner whose
    hand-in came under the name of somebody else on the roster, and all of these are named.
    """
    left_out = {*held, *((refusal.exercise, refusal.name) for refusal in summary.refused)}
    for slug in dict.fromkeys(slug for slug, _ in pages):
        keys = [(slug, learner) for learner in coursework.learners_at(names.FEEDBACK, slug)]
        senders = {key: sender for key in keys if key not in left_out and (sender := _sender(coursework, key))}
        for service in _SERVICES:
            its_own = {key: sender for key, sender in senders.items() if sender.service == service}
            for key in [key for key, sender in its_own.items() if roster.is_anothers(sender, key[1])]:
                why = trainer_words("feedback.anothers-name", name=its_own.pop(key).platform)
                summary.refused.append(Refusal(key[1], slug, why))
            _write_zip(coursework, slug, service, _named(coursework, its_own, roster, summary), summary)


def _sender(coursework: Coursework, page: PageKey) -> Sender | None:
    """Return whom a platform named with the hand-in that is stored."""
    slug, learner = page
    platform = read_receipt(coursework.folder(names.SUBMITTED, learner, slug)).platform
    sender = read_platform(platform)
    return sender if sender and sender.platform == platform else None


def _named(
    coursework: Coursework, senders: Mapping[PageKey, Sender], roster: Roster, summary: Summary
) -> dict[str, bytes]:
    """Return what goes into a platform's zip by its name there; a name that two learners would have is neither's."""
    paths = {page: path for page, sender in senders.items() if (path := _PATHS[sender.service](page, sender, roster))}
    claims = Counter(path.casefold() for path in paths.values())
    contents = {}
    for page, path in paths.items():
        if claims[path.casefold()] > 1:
            why = trainer_words("feedback.same-name", name=senders[page].platform)
            summary.refused.append(Refusal(page[1], page[0], why))
        elif data := _data(coursework, page, senders[page]):
            contents[path] = data
    return contents


def _data(coursework: Coursework, page: PageKey, sender: Sender) -> bytes:
    if sender.service != CANVAS:
        return page_of(coursework, page)
    slug, learner = page
    contents = feedback_file(coursework, learner, [slug])
    return packed(contents) if contents else b""


def _write_zip(
    coursework: Coursework, slug: str, service: str, contents: Mapping[str, bytes], summary: Summary
) -> None:
    path = coursework.root / FOLDER / f"for-{service}-{slug}.zip"
    if not contents:
        path.unlink(missing_ok=True)  # an earlier one may have a page for somebody whose it is not any more
    else:
        put_zip(path, contents)
        file = f"{FOLDER}/{path.name}"
        summary.notes.append(trainer_words(f"feedback.{service}-zip", file=file, n=len(contents)))


def _on_moodle(page: PageKey, sender: Sender, _roster: Roster) -> str:
    match = _MOODLE.fullmatch(sender.platform)
    return f"{match[1]}_/{_page_name(page)}" if match else ""


def _on_canvas(_page: PageKey, sender: Sender, _roster: Roster) -> str:
    return sender.platform if sender.platform.lower().endswith(".zip") and _SAFE.fullmatch(sender.platform) else ""


def _on_brightspace(page: PageKey, sender: Sender, _roster: Roster) -> str:
    return f"{sender.platform}/{_page_name(page)}" if _SAFE.fullmatch(sender.platform) else ""


def _on_ilias(page: PageKey, sender: Sender, _roster: Roster) -> str:
    folder = f"multi_feedback_{page[0]}/{sender.platform}"
    return f"{folder}/{_page_name(page)}" if _SAFE.fullmatch(sender.platform) else ""


def _on_blackboard(page: PageKey, sender: Sender, roster: Roster) -> str:
    """Return a name with the account, where one of what may be the account is the learner's on the roster."""
    accounts = [account for account in sender.accounts if roster.means(account, page[1]) and _SAFE.fullmatch(account)]
    return f"feedback_{accounts[0]}.html" if len(accounts) == 1 else ""


_PATHS: Final[Mapping[str, Callable[[PageKey, Sender, Roster], str]]] = {
    MOODLE: _on_moodle,
    CANVAS: _on_canvas,
    BRIGHTSPACE: _on_brightspace,
    ILIAS: _on_ilias,
    BLACKBOARD: _on_blackboard,
}
"""For each platform, the name that one learner's feedback has in its zip; an empty text where it has none."""


def _page_name(page: PageKey) -> str:
    return f"feedback-{page[0]}.html"
