"""Zips as strangers make them, for tests: honest ones and ones that lie."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from hypothesis import strategies as st

from course.core.notebooks import material
from course.records import submission_file
from course.records.answers.answers import Answers

SLUG = "two-questions"


def exercise(folder: Path, slug: str = SLUG, **given: object) -> Path:
    """Lay out an exercise as a learner has it, with these answers, and return its folder."""
    folder = folder / slug
    folder.mkdir(parents=True)
    page = f"{slug}.ipynb"
    (folder / page).write_bytes((material() / "exercises" / slug / page).read_bytes())
    answers = Answers(folder / "answers.json", "exercise", slug)
    for key, value in given.items():
        answers.save(key, value)
    return folder


def hand_in(folder: Path, learner: str = "synthetic-017") -> dict[str, bytes]:
    """Return the files of an honest hand-in by name."""
    return dict(submission_file.read(submission_file.make(exercise(folder, q2="D"), SLUG, learner)).contents)


def entry(name: str, *, mode: int = 0) -> zipfile.ZipInfo:
    """Return an entry of that name and no other: zipfile would mend some."""
    made = zipfile.ZipInfo("x")
    made.filename = made.orig_filename = name
    made.external_attr = (mode or (stat.S_IFDIR if name.endswith("/") else stat.S_IFREG) | 0o600) << 16
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def packed(files: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> io.BytesIO:
    """Return a zip of these files, in this order."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else entry(name), content)
    data.seek(0)
    return data


@st.composite
def damaged(draw: st.DrawFn, files: Mapping[str, bytes]) -> bytes:
    """Draw a zip of these files in which up to six bytes are others."""
    data = bytearray(packed(files).getvalue())
    for _ in range(draw(st.integers(1, 6))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)
