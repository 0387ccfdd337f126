"""Stores on SQLite that do not wait for the disk, as no test cuts the power: what a killed process wrote is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from course.workshop.store import tables

AS_SHIPPED: Final = tables.SYNCHRONOUS


@pytest.fixture(scope="session", autouse=True)
def no_wait_for_the_store() -> Iterator[None]:
    """Let each commit take what it takes the processor. Servers in processes of their own wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "SYNCHRONOUS", "OFF")
        yield
