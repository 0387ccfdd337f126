"""What was given out before, so that two reports together do not show what neither shows alone.

Who has two reports can take one from the other: what is left is a report about the people who changed. So a unit of the
shareable report changes only when nobody has, or when as many have as a report may speak of; else the old one stays.
It is compared with all that was ever given out. The record is for the trainer alone: it holds no name and no answer,
only what they are mixed to with a secret, and is needed also after someone has left.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from course.content.lessons import with_lesson_keys
from course.core import storage
from course.core.errors import ReportNotMade
from course.trainer.report.public_report import Settled, Unit

NAME: Final = "given-out.json"
FORMAT: Final = 1
_LARGEST, _DEEPEST = 100_000_000, 12


class Published:
    """The record of one cohort's shareable reports."""

    def __init__(self, record: dict[str, Any], fewest: int, day: str) -> None:
        self._secret = str(record.get("secret") or secrets.token_hex(16))
        self._units: dict[str, Any] = {with_lesson_keys(name): unit for name, unit in record.get("units", {}).items()}
        self._fewest, self._day = fewest, day
        self.old: list[str] = []
        """The units that stay as they were given out."""

    @classmethod
    def read(cls, path: Path, fewest: int, day: str) -> Published:
        """Return the record in a file, or an empty one where there is none; raises ReportNotMade for a damaged one."""
        try:
            record = storage.read_json(path, largest=_LARGEST, deepest=_DEEPEST)
            if record["format"] != FORMAT or not isinstance(record["units"], dict):
                raise storage.Unusable
        except FileNotFoundError:
            record = {}
        except (storage.Unusable, KeyError, TypeError) as error:
            raise ReportNotMade(
                f"{path.name}, the record of what was given out, cannot be read.",
                f"Put it back from a copy. Without it, two reports could show one person: if none was given out yet, "
                f"delete {path}.",
            ) from error
        return cls(record, fewest, day)

    def settle(self, unit: Unit) -> Settled:
        """Return a unit as it may be given out now: new, or as it was."""
        old = self._units.get(unit.name, {"of": {}})
        now = {part: self._people(shares) for part, shares in unit.of.items()}
        if any(self._tells(before, now[part]) for part in now for before in old["of"].get(part, [])):
            self.old.append(unit.name)
            return Settled(old["content"], old["day"])
        given_out = {part: [*old["of"].get(part, []), people] for part, people in now.items()}
        self._units[unit.name] = {"content": unit.content, "day": self._day, "of": _once({**old["of"], **given_out})}
        return Settled(unit.content, self._day)

    def as_bytes(self) -> bytes:
        """Return the record as the file holds it."""
        return storage.as_json({"format": FORMAT, "secret": self._secret, "units": self._units})

    def _tells(self, before: list[str], people: list[str]) -> bool:
        """Say whether two reports differ by some people, and by fewer than a report may speak of."""
        gone, new = set(before) - set(people), set(people) - set(before)
        return 0 < max(len(gone), len(new)) < self._fewest

    def _people(self, shares: Mapping[str, Any]) -> list[str]:
        return sorted(self._mixed(learner, share) for learner, share in shares.items())

    def _mixed(self, learner: str, share: Any) -> str:
        """Return what stands for one person's share: the same for the same share, and nothing to read."""
        text = json.dumps([self._secret, learner, share], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _once(of: Mapping[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """Return what was given out without what was given out twice."""
    return {part: [list(one) for one in dict.fromkeys(map(tuple, given))] for part, given in of.items()}
