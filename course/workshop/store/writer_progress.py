"""How the writer of the store gets on, as it is seen by whoever looks twice a second; no clock is asked for that."""

from __future__ import annotations

from typing import Final, Literal

WriterState = Literal["well", "restarted", "stuck", "dead"]
STUCK_LOOKS: Final = 20
"""After so many looks at the same batch, the writer is taken to be stuck."""
MOST_RESTARTS: Final = 3
"""How often in a row the writer is started again that dies before it has written anything."""


class WriterStopped(Exception):
    """What was to be written was not, or nobody can tell: it is to be sent again."""


class WriterProgress:
    """Counts the batches that were written, and the looks at which there was no new one."""

    def __init__(self) -> None:
        self.state: WriterState = "well"
        self._batches = 0
        self._seen = 0
        self._looks = 0
        self._restarts = 0

    def note_batch(self) -> None:
        """Note that a batch was answered. The writer alone calls this."""
        self._batches += 1

    def look(self, is_busy: bool) -> WriterState:
        """Look at a writer that lives, and that has a batch in its hands or not; return how it is."""
        if not is_busy or self._batches != self._seen:
            if self._batches != self._seen:
                self._restarts = 0
            if self.state == "stuck" or self._restarts == 0:
                self.state = "well"
            self._seen, self._looks = self._batches, 0
        else:
            self._looks += 1
            if self._looks >= STUCK_LOOKS:
                self.state = "stuck"
        return self.state

    def may_begin_again(self) -> bool:
        """Say whether a writer that died may be started again, and count that."""
        self._looks = 0
        self._restarts += 1
        self.state = "restarted" if self._restarts <= MOST_RESTARTS else "dead"
        return self.state == "restarted"
