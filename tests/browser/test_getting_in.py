"""Getting in: by the starter, and another day by a bookmark; whoever is not known is told what to do."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.content import words
from tests.jupyter_server import RunningCourse, open_course, variables_of
from tests.ports import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]
START = "read/notebooks/start.ipynb"


def note_what_is_opened(home: Path) -> str:
    """Return a browser that keeps a copy of each page it is asked to open, in place of showing it."""
    script = home / "browser.sh"
    script.write_text(
        f'#!/bin/sh\ncp "${{1#file://}}" "{home}/draft.html" && mv "{home}/draft.html" "{home}/opened.html"\n'
    )
    script.chmod(0o700)
    return f"{script} %s"


def opened(page: Page, home: Path) -> Path:
    """Return the page that the browser was asked to open, as soon as it was."""
    file = home / "opened.html"
    while not file.exists():
        page.wait_for_timeout(50)
    return file


def refused(course: RunningCourse, path: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{course.base}/{path}", headers=headers)) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_a_starter_lets_the_browser_in_and_a_bookmark_does_the_next_day(
    page: Page, tmp_path: Path, violations: Callable[..., list[str]]
) -> None:
    port = free_port()
    kept = tmp_path / ".local" / "share" / "building-trust" / "jupyter" / "learn" / "ports.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({str(tmp_path / "building-trust"): port}))
    browser = note_what_is_opened(tmp_path)
    bookmark = f"http://127.0.0.1:{port}/{START}"
    with open_course(tmp_path, BROWSER=browser) as course:
        private = course.copy / "open-the-course.html"
        first = opened(page, tmp_path)
        page.goto(first.as_uri())
        page.wait_for_url(bookmark)
        assert not private.exists()
        [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"].startswith("username")]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        assert str(port) in cookie["name"]
        page.goto(first.as_uri())
        expect(page.locator("h1")).to_have_text(words("sign-in.used"))
        assert violations(page) == []

        first.unlink()
        starter = tmp_path / f"{words('starter.learn')}.sh"
        places = variables_of(tmp_path) | {"BROWSER": browser}
        told = subprocess.run(["sh", starter], env=places, cwd=tmp_path, capture_output=True, text=True, input="")
        assert (told.returncode, told.stderr) == (0, "")
        assert told.stdout == words("view.runs") + "\n"
        page.context.clear_cookies()
        page.goto(opened(page, tmp_path).as_uri())
        page.wait_for_url(bookmark)
        assert refused(course, "login", Host="evil.example") == 403
        assert refused(course, "open-once/code", Cookie="username=x") in (403, 405)

    with open_course(tmp_path) as course:
        assert course.base == f"http://127.0.0.1:{port}"
        answer = page.goto(bookmark)
        assert answer is not None
        assert (answer.status, page.url) == (200, bookmark)
        page.context.clear_cookies()
        for path in (START, "lab/tree/notebooks/start.ipynb", "login"):
            answer = page.goto(f"{course.base}/{path}")
            assert answer is not None
            assert answer.status == 401
            expect(page.locator("h1")).to_have_text(words("sign-in.title"))
            expect(page.locator("li").first).to_contain_text(words("starter.learn"))
        assert violations(page) == []
        page.goto(course.start)
        expect(page).to_have_url(bookmark)
