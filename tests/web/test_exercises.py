"""Exercises in the web edition: what is missing in one, and a hand-in file that is the same as a laptop's."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

from course.content import words
from course.core.notebooks import material, read_notebook
from course.frame.page import page_of
from course.records import submission_file
from course.records.answers.answers import Answers
from tests.exercise_keys import right
from tests.web.tabs import Tab, card, give

SLUG = "repair"
PATH = f"exercises/{SLUG}/{SLUG}.ipynb"
GIVEN = {"q1": ("pick", "q1"), "q3": ("pick", "q3")}
REFLECTION = "We said “stay here” and <b>meant</b> it. " * 40


def open_exercise(tab: Tab) -> None:
    code = page_of(read_notebook(material() / PATH)).code
    tab.page.open(PATH, json.dumps(code))


def answer(tab: Tab) -> None:
    for turn, (question, (control, key)) in enumerate(GIVEN.items(), start=1):
        give(tab, question, control, right(SLUG, key), turn=turn)
    give(tab, "reflection", "text", REFLECTION, turn=9)
    tab.keep()


def press(tab: Tab, label: str, button: str) -> None:
    message = {"event": "press", "control": button, "turn": 20}
    tab.page.take(card(label).model_id, json.dumps({"method": "custom", "content": message}))


def file_made(tab: Tab) -> bytes:
    """Give the learner's id, make the hand-in file, and return what the browser downloads."""
    give(tab, "hand-in", "learner", "synthetic-017", turn=10)
    press(tab, "hand-in", "make")
    tab.keep()
    controls: list[dict[str, Any]] = card("hand-in").controls
    (download,) = [control for control in controls if control["id"] == "download"]
    return base64.b64decode(download["data"])


def test_it_says_what_has_no_answer_yet(tmp_path: Path, database: dict[str, bytes]) -> None:
    tab = Tab(tmp_path / "tab", database)
    open_exercise(tab)
    answer(tab)
    sentences = json.loads(tab.page.call("check", json.dumps({"path": PATH})))
    assert sentences == [words("mark.no-answer-yet", question=f"Question {number}") for number in (2, 4, 5)]
    assert json.loads(tab.page.call("nothing of this name", "{}")) is None


def test_a_hand_in_file_from_a_browser_holds_what_one_from_a_laptop_holds(
    tmp_path: Path, database: dict[str, bytes]
) -> None:
    tab = Tab(tmp_path / "tab", database)
    open_exercise(tab)
    answer(tab)
    from_browser = submission_file.read(io.BytesIO(file_made(tab)))
    laptop = tmp_path / "laptop" / SLUG
    laptop.mkdir(parents=True)
    (laptop / f"{SLUG}.ipynb").write_bytes((material() / PATH).read_bytes())
    answers = Answers(laptop / "answers.json", "exercise", SLUG)
    for question, (_, key) in GIVEN.items():
        answers.save(question, right(SLUG, key))
    answers.save("reflection", REFLECTION)
    from_laptop = submission_file.read(submission_file.make(laptop, SLUG, "synthetic-017"))
    names = [f"{SLUG}.ipynb", "answers.json"]
    assert [from_browser.contents[name] for name in names] == [from_laptop.contents[name] for name in names]
    assert (from_browser.learner, from_browser.exercise_version) == ("synthetic-017", from_laptop.exercise_version)


def test_the_browser_keeps_answers_and_the_file_and_none_of_the_courses_own_pages(
    tmp_path: Path, database: dict[str, bytes]
) -> None:
    tab = Tab(tmp_path / "tab", database)
    open_exercise(tab)
    answer(tab)
    file_made(tab)
    assert sorted(name for name in database if name.startswith("work/")) == [
        f"work/exercises/{SLUG}/answers.json",
        f"work/exercises/{SLUG}/hand-in-{SLUG}.zip",
    ]


def test_the_start_page_knows_of_the_file(tmp_path: Path, database: dict[str, bytes]) -> None:
    tab = Tab(tmp_path / "tab", database)
    open_exercise(tab)
    answer(tab)
    file_made(tab)
    again = Tab(tmp_path / "again", database)
    again.page.open("notebooks/start.ipynb", json.dumps({"one": "from course import start\nstart()"}))
    shown = next(message["content"]["data"]["text/html"] for message in again.told if message.get("event") == "show")
    assert "Hand-in file made on" in shown
    assert "feedback-" not in shown
