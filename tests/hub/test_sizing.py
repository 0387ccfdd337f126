"""How large a Hub has to be: `course.hub.sizing`."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from course.hub.sizing import GB, REFERENCE, Assumptions, Costs, as_markdown, main, rows, sizing
from tests.paths import ROOT

PLAIN = Assumptions(at_once=0.1, visits=10, lessons=8, exercises=4, starts_per_minute=0.5, cohort=30, spare=0)
COSTS = Costs(
    server_start=3,
    lesson=1,
    server_memory=GB,
    learner_disk=GB,
    handed_in=GB // 4,
    gradebook=GB // 8,
    marking=0.5,
    saving=0.2,
)


def test_a_small_example_is_what_one_reckons_by_hand() -> None:
    needed = sizing(60, PLAIN, COSTS)
    assert needed.servers == 6  # a tenth of 60
    assert needed.memory == 6 * GB
    assert needed.cores == pytest.approx(6 * 0.5 * (3 + 0.8 * 1) / 60)  # a server opens 8 lessons in 10 visits
    assert needed.processor == pytest.approx(60 * (10 * 3 + 8 * 1) + 60 * 4 * 0.5)
    assert needed.disk == 60 * GB + 60 * 4 * GB / 4
    assert needed.gradebooks == 2
    assert needed.gradebook == 60 * 4 * GB / 8
    assert needed.marking == pytest.approx(120)
    assert needed.wait == pytest.approx(30 * 0.2)


def test_spare_is_on_top_and_a_cohort_that_is_not_full_is_one_all_the_same() -> None:
    spare = Assumptions(at_once=0.1, spare=0.5, cohort=30)
    assert sizing(61, spare, COSTS).memory == 6 * GB * 1.5
    assert sizing(61, spare, COSTS).gradebooks == 3
    assert sizing(1, spare, COSTS).servers == 1
    assert sizing(10, spare, COSTS).wait == pytest.approx(2)


def test_faster_cores_need_less_time_and_as_much_memory() -> None:
    needed, faster = (sizing(60, dataclasses.replace(PLAIN, speed=speed), COSTS) for speed in (1, 2))
    for name in ("cores", "processor", "marking", "wait"):
        assert getattr(faster, name) == pytest.approx(getattr(needed, name) / 2)
    assert dataclasses.replace(faster, cores=0, processor=0, marking=0, wait=0) == dataclasses.replace(
        needed, cores=0, processor=0, marking=0, wait=0
    )


def test_how_fast_a_core_is_is_measured_beside_the_one_of_the_costs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.process_time", itertools.count(0, 2 * REFERENCE).__next__)
    main(["--measure-speed"])
    assert capsys.readouterr().out == "For machines like this one: --speed 0.50\n"


def test_the_guide_has_the_table_as_it_is_reckoned_today() -> None:
    table = as_markdown(rows([sizing(number) for number in (1_000, 100_000, 1_500_000)]))
    assert table in (ROOT / "DEPLOYING.md").read_text(encoding="utf-8"), table


def test_whoever_plans_changes_an_assumption_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    main(["1000", "--at-once", "0.5"])
    printed = capsys.readouterr().out
    assert "| Servers at the busiest moment                         |      500 |" in printed
    assert "--at-once 0.5" in printed
    with pytest.raises(SystemExit):
        main(["--at-noon", "1"])
