"""Show HTML or a widget where the cell stands that is running, in Jupyter and in the web edition alike."""

from __future__ import annotations

from typing import Final

from course.core.pages.html import Markup
from course.core.pages.page_addresses import with_web_addresses
from course.core.pages.web_edition import is_web_edition, page_channel

_WIDGET: Final = "application/vnd.jupyter.widget-view+json"


def show_html(html: Markup, *, plain: str = "") -> None:
    """Show HTML. `plain` says the same where no HTML is shown."""
    if is_web_edition():
        _show({"text/html": with_web_addresses(html)})
        return
    from IPython.display import HTML, display

    if plain:
        display({"text/html": str(html), "text/plain": plain}, raw=True)
    else:
        display(HTML(html))


def show_widget(widget: object) -> None:
    """Show a widget; one that is shown in several places is the same in each."""
    if is_web_edition():
        _show({_WIDGET: {"version_major": 2, "version_minor": 0, "model_id": getattr(widget, "model_id", "")}})
        return
    from IPython.display import display

    display(widget)


def _show(data: dict[str, object]) -> None:
    page_channel.tell("show", {"data": data})
