"""Every page that a learner opens, held against WCAG 2.2, levels A and AA, with axe-core: no rule is excepted.

The lessons are looked at where they are worked through, in `test_lesson_0.py` and `test_lessons.py`, and My journal in
`test_journal.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.core.notebooks import material
from course.learner.working_copy import FOR_OTHERS
from tests.browser.learner import Learner
from tests.browser.test_journal import JOURNAL
from tests.browser.test_lesson_0 import LESSON
from tests.browser.test_lessons import NOTEBOOKS
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

PAGES = sorted(
    {
        str(path.relative_to(material()))
        for part in ("notebooks", "exercises")
        for path in material().glob(f"{part}/**/*.ipynb")
        if path.name not in FOR_OTHERS
    }
    - {LESSON, JOURNAL, *NOTEBOOKS}
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_course_has_no_fault(
    tab: Page, course: RunningCourse, violations: Callable[..., list[str]], path: str
) -> None:
    Learner(tab, course).open(path)
    assert violations(tab) == []


WRONG = "'<img src=x><input><p role=paragraph><a href=x></a></p>'"


def test_the_look_for_faults_can_fail(tab: Page, course: RunningCourse, violations: Callable[..., list[str]]) -> None:
    page = "notebooks/credits.ipynb"
    Learner(tab, course).open(page)
    tab.evaluate(f"document.querySelector('.frame-words').innerHTML += {WRONG}")
    found = {fault.partition(":")[0] for fault in violations(tab)}
    assert {"image-alt", "label", "link-name"} <= found
