"""Open the course in the browser: Jupyter with the course's own settings, for this machine alone.

A person's own Jupyter and IPython settings are neither used nor changed: everything that Jupyter reads and writes
here is in the course's own folder.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from course.content import words
from course.core.errors import FolderUnusable, PortUnavailable
from course.core.notebooks import course_directory, material
from course.core.packages import leave_out_format_parsers
from course.core.settings import settings
from course.core.storage import put
from course.learner import address, notebook_view
from course.learner.working_copy import shipped_pages

START = "notebooks/start.ipynb"
TRAINER_START = "notebooks/for-trainers.ipynb"


@dataclass(frozen=True)
class ServerProfile:
    """One way to open the course: for whom, from which folder, at which page."""

    name: str
    root: Path
    start_url: str
    first_port: int
    """Where to look for a port the first time."""

    page_config: Mapping[str, object]
    overrides: Mapping[str, object]
    extensions: dict[str, bool]
    private_page: Path | None = None
    """Where to put the small page that lets the browser in; browsers in a sandbox cannot read hidden folders."""

    nbgrader_config: str = ""
    culling: dict[str, object] = field(default_factory=lambda: {"cull_idle_timeout": 3600, "cull_interval": 300})
    """When kernels end by themselves that no page is connected to."""

    pre_save_hook: str = "course.learner.page_files.without_outputs"
    """What happens to a notebook just before Jupyter saves it."""

    contents_manager: str = ""
    """The class that reads, writes and renames files; nothing for Jupyter's own."""

    gives_way: bool = False
    """Whether it closes where the same course is opened again from another version."""

    content_security_policy: str = ""
    """What pages may load and ask for, as the header Content-Security-Policy says it; nothing for Jupyter's own."""


def learner_profile(copy: Path, *, lab: bool, exchange: bool) -> ServerProfile:
    """Return how a learner opens the course: on their working copy."""
    left_out = (
        notebook_view.NOT_NEEDED + notebook_view.NOT_FOR_LEARNERS + (() if exchange else notebook_view.NO_EXCHANGE)
    )
    return ServerProfile(
        name="learn",
        root=copy,
        start_url=f"/lab/tree/{START}" if lab else f"/read/{START}",
        first_port=8888,
        page_config=notebook_view.page_config(
            material(), ["notebooks/", "exercises/"], START, left_out, read=shipped_pages()
        ),
        overrides=notebook_view.overrides(learner=True),
        extensions=_nbgrader_extensions(formgrader=False),
        private_page=copy / "open-the-course.html",
        pre_save_hook="course.learner.page_files.keep_shipped",
        contents_manager="course.learner.page_files.PageFiles",
        culling={"cull_idle_timeout": 90, "cull_interval": 15},  # a page that comes back starts its kernel again
        gives_way=True,  # for the same reason
    )


def trainer_profile() -> ServerProfile:
    """Return how a trainer opens the course: on the course directory, with nbgrader's formgrader."""
    root = course_directory()
    exchange = _make_exchange(settings().exchange or root / "exchange")
    return ServerProfile(
        name="teach",
        root=root,
        start_url=f"/lab/tree/{TRAINER_START}",
        first_port=8988,
        page_config=notebook_view.page_config(root, ["notebooks/", "exercises/", "source/"], START),
        overrides=notebook_view.overrides(learner=False),
        extensions=_nbgrader_extensions(formgrader=True),
        content_security_policy=_SAME_ORIGIN_ONLY,
        nbgrader_config=_trainer_nbgrader(root, exchange),
    )


def serve(profile: ServerProfile, *, port: int | None, browser: bool, opened: Callable[[], None]) -> None:
    """Open the course, which is not open yet, call `opened` once it answers, and stay until it is stopped."""
    folder = folder_of(profile.name)
    browser = browser and find_browser()
    if port is not None and not address.is_free(port):
        raise PortUnavailable(
            f"Port {port} is taken or not allowed.",
            "Choose another port, or leave --port out: course learn --port N",
        )
    prepare(folder, profile)
    use_environment(folder)
    chosen = address.choose_port(folder, profile.root, profile.first_port) if port is None else None
    if chosen and chosen.kept:
        _forget_cookies(folder)
    number = chosen.number if chosen else port or 0
    config = server_settings(profile, folder, number, is_chosen=chosen is None)
    _run(config, profile, folder, browser, chosen, opened)


def folder_of(name: str) -> Path:
    """Return the folder with the settings of a profile, by its name."""
    return settings().jupyter / name


def private_page(profile: ServerProfile, folder: Path) -> Path:
    """Return the small page that lets the browser in."""
    return profile.private_page or folder / "open-the-course.html"


def _forget_cookies(folder: Path) -> None:
    """Let no cookie of the days before count: the program that has the usual port may have been sent one."""
    (folder / "runtime" / "jupyter_cookie_secret").unlink(missing_ok=True)


def use_environment(folder: Path) -> None:
    """Have this process, and all that it starts, use the course's own folder and nothing that was set for Jupyter."""
    os.environ.update(environment(folder))
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTERLAB_DIR"):
        os.environ.pop(name, None)


def environment(folder: Path) -> dict[str, str]:
    """Return the variables that keep Jupyter, its kernels and matplotlib inside the course's own folder."""
    return {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "config" / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "config" / "lab" / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }


def server_settings(
    profile: ServerProfile, folder: Path, port: int, *, is_chosen: bool
) -> dict[str, dict[str, object]]:
    """Return Jupyter's own settings for a profile. A port that a person chose is used, or none."""
    shared = shared_settings(profile)
    return {
        **shared,
        "ServerApp": {
            **shared["ServerApp"],
            "ip": address.LOCALHOST,
            "port": port,
            "port_retries": 0 if is_chosen else address.TRIES,
            "open_browser": False,  # the course opens it, without the token in the address
            "allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,
            "jpserver_extensions": {**profile.extensions, "course.learner.sign_in": True},
            "logging_config": _log_to(folder / "server.log"),
        },
        "IdentityProvider": {
            "cookie_options": {"samesite": "Strict"},  # HttpOnly and a name with the port are Jupyter's own
            "login_handler_class": "course.learner.sign_in.NotSignedInHandler",
        },
        "Application": {"log_level": "WARN"},
    }


def shared_settings(profile: ServerProfile) -> dict[str, dict[str, object]]:
    """Return what every Jupyter server that shows the course is set to, wherever it listens and whoever lets people in.

    All of it is plain data, as JSON holds it.
    """
    policy = profile.content_security_policy
    return {
        "ServerApp": {
            "root_dir": str(profile.root),
            "default_url": profile.start_url,
            "jpserver_extensions": profile.extensions,
            **({"contents_manager_class": profile.contents_manager} if profile.contents_manager else {}),
            "tornado_settings": {"headers": {"Content-Security-Policy": policy}} if policy else {},
            "terminado_settings": _terminal(),
        },
        "ContentsManager": {"pre_save_hook": profile.pre_save_hook},
        "MappingKernelManager": profile.culling,
        "LabServerApp": {
            "extra_labextensions_path": [str(notebook_view.EXTENSIONS)],
            "cache_files": False,  # else a browser may keep the extension of the course before this one
        },
        "LanguageServerManager": {"autodetect": False},  # it would look for programs on the whole machine
        "LabApp": {
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
        },
    }


def _terminal() -> dict[str, list[str]]:
    """Return what JupyterLab's terminals start: no login shell, which may forget where the course's commands are."""
    shell = os.environ.get("SHELL") or shutil.which("bash") or "sh"
    return {"shell_command": [shell]} if os.name == "posix" else {}


_SAME_ORIGIN_ONLY = "; ".join(
    [
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # JupyterLab and widgets make code as they go
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data:",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
"""A trainer opens strangers' files: no picture in them tells another host who reads them."""


def find_browser() -> bool:
    """Say whether there is a browser to open; one inside the terminal does not count."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    ):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _nbgrader_extensions(*, formgrader: bool) -> dict[str, bool]:
    return {
        "notebook": True,
        "jupyterlab": True,
        "nbgrader.server_extensions.validate_assignment": True,
        "nbgrader.server_extensions.assignment_list": True,
        "nbgrader.server_extensions.formgrader": False,  # the next one is made from it
        "course.trainer.pages.formgrader": formgrader,
        "course.trainer.desk.uploads": formgrader,
        "course.learner.installed": True,
        "course.learner.reading.pages": not formgrader,
        "nbgrader.server_extensions.course_list": False,
    }


def _trainer_nbgrader(root: Path, exchange: Path) -> str:
    """Return settings that lead nbgrader from any folder to those of the course directory."""
    return "\n".join(
        [
            "# Written by `course teach`.",
            f"load_subconfig('nbgrader_config.py', path={str(root)!r})",
            "c = get_config()",
            f"c.CourseDirectory.root = {str(root)!r}",
            f"c.Exchange.root = {str(exchange)!r}",
            "",
        ]
    )


def _make_exchange(folder: Path) -> Path:
    """Return the exchange folder, made so that everyone on this machine can hand in, as nbgrader asks.

    Nobody but its owner can take away what another put there.
    """
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o1777)
    return folder


def prepare(folder: Path, profile: ServerProfile, server: Mapping[str, object] | None = None) -> None:
    """Write the settings of a profile into its folder, which its owner alone can read.

    `server` are settings for a server that somebody else starts, as `shared_settings` has them.
    """
    config = folder / "config"
    files = {
        config / "labconfig" / "page_config.json": json.dumps(profile.page_config, indent=1),
        config / "labconfig" / "default_setting_overrides.json": json.dumps(profile.overrides, indent=1),
        config / "nbgrader_config.py": profile.nbgrader_config or "# Nothing is set here.\n",
        folder / "ipython" / "profile_default" / "ipython_kernel_config.py": _KERNEL,
        **({config / "jupyter_server_config.json": json.dumps(server, indent=1)} if server else {}),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path, text in files.items():
            put(path, text.encode())
    except OSError as error:
        raise FolderUnusable(
            f"The folder {folder} cannot be used: {error.strerror or error}.",
            "Make room or allow writing there, or name another in BUILDING_TRUST_DATA.",
        ) from error


_KERNEL = """\
# Written by the course. A notebook's folder is not searched for modules, so that a file lying beside a notebook
# cannot take the place of a library; and no history of what was run is kept.
c = get_config()
c.InteractiveShellApp.ignore_cwd = True
c.HistoryManager.enabled = False
c.Application.log_level = "ERROR"
"""


def _log_to(path: Path) -> dict[str, object]:
    """Send what Jupyter reports to a file, so that the terminal stays readable."""
    handler = {"class": "logging.FileHandler", "filename": str(path), "mode": "w", "encoding": "utf-8"}
    plain = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    return {
        "formatters": {"plain": plain},
        "handlers": {"file": handler | {"formatter": "plain", "level": "WARNING"}},
        "loggers": {"ServerApp": {"handlers": ["file"]}, "asyncio": {"handlers": ["file"], "propagate": False}},
    }


def _run(
    config: Mapping[str, Mapping[str, object]],
    profile: ServerProfile,
    folder: Path,
    browser: bool,
    chosen: address.ChosenPort | None,
    opened: Callable[[], None],
) -> None:
    """Start the server, say where it is, and stay until it stops; `chosen` is None for a port that a person named."""
    leave_out_format_parsers()
    from jupyter_server.serverapp import ServerApp
    from traitlets.config import Config

    from course.learner.installed import HAND_OVER
    from course.learner.sign_in import PRIVATE_PAGE, PURPOSE, one_time_codes

    app = ServerApp.instance(config=Config(config))
    app.initialize(argv=[])
    signal.signal(signal.SIGINT, lambda *_: app.stop(from_signal=True))  # Jupyter itself would ask first
    app.no_browser_open_file = True  # it would hold the token
    page = private_page(profile, folder)
    app.web_app.settings.update({PRIVATE_PAGE: page, PURPOSE: profile.name})
    gave_way = threading.Event()

    def give_way() -> None:
        gave_way.set()
        page.unlink(missing_ok=True)  # from now on, it is the other one's
        app.stop()

    if profile.gives_way:
        app.web_app.settings[HAND_OVER] = give_way
    here = address.OpenCourse(app.port, app.connection_url.rstrip("/"), app.identity_provider.token)

    def let_in() -> None:
        if chosen and chosen.kept:
            click.echo(words("view.other-address", address=here.base))
        elif chosen:
            address.keep_port(folder, profile.root, app.port)
        _say_where(profile, here.with_token(profile.start_url), browser)
        if browser:
            address.open_privately(page, here.base, one_time_codes(app.web_app).make(profile.start_url))
        opened()

    app.io_loop.add_callback(let_in)
    try:
        app.start()
    finally:
        if not gave_way.is_set():
            page.unlink(missing_ok=True)
    click.echo(words("view.gave-way" if gave_way.is_set() else "view.closed"))


def _say_where(profile: ServerProfile, link: str, browser: bool) -> None:
    """Say where the course is, as soon as it answers."""
    click.echo(words("view.folder", folder=profile.root))
    click.echo(words("view.open" if browser else "view.open-yourself", address=link))
    click.echo(words("view.stop"))
