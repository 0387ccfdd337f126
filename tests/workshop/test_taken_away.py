"""What the room made comes out: as a page, for Word, as a table and as data, with the same in each, and no more."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.table import Table

from course.workshop import notebook
from course.workshop.export_files import SectionView, sections
from course.workshop.record_file import read_record
from course.workshop.sessions.session import Session
from course.workshop.view_parts import SessionRecord
from tests.workshop.live_server import Console, LiveServer
from tests.workshop.whole_room import PEOPLE, SHOWN, PlayedRoom, own_console

pytestmark = pytest.mark.slow


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path)
    yield live_server
    live_server.close()


class Room:
    """The session in which something of every kind was made, on a server of one's own that goes on with it."""

    def __init__(self, folder: Path, session_id: str) -> None:
        self.live_server = LiveServer(folder)
        self.session: Session = self.live_server.server.sessions.by_id[session_id]
        self.console = own_console(self.live_server, self.session)

    def saved(self, kind: str) -> bytes:
        reply = self.console.get(f"/console/{self.session.id}/export.{kind}")
        assert reply.status == 200, kind
        return reply.body


@pytest.fixture
def room(played_room: PlayedRoom, tmp_path: Path) -> Iterator[Room]:
    room = Room(played_room.copy(tmp_path / "room"), played_room.session_id)
    yield room
    room.live_server.close()


def text_of_page(page: bytes) -> str:
    return html.unescape(re.sub(r"<(style|svg)\b.*?</\1>|<[^>]+>", " ", page.decode(), flags=re.DOTALL))


def text_of_word(file: bytes) -> str:
    texts: list[str] = []
    for part in Document(io.BytesIO(file)).iter_inner_content():
        if isinstance(part, Table):
            texts += [cell.text for row in part.rows for cell in row.cells]
        else:
            texts.append(part.text)
    return "\n".join(texts)


def text_of_table(file: bytes) -> str:
    return "\n".join(cell for row in csv.reader(io.StringIO(file.decode("utf-8-sig"))) for cell in row)


def texts(room: Room | PlayedRoom) -> dict[str, str]:
    """Return all that can be read in each kind of file."""
    return {
        "html": text_of_page(room.saved("html")),
        "docx": text_of_word(room.saved("docx")),
        "csv": text_of_table(room.saved("csv")),
        "json": room.saved("json").decode(),
    }


def by_key(record: SessionRecord) -> dict[str, SectionView]:
    return {section["key"]: section for section in sections(record)}


def test_all_that_the_room_made_is_in_the_record(played_room: PlayedRoom) -> None:
    record = played_room.record()
    found = by_key(record)
    assert [*found] == ["boundaries", "lines", "now", "ours", "parked", "thanks", "taking-away"]
    assert {section["key"]: len(section["rows"]) for section in found.values()} == {
        "boundaries": 4, "lines": 10, "now": 1, "ours": 1, "parked": 1, "thanks": 10, "taking-away": 10,
    }  # fmt: skip
    assert found["lines"]["prompt"] == "What’s missing?"
    assert found["boundaries"]["rows"][1]["text"] == "We name nobody, here or elsewhere."
    (parked,) = found["parked"]["rows"]
    assert (parked["owner"], parked["place"], parked["date"]) == ("Sam", "the board", "12 January")
    for key, question in (("lines", "missing"), ("taking-away", "taking-away"), ("parked", "different")):
        assert all(row["text"].startswith(SHOWN[question]) for row in found[key]["rows"])
    assert [chart["question"] for chart in record["charts"]] == ["group", "drafts", "first-act"]


def test_each_file_has_the_name_of_the_session(played_room: PlayedRoom) -> None:
    for kind, reply in played_room.replies.items():
        assert f'filename="trust-in-this-room.{kind}"' in reply.headers["content-disposition"]


def test_page_document_table_and_data_hold_the_same(played_room: PlayedRoom) -> None:
    record, files = played_room.record(), texts(played_room)
    made = [text for section in sections(record) for row in section["rows"] for text in row.values() if text]
    made += [section["prompt"] for section in sections(record) if section["prompt"]]
    made += [part["text"] for chart in record["charts"] for part in chart["spec"]["parts"]]
    assert len(made) > 40
    for kind, text in files.items():
        assert [one for one in made if one not in text] == [], kind
    assert "Owner needed" not in files["html"]


def test_nothing_that_was_not_shown_is_taken_away(room: Room) -> None:
    """Hidden and waiting lines, approved lines of a wall that is not shown, commitments, and a chart that is not."""
    model = room.session.model
    room.live_server.run(room.session.perform("undo", {"question": "first-act"}, 0.0))
    room.live_server.run(room.session.perform("undo", {"question": "taking-away"}, 0.0))
    unshown = [SHOWN["taking-away"], "written for attention", "written for commitment", "Find out who did it"]
    unshown += [f"{SHOWN[question]} ({number})" for question in SHOWN for number in (10, 11)]
    for kind, text in texts(room).items():
        assert [one for one in unshown if one in text] == [], kind
    assert sum(line.status == "hidden" for line in model.lines.every()) == 6
    assert sum(line.status == "waiting" for line in model.lines.every()) == 6
    assert len(model.walls.shown(model.script.question("attention"))) == 10  # type: ignore[arg-type]


def test_a_wall_of_four_and_a_tally_of_cards_are_not_taken_away(live_server: LiveServer) -> None:
    session = live_server.new_session()
    console = own_console(live_server, session)
    for question in ("missing", "first-act"):
        console.press("open", question=question)
    for number in range(4):
        phone = live_server.phone(session)
        phone.send(f"/r/{session.id}/answer", {"part": "missing", "revision": 1, "answer": f"line of {number}"})
        phone.send(f"/r/{session.id}/answer", {"part": "first-act", "revision": 1, "answer": "AB"[number % 2]})
    assert console.press("paper", csv="part,answer,count\nfirst-act,C,3\nfirst-act,D,1\n").status == 200
    for question in ("missing", "first-act"):
        console.press("close", question=question)
        console.press("reveal", question=question)
    for line in session.model.lines.of("missing"):
        console.press("approve", line=line.name)
    record = read_record(console.get(f"/console/{session.id}/export.json").body, "export.json")
    assert [section["key"] for section in sections(record)] == ["boundaries"]
    (chart,) = record["charts"]
    assert chart["spec"]["parts"][0]["shown"] == {"said": "not-enough", "option": ""}


def test_nothing_that_is_taken_away_says_who_wrote_it(played_room: PlayedRoom) -> None:
    assert len(played_room.pseudonyms) > PEOPLE
    for kind, text in texts(played_room).items():
        assert [one for one in played_room.pseudonyms if one in text] == [], kind


def test_a_closed_room_gives_the_same_and_no_more(room: Room) -> None:
    before = {kind: room.saved(kind) for kind in ("json", "csv", "html")}
    assert room.console.press("close-session", days=7).status == 200
    assert {kind: room.saved(kind) for kind in before} == before
    room.live_server.restart()
    console = Console(room.live_server.port, session=room.session.id)
    console.get(room.live_server.server.new_console_link(room.session.id))
    assert console.get(f"/console/{room.session.id}/export.json").json == json.loads(before["json"])


def test_a_copy_stays_as_it_is_when_its_room_is_deleted(room: Room, tmp_path: Path) -> None:
    copy = tmp_path / "sent.json"
    copy.write_bytes(room.saved("json"))
    assert room.console.press("delete-session", sure="yes").status == 200
    assert room.console.get(f"/console/{room.session.id}/export.json").status == 404
    assert SHOWN["missing"] in copy.read_text(encoding="utf-8")


def test_the_notebook_makes_the_same_files_from_the_data(played_room: PlayedRoom, tmp_path: Path) -> None:
    data = tmp_path / "trust-in-this-room.json"
    data.write_bytes(played_room.saved("json"))
    said = html.unescape(notebook.save(str(data)).data)
    for kind in ("html", "docx", "csv", "ics"):
        assert f"trust-in-this-room.{kind}" in said
    assert (tmp_path / "trust-in-this-room.csv").read_bytes() == played_room.saved("csv")
    assert (tmp_path / "trust-in-this-room.html").read_bytes() == played_room.saved("html")
    assert text_of_word((tmp_path / "trust-in-this-room.docx").read_bytes()) == text_of_word(played_room.saved("docx"))
    walls = html.unescape(notebook.walls(str(data)).data)
    assert f"{SHOWN['missing']} (1)" in walls
    assert "What’s missing?" in walls


def test_the_day_for_the_calendar_lies_in_the_time_in_which_the_room_meets_again(played_room: PlayedRoom) -> None:
    lines = played_room.saved("ics").decode().split("\r\n")
    record = played_room.record()
    day = next(line.partition(":")[2] for line in lines if line.startswith("DTSTART"))
    made = record["made"].replace("-", "")
    assert day > made
    assert "SUMMARY:Trust in this room: 25 minutes to look back" in lines
    assert record["title"] in "".join(lines)


def test_the_document_shows_each_chart_with_its_words(played_room: PlayedRoom) -> None:
    document = Document(io.BytesIO(played_room.saved("docx")))
    assert len(document.inline_shapes) == 5
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert document.core_properties.language == "en-GB"
    headings = [part.text for part in document.paragraphs if part.style and part.style.name == "Heading 1"]
    assert headings[0] == "How we treat what is said"
    assert headings[-2:] == ["What we saw", "When we meet again"]


def test_each_file_says_for_how_many_days_it_is_kept(played_room: PlayedRoom) -> None:
    sentence = "On the facilitator’s computer, this is erased 7 days after the room is closed."
    assert sentence in texts(played_room)["html"]
    assert sentence in texts(played_room)["docx"]
    assert json.loads(played_room.saved("json"))["keep_days"] == 7
    rows = list(csv.DictReader(io.StringIO(played_room.saved("csv").decode("utf-8-sig"))))
    assert [row["count"] for row in rows if row["what"] == "days kept"] == ["7"]


def test_the_document_can_be_read_by_its_structure(played_room: PlayedRoom) -> None:
    """Title, headings in their order, lists that are lists, and tables whose first row is a header on each page."""
    document = Document(io.BytesIO(played_room.saved("docx")))
    assert document.core_properties.title == played_room.record()["title"]
    styles = [part.style.name for part in document.paragraphs if part.style]
    assert (styles[0], styles.count("Title")) == ("Title", 1)
    levels = [int(name[-1]) for name in styles if name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(later - level <= 1 for level, later in itertools.pairwise(levels)), "no level is left out"
    assert "List Bullet" in styles
    assert document.tables
    for table in document.tables:
        assert table._tbl.tr_lst[0].trPr.xpath("./w:tblHeader")
        assert all(cell.text.strip() for cell in table.rows[0].cells)
