"""What the pages of a co-host get, as types: lines that wait to be read, and nothing else of the session."""

from __future__ import annotations

from typing import TypedDict

from course.workshop.page_views import PageView, SessionPage
from course.workshop.wire import ProblemView


class CoHostLine(TypedDict):
    """A card of lines that wait and say the same."""

    line: str
    names: list[str]
    text: str
    alike: list[str]
    count: int
    prompt: str
    """The question that they answer."""


class CoHostView(SessionPage):
    """What a co-host sees; the same for all."""

    lines: list[CoHostLine]


class CoHostPage(CoHostView):
    """A co-host's page, with the token of its forms."""

    token: str
    secure: bool
    problem: ProblemView | None


class PairPage(PageView):
    """Where a co-host's code is typed."""

    code: str
    secure: bool
    problem: ProblemView | None
