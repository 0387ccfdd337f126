"""What becomes of a table of counted forms: the result that may be kept, or a plain sentence why there is none."""

from __future__ import annotations

from collections.abc import Sequence

from course.content import say_day
from course.content import words as say
from course.content.scales import Item, find_scale
from course.core.errors import BadTally
from course.privacy import Suppressed
from course.privacy.rater_release import RatedStatement, release_counts
from course.records.raters.others import OthersResult, OthersWay, StatementByOthers, average_in_words, new_result
from course.records.raters.tally import read_rater_tally


def printed_result(table: bytes | str) -> OthersResult:
    """Return what is released of a table of counted forms; nothing else of the table is in it.

    Raises BadTally where the table cannot be used, is of fewer than five forms, or has no statement that five judged.
    """
    tally = read_rater_tally(table)
    release = release_counts(tally.counts, tally.forms)
    if isinstance(release, Suppressed):
        raise BadTally(say("others-tally.too-few"), say("others-tally.too-few-hint"))
    if not release.statements:  # it would only hide an earlier result from the charts
        raise BadTally(say("others-tally.none-judged"), say("others-tally.too-few-hint"))
    return new_result(OthersWay.PRINTED, release.raters.value, release.statements)


def about_result(result: OthersResult) -> list[str]:
    """Return what a result is, in sentences, without what others answered: whoever types a table reads them first."""
    total, shown = len(_asked(result)), len(result.statements)
    hidden = total - shown
    return [
        say(f"others-result.{result.raters}"),
        say("others-result.all", n=total) if not hidden else say("others-result.some", n=shown, all=total),
    ]


def result_name(result: OthersResult) -> str:
    """Return what a result is called, by its day and its way."""
    day = say_day(result.moment.astimezone().date())
    return say(f"others-result.{result.way}", day=day)


def result_lines(result: OthersResult) -> list[str]:
    """Return all that a result says: how many people there were, as far as it is said, and each statement.

    An average at an end of what is released is said to stand for all beyond it.
    """
    items = [item for item in _asked(result) if item.code in result.statements]
    return [*about_result(result), *(_line(item, result.statements[item.code]) for item in items)]


def _asked(result: OthersResult) -> Sequence[Item]:
    """Return the statements about which others were asked, in the words of that time."""
    return find_scale("others").in_version(result.version).items


def _line(item: Item, figures: StatementByOthers) -> str:
    average = average_in_words(figures.average, RatedStatement(figures.average, figures.middle_half).stands_for)
    if figures.middle_half is None:
        return say("others-result.line", statement=item.short, average=average)
    low, high = figures.middle_half
    return say("others-result.line-half", statement=item.short, average=average, low=low, high=high)
