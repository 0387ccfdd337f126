"""The list of cohorts as a file, and a command that is run for each of them."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course.core.errors import BadCohort
from course.hub import Cohort, read_cohorts
from course.hub.each_cohort import share
from course.trainer.command_support import REFUSED
from tests.cases import every

LIST = """
[autumn-a]
learners = ["kim", "ana"]
trainers = ["robin"]
gradebook = "postgresql://autumn_a:secret@postgres/autumn_a"

[autumn-b]

[spring]
account = "desk"
"""
PRINT = "import json, os, sys; print(json.dumps([sys.argv[1:], {k: v for k, v in os.environ.items() if 'TRUST' in k}]))"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cohorts.toml"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_each_table_is_a_cohort_with_folders_of_its_own_name(file: Path) -> None:
    first, second, third = read_cohorts(file)
    assert first == Cohort(
        "autumn-a",
        Path("/srv/building-trust/autumn-a/coursework"),
        Path("/srv/building-trust/autumn-a/exchange"),
        "postgresql://autumn_a:secret@postgres/autumn_a",
        learners=("kim", "ana"),
        trainers=("robin",),
    )
    assert (second.name, second.gradebook, second.learners) == ("autumn-b", "", ())
    assert third.account_name == "desk"
    assert read_cohorts(file, Path("/data"))[1].exchange == Path("/data/autumn-b/exchange")


@every(
    "text, words",
    [
        ('[a]\nlearner = ["secret"]', "has what no cohort has: learner"),
        ('[a]\nlearners = "secret"', "“a.learners” is no list of names"),
        ("[a]\ngradebook = 5", "“a.gradebook” is no text"),
        ('a = "secret"', "is no table of a cohort"),
        ('[a]\ngradebook = "secret', "Unterminated string (at end of document)"),
        ('[a]\ngradebook = "secret\n', "Illegal character '\\n' (at line 2, column 20)"),
        ("[A b]\n", "(at line 1, column 4)"),
        ("a = " + "[" * 5000, "too deep"),
        ("[a]\0", "it is no text"),
        ('["A b"]\n', "cannot have the name"),
    ],
)
def test_a_list_that_cannot_be_used_is_said_without_what_is_in_it(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "cohorts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadCohort) as told:
        read_cohorts(path)
    assert words in told.value.message
    assert "secret" not in str(told.value)
    assert told.value.hint


def test_a_list_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadCohort, match="cannot be read"):
        read_cohorts(tmp_path / "cohorts.toml")


def test_every_cohort_is_in_one_share_whatever_their_number() -> None:
    for number in range(6):
        cohorts = [Cohort(f"c{index}", Path(f"/{index}"), Path(f"/x{index}")) for index in range(number)]
        for of in (1, 2, 5, 9):
            shares = [cohort for index in range(of) for cohort in share(cohorts, index, of)]
            assert sorted(cohort.name for cohort in shares) == sorted(cohort.name for cohort in cohorts)
    with pytest.raises(BadCohort, match="no share 3 of 3"):
        share([], 3, 3)


def run(file: Path, *arguments: str, index: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "course.hub.each_cohort", "--list", str(file), *arguments],
        env={"JOB_COMPLETION_INDEX": str(index), "BUILDING_TRUST_EXCHANGE_LAYOUT": "by-learner", "PATH": os.defpath},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_command_is_run_for_the_cohorts_of_a_share_with_their_settings(file: Path) -> None:
    done = run(file, "--of", "2", "--", sys.executable, "-c", PRINT, "{cohort}-{day}.zip", index=0)
    assert done.returncode == 0, done.stderr
    ran = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[[")]
    assert [arguments[0].partition("-20")[0] for arguments, _ in ran] == ["autumn-a", "spring"]
    _, variables = ran[0]
    assert variables == {
        "BUILDING_TRUST_COURSEWORK": "/srv/building-trust/autumn-a/coursework",
        "BUILDING_TRUST_EXCHANGE": "/srv/building-trust/autumn-a/exchange",
        "BUILDING_TRUST_EXCHANGE_LAYOUT": "by-learner",
        "BUILDING_TRUST_GRADEBOOK": "postgresql://autumn_a:secret@postgres/autumn_a",
    }
    said = [line for line in done.stdout.splitlines() if not line.startswith("[[")]
    assert "secret" not in "".join(said)


@pytest.mark.slow
def test_a_failure_stops_no_other_cohort(file: Path) -> None:
    code = "import os, sys; print('ran'); sys.exit(int(os.environ['BUILDING_TRUST_COURSEWORK'].count('-a')))"
    failed = run(file, sys.executable, "-c", code)
    assert failed.stdout.count("ran\n") == 3
    assert "autumn-a: ended with 1" in failed.stdout
    assert failed.returncode == 1
    missing = run(file, "no-such-command")
    assert missing.stdout.count("not begun: No such file") == 3
    assert (missing.returncode, missing.stderr) == (1, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "first, is_well",
    [
        ("pass", True),
        (f"raise SystemExit({REFUSED})", True),
        ("raise SystemExit(1)", False),
        ("raise LookupError", False),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", False),
    ],
)
def test_what_comes_first_may_refuse_and_not_crash_and_stops_nothing(file: Path, first: str, is_well: bool) -> None:
    done = run(file, "--first", shlex.join([sys.executable, "-c", first]), "--", sys.executable, "-c", "print('ran')")
    assert done.stdout.count("ran\n") == 3
    assert (done.returncode == 0) is is_well


@pytest.mark.slow
def test_a_refusal_of_the_command_itself_is_said(file: Path) -> None:
    assert run(file, sys.executable, "-c", f"raise SystemExit({REFUSED})").returncode == 1


@pytest.mark.slow
def test_a_list_that_is_not_there_and_a_command_that_is_not_named_are_said(tmp_path: Path, file: Path) -> None:
    missing = run(tmp_path / "none", "true")
    assert missing.returncode == 2
    assert "cannot be read" in missing.stderr
    assert "Traceback" not in missing.stderr
    assert "Name a command" in run(file).stderr
