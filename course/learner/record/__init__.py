"""A record of completion: what a learner did, how long it takes, and what they learned and changed, to keep or show.

It knows nothing of Jupyter: the web edition has the same. Nothing of it is stored but the files that a learner saves.
"""
