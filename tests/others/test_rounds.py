"""The life of a round: answers until the end, a counter that tells nothing of when, one opening, and nothing left."""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from course.core.errors import SessionRefused, StoreUnusable
from course.others.rater_forms import CAPACITIES, RaterForms
from course.others.rounds import Rounds
from course.records.raters.round_wire import RoundSecret
from tests.others.stored_rounds import CODES, MONDAY, RoundPlace, answered_round, days, form_of, send


def test_five_people_answer_and_the_owner_opens_the_next_day(rounds: Rounds) -> None:
    secret = answered_round(rounds, [4, 5, 5, 6, 7])
    result = rounds.open(secret, days(1))
    assert result["raters"] == "five-to-seven"
    assert result["statements"]["CARE7"] == {"average": 5.5, "middle_half": None}
    assert list(result["statements"]) == CODES


def test_four_people_are_too_few_however_often_they_answer(rounds: Rounds) -> None:
    secret = answered_round(rounds, [4, 5, 5])
    token = send(rounds, secret, form_of(3))
    for point in (1, 2, 7):
        send(rounds, secret, form_of(point), token=token)
    with pytest.raises(SessionRefused, match="Fewer than five"):
        rounds.open(secret, days(2))
    assert rounds.status(secret, days(2)).counter == "fewer-than-five"


def test_a_form_that_judges_nothing_is_refused_and_one_can_be_emptied(rounds: Rounds) -> None:
    secret = answered_round(rounds, [4, 5, 5, 6])
    with pytest.raises(SessionRefused, match="no answer in it"):
        send(rounds, secret, form_of(None))
    token = send(rounds, secret, form_of(7))
    send(rounds, secret, form_of(None), days(1), token)
    result = rounds.open(secret, days(1))
    assert (result["raters"], result["statements"]) == ("", {})


def test_a_rater_changes_answers_until_the_end_and_sees_their_own(rounds: Rounds) -> None:
    secret = answered_round(rounds, [4, 4, 4, 4])
    token = send(rounds, secret, {"COMP7": 2, "CARE7": None})
    send(rounds, secret, {"COMP7": 6}, days(5), token)
    opened = rounds.find_link(secret.link, days(5))
    assert opened
    rater = opened.rater(token)
    assert rater
    assert rounds.form(opened, rater) == {"COMP7": 6}
    assert rounds.find_link(secret.link, days(5.5)) is None
    with pytest.raises(SessionRefused, match="over"):
        rounds.save(opened, rater, {"COMP7": 1}, days(5.5))
    assert rounds.open(secret, days(6))["statements"]["COMP7"]["average"] == 4.5


def test_a_full_round_takes_no_more_forms_and_their_raters_can_still_change_theirs(rounds: Rounds) -> None:
    secret = answered_round(rounds, [])
    tokens = [send(rounds, secret, form_of(4)) for _ in range(CAPACITIES[0])]
    with contextlib.suppress(SessionRefused):
        tokens += (send(rounds, secret, form_of(4)) for _ in range(len(CAPACITIES)))
    assert len(tokens) in CAPACITIES
    with pytest.raises(SessionRefused, match="no more") as refusal:
        send(rounds, secret, form_of(4))
    assert not re.search(r"\d", f"{refusal.value.message} {refusal.value.hint}")
    for token in (tokens[0], tokens[-1]):
        send(rounds, secret, form_of(5), token=token)


def test_who_fills_a_round_until_it_is_full_learns_nothing_of_how_many_others_answered() -> None:
    """An owner who sends forms until one is refused, and then empties them: it may have been any number of others."""
    capacities = {RaterForms.new(CODES).capacity for _ in range(5000)}
    assert capacities == set(CAPACITIES)
    own_forms = [{capacity - others for capacity in capacities} for others in range(4, 21)]
    assert len(set.intersection(*own_forms)) > len(CAPACITIES) / 2


def test_the_result_is_the_same_until_it_is_saved_and_is_then_gone(rounds: Rounds) -> None:
    secret = answered_round(rounds, [1, 4, 5, 5, 6, 7, 7, 7])
    with pytest.raises(SessionRefused, match="not been opened"):
        rounds.acknowledge(secret)
    first = rounds.open(secret, days(1))
    assert rounds.status(secret, days(2)).is_opened
    assert rounds.open(secret, days(3)) == first
    rounds.acknowledge(secret)
    rounds.acknowledge(secret)
    for ask in (rounds.open, rounds.status):
        with pytest.raises(SessionRefused, match="no such round"):
            ask(secret, days(3))


def test_after_the_opening_nobody_can_answer_or_change(rounds: Rounds) -> None:
    secret = answered_round(rounds, [4] * 5)
    before = rounds.find_link(secret.link, days(1))
    rounds.open(secret, days(1))
    assert rounds.find_link(secret.link, days(1)) is None
    assert before
    rater = before.rater(before.new_token())
    assert rater
    with pytest.raises(SessionRefused, match="over"):
        rounds.save(before, rater, form_of(1), days(1))


def test_a_cancelled_round_is_gone_unread(rounds: Rounds, place: RoundPlace) -> None:
    secret = answered_round(rounds, [4] * 6)
    rounds.cancel(secret)
    rounds.cancel(secret)
    assert place.key_files() == []
    assert rounds.find_link(secret.link, MONDAY) is None
    with pytest.raises(SessionRefused, match="no such round"):
        rounds.open(secret, days(1))


@pytest.mark.parametrize("number", [3, 7, 14])
def test_a_round_is_erased_when_its_days_are_over(rounds: Rounds, place: RoundPlace, number: int) -> None:
    secret = answered_round(rounds, [4] * 6, number)
    last_minute = datetime.datetime.combine(MONDAY.date() + datetime.timedelta(number - 1), datetime.time(23, 59))
    rounds.sweep(last_minute.astimezone())
    assert rounds.status(secret, last_minute.astimezone()).counter == "five-or-more"
    over = last_minute.astimezone() + datetime.timedelta(minutes=1)
    with pytest.raises(SessionRefused, match="no such round"):
        rounds.open(secret, over)
    rounds.sweep(over)
    assert place.key_files() == []
    with pytest.raises(SessionRefused, match="no such round"):
        rounds.status(secret, MONDAY)


def test_a_result_that_nobody_fetched_is_erased_when_the_days_are_over(rounds: Rounds, place: RoundPlace) -> None:
    secret = answered_round(rounds, [4] * 6, 3)
    rounds.open(secret, days(1))
    rounds.sweep(days(3))
    assert place.key_files() == []
    with pytest.raises(SessionRefused, match="no such round"):
        rounds.open(secret, days(1))


def test_looking_for_rounds_that_are_over_holds_none_that_is_not(rounds: Rounds) -> None:
    """However many there are: raters wait for nothing meanwhile, and nothing is written."""
    asked = []
    for _ in range(2):
        answered_round(rounds, [4] * 5)
        opened = answered_round(rounds, [4] * 5)
        rounds.open(opened, days(1))
        with statements() as executed:
            rounds.sweep(days(1))
        asked.append(len(executed))
        assert not any(text.startswith(("UPDATE", "DELETE", "VACUUM")) for text in executed)
    assert asked[0] == asked[1]


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Give the list of the SQL statements that are executed meanwhile."""
    executed: list[str] = []

    def note(*arguments: object) -> None:
        executed.append(str(arguments[2]))

    sql.event.listen(sql.Engine, "before_cursor_execute", note)
    try:
        yield executed
    finally:
        sql.event.remove(sql.Engine, "before_cursor_execute", note)


def test_only_three_lengths_are_taken(rounds: Rounds) -> None:
    for number in (0, 1, 15, 140):
        with pytest.raises(SessionRefused, match="3, 7 or 14"):
            rounds.create(RoundSecret.new(), number, MONDAY)


def test_the_same_secret_makes_one_round(rounds: Rounds) -> None:
    secret = answered_round(rounds, [4] * 5)
    assert rounds.create(secret, 14, days(1)) == rounds.status(secret, days(1))
    assert rounds.open(secret, days(1))["raters"] == "five-to-seven"


def test_a_round_whose_key_is_lost_cannot_be_opened_and_is_erased(rounds: Rounds, place: RoundPlace) -> None:
    """Beside a file at once. With a database that servers share, another folder may be there: at its end."""
    secret, other = answered_round(rounds, [4] * 5), answered_round(rounds, [4] * 5)
    (key,) = place.keys.glob(f"{secret.round_id}-*")
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(SessionRefused, match="over"):
        rounds.open(secret, days(1))
    rounds.sweep(days(1))
    key.write_bytes(kept)
    if place.url.startswith("sqlite"):
        with pytest.raises(SessionRefused, match="no such round"):
            rounds.status(secret, days(1))
    else:
        assert rounds.status(secret, days(1)).counter == "five-or-more"
    assert rounds.status(other, days(1)).counter == "five-or-more"
    rounds.sweep(days(7))
    with pytest.raises(SessionRefused, match="no such round"):
        rounds.status(other, days(1))


def test_a_token_of_another_round_or_a_made_up_one_is_nobodys(rounds: Rounds) -> None:
    one, other = (rounds.find_link(answered_round(rounds, []).link, MONDAY) for _ in range(2))
    assert one
    assert other
    token = one.new_token()
    assert one.rater(token)
    assert other.rater(token) is None
    assert one.rater(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert one.rater("") is None


def test_the_counter_changes_at_midnight_alone_and_never_back(rounds: Rounds) -> None:
    """Whenever on a day people answer, an owner who asks every hour is told the same."""
    told = []
    for hours in ([0, 0, 0, 0, 0], [0, 2, 4, 6, 8], [8, 8, 8, 8, 8]):
        secret = RoundSecret.new()
        rounds.create(secret, 7, MONDAY)
        at = [MONDAY + datetime.timedelta(hours=hour) for hour in hours]
        tokens = [send(rounds, secret, form_of(4), moment) for moment in at]
        told.append([rounds.status(secret, days(hour / 24)).counter for hour in (8.1, 8.6, 8.7, 9, 20, 40)])
        send(rounds, secret, form_of(None), days(2), tokens[0])
        assert rounds.status(secret, days(2)).counter == "five-or-more"
    changes_at_midnight = ["fewer-than-five"] * 2 + ["five-or-more"] * 4
    assert told == [changes_at_midnight] * 3


def test_a_server_with_another_folder_of_keys_does_not_begin(place: RoundPlace, tmp_path: Path) -> None:
    """With it, every round of the others would seem to be over. Beside a file there is one server, which has both."""
    place.open().close()
    elsewhere = RoundPlace(place.url, tmp_path / "elsewhere")
    if place.url.startswith("sqlite"):
        elsewhere.open().close()
    else:
        with pytest.raises(StoreUnusable, match="not the one that belongs to the database of rounds"):
            elsewhere.open()
    place.open().close()


def test_while_the_folder_of_keys_is_away_nobody_is_told_that_a_round_is_over(
    rounds: Rounds, place: RoundPlace, tmp_path: Path
) -> None:
    secret = answered_round(rounds, [4] * 5)
    place.keys.rename(tmp_path / "away")
    if not place.url.startswith("sqlite"):
        place.keys.mkdir()  # an empty mount point
    for ask in (
        lambda: rounds.find_link(secret.link, MONDAY),
        lambda: rounds.status(secret, days(1)),
        lambda: rounds.open(secret, days(1)),
    ):
        with pytest.raises(OSError, match=r"No such file|name-of-this-folder"):
            ask()
    if place.keys.exists():
        with pytest.raises(OSError, match="name-of-this-folder"):
            rounds.create(RoundSecret.new(), 7, MONDAY)
        place.keys.rmdir()
    (tmp_path / "away").rename(place.keys)
    assert rounds.open(secret, days(1))["raters"] == "five-to-seven"


def test_who_takes_all_answers_back_before_the_day_ends_is_not_counted_as_it_ends(rounds: Rounds) -> None:
    """Else the owner would be told that there are enough, and close a round for good of which nothing is shown."""
    secret = answered_round(rounds, [4] * 4)
    token = send(rounds, secret, form_of(4))
    send(rounds, secret, form_of(None), MONDAY + datetime.timedelta(hours=2), token)
    assert rounds.status(secret, days(1)).counter == "fewer-than-five"
    with pytest.raises(SessionRefused, match="Fewer than five"):
        rounds.open(secret, days(1))
    send(rounds, secret, form_of(4), days(1))
    assert rounds.status(secret, days(1.3)).counter == "fewer-than-five"
    assert rounds.status(secret, days(2)).counter == "five-or-more"
    assert rounds.open(secret, days(2))["raters"] == "five-to-seven"
