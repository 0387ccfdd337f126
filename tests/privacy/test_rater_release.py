"""What the owner of a round learns of raters, tried on every small group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement as multisets

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from course.privacy import SUPPRESSED
from course.privacy.rater_release import (
    MIN_FOR_MIDDLE_HALF,
    MIN_RATERS,
    POINTS,
    RatedStatement,
    RaterCount,
    RaterCounter,
    RaterRelease,
    count_raters,
    read_counter,
    release_counts,
    release_forms,
)
from tests.cases import every

SCALE = range(1, POINTS + 1)
CODE = "COMP7"


def released(answers: Sequence[int]) -> RatedStatement:
    release = release_forms([{CODE: answer} for answer in answers], [CODE])
    assert isinstance(release, RaterRelease)
    return release.statements[CODE]


def groups(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for size in sizes:
        yield from multisets(SCALE, size)


def test_of_fewer_than_five_raters_nothing_is_released_whatever_they_answer() -> None:
    for answers in groups(range(MIN_RATERS)):
        assert release_forms([{CODE: answer} for answer in answers], [CODE]) == SUPPRESSED
    assert release_forms([{CODE: 4}] * 4 + [{CODE: None}, {}, {"OTHER": 5}], [CODE]) == SUPPRESSED
    assert release_counts({CODE: [0] * 7}, 4) == SUPPRESSED


def test_a_statement_that_four_judged_is_not_released_among_others_that_five_judged() -> None:
    forms = [{"COMP7": 5, "CARE7": 6}] * 4 + [{"COMP7": 5, "CARE7": None}]
    release = release_forms(forms, ["COMP7", "CARE7", "COMP8"])
    assert isinstance(release, RaterRelease)
    assert [*release.statements] == ["COMP7"]


def test_with_five_to_seven_there_is_an_average_rounded_to_a_half_and_nothing_else() -> None:
    for answers in groups(range(MIN_RATERS, MIN_FOR_MIDDLE_HALF)):
        statement = released(answers)
        mean = sum(answers) / len(answers)
        assert statement.middle_half is None
        assert (2 * statement.average).is_integer()
        assert abs(statement.average - min(max(mean, 2), 6)) <= 0.25


def test_from_eight_on_at_least_half_of_the_answers_lie_in_the_middle_half() -> None:
    for answers in groups([8, 9, 10]):
        statement = released(answers)
        assert statement.middle_half is not None
        low, high = statement.middle_half
        assert 2 * sum(low <= answer <= high for answer in answers) >= len(answers)
        assert abs(statement.average - min(max(sum(answers) / len(answers), 1.5), 6.5)) <= 0.25


def test_the_middle_half_goes_by_those_who_judged_the_statement() -> None:
    forms = [{"COMP7": 5, "CARE7": 6}] * 7 + [{"COMP7": 5}]
    release = release_forms(forms, ["COMP7", "CARE7"])
    assert isinstance(release, RaterRelease)
    assert release.raters is RaterCount.EIGHT_OR_MORE
    assert [statement.middle_half for statement in release.statements.values()] == [(5, 5), None]


def test_no_number_of_raters_is_released_but_which_of_two_kinds_it_is() -> None:
    results = {repr(release_forms([{CODE: 4}] * raters, [CODE])) for raters in range(MIN_RATERS, 8)}
    results_from_eight = {repr(release_forms([{CODE: 4}] * raters, [CODE])) for raters in range(8, 40)}
    assert len(results) == len(results_from_eight) == 1


def test_both_ends_of_the_scale_are_alike() -> None:
    for answers in groups([5, 6, 7, 8]):
        turned = released([8 - answer for answer in answers])
        statement = released(answers)
        assert turned.average == 8 - statement.average
        low, high = statement.middle_half or (0, 0)
        assert turned.middle_half == ((8 - high, 8 - low) if statement.middle_half else None)


def test_an_average_alone_excludes_no_answer_of_anybody_also_where_all_answered_alike() -> None:
    """Who has only the result, and knows how many judged, can still think any answer of any rater."""
    for size in range(MIN_RATERS, 11):
        possible: dict[float, set[int]] = defaultdict(set)
        for answers in multisets(SCALE, size):
            possible[released(answers).average] |= set(answers)
        assert all(answers == set(SCALE) for answers in possible.values())
    assert released([7] * 5).average == released([7] * 5).highest == 6
    assert released([7] * 8).average == released([7] * 8).highest == 6.5
    assert released([1] * 5).average == released([1] * 5).lowest == 2
    assert released([1] * 8).average == released([1] * 8).lowest == 1.5


@every("size,excluding,exact", [(8, 208, 16), (9, 216, 10), (10, 112, 10)])
def test_from_eight_on_both_together_tell_few_groups_exactly_and_never_that_all_answered_alike(
    size: int, excluding: int, exact: int
) -> None:
    """What the rules do not promise: of so many ways to answer, some answer is excluded, or all answers are known."""
    ways: dict[RatedStatement, list[tuple[int, ...]]] = defaultdict(list)
    for answers in multisets(SCALE, size):
        ways[released(answers)].append(answers)
    possible = {statement: {answer for way in alike for answer in way} for statement, alike in ways.items()}
    assert sum(len(alike) for statement, alike in ways.items() if possible[statement] != set(SCALE)) == excluding
    assert sum(len(alike) == 1 for alike in ways.values()) == exact
    assert all(len(answers) > 1 for answers in possible.values())


def owners_guesses(own: Sequence[int], unknown: int) -> Iterator[set[int]]:
    """Yield, for each result that an owner with these forms of their own may get, what the others can have answered."""
    possible: dict[RatedStatement, set[int]] = defaultdict(set)
    for others in multisets(SCALE, unknown):
        possible[released([*own, *others])] |= set(others)
    yield from possible.values()


def test_an_owner_who_fills_in_four_forms_comes_close_to_the_fifth() -> None:
    """This is what forms have to say: no rule keeps an answer from who knows all others."""
    exact, left = set(), []
    for own in multisets(SCALE, 4):
        for guesses in owners_guesses(own, 1):
            left.append(len(guesses))
            exact |= guesses if len(guesses) == 1 else set()
    assert exact == {1, POINTS}
    assert max(left) == POINTS


def test_an_owner_who_fills_in_fewer_than_four_of_five_learns_an_answer_only_where_all_others_are_at_one_end() -> None:
    for many in range(4):
        for own in multisets(SCALE, many):
            for guesses in owners_guesses(own, 5 - many):
                assert len(guesses) > 1 or guesses <= {1, POINTS}


def test_an_owner_who_fills_in_four_forms_of_eight_hardly_ever_learns_what_the_other_four_answered() -> None:
    """It takes others who all answered alike: then one of 130 ways in which the eight can answer tells it."""
    own_forms = list(multisets(SCALE, 4))
    told = sum(len(guesses) == 1 for own in own_forms for guesses in owners_guesses(own, 4))
    assert told * 130 < len(own_forms) ** 2


def test_raters_who_pool_what_they_answered_learn_nothing_without_the_result() -> None:
    """They see the counter: it says the same whatever the others answered, and how often they changed it."""
    for raters in range(20):
        assert read_counter(raters) is (
            RaterCounter.FIVE_OR_MORE if raters >= MIN_RATERS else RaterCounter.FEWER_THAN_FIVE
        )


def test_the_printed_way_releases_what_the_hosted_way_does() -> None:
    for answers in groups([5, 8]):
        counts = {CODE: [answers.count(point) for point in SCALE]}
        assert release_counts(counts, len(answers)) == release_forms([{CODE: answer} for answer in answers], [CODE])


def test_what_cannot_be_counts_or_points_is_refused() -> None:
    for chosen, raters in (([1] * 6, 6), ([1] * 8, 8), ([-1, 6, 0, 0, 0, 0, 0], 8), ([1] * 7, 6)):
        with pytest.raises(ValueError, match="counts"):
            release_counts({CODE: chosen}, raters)
    for point in (0, 8, True, 4.0, "4"):
        with pytest.raises(ValueError, match="point"):
            release_forms([{CODE: point}] * 5, [CODE])  # type: ignore[dict-item]


FORMS = st.dictionaries(st.sampled_from(["COMP7", "CARE7"]), st.none() | st.integers(1, POINTS))


class WatchedRound(RuleBasedStateMachine):
    """Raters answer, change and take back; somebody writes down the counter; the owner opens once at some moment."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[int, dict[str, int | None]] = {}
        self.seen = [RaterCounter.FEWER_THAN_FIVE]

    @rule(rater=st.integers(0, 11), form=FORMS)
    def answer(self, rater: int, form: dict[str, int | None]) -> None:
        self.forms[rater] = form

    @rule(rater=st.integers(0, 11))
    def take_back(self, rater: int) -> None:
        self.forms.pop(rater, None)

    @precondition(lambda self: self.forms)
    @rule(data=st.data(), code=st.sampled_from(["COMP7", "CARE7"]), point=st.integers(1, POINTS))
    def change_a_judgement(self, data: st.DataObject, code: str, point: int) -> None:
        """The counter stands still when a judgement becomes another one."""
        rater = data.draw(st.sampled_from(sorted(self.forms)))
        if self.forms[rater].get(code) is not None:
            before = read_counter(count_raters(self.forms.values()))
            self.forms[rater] = {**self.forms[rater], code: point}
            assert read_counter(count_raters(self.forms.values())) is before

    @invariant()
    def the_counter_tells_when_a_result_can_be_had_and_no_more(self) -> None:
        counter = read_counter(count_raters(self.forms.values()))
        release = release_forms(list(self.forms.values()), ["COMP7", "CARE7"])
        assert (counter is RaterCounter.FIVE_OR_MORE) == isinstance(release, RaterRelease)

    @invariant()
    def no_order_and_no_name_is_in_a_result(self) -> None:
        forms = list(self.forms.values())
        assert release_forms(forms, ["COMP7", "CARE7"]) == release_forms(forms[::-1], ["COMP7", "CARE7"])

    @invariant()
    def each_statement_rests_on_five_judgements_or_more(self) -> None:
        release = release_forms(list(self.forms.values()), ["COMP7", "CARE7"])
        for code, statement in release.statements.items() if isinstance(release, RaterRelease) else ():
            judged = sum(form.get(code) is not None for form in self.forms.values())
            assert judged >= MIN_RATERS
            assert (statement.middle_half is not None) == (judged >= MIN_FOR_MIDDLE_HALF)


TestWatchedRound = WatchedRound.TestCase
TestWatchedRound.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
