"""Made-up learners, so that charts and reports can be looked at and tested without anyone's own answers.

The simulation: each person has four correlated traits (two sides, at the start and at the end). An answer is the
statement's mean, plus the trait, plus noise, rounded and limited to 1 to 7; three in a hundred are missing.
Nothing here is evidence of anything: label whatever is made of it with `interface.toml`, “synthetic.label”.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from course.content.lessons import occasions
from course.content.scales import SIDES, find_scale
from course.records.habit_check import Ratings

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    AnswerArray = NDArray[np.float64]
    """A row for each person, a column for each statement in screen order; nan where there is no answer."""

START: Final = {"competence": (5.2, 4.5, 5.1, 4.3, 4.4, 5.6), "caring": (4.4, 4.6, 4.9, 4.2, 3.7, 4.5)}
"""The mean of each statement at the start, by side."""
GAIN: Final = {"competence": (0.3, 0.7, 0.2, 0.8, 0.8, 0.2), "caring": (0.8, 0.5, 0.3, 0.5, 0.6, 0.9)}
"""By how much it is higher at the end."""
SPREAD, NOISE, MISSING = 0.75, 0.95, 0.03
SAME_TIME, SAME_SIDE, NEITHER = 0.5, 0.6, 0.3
"""How traits go together: the two sides at one time, one side over time, different sides over time."""


RATERS: Final = {"competence": (4, 5, 5, 5, 6, 6, 6, 6), "caring": (3, 4, 4, 4, 5, 5, 5, 6)}
"""What eight people answer about the made-up learner, by side (set G): averages of 5.4 and 4.5."""


@dataclass(frozen=True)
class SyntheticCohort:
    """What makes one set of people: how many there are, when they leave, and what changes for them."""

    people: int = 24
    stay: int = 24
    """How many are still there at the end."""
    day_30: int = 0
    """How many of those answer once more, when half of each gain is lost."""
    gain: float = 1
    """How much of the usual gain there is."""
    mixed: float = 0
    """By how much one half goes up and the other down."""
    looking_back: tuple[float, float] = (-0.3, -0.5)
    """How far each side's start is from where people see it when they look back."""


SETS: Final[Mapping[str, SyntheticCohort]] = {
    "A": SyntheticCohort(stay=20, day_30=12),
    "B": SyntheticCohort(gain=0, looking_back=(0, 0)),
    "C": SyntheticCohort(gain=0, mixed=0.8),
    "D": SyntheticCohort(gain=0, looking_back=(-0.8, -0.8)),
}
"""A: a cohort as one may hope for. B: no change. C: half up, half down. D: only the yardstick moved."""


@dataclass(frozen=True)
class SyntheticRater:
    """One made-up person; None for a rating that they were not there for."""

    name: str
    start: Ratings
    now: Ratings | None
    looking_back: Ratings | None
    day_30: Ratings | None


@dataclass(frozen=True)
class SyntheticLearner:
    """One made-up learner with the pulse of every occasion, by its name."""

    habits: Mapping[str, Ratings] = field(repr=False)
    """By moment: `start`, `now`, `looking-back` and `day-30`."""
    pulses: Mapping[str, tuple[int, int]] = field(repr=False)
    tried: Mapping[str, int] = field(repr=False)
    """Whether the last action was tried, after each of lessons 1 to 6."""
    scores: tuple[float, float] = (0, 0)
    """Where the two sides truly began."""


def people(name: str, seed: int) -> list[SyntheticRater]:
    """Return the people of set A, B, C or D, the same ones for the same seed."""
    import numpy as np

    cohort = SETS[name]
    random = np.random.default_rng(seed)
    drawn = draw(cohort, random)
    stayed = random.permutation(cohort.people)[: cohort.stay]
    asked_again = set(stayed[: cohort.day_30].tolist())
    present = set(stayed.tolist())
    return [
        SyntheticRater(
            f"synthetic-{place + 1:03d}",
            _as_list(drawn["start"][place]),
            _as_list(drawn["now"][place]) if place in present else None,
            _as_list(drawn["looking-back"][place]) if place in present else None,
            _as_list(drawn["day-30"][place]) if place in asked_again else None,
        )
        for place in range(cohort.people)
    ]


def draw(cohort: SyntheticCohort, random: Generator) -> dict[str, AnswerArray]:
    """Return the answers of everyone in a cohort at each moment, as if nobody ever left."""
    import numpy as np

    traits = random.multivariate_normal(np.zeros(4), _covariance(), size=cohort.people)
    first, last = traits[:, :2], traits[:, 2:]
    start, gain = _by_item(START), cohort.gain * _by_item(GAIN)
    half = cohort.mixed * np.where(np.arange(cohort.people) % 2, -1, 1)[:, None]
    back = start + np.array(cohort.looking_back)[_side_of_items()]
    return {
        "start": _answers(start, first, random),
        "now": _answers(start + gain + half, last, random),
        "looking-back": _answers(back, first, random),
        "day-30": _answers(start + gain / 2 + half / 2, last, random),
    }


def learner(seed: int) -> SyntheticLearner:
    """Return one learner for a journal, the same one for the same seed.

    The simulation of a cohort has no pulse: here each side goes in even steps from the start to now.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    drawn = draw(SyntheticCohort(people=1), random)
    habits = {moment: _as_list(answers[0]) for moment, answers in drawn.items()}
    scores = {moment: _scores(drawn[moment][0]) for moment in ("start", "now", "day-30")}
    names = [occasion.name for occasion in occasions()]
    steps = names.index("now")
    pulses, tried = {}, {}
    for place, name in enumerate(names):
        level = scores[name] if name in scores else scores["start"] + (scores["now"] - scores["start"]) * place / steps
        first, second = _as_points(level + random.normal(0, NOISE / 2, 2)).astype(int).tolist()
        pulses[name] = (first, second)
        if name not in scores:
            tried[name] = int(random.choice([1, 2, 3], p=[0.5, 0.3, 0.2]))
    competence, caring = scores["start"].tolist()
    return SyntheticLearner(habits, pulses, tried, (competence, caring))


def rater_forms() -> list[dict[str, int | None]]:
    """Return the forms of eight made-up people who rate the made-up learner; two cannot judge one of the habits."""
    items = find_scale("others").items
    forms: list[dict[str, int | None]] = [
        {item.code: RATERS[item.side][(rater + place) % len(RATERS[item.side])] for place, item in enumerate(items)}
        for rater in range(len(RATERS["caring"]))
    ]
    for form in forms[:2]:
        form[items[-2].code] = None
    return forms


def _answers(means: AnswerArray, traits: AnswerArray, random: Generator) -> AnswerArray:
    import numpy as np

    level = means + traits[:, _side_of_items()]
    answers = _as_points(level + random.normal(0, NOISE, level.shape))
    return np.where(random.random(level.shape) < MISSING, np.nan, answers)


def _as_points(level: AnswerArray) -> AnswerArray:
    """Return levels as points of the scale: whole numbers from 1 to the last point."""
    import numpy as np

    return np.clip(np.rint(level), 1, len(find_scale("habits").points))


def _covariance() -> AnswerArray:
    import numpy as np

    over_time = np.array([[SAME_SIDE, NEITHER], [NEITHER, SAME_SIDE]])
    at_once = np.array([[1, SAME_TIME], [SAME_TIME, 1]])
    return SPREAD**2 * np.block([[at_once, over_time], [over_time, at_once]])


def _side_of_items() -> list[int]:
    return [SIDES.index(item.side) for item in find_scale("habits").items]


def _by_item(values: Mapping[str, tuple[float, ...]]) -> AnswerArray:
    """Return what is listed by side in the order of the screen."""
    import numpy as np

    scale = find_scale("habits")
    return np.array([values[item.side][scale.side(item.side).index(item)] for item in scale.items])


def _scores(answers: AnswerArray) -> AnswerArray:
    import numpy as np

    side_of_items = np.array(_side_of_items())
    return np.array([np.nanmean(answers[side_of_items == side]) for side in range(len(SIDES))])


def _as_list(answers: AnswerArray) -> Ratings:
    return [None if answer != answer else int(answer) for answer in answers]
