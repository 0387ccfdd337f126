"""What stands beside the site's index: it names every file of its version, and serves them as they are meant."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from hashlib import sha256

from course.web.hosting import beside_the_index

FILES = {"index.html": b"<p>", "notebooks/start.html": b"<p>", "assets/1f/page.js": b"1;", "assets/1f/page.css": b"p{}"}


def kept(files: dict[str, bytes], version: str = "1f") -> dict[str, object]:
    line = beside_the_index(version, files)["sw.js"].decode().partition("\n")[0]
    found: dict[str, object] = json.loads(line.removeprefix("const site = ").removesuffix(";"))
    return found


def test_the_service_worker_knows_each_file_of_its_version_by_its_hash() -> None:
    assert kept(FILES) == {"version": "1f", "files": {name: sha256(data).hexdigest() for name, data in FILES.items()}}


def test_another_page_makes_another_service_worker_and_another_order_does_not() -> None:
    assert kept({**FILES, "index.html": b"<b>"}) != kept(FILES)
    assert kept(dict(reversed(FILES.items()))) == kept(FILES)


def test_only_endings_that_every_server_knows_are_needed() -> None:
    others = beside_the_index("1f", FILES).keys() - {"web.config", "nginx.txt"}
    assert {name.rpartition(".")[2] for name in others} == {"js"}


def test_both_servers_give_each_ending_its_type_and_keep_only_what_has_its_version_in_its_address() -> None:
    config = ElementTree.fromstring(beside_the_index("1f", FILES)["web.config"])
    nginx = beside_the_index("1f", FILES)["nginx.txt"].decode()
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
