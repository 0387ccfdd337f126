"""What a made-up person answers in a rehearsal, as `content/rehearsal.toml` has it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from course.content.scales import NO_CHANCE

LOWEST, HIGHEST = 1, 7


class MadeUp:
    """One made-up person, who sees the same group twice much alike, and a little better the second time."""

    def __init__(self, name: str, given: Mapping[str, Any], seed: int = 1) -> None:
        self._name, self._given = name, given
        self._random = random.Random(f"{name} {seed}")
        self._leaning: dict[str, float] = {}

    def answer(self, one: Mapping[str, Any]) -> Any:
        """Return an answer to a part, as `views.open_parts` tells of it."""
        slug, _, item = one["part"].partition(".")
        if one["kind"] == "rate" and item in self._given["ratings"]["means"]:
            return self._rating(item)
        if one["options"]:
            weights = self._given["votes"].get(slug, {})
            return self._random.choices(one["options"], [weights.get(option, 1) for option in one["options"]])[0]
        return self._text(one)

    def _rating(self, item: str) -> int | str:
        given = self._given["ratings"]
        if self._random.random() < given["missing"]:
            return NO_CHANCE
        mean, together, noise = given["means"][item], given["together"], self._random.gauss(0, 1)
        if item in self._leaning:
            mean += given["gains"].get(item, 0)
            noise = together * self._leaning[item] + (1 - together**2) ** 0.5 * noise
        self._leaning.setdefault(item, noise)
        level: int = round(mean + given["spread"] * noise)
        return min(HIGHEST, max(LOWEST, level))

    def _text(self, one: Mapping[str, Any]) -> Any:
        """Return a text that says, at its end, that nobody wrote it."""
        label = f" ({self._name})"
        text = self._random.choice(self._given["texts"][one["kind"]])
        if not isinstance(text, Mapping):
            return text[: one["most"] - len(label)] + label
        fields = {name: text.get(name, "") for name in one["fields"]}
        last = [*fields][-1]
        fields[last] = fields[last][: one["most"] - len(label)] + label
        return {**fields, "show": True} if one["kind"] == "commitment" else fields
