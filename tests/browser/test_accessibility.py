"""Every page that a learner opens, held against WCAG 2.2, levels A and AA, with axe-core."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.core.notebooks import material
from course.learner.working_copy import FOR_OTHERS
from tests.browser.faults import allowed
from tests.browser.learner import Learner
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

PAGES = sorted(
    str(path.relative_to(material()))
    for part in ("notebooks", "exercises")
    for path in material().glob(f"{part}/**/*.ipynb")
    if path.name not in FOR_OTHERS
)
OURS = ".jp-RenderedMarkdown, .jp-OutputArea-output, .course-Bar"
"""Where our own content is; what is around it is Jupyter's shell."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_course_has_no_fault(
    page: Page, course: RunningCourse, violations: Callable[..., list[str]], path: str
) -> None:
    Learner(page, course).open(path)
    assert violations(page, OURS) == []
    shell = [fault for fault in violations(page) if fault.partition(":")[0] not in allowed("jupyter")]
    assert shell == []


def test_the_look_for_faults_can_fail(page: Page, course: RunningCourse, violations: Callable[..., list[str]]) -> None:
    Learner(page, course).open("notebooks/credits.ipynb")
    page.evaluate("document.querySelector('.jp-Notebook .jp-RenderedMarkdown').innerHTML += '<img src=x><input>'")
    found = {fault.partition(":")[0] for fault in violations(page, OURS)}
    assert {"image-alt", "label"} <= found
