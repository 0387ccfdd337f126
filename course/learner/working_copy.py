"""The learner's own copy of the course: filled from the package, and brought up to date without losing anything."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from course.content import words as say
from course.content.lessons import lesson_key, lessons
from course.core import moments, names
from course.core.errors import BadNotebook, FolderUnusable
from course.core.notebooks import Notebook, material, read_notebook, words_digest
from course.core.settings import COURSE_ID, settings
from course.core.storage import put

MANIFEST = ".course.json"
HOW_TO_OPEN = "how-to-open-the-course.txt"
COPIED = ("notebooks", "exercises")
FOR_OTHERS = ("for-trainers.ipynb", "for-facilitators.ipynb")
"""Pages that are not for learners: neither shipped nor copied."""
NEVER_COPIED = frozenset({names.ANSWERS, "nbgrader_config.py", "__pycache__", *FOR_OTHERS})
HAND_IN_FILES = "hand-in-*.zip"
"""What a learner makes to hand in by another way: it is neither shipped nor handed in by nbgrader."""


class Installed(TypedDict):
    """What the manifest says of one installed file: digests of what was shipped."""

    shipped: str
    words: str
    """Of all that a person can read or change in it."""


def place_of(folder: Path | None = None) -> Path:
    """Return where the working copy is or will be: in the folder that a person chose, or in the usual place."""
    return (folder or usual_place()).expanduser().absolute()


def fill(folder: Path | None = None) -> Path:
    """Return the working copy, made or brought up to date.

    Answers, and whatever the learner added, stay as they are; what an earlier version had under another name of the
    exercise moves to its folder. A notebook that the learner changed is replaced only
    by a newer one of the course, and is then kept in the folder `kept`.
    """
    target = place_of(folder)
    if _is_checkout(target):
        raise FolderUnusable(f"The folder {target} is the course itself.", "Choose another: course learn --folder DIR")
    try:
        _Copy(material(), target).bring_up_to_date()
    except OSError as error:
        raise FolderUnusable(
            f"The folder {target} cannot be used: {error.strerror or error}.",
            "Make room or allow writing there, or choose another: course learn --folder DIR",
        ) from error
    return target


def is_working_copy(folder: Path) -> bool:
    """Say whether a folder was filled by `fill`, so that it is a learner's and not the course itself."""
    return (folder / MANIFEST).is_file() and not _is_checkout(folder)


def shipped_page(name: str) -> Path | None:
    """Return the course's own notebook behind a page of the working copy, or None where there is no such page.

    >>> shipped_page("notebooks/repair.ipynb").name, shipped_page("notebooks/../nbgrader_config.py")
    ('repair.ipynb', None)
    """
    parts = name.split("/")
    if parts[0] not in COPIED or not name.endswith(".ipynb") or any(part.startswith(".") for part in parts):
        return None
    path = material() / name
    return path if path.is_file() and path.name not in NEVER_COPIED else None


def shipped_pages() -> list[str]:
    """Return the pages of the working copy, as a server of that folder names them."""
    paths = (path for folder in COPIED for path in sorted((material() / folder).rglob("*.ipynb")))
    names = (path.relative_to(material()).as_posix() for path in paths)
    return [name for name in names if shipped_page(name)]


def shipped_content(name: str) -> Notebook:
    """Return a page as it stands in the working copy while nobody has changed it."""
    notebook: Notebook = json.loads(_as_copied(material() / name, Path(name).parts[0]))
    return notebook


def is_as_shipped(folder: Path, name: str) -> bool:
    """Say whether a page of the working copy is as the course shipped it: words, code, nbgrader's notes."""
    shipped = shipped_page(name)
    try:
        return shipped is not None and _outline(folder / name) == _outline(shipped)
    except (BadNotebook, OSError):
        return False


def put_fresh(folder: Path, name: str) -> None:
    """Write a page of the working copy anew; a page that was changed stays in the folder `kept`."""
    _Copy(material(), folder).put_fresh(name)


def _outline(path: Path) -> list[object]:
    cells = read_notebook(path)["cells"]
    return [(cell["cell_type"], cell["source"], cell.get("id"), cell["metadata"].get("nbgrader")) for cell in cells]


def nbgrader_settings(target: Path, exchange: Path | None) -> str:
    """Return the text of the nbgrader settings for a working copy."""
    lines = [
        "# Written by `course learn`: nbgrader reads this when it is started in this folder.",
        "c = get_config()",
        f"c.CourseDirectory.course_id = {COURSE_ID!r}",
        f"c.Exchange.assignment_dir = {str(target / 'exercises')!r}",
        f"c.Exchange.cache = {str(settings().data / 'handed-in')!r}",
        f"c.CourseDirectory.ignore.append({HAND_IN_FILES!r})",
    ]
    if exchange:
        lines.append(f"c.Exchange.root = {str(exchange)!r}")
    return "\n".join(lines) + "\n"


def find_exchange() -> Path | None:
    """Return nbgrader's exchange folder: the one that was set, or else the one in the checkout, if it is there yet."""
    beside = material() / "exchange"
    return settings().exchange or (beside if beside.is_dir() else None)


def _exchange_to_be() -> Path | None:
    """Return where the exchange folder is, or where a trainer of this checkout will make it."""
    shipped = material()
    return settings().exchange or (shipped / "exchange" if (shipped / "source").is_dir() else None)


class _Copy:
    """One working copy, and what the course installed in it."""

    def __init__(self, source: Path, target: Path) -> None:
        self.source = source
        self.target = target
        self.installed = _read_manifest(target / MANIFEST)
        self.day = moments.folder_stamp(moments.local(moments.now()), fraction=False)

    def bring_up_to_date(self) -> None:
        self.target.mkdir(mode=0o700, parents=True, exist_ok=True)
        wanted = dict(self._shipped())
        for name in sorted(set(self.installed) - set(wanted)):
            if _has_former_name(name) and _words_of(self.target / name) == self.installed[name]["words"]:
                (self.target / name).unlink()  # the same page comes under the lesson's key
            self._set_aside(name)
            del self.installed[name]
        for lesson in lessons():
            for former in lesson.former:
                self._move_exercise(former, lesson.key)
        for name, content in wanted.items():
            self._install(name, content)
        self._write_settings()
        put(self.target / HOW_TO_OPEN, _how_to_open(self.target).encode())
        put(self.target / MANIFEST, _manifest(self.installed))

    def put_fresh(self, name: str) -> None:
        path = self.source / name
        if not is_as_shipped(self.target, name):
            self._set_aside(name)
        put(self.target / name, _as_copied(path, Path(name).parts[0]))

    def _shipped(self) -> Iterator[tuple[str, bytes]]:
        for folder in COPIED:
            for path in sorted((self.source / folder).rglob("*")):
                name = path.relative_to(self.source)
                is_left_out = any(part in NEVER_COPIED or part.startswith(".") for part in name.parts)
                if path.is_file() and not is_left_out and not path.match(HAND_IN_FILES):
                    yield name.as_posix(), _as_copied(path, folder)

    def _install(self, name: str, content: bytes) -> None:
        path = self.target / name
        shipped = _digest(content)
        before = self.installed.get(name)
        if before and path.is_file() and before["shipped"] == shipped:
            return
        words = _words(content, name)
        if path.exists() and _words_of(path) not in (words, before["words"] if before else None):
            self._set_aside(name)
        put(path, content)
        self.installed[name] = {"shipped": shipped, "words": words}

    def _move_exercise(self, former: str, key: str) -> None:
        """Move what the learner has in an exercise's folder of an earlier version: answers, feedback, files to hand in.

        Of a file that is there under both names, the one that was written later counts; the other moves to `kept`.
        """
        old, new = (self.target / names.RELEASE / name for name in (former, key))
        if not old.is_dir() or old.is_symlink():
            return
        for path in sorted(path for path in old.rglob("*") if path.is_symlink() or not path.is_dir()):
            place = new / path.relative_to(old)
            if place.exists() and path.lstat().st_mtime_ns > place.lstat().st_mtime_ns:
                self._set_aside(place.relative_to(self.target).as_posix())
            if place.exists():
                self._set_aside(path.relative_to(self.target).as_posix())
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, place)
        for folder in (*sorted((path for path in old.rglob("*") if path.is_dir()), reverse=True), old):
            folder.rmdir()

    def _set_aside(self, name: str) -> None:
        """Move a file into the folder `kept`, where nothing that was kept before is overwritten."""
        path = self.target / name
        if path.exists():
            aside, number = self.target / "kept" / self.day / name, 2
            while aside.exists():
                aside, number = self.target / "kept" / f"{self.day}-{number}" / name, number + 1
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, aside)

    def _write_settings(self) -> None:
        text = nbgrader_settings(self.target, _exchange_to_be()).encode()
        for folder in (self.target, self.target / "exercises"):
            put(folder / "nbgrader_config.py", text)


def _how_to_open(folder: Path) -> str:
    """Return the text that lies in the working copy for whoever finds it without the course."""
    first = say("view.how-to-open-file", command=f'course learn --folder "{folder}"')
    return f"{first}\n\n{say('view.how-to-open-else')}\n"


def _has_former_name(name: str) -> bool:
    """Say whether a page is that of a lesson or exercise under a name that it had in an earlier version.

    >>> _has_former_name("notebooks/04-repair.ipynb"), _has_former_name("notebooks/repair.ipynb")
    (True, False)
    """
    return lesson_key(Path(name).stem) != Path(name).stem


def usual_place() -> Path:
    """Return the folder of the settings; where the course itself was cloned to that place, one beside it."""
    place = settings().work
    return place.with_name(f"{place.name}-my-copy") if _is_checkout(place) else place


def _is_checkout(folder: Path) -> bool:
    """Say whether a folder is in a checkout of the course, whose notebooks are for authors."""
    places = (folder.resolve(), *folder.resolve().parents)
    return any((place / "course" / "cli.py").is_file() for place in places)


def _as_copied(path: Path, folder: str) -> bytes:
    """Return a file as learners get it: lesson notebooks locked, so that no cell is lost by a slip of the hand."""
    if folder != "notebooks" or path.suffix != ".ipynb":
        return path.read_bytes()
    notebook = read_notebook(path)
    for cell in notebook["cells"]:
        cell["metadata"] |= {"deletable": False, "editable": False}
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _words(content: bytes, name: str) -> str:
    if name.endswith(".ipynb"):
        return words_digest(json.loads(content))
    return _digest(content)


def _words_of(path: Path) -> str:
    """Return what a person may have changed in a file, as a digest; "" where it cannot be read."""
    try:
        return words_digest(read_notebook(path)) if path.suffix == ".ipynb" else _digest(path.read_bytes())
    except (BadNotebook, OSError):
        return ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_manifest(path: Path) -> dict[str, Installed]:
    """Return what was installed before; nothing where the manifest is missing or damaged."""
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {
            str(name): {"shipped": str(entry["shipped"]), "words": str(entry["words"])}
            for name, entry in files.items()
            if not _leaves(name)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _leaves(name: str) -> bool:
    return Path(name).is_absolute() or ".." in Path(name).parts


def _manifest(installed: dict[str, Installed]) -> bytes:
    return (json.dumps({"format": 1, "files": installed}, indent=1, sort_keys=True) + "\n").encode()
