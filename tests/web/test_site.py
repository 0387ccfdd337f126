"""The web edition as a folder of static files: what is in it, that it is whole, and that it is the same every time."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from course.core.errors import FolderUnusable
from course.web.site import build, site_files, size

ADDRESS = re.compile(r'\b(?:href|src)="([^"]+)"')


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    return site_files()


def test_it_keeps_to_its_measure(files: dict[str, bytes]) -> None:
    measured = size(files.values())
    assert measured.files <= 60
    assert measured.raw <= 16_000_000
    assert measured.compressed <= 8_500_000


def test_it_has_a_page_for_each_notebook_that_learners_read_and_for_no_other(files: dict[str, bytes]) -> None:
    pages = [name for name in files if name.endswith(".html")]
    assert {"index.html", "notebooks/start.html", "notebooks/repair.html", "exercises/repair.html"} <= set(pages)
    assert len(pages) == 22
    assert not any("trainers" in name or "facilitators" in name for name in pages)


def test_every_link_leads_to_a_file_of_the_site(files: dict[str, bytes]) -> None:
    lost = []
    for name, data in files.items():
        if not name.endswith(".html"):
            continue
        for address in ADDRESS.findall(data.decode()):
            path = address.partition("#")[0]
            if path and not re.match(r"[a-z]+:", path):
                place = PurePosixPath(name).parent / path
                if _resolved(place) not in files and not address.endswith("page.js"):
                    lost.append(f"{name}: {address}")
    assert lost == []


def _resolved(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_a_folder_with_something_else_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("photos")
    with pytest.raises(FolderUnusable, match="no site that was built here"):
        build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]
