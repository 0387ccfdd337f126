"""What every widget of the course is built on: anywidget's in Jupyter, a small one of our own in the web edition.

A widget has synced traits, a script (`_esm`) and a style sheet (`_css`), and the calls of anywidget that the course
uses: `send`, `on_msg`, `observe`, `close` and `comm`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.core.web_edition import is_web_edition

__all__ = ["Widget"]

if TYPE_CHECKING or not is_web_edition():
    from anywidget import AnyWidget as Widget
else:
    from course.core.web_widget import WebWidget as Widget
