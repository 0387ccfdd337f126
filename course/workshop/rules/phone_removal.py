"""What becomes of a session when the facilitator removes the phones that were admitted last.

Which answers and lines then leave is for `course.privacy` to say.
"""

from __future__ import annotations

from course.privacy.admissions import removed_writers
from course.workshop.rules.lines import Line
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import ScriptQuestion


def remove_latest_phones(model: SessionModel) -> list[Line]:
    """Remove all phones that were admitted since the door was last opened, and shut it; return the lines that changed.

    What is then taken back is in `model.taken_back`, to be stored.
    """
    group = model.admissions.remove_latest(model.people)
    model.state.admissions = model.admissions.to_store()
    model.state.is_shut = model.state.has_removed = True
    changed: list[Line] = []
    for question in model.script.questions():
        if question.is_written:
            changed += _remove_lines(model, question, group)
        else:
            _remove_answers(model, question, group)
    return changed


def _remove_answers(model: SessionModel, question: ScriptQuestion, group: frozenset[str]) -> None:
    """Take back the group's answers to each part of a question, as far as they may leave."""
    for part in sorted(part for part in model.answers.parts() if model.question_of(part) is question):
        asked = model.answers.of(part)
        revisions = {person: asked[person][0] + 1 for person in group if person in asked}
        for person in model.counts.remove(part, question, revisions):
            model.take_back(part, person, revisions[person])


def _remove_lines(model: SessionModel, question: ScriptQuestion, group: frozenset[str]) -> list[Line]:
    """Take back what the group wrote and nobody was shown, as far as that may leave; return the lines that change."""
    chosen = {name for names in model.state.chosen.values() for name in names}
    unseen = {line.person: line for line in model.lines.of(question.slug) if not line.stays and line.name not in chosen}
    waiting = model.lines.undelivered().get(question.slug, set())
    is_open = model.state.question(question.slug).phase == "open"
    leaving = removed_writers(group, unseen, waiting & unseen.keys(), is_open=is_open)
    for person in leaving:
        model.take_back(question.slug, person, model.answers.revision(question.slug, person) + 1)
    return [unseen[person] for person in sorted(leaving)]
