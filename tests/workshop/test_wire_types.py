"""The wire's types hold on all sides: what the server makes, templates show, and the JavaScript reads and sends."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from course.workshop import export_files, paper, templates, view_parts, wire
from course.workshop.script.script import find_script
from course.workshop.sessions.session import Session
from course.workshop.views import page_views, reading_views
from course.workshop.wire import ACTIONS, fields_of
from tests.cases import every
from tests.workshop.follower import Follower
from tests.workshop.live_server import Console, LiveServer, answer

PAGES = Path(templates.__file__).parent / "pages"
STATIC = Path(templates.__file__).parent / "static"


def misfits(value: Any, kind: Any, where: str = "") -> Iterator[str]:
    """Return where a value does not fit a type of the wire: a field too many, one too few, another kind of value."""
    if get_origin(kind) in (typing.NotRequired, typing.Required):
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, types.UnionType):
        if all([*misfits(value, member, where)] for member in get_args(kind)):
            yield f"{where} is {value!r}, and none of {kind}"
    elif is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        if not isinstance(value, dict):
            yield f"{where} is no object"
            return
        yield from (f"{where}.{name} is in no type" for name in sorted(value.keys() - hints.keys()))
        yield from (f"{where}.{name} is missing" for name in sorted(required(hints) - value.keys()))
        for name in value.keys() & hints.keys():
            yield from misfits(value[name], hints[name], f"{where}.{name}")
    elif get_origin(kind) is list:
        for number, item in enumerate(value):
            yield from misfits(item, get_args(kind)[0], f"{where}[{number}]")
    elif get_origin(kind) is dict:
        for name, item in value.items():
            yield from misfits(item, get_args(kind)[1], f"{where}[{name}]")
    elif get_origin(kind) is typing.Literal:
        if value not in get_args(kind):
            yield f"{where} is {value!r}, and none of {kind}"
    elif kind is not object and not (value is None if kind is type(None) else isinstance(value, kind)):
        yield f"{where} is {value!r}, and no {kind}"


def required(hints: dict[str, Any]) -> set[str]:
    return {name for name, kind in hints.items() if get_origin(kind) is not typing.NotRequired}


def test_a_renamed_field_is_found() -> None:
    good = {"error": "No", "hint": "Wait", "status": 404}
    assert [*misfits(good, wire.ErrorMessage)] == []
    assert [*misfits({**good, "status": "404"}, wire.ErrorMessage)] != []
    assert [*misfits({"error": "No", "tip": "Wait", "status": 404}, wire.ErrorMessage)] == [
        ".tip is in no type",
        ".hint is missing",
    ]
    assert any("none of" in fault for fault in misfits({"became": "lost"}, page_views.GonePage))
    assert [*misfits({"counts": {"A": 5}, "people": 5, "in_band": True}, view_parts.Shown)] != []


@pytest.fixture
def filled(live_server: LiveServer, session: Session, console: Console) -> Session:
    """A session in which something of every kind is on its pages."""
    phones = [live_server.phone(session) for _ in range(10)]
    for step in ("close", "check-in", "agree"):
        console.press("step", step=step)
        for question in ("attention", "group", "leak", "boundaries", "differences", "thanks", "promise"):
            console.press("open", question=question)
    for number, phone in enumerate(phones):
        answers = {"attention": f"word {number}", "leak": "AC"[number % 2], "group.G1": 4, "differences": f"{number}"}
        for part, value in answers.items():
            assert answer(phone, session, part, value).status == 200
    for line in session.model.lines.every():
        console.press("approve", line=line.name)
    for question in ("attention", "leak", "differences", "group"):
        console.press("close", question=question)
        console.press("reveal", question=question)
    console.press("park", line=session.model.lines.of("differences")[0].name, owner="Chair", place="", date="")
    console.press("open", question="sorted")
    console.press("timer", minutes="5")
    return session


@pytest.mark.slow
def test_all_that_the_server_sends_fits_its_type(live_server: LiveServer, filled: Session, console: Console) -> None:
    phone, base, path = live_server.phone(filled), f"/r/{filled.id}/", f"/console/{filled.id}/"
    saved = answer(phone, filled, "boundaries.sources", "keep")
    shown = {
        wire.AnswerSaved: saved.json,
        wire.ErrorMessage: answer(phone, filled, "leak", "A").json,
        wire.ActionDone: console.press("timer", minutes="0").json,
        wire.OwnAnswers: phone.get(f"{base}mine").json,
        page_views.PhonePage: phone.get(base).json,
        page_views.ReachPage: live_server.browser().get("/test").json,
        page_views.JoinPage: live_server.browser().get("/").json,
        page_views.WelcomePage: live_server.browser().get(f"/j/{filled.access.link}").json,
        view_parts.SessionRecord: console.get(f"{path}export.json").json,
        page_views.ProblemPage: live_server.browser().get("/nowhere", Accept="text/html").json,
    }
    for step in ("check-in", "agree"):
        console.press("step", step=step)
        shown |= {page_views.ScreenView: console.view("screen"), page_views.ConsolePage: console.view()}
        assert [fault for kind, value in shown.items() for fault in misfits(value, kind, kind.__name__)] == []
    event = Follower(phone, f"{base}events")
    assert [*misfits(json.loads(event.next().partition(b"data: ")[2]), wire.Event)] == []
    event.close()
    cards = paper.cards(find_script(is_long=True), live_server.server.page(filled))
    assert [*misfits(cards, paper.CardsPage)] == []
    gone = console.press("close-session", days=1), phone.get(base).json
    assert [*misfits(gone[1], page_views.GonePage)] == []
    assert [*misfits(phone.get("/r/00000000/").json, page_views.GonePage)] == []
    latest = console.get(f"{path}now").json
    assert [*misfits(latest, wire.Event)] == []
    assert [*misfits(console.press("delete-session", sure="yes").json, wire.ActionDone)] == []


# Templates

SHOWS: dict[str, tuple[Any, ...]] = {
    "cards.html": (paper.CardsPage,), "console.html": (page_views.ConsolePage,),
    "console_lines.html": (page_views.ConsoleView,), "console_next.html": (page_views.ConsoleView,),
    "co_host.html": (reading_views.CoHostPage,), "co_host_lines.html": (reading_views.CoHostPage,),
    "pair.html": (reading_views.PairPage,),
    "console_parked.html": (page_views.ConsoleView,), "console_way_in.html": (page_views.ConsoleView,),
    "console_alert.html": (page_views.ConsoleView,),
    "console_session.html": (page_views.ConsoleView,), "console_step.html": (page_views.ConsoleView,),
    "console_steps.html": (page_views.ConsoleView,), "console_tally.html": (page_views.ConsoleView,),
    "console_token.html": (page_views.ConsolePage,), "console_tried.html": (page_views.ConsolePage,),
    "export.html": (export_files.ExportPage,), "gone.html": (page_views.GonePage,), "join.html": (page_views.JoinPage,),
    "page.html": (page_views.PageView,), "phone.html": (page_views.PhonePage,),
    "phone_ask.html": (page_views.PhonePage,), "phone_results.html": (page_views.PhonePage,),
    "phone_main.html": (page_views.PhonePage,), "problem.html": (page_views.ProblemPage,),
    "reach.html": (page_views.ReachPage,), "screen.html": (page_views.ScreenView,),
    "screen_main.html": (page_views.ScreenView,),
    "sessions.html": (page_views.SessionsPage,), "logged_out.html": (page_views.LoggedOutPage,),
    "unsent_texts.html": (page_views.PhonePage, page_views.GonePage), "welcome.html": (page_views.WelcomePage,),
}  # fmt: skip
"""What the `view` of each template is."""
ITEMS: dict[str, tuple[Any, ...]] = {
    "line": (view_parts.ConsoleLine, view_parts.BoundaryView, paper.CardLine),
    "step": (page_views.ConsoleStep, page_views.PhoneStep), "question": (page_views.ConsoleQuestion,),
    "here": (page_views.ConsoleStep,), "ahead": (page_views.WalkView,),
    "left": (page_views.LeftOpen,),
    "part": (view_parts.PartView,), "result": (view_parts.ResultView, page_views.PhoneResult),
    "chart": (view_parts.ChartText,), "join": (page_views.JoinView,),
    "card": (paper.PaperCard, reading_views.CoHostLine), "row": (paper.TallyRow, export_files.RowView),
    "tally_part": (paper.TallyPart,),
    "section": (export_files.SectionView,),
    "trouble": (page_views.TroubleView,), "way_in": (page_views.WayInView,), "network": (page_views.NetworkView,),
    "own": (wire.OwnAnswer,), "other": (page_views.OtherSession,),
    "each": (page_views.SessionEntry,),
}  # fmt: skip
"""What the other variables of templates are."""


def fields(*kinds: Any) -> set[str]:
    return {name for kind in kinds for name in get_type_hints(kind)}


def field_names(template: str) -> set[tuple[str, str]]:
    """Return each variable with each of its fields that a template uses."""
    text = (PAGES / template).read_text(encoding="utf-8")
    names = re.findall(r'\b(\w+)(?:\["(\w+)"\]|\.get\("(\w+)")', text)
    return {(variable, field or other) for variable, field, other in names if variable != "words"}


@every("template", sorted(SHOWS))
def test_a_template_uses_no_field_that_its_view_has_not(template: str) -> None:
    for variable, field in field_names(template):
        if variable == "view":
            assert field in fields(*SHOWS[template]), f"view.{field}"
        elif variable in ITEMS:
            assert field in fields(*ITEMS[variable]), f"{variable}.{field}"
    nested = re.findall(r'\["(\w+)"\]\["(\w+)"\]', (PAGES / template).read_text(encoding="utf-8"))
    kinds = [
        kind
        for kind in [value for module in (page_views, view_parts, paper) for value in vars(module).values()]
        if is_typeddict(kind)
    ]
    known = fields(*kinds, wire.OwnAnswer, wire.ErrorMessage)
    assert {field for pair in nested for field in pair} <= known


def test_every_template_is_held_against_a_type_and_every_field_is_used_somewhere() -> None:
    assert {path.name for path in PAGES.glob("*.html")} == set(SHOWS)
    used = "".join(path.read_text(encoding="utf-8") for path in [*PAGES.glob("*.html"), *STATIC.glob("*.js")])
    unused = {name for kinds in SHOWS.values() for name in fields(*kinds) if not re.search(rf"\b{name}\b", used)}
    assert unused == set()


def test_every_form_of_the_console_sends_the_fields_of_its_action() -> None:
    for path in PAGES.glob("console_*.html"):
        for form in re.findall(r"<form\b.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
            hidden = re.findall(r'name="action" value="([\w-]+)"', form)
            written = set(re.findall(r'name="([\w-]+)"', form)) - {"action", "token"}
            written |= {"owner", "place", "date"} if 'name="{{ field }}"' in form else set()
            written |= {"counts"} if 'name="count {{ field }}"' in form else set()
            for action in hidden:
                needed = {name.replace("lines", "line") for name in fields_of(ACTIONS[action])}
                is_similar = action in ("group", "ungroup")
                assert needed <= written or is_similar, (path.name, action, written)


def test_the_console_can_send_every_action() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES.glob("console_*.html"))
    assert {action for action in ACTIONS if f'value="{action}"' not in text} == set()


# JavaScript


def script(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def names_in(pattern: str, text: str) -> set[str]:
    """Return the names that a pattern finds, also in lists; at least one."""
    names = {name.strip().partition(" ")[0] for group in re.findall(pattern, text) for name in group.split(",")}
    assert names, pattern
    return names


def test_the_phones_script_sends_and_reads_the_fields_of_the_wire() -> None:
    text = script("phone.js") + script("outbox.js")
    assert names_in(r"body: padded\(JSON\.stringify\(\{ ([\w, ]+) \}\)\)", text) == fields(wire.AnswerMessage)
    assert names_in(r"\breception\.(\w+)", text) <= fields(wire.AnswerSaved)
    assert names_in(r"mine\[part\] = \{ (\w+): ", text) | {"answer"} == fields(wire.OwnAnswer)
    assert names_in(r"\{ (error = \"\", hint = \"\") \}", text) == fields(wire.ProblemView)
    assert names_in(r"\blast\?*\.(\w+)", text) == fields(wire.OwnAnswer)


def test_the_consoles_script_sends_and_reads_the_fields_of_the_wire() -> None:
    text = script("console.js") + script("console_forms.js")
    sent = names_in(r"\bmessage\.(\w+)", text) | names_in(r"return \{ ([\w, ]+): data", text)
    assert sent <= {"action", *(name for kind in ACTIONS.values() for name in fields_of(kind))}
    assert names_in(r"message\.action === \"([\w-]+)\"", text) | names_in(r"\baction === \"([\w-]+)\"", text) <= set(
        ACTIONS
    )
    assert names_in(r"\banswer\.(\w+)", text) <= fields(wire.ErrorMessage, wire.ActionDone)
    assert 'data.get("action")' in text
    assert 'data.delete("token")' in text


def test_the_script_that_follows_reads_the_fields_of_an_event() -> None:
    text = script("follow.js")
    assert names_in(r"\bmessage\.(\w+)", text) == {*fields(wire.Event), "status"}
    assert "status" in fields(wire.ErrorMessage)
    assert set(re.findall(r'addEventListener\("(alive|session|gone)"', text)) == {"alive", "session", "gone"}


@every("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_every_data_attribute_that_a_script_reads_is_on_a_page(name: str) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.html"))
    own = {"asked", "has", "ends", "filled", "unsent"}
    asked = {*re.findall(r"dataset\.(\w+)", script(name))}
    unpacked = re.findall(r"const \{ ([^}]+) \} = \w+(?:\.\w+)*\.dataset", script(name))
    asked |= {part.strip().partition(":")[0] for group in unpacked for part in group.split(",")}
    assert {name for name in asked - own if f"data-{name}" not in pages} == set()


@pytest.mark.parametrize("page", ["phone", "console", "screen", "co_host", "gone"])
def test_scripts_use_only_words_that_their_page_gives_them(page: str) -> None:
    text = (PAGES / f"{page}.html").read_text(encoding="utf-8")
    available = {key.partition(".")[2] for key in re.findall(r'"([\w-]+\.[\w-]+)"', text)}
    scripts = "".join(map(script, re.findall(r'static\("(\w+\.js)"\)', text)))
    used = re.findall(r'\bwords(?:\.(\w+)|\["([\w-]+)"\])', scripts)
    assert used
    assert {name or quoted for name, quoted in used} <= available
