"""The printed way: a page that says who sees what, and a result that has nothing of the table but what may be kept."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from course.activities.raters import result as rater_result
from course.activities.raters.form import rater_form_page
from course.activities.raters.result import about_result, printed_result, result_lines
from course.content.scales import find_scale
from course.core.errors import BadTally
from course.records.raters.others import OthersWay

SCALE = find_scale("others")


def counted(*points: int, unjudged: tuple[int, ...] = ()) -> str:
    """Return the table of as many forms as points; nobody judges the statements in `unjudged`."""
    row = [points.count(point) for point in range(1, 8)]
    rows = [[0] * 7 + [len(points)] if number in unjudged else [*row, 0] for number in range(1, 13)]
    return "\n".join(";".join(map(str, [number, *row])) for number, row in enumerate(rows, start=1))


def test_the_page_asks_each_statement_and_says_who_sees_what_before() -> None:
    page = rater_form_page()
    for item in SCALE.items:
        assert page.count(f". {item.text}<") == 1
        assert page.count(f". {item.short}<") == 1
    before, asked = page.split(SCALE.stem)
    assert "The person never sees a form." in before
    assert "If they fill in four and you are the fifth" in before
    assert "If they ask the same people again, they can compare the two results." in before
    assert "the person is not told whether you did" in before  # whoever counts takes the form, and so knows
    assert "open conflict" in before
    assert "fewer than six people to ask" in before
    assert "depend on you" in before
    assert SCALE.missing in asked


def test_the_page_asks_no_other_machine_for_anything() -> None:
    page = rater_form_page()
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert not re.search(r"(src|href)=|url\(|@import", page)


def test_of_five_forms_averages_are_kept_and_of_eight_the_middle_half_too() -> None:
    five, eight = printed_result(counted(3, 4, 5, 5, 6)), printed_result(counted(3, 4, 5, 5, 5, 6, 6, 7))
    assert five.way is OthersWay.PRINTED
    assert {(figures.average, figures.middle_half) for figures in five.statements.values()} == {(4.5, None)}
    assert {(figures.average, figures.middle_half) for figures in eight.statements.values()} == {(5.0, (4, 6))}


def test_of_fewer_than_five_forms_nothing_is_kept() -> None:
    for points in ((), (5, 5, 6, 6)):
        with pytest.raises(BadTally, match="fewer than five forms, so nothing is kept"):
            printed_result(counted(*points))


def test_where_no_statement_was_judged_by_five_nothing_is_kept() -> None:
    """A result without a statement would take the place of the earlier one in each chart."""
    with pytest.raises(BadTally, match="No statement was judged by five people"):
        printed_result(counted(*(3, 4, 5, 5, 6), unjudged=tuple(range(1, 13))))
    rows = [[0, 0, 0, 4, 0, 0, 0, 2]] * 12
    with pytest.raises(BadTally, match="No statement was judged by five people"):
        printed_result("\n".join("\t".join(map(str, row)) for row in rows))


def test_what_is_said_before_it_is_kept_tells_no_number_of_anybodys() -> None:
    one, other = (about_result(printed_result(counted(*points, unjudged=(2, 12)))) for points in ((1,) * 5, (7,) * 7))
    assert one == other
    assert one == [
        "Five to seven people filled in a form.",
        "Five people or more judged 10 of the 12 statements. The others are left out.",
    ]


def test_a_result_keeps_its_statements_when_others_are_asked_about_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """My journal would show an old result without any statement, or with those of today."""
    today = find_scale("others")
    result = printed_result(counted(4, 5, 5, 6, 7))
    lines = result_lines(result)
    items = tuple(replace(item, code=f"NEW{place}", short="Asked otherwise") for place, item in enumerate(today.items))
    later = replace(today, items=items[:10], since=result.version + 1, earlier=(today,))
    monkeypatch.setattr(rater_result, "find_scale", lambda name: later)
    assert len(lines) == 2 + len(today.items)
    assert result_lines(result) == lines
