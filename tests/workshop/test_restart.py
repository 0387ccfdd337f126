"""A restart in the middle: what the facilitator did and what was shown is as it was."""

from __future__ import annotations

from collections.abc import Sequence

from course.content import words
from course.workshop.session import OpenRoom
from tests.workshop.stage import Browser, Host, Stage, answer


def say(phones: list[Browser], room: OpenRoom, part: str, answers: Sequence[int | str], revision: int = 1) -> None:
    for phone, given in zip(phones, answers, strict=False):
        assert answer(phone, room, part, given, revision).status == 200


def counts(host: Host) -> object:
    return host.get(f"/console/{host.room}/export.json").json["charts"][0]["spec"]["parts"][0]["shown"]


def test_a_room_goes_on_where_it_was(stage: Stage, room: OpenRoom, host: Host) -> None:
    phones = [stage.phone(room) for _ in range(12)]
    host.press("open", question="attention")
    for number, phone in enumerate(phones):
        answer(phone, room, "attention", f"word {number}")
    for line in host.view()["lines"]:
        host.press("approve", line=line["line"])
    host.press("group", lines=[line["line"] for line in host.view()["lines"][:2]])
    host.press("boundary", question="boundaries", line="sources", text="We keep names out of it.")
    host.press("step", step="agree")
    host.press("step", step="check-in")
    host.press("reveal", question="attention")
    before = [host.view(), host.view("screen"), phones[0].get(f"/r/{room.room}/").json]
    stage.restart()
    assert [host.view(), host.view("screen"), phones[0].get(f"/r/{room.room}/").json] == before
    assert len(before[1]["results"][0]["lines"]) >= 4
    assert answer(phones[0], room, "attention", "another", 2).status == 200


def test_a_picture_that_was_seen_stays_as_it_was_after_a_restart(stage: Stage, room: OpenRoom, host: Host) -> None:
    phones = [stage.phone(room) for _ in range(12)]
    host.press("open", question="leak")
    say(phones[:11], room, "leak", "AAAAAACCCCC")
    host.press("close", question="leak")
    host.press("reveal", question="leak")
    shown = counts(host)
    assert shown == {"counts": {"A": 6, "B": 0, "C": 5}, "people": 11, "in_bands": False}
    host.press("open", question="leak")
    say(phones[11:], room, "leak", "B")
    say(phones[:1], room, "leak", "B", 2)
    stage.restart()
    host.press("close", question="leak")
    assert counts(host) == shown


def test_a_restart_does_not_let_a_second_picture_follow_that_few_have_touched(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    """Two questions were open at once; the first was shown, and only six changed their minds since."""
    phones = [stage.phone(room) for _ in range(12)]
    for question in ("group", "group-again"):
        host.press("open", question=question)
        say(phones, room, f"{question}.G2", [1] * 6 + [7] * 6)
    host.press("close", question="group")
    host.press("reveal", question="group")
    say(phones[6:], room, "group-again.G2", [1, 1, 1, 1, 1, 2], 2)
    stage.restart()
    host.press("close", question="group-again")
    host.press("reveal", question="group-again")
    shown = host.get(f"/console/{room.room}/export.json").json["charts"][1]["spec"]["parts"]
    assert next(part for part in shown if part["part"] == "group-again.G2")["shown"]["said"] == "not-beside"


def test_a_restart_does_not_forget_which_picture_was_there_first(stage: Stage, room: OpenRoom, host: Host) -> None:
    """The later question was shown first, and the earlier one was refused beside it."""
    phones = [stage.phone(room) for _ in range(12)]
    for question in ("group", "group-again"):
        host.press("open", question=question)
        say(phones, room, f"{question}.G2", [1] * 6 + [7] * 6 if question == "group" else [1] * 7 + [7] * 5)
    for question in ("group-again", "group"):
        host.press("close", question=question)
        host.press("reveal", question=question)

    def shown() -> list[object]:
        charts = host.get(f"/console/{room.room}/export.json").json["charts"]
        parts = [part for chart in charts for part in chart["spec"]["parts"] if part["part"].endswith(".G2")]
        return [part["shown"].get("said") for part in parts]

    assert shown() == ["not-beside", None]
    stage.restart()
    assert shown() == ["not-beside", None]


def test_what_is_said_of_numbers_goes_in_steps_of_five(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.press("open", question="leak")
    seen = []
    for _ in range(6):
        answer(stage.phone(room), room, "leak", "A")
        view = host.view()
        asked = next(one for one in view["questions"] if one["question"] == "leak")
        seen.append((view["joined"], asked["answered"]))
    assert seen == [(0, 0)] * 4 + [(5, 5)] * 2


def test_nothing_is_shown_of_four(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.press("open", question="leak")
    say([stage.phone(room) for _ in range(4)], room, "leak", "AABB")
    host.press("close", question="leak")
    host.press("reveal", question="leak")
    assert counts(host) == {"said": "not-enough", "option": ""}
    taken = host.get(f"/console/{room.room}/export.csv").body.decode("utf-8-sig")
    assert words("room.said-not-enough") in taken
    assert "not-enough" not in taken


def test_lines_of_a_few_who_came_late_are_on_no_wall_after_a_restart_either(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    write(stage, room, host, "word", 6)
    host.press("reveal", question="attention")
    seen = on_the_wall(host)
    assert len(seen) == 6
    write(stage, room, host, "late", 4)
    assert on_the_wall(host) == seen
    stage.restart()
    host.press("step", step="check-in")
    assert on_the_wall(host) == seen
    write(stage, room, host, "later", 1)
    assert len(on_the_wall(host)) == 11


def test_of_lines_that_were_on_a_wall_none_shows_while_they_are_fewer_than_five(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    write(stage, room, host, "word", 6)
    host.press("reveal", question="attention")
    seen = sorted(on_the_wall(host))
    for line in seen[:2]:
        host.press("hide", line=line)
    assert on_the_wall(host) == set()
    stage.restart()
    host.press("approve", line=seen[0])
    assert on_the_wall(host) == {seen[0], *seen[2:]}


def write(stage: Stage, room: OpenRoom, host: Host, word: str, people: int) -> None:
    """Let so many new people write a line, and approve all."""
    host.press("open", question="attention")
    for number in range(people):
        assert answer(stage.phone(room), room, "attention", f"{word} {number}").status == 200
    host.press("close", question="attention")
    for line in lines(host):
        host.press("approve", line=line)


def lines(host: Host) -> list[str]:
    return [line["line"] for line in host.view()["lines"]]


def on_the_wall(host: Host) -> set[str]:
    return {line["line"] for line in host.view("screen")["results"][0]["lines"]}


def test_a_line_that_was_shown_stays_when_its_writer_writes_anew(stage: Stage, room: OpenRoom, host: Host) -> None:
    """Who touches a phone is seen: a line that goes then would be known as theirs."""
    phones = [stage.phone(room) for _ in range(6)]
    host.press("open", question="attention")
    say(phones, room, "attention", [f"word {number}" for number in range(6)])
    host.press("close", question="attention")
    host.press("reveal", question="attention")
    for line in lines(host):
        host.press("approve", line=line)
    seen = on_the_wall(host)
    assert len(seen) == 6
    host.press("open", question="attention")
    assert answer(phones[0], room, "attention", "another", 2).status == 200
    assert answer(phones[1], room, "attention", None, 2).status == 200
    host.press("close", question="attention")
    assert on_the_wall(host) == seen
    (new,) = set(lines(host)) - seen
    host.press("approve", line=new)
    assert on_the_wall(host) == seen
    stage.restart()
    assert on_the_wall(host) == seen
    taken_off = sorted(seen)[0]
    host.press("hide", line=taken_off)
    stage.restart()
    assert on_the_wall(host) == seen - {taken_off}
    assert phones[0].get(f"/r/{room.room}/mine").json["mine"]["attention"]["answer"] == "another"
