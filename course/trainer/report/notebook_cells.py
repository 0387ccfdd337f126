"""The trainer's report as cells of a notebook: `cohort().completion()` and the other methods each show a section."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.content import say_day, trainer_words
from course.core import moments
from course.trainer.course_directory import Coursework
from course.trainer.report.agreement_section import agreement
from course.trainer.report.cohort_data import CohortData, MarkRow, read_cohort
from course.trainer.report.ratings import rating_sections, rating_units
from course.trainer.report.release_log import release_all
from course.trainer.report.sections import ReportSection, labelled_section, limits_section, section_html
from course.trainer.report.synthetic_cohort import synthetic_cohort
from course.trainer.report.trainer_report import completion, levels, missing, questions, with_fewer_names

if TYPE_CHECKING:
    from pandas import DataFrame

MARK_COLUMNS: Final = [column.name for column in dataclasses.fields(MarkRow)]


class CohortCells:
    """The sections of one cohort's report, for the trainer's eyes; the limits stand under each."""

    def __init__(self, data: CohortData, *, min_group: int, marks: bool) -> None:
        self._data, self._min_group, self._marks = data, min_group, marks
        self._rating_sections: list[ReportSection] = []

    def __repr__(self) -> str:
        """Name nobody."""
        return f"<Cohort of {len(self._data.people)} people>"

    def completion(self) -> None:
        """Show how many handed in each exercise, how many were late, are marked and wait for a person."""
        self._show(completion(self._data))

    def missing(self) -> None:
        """Show who has not handed in, by exercise."""
        self._show(with_fewer_names(missing(self._data)))

    def questions(self) -> None:
        """Show how each marked question did, and which wrong option most people chose."""
        self._show(questions(self._data))

    def levels(self) -> None:
        """Show how many reflections reached each level; a course without marks has none."""
        without_marks = ReportSection("levels", trainer_words("report.levels"), (trainer_words("report.no-levels"),))
        self._show(levels(self._data) if self._marks else without_marks)

    def agreement(self) -> None:
        """Show how well two markers agree, and which reflections to talk about; a course without marks has none."""
        without_marks = ReportSection(
            "agreement", trainer_words("report.agreement"), (trainer_words("report.no-levels"),)
        )
        self._show(agreement(self._data) if self._marks else without_marks)

    def bars(self) -> None:
        """Show what people who shared their ratings report most and least often."""
        self._show(self._rating_section("bars"))

    def map(self) -> None:
        """Show where people who shared their ratings cluster."""
        self._show(self._rating_section("map"))

    def change(self) -> None:
        """Show whether ratings changed, and for how many of those who shared them at the start and at the end."""
        self._show(self._rating_section("change"))

    def limits(self) -> None:
        """Show what such numbers cannot say."""
        self._show(limits_section())

    def marks_table(self) -> DataFrame:
        """Return the marks as a pandas table, a row for each learner and question, for a trainer's own cells.

        Columns: learner, exercise, question, marks, most, is_waiting. Names are in it: it is not for passing on.
        """
        import pandas

        return pandas.DataFrame(map(dataclasses.asdict, self._data.marks), columns=MARK_COLUMNS)

    def _rating_section(self, name: str) -> ReportSection:
        if not self._rating_sections:
            units = rating_units(self._data, self._min_group)
            self._rating_sections = rating_sections(units, release_all(say_day(moments.today())))
        return next(section for section in self._rating_sections if section.name == name)

    def _show(self, section: ReportSection) -> None:
        from IPython.display import HTML, display

        display(HTML(section_html(labelled_section(section, self._data.label), self._data.label)))


def open_cohort(synthetic: str = "", root: Path | None = None) -> CohortCells:
    """Return the cohort of the course directory, or a made-up one by the name of its set: A, B, C or D."""
    coursework = Coursework(root) if root else Coursework.here()
    data = synthetic_cohort(synthetic, coursework.root) if synthetic else read_cohort(coursework)
    return CohortCells(data, min_group=coursework.cohort.fewest, marks=coursework.cohort.marks)
