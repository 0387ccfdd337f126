"""A card on the page, without a browser and without a kernel: its traits, its messages and its replies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import filelock
import pytest

from course.activities.kinds.branch import Branch
from course.activities.kinds.choose import Choose
from course.activities.kinds.date import Date
from course.activities.kinds.hand_in import HandInCard
from course.activities.kinds.log import Log
from course.activities.kinds.rate import Rate
from course.activities.kinds.write import Write
from course.activities.widget import CardWidget
from course.core.settings import settings
from course.records.answers.answers import Answers

WORDS = "Which?\n\nA. This -> Yes.\nB. That"


class _Page(CardWidget):
    """A card whose replies are kept, as a browser would."""

    def __init__(self, card: Any) -> None:
        self.replies: list[Any] = []
        super().__init__(card)

    def send(self, content: Any, buffers: Any = None) -> None:
        self.replies.append(content)

    def take(self, message: Any) -> None:
        self._handle_custom_msg(message, [])


def note(page: _Page) -> str:
    return str(page.controls[0]["options"][0]["note"])


def test_a_message_changes_the_answer_redraws_and_is_answered_with_its_turn(open_page: Any) -> None:
    page = _Page(Choose("q", open_page(), WORDS))
    page.take({"event": "set", "control": "pick", "value": "A", "turn": 7})
    assert (page.controls[0]["value"], note(page)) == ("A", "")
    page.take({"event": "press", "control": "check", "turn": 8})
    assert note(page) == "Yes."
    assert page.replies == [
        {"turn": 7, "outcome": "saved", "error": ""},
        {"turn": 8, "outcome": "saved", "error": ""},
    ]
    assert open_page().get("q") == "A"


def test_a_failed_save_is_answered_with_a_sentence_and_keeps_what_was_typed(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file where the folder should be")
    page = _Page(Write("q", Answers(tmp_path / "journal" / "page.json", "lesson", "page", wait=0), "What?"))
    page.take({"event": "set", "control": "text", "value": "typed in private", "turn": 1})
    (reply,) = page.replies
    assert reply["turn"] == 1
    assert reply["outcome"] == "failed"
    assert "could not be saved" in reply["error"]
    assert "Traceback" not in reply["error"]
    assert "typed in private" not in reply["error"]
    assert page.controls[0]["value"] == "typed in private"


def test_a_rating_off_the_scale_is_answered_with_a_sentence(open_page: Any) -> None:
    page = _Page(Rate("q", open_page(), "habits"))
    page.take({"event": "set", "control": "COMP7", "value": "9", "turn": 1})
    assert page.replies[0]["outcome"] == "refused"
    assert "from 1 to 7" in page.replies[0]["error"]


def test_words_that_another_window_saved_meanwhile_are_not_overwritten_unseen(open_page: Any) -> None:
    page = _Page(Write("q", open_page(), "What?"))
    page.take({"event": "set", "control": "text", "value": "mine", "seen": [""], "turn": 1})
    open_page().save("q", "theirs")
    page.take({"event": "set", "control": "text", "value": "mine too", "seen": ["mine"], "turn": 2})
    assert [reply["outcome"] for reply in page.replies] == ["saved", "elsewhere"]
    assert open_page().get("q") == page.controls[0]["value"] == "theirs"
    page.take({"event": "set", "control": "text", "value": "mine too", "seen": ["theirs"], "turn": 3})
    assert open_page().get("q") == "mine too"


def test_words_that_could_not_be_saved_do_not_overwrite_what_another_window_saved_then(open_page: Any) -> None:
    open_page().save("other", 1)
    (lock,) = (settings().data / "locks").iterdir()
    page = _Page(Write("q", open_page(), "What?"))
    message = {"event": "set", "control": "text", "value": "mine", "seen": [""], "turn": 1}
    with filelock.FileLock(lock):
        page.take(message)
    open_page().save("q", "theirs")
    page.take(message)
    page.take({"event": "press", "control": "skip", "turn": 2})
    assert [reply["outcome"] for reply in page.replies] == ["failed", "elsewhere", "saved"]
    assert open_page().get("q") == "theirs"


@pytest.mark.parametrize(
    "make", [lambda page: Date("q", page, "When?"), lambda page: Log("q", page, "Note.\n\n- What:")]
)
def test_a_day_that_the_card_offered_yesterday_is_not_taken_for_another_windows(open_page: Any, make: Any) -> None:
    page = _Page(make(open_page()))
    page.take({"event": "set", "control": "date", "value": "2026-01-09", "seen": ["2026-01-01"], "turn": 1})
    page.take({"event": "set", "control": "date", "value": "2026-01-10", "seen": ["2026-01-08"], "turn": 2})
    assert [reply["outcome"] for reply in page.replies] == ["saved", "elsewhere"]


def test_a_step_that_is_behind_in_another_window_says_so_and_is_not_called_saved(open_page: Any) -> None:
    steps = "## One\nWhat?\nA. Go on. -> Fine.\nB. Stop. -> No.\n## Two\nAnd?\nA. Stop. -> So."
    here, elsewhere = _Page(Branch("q", open_page(), steps)), _Page(Branch("q", open_page(), steps))
    elsewhere.take({"event": "set", "control": "pick-0", "value": "A", "turn": 1})
    elsewhere.take({"event": "press", "control": "next-0", "turn": 2})
    here.take({"event": "set", "control": "pick-0", "value": "B", "turn": 3})
    assert here.replies == [{"turn": 3, "outcome": "nothing", "error": ""}]
    assert "in another window" in here.card.notice
    assert open_page().get("q") == ["A", None]


def test_a_card_says_whether_it_was_answered_or_skipped(open_page: Any) -> None:
    page = _Page(Choose("q", open_page(), WORDS))
    seen = [page.done]
    for message in (
        {"event": "set", "control": "pick", "value": "A", "turn": 1},
        {"event": "press", "control": "skip", "turn": 2},
        {"event": "press", "control": "unskip", "turn": 3},
    ):
        page.take(message)
        seen.append(page.done)
    assert seen == ["", "answered", "skipped", "answered"]
    assert _Page(HandInCard("hand-in", open_page())).done is None


def test_a_fault_of_the_course_is_answered_too_and_not_hidden(open_page: Any) -> None:
    def listen(key: str) -> None:
        raise ZeroDivisionError

    answers = open_page()
    answers.listen(listen)
    page = _Page(Choose("q", answers, WORDS))
    with pytest.raises(ZeroDivisionError):
        page._take(page, {"event": "set", "control": "pick", "value": "A", "turn": 4}, None)
    assert [reply["turn"] for reply in page.replies] == [4]
    assert "went wrong" in page.replies[0]["error"]
    assert open_page().get("q") == "A"


@pytest.mark.parametrize("message", [None, [], "set", {}, {"event": "run"}, {"event": ["set"]}, {"control": "pick"}])
def test_what_is_no_message_of_a_card_is_left_unanswered(open_page: Any, message: Any) -> None:
    page = _Page(Choose("q", open_page(), WORDS))
    page.take(message)
    assert page.replies == []


@pytest.mark.parametrize("control", [None, 5, ["pick"], {"a": 1}, "pick" * 5000])
def test_a_part_that_is_not_there_is_answered_and_changes_nothing(open_page: Any, control: Any) -> None:
    page = _Page(Choose("q", open_page(), WORDS))
    page.take({"event": "set", "control": control, "value": "A", "turn": 1})
    page.take({"event": "press", "control": control})
    assert page.replies == [
        {"turn": 1, "outcome": "nothing", "error": ""},
        {"turn": 0, "outcome": "nothing", "error": ""},
    ]
    assert open_page().keys() == []


def test_a_damaged_page_is_told_on_the_card_before_and_after_it_is_kept_aside(open_page: Any, tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "page.json").write_text("{")
    page = _Page(Choose("q", open_page(), WORDS))
    assert "damaged" in page.problem
    page.take({"event": "set", "control": "pick", "value": "A", "turn": 1})
    assert "kept under the name page.damaged-" in page.problem
    assert page.replies == [{"turn": 1, "outcome": "saved", "error": ""}]


def test_a_page_of_a_newer_course_is_read_only_and_says_so(open_page: Any, tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "page.json").write_text('{"format": 3}')
    page = _Page(Choose("q", open_page(), WORDS))
    assert "newer version" in page.problem
    page.take({"event": "set", "control": "pick", "value": "A", "turn": 1})
    assert "newer version" in page.replies[0]["error"]
    assert page.controls[0]["value"] == "A"
    assert (tmp_path / "journal" / "page.json").read_text() == '{"format": 3}'


@pytest.mark.parametrize("text", ["{", '{"format": 3}'])
def test_a_page_that_cannot_be_used_any_more_is_told_on_open_cards_until_it_can_be(
    open_page: Any, tmp_path: Path, text: str
) -> None:
    answers, file = open_page(), tmp_path / "journal" / "page.json"
    answers.save("q", "A")
    page = _Page(Choose("q", answers, WORDS))
    file.rename(tmp_path / "whole.json")
    file.write_text(text)
    answers.refresh()
    assert page.problem
    (tmp_path / "whole.json").rename(file)
    answers.refresh()
    assert page.problem == ""


def test_a_card_kept_in_memory_does_not_say_that_it_is_saved(open_page: Any) -> None:
    assert _Page(Choose("q", Answers(None, "exercise", "x"), WORDS)).words["saved"] == "Saved in this window only."
    assert _Page(Choose("q", open_page(), WORDS)).words["saved"] == "Saved"


def test_nothing_that_was_answered_is_in_a_text_about_the_card(open_page: Any) -> None:
    page = _Page(Write("q", open_page(), "What?"))
    page.take({"event": "set", "control": "text", "value": "typed in private", "turn": 1})
    assert "private" not in repr(page)
    bundle = page._repr_mimebundle_()
    assert "private" not in str(bundle)
