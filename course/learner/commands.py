"""`course learn`, `teach` and `demo`: set up what they need, put a starter into place, and open the course."""

from __future__ import annotations

import os
from pathlib import Path

import click

from course.content import words
from course.core.settings import settings
from course.learner import serving, starters, working_copy
from course.learner.address import OpenCourse


def learn(folder: Path | None, *, port: int | None, browser: bool, lab: bool) -> None:
    """Open the course to learn, and stay until it is stopped; where it is open already, open a page of it."""
    running = serving.find_open("learn", working_copy.place_of(folder), port)
    if not running:
        click.echo(words("view.step-copy"))
    copy = working_copy.fill(folder)
    is_usual = copy.name == working_copy.usual_place().name
    arguments = ["--folder", str(copy)] if folder else []
    starters.offer("learn", copy.parent, *arguments, opens="" if is_usual else copy.name)
    if not running:
        click.echo(words("view.step-start"))
    profile = serving.learner_profile(copy, lab=lab, exchange=working_copy.find_exchange() is not None)
    _open(running, profile, port=port, browser=browser)


def teach(*, port: int | None, browser: bool) -> None:
    """Open the course to teach, and stay until it is stopped; where it is open already, open a page of it."""
    profile = serving.trainer_profile()
    running = serving.find_open("teach", profile.root, port)
    starters.offer("teach", profile.root.parent)
    if not running:
        click.echo(words("view.step-teach"))
    _open(running, profile, port=port, browser=browser)


def demo(seed: int | None, *, port: int | None, browser: bool) -> None:
    """Open the course with a made-up learner's answers, and stay until it is stopped or open a page, as `learn`."""
    from course.learner import demo as made_up  # what it stands on would make each start of the others slower

    os.environ.update(made_up.environment())
    running = serving.find_open("learn", working_copy.place_of(), port)
    made_up.fill(settings().journal, seed)
    profile = serving.learner_profile(working_copy.fill(), lab=False, exchange=False)
    click.echo("Synthetic data, not real people. What you answer here is replaced the next time: course demo")
    _open(running, profile, port=port, browser=browser)


def _open(running: OpenCourse | None, profile: serving.ServerProfile, *, port: int | None, browser: bool) -> None:
    if running:
        serving.open_page(running, profile, browser=browser)
    else:
        serving.serve(profile, port=port, browser=browser)


def offer_workshop_starter() -> None:
    """Put the starter of the live session to where the learner's is."""
    starters.offer("workshop", working_copy.usual_place().parent)
