"""Whether the screen may show the way in: once a phone has reached its address, or the facilitator says so."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class WayIn:
    """What is known of the addresses at which phones come in."""

    reached: dict[str, str] = field(default_factory=dict)
    """The addresses that a phone has reached, with the time of day; without it, before the server was started again."""
    shown_anyway: set[str] = field(default_factory=set)
    """The addresses that the facilitator has put on the screen though no phone is known to have reached them."""

    def is_shown(self, address: str) -> bool:
        """Say whether the screen may show this address, with its QR code and the six letters."""
        return address in self.reached or address in self.shown_anyway
