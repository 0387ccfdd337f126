"""A boundary that is put to the vote again in other words: votes for its former words do not count for the new ones."""

from __future__ import annotations

from typing import Any

import pytest

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = (
    "We may use what we learn, but not who said it.",
    "We name nobody.",
    "No names, also not outside.",
)
PARTS = ("boundaries.sources", "boundaries.sources.1", "boundaries.sources.2")


def reword(console: Console, text: str) -> int:
    return console.press("boundary", question="boundaries", line="sources", text=text).status


def vote(console: Console, session: Session, phones: list[Browser], part: str, values: str) -> None:
    """Open, let phones vote with k for keep and c for change, close and reveal."""
    console.press("open", question="boundaries")
    for phone, value in zip(phones, values, strict=True):
        reply = answer(phone, session, part, {"k": "keep", "c": "change"}[value])
        assert reply.status == 200, reply.body
    console.press("close", question="boundaries")
    console.press("reveal", question="boundaries")


def shown(console: Console) -> list[tuple[str, str, Any]]:
    """Return of each part of the chart its name, its words, and what is shown of it."""
    (chart,) = console.get(f"/console/{console.session}/export.json").json["charts"]
    return [(part["part"], part["text"], part["shown"]) for part in chart["spec"]["parts"]]


def counts(keep: int, change: int) -> dict[str, Any]:
    return {"counts": {"keep": keep, "change": change, "not-sure": 0}, "people": keep + change, "in_bands": False}


@pytest.fixture
def phones(live_server: LiveServer, session: Session) -> list[Browser]:
    return [live_server.phone(session) for _ in range(24)]


def test_votes_for_former_words_do_not_count_for_the_new_ones(
    live_server: LiveServer, session: Session, console: Console, phones: list[Browser]
) -> None:
    vote(console, session, phones, PARTS[0], "k" * 10 + "c" * 14)
    assert shown(console) == [(PARTS[0], FIRST, counts(10, 14))]
    assert reword(console, SECOND) == 200
    assert shown(console) == [(PARTS[0], FIRST, counts(10, 14))], "it was said of those words"
    console.press("open", question="boundaries")
    assert console.get(f"/console/{session.id}/export.json").json["charts"] == [], (
        "the former picture is off the screen"
    )
    late = answer(phones[0], session, PARTS[0], "change", 2)
    assert (late.status, "other words" in late.json["error"]) == (409, True)
    vote(console, session, phones, PARTS[1], "k" * 20 + "c" * 4)
    assert shown(console) == [(PARTS[1], SECOND, counts(20, 4))]
    live_server.restart()
    assert shown(console) == [(PARTS[1], SECOND, counts(20, 4))]
    assert reword(console, THIRD) == 200
    vote(console, session, phones, PARTS[2], "k" * 15 + "c" * 9)
    assert shown(console) == [(PARTS[2], THIRD, counts(15, 9))]


def test_opened_again_in_the_same_words_a_vote_goes_on(
    live_server: LiveServer, session: Session, console: Console, phones: list[Browser]
) -> None:
    vote(console, session, phones, PARTS[0], "k" * 10 + "c" * 14)
    reword(console, SECOND)
    reword(console, FIRST)
    vote(console, session, [live_server.phone(session) for _ in range(10)], PARTS[0], "k" * 10)
    assert shown(console) == [(PARTS[0], FIRST, counts(20, 14))]


def test_a_second_vote_is_not_shown_beside_the_first_where_few_have_changed_their_minds(
    session: Session, console: Console, phones: list[Browser]
) -> None:
    vote(console, session, phones, PARTS[0], "k" * 10 + "c" * 14)
    reword(console, "We may use what we learn but not who said it.")
    vote(console, session, phones, PARTS[1], "k" * 11 + "c" * 13)
    ((_, _, said),) = shown(console)
    assert said == {"said": "not-beside", "option": ""}


def test_no_words_are_changed_while_people_vote_on_them(session: Session, console: Console) -> None:
    assert reword(console, SECOND) == 200
    console.press("open", question="boundaries")
    assert reword(console, FIRST) == 409
    assert session.model.wording(session.model.script.question("boundaries"))["sources"] == SECOND  # type: ignore[arg-type]
    console.press("close", question="boundaries")
    assert reword(console, FIRST) == 200


def test_cards_that_were_printed_in_former_words_stay_with_these(
    live_server: LiveServer, session: Session, console: Console, phones: list[Browser]
) -> None:
    table = (
        "part,answer,count\nboundaries.sources,keep,{}\nboundaries.sources.1,keep,{}\nboundaries.sources.1,change,5\n"
    )
    console.press("open", question="boundaries")
    assert console.press("paper", csv=table.partition("boundaries.sources.1")[0].format(6)).status == 200
    console.press("close", question="boundaries")
    reword(console, SECOND)
    console.press("open", question="boundaries")
    assert console.press("paper", csv=table.format(6, 6)).status == 200
    refused = console.press("paper", csv=table.format(7, 6))
    assert (refused.status, "former words" in refused.json["error"]) == (409, True)
    console.press("close", question="boundaries")
    console.press("reveal", question="boundaries")
    live_server.restart()
    ((part, _, said),) = shown(console)
    assert (part, said["people"]) == (PARTS[1], 11)


def test_of_a_vote_on_former_words_nothing_is_kept_after_the_close(
    live_server: LiveServer, session: Session, console: Console, phones: list[Browser]
) -> None:
    vote(console, session, phones, PARTS[0], "k" * 10 + "c" * 14)
    reword(console, SECOND)
    vote(console, session, phones, PARTS[1], "k" * 20 + "c" * 4)
    console.press("close-session", days=7)
    assert [*live_server.server._store.totals(session.id)] == [PARTS[1]]
    live_server.restart()
    assert shown(console) == [(PARTS[1], SECOND, counts(20, 4))]
