"""Opening the course: what Jupyter is told, and what a person is told when it cannot be opened."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import icalendar
import nbformat
import pytest
from click.testing import CliRunner
from jupyter_client.manager import run_kernel
from jupyter_server.services.contents.filemanager import FileContentsManager
from traitlets.config import Config

from course.cli import main
from course.content import words
from course.core import notebooks
from course.core.errors import NotACourseDirectory
from course.core.notebooks import material
from course.learner import serving, starters
from tests.jupyter_server import open_course

HAND_INS = ("submitted/", "autograded/", "feedback/", "inbox/")


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Return a port on which someone else listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small checkout to teach from."""
    folder = tmp_path / "checkout"
    shutil.copytree(material() / "notebooks", folder / "notebooks")
    (folder / "source").mkdir()
    for module in (serving, notebooks):
        monkeypatch.setattr(module, "material", lambda: folder)
    return folder


def test_learners_run_lessons_and_exercises_and_see_no_trainers_tools(tmp_path: Path) -> None:
    profile = serving.learner_profile(tmp_path, lab=False, exchange=True)
    assert profile.start_url == "/read/notebooks/start.ipynb"
    assert profile.page_config["courseRunIn"] == ["notebooks/", "exercises/"]
    assert "@jupyter/nbgrader:create-assignment" in profile.page_config["disabledExtensions"]
    assert "@jupyter/nbgrader:assignment-list" not in profile.page_config["disabledExtensions"]
    assert not profile.extensions["course.trainer.pages.formgrader"]
    assert profile.extensions["nbgrader.server_extensions.validate_assignment"]


def test_without_an_exchange_nobody_is_sent_to_it(tmp_path: Path) -> None:
    profile = serving.learner_profile(tmp_path, lab=True, exchange=False)
    assert profile.start_url == "/lab/tree/notebooks/start.ipynb"
    assert "@jupyter/nbgrader:assignment-list" in profile.page_config["disabledExtensions"]


def test_a_trainer_begins_at_the_page_for_trainers_in_jupyterlab(checkout: Path) -> None:
    profile = serving.trainer_profile()
    assert profile.start_url == "/lab/tree/notebooks/for-trainers.ipynb"
    assert (checkout / profile.start_url.removeprefix("/lab/tree/")).is_file()


def test_a_trainers_pages_load_nothing_from_elsewhere(checkout: Path, tmp_path: Path) -> None:
    settings = serving.server_settings(serving.trainer_profile(), tmp_path, 8988, is_chosen=False)
    policy = settings["ServerApp"]["tornado_settings"]["headers"]["Content-Security-Policy"]
    assert "img-src 'self' data: blob:;" in policy
    assert "http" not in policy
    learners = serving.learner_profile(tmp_path, lab=False, exchange=False)
    assert serving.server_settings(learners, tmp_path, 8888, is_chosen=False)["ServerApp"]["tornado_settings"] == {}


def test_a_trainers_hand_ins_are_in_no_folder_that_runs_by_itself(checkout: Path) -> None:
    profile = serving.trainer_profile()
    assert profile.extensions["course.trainer.pages.formgrader"]
    runs = tuple(profile.page_config["courseRunIn"])
    assert runs == ("notebooks/", "exercises/", "source/")
    assert not [path for path in HAND_INS if f"{path}kim/01/01.ipynb".startswith(runs)]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_teaching_makes_the_exchange_that_nbgrader_needs(checkout: Path) -> None:
    serving.trainer_profile()
    assert (checkout / "exchange").stat().st_mode & 0o7777 == 0o1777
    (checkout / "exchange").chmod(0o755)
    serving.trainer_profile()
    assert (checkout / "exchange").stat().st_mode & 0o777 == 0o755


def test_teaching_needs_the_exercises_with_their_answers(checkout: Path) -> None:
    (checkout / "source").rmdir()
    with pytest.raises(NotACourseDirectory, match="not installed here") as told:
        serving.trainer_profile()
    assert "Clone" in told.value.hint


def test_cookies_of_the_days_before_count_no_more_where_another_program_has_the_usual_port(tmp_path: Path) -> None:
    secret = tmp_path / "runtime" / "jupyter_cookie_secret"
    secret.parent.mkdir()
    secret.write_bytes(b"secret")
    serving._forget_cookies(tmp_path)
    serving._forget_cookies(tmp_path)
    assert not secret.exists()


def test_only_this_machine_is_served_and_only_with_a_token(tmp_path: Path) -> None:
    profile = serving.learner_profile(tmp_path, lab=False, exchange=False)
    told = serving.server_settings(profile, tmp_path, 8888, is_chosen=False)
    assert told["ServerApp"]["ip"] == "127.0.0.1"
    assert "token" not in told["ServerApp"]  # Jupyter then makes a new one each time


@pytest.mark.skipif(os.name != "posix", reason="no login shell elsewhere")
@pytest.mark.parametrize("shell", ["/bin/bash", ""])
def test_a_terminal_finds_the_courses_commands(shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", shell)
    profile = serving.learner_profile(tmp_path, lab=True, exchange=False)
    command = serving.server_settings(profile, tmp_path, 8888, is_chosen=False)["ServerApp"]["terminado_settings"]
    environment = {**os.environ, **serving.environment(tmp_path)}
    found = subprocess.run([*command["shell_command"], "-c", "command -v course"], env=environment, capture_output=True)
    assert Path(found.stdout.decode().strip()).parent == Path(sys.executable).parent


def test_a_lesson_is_saved_without_what_running_it_left(tmp_path: Path) -> None:
    profile = serving.learner_profile(tmp_path, lab=False, exchange=False)
    config = Config(serving.server_settings(profile, tmp_path, 8888, is_chosen=False))
    output = nbformat.v4.new_output("stream", text="an answer")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("ask.taps()", outputs=[output])], metadata={"course": {"run_on_open": True}}
    )
    (tmp_path / "notebooks").mkdir()
    model = {"type": "notebook", "format": "json", "content": notebook}
    FileContentsManager(root_dir=str(tmp_path), config=config).save(model, "notebooks/lesson.ipynb")
    saved = (tmp_path / "notebooks" / "lesson.ipynb").read_text()
    assert "ask.taps()" in saved
    assert "an answer" not in saved


LOOK = "import icalendar; print(icalendar.__file__, get_ipython().history_manager.enabled)"


@pytest.mark.kernel
def test_a_kernel_takes_no_library_from_beside_a_notebook_and_keeps_no_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, notebooks = tmp_path / "jupyter", tmp_path / "notebooks"
    serving.prepare(folder, serving.learner_profile(tmp_path, lab=False, exchange=False))
    notebooks.mkdir()
    (notebooks / "icalendar.py").write_text("raise SystemExit")
    for name, value in serving.environment(folder).items():
        monkeypatch.setenv(name, value)
    said: list[str] = []
    with run_kernel(cwd=str(notebooks)) as client:
        client.execute_interactive(LOOK, timeout=60, output_hook=lambda told: said.append(str(told["content"])))
    whole = "".join(said)
    assert icalendar.__file__ in whole
    assert "False" in whole
    assert not list(folder.rglob("history.sqlite"))


def test_whether_the_course_is_open_already_is_asked_without_loading_jupyter() -> None:
    look = "import sys, course.learner.commands; print('jupyter_server' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True).stdout == "False\n"


def test_jupyter_and_its_kernels_keep_to_the_courses_folder(tmp_path: Path) -> None:
    told = serving.environment(tmp_path)
    places = {name: value for name, value in told.items() if name.startswith("JUPYTER") and name.endswith("DIR")}
    assert set(places) >= {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"}
    assert all(
        Path(value).is_relative_to(tmp_path) for value in [*places.values(), told["IPYTHONDIR"], told["MPLCONFIGDIR"]]
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_a_browser_in_the_terminal_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not serving.find_browser()
    monkeypatch.setenv("BROWSER", "/bin/true %s")
    assert serving.find_browser()


def test_a_taken_port_is_told_in_two_lines(taken_port: int) -> None:
    told = CliRunner().invoke(main, ["learn", "--no-browser", "--port", str(taken_port)])
    assert told.exit_code == 1
    what, what_to_do = (
        f"Port {taken_port} is taken or not allowed.",
        "Choose another port, or leave --port out: course learn",
    )
    assert told.stderr == f"{what}\n{what_to_do} --port N\n"


def test_a_folder_that_cannot_be_written_is_told_in_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    told = CliRunner().invoke(main, ["learn", "--no-browser", "--folder", str(tmp_path / "file" / "copy")])
    assert (told.exit_code, told.stderr.count("\n")) == (1, 2)
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "file"))
    told = CliRunner().invoke(main, ["learn", "--no-browser"])
    assert (told.exit_code, told.stderr.count("\n")) == (1, 2)
    assert "BUILDING_TRUST_DATA" in told.stderr


@pytest.mark.slow
def test_an_open_course_answers_its_owner_and_nobody_else(tmp_path: Path) -> None:
    with open_course(tmp_path) as course:
        assert urllib.request.urlopen(course.start).status == 200
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{course.base}/api/contents")
    assert not (course.copy / "open-the-course.html").exists()
    made = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    name = words("starter.learn")
    starter = starters.starter_files(starters.this_system(), name, tmp_path, "", [], {})
    assert made == {"building-trust", ".local", *starter}
    assert [path.name for path in (tmp_path / ".local" / "share").iterdir()] == ["building-trust"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_closes_the_course_without_a_question(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "course", "learn", "--no-browser"]
    kept = os.environ | {"HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(line, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(6)]
        server.send_signal(signal.SIGINT)
        rest, errors = server.communicate(timeout=60)
    assert said[0] == words("view.step-copy") + "\n"
    assert said[2] == words("view.step-start") + "\n"
    assert said[3] == words("view.folder", folder=tmp_path / "building-trust") + "\n"
    assert said[5] == words("view.stop") + "\n"
    assert (rest, errors, server.returncode) == (words("view.closed") + "\n", "", 0)
