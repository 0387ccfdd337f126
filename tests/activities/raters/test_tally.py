"""The card of the printed way: nothing is kept before a yes, and nothing of the table afterwards."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest

from course.activities import controls
from course.activities.kinds.share import Share
from course.activities.notebook_cards import PastAnswers
from course.activities.past_words import Reference
from course.activities.raters.tally import TallyCard
from course.charts import journal_charts
from course.core.errors import AnswersNotKept
from course.learner.journal.entries import journal_pages
from course.records import submission_file
from course.records.answers.answers import Answers
from course.records.journal import Journal
from course.records.raters.others import OPEN_ROUNDS, OTHERS, OpenRound, others_results, save_open_round
from tests.activities.raters.test_form import counted
from tests.packing import SLUG, exercise


@pytest.fixture
def card() -> TallyCard:
    return TallyCard(Journal().page(OTHERS[0]))


def said(card: TallyCard) -> str:
    return " ".join(str(control.get("text", "")) for control in controls.flat(card.controls()))


def buttons(card: TallyCard) -> list[str]:
    return [
        button["id"]
        for control in controls.flat(card.controls())
        if control["kind"] == "buttons"
        for button in control["buttons"]
    ]


def keep(card: TallyCard, *points: int) -> None:
    card.set("table", counted(*points))
    card.press("check")
    card.press("keep")


def test_a_table_is_read_kept_and_shown_in_the_journal(card: TallyCard) -> None:
    card.set("table", counted(3, 4, 5, 5, 6))
    assert not Journal().files()
    card.press("check")
    assert "Five to seven people filled in a form." in said(card)
    assert "Read it, wait a day, then thank them." in said(card)
    assert "4.5" not in said(card)
    assert not Journal().files()
    card.press("keep")
    assert "Please destroy the forms" in said(card)
    (result,) = others_results(Journal())
    assert result.statements["CARE7"].average == 4.5
    ((name, lines),) = card.answer_lines()
    assert name.startswith("How others see me, on printed forms, ")
    assert "Did what they had said: 4.5" in lines


def test_nothing_of_the_table_is_left_once_it_was_read(card: TallyCard) -> None:
    table = counted(1, 1, 1, 1, 1, 7, 7, 7)
    card.set("table", table)
    card.press("check")
    assert table not in repr(card.controls())
    card.press("keep")
    page = next(path for path in Journal().files() if path.suffix == ".json").read_text()
    assert table not in repr(card.controls())
    assert "5;0" not in page
    card.press("check")
    assert "Copy the table into the box first." in said(card)


def test_fewer_than_five_forms_are_refused_and_the_table_can_be_put_right(card: TallyCard) -> None:
    card.set("table", counted(3, 4, 5, 5))
    card.press("check")
    assert "There are fewer than five forms, so nothing is kept" in said(card)
    assert "keep" not in buttons(card)
    card.press("keep")
    assert not others_results(Journal())


def test_who_throws_it_away_has_kept_nothing(card: TallyCard) -> None:
    card.set("table", counted(3, 4, 5, 5, 6))
    card.press("check")
    card.press("drop")
    assert "Nothing was kept." in said(card)
    card.press("keep")
    assert not others_results(Journal())


def test_the_latest_result_is_erased_after_asking(card: TallyCard) -> None:
    keep(card, 3, 4, 5, 5, 6)
    keep(card, 7, 7, 7, 7, 7)
    card.press("remove")
    assert "for good" in said(card)
    card.press("remove-no")
    assert len(others_results(Journal())) == 2
    card.press("remove-yes")
    assert len(others_results(Journal())) == 2, "nothing was asked before"
    card.press("remove")
    card.press("remove-yes")
    (left,) = others_results(Journal())
    assert left.statements["COMP7"].average == 4.5
    assert "remove" in buttons(card)


def test_a_result_that_another_window_added_since_is_not_erased_in_place_of_the_one_asked_about(
    card: TallyCard,
) -> None:
    keep(card, 3, 4, 5, 5, 6)
    card.press("remove")
    keep(TallyCard(Journal().page(OTHERS[0])), 7, 7, 7, 7, 7)
    card.press("remove-yes")
    (left,) = others_results(Journal())
    assert left.statements["COMP7"].average == 6.0


def test_what_cannot_be_saved_waits_for_another_try(card: TallyCard) -> None:
    card.set("table", counted(3, 4, 5, 5, 6))
    card.press("check")
    folder = Journal().folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the journal's folder would be")
    with pytest.raises(AnswersNotKept):
        card.press("keep")
    assert "keep" in buttons(card)
    folder.unlink()
    card.press("keep")
    assert len(others_results(Journal())) == 1


def test_no_browser_keeps_the_table(card: TallyCard) -> None:
    box = next(control for control in controls.flat(card.controls()) if control["kind"] == "area")
    assert box["private"]


def test_the_files_to_print_are_on_the_card(card: TallyCard) -> None:
    names = [control["name"] for control in controls.flat(card.controls()) if control["kind"] == "download"]
    assert names == ["how-others-see-me.html", "others-tally.csv"]


def test_no_card_of_an_exercise_can_copy_it_and_no_hand_in_has_it(card: TallyCard, tmp_path: Path) -> None:
    keep(card, 3, 4, 5, 5, 6)
    day = datetime.date(2026, 11, 28)
    save_open_round(card.answers, OpenRound("5ec7e7" * 10, "https://trust.example.org", "https://the-link", day, day))
    past = PastAnswers(Journal().folder)
    for page, key in (OTHERS, OPEN_ROUNDS):
        for reference in (Reference(page, key), Reference(page, key, "1")):
            assert past.in_words(reference) == ""
            assert not any(past.in_fields(reference))
    share = Share("shared-now", exercise_answers(tmp_path), "now", Journal())
    Journal().page("trust-plan").save("now", {"COMP7": 5, "version": 2})
    share.press("show")
    share.press("share")
    path = submission_file.make(tmp_path / SLUG, SLUG, "synthetic-017")
    with zipfile.ZipFile(path) as archive:
        handed_in = archive.read("answers.json").decode()
        everything = " ".join(archive.read(name).decode() for name in archive.namelist())
    assert '"ratings"' in handed_in
    assert "4.5" not in handed_in
    for private in ("5ec7e7", "the-link", "five-to-seven", '"others"'):
        assert private not in everything


def exercise_answers(tmp_path: Path) -> Answers:
    return Answers(exercise(tmp_path) / "answers.json", "exercise", SLUG)


def test_my_journal_has_the_result_in_words(card: TallyCard) -> None:
    keep(card, 3, 4, 5, 5, 6)
    (page,) = journal_pages(Journal())
    text = " ".join(line for entry in page.entries for pair in entry.lines for line in pair)
    assert "How others see me, on printed forms" in text
    assert "Did what they had said: 4.5" in text
    titles = [chart.title for chart in journal_charts(Journal())]
    assert "Where do others see me differently?" in titles
