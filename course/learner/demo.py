"""The course with a made-up learner's answers, for a trainer who wants to see every chart without giving their own."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from course.activities.card import Card
from course.activities.notebook_cards import lesson_cards
from course.content import words as say
from course.content.lessons import follow_up, lessons, occasions
from course.content.scales import NO_CHANCE, VERSION, find_scale, instrument_version
from course.core import moments, storage
from course.core.errors import FolderUnusable, RealJournal
from course.core.settings import settings
from course.learner.made_up_answers import MadeUpAnswers
from course.privacy import Suppressed
from course.privacy.rater_release import release_forms
from course.records import synthetic_people
from course.records.answers.answers import Answers
from course.records.answers.units import Layout
from course.records.journal import GROUP_VIEW, SYNTHETIC, Journal, rating_places
from course.records.raters.others import OthersWay, new_result, save_result


def environment() -> dict[str, str]:
    """Return the variables that keep the demo apart from all that is the person's own, and from the exchange."""
    current = settings()
    data = current.data / "demo"
    return {
        "BUILDING_TRUST_DATA": str(data),
        "BUILDING_TRUST_JOURNAL": str(data / "journal"),
        "BUILDING_TRUST_WORK": str(current.work.with_name(f"{current.work.name}-demo")),
        "BUILDING_TRUST_EXCHANGE": str(data / "no-exchange"),
    }


def fill(folder: Path, seed: int | None = None, today: datetime.date | None = None) -> Journal:
    """Return a journal in that folder with the answers of one made-up learner, labelled as such.

    With `seed`, the ratings are drawn by chance, the same ones for the same number; the words stay.
    It takes the place of an earlier one. Raises RealJournal where there are pages without the label.
    """
    journal = Journal(folder)
    if journal.written() and not journal.is_synthetic:
        raise RealJournal(
            f"The folder {folder} holds a journal that is not labelled as made up.",
            "Nothing was changed. Move it elsewhere, or set BUILDING_TRUST_DATA to another folder.",
        )
    _label(folder)
    journal.forget()
    day = today or moments.today()
    answers = MadeUpAnswers(day)
    for lesson in (*lessons(), follow_up()):
        for card in cards_that_ask(lesson.key, journal.page(lesson.key)):
            answers.give(card)
    _ask_others(journal, day)
    if seed is not None:
        learner = synthetic_people.learner(seed)
        _guess(journal, learner)
        _rate(journal, learner)
    return journal


def _label(folder: Path) -> None:
    """Put the label into the folder before anything else, so that no page is ever without it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        storage.write_whole(folder / SYNTHETIC, f"{say('synthetic.label')}\n".encode())
    except OSError as error:
        raise FolderUnusable(
            f"The folder {folder} cannot be used: {error.strerror or error}.",
            "Make room or allow writing there, or name another in BUILDING_TRUST_DATA.",
        ) from error


def cards_that_ask(key: str, page: Answers) -> list[Card]:
    """Return the cards of a lesson that ask for an answer, made as its notebook makes them."""
    return [card for card in lesson_cards(key, page) if card.asks]


def _ask_others(journal: Journal, day: datetime.date) -> None:
    """Give what made-up people answered about the made-up learner that day, as far as a result has it."""
    release = release_forms(synthetic_people.rater_forms(), [item.code for item in find_scale("others").items])
    if not isinstance(release, Suppressed):
        result = new_result(OthersWay.PRINTED, release.raters.value, release.statements)
        save_result(journal, dataclasses.replace(result, moment=moments.start_of_day(day)))


def _guess(journal: Journal, learner: synthetic_people.SyntheticLearner) -> None:
    """Give the guess of lesson 1 at how the group would see the learner: a little below the learner's own ratings."""
    page, key = GROUP_VIEW
    journal.page(page).save(key, [max(1.0, round(2 * score) / 2 - 0.5) for score in learner.scores])


def _rate(journal: Journal, learner: synthetic_people.SyntheticLearner) -> None:
    """Give every rating, from the start to day 30."""
    codes = [item.code for item in find_scale("habits").items]
    pulse_codes = [item.code for item in find_scale("pulse").items]
    for name, (page_name, key) in rating_places().items():
        answers = zip(codes, learner.habits[name], strict=True)
        rated = {code: NO_CHANCE if answer is None else answer for code, answer in answers}
        journal.page(page_name).save(key, {**rated, VERSION: instrument_version()})
    for occasion in occasions():
        page = journal.page(occasion.lesson)
        rated = dict(zip(pulse_codes, learner.pulses[occasion.name], strict=True))
        tried = {"TRIED": learner.tried[occasion.name]} if occasion.name in learner.tried else {}
        page.save_units(occasion.key, {**rated, **tried, VERSION: instrument_version()}, Layout("table"))
