"""`course learn` and `course teach`: set up what they need, put a starter into place, and open the course."""

from __future__ import annotations

from pathlib import Path

import click

from course.content import words
from course.learner import serving, starters, working_copy


def learn(folder: Path | None, *, port: int | None, browser: bool, lab: bool) -> None:
    """Open the course to learn, and stay until it is stopped."""
    click.echo(words("view.step-copy"))
    copy = working_copy.fill(folder)
    is_usual = copy.name == working_copy.usual_place().name
    arguments = ["--folder", str(copy)] if folder else []
    starters.offer("learn", copy.parent, *arguments, opens="" if is_usual else copy.name)
    click.echo(words("view.step-start"))
    profile = serving.learner_profile(copy, lab=lab, exchange=working_copy.find_exchange() is not None)
    serving.serve(profile, port=port, browser=browser)


def teach(*, port: int | None, browser: bool) -> None:
    """Open the course to teach, and stay until it is stopped."""
    profile = serving.trainer_profile()
    starters.offer("teach", profile.root.parent)
    click.echo(words("view.step-teach"))
    serving.serve(profile, port=port, browser=browser)


def offer_workshop_starter() -> None:
    """Put the starter of the live session to where the learner's is."""
    starters.offer("workshop", working_copy.usual_place().parent)
