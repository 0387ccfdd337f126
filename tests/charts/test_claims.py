"""What a chart's sentence claims is worked out again from the data it was given, whatever the data.

Ends, highest, lowest, counts and ties: a person who cannot see the picture has the sentence alone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.charts import items, map, pulse, response_shift
from course.charts.cohort import LEVELS, WAYS, SideChange, cohort_change_chart, cohort_map_chart
from course.charts.log import log_chart
from course.charts.room import Vote, vote_chart
from course.charts.series import Series
from course.charts.stacked_bars import Statement
from course.charts.statement_charts import bars_chart, our_group_chart
from course.content.lessons import occasions
from course.content.scales import SIDES, find_scale, map_lines, side_name
from course.core.percentages import whole_percent, with_one_decimal
from course.records.journal import Rating
from course.records.scores import change, direction, score
from course.records.synthetic_people import learner

pytestmark = pytest.mark.slow

HABITS, PULSE, TRIED = (find_scale(name) for name in ("habits", "pulse", "tried"))
POINTS = HABITS.points
OCCASIONS = occasions()
MOMENTS = ("start", "looking-back", "now", "day-30")
CELLS = [(across, up) for up in reversed(LEVELS) for across in LEVELS]


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave pictures out: they take long, and the sentences are made without them."""
    monkeypatch.setattr("course.charts.kit.drawing._writer", lambda: lambda picture: "")


quick = settings(max_examples=60, deadline=None)
point = st.integers(1, len(POINTS))
seldom_missing = st.one_of(point, point, point, st.none())


def without_gaps(values: Mapping[str, int | None]) -> dict[str, int]:
    return {code: value for code, value in values.items() if value is not None}


a_rating = st.fixed_dictionaries({item.code: seldom_missing for item in HABITS.items}).map(without_gaps)


def said(alt: str, pattern: str) -> re.Match[str]:
    """Return what the sentence says there; it says it once."""
    found = list(re.finditer(pattern, alt))
    assert len(found) == 1, (pattern, alt)
    return found[0]


def quoted(text: str) -> set[str]:
    return set(re.findall("“([^”]+)”", text))


# The pulse


@st.composite
def pulses(draw: st.DrawFn) -> list[Rating]:
    chosen = [occasion for occasion in OCCASIONS if draw(st.booleans())]
    return [
        Rating(
            occasion,
            {},
            without_gaps({item.code: draw(seldom_missing) for item in PULSE.items}),
            draw(st.one_of(st.none(), st.integers(1, len(TRIED.points)))),
        )
        for occasion in chosen
    ]


def check_line(alt: str, name: str, answers: Sequence[tuple[str, int]]) -> None:
    """Check what is said of one of the two questions, which was answered at these moments."""
    values = [value for _, value in answers]
    if not answers:
        assert f"“{name}” has no answer yet." in alt
    elif len(answers) == 1:
        assert f"“{name}” has one answer: {POINTS[values[0] - 1]} ({answers[0][0]})." in alt
    elif len(set(values)) == 1:
        assert f"“{name}” was {POINTS[values[0] - 1]} every time." in alt
    else:
        told = said(
            alt,
            rf"“{name}” began (?:and ended )?at ([^.]+)\. Highest: ([^(]+) \(([^)]+)\)\. Lowest: ([^(]+) \(([^)]+)\)\.",
        )
        ends = told[1].split(" and ended at ")
        assert (ends[0], ends[-1]) == (POINTS[values[0] - 1], POINTS[values[-1] - 1])
        for end, when, value in ((told[2], told[3], max(values)), (told[4], told[5], min(values))):
            assert end == POINTS[value - 1]
            labels = [label for label, answer in answers if answer == value]
            if len(labels) > 3:
                assert when == f"{len(labels)} of {len(values)} times"
            else:
                assert re.split(", | and ", when) == labels


@quick
@given(pulses())
def test_the_pulse_says_where_it_began_ended_and_was_highest_and_lowest(ratings: list[Rating]) -> None:
    rated = [rating for rating in ratings if rating.pulse]
    alt = pulse.pulse_chart(ratings).alt
    if len(rated) > 1:
        assert alt.startswith(f"{len(rated)} moments.")
        for item in PULSE.items:
            answers = [
                (moment.occasion.label, moment.pulse[item.code]) for moment in rated if item.code in moment.pulse
            ]
            check_line(alt, item.short, answers)
    tried = [rating.tried for rating in ratings if rating.tried] if rated else []
    for number, answer in enumerate(TRIED.points, start=1):
        count = tried.count(number)
        assert bool(re.search(rf"[ ,]{re.escape(answer)} {count}\b", alt)) is bool(count)


def test_a_line_that_ends_where_it_began_is_not_said_to_have_stayed() -> None:
    """The demo's learner of seed 1: 4, 5, 5, 6, 5, 6, 6, 7, 4."""
    drawn = learner(1).pulses
    ratings = [
        Rating(occasion, {}, dict(zip(("P1", "P2"), drawn[occasion.name], strict=True)), None) for occasion in OCCASIONS
    ]
    assert [rating.pulse["P1"] for rating in ratings] == [4, 5, 5, 6, 5, 6, 6, 7, 4]
    assert pulse.pulse_chart(ratings).alt.startswith(
        "9 moments. “Could count on me” began and ended at About half the time. "
        "Highest: Always (Now). Lowest: About half the time (Start and Day 30). "
    )


# The habits, the map and looking back


@quick
@given(a_rating)
def test_one_rating_names_every_habit_at_its_ends(ratings: dict[str, int]) -> None:
    alt = items.items_chart([Series("start", ratings)]).alt
    if not ratings:
        return
    high, low = max(ratings.values()), min(ratings.values())
    if high == low:
        assert f"All that were answered: {POINTS[high - 1]}." in alt
        return
    for word, end in (("Most", high), ("Least", low)):
        told = said(alt, rf"{word} often: (.+?), ({'|'.join(POINTS)})\.")
        names = {item.short for item in HABITS.items if ratings.get(item.code) == end}
        assert told[2] == POINTS[end - 1]
        assert quoted(told[1]) == names if len(names) <= 3 else told[1] == f"{len(names)} habits"
    missing = len(HABITS.items) - len(ratings)
    assert ("not answered" in alt) is bool(missing)
    assert not missing or f"{missing} not answered." in alt


@quick
@given(a_rating, a_rating)
def test_two_ratings_name_every_largest_rise_and_fall(first: dict[str, int], latest: dict[str, int]) -> None:
    alt = items.items_chart([Series("start", first), Series("now", latest)]).alt
    moves = {item: latest[item.code] - first[item.code] for item in HABITS.items if item.code in first.keys() & latest}
    if not first or not latest:
        return
    for word, none, sign in (("rise", "rose", 1), ("fall", "fell", -1)):
        farthest = max((move * sign for move in moves.values()), default=0)
        names = {item.short for item, move in moves.items() if move * sign == farthest}
        if farthest <= 0:
            assert f"Largest {word}" not in alt
            assert (f"None {none}." in alt) is bool(moves)
        elif len(names) == 1:
            told = said(alt, rf"Largest {word}: “([^”]+)”, ({'|'.join(POINTS)}) to ({'|'.join(POINTS)})\.")
            assert told[1] in names
            assert (POINTS.index(told[3]) - POINTS.index(told[2])) * sign == farthest
        else:
            told = said(alt, rf"Largest {word}: (.+?), (\d) points? each\.")
            assert int(told[2]) == farthest
            assert quoted(told[1]) == names if len(names) <= 3 else told[1] == f"{len(names)} habits"
    assert f" {list(moves.values()).count(0)} the same." in alt
    missing = len(HABITS.items) - len(moves)
    assert ("not rated both times" in alt) is bool(missing)


@quick
@given(st.dictionaries(st.sampled_from(MOMENTS), a_rating))
def test_the_map_tells_every_average_region_and_step(rated: dict[str, dict[str, int]]) -> None:
    series = [Series(moment, ratings) for moment, ratings in rated.items() if ratings]
    alt = map.map_chart(series).alt
    for each in series:
        averages = [score(each.ratings, side) for side in SIDES]
        told = said(
            alt, rf"(?<!From ){each.label}: competence (\d\.\d|too few answers), caring (\d\.\d|too few answers)"
        )
        assert [told[1], told[2]] == [
            "too few answers" if average is None else with_one_decimal(average) for average in averages
        ]
        if None not in averages:
            region = map_lines().region(*averages)  # type: ignore[arg-type]  # none of them is None
            follows = alt[told.end() :].split(". ")[0]
            assert (region in follows) or (region == "in between" and "in between on at least one side" in follows)
    over_time = sorted(
        (each for each in series if each.moment != "looking-back"), key=lambda each: MOMENTS.index(each.moment)
    )
    for before, after in itertools.pairwise(over_time):
        told = said(alt, rf"From {before.label} to {after.label}: ([^.]+)\.")
        moved = {side: change(before.ratings, after.ratings, side) for side in SIDES}
        if None in moved.values():
            assert "too few habits" in told[1]
            continue
        ways = {side: ("about the same", "up", "down")[direction(moved[side] or 0)] for side in SIDES}
        if len(set(ways.values())) == 1:
            assert told[1] == f"{ways['caring']} on both sides"
        else:
            assert {f"{way} on {side}" for side, way in ways.items()} == set(
                re.sub(r", down on", ", down on", told[1]).split(", ")
            )


@quick
@given(a_rating, a_rating, a_rating)
def test_looking_back_is_said_to_be_higher_or_lower_as_it_is(
    first: dict[str, int], back: dict[str, int], now: dict[str, int]
) -> None:
    given_series = [Series("start", first), Series("looking-back", back), Series("now", now)]
    alt = response_shift.response_shift_chart(given_series).alt
    if not first or not back:
        return
    for side in SIDES:
        own = alt.split(f"{side_name(side)}: ")[1].split(" and character: ")[0]
        moved = change(first, back, side)
        words = {1: "higher than the first", -1: "lower than the first", 0: "about the same as the first"}
        expected = "Too few habits were answered both times" if moved is None else words[direction(moved)]
        assert expected in own
        average = score(back, side)
        assert f"looking back {'too few answers' if average is None else with_one_decimal(average)}" in own


# Charts of many people: what is not shown may be higher or lower, and the sentence must not forget it


shares = st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(any)
maybe_shown = st.one_of(shares, shares, shares, st.just([]))


@quick
@given(st.lists(maybe_shown, min_size=2, max_size=6))
def test_bars_name_every_statement_at_the_ends_and_say_what_is_not_shown(counts: list[list[int]]) -> None:
    statements = [Statement(f"S{place}", f"S{place}.", tuple(points)) for place, points in enumerate(counts)]
    shown = {statement.name: statement.top for statement in statements if statement.counts}
    points = ["Never", "Rarely", "Half", "Often", "Always"]
    for alt, most, least in (
        (bars_chart(statements, 20, points).alt, r"Most often true: (.+?), (\d+)%", r"Least often: (.+?), (\d+)%\."),
        (our_group_chart(statements, 20, points).alt, r"Strongest: (.+?)(\b)\.", r"Weakest: (.+?)(\b)\."),
    ):
        if len(shown) < 2 or len(set(shown.values())) == 1:
            assert not re.search(most, alt)
            continue
        for pattern, end in ((most, max(shown.values())), (least, min(shown.values()))):
            told = said(alt, pattern) if "%" in pattern else re.search(pattern.replace(r"(\b)", r"()"), alt)
            assert told is not None
            names = {name for name, top in shown.items() if top == end}
            assert quoted(told[1]) == names if len(names) <= 3 else told[1] == f"{len(names)} of them"
            assert told[2] in ("", str(end))
        assert (f"Only {len(shown)} of {len(counts)} statements" in alt) is (len(shown) < len(counts))


@quick
@given(st.lists(st.one_of(st.integers(0, 30), st.none()), min_size=9, max_size=9), st.integers(0, 9))
def test_the_largest_cluster_is_the_largest_or_said_to_be_the_largest_shown(
    numbers: list[int | None], hidden: int
) -> None:
    counts = dict(zip(CELLS, numbers, strict=True))
    shown = [count for count in numbers if count is not None]
    people = sum(shown) + hidden + 1
    alt = cohort_map_chart(counts, people).alt
    if not shown:
        assert "largest" not in alt
        return
    assert ("Of the parts that are shown" in alt) is (len(shown) < len(numbers))
    assert f"{whole_percent(max(shown), people)}%" in alt
    assert alt.count(" each.") == (shown.count(max(shown)) > 1)
    for place, count in counts.items():
        if place in (("high", "high"), ("low", "high"), ("high", "low"), ("low", "low")) and count is not None:
            names = map_lines().names
            name = {"hh": "trusted", "hl": "respected", "lh": "liked", "ll": "unknown"}[place[0][0] + place[1][0]]
            assert (names[name] in alt) is (count == max(shown))


OPTIONS = {"A": "First thing.", "B": "Second thing.", "C": "Third thing."}
votes = st.fixed_dictionaries({letter: st.one_of(st.integers(0, 20), st.none()) for letter in OPTIONS})


@quick
@given(votes, votes)
def test_a_vote_names_all_that_were_chosen_most_often_and_all_that_moved_most(
    first: dict[str, int | None], second: dict[str, int | None]
) -> None:
    two = [Vote(sum(count or 0 for count in votes.values()) + 3, votes) for votes in (first, second)]
    alt = vote_chart(OPTIONS, *two).alt
    for name, vote in zip(("First vote", "After discussion"), two, strict=True):
        if not vote.shown:
            continue
        told = said(alt, rf"{name}, {vote.answers} answers\. Chosen most often: (.+?), (\d+)%( each)?\.( Only \d)?")
        most = max(vote.shown.values())
        assert quoted(told[1]) == {OPTIONS[option].rstrip(".") for option, count in vote.shown.items() if count == most}
        assert int(told[2]) == whole_percent(most, vote.answers)
        assert bool(told[4]) is (len(vote.shown) < len(OPTIONS))
    both = [letter for letter in OPTIONS if letter in two[0].shown and letter in two[1].shown]
    if both and two[0].shown and two[1].shown:
        told = re.search(r"Biggest move: (.+)\.$", alt)
        moved = {
            option: two[1].shown[option] / two[1].answers - two[0].shown[option] / two[0].answers for option in both
        }
        if told is None:
            assert all(abs(move) < 0.00501 for move in moved.values())
            return
        named = [option for option in OPTIONS if OPTIONS[option].rstrip(".") in quoted(told[1])]
        farthest = max(abs(move) for move in moved.values())
        assert all(abs(abs(moved[option]) - farthest) < 0.0101 for option in named)
        assert {option for option in both if abs(abs(moved[option]) - farthest) < 1e-9} <= set(named)


@quick
@given(st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any), st.sets(st.sampled_from(WAYS)))
def test_the_cohorts_change_tells_the_shares_that_it_shows_and_no_other(numbers: list[int], hidden: set[str]) -> None:
    pairs = sum(numbers)
    counts = {way: None if way in hidden else number for way, number in zip(WAYS, numbers, strict=True)}
    alt = cohort_change_chart([SideChange("caring", pairs, counts)]).alt
    for way, text in zip(WAYS, ("up", "about the same", "down"), strict=True):
        told = re.search(rf"(\d+)% {text}", alt)
        assert (told is None) is (way in hidden)
        assert told is None or int(told[1]) == whole_percent(counts[way] or 0, pairs)
    assert f"{pairs} pairs" in alt


@quick
@given(st.lists(st.tuples(st.dates(), st.sampled_from(["K", "M", ""])), min_size=1, max_size=30))
def test_the_log_counts_its_marks_and_its_days(entries: list[tuple[object, str]]) -> None:
    saved = {"entries": [{"date": str(day), "words": ["x"], "mark": mark} for day, mark in entries]}
    alt = log_chart(saved, {"K": "Kept", "M": "Moved"}).alt
    marks = [mark for _, mark in entries]
    assert f"{marks.count('K')} kept" in alt
    assert f"{marks.count('M')} moved" in alt
    assert ("without a mark" in alt) is ("" in marks)
    days = [day for day, _ in entries]
    span = (max(days) - min(days)).days + 1  # type: ignore[operator,type-var]  # they are dates
    assert f"over {span} days." in alt if span > 1 else "on one day" in alt
