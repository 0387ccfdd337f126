"""Rounds whose days are over while no server runs: they are erased with the next command of the course.

Looking for them costs every command next to nothing: a file of keys says by its own time when its round is over.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.core.settings import settings
from course.workshop.sessions.overdue import believed_now, has_keys, is_any_due, store_place

if TYPE_CHECKING:
    from course.others.rounds import Rounds
    from course.workshop.web.listeners import PublicAddress
    from course.workshop.web.server import ServerPart

ROUNDS: Final = "others"
"""The kind of store, whose folder has this name."""


def open_rounds() -> Rounds:
    """Return all rounds of this account, or in the database of live sessions that is set. Raises StoreUnusable."""
    from course.core import storage
    from course.others.round_table import RoundTable, file_unusable
    from course.others.rounds import Rounds
    from course.workshop.store.session_keys import KeyFolder

    folder, shared = store_place(ROUNDS), settings().sessions
    url = shared or f"sqlite:///{folder / 'rounds.sqlite'}"
    if not shared:
        try:
            storage.make_private(folder)
        except OSError as error:
            raise file_unusable(url, error) from error
    return Rounds(RoundTable(url), KeyFolder(_keys()))


def rounds_beside_sessions(public: PublicAddress | None) -> ServerPart:
    """Return the rounds of this account as a part of the server of live sessions."""
    from course.others.web.round_server import RoundsBesideSessions

    return RoundsBesideSessions(open_rounds, public.base if public else "")


def end_overdue_rounds() -> None:
    """Erase every round whose days are over. In a database that is set, servers do so.

    Nothing that goes wrong here stops the command that somebody wanted: it is logged, and tried again with the next.
    """
    try:
        if not settings().sessions and has_keys(_keys()) and is_any_due(_keys(), now := believed_now()):
            rounds = open_rounds()
            try:
                rounds.sweep(now)
            finally:
                rounds.close()
    except Exception as error:  # whatever it is
        from course.workshop.errors import log_error

        log_error(error)


def _keys() -> Path:
    """Return the folder of the rounds' keys: one of their own, also where that of live sessions is set."""
    shared = settings().session_keys
    return shared / ROUNDS if shared else store_place(ROUNDS) / "keys"
