"""Reports that are kept: turned round, no picture tells a hidden number, not even to someone who is in it."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.privacy import MIN_CELL, SUPPRESSED, Group, PublishedCount, Suppressed, suppress_counts
from tests.cases import every

Counts = tuple[int, ...]
Row = tuple[int | None, ...]
SIZES = [(2, n) for n in range(10, 31)] + [(3, n) for n in range(10, 25)] + [(4, n) for n in range(10, 20)]


def splits(parts: int, people: int) -> Iterator[Counts]:
    """Every way in which so many people can be in so many parts."""
    if parts == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in splits(parts - 1, people - first):
            yield (first, *rest)


def seen(parts: Mapping[int, PublishedCount | Suppressed]) -> Row:
    return tuple(part.count if isinstance(part, PublishedCount) else None for part in parts.values())


def ours(counts: Counts) -> Row:
    return seen(suppress_counts(dict(enumerate(counts))).cells)


def hide_under_five(counts: Counts) -> Row:
    return tuple(None if count < MIN_CELL else count for count in counts)


def hide_two(counts: Counts) -> Row:
    """The rule as it is often told: the small ones, and the next smallest where there is but one."""
    order = sorted(range(len(counts)), key=lambda place: counts[place])
    small = sum(count < MIN_CELL for count in counts)
    hidden = set(order[: max(small, 2) if small else 0])
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def found_out(rule: Callable[[Counts], Row], parts: int, people: int) -> list[tuple[Row, int]]:
    """The pictures and hidden parts that a reader works out: the same in all the counts that give the picture.

    The reader is nobody, or one of the people in a hidden part, which then holds one at least.
    A part is also worked out if it can be nothing but small.
    """
    pictures: dict[Row, list[Counts]] = defaultdict(list)
    for counts in splits(parts, people):
        pictures[rule(counts)].append(counts)
    leaks = []
    for picture, all_counts in pictures.items():
        hidden = [place for place, count in enumerate(picture) if count is None]
        readers = [all_counts] + [[counts for counts in all_counts if counts[mine]] for mine in hidden]
        for place in hidden:
            could_be = [{counts[place] for counts in known} for known in readers if known]
            if min(map(len, could_be)) < 2 or max(could_be[0]) < MIN_CELL:
                leaks.append((picture, place))
    return leaks


@every("parts,people", SIZES)
def test_no_reader_works_out_a_hidden_part(parts: int, people: int) -> None:
    assert found_out(ours, parts, people) == []


@pytest.mark.parametrize("rule", [hide_under_five, hide_two])
def test_the_same_reader_works_it_out_where_less_is_hidden(rule: Callable[[Counts], Row]) -> None:
    assert found_out(rule, 3, 20)


def test_everyone_without_an_answer_is_one_more_part() -> None:
    """That nobody is missing may be seen; how few are missing may not."""
    pictures: dict[tuple[Row, bool], set[Counts]] = defaultdict(set)
    for yes, no, none in splits(3, 18):
        answers = {str(person): said for person, said in enumerate(["yes"] * yes + ["no"] * no)}
        published = Group(map(str, range(18))).counts(answers, ["yes", "no"], "missing")
        pictures[tuple(seen(dict(enumerate(published.cells.values())))), none > 0].add((yes, no, none))
    for (picture, _), all_counts in pictures.items():
        for place in (place for place, count in enumerate(picture) if count is None):
            assert len({counts[place] for counts in all_counts}) > 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9))
def test_what_is_shown_is_true_and_never_small(counts: list[int]) -> None:
    published = suppress_counts(dict(enumerate(counts)))
    shown = {place: part for place, part in published.cells.items() if isinstance(part, PublishedCount)}
    assert all(
        part == PublishedCount(counts[place], sum(counts)) and part.count >= MIN_CELL for place, part in shown.items()
    )
    hidden = [count for place, count in enumerate(counts) if place not in shown]
    assert len(hidden) != 1 or len(counts) == 1
    if shown and hidden:
        assert sum(hidden) > MIN_CELL
        assert max(hidden) >= MIN_CELL
        assert max(hidden) < min(part.count for part in shown.values())


@every("people,is_shown", [(0, False), (4, False), (5, False), (9, False), (10, True), (11, True)])
def test_nothing_is_said_of_fewer_than_ten(people: int, is_shown: bool) -> None:
    published = suppress_counts({"yes": people})
    assert published.cells["yes"] == published.people == (PublishedCount(people, people) if is_shown else SUPPRESSED)


@every("value, shown", [(0.25, 0.3), (0.75, 0.8), (-0.25, -0.3), (-0.75, -0.8), (0.249, 0.2), (-0.04, 0)])
def test_a_number_for_all_is_rounded_as_people_reckon(value: float, shown: float) -> None:
    group = Group(map(str, range(10)))
    assert group.statistic(dict.fromkeys(map(str, range(10)), value), statistics.mean) == shown


def test_of_too_few_neither_their_number_nor_a_sum_of_parts_is_said() -> None:
    few, enough = map(str, range(9)), map(str, range(10))
    assert Group(few).people == SUPPRESSED
    assert Group(enough).people == PublishedCount(10, 10)
    assert suppress_counts({"yes": 5, "no": 4}).subtotal("yes", "no") == SUPPRESSED
    assert suppress_counts({"yes": 6, "no": 4}).subtotal("yes", "no") == PublishedCount(10, 10)


def test_a_trainer_may_ask_for_more_than_ten_and_not_for_fewer() -> None:
    assert suppress_counts({"yes": 10}, min_group=11).people == SUPPRESSED
    assert suppress_counts({"yes": 11}, min_group=11).people == PublishedCount(11, 11)
    with pytest.raises(ValueError, match="10 people or more, not 9"):
        suppress_counts({"yes": 30}, min_group=9)
    with pytest.raises(ValueError, match="10 people or more"):
        Group(map(str, range(30)), min_group=5)


def test_three_of_thirty_stay_hidden_and_cannot_be_subtracted() -> None:
    published = suppress_counts({"low": 3, "between": 11, "high": 16})
    assert published.cells == {"low": SUPPRESSED, "between": SUPPRESSED, "high": PublishedCount(16, 30)}
    assert published.subtotal("low", "between") == PublishedCount(14, 30)
    assert published.subtotal("low", "high") == published.subtotal("low") == SUPPRESSED


def test_a_group_of_one_mind_is_not_split() -> None:
    published = suppress_counts({"low": 0, "between": 0, "high": 24})
    assert published.is_hidden
    assert published.people == PublishedCount(24, 24)


def test_all_parts_are_shown_where_none_is_small() -> None:
    published = suppress_counts({"up": 5, "same": 5, "down": 5})
    assert not published.is_hidden
    assert published.subtotal("up", "same") == PublishedCount(10, 15)


def test_tables_of_one_group_are_about_the_same_people() -> None:
    group = Group(map(str, range(20)))
    answers = {str(person): "yes" if person < 12 else "no" for person in range(40)}
    published = group.counts(answers, ["yes", "no"], "missing")
    assert published.people == group.people == PublishedCount(20, 20)
    assert published.cells == {"yes": PublishedCount(12, 20), "no": PublishedCount(8, 20)}
    assert group.counts({}, ["yes", "no"], "missing").is_hidden


def test_a_median_is_of_everyone_or_of_nobody() -> None:
    values = {str(person): person % 3 / 3 for person in range(10)}
    assert Group(map(str, range(10))).statistic(values, statistics.median) == 0.3
    assert Group(map(str, range(11))).statistic(values, statistics.median) == SUPPRESSED
    assert Group(map(str, range(9))).statistic(values, statistics.median) == SUPPRESSED
    assert Group(map(str, range(10)), min_group=11).statistic(values, statistics.median) == SUPPRESSED


@given(st.integers(0, 300), st.integers(1, 300))
def test_percentages_are_whole_and_a_half_goes_up(count: int, of: int) -> None:
    percent = PublishedCount(min(count, of), of).percent
    assert 0 <= percent <= 100
    assert abs(percent - 100 * min(count, of) / of) <= 0.5
    assert PublishedCount(1, 8).percent == 13
    assert PublishedCount(0, 0).percent == 0
