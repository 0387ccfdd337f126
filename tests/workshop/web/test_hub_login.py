"""Which Hub says who facilitators are: what the settings name, and what of it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import BadAddress
from course.core.settings import settings
from course.workshop.web.hub_login import read_hub
from tests.cases import every

WHOLE = {
    "BUILDING_TRUST_HUB_API": "http://127.0.0.1:8081/hub/api/",
    "BUILDING_TRUST_HUB_ADDRESS": "https://Hub.example.org/",
    "BUILDING_TRUST_HUB_TOKEN": "synthetic",
    "BUILDING_TRUST_FACILITATORS": "trainers-a, trainers-b",
}
ROOMS = "https://rooms.example.org"


def test_without_a_hub_facilitators_log_in_nowhere() -> None:
    assert read_hub(settings({}), ROOMS) is None
    assert read_hub(settings({**WHOLE, "BUILDING_TRUST_HUB_API": " "}), ROOMS) is None


def test_what_is_set_is_read_and_the_token_is_printed_nowhere() -> None:
    whole = settings(WHOLE)
    hub = read_hub(whole, ROOMS)
    assert hub
    assert (hub.api, hub.address) == ("http://127.0.0.1:8081/hub/api", "https://hub.example.org")
    assert (hub.client, hub.token) == ("service-building-trust-sessions", "synthetic")
    assert hub.groups == {"trainers-a", "trainers-b"}
    assert "synthetic" not in repr(hub) + repr(whole)


def test_the_token_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from a file\n")
    variables = {**WHOLE, "BUILDING_TRUST_HUB_TOKEN_FILE": str(tmp_path / "token")}
    del variables["BUILDING_TRUST_HUB_TOKEN"]
    hub = read_hub(settings(variables), ROOMS)
    assert hub
    assert hub.token == "from a file"
    with pytest.raises(BadAddress, match="BUILDING_TRUST_HUB_TOKEN"):
        read_hub(settings({**variables, "BUILDING_TRUST_HUB_TOKEN_FILE": str(tmp_path / "none")}), ROOMS)


@every("name", [name for name in WHOLE if name != "BUILDING_TRUST_HUB_API"])
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(BadAddress, match=name) as told:
        read_hub(settings({**WHOLE, name: ""}), ROOMS)
    assert told.value.hint


def test_a_hub_needs_a_public_address_and_addresses_that_can_be() -> None:
    with pytest.raises(BadAddress, match="BUILDING_TRUST_PUBLIC_ADDRESS"):
        read_hub(settings(WHOLE), "")
    for name in ("BUILDING_TRUST_HUB_API", "BUILDING_TRUST_HUB_ADDRESS"):
        with pytest.raises(BadAddress):
            read_hub(settings({**WHOLE, name: "hub.example.org"}), ROOMS)
