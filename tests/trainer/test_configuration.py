"""nbgrader is told where things are without the path of any one machine, and without an active environment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from traitlets.config import Config

from course.trainer.configuration import configure


def configured(root: Path) -> Config:
    c = Config()
    configure(c, root)
    return c


def test_the_course_directory_is_where_the_configuration_is(tmp_path: Path) -> None:
    c = configured(tmp_path)
    assert c.CourseDirectory.course_id == "building-trust"
    assert c.CourseDirectory.root == str(tmp_path)
    assert c.CourseDirectory.release_directory == "exercises"


def test_the_exchange_is_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUILDING_TRUST_EXCHANGE", raising=False)
    assert configured(tmp_path).Exchange.root == str(tmp_path / "exchange")


def test_the_exchange_can_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_EXCHANGE", str(tmp_path / "shared"))
    assert configured(tmp_path / "course").Exchange.root == str(tmp_path / "shared")


def test_nbgrader_finds_alembic_without_an_active_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    configured(tmp_path)
    assert shutil.which("alembic")


def test_an_active_environment_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alembic = tmp_path / "alembic"
    alembic.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    configured(tmp_path)
    assert os.environ["PATH"] == str(tmp_path)


@pytest.mark.parametrize(
    ("text", "zone"), [("", "UTC"), ('timezone = "Europe/London"', "Europe/London"), ("timezone = 1", "UTC")]
)
def test_the_formgrader_shows_times_by_the_cohorts_clocks(tmp_path: Path, text: str, zone: str) -> None:
    (tmp_path / "cohort.toml").write_text(text, encoding="utf-8")
    assert configured(tmp_path).NbGraderAPI.timezone.get_value(None) == zone


def test_everything_shown_is_cleaned(tmp_path: Path) -> None:
    exporter = configured(tmp_path).HTMLExporter
    assert exporter.sanitize_html is True
    assert set(exporter.filters) == {"markdown2html", "clean_html"}
