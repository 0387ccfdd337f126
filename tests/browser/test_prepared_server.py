"""A plain `jupyter lab`, started as the dev container starts it, shows the course's pages and runs them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.content import words
from tests.browser.learner import LESSON, OPENING
from tests.jupyter_server import open_server
from tests.paths import ROOT

pytestmark = pytest.mark.browser


def test_a_dev_container_opens_the_course_and_runs_a_lesson(page: Page, tmp_path: Path) -> None:
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    line = container["postAttachCommand"].replace(".venv/bin/course", f"{sys.executable} -m course").split()
    variables = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath])}
    with open_server(line, tmp_path, tmp_path, **variables) as base:
        page.goto(f"{base}/?token=plain")
        assert page.url.partition("?")[0] == f"{base}/read/notebooks/start.ipynb"
        page.goto(f"{base}/read/{LESSON}?token=plain")
        page.wait_for_selector('[data-course="ready"]', timeout=OPENING)
        assert page.locator("[data-card]").count() > 10
        expect(page.locator("#frame-notices")).to_contain_text(words("frame.on-a-server"))
        page.goto(f"{base}/lab")
        expect(page.locator("#jp-main-dock-panel")).to_be_visible(timeout=OPENING)
        page.goto("about:blank")  # Lab goes on asking, and would throw where its server has ended
