"""Begin a page in a browser window's kernel, which goes on from page to page, as if it had just been started."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Final

_COURSE: Final = Path.cwd()
"""The working copy: kernels of windows are started there."""


def begin(folder: str) -> None:
    """Forget the page before, and go to the folder of this one, as the server names it."""
    from IPython import get_ipython

    if widgets := sys.modules.get("ipywidgets"):
        widgets.Widget.close_all()
    if shell := get_ipython():
        shell.reset(new_session=True)
    gc.collect()
    os.chdir(_COURSE / folder)
