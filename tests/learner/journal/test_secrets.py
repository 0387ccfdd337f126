"""What the journal keeps for the course alone is on no page, in no table and in no document of it."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest

from course.charts import journal_charts
from course.learner.journal.commands import export_pages, show
from course.learner.journal.document import journal_document
from course.learner.journal.entries import answer_table, journal_pages
from course.learner.journal.panel import JournalPanel
from course.records.journal import Journal
from course.records.raters.others import OPEN_ROUNDS, OpenRound, save_open_round

SECRET = "5ec7e7" * 10
LINK = "https://trust.example.org/o/11224488"


@pytest.fixture
def journal() -> Journal:
    day = datetime.date(2026, 11, 28)
    save_open_round(Journal(), OpenRound(SECRET, "https://trust.example.org", LINK, day, day))
    Journal().page(OPEN_ROUNDS[0]).save("one-sentence", "I keep my word.")
    return Journal()


def test_the_secret_and_the_link_of_an_open_round_are_shown_nowhere(
    journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    show(None)
    document = journal_document(journal_pages(journal), journal_charts(journal))
    texts = [
        capsys.readouterr().out,
        answer_table(journal).decode(),
        repr(JournalPanel(journal).get_state()),
        _text(document),
    ]
    for text in texts:
        assert "I keep my word." in text
        assert SECRET not in text
        assert LINK not in text


def test_only_the_learners_own_copy_of_their_pages_takes_them_along(journal: Journal) -> None:
    folder = journal.folder.parent / "copy"
    export_pages(journal, folder)
    with_secret = {path.name for path in folder.iterdir() if SECRET in _text(path.read_bytes())}
    assert with_secret == {f"{OPEN_ROUNDS[0]}.json"}


def _text(data: bytes) -> str:
    """Return the text of a file, also inside a Word document."""
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
