"""Where files go that a trainer drops on the desk: straight from the browser to disk, piece by piece.

A server extension. Nothing of a file passes through a notebook's kernel, and none is held in memory as a whole.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import secrets
from pathlib import Path
from typing import IO, Any, Final

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from course.content import trainer_words
from course.core import moments, names
from course.trainer.collecting.inbox_scan import ARRIVING

PREFIX: Final = "course-upload"
PLACES: Final = {"inbox": "inbox", "list": names.BROUGHT}
"""The folder of the course directory for each kind of file: hand-ins, and lists that one step reads and removes."""
LARGEST: Final = 8_000_000_000
"""The size in bytes of the largest file that is taken; the disk decides before."""
_LONGEST_NAME: Final = 240
"""The most bytes of a name: disks take 255, and a number may come behind it."""
_LONGEST_ENDING: Final = 10
_GIVEN_UP: Final = datetime.timedelta(days=1)
"""After how long without a new piece a file arrives no more: the server that took it was ended."""


def plain_name(name: str) -> str:
    """Return a file's name without folders and without what some systems do not take; empty where none is left.

    One that is too long for a disk keeps its beginning, where platforms say whose it is, and its ending.

    >>> plain_name("../../etc/A:B.zip")
    'A_B.zip'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join("_" if letter in '<>:"|?*' or not letter.isprintable() else letter for letter in last)
    kept = kept.strip().lstrip(".")
    stem, _, ending = kept.rpartition(".")
    ending = f".{ending}" if stem and len(ending) <= _LONGEST_ENDING else ""
    begin = kept.removesuffix(ending).encode()[: _LONGEST_NAME - len(ending.encode())]
    return begin.decode(errors="ignore") + ending


def free_path(folder: Path, name: str) -> Path:
    """Return where a file of this name goes in a folder; one that is there already keeps its place.

    >>> free_path(Path("/nowhere"), "all.zip").name
    'all.zip'
    """
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if stem else (name, "")
    number, path = 1, folder / name
    while path.exists() or path.is_symlink():
        number += 1
        path = folder / f"{stem} ({number}){ending}"
    return path


def clear_given_up(folder: Path) -> None:
    """Remove what began to arrive in a folder and never will be whole: it may be large, and no list shows it."""
    before = (moments.now() - _GIVEN_UP).timestamp()
    for path in folder.glob(f"{ARRIVING}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < before:
                path.unlink()


@web.stream_request_body
class UploadHandler(JupyterHandler):
    """Takes one file. It appears under its name when all of it is there."""

    auth_resource = "contents"
    _file: IO[bytes] | None = None
    _draft: Path | None = None

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Open a file aside, once Jupyter has let this browser in."""
        await super().prepare(_redirect_to_login=_redirect_to_login)
        if self._finished or self.request.method != "PUT":
            return
        if not self.current_user:
            raise web.HTTPError(403)
        place, name = self.path_args[0], plain_name(self.path_args[1])
        if not name:
            raise web.HTTPError(400, trainer_words("desk.upload-no-name"))
        self.request.connection.set_max_body_size(LARGEST)  # type: ignore[union-attr]  # an HTTP/1 connection
        folder = Path(self.contents_manager.root_dir) / PLACES[place]
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            clear_given_up(folder)
            self._draft = folder / f"{ARRIVING}{secrets.token_hex(8)}"
            self._file = self._draft.open("xb")
            self._draft.chmod(0o600)
        except OSError as error:
            self._fail(error)

    def data_received(self, chunk: bytes) -> None:
        """Write the next piece."""
        if self._file is None:
            return
        try:
            self._file.write(chunk)
        except OSError as error:
            self._fail(error)

    @web.authenticated
    @authorized
    def put(self, place: str, name: str) -> None:
        """Give the file its name, and answer with it."""
        if self._file is None or self._draft is None:
            return  # it was answered when it failed
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            path = free_path(self._draft.parent, plain_name(name))
            self._draft.rename(path)
        except OSError as error:
            self._fail(error)
            return
        self._file = self._draft = None
        self.finish({"name": path.name})

    def on_connection_close(self) -> None:
        """Leave nothing behind where the browser went in the middle."""
        self._remove_draft()
        super().on_connection_close()

    def on_finish(self) -> None:
        """Leave nothing behind where it failed."""
        self._remove_draft()
        super().on_finish()

    def _fail(self, error: OSError) -> None:
        self._remove_draft()
        if not self._finished:
            self.set_status(507)
            self.finish({"message": trainer_words("desk.upload-failed", reason=error.strerror or type(error).__name__)})

    def _remove_draft(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._draft is not None:
            self._draft.unlink(missing_ok=True)
        self._file = self._draft = None


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the way in for files to a Jupyter server."""
    path = url_path_join(server.web_app.settings["base_url"], rf"{PREFIX}/({'|'.join(PLACES)})/([^/]+)")
    server.web_app.add_handlers(".*$", [(path, UploadHandler)])
