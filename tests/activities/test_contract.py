"""The contract with the card's scripts: each field that they read is one that Python sends, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from course.activities import controls, messages, widget
from course.activities.controls import Control
from course.activities.widget import CardWidget
from tests.cases import every

SCRIPT = widget.card_script()
CODE = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", SCRIPT, flags=re.DOTALL)
CLASSES = {
    match["name"]: (match["base"], match["body"])
    for match in re.finditer(
        r"^class (?P<name>\w+)(?: extends (?P<base>\w+))? \{\n(?P<body>.*?)^\}", CODE, re.MULTILINE | re.DOTALL
    )
}
(KINDS_TABLE,) = re.findall(r"^const KINDS = \{(.*?)^\};", CODE, re.MULTILINE | re.DOTALL)
KINDS = dict(re.findall(r"(\w+): (\w+)", KINDS_TABLE))
"""The class that draws each kind of control."""
TYPES: dict[str, Any] = {get_args(get_type_hints(control)["kind"])[0]: control for control in get_args(Control)}
ON_EVERY_CONTROL = {"id", "kind"}
MADE_IN_THE_BROWSER = {"order": {"value"}}
"""An order's value is that of its items, in their order."""


def test_the_cards_script_has_every_file_behind_those_that_it_imports() -> None:
    folder = Path(widget.__file__).parent
    names = re.findall(r'"([a-z_]+\.js)"', Path(widget.__file__).read_text(encoding="utf-8"))
    assert sorted(names) == sorted(path.name for path in folder.glob("*.js"))
    for place, name in enumerate(names):
        text = (folder / name).read_text(encoding="utf-8")
        imported = re.findall(r'^import .* from "(.*)";$', text, re.MULTILINE)
        assert set(imported) <= {"../core/dom.js", *(f"./{earlier}" for earlier in names[:place])}, name
    assert re.findall(r"^(?:import|export) .*", SCRIPT, re.MULTILINE) == ["export default { render };"]


def code_of(name: str) -> str:
    """Return the code of a class with that of the classes that it extends."""
    base, body = CLASSES[name]
    return body + (code_of(base) if base else "")


def ancestors(name: str) -> list[str]:
    """Return a class and those that it extends: a kind's code may look for a field that only another kind has."""
    base, _ = CLASSES[name]
    return [name, *(ancestors(base) if base else [])]


def fields_read(code: str, name: str) -> set[str]:
    """Return what a piece of code reads of an object, as `name.field` or taken apart with `const { field } = name`."""
    read = set(re.findall(rf"\b{name}\??\.(\w+)\b(?!\()", code))
    for inside in re.findall(rf"const \{{([^}}]*)\}} = (?:this\.)?{name}(?: \?\? \{{\}})?;", code):
        read |= {field.strip() for field in inside.split(",")}
    return read


def fields_of(contract: Any) -> set[str]:
    return set(get_type_hints(contract))


def test_each_kind_of_control_has_a_type_and_is_drawn() -> None:
    assert set(KINDS) == set(TYPES)


@every("kind", TYPES)
def test_card_js_reads_each_field_of_a_control_and_no_other(kind: str) -> None:
    read = fields_read(code_of(KINDS[kind]), "control") | ON_EVERY_CONTROL | MADE_IN_THE_BROWSER.get(kind, set())
    sent = fields_of(TYPES[kind]) | MADE_IN_THE_BROWSER.get(kind, set())
    assert sent <= read, "a field is sent that nobody reads"
    shared = [fields_of(TYPES[other]) for other in TYPES if KINDS[other] in ancestors(KINDS[kind])]
    assert read <= sent.union(*shared), "a field is read that nobody sends"


@pytest.mark.parametrize(
    "classes, name, contract",
    [
        (["Choices", "Option", "Order", "Item"], "option|item", controls.Choice),
        (["Button", "Buttons"], "button", controls.Button),
        (["Area"], "control.count", controls.Counter),
    ],
)
def test_card_js_reads_each_field_inside_a_control_and_no_other(classes: list[str], name: str, contract: Any) -> None:
    code = "".join(CLASSES[drawn][1] for drawn in classes)
    own = {"input", "element", "words", "value", "place", "buttons", "focus", "turn"}  # of the objects that draw them
    read = {field for each in name.split("|") for field in fields_read(code, each)}
    assert fields_of(contract) <= read
    assert read - own <= fields_of(contract)


def test_what_the_browser_sends_has_the_fields_of_its_type() -> None:
    sent = re.findall(r'send\(\{ event: "(\w+)", ([^}]*) \}\)', CLASSES["Post"][1])
    names = {event: {"event", *(field.partition(":")[0] for field in fields.split(", "))} for event, fields in sent}
    types = (messages.SetMessage, messages.PressMessage)
    assert names == {get_args(get_type_hints(message)["event"])[0]: fields_of(message) for message in types}


def test_the_events_that_a_card_sends_up_the_page_have_the_details_of_their_types() -> None:
    sent = dict(re.findall(r'emit\("(\w+)", \{ (\w+)', CODE))
    types = {"saving": messages.SavingEvent, "problem": messages.ProblemEvent, "progress": messages.ProgressEvent}
    assert {name: {"card", field} for name, field in sent.items()} == {
        name: fields_of(event) for name, event in types.items()
    }
    (states,) = re.findall(r"  get state\(\) \{(.*?)\n  \}", CLASSES["Post"][1], re.DOTALL)
    said = set(re.findall(r'(?:return|\?|:) "(\w+)"', states))
    assert said == set(get_args(messages.SavingState))


def test_card_js_knows_each_outcome_of_a_message_that_it_acts_on() -> None:
    known = set(re.findall(r'outcome [!=]== "(\w+)"', CODE))
    assert set(get_args(messages.Outcome)) - known == {"refused"}, "an outcome is none, or is not dealt with"


def test_what_the_browser_reads_of_a_reply_has_the_fields_of_its_type() -> None:
    (fields,) = re.findall(r"receive\(\{ ([\w, ]+) \}\)", CLASSES["Post"][1])
    assert set(fields.split(", ")) == fields_of(messages.ReplyMessage)


def test_the_browser_says_each_of_the_words_of_a_card_and_no_other() -> None:
    said = set(re.findall(r"\bcard\.words\.(\w+)", CODE))
    states = set(re.findall(r'showStatus\("(\w+)"\)', CODE))
    assert said | states == fields_of(messages.CardWords)


def test_the_browser_reads_each_trait_of_a_card_and_no_other() -> None:
    traits = {name for name, trait in CardWidget.class_traits(sync=True).items() if trait.this_class is CardWidget}
    read = set(re.findall(r'model\.get\("(\w+)"\)', CODE)) - {"_esm", "_css"}
    of_the_frame = {"is_recorded"}  # a card in the web edition may be on the page before its Python is
    assert read - of_the_frame == traits
    assert of_the_frame <= read
    assert set(re.findall(r'model\.on\("change:(\w+)"', CODE)) <= traits


@every(
    "builder",
    ["text", "radios", "checks", "line", "area", "date", "number", "order", "buttons", "download", "group"],
)
def test_each_builder_returns_all_fields_of_its_type(builder: str) -> None:
    made: Control = {
        "text": controls.text("id", "words"),
        "radios": controls.radios("id", "legend", [], None),
        "checks": controls.checks("id", "legend", [], []),
        "line": controls.line("id", "label", ""),
        "area": controls.area("id", "label", "", most=5),
        "date": controls.date("id", "label", ""),
        "number": controls.number("id", "label", None, 0, 1, 1, slider=False, unset=""),
        "order": controls.order("id", "legend", [], "up", "down"),
        "buttons": controls.buttons("id", []),
        "download": controls.download("id", "label", "name", b"", "text/plain"),
        "group": controls.group("id", "legend", []),
    }[builder]
    assert made["kind"] == builder
    assert set(made) == fields_of(TYPES[builder])
