"""A disk that is full, for this process: no file grows beyond a few bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Have files grow no further for a while, as on a full disk; a test that uses it is left out on Windows."""
    resource = pytest.importorskip("resource", reason="limits of files as Unix has them")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
