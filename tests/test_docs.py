"""The guides say what the code does: every name a person can use is in its guide, and examples can be made."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections import Counter
from dataclasses import fields
from pathlib import Path

import click

from course.activities import Ask
from course.activities.marks import Mark
from course.authoring.rules_words import try_card
from course.charts import Show
from course.cli import main
from course.content import read_texts
from course.records.cohort_file import CohortFile, read_cohort_file
from course.trainer.reflections.comments import comments
from tests import settings_table
from tests.cases import every
from tests.paths import ROOT

AUTHORING, README, CONTRIBUTING = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("AUTHORING.md", "README.md", "CONTRIBUTING.md")
)
EVERYWHERE = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("*.md"))
EXAMPLES = re.findall(r"^```python\n(.*?)^```", AUTHORING, re.MULTILINE | re.DOTALL)
COHORT, COMMENTS, LEVELS = re.findall(
    r"^```toml\n(.*?)^```", (ROOT / "TRAINERS.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def names(door: type) -> list[str]:
    return [name for name in vars(door) if not name.startswith("_") and not name.endswith("_chart")]


def commands(group: click.Command = main, before: str = "course") -> list[str]:
    if not isinstance(group, click.Group):
        return [before]
    return [line for name, command in group.commands.items() for line in commands(command, f"{before} {name}")]


@every(
    "name",
    [*(f"ask.{n}" for n in names(Ask)), *(f"show.{n}" for n in names(Show)), *(f"mark.{n}" for n in names(Mark))],
)
def test_what_notebooks_call_is_in_the_guide(name: str) -> None:
    assert f"`{name}`" in AUTHORING


@every("command", commands())
def test_every_command_is_in_a_guide(command: str) -> None:
    assert re.search(rf"\b{command}\b", EVERYWHERE)


def test_every_setting_is_in_a_guide() -> None:
    settings = set(
        re.findall(r"\| (BUILDING_TRUST_\w+) ", (ROOT / "course" / "core" / "settings.py").read_text(encoding="utf-8"))
    )
    assert settings
    assert {name for name in settings if name not in EVERYWHERE} == set()


def test_the_guide_for_servers_has_the_settings_that_the_code_has() -> None:
    assert settings_table.in_guide() == settings_table.table(), "Run: .venv/bin/python -m tests.settings_table"


@every("example", EXAMPLES)
def test_every_example_can_be_made(example: str) -> None:
    statement = ast.parse(example).body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    try_card(statement.value)


def test_the_guide_for_trainers_shows_each_setting_of_a_cohort(tmp_path: Path) -> None:
    (tmp_path / "cohort.toml").write_text(COHORT, encoding="utf-8")
    assert read_cohort_file(tmp_path).marks
    (tmp_path / "cohort.toml").write_text(COHORT + LEVELS, encoding="utf-8")
    own = read_cohort_file(tmp_path).reflection("two-questions")
    assert [level.share for level in own.levels] == [100, 50, 0]
    assert own.comments
    assert len(tomllib.loads(COHORT + LEVELS)) == len(fields(CohortFile))


def test_the_comments_in_the_guide_for_trainers_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "comments.toml").write_text(COMMENTS, encoding="utf-8")
    assert comments(tmp_path, "two-questions")[3][:2] == tuple(tomllib.loads(COMMENTS)["two-questions"]["3"])


def test_the_guide_says_of_a_reflection_that_worries_what_the_marking_page_says() -> None:
    guide = (ROOT / "TRAINERS.md").read_text(encoding="utf-8").replace("**", "").translate({ord("`"): "“"})
    said = [text for key, text in read_texts("trainer.toml").flat().items() if key.startswith("marking-page.worry-")]
    assert said
    for text in said:
        assert text.replace("”", "“") in guide


def test_every_kind_of_exercise_has_an_example() -> None:
    assert {example.split("(")[0] for example in EXAMPLES} == {f"ask.{name}" for name in names(Ask)}


def test_commands_in_the_guides_exist() -> None:
    code = re.findall(r"^```bash\n(.*?)^```|`([^`\n]+)`", EVERYWHERE, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block, inline in code for line in (block or inline).splitlines()]
    named = (re.match(r"(?:\.venv/bin/)?course (?:--debug )?([a-z][a-z-]*)", line) for line in lines)
    used = {command[1] for command in named if command}
    made = {word for line in lines if line.startswith("make ") for word in shlex.split(line)[1:] if "=" not in word}
    assert used <= set(main.commands)
    assert made <= TARGETS


def test_links_between_the_guides_lead_somewhere() -> None:
    for guide in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", guide.read_text(encoding="utf-8")):
            assert "://" in target or (ROOT / target).exists(), f"{guide.name}: {target}"


def test_the_targets_of_make_are_listed() -> None:
    assert TARGETS >= {
        "learn",
        "teach",
        "workshop",
        "bench-room",
        "test",
        "check",
        "tidy",
        "release",
        "bench",
        "lesson",
        "lock",
        "clean",
    }


def test_the_guide_says_where_to_change_what_and_each_file_is_there() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+) \| (`course/.+`) \|$", guide, re.MULTILINE)
    assert len(rows) >= 15
    files = [name for _, cell in rows for name in re.findall(r"`([^`]+)`", cell)]
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_no_change_is_told_twice() -> None:
    """Git keeps both wordings of a line that two branches have changed (`merge=union`)."""
    changes = re.findall(r"^- .*", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    begun = Counter(change[:40] for change in changes)
    assert [start for start, times in begun.items() if times > 1] == []
