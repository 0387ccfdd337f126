"""Many cases in one test fail as they would alone."""

from __future__ import annotations

import pytest

from tests.cases import every


def test_each_case_that_fails_is_named_and_the_others_are_run() -> None:
    ran = []

    @every("first, second", [(1, 1), (1, 2), pytest.param(3, 4, id="far apart")])
    def check(first: int, second: int) -> None:
        ran.append((first, second))
        assert first == second

    with pytest.raises(pytest.fail.Exception, match=r"2 of 3 cases failed") as failed:
        check()
    assert ran == [(1, 1), (1, 2), (3, 4)]
    assert "{'first': 3, 'second': 4}" in str(failed.value)


def test_a_test_without_cases_is_refused() -> None:
    with pytest.raises(AssertionError, match="cannot fail"):
        every("one", [])


@every("number", range(3))
def test_fixtures_come_as_in_any_test(number: int, tmp_path: object) -> None:
    assert (number in range(3), bool(tmp_path)) == (True, True)
