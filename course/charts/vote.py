"""Ch8, a vote: what a room would do, before and after it talked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from course.charts.bars import ended, listed, percent
from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW
from course.charts.vote_picture import Option, draw_vote
from course.content import words


@dataclass(frozen=True)
class Vote:
    """One vote with what may be shown of it: whole percentages by option, None for an option that is not shown."""

    answers: int = 0
    shares: Mapping[str, int | None] = field(default_factory=dict)
    """Empty where no option may be shown; then the words say so, or the vote has not been shown."""
    said: str = ""


def vote_chart(options: Mapping[str, str], first: Vote, second: Vote | None = None, title: str = "") -> Chart:
    """Return a bar for each option in each vote. `options` has the words of each option by its letter."""
    title = title or words("chart-vote.title")
    votes = {words("chart-vote.first" if second else "chart-vote.only"): first}
    votes |= {words("chart-vote.second"): second} if second else {}
    shown = {name: vote for name, vote in votes.items() if any(share is not None for share in vote.shares.values())}
    said = [sentence for name, vote in votes.items() for sentence in _sentences(options, name if second else "", vote)]
    if not said:
        return Chart(title, words("chart-bars.too-few"))
    if len(shown) == 2:
        said += _biggest_move(options, first, second or first)
    if not shown:
        return Chart(title, " ".join(said))
    letters = [letter for letter in options if any(letter in vote.shares for vote in shown.values())]
    rows = [Option(options[one], tuple(vote.shares.get(one) for vote in shown.values())) for one in letters]
    draw = partial(draw_vote, rows, list(shown))
    return Chart(title, " ".join(said), _table(rows, list(shown)), draw(), narrow=partial(draw, NARROW))


def _sentences(options: Mapping[str, str], name: str, vote: Vote) -> list[str]:
    """Say how many answered a vote and what most chose, or why that is not shown; of a lone vote without its name."""
    only = "" if name else "-only"
    known = {letter: share for letter, share in vote.shares.items() if share is not None}
    if not known:
        return [words(f"chart-vote.said{only}", vote=name, said=ended(vote.said))] if vote.said else []
    most = max(known.values())
    chosen = [options[letter] for letter, share in known.items() if share == most]
    key = "most" if len(chosen) == 1 else "tie"
    said = {"vote": name, "n": vote.answers, "option": listed(chosen), "percent": percent(most)}
    return [words(f"chart-vote.{key}{only}", **said)]


def _biggest_move(options: Mapping[str, str], first: Vote, second: Vote) -> list[str]:
    """Say which option moved most, of those that both votes show."""
    moves = {
        letter: now - then
        for letter, then in first.shares.items()
        if then is not None and (now := second.shares.get(letter)) is not None
    }
    if not moves:
        return []
    letter = max(moves, key=lambda one: abs(moves[one]))
    if not moves[letter]:
        return [words("chart-vote.no-move")]
    return [words("chart-vote.move", option=listed([options[letter]]), points=f"{moves[letter]:+d}".replace("-", "−"))]


def _table(rows: Sequence[Option], votes: Sequence[str]) -> Table:
    cells = [
        (row.name, *(words("chart-vote.few") if share is None else percent(share) for share in row.shares))
        for row in rows
    ]
    return Table(words("chart-vote.caption"), (words("chart-vote.option"), *votes), tuple(cells))
