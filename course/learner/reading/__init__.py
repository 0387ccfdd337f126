"""The course's pages on a laptop: served beside Jupyter, run in its kernels, handed in through nbgrader."""

from typing import Final

ON_A_SERVER: Final = "course_on_a_server"
"""The setting of a Jupyter server by which each page says that answers are kept where that server runs."""
