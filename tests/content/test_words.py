"""The whole course speaks as one: the same labels, the same promises of privacy, and no notes of its makers."""

from __future__ import annotations

import re
from pathlib import Path

from course.authoring.notebook_page import NotebookPage, find_notebooks
from course.authoring.readability import exercise_figures
from course.content.lessons import lessons
from course.core.notebooks import read_notebook, source
from tests.cases import every
from tests.paths import ROOT

EVERY = find_notebooks([ROOT / "notebooks", ROOT / "source"], ROOT)
SLUGS = [lesson.key for lesson in lessons()]

PRIVACY = """
> Your trainer will read this.
> Use roles, not names.
> Leave out anything private.
> You may change details.
> You are marked on your thinking, not on how well things went.
""".strip()


def cells(folder: str, slug: str) -> list[dict[str, str]]:
    """Return the cells of a lesson or of an exercise, each with its id, its text and its tags."""
    path = ROOT / folder / (slug if folder == "source" else "") / f"{slug}.ipynb"
    return [
        {"id": cell["id"], "text": source(cell), "tags": " ".join(cell["metadata"].get("tags", []))}
        for cell in read_notebook(path)["cells"]
    ]


def text(path: Path) -> str:
    """Return all that stands in a notebook's cells."""
    return "\n".join(source(cell) for cell in read_notebook(path)["cells"])


@every("slug", SLUGS)
def test_the_promise_of_privacy_stands_right_above_each_reflection(slug: str) -> None:
    found = cells("source", slug)
    place = next(number for number, cell in enumerate(found) if cell["id"] == "reflection")
    assert found[place - 1]["text"].endswith(PRIVACY)


@every("slug", SLUGS)
def test_every_exercise_of_a_lesson_says_that_it_is_private(slug: str) -> None:
    headings = [cell["text"] for cell in cells("notebooks", slug) if "try-it" in cell["tags"]]
    assert len(headings) > 2
    assert [heading for heading in headings if "Private: only you see this" not in heading] == []


@every("slug", SLUGS)
def test_made_up_people_are_said_to_be(slug: str) -> None:
    for cell in cells("notebooks", slug):
        if found := re.search(r"\*[^*\n]*made up\.?[^*\n]*\*", cell["text"]):
            assert "Practice scenario" in found[0]


@every("slug", SLUGS)
def test_a_lesson_leads_to_its_exercise_to_the_next_page_and_home(slug: str) -> None:
    whole = "\n".join(cell["text"] for cell in cells("notebooks", slug))
    after = [*SLUGS, "day-30"][SLUGS.index(slug) + 1]
    for target in (f"../exercises/{slug}/{slug}.ipynb", f"{after}.ipynb", "start.ipynb", "credits.ipynb"):
        assert f"]({target})" in whole


@every("slug", SLUGS)
def test_a_lesson_says_how_long_its_exercise_takes(slug: str) -> None:
    minutes = exercise_minutes(slug)
    found = {cell["id"]: cell["text"] for cell in cells("notebooks", slug)}
    assert f"The exercise of this lesson takes about {minutes} minutes more." in found["title"]
    assert f"takes about {minutes} minutes." in found["marked-task"]


def test_the_time_for_all_lessons_and_all_exercises_is_their_true_sum() -> None:
    in_lessons = in_hours(sum(lesson.minutes for lesson in lessons()))
    in_exercises = in_hours(sum(exercise_minutes(slug) for slug in SLUGS))
    pages = [text(ROOT / "notebooks" / f"{name}.ipynb") for name in ("start", "starting-point")]
    assert [
        re.findall(r"take about (.+?) in all, and \S+ (?:eight )?exercises about (.+?) more", page) for page in pages
    ] == [[(in_lessons, in_exercises)]] * 2


def exercise_minutes(slug: str) -> int:
    """Return the minutes that an exercise promises."""
    found = exercise_figures(NotebookPage(ROOT / "source" / slug / f"{slug}.ipynb", ROOT))
    assert found
    return found.planned


def in_hours(minutes: int) -> str:
    """Return minutes as the pages say them, to the nearest ten."""
    hours, rest = divmod(10 * round(minutes / 10), 60)
    return f"{hours} hours" + (f" {rest} minutes" if rest else "")


@every("path", EVERY)
def test_no_note_of_the_makers_is_left(path: Path) -> None:
    assert re.findall(r"\[(?:S[123]|V|GK)\b[^]]*\]|\b(?:TODO|FIXME|TBC)\b", text(path)) == []


@every("path", EVERY)
def test_the_tone_is_calm_and_plain(path: Path) -> None:
    said = re.sub(r"“[^”]*”|<!--.*?-->|!=|^\s*! .*$", "", text(path), flags=re.MULTILINE)
    assert re.findall(r".*—.*|.*\w!.*", said) == []


@every("path", EVERY)
def test_feedback_names_options_by_their_words(path: Path) -> None:
    """Cards show no letters, so feedback such as “look at B and E” would point at nothing."""
    prose = re.sub(r"\bof=\"[A-Z]+\"|\bask\.\w+|### .*", "", text(path))
    assert re.findall(r"\b[A-H] and [A-H]\b|\b[Oo]ptions? [A-H]\b|\b[A-H] is\b|[Cc]heck [A-H]\b", prose) == []
