"""What a learner tries from a process of their own on a Hub's machine, and what of it is refused: all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from course.core.settings import COURSE_ID
from tests.hub.cohorts import ACCOUNTS, LEARNERS, TRAINERS, HubOfCohorts
from tests.hub.walk import SLUG, Walk

pytestmark = pytest.mark.hub

ATTACKER: Final = LEARNERS["autumn"][1]
VICTIM: Final = LEARNERS["autumn"][2]
LOOK: Final = (
    "import os, sys; path = sys.argv[1]; print(os.listdir(path) if os.path.isdir(path) else open(path).read(9))"
)


def look(cohorts: HubOfCohorts, name: str, path: Path) -> str:
    """Return what a user gets who lists a folder or reads a file."""
    return cohorts.users.run(name, "python3", "-c", LOOK, str(path)).stdout


def test_a_learner_reads_nothing_of_others(walk: Walk) -> None:
    cohorts = walk.cohorts
    own, other = cohorts.exchange("autumn") / COURSE_ID, cohorts.exchange("spring") / COURSE_ID
    hand_in = next(path for path in (own / "inbound").iterdir() if path.name.startswith(VICTIM))
    feedback = next(path for path in (own / "feedback").rglob("*.html"))
    refused = {
        "another's home": cohorts.users.home(VICTIM),
        "another's copy of the course": cohorts.users.home(VICTIM) / "building-trust" / "exercises",
        "who handed in": own / "inbound",
        "what feedback there is": feedback.parent,
        "the gradebook": cohorts.coursework("autumn") / "gradebook.db",
        "the exercises with their answers": cohorts.coursework("autumn") / "source",
        "what was collected": cohorts.coursework("autumn") / "submitted",
        "the account's home": cohorts.users.home(ACCOUNTS["autumn"]),
        "a trainer's home": cohorts.users.home(TRAINERS["autumn"]),
        "the other cohort": other.parent.parent,
        "what the other cohort was given": other / "outbound" / SLUG,
        "the Hub's own files": cohorts.folder / "hub",
    }
    assert hand_in.owner() == VICTIM
    for what, path in refused.items():
        assert path.exists(), what
        assert "PermissionError" in look(cohorts, ATTACKER, path), what
    near_miss = own / "outbound" / SLUG
    assert f"{SLUG}.ipynb" in look(cohorts, ATTACKER, near_miss)


def test_a_hand_in_under_anothers_name_is_refused_by_name_and_theirs_stays(walk: Walk) -> None:
    cohorts = walk.cohorts
    exercises = cohorts.users.home(ATTACKER) / "building-trust" / "exercises"
    line = f"cd '{exercises}' && nbgrader submit {SLUG} --student {VICTIM} --ExchangeSubmit.student_id={VICTIM}"
    learner = cohorts.learner(ATTACKER)
    learner.execute(f"import subprocess; assert not subprocess.run({line!r}, shell=True).returncode")
    inbound = cohorts.exchange("autumn") / COURSE_ID / "inbound"
    forged = [path for path in inbound.iterdir() if path.name.startswith(VICTIM) and path.owner() == ATTACKER]
    assert forged, "nbgrader let nobody forge: then this test needs another way"
    submitted = cohorts.coursework("autumn") / "submitted" / VICTIM / SLUG
    before = {path.name: path.read_bytes() for path in submitted.iterdir()}
    printed = walk.desk("autumn", f"course collect {SLUG} || true")
    assert VICTIM in printed
    assert ATTACKER in printed
    assert {path.name: path.read_bytes() for path in submitted.iterdir()} == before


def test_a_learners_server_asks_the_hub_for_nothing_but_its_own(cohorts: HubOfCohorts) -> None:
    learner = cohorts.learner(ATTACKER)
    code = f"""
import json, os, urllib.error, urllib.request
def ask(path, method="GET", content=None):
    request = urllib.request.Request(os.environ["JUPYTERHUB_API_URL"] + path, content, method=method)
    request.add_header("Authorization", "token " + os.environ["JUPYTERHUB_API_TOKEN"])
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code
print(json.dumps({{
    "own": ask("/users/{ATTACKER}"),
    "people": ask("/users"),
    "another": ask("/users/{VICTIM}"),
    "groups": ask("/groups"),
    "token of another": ask("/users/{VICTIM}/tokens", "POST", b"{{}}"),
    "token of the account": ask("/users/{ACCOUNTS["autumn"]}/tokens", "POST", b"{{}}"),
    "server of another": ask("/users/{VICTIM}/server", "DELETE"),
    "server of the account": ask("/users/{ACCOUNTS["autumn"]}/server", "POST", b"{{}}"),
    "shutdown": ask("/shutdown", "POST", b"{{}}"),
}}))
"""
    answers = json.loads(learner.execute(code))
    assert answers.pop("own") == 200
    assert set(answers.values()) <= {403, 404}, answers
