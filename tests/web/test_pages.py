"""The pages of the web edition."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from course.content.lessons import lessons
from course.core.notebooks import material, read_notebook
from course.frame.page import page_of
from course.web import pages

FIRST: pages.FirstSight = {
    "models": {"first-1": {"_esm": "./CardWidget.js"}, "first-2": {"_esm": "./CardWidget.js"}},
    "cells": {},
}


def page_text(name: str) -> str:
    return pages.page(name, material() / name, "0123456789abcdef", ["frame.js"], FIRST).decode()


def frame_data(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="frame-data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {name: page_text(name) for name in pages.learner_pages()}


def test_the_code_of_a_page_is_the_notebooks_own(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        assert frame_data(text)["code"] == page_of(read_notebook(material() / name)).code, name


def test_lessons_and_exercises_of_one_name_are_two_pages() -> None:
    files = [pages.page_file(name) for name in pages.learner_pages()]
    assert len(set(files)) == len(files)
    for lesson in lessons():
        assert {f"notebooks/{lesson.key}.html", f"exercises/{lesson.key}.html"} <= set(files)


def test_no_link_leads_to_a_notebook(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        assert not re.search(r'href="[^"]*\.ipynb', text), name


def test_a_page_loads_only_from_the_folder_of_its_own_version(texts: dict[str, str]) -> None:
    folder = "../assets/0123456789abcdef/"
    names = ["page.css", "frame.js", "CardWidget.js", "page.js"]
    for name, text in texts.items():
        loaded = re.findall(r'<(?:link rel="(?:stylesheet|modulepreload)"|script)[^>]* (?:href|src)="([^"]+)"', text)
        assert loaded == [folder + file for file in names], name
        web = frame_data(text)["web"]
        assert isinstance(web, dict)
        assert (web["assets"], web["first"]) == (folder, FIRST)


def test_the_policy_stands_in_front_of_all_that_it_is_for(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        head = text.partition("</head>")[0]
        policy = head.index("Content-Security-Policy")
        assert policy < head.index("<link"), name
        assert policy < head.index("<script"), name


def test_the_policy_lets_no_text_become_a_script_and_nothing_come_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in pages.POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == ["'self'", "'wasm-unsafe-eval'"]
    assert rules["connect-src"] == rules["worker-src"] == "'self'"
    assert "http" not in pages.POLICY


def test_no_page_has_a_script_or_a_handler_of_its_own(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        scripts = re.findall(r"<script\b([^>]*)>([^<]*)", text)
        assert [content for attributes, content in scripts if "application/json" not in attributes and content] == []
        assert not re.search(r"<[^>]*\son[a-z]+=", text), name


def test_the_sites_own_address_leads_to_all_lessons() -> None:
    text = pages.index_page().decode()
    assert 'content="0; url=notebooks/start.html"' in text
    assert '<a href="notebooks/start.html">' in text
    assert "<html lang=" in text


def test_notebooks_for_others_are_no_pages() -> None:
    assert {path.name for path in pages.learner_pages().values()}.isdisjoint(
        {"for-trainers.ipynb", "for-facilitators.ipynb"}
    )
    assert (Path(material()) / "notebooks" / "for-trainers.ipynb").is_file()
