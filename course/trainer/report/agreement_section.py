"""How well two markers agree, for the trainer alone: in numbers, and the reflections to talk about.

It is in no report that is passed on: it is about the two who marked, and its sample is small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from course.content import trainer_words
from course.content.lessons import Lesson, lessons
from course.core.percentages import whole_percent
from course.trainer.marked_questions import REFLECTION
from course.trainer.report.agreement import FEWEST_FOR_KAPPA, LevelAgreement, WeightedKappa, level_agreement
from course.trainer.report.cohort_data import CohortData
from course.trainer.report.sections import ReportSection, section_table
from course.trainer.report.trainer_report import distinct_names, exercise_name, levels_of
from course.trainer.second_marks.sample import level_names
from course.trainer.second_marks.store import SecondMark

_APART = 2
"""From how many levels on a difference is one to talk about."""


@dataclass(frozen=True)
class _MarkedTwice:
    """A reflection with levels from both."""

    mark: SecondMark = field(repr=False)
    """The second one."""
    first: int
    """The first one's level."""

    @property
    def apart(self) -> int:
        return abs(self.first - self.mark.level)


def agreement(data: CohortData) -> ReportSection:
    """Return how well the first and the second marker agree, and which reflections are two levels apart or more."""
    twice = {lesson.key: list(_marked_twice(data, lesson)) for lesson in lessons()}
    together = [one for ones in twice.values() for one in ones]
    caption = trainer_words("report.agreement-caption")
    rows = [_row(data, lesson, twice[lesson.key]) for lesson in lessons() if _has_any(data, lesson)]
    tables = section_table(caption, _columns("exercise", "chosen", "both", "same", "adjacent", "apart", "kappa"), rows)
    talk = section_table(
        trainer_words("report.agreement-talk"),
        _columns("exercise", "person", "first-level", "second-level", "second-marker", "second-comment"),
        _to_talk_about(data, twice),
    )
    sentences = tuple(_sentences(data, together))
    return ReportSection(
        "agreement", trainer_words("report.agreement"), sentences, (*tables, *talk) if data.second.marks else ()
    )


def _marked_twice(data: CohortData, lesson: Lesson) -> Iterator[_MarkedTwice]:
    first = levels_of(data, lesson.key)
    for mark in data.second.marks:
        if mark.exercise == lesson.key and mark.learner in first:
            yield _MarkedTwice(mark, first[mark.learner])


def _has_any(data: CohortData, lesson: Lesson) -> bool:
    marked = any(mark.exercise == lesson.key for mark in data.second.marks)
    return marked or any(exercise == lesson.key for _, exercise in data.second.chosen)


def _row(data: CohortData, lesson: Lesson, twice: Sequence[_MarkedTwice]) -> tuple[object, ...]:
    chosen = sum(exercise == lesson.key for _, exercise in data.second.chosen)
    levels = _agreement(twice)
    kappa = kappa_words(levels.kappa) if levels.kappa else None
    return (exercise_name(lesson), chosen, levels.pairs, levels.same, levels.adjacent, levels.apart, kappa)


def _agreement(twice: Sequence[_MarkedTwice]) -> LevelAgreement:
    return level_agreement([(one.first, one.mark.level) for one in twice])


def kappa_words(weighted: WeightedKappa) -> str:
    """Return kappa with its interval, such as “0.62 (95 % interval from 0.31 to 0.81)”; alone where it has none."""
    kappa = f"{weighted.kappa:.2f}"
    if weighted.interval is None:
        return kappa
    low, high = (f"{end:.2f}" for end in weighted.interval)
    return trainer_words("report.agreement-interval", kappa=kappa, low=low, high=high)


def _sentences(data: CohortData, twice: Sequence[_MarkedTwice]) -> Iterator[str]:
    if not data.second.marks:
        yield trainer_words("report.agreement-none")
    if twice:
        yield from _agreement_sentences(_agreement(twice), is_one_scale=_has_one_scale(data, twice))
    marked = {(mark.learner, mark.exercise) for mark in data.second.marks}
    for key, number in (
        ("unread", len(data.second.marks) - len(twice)),
        ("outdated", data.second.outdated),
        ("open", len(data.second.chosen - marked) if marked else 0),
    ):
        if number:
            yield trainer_words(f"report.agreement-{key}", n=number)


def _has_one_scale(data: CohortData, twice: Sequence[_MarkedTwice]) -> bool:
    """Say whether the exercises of these reflections all have the same levels."""
    exercises = {one.mark.exercise for one in twice}
    scales = {
        level_names(question.rubric)
        for question in data.questions
        if question.key == REFLECTION and question.exercise in exercises
    }
    return len(scales) == 1


def _agreement_sentences(levels: LevelAgreement, *, is_one_scale: bool) -> Iterator[str]:
    percent = whole_percent(levels.same, levels.pairs)
    counts = {"same": levels.same, "percent": percent, "adjacent": levels.adjacent, "apart": levels.apart}
    yield trainer_words("report.agreement-counts", n=levels.pairs, **counts)
    if not is_one_scale:
        yield trainer_words("report.agreement-scales")
    elif levels.kappa:
        yield trainer_words("report.agreement-kappa", kappa=kappa_words(levels.kappa))
        if levels.same == levels.pairs:
            yield trainer_words("report.agreement-whole")
        yield trainer_words("report.agreement-what")
    elif levels.pairs < FEWEST_FOR_KAPPA:
        yield trainer_words("report.agreement-few", fewest=FEWEST_FOR_KAPPA)
    else:
        yield trainer_words("report.agreement-one-level")


def _to_talk_about(data: CohortData, twice: dict[str, list[_MarkedTwice]]) -> Iterator[tuple[object, ...]]:
    """Yield what is far apart, the farthest first."""
    names = dict(distinct_names(data))
    titles = {
        (question.exercise, level.number): level.title
        for question in data.questions
        if question.key == REFLECTION
        for level in question.rubric.levels
    }
    far = [(lesson, one) for lesson in lessons() for one in twice[lesson.key] if one.apart >= _APART]
    for lesson, one in sorted(far, key=lambda pair: -pair[1].apart):
        first, second = (titles.get((lesson.key, level), str(level)) for level in (one.first, one.mark.level))
        yield (
            exercise_name(lesson),
            names.get(one.mark.learner, one.mark.learner),
            first,
            second,
            one.mark.by,
            one.mark.comment or None,
        )


def _columns(*keys: str) -> list[str]:
    return [trainer_words(f"report-columns.{key}") for key in keys]
