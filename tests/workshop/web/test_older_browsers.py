"""What phones load can be read by browsers that know ECMAScript 2018 and nothing newer."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

from playwright._impl._driver import compute_driver_executable

from course.workshop.templates import PAGES, STATIC

# Node brings the parser acorn for its own console, and Playwright brings a Node.
PARSE = """
const acorn = require("internal/deps/acorn/acorn/dist/acorn");
const faults = {};
for (const [name, text] of Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8")))) {
  try {
    acorn.parse(text, { ecmaVersion: 2018, sourceType: "script" });
  } catch (error) {
    faults[name] = error.message;
  }
}
console.log(JSON.stringify(faults));
"""


def faults(scripts: dict[str, str]) -> Any:
    """Return by name what ECMAScript 2018 does not know."""
    node, _ = compute_driver_executable()
    done = subprocess.run(
        [node, "--expose-internals", "-e", PARSE], input=json.dumps(scripts), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_every_script_that_phones_load_is_ecmascript_2018() -> None:
    pages = [
        PAGES / name for name in ("join.html", "welcome.html", "problem.html", "gone.html", "reach.html", "pair.html")
    ]
    pages += [*PAGES.glob("phone*.html"), *PAGES.glob("co_host*.html")]
    loaded = {name for page in pages for name in re.findall(r'static\("(\w+\.js)"\)', page.read_text(encoding="utf-8"))}
    assert {"phone.js", "follow.js", "kept.js", "outbox.js", "unsent.js", "gone.js", "co_host.js"} <= loaded
    assert faults({name: (STATIC / name).read_text(encoding="utf-8") for name in {*loaded, "charts.js"}}) == {}


def test_what_is_newer_is_found() -> None:
    newer = ["a?.b", "a ?? b", "try {} catch {}", "a ||= b", "class A { b = 1 }", "1_000", "10n", "import('a')"]
    assert set(faults({text: text for text in newer})) == set(newer)
    assert (
        faults({"known": "const { a, ...b } = { ...c }; async () => { for await (const d of e) await f(d ** 2); };"})
        == {}
    )
