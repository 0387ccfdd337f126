"""The demo: a labelled journal with every rating, apart from the person's own, and never over a real one."""

from __future__ import annotations

import datetime
import functools
import itertools
import json
import os
import shutil
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import mean
from typing import Any
from xml.etree import ElementTree

import docx
import IPython.display
import pytest
from click.testing import CliRunner

import course
from course.activities.kinds.arrange import Sort
from course.activities.kinds.choose import Choose
from course.activities.kinds.log import Log
from course.charts import Show
from course.cli import main
from course.content import words
from course.content.files import HERE, read
from course.content.lessons import follow_up, lessons, occasions
from course.content.scales import SIDES, find_scale
from course.core.errors import BadContent, RealJournal
from course.core.notebooks import ask_calls, material, read_notebook
from course.core.settings import settings
from course.learner import demo
from course.learner.journal.commands import DOCUMENT, TABLE, export_pages, show
from course.learner.made_up_answers import FILE
from course.records.journal import SYNTHETIC, Journal
from course.records.raters.others import others_results
from tests.jupyter_server import open_course

pytestmark = pytest.mark.slow


LABEL = "Synthetic data. Not real people."
TODAY = datetime.date(2026, 2, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made-up"


@pytest.fixture(scope="session")
def fill_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int | None], Path]:
    """Fill a journal the first time that one of its seed is wanted, in the empty home of that test."""

    @functools.cache
    def filled(seed: int | None) -> Path:
        return demo.fill(tmp_path_factory.mktemp("made-up"), seed, TODAY).folder

    return filled


@pytest.fixture
def made_up(fill_once: Callable[[int | None], Path], folder: Path) -> Callable[..., Journal]:
    """Return a copy, in `folder`, of a journal that the demo filled."""

    def copy(seed: int | None = None) -> Journal:
        return Journal(Path(shutil.copytree(fill_once(seed), folder)))

    return copy


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    page: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", page.append)
    return page


def everything_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def texts(value: Any) -> list[str]:
    """Return every text in an answer that has several words: no code, no letter and no day."""
    if isinstance(value, dict):
        return [text for inside in value.values() for text in texts(inside)]
    if isinstance(value, list):
        return [text for inside in value for text in texts(inside)]
    return [value] if isinstance(value, str) and (" " in value or len(value) > 12) else []


def test_the_journal_is_labelled_and_has_every_rating(folder: Path, made_up: Callable[..., Journal]) -> None:
    journal = made_up(1)
    assert (folder / SYNTHETIC).read_text(encoding="utf-8") == f"{LABEL}\n"
    ratings = journal.ratings()
    assert [rating.occasion for rating in ratings] == list(occasions())
    assert all(rating.pulse for rating in ratings)
    assert all(len(rating.habits) > 7 for rating in ratings if rating.occasion.full)
    assert all(rating.tried for rating in ratings if not rating.occasion.full)
    assert journal.page("trust-plan").get("looking-back")
    assert len(journal.page("two-questions").get("group-view")) == 2


def test_the_made_up_learner_answers_each_card_of_each_lesson(made_up: Callable[..., Journal]) -> None:
    journal = made_up()
    for lesson in (*lessons(), follow_up()):
        cards = demo.cards_that_ask(lesson.key, journal.page(lesson.key))
        assert [card.key for card in cards if not all(answer for _, answer in card.answer_lines())] == []
        assert {card.key for card in cards} == set(read(FILE)[lesson.key]), "an answer to a card that is not there"
    assert set(read(FILE)) == {lesson.key for lesson in (*lessons(), follow_up())}


def test_no_two_texts_are_the_same_and_none_is_the_label(made_up: Callable[..., Journal]) -> None:
    journal = made_up()
    pages = [journal.page(name) for name in journal.written()]
    written = [text for page in pages for text in texts([page.get(key) for key in page.keys()])]
    assert len(written) > 100
    assert sorted(written) == sorted(set(written))
    assert LABEL not in written


def test_the_logs_go_on_over_weeks(made_up: Callable[..., Journal]) -> None:
    journal = made_up()
    logs = [
        card
        for lesson in lessons()
        for card in demo.cards_that_ask(lesson.key, journal.page(lesson.key))
        if isinstance(card, Log)
    ]
    assert len(logs) == 2
    for log in logs:
        days = [datetime.date.fromisoformat(entry["date"]) for entry in log.entries]
        assert len(set(days)) == len(days) > 5
        assert max(days) < TODAY
        assert max(days) - min(days) >= datetime.timedelta(weeks=2)
        assert not log.marks or {entry["mark"] for entry in log.entries} == set(log.marks)


def test_most_answers_to_questions_of_knowledge_are_right_and_some_are_not(made_up: Callable[..., Journal]) -> None:
    journal = made_up()
    judged = []
    for lesson in lessons():
        for card in demo.cards_that_ask(lesson.key, journal.page(lesson.key)):
            if isinstance(card, Choose) and card.is_knowledge:
                judged.append(card.picked in card.words.right)
            elif isinstance(card, Sort) and card.is_knowledge:
                judged += [card.groups[str(group)] == best for group, best in zip(card.placed, card.best, strict=True)]
            assert card.is_checked or all(button["id"] != "check" for button in card.actions()), card.key
    assert 0.8 < sum(judged) / len(judged) < 1


def test_the_made_up_learner_moves_most_on_the_side_that_began_lower(made_up: Callable[..., Journal]) -> None:
    first, *_, now, later = made_up().ratings()
    before, after, month_later = (side_scores(rating.habits) for rating in (first, now, later))
    assert before[1] < before[0]
    assert after[1] - before[1] > after[0] - before[0] > 0
    assert before[1] < month_later[1] < after[1], "a little is lost again"


def side_scores(habits: Mapping[str, int]) -> list[float]:
    scale = find_scale("habits")
    return [mean(habits[item.code] for item in scale.side(side) if item.code in habits) for side in SIDES]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no answer to this card"),
        ('small-act = "Z"', "does not take this answer"),
        ("small-act = 3", "does not take this answer"),
        ("small-act = []", "does not take this answer"),
    ],
)
def test_a_card_without_an_answer_that_fits_stops_the_demo_and_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    edition = tmp_path / "edition"
    shutil.copytree(HERE, edition)
    known = (HERE / FILE).read_text(encoding="utf-8")
    assert known.count('small-act = "C"') == 1
    (edition / FILE).write_text(known.replace('small-act = "C"', given), encoding="utf-8")
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(edition))
    with pytest.raises(BadContent, match=said) as told:
        demo.fill(folder, today=TODAY)
    assert all(name in told.value.message for name in (FILE, "starting-point", "small-act"))


def test_the_same_seed_makes_the_same_journal_and_takes_the_place_of_another(
    folder: Path, made_up: Callable[..., Journal]
) -> None:
    made_up(1)
    first = everything_in(folder)
    demo.fill(folder, 2, TODAY)
    assert everything_in(folder) != first
    demo.fill(folder, 1, TODAY)
    assert everything_in(folder) == first


@pytest.mark.parametrize("name", ["starting-point.json", "day-30.json", "two-questions.damaged-2026-1.json"])
def test_a_real_journal_is_never_touched(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder / name).write_text("{}")
    with pytest.raises(RealJournal, match="not labelled as made up") as told:
        demo.fill(folder, 1)
    assert "Nothing was changed" in told.value.hint
    assert everything_in(folder) == {name: "{}"}


def test_other_files_in_an_unlabelled_folder_stay(folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    demo.fill(folder, 1)
    assert (folder / "notes.txt").read_text() == "mine"


def test_the_demo_is_apart_from_all_that_is_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BUILDING_TRUST_JOURNAL", str(tmp_path / "mine"))
    monkeypatch.setenv("BUILDING_TRUST_EXCHANGE", str(tmp_path / "exchange"))
    own, apart = settings(), settings(demo.environment())
    for name in ("data", "journal", "work", "exchange"):
        assert getattr(own, name) != getattr(apart, name)
    assert not Path(apart.exchange or "").exists()


def test_a_real_journal_in_the_place_of_the_demo_is_told_in_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in demo.environment():
        monkeypatch.setenv(name, "")
    place = Path(demo.environment()["BUILDING_TRUST_JOURNAL"])
    place.mkdir(parents=True)
    (place / "starting-point.json").write_text("{}")
    told = CliRunner().invoke(main, ["demo", "--no-browser"])
    assert (told.exit_code, told.stderr.count("\n")) == (1, 2)
    assert "not labelled as made up" in told.stderr


def test_every_chart_of_a_made_up_journal_is_labelled_wherever_it_goes(
    folder: Path, made_up: Callable[..., Journal], shown: list[Any]
) -> None:
    journal = made_up(1)
    for draw in ("map", "items", "yardstick", "pulse"):
        getattr(Show(Journal(folder)), draw)()
    Show(journal, "keeping-your-word").log(next(iter(_logs("keeping-your-word"))), {"K": "Kept"})
    assert len(shown) == 5
    for widget, is_narrow in itertools.product(shown, (False, True)):
        widget.is_narrow = is_narrow
        chart = widget.chart
        assert chart["heading"].startswith(LABEL)
        assert chart["alt"].startswith(LABEL)
        assert chart["table"]["caption"].startswith(LABEL)
        picture = ElementTree.fromstring(chart["svg"])
        assert [text.text for text in picture.iter() if text.text == LABEL] == [LABEL]
        assert picture.get("viewBox", "").split()[3] == str(picture.get("height", "")).removesuffix("pt")


def _logs(slug: str) -> list[str]:
    calls = ask_calls(read_notebook(material() / "notebooks" / f"{slug}.ipynb"))
    return [call.args[0].value for call in calls if call.func.attr == "log"]  # type: ignore[attr-defined]  # as above


def test_a_persons_own_charts_are_not_labelled(tmp_path: Path, shown: list[Any]) -> None:
    journal = Journal(tmp_path / "mine")
    journal.page("starting-point").save("start", {"COMP7": 5})
    Show(journal).items()
    assert LABEL not in json.dumps(shown[0].chart)


def test_the_start_page_of_a_made_up_journal_is_labelled(
    folder: Path, made_up: Callable[..., Journal], shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up(1)
    monkeypatch.setenv("BUILDING_TRUST_JOURNAL", str(folder))
    course.start()
    assert f'<p class="course-label">{LABEL}</p>' in shown[0].data
    monkeypatch.delenv("BUILDING_TRUST_JOURNAL")
    course.start()
    assert LABEL not in shown[1].data


def test_what_is_taken_out_of_a_made_up_journal_is_labelled(
    folder: Path,
    made_up: Callable[..., Journal],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    taken = tmp_path / "taken"
    export_pages(made_up(), taken)
    assert (taken / TABLE).read_text(encoding="utf-8-sig").splitlines()[1].endswith(LABEL)
    assert docx.Document(str(taken / DOCUMENT)).paragraphs[1].text == LABEL
    monkeypatch.setenv("BUILDING_TRUST_JOURNAL", str(folder))
    show(None)
    assert LABEL in capsys.readouterr().out
    (folder / SYNTHETIC).unlink()
    export_pages(Journal(folder), tmp_path / "own")
    show(None)
    assert LABEL not in capsys.readouterr().out + (tmp_path / "own" / TABLE).read_text(encoding="utf-8-sig")


def test_the_demo_opens_on_its_own_copy_and_leaves_the_persons_own_places_alone(tmp_path: Path) -> None:
    with open_course(tmp_path, "--seed", "3", command="demo") as opened:
        assert urllib.request.urlopen(opened.start).status == 200
        lesson = opened.start.replace("/start.ipynb", "/repair.ipynb")
        assert f'<p class="frame-label">{LABEL}</p>' in urllib.request.urlopen(lesson).read().decode()
    assert (tmp_path / "building-trust-demo" / "notebooks").is_dir()
    assert not (tmp_path / "building-trust").exists()
    (journal,) = tmp_path.rglob(SYNTHETIC)
    assert journal.parent.parent.name == "demo"
    assert words("synthetic.label") in journal.read_text(encoding="utf-8")
    assert "BUILDING_TRUST_DATA" not in os.environ


def test_made_up_people_have_rated_the_made_up_learner(made_up: Callable[..., Journal]) -> None:
    journal = made_up()
    (result,) = others_results(journal)
    assert result.raters == "eight-or-more"
    assert [figures.average for figures in result.statements.values()] == [5.5, 4.5] * 6
    assert result.moment.astimezone().date() == TODAY
