"""A restart in the middle: what the facilitator did and what was shown is as it was."""

from __future__ import annotations

from course.room.open_room import OpenRoom
from tests.room.stage import Browser, Host, Stage, answer


def say(phones: list[Browser], room: OpenRoom, part: str, answers: str, revision: int = 1) -> None:
    for phone, given in zip(phones, answers, strict=False):
        assert answer(phone, room, part, given, revision).status == 200


def counts(host: Host) -> object:
    return host.get(f"/console/{host.room}/export.json").json["charts"][0]["spec"]["parts"][0]["shown"]


def test_a_room_goes_on_where_it_was(stage: Stage, room: OpenRoom, host: Host) -> None:
    phones = [stage.phone(room) for _ in range(6)]
    host.act("open", question="attention")
    for number, phone in enumerate(phones):
        answer(phone, room, "attention", f"word {number}")
    for line in host.view()["lines"]:
        host.act("approve", line=line["line"])
    host.act("group", lines=[line["line"] for line in host.view()["lines"][:2]])
    host.act("boundary", question="boundaries", line="sources", text="We keep names out of it.")
    host.act("step", step="agree")
    host.act("step", step="check-in")
    host.act("reveal", question="attention")
    before = [host.view(), host.view("screen"), phones[0].get(f"/r/{room.room}/").json]
    stage.restart()
    assert [host.view(), host.view("screen"), phones[0].get(f"/r/{room.room}/").json] == before
    assert len(before[1]["results"][0]["lines"]) >= 4
    assert answer(phones[0], room, "attention", "another", 2).status == 200


def test_a_picture_that_was_seen_stays_as_it_was_after_a_restart(stage: Stage, room: OpenRoom, host: Host) -> None:
    phones = [stage.phone(room) for _ in range(12)]
    host.act("open", question="leak")
    say(phones[:11], room, "leak", "AAAAAACCCCC")
    host.act("close", question="leak")
    host.act("reveal", question="leak")
    shown = counts(host)
    assert shown == {"counts": {"A": 6, "B": 0, "C": 5}, "people": 11, "in_bands": False}
    host.act("open", question="leak")
    say(phones[11:], room, "leak", "B")
    say(phones[:1], room, "leak", "B", 2)
    stage.restart()
    host.act("close", question="leak")
    assert counts(host) == shown


def test_what_is_said_of_numbers_goes_in_steps_of_five(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.act("open", question="leak")
    seen = []
    for _ in range(6):
        answer(stage.phone(room), room, "leak", "A")
        view = host.view()
        asked = next(one for one in view["questions"] if one["question"] == "leak")
        seen.append((view["joined"], asked["answered"]))
    assert seen == [(0, 0)] * 4 + [(5, 5)] * 2


def test_nothing_is_shown_of_four(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.act("open", question="leak")
    say([stage.phone(room) for _ in range(4)], room, "leak", "AABB")
    host.act("close", question="leak")
    host.act("reveal", question="leak")
    assert counts(host) == {"said": "not-enough", "option": ""}
    taken = host.get(f"/console/{room.room}/export.csv").body.decode("utf-8-sig")
    assert "not-enough" in taken


def test_a_wall_that_lost_lines_does_not_grow_by_a_few_after_a_restart(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    host.act("open", question="attention")
    for number in range(8):
        answer(stage.phone(room), room, "attention", f"word {number}")
    first, later = lines(host)[:6], lines(host)[6:]
    for line in first:
        host.act("approve", line=line)
    host.act("reveal", question="attention")
    seen = on_the_wall(host)
    assert len(seen) == 5
    for line in sorted(seen)[:2]:
        host.act("hide", line=line)
    assert on_the_wall(host) == set()
    stage.restart()
    for line in later:
        host.act("approve", line=line)
    assert on_the_wall(host) == set()
    for line in sorted(seen)[:2]:
        host.act("approve", line=line)
    assert on_the_wall(host) == seen


def lines(host: Host) -> list[str]:
    return [line["line"] for line in host.view()["lines"]]


def on_the_wall(host: Host) -> set[str]:
    return {line["line"] for line in host.view("screen")["results"][0]["lines"]}
