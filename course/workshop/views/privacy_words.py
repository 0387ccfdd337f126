"""What people are told of privacy before they join, with the days for which this session keeps what it shows."""

from __future__ import annotations

from typing import Final

from course.workshop.session_model import SessionModel

KEPT: Final = "{kept}"
"""The blank in a script's privacy words, for the sentence on how long what was shown is kept."""
_SENTENCE, _NONE = "privacy.kept", "privacy.kept-none"
"""The keys of that sentence among the words of pages."""


def privacy_words(model: SessionModel) -> list[str]:
    """Return the paragraphs of the script's privacy words; in place of the blank, what this session does."""
    days, words = model.state.keep_days, model.script.words
    kept = words.say(_SENTENCE, n=days) if days else words[_NONE]
    return [kept if text.strip() == KEPT else text.replace(KEPT, kept) for text in model.script.privacy]
