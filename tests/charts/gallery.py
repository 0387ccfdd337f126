"""One chart of every kind, and the fullest one of each: all made up."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from course.charts.chart import Chart
from course.charts.cohort import LEVELS, SideChange, cohort_change_chart, cohort_map_chart
from course.charts.items import items_chart
from course.charts.log import log_chart
from course.charts.map import map_chart
from course.charts.others import others_chart
from course.charts.pulse import pulse_chart
from course.charts.response_shift import response_shift_chart
from course.charts.room import Vote, vote_chart
from course.charts.series import LOOKING_BACK, Series
from course.charts.stacked_bars import Statement
from course.charts.statement_charts import bars_chart, our_group_chart
from course.content.lessons import occasions
from course.content.scales import find_scale
from course.core.moments import clock_at
from course.privacy.rater_release import RaterRelease, release_forms
from course.records.journal import Rating
from course.records.raters.others import OthersResult, OthersWay, new_result

_HABITS = find_scale("habits")
_CODES = [item.code for item in _HABITS.items]
_BANDS = ("Never to now and then", "About half the time", "Often to always")
_MARKS = {"K": "Kept", "R": "Renegotiated early", "M": "Missed"}


def gallery() -> dict[str, Chart]:
    """Return the charts by name, all of them, in the order in which the course has them."""
    start, back, now, later = (
        _series(moment, *points)
        for moment, points in (
            ("start", (4, 5, 3, 6, 4, 2, 3, 4, 5, 2, 4, 3)),
            (LOOKING_BACK, (3, 3, 3, 4, 2, 2, 3, 3, 3, 2, 3, 1)),
            ("now", (5, 5, 4, 6, 6, 4, 4, 4, 7, 2, 5, 6)),
            ("day-30", (6, 5, 4, 7, 6, 5, 4, 5, 7, 3, 5, 6)),
        )
    )
    gap = Series("now", {code: point for code, point in now.ratings.items() if code != "COMP7"}, frozenset({"COMP7"}))
    return {
        "map-one": map_chart([start]),
        "map": map_chart([start, back, now, later], [6, 2, 3, 3.5]),
        "map-guesses": map_chart([], [6, 2, 3, 3.5]),
        "items-one": items_chart([start]),
        "items": items_chart([start, back, gap]),
        "items-all": items_chart([start, back, now, later]),
        "yardstick": response_shift_chart([start, back, now]),
        "yardstick-one": response_shift_chart([start, back]),
        "pulse-one": pulse_chart(_pulses([(4, 5)])),
        "pulse": pulse_chart(_pulses([(4, 5), (5, 4), (None, 6), (6, 6), (6, 5), (4, 4), (7, 6), (6, 7), (4, 6)])),
        "log": log_chart(_log(40), _MARKS),
        "log-one": log_chart({"entries": [{"date": "2026-03-09", "mark": "", "words": ["Agenda"]}]}, _MARKS),
        "map-others": map_chart([start, back, now], [None, None, 3, 3.5], _by_others(8)),
        "items-others": items_chart([start, back, now], _by_others(8)),
        "others": others_chart([start, now], _by_others(8)),
        "others-few": others_chart([start], _by_others(5, hidden=("COMP9", "CARE7"))),
        "others-alone": others_chart([], _by_others(5)),
        **_of_many(),
    }


def _by_others(raters: int, hidden: Sequence[str] = ()) -> OthersResult:
    """Return what made-up raters answered: the brief's set G, a little higher than the owner on the first side."""
    forms = [
        {
            item.code: None if item.code in hidden else min(7, max(1, (5, 4)[place % 2] + (rater * 3 + place) % 4 - 1))
            for place, item in enumerate(_HABITS.items)
        }
        for rater in range(raters)
    ]
    release = release_forms(forms, _CODES)
    assert isinstance(release, RaterRelease)
    with clock_at(datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)):
        return new_result(OthersWay.PRINTED, release.raters.value, release.statements)


def _of_many() -> dict[str, Chart]:
    """Return the charts of many people, which reports and sessions have."""
    places = [(across, up) for up in reversed(LEVELS) for across in LEVELS]
    options = {
        "A": "Find out who did it.",
        "B": "Carry on and hope.",
        "C": "Call everyone together, and say it.",
    }
    high = Statement("Came prepared", "I came prepared.", (0, 0, 5, 15, 40, 30, 10))
    low = Statement("Raised hard things", "I raised difficult matters.", (10, 20, 20, 20, 15, 10, 5))
    hidden = Statement("Told people early", "I told those affected.")
    moved = Statement("Kept their word", "People here do.", (0, 5, 10, 15, 40, 20, 10), "", (5, 15, 20, 20, 20, 15, 5))
    competence = SideChange("competence", 50, {"up": 26, "same": 17, "down": 7}, 0.5, 0.6, (0.21, 0.83))
    caring = SideChange("caring", 12, {"up": None, "same": 0, "down": None})
    return {
        "cohort-map": cohort_map_chart(dict(zip(places, (5, 0, 14, None, 8, 6, 0, 5, None), strict=True)), 48),
        "cohort-change": cohort_change_chart([competence, caring]),
        "vote": vote_chart(options, Vote(30, {"A": 12, "B": 2, "C": 16}), Vote(29, {"A": 6, "B": 0, "C": 23})),
        "vote-one": vote_chart(options, Vote(30, {"A": 12, "B": 2, "C": 16})),
        "bars": bars_chart([high, low, hidden], 20, _HABITS.points),
        "bars-plain": bars_chart([high, low], 20, _HABITS.points, plain=True),
        "bars-bands": bars_chart([Statement("Came prepared", "I came prepared.", (1, 2, 5))], 8, _BANDS),
        "our-group": our_group_chart([moved, low, hidden], 20, _HABITS.points),
        "labelled": map_chart([_series("start", *range(1, 7), *range(1, 7))]).with_label("Made-up data."),
    }


def _series(moment: str, *points: int) -> Series:
    return Series(moment, dict(zip(_CODES, points, strict=True)))


def _pulses(answers: Sequence[tuple[int | None, int]]) -> list[Rating]:
    pulses = [{code: point for code, point in zip(("P1", "P2"), pair, strict=True) if point} for pair in answers]
    return [
        Rating(occasion, {}, pulse, None if not number else 1 + number % 4)
        for number, (occasion, pulse) in enumerate(zip(occasions(), pulses, strict=False))
    ]


def _log(days: int) -> dict[str, object]:
    entries = [
        {
            "date": f"2026-{3 + day // 28:02}-{1 + day % 28:02}",
            "mark": ("K", "R", "M", "")[day % 4],
            "words": ["Agenda"],
        }
        for day in range(days)
    ]
    return {"entries": entries}
