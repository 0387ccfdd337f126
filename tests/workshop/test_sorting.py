"""Which lines phones sort, and when a parked line may be on the screen."""

from __future__ import annotations

from course.workshop.session import OpenRoom
from tests.workshop.stage import Host, Stage, answer


def write(stage: Stage, room: OpenRoom, host: Host, many: int) -> list[str]:
    """Let so many phones write a line each, and close the question; return the lines' names."""
    host.press("step", step="agree")
    host.press("open", question="differences")
    for number in range(many):
        answer(stage.phone(room), room, "differences", f"we differ {number}")
    host.press("close", question="differences")
    return [line["line"] for line in host.view()["lines"]]


def asked(room: OpenRoom) -> list[str]:
    question = room.live.script.question("sorted")
    assert question
    return [line.line for line in room.live.sorted_lines(question).values()]


def test_a_parked_line_is_on_no_table_before_its_wall_is_open(stage: Stage, room: OpenRoom, host: Host) -> None:
    lines = write(stage, room, host, 6)
    host.press("reveal", question="differences")
    for line in lines[:4]:
        host.press("approve", line=line)
        assert host.press("park", line=line, owner="the chair", place="", date="").status == 200
    assert host.view("screen")["parked"] == []
    assert "we differ" not in str(host.view("screen"))
    assert host.get(f"/console/{room.room}/export.json").json["parked"] == []
    host.press("approve", line=lines[4])
    assert {line["line"] for line in host.view("screen")["parked"]} == set(lines[:4])
    host.press("approve", line=lines[5])
    host.press("park", line=lines[5], owner="the board", place="", date="")
    assert {line["line"] for line in host.view("screen")["parked"]} == {*lines[:4], lines[5]}
    host.press("undo", question="differences")
    assert host.view("screen")["parked"] == []
    host.press("reveal", question="differences")
    assert {line["line"] for line in host.view("screen")["parked"]} == {*lines[:4], lines[5]}


def test_phones_sort_eight_lines_those_of_most_people_first(stage: Stage, room: OpenRoom, host: Host) -> None:
    lines = write(stage, room, host, 15)
    for line in lines:
        host.press("approve", line=line)
    host.press("group", lines=lines[9:12])
    host.press("group", lines=lines[12:14])
    host.press("settle", line=lines[0], to="ours")
    assert asked(room) == []
    host.press("open", question="sorted")
    assert asked(room)[:2] == [lines[9], lines[12]]
    assert len(set(asked(room))) == 8
    assert lines[0] not in asked(room)
    page = stage.phone(room).get(f"/r/{room.room}/").json
    assert len(next(one for one in page["questions"] if one["question"] == "sorted")["parts"]) == 8


def test_a_line_once_chosen_stays_until_it_leaves_the_wall(stage: Stage, room: OpenRoom, host: Host) -> None:
    lines = write(stage, room, host, 12)
    for line in lines:
        host.press("approve", line=line)
    host.press("open", question="sorted")
    before = asked(room)
    host.press("settle", line=before[0], to="park")
    host.press("group", lines=[line for line in lines if line not in before][:2])
    assert asked(room) == before
    host.press("hide", line=before[3])
    assert [line for line in asked(room) if line in before] == before[:3] + before[4:]
    assert len(asked(room)) == 8
    now = asked(room)
    stage.restart()
    assert asked(stage.server.house.rooms[room.room]) == now


def test_a_line_that_comes_back_to_an_open_sorting_is_counted(stage: Stage, room: OpenRoom, host: Host) -> None:
    """It was hidden while the sorting was closed and opened again."""
    lines = write(stage, room, host, 6)
    for line in lines:
        host.press("approve", line=line)
    host.press("open", question="sorted")
    part = f"sorted.{asked(room)[0]}"
    host.press("close", question="sorted")
    host.press("hide", line=asked(room)[0])
    host.press("open", question="sorted")
    host.press("approve", line=part.partition(".")[2])
    assert [answer(stage.phone(room), room, part, "ours").status for _ in range(5)] == [200] * 5
    assert len(room.live.answers.of(part)) == 5


def test_the_facilitator_sees_what_is_grouped_also_while_it_is_kept_back(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    lines = write(stage, room, host, 6)
    host.press("open", question="differences")
    for number in range(4):
        answer(stage.phone(room), room, "differences", f"late {number}")
    late = [line["line"] for line in host.view()["lines"] if not line["is_free"]]
    assert len(late) == 4
    for line in [*lines, *late]:
        host.press("approve", line=line)
    for pair in (late[:2], late[2:], lines[:2], [lines[2], late[0]]):
        host.press("group", lines=pair)
        seen = {line["line"]: line for line in host.view()["lines"]}
        assert seen[pair[1]]["head"] == pair[0]
        assert len(seen[pair[0]]["with"]) == (2 if pair[0] == lines[2] else 1)
