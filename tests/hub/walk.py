"""An exercise done by two cohorts on a real Hub: released, fetched, answered, handed in, marked and fed back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from tests.conftest import ANSWER
from tests.exercise_keys import right, wrong
from tests.hub.cohorts import ACCOUNTS, LEARNERS, HubOfCohorts

SLUG: Final = "two-questions"
REFLECTION: Final = "Synthetic: on Tuesday I asked the night staff what worries them, and only listened. " * 12
BEST: Final = LEARNERS["autumn"][0]
"""Who answers the second question right; all others answer it wrong."""
IN_THE_COPY: Final = f"import os, sys\nos.chdir(os.path.expanduser('~/building-trust/exercises/{SLUG}'))"


@dataclass
class Walk:
    """An exercise from its release to the feedback on it, and what servers said on the way."""

    cohorts: HubOfCohorts
    said: dict[str, Any] = field(default_factory=dict)

    def release(self, cohort: str) -> None:
        people = "id,first_name\\n" + "\\n".join(f"{name},Synthetic" for name in LEARNERS[cohort])
        self.desk(cohort, f"printf '{people}' > people.csv && course roster people.csv --yes && course release {SLUG}")

    def hand_in(self, name: str) -> None:
        """Have a learner fetch the exercise, answer it and hand it in."""
        learner = self.cohorts.learner(name)
        self.said[f"{name} fetched"] = learner.assignment("fetch", SLUG)
        answer = right(SLUG, "q2") if name == BEST else wrong(SLUG, "q2")
        given = {"q2": {"pick": answer}, "reflection": {"text": f"{name}: {REFLECTION}"}}
        arguments = f"sys.argv[1:] = {[SLUG, json.dumps(given)]!r}"
        learner.execute("\n".join([IN_THE_COPY, arguments, ANSWER]))
        self.said[f"{name} handed in"] = learner.assignment("submit", SLUG)

    def mark(self, cohort: str) -> None:
        """Have the trainer collect and mark, give marks for the reflections in the formgrader, and give feedback."""
        self.said[f"{cohort} collected"] = self.desk(cohort, f"course collect {SLUG}")
        self.said[f"{cohort} marked"] = self.desk(cohort, f"course grade {SLUG}")
        trainer, desk = self.cohorts.trainer(cohort), ACCOUNTS[cohort]
        for name in LEARNERS[cohort]:
            page = trainer.server(f"formgrader/api/submitted_notebooks/{SLUG}/{SLUG}", of=desk)
            submissions = {entry["student"]: entry["id"] for entry in page.json}
            grades = trainer.server(f"formgrader/api/grades?submission_id={submissions[name]}", of=desk).json
            (reflection,) = [grade for grade in grades if grade["name"] == "reflection-marks"]
            given = trainer.server(
                f"formgrader/api/grade/{reflection['id']}", {**reflection, "manual_score": 7}, "PUT", of=desk
            )
            assert given.status == 200, given.text
        self.said[f"{cohort} feedback"] = self.desk(cohort, f"course feedback {SLUG}")

    def desk(self, cohort: str, line: str) -> str:
        """Run a line in the shell of the cohort's account, as its trainer, and return what it printed."""
        code = (
            "import os, subprocess\n"
            "os.chdir(os.environ['BUILDING_TRUST_COURSEWORK'])\n"
            f"code, printed = subprocess.getstatusoutput({line!r})\n"
            "print(printed)\n"
            "assert code == 0, printed\n"
        )
        return self.cohorts.trainer(cohort).execute(code, of=ACCOUNTS[cohort])
