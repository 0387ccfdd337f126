"""Which Hub says who facilitators are, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.content import words
from course.core.errors import BadAddress
from course.core.settings import Settings

if TYPE_CHECKING:
    from course.workshop.web.hub_login import HubClient


def read_hub(settings: Settings, public_address: str) -> HubClient | None:
    """Return how this server is known at a Hub, or None where none is set.

    Raises BadAddress, which names what is missing or cannot be.
    """
    if not settings.hub_api:
        return None
    from course.workshop.web.hub_login import HubClient
    from course.workshop.web.public_address import read_public_address

    for name, value in (
        ("BUILDING_TRUST_PUBLIC_ADDRESS", public_address),
        ("BUILDING_TRUST_HUB_ADDRESS", settings.hub_address),
        ("BUILDING_TRUST_HUB_TOKEN", settings.hub_token),
        ("BUILDING_TRUST_FACILITATORS", settings.facilitators),
    ):
        if not value:
            raise BadAddress(words("session.hub-missing", setting=name), words("session.hub-missing-hint"))
    read_public_address(settings.hub_api)
    hub = read_public_address(settings.hub_address)
    groups = frozenset(settings.facilitators)
    return HubClient(settings.hub_api, hub.address, settings.hub_client, settings.hub_token, groups)
