"""Two trainers and ten learners in two cohorts, each through their own server of a real Hub."""

from __future__ import annotations

import pytest

from tests.hub.cohorts import ACCOUNTS, EVERYBODY, LEARNERS, TRAINERS, HubOfCohorts
from tests.hub.walk import BEST, SLUG, Walk

pytestmark = pytest.mark.hub


def test_a_learners_server_has_the_course_on_their_own_copy(cohorts: HubOfCohorts) -> None:
    name = LEARNERS["autumn"][0]
    learner = cohorts.learner(name)
    page = learner.server("read/notebooks/start.ipynb")
    assert page.status == 200
    assert "<title>Building Trust" in page.text
    printed = learner.execute("import os\nfor end in 'LEARNER', 'EXCHANGE': print(os.environ['BUILDING_TRUST_' + end])")
    assert printed.split() == [name, str(cohorts.exchange("autumn"))]
    copy = cohorts.users.home(name) / "building-trust"
    assert copy.stat().st_mode & 0o077 == 0
    assert copy.owner() == name


def test_only_its_trainers_open_the_server_of_a_cohort(cohorts: HubOfCohorts) -> None:
    trainer = cohorts.trainer("autumn")
    desk = ACCOUNTS["autumn"]
    assert trainer.server("formgrader/manage_assignments", of=desk).status == 200
    for other in (TRAINERS["spring"], ACCOUNTS["spring"], LEARNERS["autumn"][0], LEARNERS["spring"][0]):
        visitor = cohorts.hub.visitor(other)
        assert visitor.server("formgrader/manage_assignments", of=desk).status in (403, 404), other
        assert visitor.ask(f"/hub/api/users/{desk}/server", {}).status in (403, 404), other


def test_what_everyone_hands_in_is_marked_by_their_own_trainer(walk: Walk) -> None:
    for cohort in LEARNERS:
        trainer = walk.cohorts.trainer(cohort)
        marked = trainer.server(f"formgrader/api/submissions/{SLUG}", of=ACCOUNTS[cohort]).json
        scores = {entry["student"]: entry["score"] for entry in marked if entry["autograded"]}
        best = {name: 9.0 if name == BEST else 7.0 for name in LEARNERS[cohort]}
        assert scores == best, walk.said


def test_everyone_fetches_the_feedback_on_their_own_work(walk: Walk) -> None:
    for name in EVERYBODY:
        told = walk.cohorts.learner(name).assignment("fetch_feedback", SLUG)
        assert told["success"], (told, walk.said)
        pages = list((walk.cohorts.users.home(name) / "building-trust/exercises" / SLUG).rglob("*.html"))
        assert len(pages) == 1, pages
        assert f"{name}: Synthetic" in pages[0].read_text()


def test_people_go_on_when_the_hub_was_killed_and_started(walk: Walk) -> None:
    cohorts, name = walk.cohorts, LEARNERS["autumn"][1]
    learner = cohorts.learner(name)
    cohorts.hub.kill()
    cohorts.hub.start()
    again = cohorts.hub.visitor(name)
    assert again.server("api/status").status == 200
    assert learner.execute("print('going on')") == "going on\n"
    trainer = cohorts.trainer("spring")
    assert trainer.server("formgrader/manage_assignments", of=ACCOUNTS["spring"]).status == 200
