"""What is on the page follows the answers, in whatever order and thread they come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from course.charts.kit.drawing import draw
from course.charts.kit.palette import BLUE
from course.charts.reactive import Views
from course.records.journal import Journal

PAGE = "thanks"


class Frame:
    """Keeps what it was given to show, as a widget does, until it is closed."""

    comm: Any = "open"

    def observe(self, handler: Any, names: str) -> None:
        self.tell = handler

    def close(self) -> None:
        self.comm = None
        self.tell({})

    def __init__(self, thing: Any) -> None:
        self.shown = thing

    def show(self, thing: Any) -> None:
        self.shown = thing


def test_an_answer_that_comes_while_a_thing_is_made_is_in_it_the_next_time(journal: Journal) -> None:
    page = journal.page(PAGE)

    def make() -> Any:
        answer = page.get("note")
        if answer == "first":
            page.save("note", "second")
        return answer

    view = Views(journal).add(make, [(PAGE, "note")])
    page.save("note", "first")
    assert view.get() == "first"
    assert view.get() == "second"


def test_what_was_closed_is_put_on_the_page_in_a_new_widget(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    view: Any = Views(journal).add(lambda: "content", [(PAGE, "note")])
    for _ in range(2):
        view.put(Frame)
    shown[0].close()
    assert not view.is_on_page
    view.put(Frame)
    assert shown[0] is shown[1]
    assert shown[2] is not shown[0]


def test_what_is_a_part_of_something_above_it_is_redrawn_too(journal: Journal, shown: list[Any]) -> None:
    views = Views(journal)
    part = views.add(lambda: journal.page(PAGE).get("note"), [(PAGE, "note")])
    whole = views.add(lambda: ["whole", part.get()], [(PAGE, "note")])
    whole.put(Frame)
    part.put(Frame)
    journal.page(PAGE).save("note", "new")
    assert [frame.shown for frame in shown] == [["whole", "new"], "new"]


def test_pictures_made_at_once_are_those_made_one_by_one() -> None:
    def picture(number: int) -> str:
        return draw(100, 50, lambda canvas: canvas.text((10, 25), f"number {number}", colour=BLUE))

    one_by_one = [picture(number) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(picture, range(8))) == one_by_one
