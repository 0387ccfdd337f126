"""What `course site` does and says; it returns its exit code."""

from __future__ import annotations

from pathlib import Path

import click

from course.web.site import FOLDER, build


def site(folder: Path | None) -> int:
    """Build the web edition and say where it is and how large."""
    place = folder or Path(FOLDER)
    size = build(place)
    click.echo(
        f"The course as web pages is in {place}: {size.files} files, {size.raw / 1e6:.1f} MB,"
        f" {size.compressed / 1e6:.1f} MB as a server sends them that compresses."
    )
    click.echo("Copy the folder to any web server. To look at it here: python -m http.server --directory " + str(place))
    return 0
