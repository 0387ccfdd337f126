"""The faults of Jupyter's and nbgrader's own pages that the course cannot mend, each listed with a reason."""

from __future__ import annotations

import tomllib
from pathlib import Path

LIST = Path(__file__).with_name("allowed_faults.toml")


def allowed(where: str) -> set[str]:
    """Return the rules, or the messages of scripts, whose faults on such a page are not ours."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return {fault["rule"] for fault in listed["fault"] if fault["where"] == where and fault["reason"]}
