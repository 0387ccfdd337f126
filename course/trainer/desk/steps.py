"""The steps of the trainer's desk: each does what the command of its name does, and returns what there is to show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from course.content import trainer_words
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.desk.due_steps import change_due, look_at_due, show_due
from course.trainer.desk.shown import Shown, Tone, decision, letter, links, paragraph, shown_summary, shown_table
from course.trainer.dropped_lists import find_list
from course.trainer.summary import Standing, Summary, standings, standings_table

if TYPE_CHECKING:
    from course.trainer.release import Review
    from course.trainer.roster.changes import RosterPlan
    from course.trainer.second_marks.command import SecondMarksSummary

Told: TypeAlias = Mapping[str, object]
"""What the trainer chose before a step, by the names of the fields."""
Step: TypeAlias = Callable[[Told], list[Shown]]


def chosen(told: Told, name: str = "exercises") -> tuple[str, ...]:
    """Return what was ticked in a list; nothing stands for all."""
    values = told.get(name)
    return tuple(str(value) for value in values) if isinstance(values, list) else ()


def is_ticked(told: Told, name: str) -> bool:
    """Say whether a single box was ticked."""
    return told.get(name) is True


def release_with(review: Review) -> Step:
    """Return the step that releases exercises, as `course release` does; `review` looks at them before."""

    def step(told: Told) -> list[Shown]:
        from course.trainer import release

        return shown_summary(release.run(chosen(told), review=review, quiet=False))

    return step


def collect(told: Told) -> list[Shown]:
    """Collect what was handed in, as `course collect` does."""
    from course.trainer.collecting import command

    return shown_summary(command.run(chosen(told), quiet=False))


def decide(told: Told) -> list[Shown]:
    """Keep whose a hand-in is, as `course needs-you` does, and collect again."""
    from course.trainer.collecting import needs_you

    coursework = Coursework.here()
    roster = needs_you.read_roster(coursework)
    needs_you.decide(coursework, roster, str(told.get("item")), str(told.get("choice") or "").strip())
    return collect({})


def missing(told: Told) -> list[Shown]:
    """Show who has not handed in what is due, as `course missing` does, with addresses and a text to copy."""
    from course.core import moments
    from course.trainer.missing import has_people, missing_hand_ins

    coursework = Coursework.here()
    if not has_people(coursework):
        return [paragraph(trainer_words("desk.no-people"), "attention")]
    shown: list[Shown] = []
    for one in missing_hand_ins(coursework, coursework.chosen(chosen(told)), moments.now()):
        shown.append(shown_table(one.table))
        if one.caution:
            shown.append(paragraph(one.caution, "attention"))
        if one.addresses:
            shown.append(letter(trainer_words("desk.addresses"), one.addresses))
        shown.append(letter(trainer_words("missing.to-send"), one.text.strip()))
    return shown or [paragraph(trainer_words("missing.nobody"), "done")]


def grade(told: Told) -> list[Shown]:
    """Mark what was collected, as `course grade` does, and lead to what a person has to read."""
    from course.trainer.marking import command

    summary = command.run(chosen(told), again=is_ticked(told, "again"))
    shown = [*shown_summary(summary), *_to_read(summary.standings)]
    if summary.marked and not summary.waiting and not summary.stopped:
        shown.append(paragraph(trainer_words("desk.all-read"), "done"))
    return shown


def read(told: Told) -> list[Shown]:
    """Lead to the reflections that wait to be read."""
    coursework = Coursework.here()
    if not coursework.has_gradebook:
        return [paragraph(trainer_words("desk.nothing-to-read"))]
    shown = _to_read(standings(coursework, coursework.chosen(chosen(told))))
    return shown or [paragraph(trainer_words("desk.nothing-to-read"), "done")]


def second_marks(told: Told) -> list[Shown]:
    """Make what a second marker reads and fills in, as `course second-marks` does, and offer it."""
    from course.trainer.second_marks import command, store

    summary = command.make_booklet(Coursework.here(), chosen(told))
    made = _files_in(store.FOLDER, "to-mark.*") if summary.files else []
    done = paragraph(trainer_words("desk.done-second-marks"), "done")
    return [*([done] if made else []), *made, *_second_marks_shown(summary)]


def read_second_marks(told: Told) -> list[Shown]:
    """Keep what a second marker filled in, as `course second-marks --read` does, all of it or nothing."""
    from course.trainer.second_marks import command

    coursework = Coursework.here()
    file = _brought(coursework, told)
    if file is None:
        return [paragraph(trainer_words("desk.filled-none"), "attention")]
    try:
        summary = command.run(filled=file, by=str(told.get("by") or ""))
    finally:
        file.unlink(missing_ok=True)
    if summary.refused:
        said = paragraph(trainer_words("desk.refused", n=len(summary.refused)), "attention")
    else:
        said = paragraph(trainer_words("desk.done-read-second-marks"), "done")
    return [said, *_second_marks_shown(summary)]


def _second_marks_shown(summary: SecondMarksSummary) -> list[Shown]:
    return [*(shown_table(table) for table in summary.tables), *(paragraph(note) for note in summary.notes)]


def feedback(told: Told) -> list[Shown]:
    """Make the feedback pages, as `course feedback` does, and offer the files of those that go back as files."""
    from course.trainer.feedback import command
    from course.trainer.feedback.files import FOLDER

    summary = command.run(chosen(told), unread=is_ticked(told, "unread"))
    return [*shown_summary(summary), *_files_in(FOLDER, "*.zip")]


def marks(told: Told) -> list[Shown]:
    """Make the file that takes marks back to a platform, as `course marks` does, and offer it."""
    from course.trainer.marks_back import command

    file = _brought(Coursework.here(), told)
    try:
        summary = command.run(str(told.get("exercise")), file, column=str(told.get("column") or "").strip())
    finally:
        if file:
            file.unlink(missing_ok=True)
    return [*shown_summary(summary), *_files_in(command.FOLDER, "*.csv")]


def _files_in(folder: str, pattern: str) -> list[Shown]:
    """Return what there is to download in a folder of the course directory."""
    place = Coursework.here().root / folder
    files = sorted(place.glob(pattern)) if place.is_dir() else []
    found = [(path.name, f"files/{quote(folder)}/{quote(path.name)}?download=1") for path in files]
    return links(found, downloads=True)


def report(told: Told) -> list[Shown]:
    """Make the cohort report, as `course report` does, and lead to both of its copies."""
    from course.trainer.report import command

    summary = command.run(new_record=is_ticked(told, "new-record"))
    if summary.stopped:
        return shown_summary(Summary("report", stopped=True))
    copies = [command.TRAINER] if summary.withheld else [command.TRAINER, command.SHAREABLE]
    pages = [(trainer_words(f"report.title-{copy}"), f"files/reports/{copy}/{command.PAGE}") for copy in copies]
    tone: Tone = "attention" if summary.withheld else "plain"
    return [
        paragraph(trainer_words("desk.done-report"), "done"),
        *links(pages),
        *(shown_table(table) for table in standings_table(summary.standings)),
        *(paragraph(note, tone) for note in summary.notes),
    ]


def look_at_roster(told: Told) -> list[Shown]:
    """Show what a list of people changes, and ask; nothing is written."""
    from course.trainer.roster import changes, people_table

    coursework = Coursework.here()
    file = _brought(coursework, told)
    if file is None:
        return [paragraph(trainer_words("desk.roster-none"), "attention")]
    try:
        plan = changes.plan_roster(coursework, file.read_bytes(), remove=is_ticked(told, "remove"))
    except people_table.UnreadablePeople as error:
        file.unlink()
        said = [paragraph(trainer_words("roster.problems", file=file.name), "attention")]
        return [*said, *(paragraph(problem) for problem in error.problems)]
    return [*_plan_shown(plan), *_asked(plan, file)]


def change_roster(told: Told) -> list[Shown]:
    """Write what was shown, or leave it; where the roster has changed since, show it anew."""
    from course.trainer.roster import changes, command

    coursework = Coursework.here()
    wanted, _, name = str(told.get("item")).partition(" ")
    file = find_list(coursework, name)
    if told.get("choice") != "write" or not file:
        if file:
            file.unlink(missing_ok=True)
        return [paragraph(trainer_words("desk.roster-left"))]
    plan = changes.plan_roster(coursework, file.read_bytes(), remove=is_ticked(told, "remove"))
    try:
        if _digest(plan) != wanted:
            raise changes.RosterChanged
        with single_instance("roster", coursework.root, command.BUSY):
            changes.apply_roster(coursework, plan)
    except changes.RosterChanged:
        again = paragraph(trainer_words("desk.roster-stale"), "attention")
        return [again, *_plan_shown(plan), *_asked(plan, file)]
    file.unlink()
    number = len(plan.before) + len(plan.added) - len(plan.removed)
    return [paragraph(trainer_words("roster.written", n=number), "done")]


def _plan_shown(plan: RosterPlan) -> list[Shown]:
    from course.trainer.roster import command

    sentences = [paragraph(sentence) for sentence in command.plan_sentences(plan)]
    return [*sentences, *(shown_table(table) for table in command.plan_tables(plan))]


def _asked(plan: RosterPlan, file: Path) -> list[Shown]:
    """Return the question whether to write a plan; nothing to write ends it."""
    if not plan.writes:
        file.unlink()
        return [paragraph(trainer_words("roster.no-change"), "done")]
    choices = [(value, trainer_words(f"desk.roster-{value}")) for value in ("write", "leave")]
    return [decision(trainer_words("roster.confirm"), "change-roster", f"{_digest(plan)} {file.name}", choices)]


def _digest(plan: RosterPlan) -> str:
    """Return what tells a plan from another one: what was looked at is what is written."""
    parts = (plan.id_column, plan.added, plan.changed, plan.removed, sorted(map(repr, plan.before)))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _brought(coursework: Coursework, told: Told) -> Path | None:
    """Return the list that was brought last."""
    files = chosen(told, "list")
    return find_list(coursework, files[-1]) if files else None


def look_at_learner(told: Told) -> list[Shown]:
    """Show all that is kept of a learner, and ask whether to remove it."""
    from course.trainer.erasing import plan_erasing

    learner = str(told.get("learner") or told.get("item") or "").strip()
    plan = plan_erasing(Coursework.here(), learner)
    intro, *rest = [paragraph(sentence) for sentence in plan.sentences]
    if not plan.traces:
        return [intro, *rest]
    choices = [(value, trainer_words(f"desk.forget-{value}")) for value in ("remove", "leave")]
    reasons = [trace.description for trace in plan.traces]
    return [intro, *rest, decision(trainer_words("erase.confirm"), "forget", learner, choices, reasons)]


def forget(told: Told) -> list[Shown]:
    """Remove what was shown of a learner, or leave it."""
    from course.trainer.erasing import remove_learner

    if told.get("choice") != "remove":
        return [paragraph(trainer_words("erase.nothing-removed"))]
    removed = list(remove_learner(Coursework.here(), str(told.get("item"))))
    return [paragraph(sentence, "plain" if is_removed else "attention") for is_removed, sentence in removed]


def _to_read(progress: list[Standing]) -> list[Shown]:
    """Return what opens the first reflection that waits, for each exercise, and what leads to those that are blank.

    What leads to replies that nobody has read comes last.
    """
    from course.trainer.reflections.replies import number_unread
    from course.trainer.reflections.waiting import blank_reflections

    found = []
    waiting = [standing for standing in progress if standing.waiting]
    coursework = Coursework.here()
    with coursework.gradebook() as gradebook:
        for standing in waiting:
            exercise, page = standing.exercise, f"formgrader/reflections/{quote(standing.exercise)}"
            found.append((trainer_words("desk.read", exercise=exercise, n=standing.waiting), page))
            if number := len(blank_reflections(coursework, gradebook, exercise)):
                found.append((trainer_words("blank.desk", exercise=exercise, n=number), f"{page}/blank"))
    if number := number_unread(coursework):
        found.append((trainer_words("replies.to-read", n=number), "formgrader/replies"))
    return links(found)


def steps(review: Review) -> Mapping[str, Step]:
    """Return every step by its name."""
    return {**_STEPS, "release": release_with(review)}


_STEPS: Final[Mapping[str, Step]] = {
    "due": show_due,
    "look-at-due": look_at_due,
    "change-due": change_due,
    "look-at-roster": look_at_roster,
    "change-roster": change_roster,
    "collect": collect,
    "decide": decide,
    "missing": missing,
    "grade": grade,
    "read": read,
    "second-marks": second_marks,
    "read-second-marks": read_second_marks,
    "feedback": feedback,
    "marks": marks,
    "report": report,
    "look-at-learner": look_at_learner,
    "forget": forget,
}
