"""Notebooks read as plain JSON."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import BadNotebook
from course.core.notebooks import ask_keys, code_digest, material, read_notebook, source, words_digest


def notebook(*cells: tuple[str, str | list[str]], **metadata: Any) -> dict[str, Any]:
    plain = [{"cell_type": kind, "source": source({"source": text}), **metadata} for kind, text in cells]
    return {"cells": plain, "metadata": {}}


def test_the_code_digest_is_what_the_browser_computes() -> None:
    found = code_digest(notebook(("markdown", "# Hello"), ("code", "a = 'é “\\n”'\n"), ("code", ["b\n", "c"])))
    assert found == hashlib.sha256('["a = \'é “\\\\n”\'\\n","b\\nc"]'.encode()).hexdigest()


def test_the_code_digest_sees_code_and_nothing_else() -> None:
    shipped = code_digest(notebook(("markdown", "# Old"), ("code", "show.map()")))
    assert code_digest(notebook(("markdown", "# New words"), ("code", "show.map()"), outputs=["run"])) == shipped
    assert code_digest(notebook(("code", "show.map() "))) != shipped
    assert code_digest(notebook(("code", "show."), ("code", "map()"))) != shipped


def test_the_words_digest_sees_words_too() -> None:
    shipped = words_digest(notebook(("markdown", "# Old"), ("code", "1")))
    assert words_digest(notebook(("markdown", "# New"), ("code", "1"))) != shipped
    assert words_digest(notebook(("markdown", "# Old"), ("code", "1"), outputs=["run"])) == shipped


def test_questions_are_found_in_the_order_in_which_they_are_asked() -> None:
    cells = notebook(
        ("markdown", 'Not code: ask.choose("no")'),
        ("code", 'x = ask.choose("first", """A. One"""); ask.sort("second", words)'),
        ("code", 'ask.if_then("third", "…", obstacle=True)\nask.taps()\nmark.choice("no")\nother.ask("no")'),
        ("code", "%matplotlib inline"),
    )
    assert ask_keys(cells) == ["first", "second", "third"]


def test_the_course_finds_its_own_notebooks() -> None:
    assert read_notebook(material() / "notebooks" / "start.ipynb")["metadata"]["course"]["run_on_open"]


CELL = '{"cell_type": "code", "source": ""'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"cells": [{}]}',
        '{"cells": 3}',
        "\udcff",
        f'{{"cells": [{CELL}, "metadata": null}}]}}',
        f'{{"cells": [{CELL}}}], "metadata": 3}}',
        '{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=range(9),
)
def test_what_is_no_notebook_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "torn.ipynb"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BadNotebook, match=r"torn\.ipynb"):
        read_notebook(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_notebook_that_a_text_editor_saved_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes('{"cells": [{"cell_type": "markdown", "source": "Zoë"}]}\r\n'.encode(encoding))
    assert read_notebook(path)["cells"][0]["source"] == "Zoë"
