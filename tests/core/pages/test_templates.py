"""Pages from templates: everything is escaped, nothing is missing without a word, and lessons need no engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from course.core.pages.html import element
from course.core.pages.templates import template_environment

HOSTILE = "<script>alert('x')</script>"
SAFE = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"


def render(folder: Path, text: str, name: str = "page.html.j2", **context: object) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return template_environment(folder).get_template(name).render(context)


@pytest.mark.parametrize("name", ["page.html", "page.html.j2", "page.j2", "page.txt", "page.svg", "page"])
def test_everything_is_escaped_whatever_the_template_is_called(tmp_path: Path, name: str) -> None:
    assert render(tmp_path, '<p title="{{ x }}">{{ x }}</p>', name, x=HOSTILE) == f'<p title="{SAFE}">{SAFE}</p>'


def test_what_filters_macros_and_included_templates_give_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "inner.html").write_text("{{ x }}", encoding="utf-8")
    (tmp_path / "page.html").write_text(
        "{% macro m(y) %}{{ y }}{% endmacro %}{{ x | loud }} {{ m(x) }} {% include 'inner.html' %}", encoding="utf-8"
    )
    environment = template_environment(tmp_path, filters={"loud": lambda text: text + "!"})
    assert environment.get_template("page.html").render(x=HOSTILE) == f"{SAFE}! {SAFE} {SAFE}"


def test_fragments_of_the_builder_are_not_escaped_again(tmp_path: Path) -> None:
    assert render(tmp_path, "{{ x }}", x=element("b", "2 < 3")) == "<b>2 &lt; 3</b>"


@pytest.mark.parametrize("text", ["{{ x }}", "{% if x %}{% endif %}", "{% for y in x %}{% endfor %}", "{{ x.y }}"])
def test_a_name_that_nobody_gave_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UndefinedError):
        render(tmp_path, text)


def test_a_line_that_is_only_a_tag_leaves_no_line(tmp_path: Path) -> None:
    page = "<ul>\n  {% for x in (1, 2) %}\n<li>{{ x }}</li>\n  {% endfor %}\n</ul>\n"
    assert render(tmp_path, page) == "<ul>\n<li>1</li>\n<li>2</li>\n</ul>\n"


def test_folders_are_looked_through_in_their_order_and_no_others(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / "page.html").write_text(folder.name, encoding="utf-8")
    (second / "other.html").write_text("other", encoding="utf-8")
    (tmp_path / "outside.html").write_text("outside", encoding="utf-8")
    environment = template_environment(first, second)
    assert environment.get_template("page.html").render() == "first"
    assert environment.get_template("other.html").render() == "other"
    with pytest.raises(TemplateNotFound):
        environment.get_template("../outside.html")


def test_values_are_there_for_every_template(tmp_path: Path) -> None:
    (tmp_path / "macros.html").write_text("{% macro m() %}{{ say('x') }}{% endmacro %}", encoding="utf-8")
    (tmp_path / "page.html").write_text("{% import 'macros.html' as parts %}{{ parts.m() }}", encoding="utf-8")
    environment = template_environment(tmp_path, values={"say": lambda key: f"<{key}>"})
    assert environment.get_template("page.html").render() == "&lt;x&gt;"


def test_the_engine_is_imported_only_with_an_environment() -> None:
    script = "import sys, course.core.pages.templates, course.core.pages.html; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_whether_a_template_changed_is_not_looked_up_for_each_page_that_includes_it(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{% include 'line.html' %}", encoding="utf-8")
    (tmp_path / "line.html").write_text("first", encoding="utf-8")
    environment = template_environment(tmp_path)
    assert environment.get_template("page.html").render() == "first"
    (tmp_path / "line.html").write_text("other", encoding="utf-8")
    assert environment.get_template("page.html").render() == "first"
    assert template_environment(tmp_path).get_template("page.html").render() == "other"
