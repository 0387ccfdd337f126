"""The follow-up: from the file of an earlier session, what became of its promises, and ratings beside the first."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from course import content
from course.core.errors import BadContent, BadSessionFile
from course.workshop.export_files import sections
from course.workshop.paper import cards
from course.workshop.record_file import read_record, record_bytes
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.follow_up import NAME, find_follow_up, follow_up_script
from course.workshop.script.script import Script, find_script, parse_script, read_stored_script
from course.workshop.session_charts import charts_of
from course.workshop.sessions.session import Session
from course.workshop.view_parts import SessionRecord, Shown
from course.workshop.views.screen_view import screen_pages
from tests.cases import every
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow

STATEMENT = "People here do what they said they would."
FIRST = {"1": 0, "2": 1, "3": 2, "4": 3, "5": 2, "6": 2, "7": 0}


def chart(counts: dict[str, int], text: str = STATEMENT, *, in_bands: bool = False) -> dict[str, Any]:
    part = {
        "part": "group.G1", "text": text, "options": {str(point): f"point {point}" for point in range(1, 8)},
        "fixed": False, "shown": {"counts": counts, "people": sum(counts.values()), "in_bands": in_bands},
    }  # fmt: skip
    spec = {"kind": "rate", "title": "How?", "parts": [part], "earlier": None}
    return {"question": "group", "prompt": "How?", "spec": spec}


def saved(**changes: Any) -> SessionRecord:
    """Return the record of a first session, as its file gives it."""
    record = {
        "format": "building-trust-session", "version": 2, "title": "Trust in this room", "language": "en-GB",
        "is_synthetic": False, "made": "2026-11-02",
        "boundaries": [
            {"question": "drafts", "line": "limits", "text": "Reworded by somebody.", "fixed": True},
            {"question": "drafts", "line": "sources", "text": "We name nobody.", "fixed": False},
        ],
        "lists": [{"question": "missing", "kind": "lines", "prompt": "What’s missing?", "lines": ["a line of old"]}],
        "now": ["mend the door"], "ours": ["the rota"],
        "parked": [{"text": "who decides", "owner": "Sam", "place": "", "date": "12 January"}],
        "thanks": [{"prompt": "Thank you", "lines": ["Thank you to them all."]}],
        "charts": [chart(FIRST)], **changes,
    }  # fmt: skip
    return read_record(json.dumps(record).encode(), "saved.json")


def script_of(record: SessionRecord, *before: SessionRecord) -> Script:
    return follow_up_script(content.find_file(NAME).read_text(encoding="utf-8"), record, before=before)


@pytest.fixture
def live_server(json_pages: None, tmp_path: Path) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path)
    yield live_server
    live_server.close()


def follow_up(live_server: LiveServer, record: SessionRecord) -> tuple[Session, Console]:
    session: Session = live_server.run(live_server.server.new_session(script_of(record)))
    return session, live_server.console(session)


def ask(live_server: LiveServer, session: Session, console: Console, part: str, answers: Sequence[Any]) -> Any:
    """Let a phone give each answer, close the question and show it; return what is shown of the part."""
    question = part.partition(".")[0]
    assert console.press("open", question=question).status == 200
    for value in answers:
        assert answer(live_server.phone(session), session, part, value).status == 200
    console.press("close", question=question)
    console.press("reveal", question=question)
    return shown(console, part)


def shown(console: Console, part: str) -> Any:
    for one in console.get(f"/console/{console.session}/export.json").json["charts"]:
        for view in one["spec"]["parts"]:
            if view["part"] == part:
                return view["shown"]
    raise AssertionError(part)


def ratings(counts: dict[str, int]) -> list[int]:
    return [int(point) for point, count in counts.items() for _ in range(count)]


# The script


def test_it_takes_twenty_five_minutes_and_asks_about_each_promise() -> None:
    script = script_of(saved())
    assert sum(step.minutes for step in script.steps) == 25
    promises = {question.slug: question for question in script.questions() if question.kind == "promises"}
    assert {slug: [line.text for line in question.lines if not line.fixed] for slug, question in promises.items()} == {
        "boundaries-kept": ["We name nobody."],
        "parked-kept": ["who decides · Sam · 12 January"],
        "now-kept": ["mend the door"],
        "ours-kept": ["the rota"],
    }


def test_the_limits_line_stands_in_the_words_of_the_course_whatever_the_file_says() -> None:
    limits = find_script().question("drafts").lines[0]  # type: ignore[union-attr]
    for boundaries in ([], saved()["boundaries"], [{**saved()["boundaries"][0], "fixed": False}]):
        question = script_of(saved(boundaries=boundaries)).question("boundaries-kept")
        assert question
        assert (question.lines[0].text, question.lines[0].fixed) == (limits.text, True)
        assert question.parts() == tuple(f"boundaries-kept.{number}" for number in range(1, len(question.lines)))


def test_what_the_file_has_none_of_is_not_asked_about() -> None:
    script = script_of(saved(parked=[], now=[], ours=[], charts=[]))
    assert [question.slug for question in script.questions() if question.kind == "promises"] == ["boundaries-kept"]
    assert script.question("group")


def test_the_script_is_read_again_from_the_store_and_holds_no_more_than_it_needs() -> None:
    awkward = 'a "quote", a \\ and a ’ ' + "\U0001f600"
    script = script_of(saved(ours=[awkward]))
    again = read_stored_script(script.text)
    assert (again.steps, again.earlier, again.text) == (script.steps, script.earlier, script.text)
    assert awkward in [line.text for line in script.question("ours-kept").lines]  # type: ignore[union-attr]
    assert "a line of old" not in script.text
    assert "Thank you to them all" not in script.text


def test_without_a_file_the_script_says_how_it_is_started() -> None:
    with pytest.raises(BadContent, match=r"line \d+: this question is about an earlier session") as caught:
        parse_script(content.find_file(NAME).read_text(encoding="utf-8"), NAME)
    assert "--follow-up" in caught.value.hint


@every("old, new, what", [
    ('from = "parked"', 'from = "ratings"', "nothing “ratings”"), ('from = "ratings"', 'from = "now"', "nothing “now”"),
    ('missed = "Missed" }', 'lost = "Lost" }', "kept, moved, missed"),
    ('slug = "more-often"', 'slug = "group"', "twice"),
])  # fmt: skip
def test_a_mistake_in_ones_own_follow_up_is_named_with_its_line(old: str, new: str, what: str) -> None:
    text = content.find_file(NAME).read_text(encoding="utf-8")
    before, _, after = text.rpartition(old)
    line = 1 + before.count("\n")
    with pytest.raises(BadContent, match=rf"mine\.toml, line {line}: ") as caught:
        follow_up_script(before + new + after, saved(parked=[]), "mine.toml")
    assert what in str(caught.value)


def test_what_a_rehearsal_made_up_is_not_put_before_people(tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    file.write_text(json.dumps(saved(is_synthetic=True)), encoding="utf-8")
    with pytest.raises(BadSessionFile, match="made up"):
        find_follow_up([file])
    assert find_follow_up([file], is_rehearsal=True).earlier


# What becomes of promises


def test_promises_are_asked_on_phones_under_the_usual_thresholds(live_server: LiveServer) -> None:
    session, console = follow_up(live_server, saved())
    console.press("step", step="promises")
    assert ask(live_server, session, console, "parked-kept.1", ["kept"] * 4)["said"] == "not-enough"
    ten = ["kept"] * 5 + ["moved"] * 3 + ["missed"] * 2
    counts = ask(live_server, session, console, "now-kept.1", ten)["counts"]
    assert counts == {"kept": 5, "moved": 3, "missed": 2}
    assert answer(live_server.phone(session), session, "now-kept.limits", "kept").status == 404


def test_the_export_says_what_became_of_each_promise_also_after_the_close(live_server: LiveServer) -> None:
    session, console = follow_up(live_server, saved())
    ask(live_server, session, console, "now-kept.1", ["kept"] * 5 + ["moved"] * 3 + ["missed"] * 2)
    ask(live_server, session, console, "boundaries-kept.1", ["kept"] * 3 + ["moved"] * 3)
    ask(live_server, session, console, "ours-kept.1", ["kept"] * 6)
    console.press("close-session", days=7)
    live_server.restart()
    console = live_server.console(live_server.server.sessions.find(session.id))
    record = read_record(console.get(f"/console/{session.id}/export.json").body, "export.json")
    said = {row["text"]: row["said"] for one in sections(record) if one["key"] == "promises" for row in one["rows"]}
    assert said["mend the door"] == "Kept: 5. Moved to later: 3. Missed: 2."
    assert said["We name nobody."].startswith("Answers")
    assert "close together" in said["the rota"]
    assert {line["text"] for line in record["boundaries"]} >= {"We name nobody."}
    assert script_of(record).question("boundaries-kept"), "the file of a follow-up can be followed up too"


def test_a_boundary_can_be_reworded_and_the_list_is_no_boundary(live_server: LiveServer) -> None:
    _, console = follow_up(live_server, saved())
    console.press("step", step="promises")
    console.press("boundary", question="boundaries-kept", line="1", text="We name nobody, ever.")
    assert console.press("boundary", question="boundaries-kept", line="limits", text="None").status == 400
    texts = [line["text"] for line in console.view("screen")["boundaries"]]
    assert texts[1:] == ["We name nobody, ever."]


def test_many_promises_are_shared_out_to_pages_of_the_screen(live_server: LiveServer) -> None:
    many = [f"{number} {'a promise that takes some words to say ' * 3}" for number in range(30)]
    session, console = follow_up(live_server, saved(ours=many))
    console.press("step", step="promises")
    console.press("open", question="ours-kept")
    pages = [page["open"] for page in screen_pages(session) if page["open"]]
    assert [part["text"] for (question,) in pages for part in question["parts"]] == [text.strip() for text in many]
    assert len(pages) > 1


# Ratings beside the first, by totals


def test_ratings_stand_beside_the_first_ones_by_totals_and_say_so(live_server: LiveServer) -> None:
    session, console = follow_up(live_server, saved())
    later = {"1": 0, "2": 0, "3": 1, "4": 1, "5": 3, "6": 5, "7": 2}
    assert ask(live_server, session, console, "group.G1", ratings(later))["counts"] == later
    record = read_record(console.get(f"/console/{session.id}/export.json").body, "export.json")
    (one,) = record["charts"]
    assert one["spec"]["earlier"]
    assert one["spec"]["earlier"]["parts"][0]["shown"] == saved()["charts"][0]["spec"]["parts"][0]["shown"]
    (drawn,) = charts_of(one["spec"])
    assert "“Do what they said”: 40% then, 83% now" in drawn.alt
    assert "all answers of 2 November 2026" in drawn.note
    assert "Nobody’s two answers are paired, and other people may have answered" in drawn.note


@every("later, is_shown", [
    ({**FIRST, "7": 1}, False),  # one newcomer among people who answer as before
    ({**FIRST, "7": 4}, False),
    ({**FIRST, "7": 5}, True),
    ({**FIRST, "4": 2, "5": 3}, False),
    ({"1": 0, "2": 0, "3": 0, "4": 2, "5": 3, "6": 3, "7": 2}, False),
    ({"1": 0, "2": 0, "3": 0, "4": 2, "5": 1, "6": 3, "7": 4}, True),
])  # fmt: skip
def test_totals_that_differ_by_fewer_than_five_answers_are_not_shown(later: dict[str, int], is_shown: bool) -> None:
    assert ("counts" in shown_after(saved(), ratings(later))) is is_shown


def shown_after(record: SessionRecord, answers: Sequence[int], *before: SessionRecord) -> Shown:
    """Return what is shown of ratings once they are closed, without a server."""
    model = SessionModel(script_of(record, *before), b"k" * 32)
    question = model.script.question("group")
    assert question
    for number, value in enumerate(answers):
        model.record_answer("group.G1", f"person {number}", 1, value)
    for count in model.counts.of_question(question):
        count.close()
        count.reveal()
    result = model.counts.published("group.G1", question)
    assert result
    return result


def test_fewer_people_than_at_first_can_be_shown_beside_them() -> None:
    first = {"1": 0, "2": 4, "3": 6, "4": 8, "5": 6, "6": 4, "7": 2}
    assert sum(first.values()) == 30
    result = shown_after(saved(charts=[chart(first)]), [2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7])
    assert result.get("people") == 12


def test_a_refusal_stays_when_one_more_answers(live_server: LiveServer) -> None:
    session, console = follow_up(live_server, saved())
    assert ask(live_server, session, console, "group.G1", ratings({**FIRST, "7": 4}))["said"] == "not-beside"
    assert ask(live_server, session, console, "group.G1", [7, 7])["said"] == "not-beside"
    live_server.restart()
    console = live_server.console(live_server.server.sessions.find(session.id))
    assert shown(console, "group.G1")["said"] == "not-beside"


def test_a_statement_that_reads_in_another_way_today_has_no_earlier_bar(live_server: LiveServer) -> None:
    session, console = follow_up(live_server, saved(charts=[chart(FIRST, "Another statement.")]))
    ask(live_server, session, console, "group.G1", ratings({**FIRST, "7": 1}))
    (one,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert one["spec"]["earlier"] is None
    assert one["spec"]["parts"][0]["shown"]["people"] == sum(FIRST.values()) + 1


def test_a_small_group_is_in_bands_and_has_no_bar_beside_a_full_one(live_server: LiveServer) -> None:
    session, console = follow_up(live_server, saved())
    assert ask(live_server, session, console, "group.G1", [6, 6, 7, 2, 2])["in_bands"] is True
    record = read_record(console.get(f"/console/{session.id}/export.json").body, "export.json")
    (drawn,) = charts_of(record["charts"][0]["spec"])
    assert "then" not in drawn.alt


# After more than one meeting


def second_meeting(shown: Shown, **changes: Any) -> SessionRecord:
    """Return the record of a follow-up of the first session, in which this was shown of its statement."""
    one = chart(FIRST)
    spec = {**one["spec"], "earlier": one["spec"], "earlier_day": "2 November 2026"}
    spec["parts"] = [{**one["spec"]["parts"][0], "shown": shown}]
    return saved(charts=[{**one, "spec": spec}], **changes)


MOVED = {"1": 0, "2": 0, "3": 0, "4": 2, "5": 1, "6": 3, "7": 4}
"""At the second meeting: five answers or more are others than in `FIRST`."""
APART = {"1": 2, "2": 2, "3": 1, "4": 1, "5": 1, "6": 3, "7": 5}
"""So much apart from both."""


@every("second, later, is_shown", [
    ({"counts": MOVED, "people": 10, "in_bands": False}, {**FIRST, "7": 1}, False),  # one newcomer since the first
    ({"counts": MOVED, "people": 10, "in_bands": False}, {**MOVED, "3": 1}, False),  # one since the second
    ({"counts": MOVED, "people": 10, "in_bands": False}, APART, True),
    ({"said": "not-beside", "option": ""}, {**FIRST, "7": 1}, False),  # nothing was shown at the second
    ({"said": "not-beside", "option": ""}, MOVED, True),
])  # fmt: skip
def test_a_third_meeting_is_held_against_the_first_two(second: Shown, later: dict[str, int], is_shown: bool) -> None:
    assert ("counts" in shown_after(second_meeting(second), ratings(later))) is is_shown


def test_a_meeting_that_rated_itself_twice_has_both_totals_to_be_held_against() -> None:
    again = {**chart(MOVED), "question": "rate-again"}
    again["spec"] = {**again["spec"], "earlier": chart(FIRST)["spec"]}
    again["spec"]["parts"] = [{**again["spec"]["parts"][0], "part": "rate-again.G1"}]
    record = saved(charts=[chart(FIRST), again])
    for totals in (FIRST, MOVED):
        assert "said" in shown_after(record, ratings({**totals, "3": totals["3"] + 1}))
    assert "counts" in shown_after(record, ratings(APART))


def test_a_third_meeting_shows_the_second_beside_it_and_saves_no_more(live_server: LiveServer) -> None:
    session, console = follow_up(live_server, second_meeting({"counts": MOVED, "people": 10, "in_bands": False}))
    ask(live_server, session, console, "group.G1", ratings(APART))
    (one,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert one["spec"]["earlier"]["parts"][0]["shown"]["counts"] == MOVED
    assert one["spec"]["earlier"]["earlier"] is None, "the first ones were not on the screen"


SECOND = {"1": 3, "2": 2, "3": 0, "4": 1, "5": 2, "6": 1, "7": 1}


def third_meeting() -> SessionRecord:
    """Return the record of a third meeting: the totals of the second stand in it, and those of the first do not."""
    one = chart(MOVED)
    spec = {**one["spec"], "earlier": chart(SECOND)["spec"], "earlier_day": "7 December 2026"}
    return saved(charts=[{**one, "spec": spec}], made="2027-01-11")


def test_a_fourth_meeting_is_held_against_the_first_where_its_file_is_named_too() -> None:
    answers = ratings({**FIRST, "7": 1})
    assert "counts" in shown_after(third_meeting(), answers), "what stands in no file is not known"
    assert "said" in shown_after(third_meeting(), answers, saved())
    assert "said" in shown_after(
        third_meeting(), answers, second_meeting({"said": "not-beside", "option": ""}), saved()
    )
    assert "counts" in shown_after(third_meeting(), ratings(APART), saved())


def test_the_latest_file_is_followed_up_and_of_the_others_nothing_is_shown_or_saved(
    live_server: LiveServer, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("first.json", "third.json")]
    for file, record in zip(files, (saved(), third_meeting()), strict=True):
        file.write_bytes(record_bytes(record))
    script = find_follow_up(files)
    assert script.text == find_follow_up(files[::-1]).text
    session: Session = live_server.run(live_server.server.new_session(script))
    console = live_server.console(session)
    ask(live_server, session, console, "group.G1", ratings(APART))
    (one,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert one["spec"]["earlier"]["parts"][0]["shown"]["counts"] == MOVED
    assert str(FIRST) not in str(one)


@every(
    "first, second",
    [
        ("30 November 2026", "2026-12-07"),  # as version 0.1.0 wrote the day
        ("", "2026-12-07"),
        ("2026-12-07", "2026-12-07"),
    ],
)
def test_of_files_without_a_day_or_of_one_day_the_latest_is_known_too(first: str, second: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("first.json", "second.json")]
        for file, made, title in zip(files, (first, second), ("First", "Second"), strict=True):
            file.write_text(json.dumps(saved(made=made, title=title)), encoding="utf-8")
        earlier = find_follow_up(files).earlier
        assert earlier
        assert earlier["title"] == "Second"


def test_a_file_of_a_rehearsal_among_several_is_not_put_before_people(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("real.json", "rehearsed.json")]
    for file, is_synthetic in zip(files, (False, True), strict=True):
        file.write_bytes(record_bytes(saved(is_synthetic=is_synthetic)))
    with pytest.raises(BadSessionFile, match="rehears"):
        find_follow_up(files)
    assert find_follow_up(files[:1]).earlier


def test_the_printed_tally_says_what_each_part_is() -> None:
    """The fixed boundary stands on the card too, so that the first part is the second line there."""
    page: Any = {}
    said = {row["part"]: row["text"] for row in cards(script_of(saved()), page)["parts"]}
    assert said["boundaries-kept.1"] == "We name nobody."
    assert said["parked-kept.1"] == "who decides · Sam · 12 January"
    assert said["group.G1"] == STATEMENT
    first = find_script()
    page = cards(first, page)
    assert {row["part"]: row["text"] for row in page["parts"]}["first-act"] == first.question("first-act").prompt  # type: ignore[union-attr]
    assert {row["part"] for row in page["parts"]} == {row["part"] for row in page["tally"]}
