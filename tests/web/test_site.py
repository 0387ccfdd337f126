"""The web edition as a folder of static files: what is in it, that it is whole, and that it is the same every time."""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from course.core.errors import FolderUnusable
from course.web import site
from course.web.pages import learner_pages

ADDRESS = re.compile(r'\b(?:href|src)="([^"]+)"')
IMPORT = re.compile(r'^import [^"]*"([^"]+)";$', re.MULTILINE)


def html_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def lost(page: Path, addresses: list[str]) -> list[str]:
    """Return the relative addresses on a page that lead to no file."""
    paths = [address.partition("#")[0] for address in addresses if not re.match(r"[a-z]+:", address)]
    return [f"{page.name}: {path}" for path in paths if path and not (page.parent / path).is_file()]


@pytest.mark.slow
def test_it_keeps_to_its_measure(web_site: Path) -> None:
    measured = site.size(path.read_bytes() for path in web_site.rglob("*") if path.is_file())
    assert measured.files <= 60
    assert measured.raw <= 16_000_000
    assert measured.compressed <= 8_500_000


@pytest.mark.slow
def test_it_has_a_page_for_each_notebook_that_learners_read_and_for_no_other(web_site: Path) -> None:
    pages = {path.relative_to(web_site).as_posix() for path in html_files(web_site)}
    assert {"index.html", "notebooks/start.html", "notebooks/repair.html", "exercises/repair.html"} <= pages
    assert len(pages) == len(learner_pages()) + 1
    assert not any("trainers" in name or "facilitators" in name for name in pages)


@pytest.mark.slow
def test_every_relative_address_leads_to_a_file_of_the_site(web_site: Path) -> None:
    pages = html_files(web_site)
    assert [line for page in pages for line in lost(page, ADDRESS.findall(page.read_text(encoding="utf-8")))] == []


@pytest.mark.slow
def test_every_script_that_a_script_imports_is_beside_it(web_site: Path) -> None:
    scripts = [path for path in web_site.rglob("*.js") if not path.name.startswith(("pyodide", "python_"))]
    assert scripts
    imports = {path: IMPORT.findall(path.read_text(encoding="utf-8")) for path in scripts}
    assert [line for script, addresses in imports.items() for line in lost(script, addresses)] == []


@pytest.mark.slow
def test_a_page_names_all_scripts_that_it_imports_beforehand(web_site: Path) -> None:
    """So a browser fetches them together, and not one after the other as it comes to know of them."""
    text = (web_site / "notebooks" / "two-questions.html").read_text(encoding="utf-8")
    named = {Path(address).name for address in re.findall(r'rel="modulepreload" href="([^"]+)"', text)}
    assert {"frame.js", "place.js", "widgets.js", "store.js", "CardWidget.js", "ChartWidget.js"} <= named
    assert "RecordPanel.js" not in named


@pytest.mark.slow
def test_nothing_that_is_needed_to_run_has_an_ending_that_servers_do_not_know(web_site: Path) -> None:
    below = [path for path in web_site.rglob("*") if path.is_file() and path.parent != web_site]
    assert {path.suffix for path in below} == {".html", ".css", ".js"}


@pytest.mark.slow
def test_no_page_names_another_host_to_load_from(web_site: Path) -> None:
    for page in html_files(web_site):
        head, _, body = page.read_text(encoding="utf-8").partition("<body>")
        loaded = re.findall(r'<(?:link|script|img|iframe)\b[^>]*\b(?:href|src)="([^"]+)"', head + body)
        assert not [address for address in loaded if re.match(r"(?!data:)[a-z]+:|//", address)], page.name


@pytest.mark.slow
@pytest.mark.usefixtures("kept_pyodide")
def test_building_again_gives_the_same_bytes_in_place_of_all_of_an_earlier_site(
    web_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in another time zone, in another language and in another order of hashes."""
    for name, value in (("TZ", "Pacific/Kiritimati"), ("LANG", "C"), ("PYTHONHASHSEED", "7")):
        monkeypatch.setenv(name, value)
    old = tmp_path / "site" / "assets" / "0000000000000000"
    old.mkdir(parents=True)
    (old / "page.js").write_text("// of an earlier version")
    (tmp_path / "site" / "index.html").write_text("earlier")
    site.build(tmp_path / "site")
    assert digests(tmp_path / "site") == digests(web_site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_with_something_else_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("photos")
    with pytest.raises(FolderUnusable, match="no site that was built here"):
        site.build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]


def test_a_file_in_the_way_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(FolderUnusable):
        site.build(tmp_path / "site")
    assert (tmp_path / "site").read_text() == "mine"


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# What stands beside the index

FILES = {"index.html": b"<p>", "notebooks/start.html": b"<p>", "assets/1f/page.js": b"1;", "assets/1f/page.css": b"p{}"}


def kept(files: dict[str, bytes], version: str = "1f") -> dict[str, object]:
    line = site.beside_the_index(version, files)["sw.js"].decode().partition("\n")[0]
    found: dict[str, object] = json.loads(line.removeprefix("const site = ").removesuffix(";"))
    return found


def test_the_service_worker_knows_each_file_of_its_version_by_its_hash() -> None:
    assert kept(FILES) == {
        "version": "1f",
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()},
    }


def test_another_page_makes_another_service_worker_and_another_order_does_not() -> None:
    assert kept({**FILES, "index.html": b"<b>"}) != kept(FILES)
    assert kept(dict(reversed(FILES.items()))) == kept(FILES)


def test_only_endings_that_every_server_knows_are_needed() -> None:
    others = site.beside_the_index("1f", FILES).keys() - {"web.config", "nginx.txt"}
    assert {name.rpartition(".")[2] for name in others} == {"js"}


def test_both_servers_give_each_ending_its_type_and_keep_only_what_has_its_version_in_its_address() -> None:
    config = ElementTree.fromstring(site.beside_the_index("1f", FILES)["web.config"])
    nginx = site.beside_the_index("1f", FILES)["nginx.txt"].decode()
    types = {one.get("fileExtension", "")[1:]: one.get("mimeType", "") for one in config.iter("mimeMap")}
    assert types == {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
                     "js": "text/javascript; charset=utf-8"}  # fmt: skip
    for ending, kind in types.items():
        assert f"{kind.partition(';')[0]} {ending};" in nginx
    all_others, assets = config.iter("clientCache")
    assert (all_others.get("cacheControlMode"), assets.get("cacheControlMode")) == ("DisableCache", "UseMaxAge")
    assert [one.get("path") for one in config.iter("location")] == ["assets"]
    assert re.findall(r"Cache-Control \"(.+?)\"", nginx) == ["no-cache", "public, max-age=31536000, immutable"]
    assert nginx.count("{") == nginx.count("}")
