"""The course on a Jupyter server that somebody else starts: a hub, Binder, a dev container, or `jupyter lab`.

What `course learn` and `course teach` write for their own servers is written for that one too. Where it listens and who
is let in stays with whoever starts it.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from course.core.settings import coursework_folder
from course.learner import serving, working_copy
from course.learner.reading import ON_A_SERVER


def run(folder: Path | None, command: Sequence[str]) -> None:
    """Prepare a server, then become the command that starts it; without one, print what a shell has to set.

    Nothing is said before the command's own words. Raises FolderUnusable, and UsageError for a command that is not
    there.
    """
    place = prepare(folder)
    if not command:
        click.echo("\n".join(f"export {name}={shlex.quote(value)}" for name, value in _variables(place).items()))
        return
    serving.use_environment(place)
    program = shutil.which(command[0])
    if program is None:
        raise click.UsageError(f"There is no command {command[0]} here. Name one that starts Jupyter: jupyter lab")
    os.execv(program, list(command))


def prepare(folder: Path | None = None) -> Path:
    """Write the settings of a server; return the folder that they are in, for `use_environment`.

    A learner's is on the working copy, which is filled first. Where a course directory is set, the server is a
    trainer's, and on that one. Raises NotACourseDirectory for one without the exercises and their answers.
    """
    if coursework_folder():
        return _prepare(serving.trainer_profile(), "trainers-server", {})
    copy = working_copy.fill(folder)
    profile = serving.learner_profile(copy, lab=False, exchange=working_copy.find_exchange() is not None)
    return _prepare(profile, "server", {ON_A_SERVER: True})


def _prepare(profile: serving.ServerProfile, name: str, more: Mapping[str, object]) -> Path:
    shared = serving.shared_settings(profile)
    opens_at = {"default_url": profile.start_url}
    headers = {"headers": {"Content-Security-Policy": profile.content_security_policy}}
    tornado_settings = {**(headers if profile.content_security_policy else {}), **more}
    server = {
        **shared,
        "ServerApp": {**shared["ServerApp"], "tornado_settings": tornado_settings},
        "LabApp": {**shared["LabApp"], **opens_at},  # `jupyter lab` and `jupyter notebook` have pages of their own
        "JupyterNotebookApp": opens_at,
    }
    place = serving.folder_of(name)
    serving.prepare(place, profile, server)
    return place


def _variables(place: Path) -> dict[str, str]:
    return {name: value for name, value in serving.environment(place).items() if name != "PATH"}
