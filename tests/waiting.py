"""Wait for what another process or thread has to do: as short as can be, and never for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Return once something is so; fails where it is not so after that many seconds."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It did not come to be so."
        pause.wait(0.05)
