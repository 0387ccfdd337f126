"""The faults that axe-core finds on a page.

Those of Jupyter's and nbgrader's own pages that the course cannot mend are listed, each with a reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.bidi import FirefoxPage

LIST = Path(__file__).with_name("allowed_faults.toml")
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
"""What axe-core looks for: faults by WCAG 2.0, 2.1 and 2.2, levels A and AA."""


def named_faults(response: Mapping[str, Any]) -> list[str]:
    """Return a line for each fault that axe-core found."""
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary']}"
        for fault in response["violations"]
        for node in fault["nodes"]
    ]


def faults_in_firefox(page: FirefoxPage, within: str = "html") -> list[str]:
    """Return a line for each fault on a page in Firefox, or in the parts of it that a selector finds."""
    look = f"([within, options]) => {{ {AXE_SCRIPT}; return axe.run(within, options); }}"
    return named_faults(page.evaluate(look, [within, WCAG]))


def allowed(where: str) -> set[str]:
    """Return the rules, or the messages of scripts, whose faults on such a page are not ours."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return {fault["rule"] for fault in listed["fault"] if fault["where"] == where and fault["reason"]}
