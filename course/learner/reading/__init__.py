"""The course's pages on a laptop: served beside Jupyter, run in its kernels, handed in through nbgrader."""
