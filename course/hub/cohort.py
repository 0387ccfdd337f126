"""A cohort on a Hub: its learners and trainers, the account that its trainers share, and its folders."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Final

from course.core.errors import BadCohort
from course.core.settings import COURSE_ID

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")


@dataclass(frozen=True)
class Cohort:
    """One cohort. Names of people are those that they have at the Hub; raises BadCohort for what cannot be.

    Where the Hub's authenticator says who is in which group, `learners` and `trainers` stay empty, and the two
    groups have the names `learners_group` and `trainers_group`.
    """

    name: str
    """Small letters, digits and hyphens, such as “autumn-a”; it is part of the names of groups."""
    coursework: Path
    """The trainers' course directory, which `course coursework` fills: only the account can open it."""
    exchange: Path
    """nbgrader's exchange folder of this cohort; only its learners and the account can open the folder above it."""
    gradebook: str = field(default="", repr=False)  # it may have a password
    """The database of the gradebook, as a URL; without one, it is a file in the course directory."""
    learners: Sequence[str] = ()
    trainers: Sequence[str] = ()
    account: str = ""
    """The Hub's user whose server the trainers share; without one, “building-trust-” and the cohort's name."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadCohort(
                f"A cohort cannot have the name “{self.name}”.",
                "Use up to 32 small letters, digits and hyphens, such as autumn-a.",
            )
        for folder in (self.coursework, self.exchange):
            if not Path(folder).is_absolute():
                raise BadCohort(
                    f"The folder {folder} of the cohort {self.name} is not a whole path.", "Begin it with a slash."
                )
        both = sorted({*self.learners} & {*self.trainers, self.account_name})
        if both:
            raise BadCohort(
                f"In the cohort {self.name}, these are learners and trainers at once: {', '.join(both)}.",
                "A trainer reads everybody’s work. Give such people two accounts, or take them off one list.",
            )

    @property
    def account_name(self) -> str:
        """The Hub's user whose server the trainers share."""
        return self.account or f"{COURSE_ID}-{self.name}"

    @property
    def learners_group(self) -> str:
        """The Hub's group of its learners."""
        return f"{COURSE_ID}-{self.name}-learners"

    @property
    def trainers_group(self) -> str:
        """The Hub's group of its trainers."""
        return f"{COURSE_ID}-{self.name}-trainers"


def cohort_of(spawner: Any, cohorts: Sequence[Cohort]) -> Cohort | None:
    """Return the cohort whose account or learner a spawner's user is; None for trainers and everybody else.

    Whoever is on a list is in that cohort, also where the Hub still has them in the group of a former one.
    """
    name, groups = spawner.user.name, {group.name for group in spawner.user.groups}
    account = next((cohort for cohort in cohorts if cohort.account_name == name), None)
    listed = next((cohort for cohort in cohorts if name in cohort.learners), None)
    return account or listed or next((cohort for cohort in cohorts if cohort.learners_group in groups), None)


def check_apart(cohorts: Sequence[Cohort]) -> None:
    """Raise BadCohort where two cohorts share what each has to have for itself."""
    for what, values in (
        ("name", [cohort.name for cohort in cohorts]),
        ("account", [cohort.account_name for cohort in cohorts]),
        ("course directory", [str(cohort.coursework) for cohort in cohorts]),
        ("exchange folder", [str(cohort.exchange) for cohort in cohorts]),
        ("gradebook", [cohort.gradebook for cohort in cohorts if cohort.gradebook]),
    ):
        if twice := _repeated(values):
            named = "" if what == "gradebook" else f": {', '.join(twice)}"  # a database's URL may have a password
            raise BadCohort(
                f"Two cohorts have the same {what}{named}.",
                "Give each its own: trainers of one would have the work of the other.",
            )
    _check_folders_apart(cohorts)
    accounts = {cohort.account_name for cohort in cohorts}
    learners = [learner for cohort in cohorts for learner in cohort.learners]
    if both := sorted(accounts & {*learners, *(trainer for cohort in cohorts for trainer in cohort.trainers)}):
        raise BadCohort(
            f"These are people of a cohort and the account of one: {', '.join(both)}.",
            "Give the account a name that nobody has: its server has everybody’s work.",
        )
    if twice := _repeated(learners):
        raise BadCohort(
            f"These learners are in two cohorts: {', '.join(twice)}.", "Name each in one: it has one exchange folder."
        )


def _check_folders_apart(cohorts: Sequence[Cohort]) -> None:
    """Raise BadCohort where a folder is or lies in another one: whoever may open the outer one would see it."""
    folders: dict[PurePath, str] = {}
    hint = "Put them beside each other: learners may open the exchange folder of their cohort, and nobody else’s."
    for cohort in cohorts:
        for what, place in (("course directory", cohort.coursework), ("exchange folder", cohort.exchange)):
            folder, name = PurePath(os.path.normpath(place)), f"the {what} of {cohort.name}"
            if folder in folders:
                raise BadCohort(f"One folder cannot be both {folders[folder]} and {name}.", hint)
            folders[folder] = name
    for folder, name in folders.items():
        outer = next((folders[parent] for parent in folder.parents if parent in folders), "")
        if outer:
            raise BadCohort(f"In {outer} lies {name}.", hint)


def _repeated(values: Iterable[str]) -> list[str]:
    """Return the values that are there more than once, in the order of letters."""
    return sorted(value for value, count in Counter(values).items() if count > 1)
