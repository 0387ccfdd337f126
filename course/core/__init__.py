"""What everything else stands on: errors, settings, storage, archives, tables, percentages, time stamps, names."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
"""The version of this course."""
