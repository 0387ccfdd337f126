"""`course learn`, `teach` and `demo`: set up what they need, put a starter into place, and open the course."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click

from course.content import words
from course.core.settings import settings
from course.learner import serving, starters, working_copy
from course.learner.address import OpenCourse, find_running, open_privately, opening_alone
from course.learner.set_up import InstalledCourse

_OPEN_ALREADY: Final[Mapping[str, str]] = {"same": "view.runs", "stays": "view.runs-other", "closes": "view.gives-way"}
"""What is said of a server that is open already, by its answer to whether it gives way. One that answers otherwise, as
a later version may, stays."""


def learn(folder: Path | None, *, port: int | None, browser: bool, lab: bool) -> None:
    """Open the course to learn, and stay until it is stopped; where it is open already, open a page of it."""
    with opening_alone(serving.folder_of("learn")) as opened:
        running = _find_open("learn", working_copy.place_of(folder), port)
        if not running:
            click.echo(words("view.step-copy"))
        copy = working_copy.fill(folder)
        is_usual = copy.name == working_copy.usual_place().name
        arguments = ["--folder", str(copy)] if folder else []
        starters.offer("learn", copy.parent, *arguments, opens="" if is_usual else copy.name)
        if not running:
            click.echo(words("view.step-start"))
        profile = serving.learner_profile(copy, lab=lab, exchange=working_copy.find_exchange() is not None)
        _open(running, profile, port=port, browser=browser, opened=opened)


def teach(*, port: int | None, browser: bool) -> None:
    """Open the course to teach, and stay until it is stopped; where it is open already, open a page of it."""
    profile = serving.trainer_profile()
    with opening_alone(serving.folder_of("teach")) as opened:
        running = _find_open("teach", profile.root, port)
        starters.offer("teach", profile.root.parent)
        if not running:
            click.echo(words("view.step-teach"))
        _open(running, profile, port=port, browser=browser, opened=opened)


def demo(seed: int | None, *, port: int | None, browser: bool) -> None:
    """Open the course with a made-up learner's answers, and stay until it is stopped or open a page, as `learn`."""
    from course.learner import demo as made_up  # what it stands on would make each start of the others slower

    os.environ.update(made_up.environment())
    with opening_alone(serving.folder_of("learn")) as opened:
        running = _find_open("learn", working_copy.place_of(), port)
        made_up.fill(settings().journal, seed)
        profile = serving.learner_profile(working_copy.fill(), lab=False, exchange=False)
        click.echo("Synthetic data, not real people. What you answer here is replaced the next time: course demo")
        _open(running, profile, port=port, browser=browser, opened=opened)


def _find_open(name: str, root: Path, port: int | None) -> OpenCourse | None:
    """Return the server of a profile's name that has this folder open already, and say that there is one.

    One of another version of the course than this process has gives way where it can, and is not returned.
    """
    for running in find_running(serving.folder_of(name) / "runtime", root):
        if port in (None, running.port) and (answer := running.hand_over(InstalledCourse(root).digest)):
            click.echo(words(_OPEN_ALREADY.get(answer, "view.runs-other")))
            if answer != "closes":
                return running
    return None


def _open_page(running: OpenCourse, profile: serving.ServerProfile, *, browser: bool) -> None:
    """Open the start page of a server that runs already."""
    if browser and serving.find_browser() and (code := running.new_code(profile.start_url)):
        open_privately(serving.private_page(profile, serving.folder_of(profile.name)), running.base, code)
    else:
        click.echo(words("view.open-yourself", address=running.with_token(profile.start_url)))


def _open(
    running: OpenCourse | None,
    profile: serving.ServerProfile,
    *,
    port: int | None,
    browser: bool,
    opened: Callable[[], None],
) -> None:
    if running:
        _open_page(running, profile, browser=browser)
    else:
        serving.serve(profile, port=port, browser=browser, opened=opened)


def offer_workshop_starter() -> None:
    """Put the starter of the live session to where the learner's is."""
    starters.offer("workshop", working_copy.usual_place().parent)
