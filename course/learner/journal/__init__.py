"""My journal: everything that a learner wrote, to read, to search, to take along and to erase.

It knows nothing of Jupyter: the web edition has the same.
"""
