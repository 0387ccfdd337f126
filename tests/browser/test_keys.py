"""In Jupyter itself: no key pressed in a card reaches the notebook's own shortcuts."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from playwright.sync_api import Page, Request, TimeoutError, expect

from tests.browser.learner import OPENING
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

EVERY_PART = """
from course.records.answers.answers import Answers
from course.activities import controls
from course.activities.card import Card
from course.activities.widget import CardWidget

class Everything(Card):
    kind = "everything"
    def body(self):
        options = [controls.choice("A", "First"), controls.choice("B", "Second")]
        return [
            controls.radios("radios", "Radios", options, "A"),
            controls.checks("checks", "Checks", options, []),
            controls.line("line", "Line", ""),
            controls.area("area", "Area", "", most=100),
            controls.date("date", "Date", "2026-11-22"),
            controls.number("number", "Number", 3, 0, 10, 1, slider=True, unset="Not set"),
            controls.order("order", "Order", options, "Move up", "Move down"),
            controls.buttons("row", [controls.button("nothing", "Nothing")]),
        ]
    def change(self, control, value):
        pass

CardWidget(Everything("everything", Answers(None, "lesson", "starting-point")))
"""
CONTROLS = {
    "radios": "[data-control=radios] input >> nth=0",
    "checks": "[data-control=checks] input >> nth=0",
    "line": "[data-control=line] textarea",
    "area": "[data-control=area] textarea",
    "date": "[data-control=date] input",
    "number": "[data-control=number] input[type=text]",
    "slider": "[data-control=number] input[type=range]",
    "clear": "[data-control=number] button",
    "order": "[data-control=order] button >> nth=1",
    "button": "[data-control=nothing]",
}
KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", *"babddmyrxzcv", "1", "0", "0", "Space", "Escape"]
CHORDS = ["Enter", "Shift+Enter", "Control+Enter", "Alt+Enter", "Control+s", "Shift+M", "Shift+ArrowDown", "Escape"]

STATE = """() => ({
  code: document.querySelectorAll(".jp-Notebook .jp-CodeCell").length,
  markdown: document.querySelectorAll(".jp-Notebook .jp-MarkdownCell").length,
  raw: document.querySelectorAll(".jp-Notebook .jp-RawCell").length,
  editing: document.querySelectorAll(".jp-Notebook.jp-mod-editMode").length,
  dialogs: document.querySelectorAll(".jp-Dialog").length,
})"""


@pytest.mark.parametrize("view", ["notebooks", "lab/tree"])
def test_no_key_pressed_in_a_card_reaches_the_notebook(tab: Page, course: RunningCourse, view: str) -> None:
    saves: list[str] = []

    def note(request: Request) -> None:
        if _is_save(request):
            saves.append(request.url)

    _show_card(tab, course, view)
    before = tab.evaluate(STATE)
    tab.on("request", note)
    wrong = [name for name, control in CONTROLS.items() if not _keeps_its_keys(tab, control, before)]
    tab.remove_listener("request", note)
    assert wrong == []
    assert saves == []


def _show_card(page: Page, course: RunningCourse, view: str) -> None:
    """Open a notebook with a card that has every control, and run it."""
    (course.copy / "keys.ipynb").write_text(json.dumps(_notebook()), encoding="utf-8")
    page.goto(course.notebook("keys.ipynb", view) + "&reset")  # Lab is told to forget which others were open
    code, card = page.locator(".jp-CodeCell .cm-content").first, page.locator(".bt-card")
    code.click(timeout=OPENING)
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first).to_be_attached(timeout=OPENING)
    for _ in range(6):  # Lab may take the focus away once more, as the last of its parts comes up
        code.click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(TimeoutError):
            card.wait_for(timeout=OPENING / 6)
            break
    expect(card).to_be_visible()


def _keeps_its_keys(page: Page, selector: str, before: dict[str, Any]) -> bool:
    """Press each key in a control and say whether the notebook stayed as it was and the focus on the card."""
    card = page.locator(".bt-card")
    for key in [*KEYS, *CHORDS]:
        card.locator(selector).focus()
        page.keyboard.press(key)
    has_focus = card.evaluate("card => card.contains(document.activeElement)")
    return bool(has_focus) and page.evaluate(STATE) == before | {"editing": 0}


def _is_save(request: Request) -> bool:
    return request.method in ("PUT", "PATCH") and "/api/contents" in request.url


def _notebook() -> dict[str, Any]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            {"cell_type": "markdown", "id": "above", "metadata": {}, "source": "Above"},
            {
                "cell_type": "code",
                "id": "card",
                "metadata": {},
                "source": EVERY_PART.strip(),
                "outputs": [],
                "execution_count": None,
            },
            {"cell_type": "markdown", "id": "below", "metadata": {}, "source": "Below"},
        ],
    }
