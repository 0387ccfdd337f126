"""The formgrader's pages say in their headers what they may do, and learners' files and data are no pages."""

from __future__ import annotations

import re

import pytest
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from tornado.web import Application, StaticFileHandler

from course.trainer.pages.formgrader import NO_PAGE, PAGE, _guarded, _Guarding


def policy(handler: type) -> str:
    found = _guarded(handler).__dict__["content_security_policy"].fget(None)
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("handler", [handlers.SubmissionHandler, handlers.ManageStudentsHandler, handlers.Template404])
def test_pages_ask_no_other_host(handler: type) -> None:
    assert policy(handler) == PAGE
    assert not re.search(r"https?:|\*", PAGE)
    assert "base-uri 'none'" in PAGE


@pytest.mark.parametrize(
    "handler", [handlers.SubmissionFilesHandler, apihandlers.StudentCollectionHandler, apihandlers.CommentHandler]
)
def test_learners_files_and_data_run_nothing(handler: type) -> None:
    assert policy(handler) == NO_PAGE
    assert "sandbox" in NO_PAGE
    assert "allow" not in NO_PAGE


def test_every_handler_of_nbgraders_is_guarded_and_keeps_its_address() -> None:
    app = Application(base_url="/")
    rules = [*handlers.default_handlers, *apihandlers.default_handlers]
    _Guarding(app).add_handlers(".*$", rules)
    added = next(rule.target.rules for rule in app.default_router.rules if len(rule.target.rules) == len(rules))
    assert [rule.matcher.regex.pattern.rstrip("$") for rule in added] == [path.rstrip("$") for path, *_ in rules]
    for rule in added:
        assert "content_security_policy" in rule.target.__dict__ or rule.target is StaticFileHandler
