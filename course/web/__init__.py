"""The web edition: the course's pages as static files, whose cells run in the learner's own browser.

`course site` builds it from `notebooks/` and `exercises/`; nothing of it is edited or kept in the repository.
"""
