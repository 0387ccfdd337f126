"""An exercise done in pods that all run as one user, and what a learner tries from theirs: all of it is refused."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from course.core.settings import COURSE_ID
from course.hub import Cohort, apply_on_kubernetes
from tests.conftest import ANSWER
from tests.exercise_keys import right, wrong
from tests.hub.pods import as_the_chart_has_it, pod_of, pod_of_learner
from tests.hub.running_pods import PodMachine, Ran, pod_machine
from tests.paths import ROOT

pytestmark = [
    pytest.mark.hub,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SLUG: Final = "two-questions"
ANN, EVE, ZOE = "ann", "eve@example.org", "zoe"
WALKERS: Final = (ANN, EVE)
COHORTS: Final = {
    name: Cohort(
        name,
        Path(f"/srv/building-trust/{name}/coursework"),
        Path(f"/srv/building-trust/{name}/exchange"),
        learners=learners,
    )
    for name, learners in {"autumn": WALKERS, "spring": (ZOE,)}.items()
}
EXCHANGE: Final = COHORTS["autumn"].exchange / COURSE_ID
IN_COURSE: Final = 'eval "$(course prepare-server)" && cd ~/building-trust/exercises'


@dataclass
class Pods:
    """The pods of two cohorts, and what was said on the way from an exercise's release to the feedback on it."""

    machine: PodMachine
    learners: dict[str, Any]
    trainers: dict[str, Any]
    said: dict[str, Ran] = field(default_factory=dict)

    def learner(self, name: str, line: str) -> Ran:
        return self.machine.run(self.learners[name], f"{IN_COURSE} && {line}")

    def desk(self, cohort: str, line: str) -> Ran:
        return self.machine.run(self.trainers[cohort], f'cd "$BUILDING_TRUST_COURSEWORK" && {line}')

    def on_drive(self, cohort: str, *parts: str) -> Path:
        return self.machine.drive.joinpath(cohort, *parts)


@pytest.fixture(scope="module")
def pods(as_root: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pods]:
    c = as_the_chart_has_it()
    apply_on_kubernetes(c, list(COHORTS.values()), trainers_image="registry.example.org/trainer:1")
    folder = tmp_path_factory.mktemp("kubespawner")
    with pytest.MonkeyPatch.context() as patch, pod_machine() as machine:
        pods = Pods(machine, {}, {})
        for name, cohort in COHORTS.items():
            pods.trainers[name] = pod_of(c, cohort.account_name, [], folder, patch)
            pods.learners |= {each: pod_of_learner(c, cohort, each, folder, patch) for each in cohort.learners}
        for pod in (*pods.learners.values(), *pods.trainers.values()):
            machine.start(pod)
        yield pods


@pytest.fixture(scope="module")
def walk(pods: Pods) -> Pods:
    """Have a cohort do an exercise from its release to the feedback on it; the other one is only there."""
    people = "id,first_name\\n" + "\\n".join(f"{name},Synthetic" for name in WALKERS)
    line = f"printf '{people}' > people.csv && course roster people.csv --yes && course release {SLUG}"
    _done(pods, "released", pods.desk("autumn", line))
    for name in WALKERS:
        choice = right(SLUG, "q2") if name == ANN else wrong(SLUG, "q2")
        answers = json.dumps({"q2": {"pick": choice}})
        code = f"import os, sys\nos.chdir({SLUG!r})\nsys.argv[1:] = {[SLUG, answers]!r}\n{ANSWER}"
        _done(pods, f"{name} handed in", pods.learner(name, f"python -c {shlex.quote(code)} && nbgrader submit {SLUG}"))
    marking = f"course collect {SLUG} && course grade {SLUG} && course mark-blank {SLUG} --marks 0 --yes"
    _done(pods, "marked", pods.desk("autumn", f"{marking} && course feedback {SLUG}"))
    return pods


def _done(pods: Pods, what: str, ran: Ran) -> None:
    pods.said[what] = ran
    assert ran.code == 0, f"{what}: {ran.printed}"


def collected(pods: Pods, learner: str) -> dict[str, bytes]:
    folder = pods.on_drive("autumn", "coursework", "submitted", learner, SLUG)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_everyone_hands_in_and_fetches_the_feedback_on_their_own_work(walk: Pods) -> None:
    for name in WALKERS:
        answers = json.loads(collected(walk, name)["answers.json"])["answers"]
        assert answers["q2"] == (right(SLUG, "q2") if name == ANN else wrong(SLUG, "q2"))
        fetch = f"nbgrader list && nbgrader fetch_feedback {SLUG} && nbgrader list --cached"
        ran = walk.learner(name, f"{fetch} && find {SLUG}/feedback -name '*.html'")
        assert ran.code == 0, ran.printed
        assert f"{COURSE_ID} {SLUG} (already downloaded)" in ran.printed
        assert "feedback already fetched" in ran.printed
        assert f"/{SLUG}.html\n" in ran.printed


def test_feedback_and_hand_ins_are_in_the_folder_of_their_learner(walk: Pods) -> None:
    place = walk.on_drive("autumn", "exchange", COURSE_ID)
    for kind in ("inbound", "feedback"):
        assert {path.name for path in (place / kind).iterdir()} == set(WALKERS)
        for path in (place / kind).iterdir():
            assert list(path.iterdir()), f"{kind} of {path.name}"


def test_a_pod_shows_a_learner_nothing_of_others(walk: Pods) -> None:
    ran = walk.learner(EVE, "find / -xdev -path /proc -prune -o -print 2>/dev/null; find /srv /mnt 2>/dev/null")
    lines = set(ran.printed.splitlines())
    assert any(f"{EXCHANGE}/inbound/" in line for line in lines), "their own hand-in is there"
    assert f"{EXCHANGE}/outbound/{SLUG}/{SLUG}.ipynb" in lines
    for secret in ("gradebook.db", "coursework", f"/{ANN}", f"/{ZOE}", "spring"):
        assert [line for line in lines if line.startswith(("/srv", "/mnt")) and secret in line] == []
    ann = next(walk.on_drive("autumn", "exchange", COURSE_ID, "feedback", ANN).iterdir())
    assert not [line for line in lines if line.endswith(ann.name)]
    assert "No such file" in walk.learner(EVE, f"ls {EXCHANGE}/inbound/../../../coursework").printed
    assert "denied" in walk.learner(EVE, f"ls {walk.machine.drive}").printed


def test_released_exercises_and_feedback_can_only_be_read(walk: Pods) -> None:
    for place in ("outbound", f"outbound/{SLUG}", "feedback"):
        assert "Read-only" in walk.learner(EVE, f"touch {EXCHANGE}/{place}/x").printed
    assert walk.learner(EVE, f"touch {EXCHANGE}/inbound/x && rm {EXCHANGE}/inbound/x").code == 0


def test_a_forged_name_counts_as_whose_folder_it_is_in_and_takes_nothing_from_anybody(walk: Pods) -> None:
    anns = collected(walk, ANN)
    line = f"nbgrader submit {SLUG} --student {ANN} --ExchangeSubmit.student_id={ANN}"
    assert walk.learner(EVE, line).code == 0
    forged = [path.name for path in walk.on_drive("autumn", "exchange", COURSE_ID, "inbound", EVE).iterdir()]
    assert any(name.startswith(f"{ANN}+") for name in forged), "nbgrader let nobody forge: this needs another way"
    before = collected(walk, EVE)["timestamp.txt"]
    ran = walk.desk("autumn", f"course collect {SLUG}")
    assert ran.code == 0, ran.printed
    assert collected(walk, ANN) == anns
    assert collected(walk, EVE)["timestamp.txt"] > before


def test_links_and_hostile_names_are_refused_by_name_and_lead_nowhere(walk: Pods) -> None:
    stamp = "2027-01-01 12:00:00.000000 UTC"
    own = f"{EXCHANGE}/inbound"
    for line in (
        f"ln -s /srv/building-trust/autumn/coursework '{own}/a+{SLUG}+{stamp}+x'",
        f"ln -s ../{ANN} '{own}/b+{SLUG}+{stamp}+x'",
        f"mkdir '{own}/c+{SLUG}+{stamp}+x' && cd '{own}/c+{SLUG}+{stamp}+x' "
        f"&& ln -s ../../../../../coursework/gradebook.db {SLUG}.ipynb",
        f"mkdir \"{own}/$(printf '\\033[2Jd\\n')+{SLUG}+{stamp}+x\"",
    ):
        ran = walk.learner(EVE, line)
        assert ran.code == 0, ran.printed
    theirs, anns = collected(walk, EVE), collected(walk, ANN)
    ran = walk.desk("autumn", f"course collect {SLUG} || true")
    assert EVE in ran.printed
    assert "\x1b" not in ran.printed
    assert (collected(walk, EVE), collected(walk, ANN)) == (theirs, anns)


def test_a_course_directory_is_brought_up_to_date_as_the_trainers_server_starts(walk: Pods) -> None:
    source = walk.on_drive("autumn", "coursework", "source", SLUG, f"{SLUG}.ipynb")
    whole = source.read_bytes()
    source.unlink()
    walk.machine.start(walk.trainers["autumn"])
    assert source.read_bytes() == whole


def test_a_backup_is_restored_in_a_pod_as_the_guide_says(walk: Pods) -> None:
    lines = re.findall(r"^in_pod '(.+)'$", (ROOT / "DEPLOYING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == 4
    trainers = walk.trainers["autumn"]
    before = standings(walk)
    made = walk.desk("autumn", "course backup ~/backup.zip")
    assert made.code == 0, made.printed
    anns = collected(walk, ANN)
    for line in lines:
        ran = walk.machine.run(trainers, line.replace("/tmp/backup.zip", "~/backup.zip"))
        assert ran.code == 0, (line, ran.printed)
    assert collected(walk, ANN) == anns
    assert standings(walk) == before


def standings(pods: Pods) -> Any:
    """Mark what there is to mark, and return how the exercise stands."""
    ran = pods.desk("autumn", f"course grade {SLUG} --json")
    assert ran.code == 0, ran.printed
    (found,) = json.loads(ran.printed)["standings"]
    assert found["handed_in"] == len(WALKERS)
    return found
