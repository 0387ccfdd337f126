"""The trainer's desk: a whole cohort of 25 with buttons alone, from what was handed in to the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from socket import create_connection, socket
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pictures import keep_picture
from tests.conftest import Checkout
from tests.jupyter_server import RunningCourse, open_course
from tests.trainer.submissions import DAY, hand_in, timed

pytestmark = pytest.mark.browser
LATEST = 120_000
"""How long a step may take on a busy machine, in milliseconds."""


def cohort_zip() -> bytes:
    """Return what Moodle gives out: 20 honest hand-ins, one that is broken, one that is none, and a conflict."""
    folder = "Synthetic {0:03}_{0:07}_assignsubmission_file_"
    files = {f"{folder.format(n)}/hand-in-two-questions.zip": (hand_in(f"synthetic-{n:03}"), DAY) for n in range(1, 21)}
    files[f"{folder.format(23)}/hand-in-two-questions.zip"] = (b"PK\x03\x04 broken", DAY)
    files["Synthetic Number 24_0000025_assignsubmission_file_/x.zip"] = (hand_in("synthetic-025"), DAY)
    files[f"{folder.format(24)}/<script>alert(1)</script>.zip"] = (b"no zip at all", DAY)
    return timed(files)


def late_hand_ins(folder: Path) -> list[Path]:
    """Return two hand-ins with the platform's time, a day after the one on which they are due."""
    paths = [folder / f"Two questions_synthetic-{n:03}_attempt_2026-03-04-12-00-00_x.zip" for n in (21, 22)]
    for n, path in zip((21, 22), paths, strict=True):
        path.write_bytes(hand_in(f"synthetic-{n:03}"))
    return paths


def say_when_it_is_due(page: Page, root: Path) -> None:
    """Set a day for everybody, and more time for one of the two who are late."""
    due = panel(page, "When exercises are due")
    day = due.get_by_role("group", name="1. Two questions")
    day.get_by_label("Day").fill("2026-03-03")
    day.get_by_label("Time").fill("12:00")
    due.get_by_label("Where the cohort’s clocks are").select_option("Europe/London")
    due = press(page, "When exercises are due", "Show what this changes")
    expect(due.get_by_role("row", name="two-questions everybody – 3 March 2026, 12:00:00")).to_be_visible()
    assert not (root / "cohort.toml").exists()
    keep_picture(due, "desk-due")
    due = press(page, "When exercises are due", "Write it")
    expect(due.get_by_role("columnheader", name="Due (Europe/London)")).to_be_visible()

    more = panel(page, "More time for one person")
    more.get_by_label("Who").select_option(label="Synthetic Number 21 (synthetic-021)")
    more.get_by_label("Which exercise").select_option("two-questions")
    more.get_by_label("Day").fill("2026-03-02")
    more = press(page, "More time for one person", "Show what this changes")
    expect(more.get_by_text("synthetic-021 has no more time for two-questions than everybody has.")).to_be_visible()
    more.get_by_label("Day").fill("2026-03-10")
    press(page, "More time for one person", "Show what this changes")
    more = press(page, "More time for one person", "Write it")
    expect(more.get_by_role("row", name="synthetic-021 two-questions 10 March 2026, 23:59:59")).to_be_visible()


def send(course: RunningCourse, name: str, body: bytes, *, length: int | None = None, token: str = "") -> socket:
    """Send a file as the desk does, or the beginning of one; return the connection."""
    address = urlsplit(course.base)
    assert address.hostname
    assert address.port
    connection = create_connection((address.hostname, address.port), timeout=LATEST / 1000)
    lines = [
        f"PUT /course-upload/inbox/{name} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Content-Length: {len(body) if length is None else length}",
        *([f"Authorization: token {token}"] if token else []),
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    return connection


def status(connection: socket) -> int:
    with connection:
        return int(connection.recv(12).split()[1])


def inbox_of(checkout: Checkout) -> list[str]:
    return sorted(path.name for path in (checkout.root / "inbox").iterdir())


def uploads_are_safe(course: RunningCourse, checkout: Checkout, page: Page) -> None:
    """Fail unless only whoever is let in can bring a file, to the inbox alone, whole or not at all."""
    before = inbox_of(checkout)
    assert status(send(course, "unknown.zip", b"synthetic")) == 403
    assert status(send(course, "%2e%2e", b"synthetic", token=course.token)) == 400
    assert inbox_of(checkout) == before
    assert status(send(course, "..%2F..%2Fup.zip", b"synthetic", token=course.token)) == 200
    assert inbox_of(checkout) == sorted([*before, "up.zip"])
    video = send(course, "video.zip", b"synthetic", length=2_000_000_000, token=course.token)
    while not any(name.startswith(".") for name in inbox_of(checkout)):
        page.wait_for_timeout(50)
    video.close()
    while any(name.startswith(".") for name in inbox_of(checkout)):
        page.wait_for_timeout(50)
    assert inbox_of(checkout) == sorted([*before, "up.zip"])


def panel(page: Page, title: str) -> Locator:
    return page.locator(f"section.course-desk[aria-label='{title}']")


def press(page: Page, title: str, button: str) -> Locator:
    """Press a part's button, wait until its step has ended, and return the part."""
    part = panel(page, title)
    part.get_by_role("button", name=button, exact=True).click()
    expect(part.locator(".course-desk-result")).to_be_focused(timeout=LATEST)
    return part


def what_arrives_while_a_step_runs_is_for_the_next(people: Locator) -> None:
    """Bring a list in the moment in which a step begins, and wait for both."""
    people.evaluate(
        """(part) => {
          const files = new DataTransfer();
          files.items.add(new File(["id;first name\\nsynthetic-001;Synthetic\\n"], "second.csv"));
          part.querySelector("button.course-desk-main").click();
          const input = part.querySelector("input[type=file]");
          input.files = files.files;
          input.dispatchEvent(new Event("change"));
        }"""
    )
    expect(people.get_by_text("No list has arrived yet.", exact=False)).to_be_visible(timeout=LATEST)
    expect(people.get_by_text("second.csv has arrived")).to_be_visible()


def a_colleague_marks_some_too(page: Page, folder: Path) -> None:
    """Download the table for a second marker, fill it in as a spreadsheet would, and have it read."""
    part = press(page, "A second marker", "Make the page for your colleague")
    expect(part.get_by_role("link", name="to-mark.html")).to_be_visible()
    with page.expect_download() as downloaded:
        part.get_by_role("link", name="to-mark.csv").click()
    lines = downloaded.value.path().read_text("utf-8-sig").splitlines()
    filled = folder / "from KD.csv"
    filled.write_text("\n".join([lines[0], *(line.replace(",,", ",3 Reflecting,") for line in lines[1:])]))
    part.locator("input[type=file]").set_input_files(filled)
    expect(part.get_by_text("from KD.csv has arrived")).to_be_visible()
    part.get_by_label("Your colleague’s initials").fill("KD")
    part = press(page, "A second marker", "Read what came back")
    expect(part.get_by_text("3 second marks by KD are kept in second-marks.json.")).to_be_visible()
    keep_picture(part, "desk-second-marks")


def test_a_cohort_goes_from_hand_ins_to_the_report_with_buttons_alone(
    checkout: Checkout, page: Page, violations: Callable[..., list[str]], tmp_path: Path
) -> None:
    brought = tmp_path / "all of them.zip"
    brought.write_bytes(cohort_zip())
    listed = tmp_path / "participants.csv"
    rows = [f"synthetic-{n:03};Synthetic;Number {n};synthetic-{n:03}@example.org" for n in range(1, 26)]
    listed.write_text("\n".join(["ID number;First name;Surname;Email address", *rows]), encoding="utf-8-sig")
    with open_course(checkout.home, command="teach", PYTHONPATH=str(checkout.root)) as course:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(course.start)
        page.locator("section.course-desk").nth(11).wait_for(timeout=LATEST)

        people = panel(page, "Who is in it")
        people.locator("input[type=file]").set_input_files(listed)
        expect(people.get_by_text("participants.csv has arrived")).to_be_visible()
        people = press(page, "Who is in it", "Show what this changes")
        assert people.get_by_role("row").count() == 26
        assert not (checkout.root / "gradebook.db").exists() or not checkout.gradebook().students
        keep_picture(people, "desk-roster")
        people = press(page, "Who is in it", "Write it to the roster")
        expect(people.get_by_text("The roster has 25 people now.")).to_be_visible()
        assert list((checkout.root / "brought").iterdir()) == []
        what_arrives_while_a_step_runs_is_for_the_next(people)
        people = press(page, "Who is in it", "Show what this changes")
        expect(people.get_by_text("The roster says all of this already.", exact=False)).to_be_visible()
        assert list((checkout.root / "brought").iterdir()) == []

        say_when_it_is_due(page, checkout.root)
        press(page, "Release exercises", "Release")
        collecting = panel(page, "Collect what was handed in")
        collecting.locator("input[type=file]").set_input_files([brought, *late_hand_ins(tmp_path)])
        expect(collecting.get_by_text(" has arrived")).to_have_count(3)
        expect(collecting.get_by_text("all of them.zip has arrived")).to_be_visible()
        collecting = press(page, "Collect what was handed in", "Collect")
        expect(collecting.get_by_text("3 things need you: see below.")).to_be_visible()
        rows = collecting.get_by_role("row", name="attempt")
        assert [row.get_by_role("cell").all_inner_texts()[-1] for row in rows.all()] == [
            "the latest",
            "the latest, late",
        ]
        assert (checkout.root / "inbox" / "all of them.zip").read_bytes() == brought.read_bytes()
        keep_picture(collecting, "desk-collect")
        assert not (checkout.root / "submitted" / "synthetic-025").exists()
        collecting = press(page, "Collect what was handed in", "It is synthetic-025’s")
        expect(collecting.get_by_text("2 things need you: see below.")).to_be_visible()
        assert (checkout.root / "submitted" / "synthetic-025").is_dir()
        assert not (checkout.root / "submitted" / "synthetic-024").exists()

        missing = press(page, "Who is missing", "Show who is missing")
        expect(missing.get_by_label("Their addresses, for “blind copy”")).to_have_value(
            "synthetic-023@example.org, synthetic-024@example.org"
        )
        keep_picture(missing, "desk-missing")

        marking = press(page, "Mark", "Mark")
        expect(marking.get_by_role("link", name="two-questions: mark the 23 reflections that wait")).to_be_visible()
        marking = press(page, "Mark", "Mark the reflections that wait")
        with page.expect_popup() as opened:
            marking.get_by_role("link", name="two-questions: mark the 23 reflections that wait").click()
        expect(opened.value.locator("#waiting")).to_have_text("23 of 23 reflections wait to be read.")
        opened.value.close()
        keep_picture(marking, "desk-mark")
        a_colleague_marks_some_too(page, tmp_path)
        feedback = press(page, "Give feedback", "Make the feedback")
        expect(feedback.get_by_text("the feedback of 23 hand-ins is held back")).to_be_visible()
        feedback.get_by_label("Also where nobody has read the reflection yet").check()
        feedback = press(page, "Give feedback", "Make the feedback")
        with page.expect_download() as downloaded:
            feedback.get_by_role("link", name="for-moodle-two-questions.zip").click()
        assert downloaded.value.path().read_bytes().startswith(b"PK")
        keep_picture(feedback, "desk-feedback")
        taking = panel(page, "Take marks back to your platform")
        taking.get_by_label("Which exercise").select_option("two-questions")
        taking = press(page, "Take marks back to your platform", "Make the file")
        expect(taking.get_by_text("Nobody's hand-in of this exercise is wholly marked yet.")).to_be_visible()
        report = press(page, "Make the report", "Make the report")
        keep_picture(report, "desk-report")
        with page.expect_popup() as opened:
            report.get_by_role("link").first.click()
        expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
        report.get_by_role("button", name="Make the report").hover()  # its words can be read then too
        assert violations(page, within="section.course-desk") == []
        uploads_are_safe(course, checkout, page)
