"""What pages show before Python is there."""

from __future__ import annotations

import json
import re

import pytest

from course.core.errors import SiteNotBuilt
from course.core.notebooks import read_notebook
from course.core.pages.web_edition import page_channel
from course.web.first_states import WIDGET, CellFailed, Recordings, first_states, record
from course.web.pages import learner_pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recordings() -> Recordings:
    return first_states()


def test_every_page_has_one_and_what_is_shown_is_there(recordings: Recordings) -> None:
    assert set(recordings["pages"]) == set(learner_pages())
    for name, page in recordings["pages"].items():
        shown = [bundle[WIDGET]["model_id"] for cell in page["cells"].values() for bundle in cell if WIDGET in bundle]
        assert set(shown) == set(page["models"]), name


def test_every_activity_is_there_but_for_those_that_say_what_day_it_is(recordings: Recordings) -> None:
    missing = {
        (name, cell["id"])
        for name, path in learner_pages().items()
        for cell in read_notebook(path)["cells"]
        if cell["cell_type"] == "code" and cell["id"] not in recordings["pages"][name]["cells"]
    }
    kinds = {cell for _, cell in missing}
    assert kinds == {"reminder", "promise-log", "thanks-log", "plan-day", "take-away", "record"}


def test_it_says_no_day_and_no_draft_is_looked_for(recordings: Recordings) -> None:
    """A browser drops drafts of a journal whose id it does not know, and no build knows that id."""
    text = json.dumps(recordings["pages"])
    assert not re.search(r"20(26|27)-\d\d-\d\d", text)
    for page in recordings["pages"].values():
        assert all(state.get("drafts") is None for state in page["models"].values())


def test_each_widget_has_its_script_and_style_sheet(recordings: Recordings) -> None:
    for page in recordings["pages"].values():
        for state in page["models"].values():
            for name in (state["_esm"], state["_css"]):
                assert recordings["files"][name.removeprefix("./")]


def test_links_in_what_is_shown_lead_to_pages_of_the_site(recordings: Recordings) -> None:
    start = recordings["pages"]["notebooks/start.ipynb"]["cells"]
    html = "".join(bundle.get("text/html", "") for cell in start.values() for bundle in cell)
    assert 'href="repair.html"' in html
    assert ".ipynb" not in html


def test_nothing_of_the_one_who_builds_is_in_it(
    recordings: Recordings, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = tmp_path_factory.mktemp("journal")
    page = {"name": "two-questions", "answers": {"guess-difference": {"text": "MY OWN WORDS"}}}
    (journal / "two-questions.json").write_text(json.dumps(page))
    for name in ("BUILDING_TRUST_JOURNAL", "BUILDING_TRUST_DATA"):
        monkeypatch.setenv(name, str(journal))
    monkeypatch.setenv("BUILDING_TRUST_LEARNER", "kim.lee")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert first_states() == recordings


def test_a_page_that_does_not_run_is_named(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder := tmp_path_factory.mktemp("odd"))  # and back: a page goes to its own folder
    for name in ("BUILDING_TRUST_DATA", "BUILDING_TRUST_WORK"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(page_channel, "tell", page_channel.tell)
    with pytest.raises(CellFailed, match=r"notebooks/odd\.ipynb, cell broken: ZeroDivisionError"):
        record("notebooks/odd.ipynb", {"broken": "1 / 0"}, folder)


def test_a_build_whose_recording_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_WORDS", "/nowhere")
    with pytest.raises(SiteNotBuilt, match="could not be run"):
        first_states()
