"""What the facilitator sees of the doors: where phones come in, whether one has, and how a co-host's is paired."""

from __future__ import annotations

from course.workshop.sessions.session import Session
from course.workshop.views.page_views import DoorsView, PairingView
from course.workshop.views.screen_view import ServerInfo, qr_code


def doors_view(session: Session, server: ServerInfo) -> DoorsView:
    """Return where phones come in, or could."""
    test_address = f"{server.address}/test" if server.is_open else ""
    kept = session.model.state.let_in
    return {
        "address": server.address,
        "code": session.access.code if session.is_open else "",
        "is_secure": server.is_secure,
        "is_open": server.is_open,
        "is_public": server.is_public,
        "proxy_port": server.proxy_port,
        "let_in": server.let_in,
        "lost": kept if kept and not server.is_open else "",
        "networks": [
            {"address": network.address, "name": network.name, "kind": network.kind} for network in server.networks
        ],
        "is_shut": session.model.state.is_shut,
        "has_removed": session.model.state.has_removed,
        "is_first_group": session.model.admissions.is_first_group,
        "test_address": test_address,
        "test_qr": qr_code(test_address) if test_address else "",
        "is_reached": server.address in server.way_in.reached,
        "reached_at": server.way_in.reached.get(server.address, ""),
        "is_shown": server.way_in.is_shown(server.address),
    }


def pairing_view(session: Session, server: ServerInfo) -> PairingView:
    """Return the code that pairs a co-host's phone and how it comes to the phone, or how the latest code ended."""
    pairing = server.pairing(session.id)
    address = f"{server.address}/co-host"
    link = f"{address}?code={pairing.code}" if pairing.code else ""
    return {
        "state": pairing.state,
        "code": pairing.code,
        "address": address,
        "link": link,
        "qr": qr_code(link) if link and server.is_open else "",
    }
