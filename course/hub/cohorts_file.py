"""The list of cohorts as a file: the Hub, the jobs that mark and those that make backups read the same one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from course.core.errors import BadCohort, BadContent
from course.core.text_files import read_toml
from course.hub.cohort import Cohort

ROOT: Final = Path("/srv/building-trust")
"""The folder of the cohorts' folders, where no other is named."""
COURSEWORK: Final = "coursework"
EXCHANGE: Final = "exchange"
_LISTS: Final = ("learners", "trainers")
_TEXTS: Final = ("gradebook", "account")


def read_cohorts(path: Path, root: Path = ROOT) -> list[Cohort]:
    """Return the cohorts of a file in its order; each has its folders in `root`, below its own name.

    The file is TOML with a table for each cohort:

        [autumn-a]
        learners = ["kim", "ana"]
        trainers = ["robin"]
        gradebook = "postgresql://autumn_a@postgres/autumn_a"

    Each line in a table may be missing; `account` may be there too. Raises BadCohort for a file that cannot be used,
    and never quotes a value of it: there are names and passwords in it.
    """
    try:
        tables = read_toml(path)
    except FileNotFoundError as error:
        raise BadCohort(
            f"The list of cohorts {path} cannot be read: {error.strerror}.", "Name another file, or write this one."
        ) from None
    except BadContent as error:
        raise BadCohort(f"The list of cohorts: {error.message}", error.hint) from None
    return [_cohort(path, name, table, root) for name, table in tables.items()]


def _cohort(path: Path, name: str, table: object, root: Path) -> Cohort:
    if not isinstance(table, dict):
        raise _wrong(path, name, "is no table of a cohort", f"Write it as a heading, [{name}], with lines below.")
    if unknown := sorted(table.keys() - {*_LISTS, *_TEXTS}):
        raise _wrong(path, name, f"has what no cohort has: {', '.join(unknown)}", f"Use {', '.join(_LISTS + _TEXTS)}.")
    for key in _LISTS:
        people = table.get(key, [])
        if not isinstance(people, list) or not all(isinstance(person, str) for person in people):
            raise _wrong(path, f"{name}.{key}", "is no list of names", f'Write it so: {key} = ["kim", "ana"]')
    for key in _TEXTS:
        if not isinstance(table.get(key, ""), str):
            raise _wrong(path, f"{name}.{key}", "is no text", f'Write it so: {key} = "…"')
    return Cohort(
        name,
        coursework=root / name / COURSEWORK,
        exchange=root / name / EXCHANGE,
        gradebook=table.get("gradebook", ""),
        learners=tuple(table.get("learners", ())),
        trainers=tuple(table.get("trainers", ())),
        account=table.get("account", ""),
    )


def _wrong(path: Path, key: str, what: str, hint: str) -> BadCohort:
    return BadCohort(f"In the list of cohorts {path}, “{key}” {what}.", hint)
