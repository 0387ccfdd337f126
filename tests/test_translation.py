"""All words that learners see are in the notebooks and in `course/content`, so that a translation is a copy of words.

A translation made by machine is put in their place; nothing that is shown may then be left in plain letters.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import IPython.display
import pytest
from icalendar import Calendar

import course
from course.activities import Ask
from course.activities.card import Card, attempt, static_html
from course.activities.kinds.hand_in import HandInCard
from course.activities.marks import Mark
from course.activities.widget import CardWidget
from course.charts import Show
from course.content import interface, scales, words
from course.content.lessons import follow_up, lessons, occasions
from course.core import storage
from course.core.errors import CourseError
from course.learner.notebook_view import page_config
from course.learner.record.contents import CODE
from course.learner.record.panel import RecordPanel
from course.records.answers.answers import Answers
from course.records.feedback_file import put_feedback_into_place
from course.records.journal import Journal
from course.records.reminders import lesson_event
from tests import pseudo
from tests.exercise_keys import TRIES
from tests.packing import exercise, packed
from tests.paths import ROOT

LESSONS = [ROOT / "notebooks" / f"{lesson.key}.ipynb" for lesson in (*lessons(), follow_up())]
EXERCISES = [ROOT / "source" / lesson.key / f"{lesson.key}.ipynb" for lesson in lessons()]
TYPED = "5, да"
"""What a learner types, which nobody translates."""


@pytest.fixture(scope="session")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.write_edition(tmp_path_factory.mktemp("translation") / "words")


@pytest.fixture
def edition(translated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the words in translation in use; nothing writes into their folder."""
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(translated))
    return translated


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    page: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", lambda thing, **_: page.append(thing))
    return page


class Desk(Ask):
    """The exercises of a notebook, kept as cards."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.answers = answers
        self.cards: list[Card] = []

    def _show(self, card: Card) -> None:
        self.cards.append(card)


class OptionsOf(dict[str, dict[str, str]]):
    """What the options of these cards say, as soon as they are there."""

    def __init__(self, cards: list[Card]) -> None:
        super().__init__()
        self.cards = cards

    def get(self, key: str, default: Any = None) -> Any:
        return next((card.option_texts for card in self.cards if card.key == key), default)


class Page:
    """Stands for `show` and `mark` where a notebook is run for its exercises."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


def cards(path: Path, answers: Answers) -> list[Card]:
    desk = Desk(answers)
    pseudo.run(path, ask=desk, show=Page(), mark=Page())
    return desk.cards


def fields(parts: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from fields(part.get("controls", []))
        yield from fields(part.get("buttons", []))


def given(part: dict[str, Any], which: int) -> Any:
    """Return an answer to one part: its first option, its last, or something typed."""
    kind, options = part.get("kind"), part.get("options", [])
    if kind == "radios":
        return options[which]["value"]
    if kind == "checks":
        return dict.fromkeys([option["value"] for option in options][: None if which else 1], True)
    if kind == "order":
        return [item["value"] for item in part["items"]][::-1]
    if kind == "number":
        return part["high"] if which else part["low"]
    return {"line": TYPED, "area": TYPED, "date": "2026-02-03"}.get(str(kind))


def use(card: Card, which: int) -> Iterator[str]:
    """Use a card as learners do, from empty to skipped, and yield all that it shows on the way."""
    yield from pseudo.seen(card.controls())
    for name in ("check", "show-all", "all", "add"):
        card.press(name)
        yield from pseudo.seen(card.controls())
    for step in range(4):
        for part in list(fields(card.controls())):
            if (value := given(part, which)) is not None:
                card.set(part["id"], value)
        yield from pseudo.seen(card.controls())
        for name in ("check", "all", "show-all", "add", f"next-{step}"):
            card.press(name)
            yield from pseudo.seen(card.controls())
    yield from pseudo.Page(static_html(card)).texts
    card.press("skip")
    yield from pseudo.seen(card.controls())


def test_the_translation_is_in_use(edition: Path) -> None:
    assert words("button.skip") == "Ткип"
    assert lessons()[0].title.startswith("Цздсд")
    assert scales.find_scale("habits").points[0] == scales.find_scale("looking-back").points[0] == "Ндхдс"
    assert scales.side_name("caring").startswith("Васинж")
    assert scales.map_lines().names["between"] == "ин бдуцддн"
    assert not pseudo.escaped(iter(interface().values()))


def test_a_word_that_was_not_translated_is_found() -> None:
    parts = [{"id": "save", "text": "Тахд"}, {"id": "more", "label": "Save {n}", "value": "typed"}]
    assert pseudo.escaped(pseudo.seen(parts)) == {"Save {n}"}
    assert pseudo.escaped(iter(["A. {option}", "1b: {n}"])) == set()


def test_without_the_setting_the_words_are_the_courses_own(edition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert words("button.skip") != "Skip"
    monkeypatch.delenv("BUILDING_TRUST_WORDS")
    assert words("button.skip") == "Skip"
    assert scales.side_name("caring") == "Caring and character"


@pytest.mark.slow
@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES], ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
def test_every_card_is_in_translation_whatever_is_answered(edition: Path, path: Path, which: int) -> None:
    found: set[str] = set()
    for card in cards(path, Answers(None, "lesson", path.stem)):
        found |= pseudo.escaped(iter(pseudo.Page(static_html(card)).texts))
        found |= pseudo.escaped(use(card, which))
        texts = CardWidget(card).words.values()
        found |= pseudo.escaped(
            form for text in texts for form in (text.values() if isinstance(text, dict) else [text])
        )
    assert found == set()


def test_a_value_that_does_not_fit_is_answered_in_translation(edition: Path) -> None:
    found: set[str] = set()
    for path in LESSONS:
        for card in cards(path, Answers(None, "lesson", path.stem)):
            for part in list(fields(card.controls())):
                for value in ("99", 99.0):
                    said = attempt(lambda part=part, value=value, card=card: card.set(part["id"], value))  # type: ignore[misc]  # bound now
                    found |= pseudo.escaped(iter([said, card.notice]))
    assert found == set()


def refuse(*_: object, **__: object) -> None:
    raise OSError(28, "12")


def time_out(*_: object, **__: object) -> None:
    raise TimeoutError


@pytest.mark.parametrize("name,fails", [("write_whole", refuse), ("locked", time_out), ("read_whole", refuse)])
def test_trouble_with_the_file_is_told_in_translation(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fails: Callable[..., None]
) -> None:
    answers = Answers(tmp_path / "1.json", "lesson", "two-questions")
    monkeypatch.setattr(storage, name, fails)
    assert told(answers, tmp_path)


@pytest.mark.parametrize("written", ["{", '{"format": 99}', '{"format": 1, "lesson": "other"}'])
def test_a_file_that_cannot_be_used_is_told_in_translation(edition: Path, tmp_path: Path, written: str) -> None:
    (tmp_path / "1.json").write_text(written)
    assert told(Answers(tmp_path / "1.json", "lesson", "two-questions"), tmp_path)


def told(answers: Answers, folder: Path) -> str:
    """Return what a card says of its file before and after a save, and find no plain word in it."""
    card = next(card for card in cards(LESSONS[2], answers) if card.kind == "sort")
    before = str(CardWidget(card).problem)
    after = attempt(lambda: card.set("card-0", "A"))
    said = f"{before} {after} {CardWidget(card).problem}".strip()
    plain = re.sub(r"\S*1\.(json|damaged)\S*", "", said.replace(str(folder), ""))
    assert pseudo.escaped(iter([plain])) == set()
    return said


def full(first: int, **other: Any) -> dict[str, Any]:
    items = [*scales.find_scale("habits").items, *scales.find_scale("pulse").items]
    return {**{item.code: (first + place) % 7 + 1 for place, item in enumerate(items)}, "version": 2, **other}


def states(journal: Journal) -> Iterator[None]:
    """Fill a journal step by step, as the course goes by."""
    yield
    journal.page("starting-point").save("start", {"COMP7": 3, "CARE7": "n", "version": 2})
    yield
    journal.page("starting-point").save("start", full(1, CARE7="n"))
    journal.page("two-questions").save("guess", [3, 4.5, 6, 2])
    yield
    pulses = [occasion for occasion in occasions() if not occasion.full]
    for place, occasion in enumerate(pulses):
        journal.page(occasion.lesson).save(occasion.key, {"P1": place, "P2": 7 - place, "TRIED": place % 3 + 1})
        if occasion in (pulses[0], pulses[-1]):
            yield
    journal.page("trust-plan").save("now", full(3))
    journal.page("trust-plan").save("looking-back", full(0))
    for path in LESSONS:
        for key, value in logs(path).items():
            journal.page(path.stem).save(key, value)
    yield
    journal.page("day-30").save("day-30", full(4))
    yield


def logs(path: Path) -> dict[str, Any]:
    """Return an answer to each log of a lesson."""
    entry = {"date": "2026-02-03", "words": [TYPED] * 3}
    found = re.findall(r'ask\.log\(\\?"([\w-]+)', path.read_text(encoding="utf-8"))
    return {key: {"entries": [{**entry, "mark": mark} for mark in ("K", "R", "M", "")], "draft": None} for key in found}


def charts(path: Path) -> None:
    """Put the charts of a lesson on the page, as the lesson does."""
    pseudo.run(path, ask=Page(), show=course.lesson(path.stem)[1])


def told_by(widget: Any) -> Iterator[str]:
    """Yield what a widget, or a figure, tells the browser to show."""
    if isinstance(widget, IPython.display.HTML):
        yield from pseudo.Page(widget.data).texts
        return
    for name in set(widget.keys) - {"layout", "tabbable", "tooltip", "dark", "language"}:
        if not name.startswith("_"):
            yield from pseudo.seen(getattr(widget, name))


@pytest.mark.slow
def test_every_chart_is_in_translation_with_data_and_without(edition: Path, shown: list[Any]) -> None:
    found: set[str] = set()
    for _ in states(Journal()):
        charts(LESSONS[1])
        charts(LESSONS[7])
    for path in LESSONS:
        charts(path)
    for widget in shown:
        found |= pseudo.escaped(told_by(widget))
    assert len(shown) > 40
    assert found == set()


@pytest.mark.slow
def test_whatever_is_put_on_a_page_declares_the_language_of_the_edition(
    edition: Path, shown: list[Any], tmp_path: Path
) -> None:
    declared = f'lang="{pseudo.LANGUAGE}" dir="ltr"'
    journal = Journal(tmp_path / "journal")
    journal.page("starting-point").save("start", full(1))
    journal.page("trust-plan").save("plan-habits", ["COMP7"])
    Show(journal).map()
    Show(journal).plan([])
    course.start()
    card = cards(LESSONS[1], Answers(None, "lesson", "two-questions"))[0]
    for widget in (CardWidget(card), *shown[:2]):
        assert widget.language == {"lang": pseudo.LANGUAGE, "dir": "ltr"}
    for page in (static_html(card), shown[2].data, shown[1].files[0]["content"]):
        assert declared in page
    assert json.loads(page_config(tmp_path, [], "start.ipynb")["courseLanguage"])["lang"] == pseudo.LANGUAGE


@pytest.mark.slow
def test_a_chart_without_widgets_is_in_translation(edition: Path, tmp_path: Path, shown: list[Any]) -> None:
    from course.charts.chart import Chart, Table

    journal = Journal(tmp_path / "journal")
    journal.page("starting-point").save("start", full(1))
    Show(journal).map()
    parts = dict(shown[0].chart)
    del parts["is_narrow"]  # a message has one picture, and says which
    chart = Chart(**{**parts, "table": Table(**parts["table"])})
    assert pseudo.escaped(iter(pseudo.Page(chart.to_html()).texts)) == set()
    assert chart.to_html().startswith(f'<figure class="course-chart" lang="{pseudo.LANGUAGE}"')


def test_the_plan_to_take_away_is_in_translation(edition: Path, shown: list[Any]) -> None:
    page = Journal().page("trust-plan")
    page.save("plan-habits", ["COMP7"])
    page.save("plan-caring", [TYPED] * 4)
    page.save("ask-three-people", [TYPED, TYPED, "", TYPED])
    course.lesson("trust-plan")[1].plan(["map"])
    names = [file["name"] for file in shown[0].files]
    assert len(names) == 4
    assert pseudo.escaped(iter([*names, *pseudo.Page(shown[0].files[0]["content"]).texts])) == set()
    events = [event for file in shown[0].files[1:] for event in Calendar.from_ical(file["content"]).walk("VEVENT")]
    assert pseudo.escaped(str(event[part]) for event in events for part in ("SUMMARY", "DESCRIPTION")) == set()
    for lesson in lessons():
        event = lesson_event(lesson.key, events[0]["DTSTART"].dt, "one")
        assert pseudo.escaped(iter([event.title, event.text])) == set()


def test_the_hand_in_file_is_in_translation(edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = exercise(tmp_path, "two-questions", q1=["C", None])
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    card = HandInCard("hand-in", Answers(folder / "answers.json", "exercise", "two-questions"))
    said: list[str] = []
    for learner in ("", "../x", "17"):
        said.append(attempt(partial(card.set, "learner", learner)))
        card.press("make")
        said += pseudo.seen(card.controls())
    card.answers.save("q2", "D")
    said += pseudo.seen(card.controls())
    ours = [str(folder), "hand-in-two-questions.zip", base64.b64encode(b"PK\3\4").decode()[:5], "application/zip"]
    plain = [line for line in said if not line.startswith(ours[2])]
    for own_text in ours:
        plain = [line.replace(own_text, "") for line in plain]
    assert len(plain) > 20
    assert pseudo.escaped(iter(plain)) == set()


@pytest.mark.parametrize(
    "held", [b"", b"no zip", packed({"../x": b""}).getvalue(), packed({"feedback.json": b"{"}).getvalue()]
)
def test_a_feedback_file_that_is_not_ours_is_answered_in_translation(
    edition: Path, tmp_path: Path, held: bytes
) -> None:
    (tmp_path / "feedback-1.zip").write_bytes(held)
    (said,) = put_feedback_into_place(tmp_path)
    for name in ("feedback-1.zip", "feedback.json", "../x"):
        said = said.replace(name, "")
    assert pseudo.escaped(iter([said])) == set()


def test_the_start_page_is_in_translation(edition: Path, shown: list[Any]) -> None:
    journal = Journal()
    for answered in (0, 1, 99):
        for card in cards(LESSONS[1], journal.page("two-questions"))[:answered]:
            card.press("skip")
        course.start()
    assert len(shown) == 3
    assert pseudo.escaped(text for page in shown for text in pseudo.Page(page.data).texts) == set()


def test_the_record_is_in_translation(edition: Path) -> None:
    Journal().page("starting-point").save("how-long", "B")
    panel: Any = RecordPanel(Journal())
    for choices in ({}, {"first": "2026-02-03", "last": "2026-03-04", "hours": "9", "code": list(CODE)}):
        panel._take(panel, {"choices": choices}, [])
        assert panel.opening
        assert pseudo.escaped(told_by(panel)) == set()


ANSWERS = [
    None,
    "A",
    "D",
    ["A"],
    ["A", None, None, None],
    ["C", "K", "C", "K"],
    list("ABCDE"),
    5.0,
    99,
    {"x": 1},
    TYPED,
]


@pytest.mark.slow
@pytest.mark.parametrize("marking", ["", "validate", "autograde"])
@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_marks_and_feedback_are_in_translation(
    edition: Path, path: Path, marking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: said.extend(pseudo.Page(data["text/html"]).texts))
    tries = TRIES[path.stem]
    for number in range(len(ANSWERS) + max(map(len, tries.values()))):
        answers = Answers(None, "exercise", path.stem)
        for key in (*tries, "reflection"):
            own = [*ANSWERS, *(answer for answer, _ in tries.get(key, []))]
            answers.save(key, own[min(number, len(own) - 1)])
        desk = Desk(answers)
        try:
            pseudo.run(path, ask=desk, mark=Mark(answers, marking, OptionsOf(desk.cards)))
        except CourseError as error:
            said += [error.message, error.hint]
    assert said
    assert pseudo.escaped(iter(said)) == set()


def test_the_notebook_view_is_in_translation(edition: Path, tmp_path: Path) -> None:
    told = json.loads(page_config(tmp_path, [], "start.ipynb")["courseWords"])
    assert len(told) > 4
    assert pseudo.escaped(iter(told.values())) == set()
