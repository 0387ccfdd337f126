"""One thing that is kept of a learner, and how it is removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trace:
    """What is kept, in words for a trainer, and what removes it; that raises OSError or what a bad zip raises."""

    what: str
    remove: Callable[[], Any]
