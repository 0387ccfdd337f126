"""The cohort's report as cells of a notebook: `cohort().completion()`, `cohort().bars()` and the rest show a part."""

from __future__ import annotations

import datetime
from pathlib import Path

from course.content.dates import say_day
from course.trainer.report import trainer
from course.trainer.report.command import as_it_is
from course.trainer.report.data import CohortData
from course.trainer.report.page import section_html
from course.trainer.report.ratings import rating_units, ratings
from course.trainer.report.section import Section, labelled_section, limits_section


class Cohort:
    """The parts of one cohort's report, for the trainer's eyes; the limits stand under each."""

    def __init__(self, data: CohortData, *, fewest: int, marks: bool) -> None:
        self._data, self._fewest, self._marks = data, fewest, marks
        self._ratings: list[Section] = []

    def __repr__(self) -> str:
        """Name nobody."""
        return f"<Cohort of {len(self._data.people)} people>"

    def completion(self) -> None:
        """Show how many handed in each exercise, how many were late, are marked and wait for a person."""
        self._show(trainer.completion(self._data))

    def missing(self) -> None:
        """Show who has not handed in, by exercise."""
        self._show(trainer.short_names(trainer.missing(self._data)))

    def questions(self) -> None:
        """Show how each marked question did, and which wrong option most people chose."""
        self._show(trainer.questions(self._data))

    def levels(self) -> None:
        """Show how many reflections reached each level; a course without marks has none."""
        without = Section("levels", "Reflections by level", ("This course has no marks, so there are no levels.",))
        self._show(trainer.levels(self._data) if self._marks else without)

    def bars(self) -> None:
        """Show what people who shared their ratings report most and least often."""
        self._show(self._rated("bars"))

    def map(self) -> None:
        """Show where people who shared their ratings cluster."""
        self._show(self._rated("map"))

    def change(self) -> None:
        """Show whether reports shifted, and for how many of those who shared them at the start and at the end."""
        self._show(self._rated("change"))

    def limits(self) -> None:
        """Show what such numbers cannot say."""
        self._show(limits_section())

    def _rated(self, name: str) -> Section:
        day = say_day(datetime.date.today())
        self._ratings = self._ratings or ratings(rating_units(self._data, self._fewest), as_it_is(day))
        return next(section for section in self._ratings if section.name == name)

    def _show(self, section: Section) -> None:
        from IPython.display import HTML, display

        display(HTML(section_html(labelled_section(section, self._data.label), self._data.label)))


def open_cohort(synthetic: str = "", root: Path | None = None) -> Cohort:
    """Return the cohort of the course directory, or a made-up one by the name of its set: A, B, C or D."""
    from course.trainer.course_directory import Coursework
    from course.trainer.report.data import read_cohort
    from course.trainer.report.synthetic_cohort import made_up_cohort

    coursework = Coursework(root) if root else Coursework.here()
    data = made_up_cohort(synthetic, coursework.root) if synthetic else read_cohort(coursework)
    return Cohort(data, fewest=coursework.cohort.fewest, marks=coursework.cohort.marks)
