"""What the screen shows of a session: the way in, and what the facilitator has shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from course.core.design_tokens import token
from course.workshop.access.networks import Network
from course.workshop.access.pairing import Pairing
from course.workshop.rules.session_model import SessionModel
from course.workshop.sessions.session import Session
from course.workshop.views.page_views import JoinView, ScreenView, SheetView, TimerView, TroubleView
from course.workshop.views.question_views import question_view
from course.workshop.views.result_views import parked_here, results_here
from course.workshop.views.screen_pages import page_here, screen_pages
from course.workshop.views.session_page import boundaries_here, open_here, place_of, session_page


@dataclass
class WayIn:
    """What is known of the addresses at which phones come in.

    The screen may show one once a phone has reached it, or the facilitator says so.
    """

    reached: dict[str, str] = field(default_factory=dict)
    """The addresses that a phone has reached, with the time of day; without it, before the server was started again."""
    shown_anyway: set[str] = field(default_factory=set)
    """The addresses that the facilitator has put on the screen though no phone is known to have reached them."""

    def is_shown(self, address: str) -> bool:
        """Say whether the screen may show this address, with its QR code and the six letters."""
        return address in self.reached or address in self.shown_anyway


@dataclass(frozen=True)
class ServerInfo:
    """What a session's pages say of the server: where phones find it, and how."""

    address: str
    """What phones open, such as http://192.168.1.20:8890; this machine's own while phones are not let in."""
    is_secure: bool = False
    is_open: bool = False
    """Whether phones are let in anywhere."""
    is_public: bool = False
    """Whether they come in through a proxy at a public address."""
    proxy_port: int = 0
    networks: Sequence[Network] = ()
    """Where phones could be let in."""
    let_in: str = ""
    """Where they are, or empty."""
    troubles: Sequence[TroubleView] = ()
    """What keeps the server from its work."""
    way_in: WayIn = field(default_factory=WayIn)
    """Whether the screen may show the way in."""
    is_synthetic: bool = False
    has_login: bool = False
    """Whether facilitators log in, and have a page with all their sessions."""
    sessions: Sequence[Session] = ()
    """All sessions of the server, the latest first."""
    pairing: Callable[[str], Pairing] = lambda session_id: Pairing()
    """Returns the latest code that pairs a co-host with a session."""


def screen_view(
    session: Session, server: ServerInfo, now: float, pages: Sequence[SheetView] | None = None
) -> ScreenView:
    """Return what the screen shows: the way in, and what the facilitator has shown; `pages` where they are made."""
    model = session.model
    return {
        **session_page(session, f"/console/{session.id}/"),
        "step": place_of(model),
        "join": _join(session, server),
        "joined": model.joined,
        "timer": _timer(model, now),
        "results": results_here(session),
        "boundaries": boundaries_here(model),
        "parked": parked_here(model),
        "open": [question_view(model, question) for question in open_here(model)],
        "page": page_here(model, screen_pages(session) if pages is None else pages),
        "is_synthetic": server.is_synthetic,
    }


def _join(session: Session, server: ServerInfo) -> JoinView:
    is_shut = session.model.state.is_shut
    is_shown = session.is_open and not is_shut and server.way_in.is_shown(server.address)
    return {
        "address": server.address if is_shown else "",
        "code": session.access.code if is_shown else "",
        "qr": qr_code(f"{server.address}/j/{session.access.link}") if is_shown else "",
        "secure": server.is_secure,
        "is_shut": is_shut,
    }


def qr_code(link: str) -> str:
    """Return the QR code of a link as SVG."""
    import segno

    return segno.make(link, error="m", micro=False).svg_inline(scale=8, border=4, omitsize=True, light=token("paper"))


def _timer(model: SessionModel, now: float) -> TimerView | None:
    if not model.state.timer_of:
        return None
    left = min(model.state.timer_of, max(0, round(model.state.timer_ends - now)))
    return {"left": left, "of": model.state.timer_of}
