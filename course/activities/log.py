"""Keep short dated entries over days."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Part
from course.activities.syntax import read_words
from course.content import words as say
from course.records.answers import Answers

LONGEST = 300
"""The most characters in one field."""
MOST = 200
"""The most entries in one log."""


class Log(Card):
    """Ask for entries over days: a date, a few fields and, with `marks`, how it went.

    The answer is `{"entries": [{"date": "2026-11-22", "words": […], "mark": "K"}], "draft": {…}}`;
    the draft is what was typed and not added yet.
    """

    kind = "log"

    def __init__(self, key: str, answers: Answers, words: str, marks: Mapping[str, str] | None = None) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=1)
        self.marks = dict(marks or {})

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries added so far, oldest date first."""
        kept = self.value.get("entries") if isinstance(self.value, dict) else None
        entries = [self._entry(entry) for entry in kept[:MOST]] if isinstance(kept, list) else []
        return sorted(entries, key=lambda entry: str(entry["date"]))

    @property
    def draft(self) -> dict[str, Any]:
        """The entry that is being written."""
        return self._entry(self.value.get("draft") if isinstance(self.value, dict) else None)

    def _entry(self, kept: Any) -> dict[str, Any]:
        """Return an entry with every field in place, whatever was kept."""
        kept = kept if isinstance(kept, dict) else {}
        texts = kept.get("words") if isinstance(kept.get("words"), list) else []
        wanted = len(self.words.options)
        words = [text[:LONGEST] if isinstance(text, str) else "" for text in [*texts, *[""] * wanted][:wanted]]
        mark = kept.get("mark")
        is_known = isinstance(mark, str) and mark in self.marks
        return {"date": _date(kept.get("date")), "words": words, "mark": mark if is_known else ""}

    def body(self) -> list[Part]:
        """Return the entries so far and a form for the next one."""
        shown = [self._shown(number, entry) for number, entry in enumerate(self.entries)]
        none = controls.text("none", say("card.no-entries"), "help")
        return [
            *controls.lead([*self.words.lead, self.words.question]),
            controls.group("entries", say("card.entries"), shown or [none]),
            controls.group("draft", say("card.new-entry"), self._fields()),
        ]

    def _shown(self, number: int, entry: dict[str, Any]) -> Part:
        texts = [
            f"{option.text} {text}" for option, text in zip(self.words.options, entry["words"], strict=True) if text
        ]
        if entry["mark"]:
            texts.append(f"**{self.marks[entry['mark']]}**")
        return controls.group(
            f"entry-{number}",
            say("card.entry", number=number + 1, date=entry["date"]),
            [
                controls.text(f"entry-{number}-words", "\n\n".join(texts), "quote"),
                controls.buttons(f"entry-{number}-row", [controls.button(f"delete-{number}", say("button.delete"))]),
            ],
        )

    def _fields(self) -> list[Part]:
        draft = self.draft
        fields = [controls.date("date", say("card.date"), draft["date"])]
        fields += [
            controls.line(f"field-{number}", option.text, text, most=LONGEST)
            for number, (option, text) in enumerate(zip(self.words.options, draft["words"], strict=True))
        ]
        if self.marks:
            options = [controls.choice(code, label) for code, label in self.marks.items()]
            fields.append(controls.radios("mark", say("card.how-it-went"), options, draft["mark"] or None, row=True))
        return fields

    def change(self, part: str, value: Any) -> None:
        """Take one field of the entry that is being written."""
        draft = self.draft
        field = controls.place(part, "field", len(draft["words"]))
        if not isinstance(value, str):
            return
        if part == "date":
            draft["date"] = _date(value)
        elif part == "mark" and value in self.marks:
            draft["mark"] = value
        elif field is not None:
            draft["words"][field] = value[:LONGEST]
        else:
            return
        self._keep(self.entries, draft)

    def _keep(self, entries: list[dict[str, Any]], draft: dict[str, Any]) -> None:
        """Save entries and draft; a log without either has no answer."""
        is_empty = draft == self._entry(None)
        self.save({"entries": entries, "draft": None if is_empty else draft} if entries or not is_empty else None)

    def actions(self) -> list[Part]:
        """Offer to add the entry."""
        return [controls.button("add", say("button.add"), main=True)]

    def press(self, button: str) -> None:
        """Delete an entry, or do what every card does."""
        entries = self.entries
        number = controls.place(button, "delete", len(entries))
        if number is not None:
            self.notice = ""
            self._keep(entries[:number] + entries[number + 1 :], self.draft)
        else:
            super().press(button)

    def act(self, button: str) -> None:
        """Add the entry that was written, and begin an empty one."""
        draft = self.draft
        if button != "add":
            return
        if not any(text.strip() for text in draft["words"]):
            self.notice = say("card.entry-first")
        elif len(self.entries) >= MOST:
            self.notice = say("card.entries-full", most=MOST)
        else:
            self._keep([*self.entries, draft], self._entry(None))

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each entry on a line of its own."""
        return [
            (entry["date"], "; ".join([*filter(None, entry["words"]), *filter(None, [self.marks.get(entry["mark"])])]))
            for entry in self.entries
        ]


def _date(text: Any) -> str:
    """Return a date as it is kept, today's where the text is none.

    >>> _date("2026-02-03")
    '2026-02-03'
    """
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except (TypeError, ValueError):
        return datetime.date.today().isoformat()
