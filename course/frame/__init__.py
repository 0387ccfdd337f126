"""The reading frame: a notebook as a page to read, with its sections, the way through the course, and its tools.

It knows nothing of Jupyter. Where a page is served or built, an adapter gives it the addresses it needs and runs its
cells: `course/learner/reading/` does so on a laptop.
"""
