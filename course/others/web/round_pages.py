"""The pages of raters: HTML from `course/others/pages/`, in words of `others-pages.toml`, without any script."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypedDict

from course.content import edition_language, read_texts
from course.content.scales import NO_CHANCE, Scale, find_scale
from course.content.texts import Texts
from course.core.errors import SessionRefused
from course.core.pages.design_tokens import BUTTON, stylesheet
from course.core.pages.emblem import emblem, icon_address
from course.core.pages.templates import template_environment
from course.others.rater_forms import form_text
from course.others.refusals import PAGE_WORDS
from course.privacy.rater_release import RaterForm
from course.workshop.templates import STATIC, PageWords

PAGES: Final = Path(__file__).parents[1] / "pages"


class RaterQuestion(TypedDict):
    """One question of the form, with what the rater answered so far."""

    code: str
    text: str
    answer: str
    """The value of the option that is chosen, or an empty text."""


class FormView(TypedDict):
    """The form."""

    action: str
    token: str
    seen: str
    """What is saved of this rater, as `form_text` has it."""
    day: str
    stem: str
    options: list[tuple[str, str]]
    """Value and label of each answer, “Cannot judge” last."""
    questions: list[RaterQuestion]
    is_change: bool
    refusal: SessionRefused | None
    """Why the answers in it were not saved."""


class RoundPages:
    """Makes the pages, which begin at `base`, such as /rooms behind a proxy."""

    def __init__(self, base: str) -> None:
        values = {"base": base, "emblem": emblem, "icon": icon_address(), "style": f"{base}/o/{style_name()}"}
        self._environment = template_environment(PAGES, values=values)

    def render(self, template: str, view: Mapping[str, object]) -> str:
        """Return a page as HTML."""
        language = edition_language()
        words = PageWords(read_texts(PAGE_WORDS), Texts(PAGE_WORDS, language, {}), language.tag)
        return self._environment.get_template(template).render(words=words, view=view, language=language)


def style_sheet() -> bytes:
    """Return the one style sheet of the pages: that of the live session's phones, and what is the forms' own."""
    parts = [
        stylesheet(BUTTON),
        *(path.read_text(encoding="utf-8") for path in (STATIC / "shared.css", PAGES / "round.css")),
    ]
    return "\n".join(parts).encode()


def style_name() -> str:
    """Return the name of the style sheet, which changes with what is in it."""
    return f"{hashlib.sha256(style_sheet()).hexdigest()[:16]}.css"


def rater_scale(version: int) -> Scale:
    """Return the questions of a version in the words in which others can judge."""
    return find_scale("others").in_version(version)


def form_view(
    version: int,
    form: RaterForm,
    action: str,
    token: str,
    day: str,
    refusal: SessionRefused | None = None,
    *,
    seen: RaterForm | None = None,
) -> FormView:
    """Return all that the page of a form shows; `seen` is what is saved, where it is not the form itself."""
    scale, saved = rater_scale(version), form if seen is None else seen
    points = [(str(number), label) for number, label in scale.shown]
    return {
        "action": action,
        "token": token,
        "seen": form_text(saved, [item.code for item in scale.items]),
        "day": day,
        "stem": scale.stem,
        "options": [*points, (NO_CHANCE, scale.missing)],
        "questions": [
            {"code": item.code, "text": item.text, "answer": _value(form, item.code)} for item in scale.items
        ],
        "is_change": bool(saved),
        "refusal": refusal,
    }


def _value(form: RaterForm, code: str) -> str:
    if code not in form:
        return ""
    point = form[code]
    return NO_CHANCE if point is None else str(point)
