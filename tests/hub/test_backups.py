"""A cohort loses its work on a Hub, with its gradebook in PostgreSQL, and restores a backup: nothing is to mark."""

from __future__ import annotations

import shutil
from typing import Any, Final

import pytest

from tests.hub.cohorts import ACCOUNTS, IN_POSTGRESQL, LEARNERS, HubOfCohorts, fill_coursework
from tests.hub.walk import SLUG, Walk

pytestmark = pytest.mark.hub

COHORT: Final = IN_POSTGRESQL
ACCOUNT: Final = ACCOUNTS[COHORT]


def marks(cohorts: HubOfCohorts) -> dict[str, Any]:
    """Return what the formgrader shows of each learner."""
    shown = cohorts.trainer(COHORT).server(f"formgrader/api/submissions/{SLUG}", of=ACCOUNT).json
    fields = ("score", "max_score", "autograded", "needs_manual_grade")
    return {entry["student"]: [entry[field] for field in fields] for entry in shown}


def marked_at(cohorts: HubOfCohorts) -> dict[str, int]:
    """Return when each marked file was written."""
    files = (cohorts.coursework(COHORT) / "autograded").rglob("*.ipynb")
    return {str(file): file.stat().st_mtime_ns for file in files}


def test_what_was_lost_comes_back_from_a_backup_and_nothing_is_to_mark(walk: Walk) -> None:
    cohorts, postgresql = walk.cohorts, walk.cohorts.postgresql
    before = marks(cohorts)
    assert set(before) == set(LEARNERS[COHORT])
    ((rows,),) = postgresql.execute("SELECT count(*) FROM grade", COHORT)
    assert rows, "the gradebook is not in PostgreSQL"
    file = cohorts.users.home(ACCOUNT) / "synthetic-backup.zip"
    walk.desk(COHORT, f"course backup {file}")
    assert file.stat().st_mode & 0o077 == 0
    assert file.owner() == ACCOUNT

    cohorts.hub.stop_server(cohorts.hub.visitor(ACCOUNT))
    shutil.rmtree(cohorts.coursework(COHORT))
    postgresql.execute(f'DROP DATABASE "{COHORT}" WITH (FORCE)')
    postgresql.new_database_of(ACCOUNT, COHORT)
    fill_coursework(cohorts.coursework(COHORT), ACCOUNT)
    assert not (cohorts.coursework(COHORT) / "submitted").exists()

    walk.desk(COHORT, f"course restore {file}")
    as_restored = marked_at(cohorts)
    assert len(as_restored) >= len(LEARNERS[COHORT])
    walk.desk(COHORT, f"course grade {SLUG}")
    assert marked_at(cohorts) == as_restored, "something was marked again"
    assert marks(cohorts) == before
    feedback = cohorts.coursework(COHORT) / "feedback"
    assert {path.name for path in feedback.iterdir()} == set(LEARNERS[COHORT])


def test_a_learner_does_not_reach_the_gradebook_in_postgresql(walk: Walk) -> None:
    cohorts = walk.cohorts
    code = (
        "import psycopg, sys\n"
        "for user in (None, sys.argv[2], 'tests'):\n"
        "    try:\n"
        f"        psycopg.connect(dbname={COHORT!r}, user=user, host=sys.argv[1]).close(); print('in')\n"
        "    except psycopg.OperationalError: print('refused')\n"
    )
    arguments = ("python", "-c", code, str(cohorts.postgresql.folder), ACCOUNT)
    for name in (LEARNERS[COHORT][0], LEARNERS["autumn"][0], ACCOUNTS["autumn"]):
        assert cohorts.users.run(name, *arguments).stdout.split() == ["refused"] * 3
    assert cohorts.users.run(ACCOUNT, *arguments).stdout.split() == ["in", "in", "refused"]
