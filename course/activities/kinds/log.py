"""Keep short dated entries over days."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
from collections.abc import Mapping

from course.activities import controls
from course.activities.card import LONGEST_TEXT, Card, check_length
from course.activities.controls import Button, Control
from course.activities.syntax import read_words
from course.content import read_day, say_day
from course.content import words as say
from course.core.moments import today
from course.records.answers.answers import Answers
from course.records.answers.units import DRAFT, ENTRY, Json, Layout, SavedLogEntry, log_draft, log_entries

ROOM = 300
"""For how many characters there is room in one field; people may go over."""
MOST = 200
"""The most entries in one log."""
_ID = re.compile(r"[0-9a-f]{1,8}")
"""The id of an entry, or its place in a log of version 0.1.0."""


class Log(Card):
    """Ask for entries over days: a date, a few fields and, with `marks`, how it went.

    Each entry is kept under an id of its own, and each field of the draft, which is what was typed and not added yet.
    """

    kind = "log"

    def __init__(self, key: str, answers: Answers, words: str, marks: Mapping[str, str] | None = None) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=1, keys=False)
        self.marks = dict(marks or {})

    @property
    def layout(self) -> Layout:
        """One unit for each entry, and for each field of the draft."""
        return Layout("log")

    @property
    def entries(self) -> list[SavedLogEntry]:
        """The entries added so far, oldest date first."""
        return list(self._entries_by_id().values())

    def _entries_by_id(self) -> dict[str, SavedLogEntry]:
        """Return the entries by their lasting ids, oldest date first."""
        stored = [(id, entry) for id, entry in log_entries(self.units).items() if _ID.fullmatch(id)]
        entries = [(id, self._entry(entry)) for id, entry in stored[:MOST]]
        return dict(sorted(entries, key=lambda entry: entry[1]["date"]))

    @property
    def draft(self) -> SavedLogEntry:
        """The entry that is being written."""
        return self._entry(log_draft(self.units))

    def _entry(self, value: Json) -> SavedLogEntry:
        """Return an entry with every field in place, whatever is stored."""
        entry = value if isinstance(value, dict) else {}
        texts, mark = entry.get("words"), entry.get("mark")
        wanted = len(self.words.options)
        padded = [*(texts if isinstance(texts, list) else []), *[""] * wanted][:wanted]
        words = [text[:LONGEST_TEXT] if isinstance(text, str) else "" for text in padded]
        return {
            "date": _date(entry.get("date")),
            "words": words,
            "mark": mark if isinstance(mark, str) and mark in self.marks else "",
        }

    @property
    def is_whole(self) -> bool:
        """Whether an entry was added; a draft is a beginning."""
        return bool(self.entries)

    @property
    def heading(self) -> str:
        """The question: the lines of an answer name its days."""
        return self.words.question

    def body(self) -> list[Control]:
        """Return the entries so far and a form for the next one."""
        shown = [self._shown(number, id, entry) for number, (id, entry) in enumerate(self._entries_by_id().items())]
        none = controls.text("none", say("card.no-entries"), "help")
        return [
            *controls.lead([*self.words.lead, self.words.question]),
            controls.group("entries", say("card.entries"), shown or [none]),
            controls.group("draft", say("card.new-entry"), self._fields()),
        ]

    def _shown(self, number: int, id: str, entry: SavedLogEntry) -> Control:
        texts = [
            f"{option.text} {text}" for option, text in zip(self.words.options, entry["words"], strict=True) if text
        ]
        if entry["mark"]:
            texts.append(f"**{self.marks[entry['mark']]}**")
        return controls.group(
            f"entry-{id}",
            say("card.entry", number=number + 1, date=_say_date(entry["date"])),
            [
                controls.text(f"entry-{id}-words", "\n\n".join(texts), "quote"),
                controls.buttons(f"entry-{id}-row", [controls.button(f"delete-{id}", say("button.delete"))]),
            ],
        )

    def _fields(self) -> list[Control]:
        draft = self.draft
        fields: list[Control] = [controls.date("date", say("card.date"), draft["date"])]
        fields += [
            controls.line(f"field-{number}", option.text, text, most=ROOM)
            for number, (option, text) in enumerate(zip(self.words.options, draft["words"], strict=True))
        ]
        if self.marks:
            options = [controls.choice(code, label) for code, label in self.marks.items()]
            fields.append(controls.radios("mark", say("card.how-it-went"), options, draft["mark"] or None, row=True))
        return fields

    def change(self, control: str, value: object) -> None:
        """Take one field of the entry that is being written."""
        draft = self.draft
        field = controls.place(control, "field", len(draft["words"]))
        if not isinstance(value, str):
            return
        if control == "date":
            draft["date"] = changed = _date(value)
        elif control == "mark" and value in self.marks:
            draft["mark"] = changed = value
        elif field is not None:
            draft["words"][field] = changed = check_length(value)
        else:
            return
        unit = DRAFT + (control if field is None else str(field + 1))
        if draft == self._entry(None):  # a draft of today without a word is none
            self.save_units(dict.fromkeys([f"{DRAFT}date", unit]))
        else:
            day = {} if f"{DRAFT}date" in self.units else {f"{DRAFT}date": draft["date"]}
            self.save_units({**day, unit: changed or None})

    def is_offered(self, control: str) -> bool:
        """Say whether the draft has no date of its own: the one on the card is another one tomorrow."""
        return control == "date" and f"{DRAFT}date" not in self.units

    def actions(self) -> list[Button]:
        """Offer to add the entry."""
        return [controls.button("add", say("button.add"), main=True)]

    def act(self, button: str) -> None:
        """Delete an entry, or add the one that was written and begin an empty one."""
        id = button.removeprefix("delete-")
        if button.startswith("delete-") and id in self._entries_by_id():
            self.save_units({f"{ENTRY}{id}": None})
        elif button == "add":
            self._add()

    def _add(self) -> None:
        draft, name = self.draft, f"{ENTRY}{_entry_id(self.request)}"
        is_empty = not any(text.strip() for text in draft["words"])
        if is_empty and name in self.units:
            return  # it was added already, and the answer to that did not reach the browser
        if is_empty:
            self.notice = say("card.entry-first")
        elif len(self.entries) >= MOST:
            self.notice = say("card.entries-full", most=MOST)
        else:
            written = {unit: value for unit, value in self.units.items() if unit.startswith(DRAFT)}
            entry = {"date": draft["date"], "words": draft["words"], "mark": draft["mark"]}
            self.save_units({name: entry}, remove=written)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each entry on a line of its own."""
        return [
            (_say_date(entry["date"]), "; ".join(filter(None, [*entry["words"], self.marks.get(entry["mark"])])))
            for entry in self.entries
        ]


def _entry_id(request: str) -> str:
    """Return an id that no other window gives: the same for the same request, so that no entry is added twice."""
    return hashlib.sha256(request.encode()).hexdigest()[:8] if request else secrets.token_hex(4)


def _date(text: object) -> str:
    """Return a date as it is kept, today's where the text is none.

    >>> _date("2026-02-03")
    '2026-02-03'
    """
    return (read_day(text) or today()).isoformat()


def _say_date(day: str) -> str:
    """Return a date as people read it, given as it is kept.

    >>> _say_date("2026-02-03")
    '3 February 2026'
    """
    return say_day(datetime.date.fromisoformat(day))
